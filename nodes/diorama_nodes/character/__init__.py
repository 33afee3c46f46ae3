"""Figures and how they move."""
