"""On a GPU the processor never gets far ahead of the layers that compute; tried with marks that only count."""

from __future__ import annotations

from dataclasses import dataclass, field

import pytest
import torch
from torch import nn

from diorama.context import Cancelled
from diorama_nodes.models.listening import LAYERS_AHEAD, listening


@dataclass
class OnGpu:
    """Stands for a tensor on a GPU."""

    is_cuda: bool = True


@dataclass
class Gpu:
    """A queue of marks: a mark that is waited for has been reached."""

    recorded: int = 0
    reached: int = 0
    ahead: list[int] = field(default_factory=list)

    def event(self) -> Mark:
        return Mark(self)


@dataclass
class Mark:
    gpu: Gpu
    number: int = 0

    def record(self) -> None:
        self.gpu.recorded += 1
        self.number = self.gpu.recorded

    def synchronize(self) -> None:
        self.gpu.reached = self.number


class Layer(nn.Module):
    def __init__(self, gpu: Gpu) -> None:
        super().__init__()
        self.gpu = gpu

    def forward(self, x: OnGpu) -> OnGpu:
        self.gpu.ahead.append(self.gpu.recorded - self.gpu.reached)
        return x


def test_the_processor_waits_for_the_layer_before_the_last(monkeypatch: pytest.MonkeyPatch) -> None:
    gpu = Gpu()
    monkeypatch.setattr(torch.cuda, "Event", gpu.event)
    layers = [Layer(gpu) for _ in range(10)]
    with listening(layers, lambda: None):
        for layer in layers:
            layer(OnGpu())
    assert max(gpu.ahead) == LAYERS_AHEAD
    assert gpu.recorded == 10


def test_a_check_that_raises_ends_the_work_and_the_layers_listen_no_more() -> None:
    gpu = Gpu()
    layers = [Layer(gpu) for _ in range(4)]

    def check() -> None:
        if len(gpu.ahead) == 2:
            raise Cancelled

    def compute() -> None:
        for layer in layers:
            layer(OnGpu(is_cuda=False))

    with pytest.raises(Cancelled), listening(layers, check):
        compute()
    assert len(gpu.ahead) == 2
    compute()
    assert len(gpu.ahead) == 6
