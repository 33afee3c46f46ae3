"""Nodes that make pictures with model weights."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Annotated, Any, Final, NamedTuple

from pydantic import Field

from diorama.context import Context
from diorama.faults import BadInput
from diorama.limits import limits
from diorama.model import Offload
from diorama.node import Advanced, Cosmetic, Cost, Unit, node
from diorama.types import Seed
from diorama.values import Image
from diorama_nodes.models.precision import DTYPES, Precision
from diorama_nodes.models.sampling import Order, Sampler, Shape, paint
from diorama_nodes.models.sdxl import SDXL
from diorama_nodes.models.vram import SIDE, call_gib
from diorama_nodes.plan.safety import refusal

Side = Annotated[int, Field(ge=64, le=2048, multiple_of=8), Unit("px")]


class Painted(NamedTuple):
    """A picture, and what of the prompt was not read for it."""

    image: Image
    unread: str


@node(
    version=1,
    cost=Cost(seconds=8.0, vram_gib=call_gib(SIDE, SIDE, "bfloat16")),
    models=[SDXL],
    time_limit=float(limits().max_generation_seconds),
    category="image",
)
def sdxl_image(
    ctx: Context,
    prompt: Annotated[str, Field(min_length=1, max_length=4000, description="what the picture shows, in English")],
    negative: Annotated[str, Field(max_length=4000, description="what it is not to show")] = "",
    width: Annotated[Side, Field(description="SDXL was made for about a million pixels, such as 1024 x 1024")] = 1024,
    height: Annotated[Side, Field(description="of the picture, in steps of 8")] = 1024,
    steps: Annotated[int, Field(ge=1, le=150, description="more take longer and get finer, up to about 40")] = 30,
    guidance: Annotated[
        float,
        Field(ge=0, le=30, description="how closely the prompt is followed; up to 1 the negative is not read"),
        Advanced,
    ] = 5.0,
    sampler: Annotated[Sampler, Field(description="how noise becomes a picture step by step"), Advanced] = "euler",
    seed: Seed = 0,
    precision: Annotated[
        Precision,
        Field(description="form of the numbers: fp16 for GPUs without bf16, fp32 for CPUs without it"),
        Advanced,
    ] = "bf16",
    offload: Annotated[
        Offload,
        Field(description="keep on the GPU all of the model, one network at a time, or one layer at a time: slower"),
        Cosmetic,
        Advanced,
    ] = "none",
) -> Painted:
    """Make a picture from words with Stable Diffusion XL."""
    hold_decent(prompt)
    given = (prompt, negative, width, height, steps, guidance, sampler, seed)
    return _painted(ctx, [_order(*given)], precision, offload)[0]


@sdxl_image.batched
def sdxl_images(ctx: Context, items: Sequence[Mapping[str, Any]]) -> list[Painted]:
    """Make several pictures, as many at once as the device has room for."""
    names = ("prompt", "negative", "width", "height", "steps", "guidance", "sampler", "seed")
    for item in items:
        hold_decent(item["prompt"])
    made: dict[int, Painted] = {}
    for precision in DTYPES:
        numbers = [number for number, item in enumerate(items) if item["precision"] == precision]
        if numbers:
            orders = [_order(*(items[number][name] for name in names)) for number in numbers]
            offload = max((items[number]["offload"] for number in numbers), key=_SAVING.index)
            made |= zip(numbers, _painted(ctx, orders, precision, offload), strict=True)
    return [made[number] for number in range(len(items))]


@sdxl_image.vram
def sdxl_vram(width: int, height: int, guidance: float, precision: Precision, **_: object) -> float:
    """What one picture takes on its device beyond the weights, in GiB."""
    return call_gib(width, height, DTYPES[precision], guided=guidance > 1)


_SAVING: Final[tuple[Offload, ...]] = ("none", "model", "sequential")


def hold_decent(prompt: str) -> None:
    """Raise `BadInput` for what no node of the pack makes, as the planner does."""
    reason = refusal(prompt)
    if reason is not None:
        raise BadInput(reason)


def _order(
    prompt: str, negative: str, width: int, height: int, steps: int, guidance: float, sampler: Sampler, seed: int
) -> Order:
    return Order(prompt, negative, seed, Shape(width, height, steps, guidance, sampler))


def _painted(ctx: Context, orders: Sequence[Order], precision: Precision, offload: Offload) -> list[Painted]:
    ctx.progress(0.0, "loading the model")
    with ctx.model(SDXL, dtype=DTYPES[precision], offload=offload) as sdxl:
        images = paint(sdxl, orders, ctx)
        unread = [sdxl.unread(order.prompt) for order in orders]
    return [Painted(image, rest) for image, rest in zip(images, unread, strict=True)]
