"""The benchmark for GPUs, as far as it goes without one: it measures networks of the published sizes."""

from __future__ import annotations

import runpy
import sys

import pytest
from tests.bench.gpu import turns
from tests.bench.gpu.full_size import QWEN_NUMBERS, SDXL_NUMBERS, materialised, qwen, sdxl_parts

from diorama_nodes.models.sdxl import WEIGHTS_GIB


def test_the_networks_have_as_many_numbers_as_those_that_are_published() -> None:
    import torch

    with torch.device("meta"):
        found = {name: sum(one.numel() for one in make().parameters()) for name, make in sdxl_parts().items()}
        numbers = sum(one.numel() for one in qwen().parameters())
    assert found == dict(SDXL_NUMBERS)
    assert sum(found.values()) == 3_468_837_867
    assert sum(found.values()) * 2 / 2**30 == pytest.approx(WEIGHTS_GIB, abs=0.01)
    assert numbers == QWEN_NUMBERS


def test_numbers_drawn_on_the_device_are_all_there_and_repeat_themselves() -> None:
    import torch

    def make() -> torch.nn.Module:
        return torch.nn.Sequential(torch.nn.Linear(8, 4), torch.nn.LayerNorm(4))

    first, again = (materialised(make, "cpu", torch.bfloat16) for _ in range(2))
    for one, other in zip(first.parameters(), again.parameters(), strict=True):
        assert not one.is_meta
        assert torch.equal(one, other)
        assert torch.isfinite(one).all()
    assert first[0].weight.float().std() > 0


def test_runs_in_affine_order_need_two_loads_and_none_is_left_out() -> None:
    choose, row, resident, swaps = turns.affine(), turns.Row(turns.mixed()), "", 0
    served: list[int] = []
    while row.left:
        run = choose(row, resident)
        swaps += run.model != resident
        resident = run.model
        served.append(run.number)
    assert sorted(served) == list(range(turns.RUNS))
    assert swaps == 2
    changes = [one.model != other.model for one, other in zip(turns.mixed(), turns.mixed()[1:], strict=False)]
    assert sum(changes) > 5


def test_without_a_gpu_it_says_so_in_one_sentence(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    import torch

    monkeypatch.setattr(torch.cuda, "is_available", lambda: False)
    monkeypatch.setattr(sys, "argv", ["gpu"])
    with pytest.raises(SystemExit) as ended:
        runpy.run_module("tests.bench.gpu", run_name="__main__")
    assert ended.value.code == 0
    assert capsys.readouterr().out.count("\n") == 1
