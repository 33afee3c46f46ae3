"""Benchmarks: `make bench` prints a table and keeps it in `tests/bench/figures.md`."""
