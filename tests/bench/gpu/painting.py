"""Pictures a second, utilisation and memory of SDXL at several batch sizes, beside plain diffusers in the same run."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any, Final

from diorama.context import Context
from diorama_nodes.models.sampling import Order, Shape, paint
from diorama_nodes.models.sdxl import Sdxl
from diorama_nodes.models.vram import need_gib
from tests.bench.gpu.meter import GIB, Measured, measured
from tests.bench.gpu.setting import Setting

BATCHES: Final = (1, 2, 4, 8)


def rows(sdxl: Sdxl, setting: Setting) -> Iterator[Sequence[str]]:
    """A row for each batch size."""
    shape = Shape(setting.side, setting.side, setting.steps, 5.0, "euler")
    weights_gib = _weights_gib(sdxl.pipeline)
    _ours(sdxl, _orders(shape, 1), setting)
    for size in BATCHES:
        orders = _orders(shape, size)
        _plain(sdxl.pipeline, orders, setting)
        plain, ours = _plain(sdxl.pipeline, orders, setting), _ours(sdxl, orders, setting)
        estimate = need_gib(weights_gib, size, setting.side, setting.side, setting.dtype)
        yield (
            str(size),
            f"{size / ours.seconds:.3f}",
            f"{size / plain.seconds:.3f}",
            f"{plain.seconds / ours.seconds:.2f}",
            _share(ours),
            _share(plain),
            f"{estimate:.2f}",
            f"{ours.device_gib or ours.peak_gib:.2f}",
            f"{plain.device_gib or plain.peak_gib:.2f}",
        )


HEAD: Final = (
    "batch",
    "pictures/s",
    "plain diffusers",
    "ratio",
    "busy",
    "busy, plain",
    "GiB estimated",
    "GiB at most",
    "GiB, plain",
)


def _share(found: Measured) -> str:
    return "" if found.utilisation is None else f"{found.utilisation:.0%}"


def _weights_gib(pipeline: Any) -> float:
    parts = (pipeline.unet, pipeline.vae, pipeline.text_encoder, pipeline.text_encoder_2)
    sizes = [int(one.numel() * one.element_size()) for part in parts for one in part.parameters()]
    return sum(sizes) / GIB


def _orders(shape: Shape, size: int) -> list[Order]:
    return [Order("a lighthouse at dawn, gulls over a calm sea", "", seed, shape) for seed in range(size)]


def _ours(sdxl: Sdxl, orders: Sequence[Order], setting: Setting) -> Measured:
    with measured(setting.device) as found:
        made = paint(sdxl, orders, Context(), most=len(orders))
    assert len(made) == len(orders)
    return found


def _plain(pipeline: Any, orders: Sequence[Order], setting: Setting) -> Measured:
    """The pipeline of diffusers called as its documentation shows, with the same networks."""
    import torch

    shape = orders[0].shape
    pipeline.vae.disable_slicing()
    with measured(setting.device) as found:
        made = pipeline(
            prompt=[one.prompt for one in orders],
            width=shape.width,
            height=shape.height,
            num_inference_steps=shape.steps,
            guidance_scale=shape.guidance,
            generator=[torch.Generator("cpu").manual_seed(one.seed) for one in orders],
        ).images
    pipeline.vae.enable_slicing()
    assert len(made) == len(orders)
    return found
