"""Print every figure of a GPU and keep the table; without one, say so."""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Iterable, Sequence
from pathlib import Path

from diorama_nodes.models.language import PLANNER
from diorama_nodes.models.sdxl import SDXL, load_sdxl
from tests.bench.gpu import full_size, painting, swapping, turns
from tests.bench.gpu.setting import FULL, TINY, Setting
from tests.bench.measure import folder
from tests.support.tiny_models import tiny_language_model, tiny_sdxl

TABLE = Path(__file__).with_name("figures.md")


def main(arguments: Sequence[str]) -> int:
    """Measure on the first GPU, or with `--tiny` try every part on the CPU."""
    try:
        import torch
    except ImportError:
        print("PyTorch is not installed, so that nothing can be measured: pip install 'diorama[models]'")
        return 0
    is_tiny = "--tiny" in arguments
    if not is_tiny and not torch.cuda.is_available():
        print("No GPU that CUDA can use was found, so that nothing was measured; --tiny tries every part on the CPU.")
        return 0
    with folder() as models:
        os.environ |= {"DIORAMA_MODELS": str(models), "DIORAMA_HOME": str(models / "home")}
        lines = _measured(TINY if is_tiny else FULL, models)
    if not is_tiny:
        TABLE.write_text("\n".join(lines) + "\n")
    return 0


def _measured(setting: Setting, models: Path) -> list[str]:
    import torch

    lines: list[str] = []

    def tell(*told: str) -> None:
        for line in told:
            print(line, flush=True)
            lines.append(line)

    device = "the CPU" if setting.is_tiny else torch.cuda.get_device_name(setting.device)
    size = "small models with random weights" if setting.is_tiny else "models of full size with random weights"
    tell(
        f"Measured by `python -m tests.bench.gpu` on {device}, torch {torch.__version__}, {size}, {setting.dtype}.", ""
    )
    begun = time.perf_counter()
    _lay_down(setting, models)
    tell(f"Weights were built and written in {time.perf_counter() - begun:.0f} s.", "")
    tell("## Pictures", "", f"{setting.side} x {setting.side} pixels, {setting.steps} steps, guidance 5.", "")
    sdxl = load_sdxl(setting.placement)
    _table(tell, painting.HEAD, painting.rows(sdxl, setting))
    del sdxl
    tell("", "## Swaps", "")
    _table(tell, swapping.HEAD, swapping.rows(setting))
    tell("", "## Twenty mixed runs", "", turns.ABOUT, "")
    _table(tell, turns.HEAD, turns.rows(setting))
    return lines


def _lay_down(setting: Setting, models: Path) -> None:
    assert SDXL.weights is not None
    assert PLANNER.weights is not None
    paths = models / SDXL.weights.name, models / PLANNER.weights.name
    if setting.is_tiny:
        tiny_sdxl(paths[0])
        tiny_language_model(paths[1])
    else:
        full_size.lay_down_sdxl(paths[0], setting.device)
        full_size.lay_down_qwen(paths[1], setting.device)


def _table(tell: object, head: Sequence[str], rows: Iterable[Sequence[str]]) -> None:
    assert callable(tell)
    tell(_line(head), _line(["---"] * len(head)))
    for row in rows:
        tell(_line(row))


def _line(cells: Iterable[str]) -> str:
    return f"| {' | '.join(cells)} |"


sys.exit(main(sys.argv[1:]))
