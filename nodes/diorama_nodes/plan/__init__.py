"""From a sentence to a scene plan."""
