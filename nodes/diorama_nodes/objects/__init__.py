"""Parametric objects."""
