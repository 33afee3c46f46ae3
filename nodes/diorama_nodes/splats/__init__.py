"""Gaussian splats: read from files, made from meshes, pictured, written in the formats of viewers."""
