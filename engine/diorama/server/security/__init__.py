"""Who may ask what of a server: names, origins, keys and scopes, limits, and what goes out with each answer."""
