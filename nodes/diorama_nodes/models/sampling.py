"""From words to pictures with a loaded SDXL: batches of equal shape, previews, a cancel that is heard."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final, Literal

import numpy as np

from diorama.context import Context
from diorama.values import Image
from diorama_nodes.models.listening import decoder_layers, listening, unet_layers
from diorama_nodes.models.preview import is_shown, preview_of
from diorama_nodes.models.sdxl import Sdxl
from diorama_nodes.models.vram import GIB, pictures_at_once

if TYPE_CHECKING:
    import torch

Sampler = Literal["euler", "euler_ancestral", "dpmpp_2m", "dpmpp_2m_karras", "unipc", "ddim", "heun"]
SAMPLERS: Final[Mapping[Sampler, tuple[str, Mapping[str, object]]]] = {
    "euler": ("EulerDiscreteScheduler", {}),
    "euler_ancestral": ("EulerAncestralDiscreteScheduler", {}),
    "dpmpp_2m": ("DPMSolverMultistepScheduler", {}),
    "dpmpp_2m_karras": ("DPMSolverMultistepScheduler", {"use_karras_sigmas": True}),
    "unipc": ("UniPCMultistepScheduler", {}),
    "ddim": ("DDIMScheduler", {}),
    "heun": ("HeunDiscreteScheduler", {}),
}
"""The class in diffusers that each sampler is, and what it is made with beyond the model's own configuration."""
SHARE_OF_STEPS: Final = 0.9
"""Of a picture's progress; the rest is decoding."""


@dataclass(frozen=True, slots=True)
class Shape:
    """What pictures must have in common to be made in one batch."""

    width: int
    height: int
    steps: int
    guidance: float
    sampler: Sampler


@dataclass(frozen=True, slots=True)
class Order:
    """One picture that is asked for."""

    prompt: str
    negative: str
    seed: int
    shape: Shape


def paint(sdxl: Sdxl, orders: Sequence[Order], ctx: Context, most: int | None = None) -> list[Image]:
    """The pictures asked for, in order; at most `most` are made at once, by default as many as the device has room for.

    Each has a random generator of its own, on the CPU, so that neither the device nor its neighbours change its noise.
    """
    made: dict[int, Image] = {}
    try:
        for numbers in batches(orders, sdxl, most):
            chosen = [orders[number] for number in numbers]
            told = _Told(ctx, len(made) / len(orders), len(chosen) / len(orders))
            latents = _sampled(sdxl, chosen, told)
            made |= zip(numbers, _decoded(sdxl, latents, told), strict=True)
    finally:
        sdxl.release()
    return [made[number] for number in range(len(orders))]


def batches(orders: Sequence[Order], sdxl: Sdxl, most: int | None) -> Iterator[list[int]]:
    """The numbers of the pictures that are made together: of one shape, and no more than there is room for."""
    alike: dict[tuple[Shape, bool], list[int]] = {}
    for number, order in enumerate(orders):
        alike.setdefault((order.shape, bool(order.negative)), []).append(number)
    for (shape, _), numbers in alike.items():
        size = most or _room(sdxl, shape)
        for start in range(0, len(numbers), size):
            yield numbers[start : start + size]


def _room(sdxl: Sdxl, shape: Shape) -> int:
    """How many pictures to make at once. On a CPU one: together they take as long, and not the same to the bit."""
    if sdxl.is_on_cpu:
        return 1
    import torch

    free, total = torch.cuda.mem_get_info(sdxl.device)
    used = torch.cuda.memory_allocated(sdxl.device)
    # What torch has kept from earlier calls is free to it as well; a worker may be bound to a share of the device.
    kept = torch.cuda.memory_reserved(sdxl.device) - used
    share = torch.cuda.get_per_process_memory_fraction(sdxl.device) * total - used
    return pictures_at_once(min(free + kept, share) / GIB, shape.width, shape.height)


@dataclass(frozen=True, slots=True)
class _Told:
    """How progress within a batch becomes progress of the call."""

    ctx: Context
    start: float
    share: float

    def progress(self, fraction: float, message: str) -> None:
        self.ctx.progress(self.start + self.share * fraction, message)


def _sampled(sdxl: Sdxl, orders: Sequence[Order], told: _Told) -> torch.Tensor:
    """Latents of shape (pictures, 4, height / 8, width / 8)."""
    import torch

    pipeline, shape = sdxl.pipeline, orders[0].shape
    pipeline.scheduler = scheduler_of(shape.sampler, pipeline.scheduler.config)
    told.progress(0.0, "reading the prompt")

    def after_step(pipe: Any, step: int, time: object, values: dict[str, Any]) -> dict[str, Any]:
        steps = len(pipe.scheduler.timesteps)
        told.progress(SHARE_OF_STEPS * (step + 1) / steps, f"step {step + 1} of {steps}")
        if is_shown(step + 1, steps):
            told.ctx.preview(preview_of(values["latents"]))
        return {}

    with _heard(pipeline, told.ctx), torch.inference_mode():
        latents: torch.Tensor = pipeline(
            prompt=[order.prompt for order in orders],
            # SDXL was trained with zeros for no negative prompt, which are not what an empty text is read as.
            negative_prompt=[order.negative for order in orders] if orders[0].negative else None,
            width=shape.width,
            height=shape.height,
            num_inference_steps=shape.steps,
            guidance_scale=shape.guidance,
            generator=[torch.Generator("cpu").manual_seed(order.seed) for order in orders],
            output_type="latent",
            callback_on_step_end=after_step,
        ).images
    return latents


@contextmanager
def _heard(pipeline: Any, ctx: Context) -> Iterator[None]:
    """All networks of a pipeline listen for a cancel of this call."""
    encoders = [layer for one in (pipeline.text_encoder, pipeline.text_encoder_2) for layer in text_layers(one)]
    layers = [*encoders, *unet_layers(pipeline.unet), *decoder_layers(pipeline.vae)]
    with listening(layers, ctx.check_cancelled):
        yield


def text_layers(encoder: Any) -> list[Any]:
    """The layers of a CLIP text encoder, whichever way its class nests them."""
    inner = getattr(encoder, "text_model", encoder)
    return list(inner.encoder.layers)


def scheduler_of(sampler: Sampler, config: Any) -> Any:
    """A new scheduler with the noise schedule that the model was trained on."""
    import diffusers

    name, more = SAMPLERS[sampler]
    return getattr(diffusers, name).from_config(config, **more)


def _decoded(sdxl: Sdxl, latents: torch.Tensor, told: _Told) -> Iterator[Image]:
    """Each latent as a picture, one decoded at a time."""
    import torch

    vae = sdxl.pipeline.vae
    told.ctx.check_cancelled()
    with listening(decoder_layers(vae), told.ctx.check_cancelled), torch.inference_mode():
        for number, latent in enumerate(latents):
            told.progress(SHARE_OF_STEPS + (1 - SHARE_OF_STEPS) * number / len(latents), "decoding")
            scaled = (latent[None] / vae.config.scaling_factor).to(vae.dtype)
            decoded = vae.decode(scaled.to(sdxl.device), return_dict=False)[0][0]
            yield Image(pixels_of(decoded))


def pixels_of(decoded: torch.Tensor) -> np.ndarray[tuple[int, ...], np.dtype[np.uint8]]:
    """A decoded picture of shape (3, height, width) from -1 to 1, as bytes of shape (height, width, 3)."""
    levels = (decoded.float() / 2 + 0.5).clamp(0, 1).mul(255).round()
    pixels: np.ndarray[tuple[int, ...], np.dtype[np.uint8]] = levels.permute(1, 2, 0).cpu().numpy().astype(np.uint8)
    return np.ascontiguousarray(pixels)
