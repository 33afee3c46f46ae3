"""Twenty mixed runs on a device that holds one model at a time: as the lease orders them, and first come first."""

from __future__ import annotations

import gc
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any, Final

import numpy as np

from diorama.context import Context
from diorama.lease.order import Caller, Order, Spot
from diorama.model import Model, Placement
from diorama_nodes.models.language import PLANNER
from diorama_nodes.models.nodes import sdxl_image
from diorama_nodes.models.precision import DTYPES
from diorama_nodes.models.sdxl import SDXL
from diorama_nodes.plan.model_nodes import plan_scene_locally
from tests.bench.gpu.setting import Setting

RUNS: Final = 20
ABOUT: Final = (
    "Ten pictures and ten plans, submitted at once in a mixed row. Affine is the order that the lease gives them "
    "(`diorama.lease.order`), first come the order of the row."
)
HEAD: Final = ("order", "seconds in all", "loads", "seconds of loading", "mean wait", "longest wait")


@dataclass(slots=True)
class OneModel:
    """A device with room for one model."""

    setting: Setting
    name: str = ""
    value: Any = None
    loads: int = 0
    seconds: float = 0.0

    @contextmanager
    def hold(self, model: Model[Any], wanted: Placement) -> Iterator[Any]:
        """The model, loaded where another was there."""
        if model.name != self.name:
            begun = time.perf_counter()
            self.value = None
            gc.collect()
            if self.setting.device.startswith("cuda"):
                import torch

                torch.cuda.empty_cache()
            self.value, self.name = model.load(self.setting.placement), model.name
            self.loads += 1
            self.seconds += time.perf_counter() - begun
        yield self.value


@dataclass(frozen=True, slots=True)
class Run:
    """One call, and the model that it needs."""

    number: int
    model: str

    def call(self, ctx: Context, setting: Setting) -> None:
        """Make it."""
        precision = next(name for name, dtype in DTYPES.items() if dtype == setting.dtype)
        prompt = f"a lighthouse at dawn, number {self.number}"
        if self.model == SDXL.name:
            side, steps = setting.side, setting.steps
            sdxl_image(ctx, prompt, width=side, height=side, steps=steps, seed=self.number, precision=precision)
        else:
            tokens = max(setting.tokens, 64)
            plan_scene_locally(ctx, prompt, self.number, tokens=tokens, temperature=1.0, precision=precision)


@dataclass(slots=True)
class Row:
    """The runs that wait, in the order in which they came."""

    left: list[Run] = field(default_factory=list)

    def first_come(self, resident: str) -> Run:
        """The oldest."""
        return self.left.pop(0)


def mixed() -> list[Run]:
    """Ten runs of each model in a row that is always the same."""
    models = np.random.default_rng(7).permutation([SDXL.name, PLANNER.name] * (RUNS // 2))
    return [Run(number, str(model)) for number, model in enumerate(models)]


def affine() -> Callable[[Row, str], Run]:
    """What the lease would choose next."""
    order = Order()

    def choose(row: Row, resident: str) -> Run:
        oldest = {run.model: run for run in reversed(row.left)}
        waiting = sorted(oldest.values(), key=lambda run: run.number)
        callers = [Caller((run.model,), 0, float(run.number)) for run in waiting]
        spot, now = Spot("device", frozenset({resident} - {""})), time.monotonic()
        number, _ = order.picks(callers, [spot], now)[0]
        order.began(callers[number], spot, now)
        row.left.remove(waiting[number])
        return waiting[number]

    return choose


def rows(setting: Setting) -> Iterator[Sequence[str]]:
    """A row of figures for each order."""
    ways: dict[str, Callable[[Row, str], Run]] = {"first come": Row.first_come, "affine": affine()}
    for name, choose in ways.items():
        yield name, *_served(choose, setting)


def _served(choose: Callable[[Row, str], Run], setting: Setting) -> Sequence[str]:
    device, row = OneModel(setting), Row(mixed())
    ctx = Context(hold=device.hold)
    waits: list[float] = []
    begun = time.perf_counter()
    while row.left:
        run = choose(row, device.name)
        waits.append(time.perf_counter() - begun)
        run.call(ctx, setting)
    whole = time.perf_counter() - begun
    mean, longest = sum(waits) / len(waits), max(waits)
    return f"{whole:.1f}", str(device.loads), f"{device.seconds:.1f}", f"{mean:.1f} s", f"{longest:.1f} s"
