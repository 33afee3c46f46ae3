"""Pictures on surfaces, each kept in halving sizes so that what is far away does not glitter."""

from __future__ import annotations

from functools import cache

import numpy as np

from diorama.values.image import Image
from diorama_nodes.render.arrays import Floats, Ints, floats

LARGEST_SIDE = 2048
"""Pixels; a larger picture is halved until it fits, for no picture that is rendered shows more of it."""


@cache
def _fine_linear() -> Floats:
    """Linear light for sRGB values 0 to 255 in steps of a sixteenth (IEC 61966-2-1)."""
    value = np.minimum((np.arange(255 * 16 + 2) + 0.5) / (255.0 * 16), 1.0)
    value[0] = 0.0
    return floats(np.where(value <= 0.04045, value / 12.92, ((value + 0.055) / 1.055) ** 2.4))


class Textures:
    """All pictures of a scene, in one array of RGBA texels with a table of where each size of each one starts."""

    def __init__(self, images: list[Image]) -> None:
        self._numbers = {id(image): number for number, image in enumerate(images)}
        starts: list[list[int]] = []
        sizes: list[list[tuple[int, int]]] = []
        texels: list[np.ndarray[tuple[int, ...], np.dtype[np.uint8]]] = []
        end = 0
        for image in images:
            levels = _levels(image)
            starts.append([])
            sizes.append([])
            for level in levels:
                starts[-1].append(end)
                sizes[-1].append((level.shape[1], level.shape[0]))
                texels.append(level.reshape(-1, 4))
                end += level.shape[0] * level.shape[1]
        deepest = max((len(levels) for levels in starts), default=1)
        self._start = np.array([row + row[-1:] * (deepest - len(row)) for row in starts], np.int64).reshape(-1, deepest)
        self._size = np.array([row + row[-1:] * (deepest - len(row)) for row in sizes], np.int32).reshape(
            -1, deepest, 2
        )
        # One 32-bit word a texel: a single gather brings all four channels.
        self._texels = np.concatenate(texels).view(np.uint32).reshape(-1) if texels else np.zeros(0, np.uint32)

    def number(self, image: Image | None) -> int:
        """The number of a picture, -1 for none."""
        return -1 if image is None else self._numbers[id(image)]

    def look_up(self, texture: Ints, u: Floats, v: Floats, footprint: Floats) -> Floats:
        """Linear colour and alpha (4, n) at places (u, v) that repeat beyond 0..1; (0, 0) is the top left.

        footprint: (n,) the width that a pixel covers, in units of u and v. texture: (n,), all 0 or above.
        """
        base = self._size[texture, 0]
        texels_wide = footprint * np.sqrt((base[:, 0] * base[:, 1]).astype(np.float32))
        level = np.log2(np.maximum(texels_wide, np.float32(1.0))) + np.float32(0.25)
        chosen = np.minimum(level.astype(np.int32), self._start.shape[1] - 1)
        start, size = self._start[texture, chosen], self._size[texture, chosen]
        wide, high = size[:, 0], size[:, 1]
        x = (u - np.floor(u)) * wide - np.float32(0.5)
        y = (v - np.floor(v)) * high - np.float32(0.5)
        left, top = np.floor(x), np.floor(y)
        across, down = (x - left).astype(np.float32), (y - top).astype(np.float32)
        column, row = left.astype(np.int32), top.astype(np.int32)
        columns = (column % wide, (column + 1) % wide)
        rows = ((row % high).astype(np.int64) * wide + start, ((row + 1) % high).astype(np.int64) * wide + start)
        mixed = np.zeros((4, len(u)), np.float32)
        for line, weight_down in zip(rows, (1 - down, down), strict=True):
            for place, weight_across in zip(columns, (1 - across, across), strict=True):
                word = self._texels[line + place]
                weight = weight_down * weight_across
                for channel in range(4):
                    mixed[channel] += ((word >> np.uint32(8 * channel)) & np.uint32(255)) * weight
        mixed[:3] = _fine_linear()[(mixed[:3] * np.float32(16.0)).astype(np.int32)]
        mixed[3] *= np.float32(1 / 255)
        return mixed


def _levels(image: Image) -> list[np.ndarray[tuple[int, ...], np.dtype[np.uint8]]]:
    """The picture as RGBA in halving sizes, down to one pixel."""
    from PIL import Image as pil

    pixels = image.pixels
    if not image.has_alpha:
        pixels = np.dstack([pixels, np.full(pixels.shape[:2], 255, np.uint8)])
    picture = pil.fromarray(np.ascontiguousarray(pixels))
    while max(picture.size) > LARGEST_SIDE:
        picture = picture.reduce(2)
    levels = [np.array(picture)]
    while max(picture.size) > 1:
        picture = picture.reduce((min(2, picture.width), min(2, picture.height)))
        levels.append(np.array(picture))
    return levels
