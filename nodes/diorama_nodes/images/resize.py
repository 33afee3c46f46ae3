"""Fitting a picture into a size."""

from __future__ import annotations

from typing import Literal

import numpy as np

from diorama.faults import BadInput
from diorama.limits import limits
from diorama.values import Image

Fit = Literal["inside", "cover", "pad", "stretch"]


def resized(image: Image, width: int, height: int, fit: Fit) -> Image:
    """`image` resized with a Lanczos filter; alpha is weighed in, so that no edge darkens."""
    from PIL import Image as pil

    if width * height > limits().max_pixels:
        raise BadInput(f"{width:,} x {height:,} pixels were asked for, but at most {limits().max_pixels:,} are made")
    ratios = width / image.width, height / image.height
    scale = max(ratios) if fit == "cover" else min(ratios)
    size = (width, height) if fit == "stretch" else _scaled(image, scale, width, height, fit)
    if size[0] * size[1] > limits().max_pixels:
        raise BadInput("the picture is too narrow to cover that size; fit it inside or pad it")
    source = pil.fromarray(image.pixels)
    # Pillow weighs colours by alpha only in its premultiplied mode.
    ready = source.convert("RGBa") if image.has_alpha else source
    made = ready.resize(size, pil.Resampling.LANCZOS).convert(source.mode)
    if fit == "cover":
        left, top = (size[0] - width) // 2, (size[1] - height) // 2
        made = made.crop((left, top, left + width, top + height))
    if fit == "pad":
        ground = pil.new("RGBA", (width, height))
        ground.paste(made.convert("RGBA"), ((width - size[0]) // 2, (height - size[1]) // 2))
        made = ground
    return Image(np.array(made, dtype=np.uint8))


def _scaled(image: Image, scale: float, width: int, height: int, fit: Fit) -> tuple[int, int]:
    across, down = max(round(image.width * scale), 1), max(round(image.height * scale), 1)
    return (max(across, width), max(down, height)) if fit == "cover" else (min(across, width), min(down, height))
