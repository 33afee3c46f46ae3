"""The canvas: colours that layers, lights and noise are laid on. Places are 0 to 1 from the top left."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

import numpy as np

from diorama_nodes.images.colour import Floats, Rgb

Point = tuple[float, float]
Field = np.ndarray[tuple[int, ...], np.dtype[np.floating[Any]]]
"""Numbers over the canvas, (height, width) or (height, width, 3), of either precision."""
Polygon = Sequence[Point]

SUPER = 2
"""Masks are drawn this much larger and averaged, which smooths their edges."""


def square(left: float, top: float, right: float, bottom: float) -> Polygon:
    """An upright rectangle."""
    return [(left, top), (right, top), (right, bottom), (left, bottom)]


class Canvas:
    """A picture being painted: `rgb` (height, width, 3), sRGB from 0 to 1."""

    def __init__(self, width: int, height: int, seed: int) -> None:
        self.width, self.height = width, height
        self.rng = np.random.default_rng([seed, 1])
        self.rgb: Floats = np.zeros((height, width, 3), np.float32)
        self.y = ((np.arange(height, dtype=np.float32) + 0.5) / height)[:, None]
        self.x = ((np.arange(width, dtype=np.float32) + 0.5) / width)[None, :]
        self.aspect = width / height

    def mask(self, polygons: Iterable[Polygon], strokes: Iterable[tuple[Polygon, float]] = ()) -> Field:
        """Coverage (height, width) of polygons, and of strokes given as a line and a width in heights."""
        from PIL import Image as pil
        from PIL import ImageDraw

        shapes, lines = list(polygons), list(strokes)
        mask = np.zeros((self.height, self.width), np.float32)
        left, top, right, bottom = self._reach(
            [*shapes, *(line for line, _ in lines)], max([0.0, *(w for _, w in lines)])
        )
        if right <= left or bottom <= top:
            return mask
        # Most shapes are small: only the part of the canvas that they reach is drawn.
        image = pil.new("L", ((right - left) * SUPER, (bottom - top) * SUPER))
        draw = ImageDraw.Draw(image)
        across, down = self.width * SUPER, self.height * SUPER
        for polygon in shapes:
            draw.polygon([(x * across - left * SUPER, y * down - top * SUPER) for x, y in polygon], fill=255)
        for line, width in lines:
            points = [(x * across - left * SUPER, y * down - top * SUPER) for x, y in line]
            draw.line(points, fill=255, width=max(round(width * down), 1), joint="curve")
        mask[top:bottom, left:right] = np.asarray(image.reduce(SUPER), np.float32) / np.float32(255)
        return mask

    def _reach(self, lines: Sequence[Polygon], margin: float) -> tuple[int, int, int, int]:
        """The pixels (left, top, right, bottom) of the canvas that the points reach, `margin` heights around them."""
        xs = [x for line in lines for x, _ in line] or [0.0]
        ys = [y for line in lines for _, y in line] or [0.0]
        wide = int(margin * self.height) + 2
        left, right = int(min(xs) * self.width) - wide, int(max(xs) * self.width) + wide + 1
        top, bottom = int(min(ys) * self.height) - wide, int(max(ys) * self.height) + wide + 1
        return max(left, 0), max(top, 0), min(right, self.width), min(bottom, self.height)

    def lay(self, mask: Field, colour: Rgb | Field, opacity: float = 1.0) -> None:
        """Cover what the mask covers with a colour, or with a field of colours."""
        part = _extent(mask)
        tone = np.broadcast_to(np.asarray(colour, np.float32), self.rgb.shape)[part]
        share = (mask[part] * opacity)[:, :, None].astype(np.float32)
        self.rgb[part] += (tone - self.rgb[part]) * share

    def shine(self, light: Field, colour: Rgb) -> None:
        """Add light that never passes white."""
        part = _extent(light)
        added = np.clip(light[part][:, :, None] * np.asarray(colour, np.float32), 0, 0.98).astype(np.float32)
        self.rgb[part] = 1 - (1 - self.rgb[part]) * (1 - added)

    def glow(self, at: Point, radius: float, colour: Rgb, strength: float) -> None:
        """A soft light around a place, `radius` in heights."""
        reach = 3.2 * radius
        rows = slice(*(int(np.clip((at[1] + side * reach) * self.height, 0, self.height)) for side in (-1, 1)))
        columns = slice(
            *(int(np.clip((at[0] + side * reach / self.aspect) * self.width, 0, self.width)) for side in (-1, 1))
        )
        square = ((self.x[:, columns] - at[0]) * self.aspect) ** 2 + (self.y[rows] - at[1]) ** 2
        bell = strength * (np.exp(-square / radius**2) + 0.35 * np.exp(-square / (radius * 0.3) ** 2))
        edge = np.clip(1.6 - np.sqrt(square) / reach * 1.6, 0, 1)
        light = np.clip((bell * edge)[:, :, None] * np.asarray(colour, np.float32), 0, 0.98)
        self.rgb[rows, columns] = 1 - (1 - self.rgb[rows, columns]) * (1 - light)

    def noise(self, across: int, down: int, octaves: int = 4) -> Floats:
        """Cloudy noise (height, width) from 0 to 1 with `across` x `down` lumps, finer ones over it."""
        from PIL import Image as pil

        total = np.zeros((self.height, self.width), np.float32)
        for octave in range(octaves):
            grid = self.rng.random((down * 2**octave + 2, across * 2**octave + 2), np.float32)
            grown = pil.fromarray(grid).resize((self.width, self.height), pil.Resampling.BICUBIC)
            total += np.asarray(grown, np.float32) * 0.5 ** (octave + 1)
        low, high = float(total.min()), float(total.max())
        return (total - low) / max(high - low, 1e-6)

    def blend(self, stops: Sequence[tuple[float, Rgb]], along: Field) -> Floats:
        """Colours (..., 3) that run through `stops` (place, colour) as `along` grows."""
        places = [place for place, _ in stops]
        parts = [np.interp(along, places, [colour[part] for _, colour in stops]) for part in range(3)]
        return np.stack(parts, axis=-1).astype(np.float32)

    def soften(self, mask: Field, radius: float) -> Field:
        """The mask blurred, `radius` in heights."""
        from scipy import ndimage

        sigma = radius * self.height
        part = _extent(mask, int(4 * sigma) + 1)
        soft = np.zeros(mask.shape, np.float32)
        soft[part] = ndimage.gaussian_filter(mask[part], sigma)
        return soft


def _extent(mask: Field, margin: int = 0) -> tuple[slice, slice]:
    """The rows and columns in which the mask holds anything: most masks cover little of the canvas."""
    rows, columns = np.flatnonzero(mask.any(axis=1)), np.flatnonzero(mask.any(axis=0))
    if not len(rows):
        return slice(0, 0), slice(0, 0)
    top, left = max(int(rows[0]) - margin, 0), max(int(columns[0]) - margin, 0)
    return slice(top, int(rows[-1]) + 1 + margin), slice(left, int(columns[-1]) + 1 + margin)
