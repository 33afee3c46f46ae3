"""A picture's outline as a smooth field on a grid: positive inside, zero on the outline, in cells."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from diorama.faults import BadInput
from diorama.values import Image
from diorama_nodes.images.colour import Floats

Bools = np.ndarray[tuple[int, ...], np.dtype[np.bool_]]

FINE = 4
"""Pixels of the working raster to a grid cell."""
MARGIN = 2
"""Empty cells around the outline, so that every contour closes."""


@dataclass(frozen=True, slots=True)
class Outline:
    """`field` (rows, columns) at the grid's nodes; `crop` is what of the picture it covers, in its pixels."""

    field: Floats
    crop: tuple[int, int, int, int]
    """Left, top, right, bottom."""
    cell: float
    """Pixels of the picture to a cell."""


def trace(image: Image, cells: int) -> Outline:
    """The outline of the opaque part of `image`, its longer side `cells` cells long."""
    alpha = _alpha(image)
    rows, columns = np.flatnonzero(alpha.max(axis=1) > 127), np.flatnonzero(alpha.max(axis=0) > 127)
    left, top, right, bottom = int(columns[0]), int(rows[0]), int(columns[-1]) + 1, int(rows[-1]) + 1
    if max(right - left, bottom - top) < 3:
        raise BadInput("what the picture shows is under 3 pixels large; a subject with a clear outline is wanted")
    cell = max(right - left, bottom - top) / cells
    inside = _raster(alpha[top:bottom, left:right], cells)
    return Outline(_field(_thickened(inside)), (left, top, right, bottom), cell)


def _alpha(image: Image) -> np.ndarray[tuple[int, ...], np.dtype[np.uint8]]:
    if not image.has_alpha:
        raise BadInput("the picture has no alpha, so it has no outline to inflate; put cut_out before inflate")
    alpha = image.pixels[:, :, 3]
    share = float((alpha > 127).mean())
    if share == 0:
        raise BadInput("the picture is transparent everywhere; one that shows something is wanted")
    if share > 0.995:
        raise BadInput("the picture is opaque everywhere, so it has no outline to inflate; put cut_out before inflate")
    return alpha


def _raster(alpha: np.ndarray[tuple[int, ...], np.dtype[np.uint8]], cells: int) -> Bools:
    """The alpha at FINE pixels to a cell with a margin, its sides whole numbers of cells plus one node."""
    from PIL import Image as pil

    height, width = alpha.shape
    scale = cells * FINE / max(height, width)
    size = (max(round(width * scale), 1), max(round(height * scale), 1))
    kind = pil.Resampling.BOX if scale < 1 else pil.Resampling.BICUBIC
    fine = np.asarray(pil.fromarray(np.ascontiguousarray(alpha)).resize(size, kind)) > 127
    edge = MARGIN * FINE
    right, bottom = -(size[0] + edge) % FINE + edge + 1, -(size[1] + edge) % FINE + edge + 1
    return np.pad(fine, ((edge, bottom), (edge, right)))


def _thickened(inside: Bools) -> Bools:
    """The shape with parts too thin for the grid (whiskers, strings) widened to what it carries."""
    from scipy import ndimage

    reach = 0.75 * FINE
    core = ndimage.distance_transform_edt(inside) > reach
    body = ndimage.distance_transform_edt(~core) <= reach if core.any() else core
    thin = inside & ~body
    if not thin.any():
        return inside
    # A sharp corner leaves a sliver too; only what reaches out is a part of its own.
    labels, count = ndimage.label(thin, np.ones((3, 3)))
    away = ndimage.distance_transform_edt(~body) if body.any() else np.full(inside.shape, np.inf)
    reaching = np.concatenate([[False], ndimage.maximum(away, labels, np.arange(1, count + 1)) > 2 * reach])
    widened: Bools = inside | (ndimage.distance_transform_edt(~reaching[labels]) <= reach)
    return widened if reaching.any() else inside


def _field(inside: Bools) -> Floats:
    from scipy import ndimage

    signed = ndimage.distance_transform_edt(inside) - ndimage.distance_transform_edt(~inside)
    smooth = ndimage.gaussian_filter(signed, 0.45 * FINE)
    nodes = smooth[::FINE, ::FINE] / FINE
    if not (nodes > 0).any():
        raise BadInput("what the picture shows is too thin to inflate; a subject with a clear outline is wanted")
    return nodes.astype(np.float32)
