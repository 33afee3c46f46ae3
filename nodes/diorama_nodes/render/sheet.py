"""Moments of a scene side by side."""

from __future__ import annotations

import math

import numpy as np

from diorama.context import Context
from diorama.values.image import Image
from diorama.values.scene import Scene
from diorama_nodes.render.picture import Quality, picture_of

GAP = 4
"""Pixels between frames."""
MOST_COLUMNS = 4


def sheet_of(ctx: Context, scene: Scene, frames: int, width: int, height: int, quality: Quality, seed: int) -> Image:
    """So many moments from the scene's first to its last, row by row."""
    columns = frames if frames <= MOST_COLUMNS else math.ceil(frames / math.ceil(frames / MOST_COLUMNS))
    rows = math.ceil(frames / columns)
    sheet = np.zeros((rows * (height + GAP) - GAP, columns * (width + GAP) - GAP, 3), np.uint8)
    for number in range(frames):
        inner = Context(
            on_progress=lambda done, text, number=number: ctx.progress((number + done) / frames, text),  # type: ignore[misc]
            cancelled=ctx.cancelled,
        )
        seconds = scene.seconds * number / max(frames - 1, 1)
        frame = picture_of(inner, scene, seconds, width, height, quality, seed)
        row, column = divmod(number, columns)
        top, left = row * (height + GAP), column * (width + GAP)
        sheet[top : top + height, left : left + width] = frame.pixels
    return Image(sheet)
