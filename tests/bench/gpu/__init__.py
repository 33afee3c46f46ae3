"""Measurements on a GPU: `python -m tests.bench.gpu`; with `--tiny` the same on the CPU with small models."""
