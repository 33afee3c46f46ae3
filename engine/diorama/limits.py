"""Bounds on what comes from outside, each with a default that a setting can change."""

from __future__ import annotations

import os
from dataclasses import dataclass, fields
from functools import cache

from diorama.faults import failure


@dataclass(frozen=True, slots=True)
class Limits:
    """Every bound; a field `max_pixels` is set by the environment variable `DIORAMA_MAX_PIXELS`."""

    max_graph_bytes: int = 128 * 2**20
    max_nodes: int = 100_000
    max_wires: int = 2_000_000
    max_steps: int = 300_000
    """Nodes of a graph once its saved graphs are opened: a ladder of them doubles with every rung."""
    max_depth: int = 64
    """Nesting of JSON, and of saved graphs within graphs."""
    max_batch_runs: int = 10_000
    """Runs that are submitted together."""
    max_items: int = 100_000
    """Items of one `for_each`."""
    max_text: int = 1_000_000
    """Characters of one text."""
    max_pixels: int = 64_000_000
    """Width x height of one picture, checked before it is decoded."""
    max_vertices: int = 20_000_000
    max_gaussians: int = 10_000_000
    """Gaussians of one splat."""
    max_audio_samples: int = 1_000_000_000
    """Frames x channels of one sound."""
    max_file_bytes: int = 2 * 2**30
    """Size of one file that a node reads."""
    max_call_mib: int = 16_384
    """Memory that one call may take in its worker, where its node says nothing else; in MiB."""
    max_generation_seconds: int = 180
    """What one picture or plan of a model may take, the loading of its weights included."""
    max_body_bytes: int = 16 * 2**20
    """Size of the JSON body of one request."""
    max_body_values: int = 500_000
    """Values in the JSON body of one request, counted before it is read."""


@cache
def limits() -> Limits:
    """The bounds in force; raises `DioramaError` (C001) where a setting is not a whole number above zero."""
    chosen: dict[str, int] = {}
    for field in fields(Limits):
        name = f"DIORAMA_{field.name.upper()}"
        text = os.environ.get(name)
        if text is None:
            continue
        if not text.isdecimal() or int(text) == 0:
            raise failure("C001", name, f"{text!r:.100} is given, but a whole number above zero is wanted")
        chosen[field.name] = int(text)
    return Limits(**chosen)
