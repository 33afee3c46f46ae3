"""What it costs to swap models: to load each, and to let it go."""

from __future__ import annotations

import gc
import time
from collections.abc import Iterator, Sequence
from typing import Any, Final

from diorama.model import Model
from diorama_nodes.models.language import PLANNER
from diorama_nodes.models.sdxl import SDXL
from tests.bench.gpu.setting import Setting

HEAD: Final = ("model", "GiB on disk", "first load", "load again", "GiB/s", "let go")


def rows(setting: Setting) -> Iterator[Sequence[str]]:
    """A row for each model: first as it comes from disk, then from what the system kept of the files."""
    models: tuple[Model[Any], ...] = (SDXL, PLANNER)
    for model in models:
        gib = _bytes_on_disk(model) / 2**30
        first, gone = _once(model, setting)
        again, _ = _once(model, setting)
        yield model.name, f"{gib:.2f}", f"{first:.2f} s", f"{again:.2f} s", f"{gib / again:.2f}", f"{gone:.2f} s"


def _once(model: Model[Any], setting: Setting) -> tuple[float, float]:
    """Seconds to load a model and to let it go."""
    begun = time.perf_counter()
    loaded = model.load(setting.placement)
    _settle(setting)
    there = time.perf_counter()
    del loaded
    gc.collect()
    _settle(setting)
    return there - begun, time.perf_counter() - there


def _settle(setting: Setting) -> None:
    if setting.device.startswith("cuda"):
        import torch

        torch.cuda.synchronize(setting.device)
        torch.cuda.empty_cache()


def _bytes_on_disk(model: Model[Any]) -> int:
    from diorama.models.registry import registry

    assert model.weights is not None
    return sum(header.bytes for header in registry().look(model.weights).headers.values())
