"""Composition and performance of a score."""
