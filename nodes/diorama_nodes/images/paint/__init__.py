"""Painting a reference picture of a scene plan."""
