"""Cutting a subject out of a picture whose background is plain or shades gently."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np

from diorama.faults import BadInput
from diorama.values import Image
from diorama_nodes.images.colour import Floats, lab

Bools = np.ndarray[tuple[int, ...], np.dtype[np.bool_]]
Pixels = np.ndarray[tuple[int, ...], np.dtype[np.uint8]]

WORK_PIXELS = 800_000
"""Larger pictures are judged at this size; their own pixels are kept, only the edge is computed smaller."""
BAND = 2.5
"""Pixels on either side of the outline in which a pixel may be part subject, part background."""
HOLE_SHARE = 0.001
"""Share of the picture from which on an enclosed patch of background colour counts as a hole."""
MOST_STRAY = 0.45
"""Share of the border that may belong to the subject."""
MOST_NOISE = 12.0
"""Grain, in CIELAB, above which a border is no background."""
HOLE_CLOSENESS = 0.35
"""How close to the background's colour a hole is on average, as a share of the limit for the outside."""


@dataclass(frozen=True, slots=True)
class Cutting:
    """How a cut is made; see the node `cut_out` for what each means."""

    tolerance: float
    feather: float
    parts: Literal["largest", "all"]
    holes: bool


def has_cut(image: Image) -> bool:
    """Whether the picture's own alpha already tells subject from background."""
    return image.has_alpha and float((image.pixels[:, :, 3] < 128).mean()) > 0.002


def cut(pixels: Pixels, how: Cutting) -> Pixels:
    """RGBA of `pixels` (h, w, 3) with the background transparent and its colour taken out of the edge."""
    from PIL import Image as pil

    height, width = pixels.shape[:2]
    scale = min(1.0, (WORK_PIXELS / (width * height)) ** 0.5)
    if scale == 1.0:
        return _cut_at_size(pixels, how)
    size = (max(round(width * scale), 4), max(round(height * scale), 4))
    small = _cut_at_size(np.asarray(pil.fromarray(pixels).resize(size, pil.Resampling.BOX)), how)
    grown = np.asarray(pil.fromarray(small).resize((width, height), pil.Resampling.BILINEAR))
    edge = grown[:, :, 3:] < 250
    return np.concatenate([np.where(edge, grown[:, :, :3], pixels), grown[:, :, 3:]], axis=2)


def _cut_at_size(pixels: Pixels, how: Cutting) -> Pixels:
    if min(pixels.shape[:2]) < 4:
        raise BadInput(f"the picture has {pixels.shape[1]} x {pixels.shape[0]} pixels, but at least 4 x 4 are wanted")
    colours = lab(pixels)
    background, noise, share = _background(colours)
    limit = how.tolerance + 3 * noise
    if share > MOST_STRAY or noise > MOST_NOISE:
        raise BadInput(
            "the picture's border has no even colour, so its background cannot be told from its subject; "
            "a picture of one thing before a plain background is wanted"
        )
    distance = np.linalg.norm(colours - background, axis=2)
    subject = _subject(distance, limit, how)
    return _soften(pixels, subject, how.feather)


def _border(values: Floats) -> Floats:
    rim = max(1, min(values.shape[:2]) // 100)
    sides = (values[:rim], values[-rim:], values[rim:-rim, :rim], values[rim:-rim, -rim:])
    return np.concatenate([side.reshape(-1, values.shape[2]) for side in sides])


def _background(colours: Floats) -> tuple[Floats, float, float]:
    """The background's colour at every pixel (a quadric fitted to the border), its noise, and the share that strays."""
    height, width = colours.shape[:2]
    y, x = np.meshgrid(np.linspace(-1, 1, height), np.linspace(-1, 1, width), indexing="ij")
    terms = np.stack([np.ones_like(x), x, y, x * x, y * y, x * y], axis=2).astype(np.float32)
    at, seen = _border(terms), _border(colours)
    close = np.linalg.norm(seen - np.median(seen, axis=0), axis=1)
    kept = close <= max(float(np.median(close)) * 3, 6.0)
    fit = np.linalg.lstsq(at[kept], seen[kept], rcond=1e-4)[0]
    for _ in range(4):
        off = np.linalg.norm(seen - at @ fit, axis=1)
        kept = off <= max(float(np.median(off)) * 3, 2.0)
        fit = np.linalg.lstsq(at[kept], seen[kept], rcond=1e-4)[0]
    off = np.linalg.norm(seen - at @ fit, axis=1)
    noise = float(np.median(off[kept]))
    return (terms @ fit).astype(np.float32), noise, float((off > max(4 * noise, 12.0)).mean())


def _subject(distance: Floats, limit: float, how: Cutting) -> Bools:
    from scipy import ndimage

    labels, count = ndimage.label(distance <= limit)
    rim = np.unique(np.concatenate([labels[0], labels[-1], labels[:, 0], labels[:, -1]]))
    sizes = np.bincount(labels.ravel(), minlength=count + 1)
    outside = np.zeros(count + 1, bool)
    outside[rim[rim > 0]] = True
    if how.holes:
        # A highlight or an eye is close to the background's colour; a hole shows that very colour.
        apart = np.bincount(labels.ravel(), distance.ravel(), count + 1) / np.maximum(sizes, 1)
        outside |= (sizes >= max(HOLE_SHARE * distance.size, 6)) & (apart < HOLE_CLOSENESS * limit)
    outside[0] = False
    subject = ndimage.binary_opening(~outside[labels], iterations=1) if distance.size > 10_000 else ~outside[labels]
    labels, count = ndimage.label(subject)
    sizes = np.bincount(labels.ravel(), minlength=count + 1)
    sizes[0] = 0
    share = float(sizes.sum()) / distance.size
    if share < 0.001:
        raise BadInput("everything in the picture is background; a subject that differs from the border is wanted")
    if share > 0.97:
        raise BadInput("the subject fills the whole picture; a plain background must be seen around it")
    least = sizes.max() if how.parts == "largest" else max(0.002 * sizes.sum(), 4)
    kept: Bools = (sizes >= least)[labels]
    return kept


def _soften(pixels: Pixels, subject: Bools, feather: float) -> Pixels:
    """Give the outline a soft edge: how far each pixel's colour lies between the background's and the subject's."""
    from scipy import ndimage

    inside = ndimage.distance_transform_edt(subject)
    outside, nearest_in = ndimage.distance_transform_edt(inside <= BAND, return_indices=True)
    beyond = ndimage.distance_transform_edt(~subject)
    nearest_out = ndimage.distance_transform_edt(beyond <= BAND, return_distances=False, return_indices=True)
    colour = pixels.astype(np.float32)
    front, back = colour[tuple(nearest_in)], colour[tuple(nearest_out)]
    apart = front - back
    lean = ((colour - back) * apart).sum(axis=2) / np.maximum((apart * apart).sum(axis=2), 1.0)
    # A part thinner than the band has no sure inside near by, so there the hard mask speaks.
    band = (inside <= BAND) & (beyond <= BAND) & (outside <= 2 * BAND) & ((apart * apart).sum(axis=2) > 400)
    alpha = np.where(band, np.clip(lean, 0, 1), subject)
    if feather > 0:
        soft = ndimage.gaussian_filter(alpha.astype(np.float32), feather / 2)
        alpha = np.where(inside > BAND + 2 * feather, 1.0, soft)
    clean = np.where(((alpha < 0.98) & band | (beyond > 0))[:, :, None], front, colour)
    return np.concatenate([clean, alpha[:, :, None] * 255], axis=2).round().clip(0, 255).astype(np.uint8)
