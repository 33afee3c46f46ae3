"""Weights on this machine: where they lie, whether they are whole, and what is missing."""
