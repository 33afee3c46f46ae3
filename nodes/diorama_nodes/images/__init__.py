"""Pictures: load, paint, cut out, inflate."""
