"""Unfinished pictures, seen through a matrix instead of a decoder."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np

from diorama.values import Image

if TYPE_CHECKING:
    import torch

PREVIEWS: Final = 8
"""How many a picture gives on its way."""
MOST_SIDE: Final = 256
"""Pixels of a preview's longer side."""
MOST_SHOWN: Final = 4
"""Pictures of a batch that are shown side by side."""
TO_RGB: Final = np.array([[60, -60, 25, -70], [60, -5, 15, -50], [60, 10, -5, -35]], dtype=np.float32)
"""Colour of each of SDXL's latent channels, as the documentation of diffusers gives it for previews in callbacks."""
GREY: Final = np.array([150, 140, 130], dtype=np.float32)


def preview_of(latents: torch.Tensor) -> Image:
    """What latents of shape (pictures, 4, height, width) look like, side by side, a pixel for each place."""
    shown = latents[:MOST_SHOWN].detach().float()
    # Early latents are mostly noise of a great spread; brought to a spread of one they show as much as they hold.
    spread = shown.flatten(1).std(dim=1).clamp(min=1.0)[:, None, None, None]
    step = -(-max(shown.shape[-2:]) // MOST_SIDE)
    small = (shown / spread)[:, :, ::step, ::step].cpu().numpy()
    coloured = np.einsum("nlyx,rl->nyxr", small, TO_RGB) + GREY
    return Image(np.ascontiguousarray(np.hstack(list(np.clip(coloured, 0, 255).astype(np.uint8)))))


def is_shown(step: int, steps: int) -> bool:
    """Whether a preview is due after a step, counted from one: the last is the picture itself."""
    return step < steps and step % -(-steps // PREVIEWS) == 0
