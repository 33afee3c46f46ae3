"""Nodes that load model weights: pictures by SDXL, plans by a language model."""
