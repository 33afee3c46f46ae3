"""The sounds of places and weather."""
