"""Pictures of splats, composed exactly: each pixel mixes the gaussians over it from the nearest to the farthest."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from diorama.faults import BadInput
from diorama.values import Image, Splat

Floats = np.ndarray[tuple[int, ...], np.dtype[np.float64]]
Ints = np.ndarray[tuple[int, ...], np.dtype[np.int64]]

FIELD = 0.6
"""Radians, vertical."""
PITCH = math.radians(15.0)
MARGIN = 1.12
STRAY = 0.005
"""Share of gaussians on each side that are left out of account when the view is chosen: scans have strays far away."""
REACH = 3.0
"""Standard deviations at which a gaussian ends."""
SOFTNESS = 0.3
"""Square pixels that every gaussian is widened by, so that none falls between pixels (Kerbl et al., 2023)."""
MOST_GAUSSIANS = 200_000
MOST_PIECES = 6_000_000
"""Pixels of gaussians that are mixed: beyond, every second gaussian stands for two."""
SIZES = (1, 2, 3, 4, 6, 8, 12, 16, 24, 40, 64)
"""Pixels from a gaussian's middle to its end; those of one size are drawn together."""
ABOVE, BELOW = np.array([0.32, 0.34, 0.38]), np.array([0.13, 0.14, 0.17])


@dataclass(frozen=True, slots=True, eq=False)
class Flat:
    """Gaussians on the picture, nearest first: middles (n, 2) and sizes in pixels, inverses of covariances (n, 3)."""

    middles: Floats
    inverses: Floats
    sizes: Floats
    opacities: Floats
    colors: Floats

    def every(self, step: int) -> Flat:
        """Every so-manieth of them."""
        return Flat(
            self.middles[::step], self.inverses[::step], self.sizes[::step], self.opacities[::step], self.colors[::step]
        )


def picture_of_splat(splat: Splat, width: int, height: int, turn: float) -> Image:
    """The splat turned by degrees about its upright axis, framed to its size; raises `BadInput` where it has none."""
    if not splat.count:
        raise BadInput("the splat has no gaussians: there is nothing to see")
    with np.errstate(all="ignore"):
        flat = _projected(_thinned(splat), width, height, turn)
        while _pieces_of(flat) > MOST_PIECES:
            flat = flat.every(2)
        light, left = _mixed(flat, width, height)
    share = np.linspace(0, 1, height)[:, None, None]
    shown = light + left[:, :, None] * (ABOVE * (1 - share) + BELOW * share)
    return Image(np.clip(np.rint(shown * 255), 0, 255).astype(np.uint8))


def _pieces_of(flat: Flat) -> float:
    return float((np.minimum(2 * flat.sizes + 1, 2 * SIZES[-1] + 1) ** 2).sum())


def _thinned(splat: Splat) -> Splat:
    """At most so many gaussians, those that are kept grown to cover as much."""
    step = -(-splat.count // MOST_GAUSSIANS)
    if step == 1:
        return splat
    grown = splat.log_scales[::step] + np.float32(0.5 * math.log(step))
    return Splat(
        splat.positions[::step], grown, splat.rotations[::step], splat.opacity_logits[::step], splat.colors[::step]
    )


def _projected(splat: Splat, width: int, height: int, turn: float) -> Flat:
    """The gaussians as the camera sees them (Zwicker et al., 2001: perspective made affine at each middle)."""
    view = _view(math.radians(turn))
    low, high = np.quantile(splat.positions.astype(np.float64), (STRAY, 1 - STRAY), axis=0)
    size = max(float(np.sqrt(((high - low) ** 2).sum())), float(np.median(splat.scales.max(axis=1))) * 6, 1e-6)
    tangent = math.tan(FIELD / 2) * min(1.0, width / height)
    distance = MARGIN * size / 2 / math.sin(math.atan(tangent))
    seen = np.einsum("ij,nj->ni", view, splat.positions.astype(np.float64) - (low + high) / 2)
    depth = distance - seen[:, 2]
    order = np.argsort(depth, kind="stable")
    order = order[depth[order] > 0.05 * distance]
    seen, depth = seen[order], depth[order]
    focal = height / 2 / math.tan(FIELD / 2)
    covariances = _covariances(splat, order, view)
    across, upwards = seen[:, 0] / depth, seen[:, 1] / depth
    slant = np.zeros((len(order), 2, 3))
    slant[:, 0, 0] = slant[:, 1, 1] = focal / depth
    slant[:, 0, 2], slant[:, 1, 2] = focal * across / depth, focal * upwards / depth
    flat = np.einsum("nij,njk,nlk->nil", slant, covariances, slant)
    a, b, c = flat[:, 0, 0] + SOFTNESS, flat[:, 0, 1], flat[:, 1, 1] + SOFTNESS
    determinant = np.maximum(a * c - b * b, 1e-12)
    widest = (a + c) / 2 + np.sqrt(np.maximum(((a - c) / 2) ** 2 + b * b, 0))
    return Flat(
        np.stack([width / 2 + focal * across, height / 2 - focal * upwards], axis=1),
        # Rows of a picture go down, so that what leans to the right leans to the left.
        np.stack([c / determinant, b / determinant, a / determinant], axis=1),
        np.ceil(REACH * np.sqrt(widest)),
        splat.opacities[order].astype(np.float64),
        splat.shades[order].astype(np.float64),
    )


def _view(turn: float) -> Floats:
    """The rotation from the splat's axes to the camera's: X right, Y up, Z towards it."""
    cosine, sine = math.cos(turn), math.sin(turn)
    yaw = np.array([[cosine, 0, sine], [0, 1, 0], [-sine, 0, cosine]])
    cosine, sine = math.cos(PITCH), math.sin(PITCH)
    found: Floats = np.einsum("ij,jk->ik", np.array([[1, 0, 0], [0, cosine, -sine], [0, sine, cosine]]), yaw)
    return found


def _covariances(splat: Splat, order: Ints, view: Floats) -> Floats:
    x, y, z, w = splat.rotations[order].astype(np.float64).T
    turns = np.array(
        [
            [1 - 2 * (y * y + z * z), 2 * (x * y - z * w), 2 * (x * z + y * w)],
            [2 * (x * y + z * w), 1 - 2 * (x * x + z * z), 2 * (y * z - x * w)],
            [2 * (x * z - y * w), 2 * (y * z + x * w), 1 - 2 * (x * x + y * y)],
        ]
    )
    axes = np.einsum("ij,jkn->nik", view, turns) * splat.scales[order].astype(np.float64)[:, None, :]
    found: Floats = np.einsum("nij,nkj->nik", axes, axes)
    return found


def _mixed(flat: Flat, width: int, height: int) -> tuple[Floats, Floats]:
    """Light (height, width, 3) of the gaussians, and the share (height, width) of what is behind them."""
    owners, pixels, alphas = _pieces(flat, width, height)
    order = np.argsort(pixels * len(flat.sizes) + owners, kind="stable")
    owners, pixels, alphas = owners[order], pixels[order], alphas[order]
    # What is left behind each piece is a product along its pixel: a sum of logarithms from where that pixel begins.
    logs = np.log1p(-alphas)
    sums = np.cumsum(logs)
    begins = np.searchsorted(pixels, np.arange(width * height))
    before = np.concatenate([[0.0], sums])
    weights = alphas * np.exp(before[:-1] - before[begins][pixels])
    light: Floats = np.stack(
        [np.bincount(pixels, weights * flat.colors[owners, band], width * height) for band in range(3)], axis=1
    )
    left: Floats = np.exp(np.bincount(pixels, logs, width * height).astype(np.float64))
    return light.reshape((height, width, 3)), left.reshape((height, width))


def _pieces(flat: Flat, width: int, height: int) -> tuple[Ints, Ints, Floats]:
    """For each pixel of each gaussian whose it is, which pixel, and how opaque it is there."""
    found: list[tuple[Ints, Ints, Floats]] = []
    smaller = 0
    for size in SIZES:
        beyond = np.inf if size == SIZES[-1] else size
        chosen = np.flatnonzero((flat.sizes > smaller) & (flat.sizes <= beyond))
        smaller = size
        if not len(chosen):
            continue
        offsets = np.arange(-size, size + 1)
        first = np.floor(flat.middles[chosen]).astype(np.int64)
        columns, rows = (
            first[:, 0, None, None] + offsets[None, None, :],
            first[:, 1, None, None] + offsets[None, :, None],
        )
        x = columns + 0.5 - flat.middles[chosen, 0, None, None]
        y = rows + 0.5 - flat.middles[chosen, 1, None, None]
        a, b, c = flat.inverses[chosen].T[:, :, None, None]
        alphas = flat.opacities[chosen, None, None] * np.exp(-0.5 * (a * x * x + 2 * b * x * y + c * y * y))
        seen = (alphas > 1 / 255) & (columns >= 0) & (columns < width) & (rows >= 0) & (rows < height)
        places = np.broadcast_to(rows * width + columns, seen.shape)
        owners = np.broadcast_to(chosen[:, None, None], seen.shape)
        found.append((owners[seen], places[seen], np.minimum(alphas[seen], 0.99)))
    if not found:
        return np.zeros(0, np.int64), np.zeros(0, np.int64), np.zeros(0)
    owners, places, alphas = (np.concatenate(column) for column in zip(*found, strict=True))
    return owners, places, alphas
