"""Gaussians on the surface of a mesh: flat discs that lie on it, in the colours that it has there."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from diorama.faults import BadInput
from diorama.values import Image, Mesh, Part, Splat
from diorama_nodes.images.colour import LINEAR_OF_BYTE

Floats = np.ndarray[tuple[int, ...], np.dtype[np.float64]]
Ints = np.ndarray[tuple[int, ...], np.dtype[np.int64]]

PLASTIC = 1.32471795724474602596
"""Its powers spread points over a square more evenly than chance does (Roberts, 2018, "R2")."""
FLATNESS = 0.08
"""Thickness of a disc by its radius."""
OPACITY = 0.98
LEAST_ALPHA = 0.02
"""Where a picture is more transparent than this, there is no gaussian."""
LIGHT = np.array([0.38, 0.81, 0.45])
"""Whence the light that is painted on comes."""
SHADE = 0.5
"""Light on what is turned away from it."""


@dataclass(frozen=True, slots=True, eq=False)
class Spots:
    """Places on one part: which triangle, and the weights (n, 3) of its corners."""

    part: Part
    triangles: Ints
    weights: Floats

    def mixed(self, rows: np.ndarray[tuple[int, ...], np.dtype[np.float32]]) -> Floats:
        """What the corners have, mixed at each place."""
        corners = self.part.triangles[self.triangles]
        found: Floats = np.zeros((len(corners), rows.shape[1]))
        for corner in range(3):
            found += rows[corners[:, corner]].astype(np.float64) * self.weights[:, corner, None]
        return found


def splat_of(mesh: Mesh, count: int, overlap: float, is_lit: bool, seed: int) -> Splat:
    """About `count` gaussians evenly over the surface; raises `BadInput` for a mesh without an area.

    `overlap` is the radius of a disc by that of the circle which has its share of the surface.
    """
    areas = [_areas(part) for part in mesh.parts]
    total = float(sum(area.sum() for area in areas))
    if not np.isfinite(total) or total <= 0:
        raise BadInput(f"the mesh has {mesh.face_count} faces with an area of {total:g} m², but one is wanted")
    radius = overlap * np.sqrt(total / count / np.pi)
    spots = _spots(mesh, areas, count, seed)
    found = [_gaussians(one, radius, is_lit) for one in spots if len(one.triangles)]
    columns = [np.concatenate(column) for column in zip(*found, strict=True)]
    if not len(columns[0]):
        raise BadInput("the mesh is transparent everywhere; one that shows something is wanted")
    positions, scales, rotations, opacities, colors = (column.astype(np.float32) for column in columns)
    return Splat.of(positions, scales, rotations, opacities, colors)


def _areas(part: Part) -> Floats:
    corners = part.positions.astype(np.float64)[part.triangles]
    across = np.cross(corners[:, 1] - corners[:, 0], corners[:, 2] - corners[:, 0])
    areas: Floats = np.nan_to_num(np.sqrt((across**2).sum(axis=1)) / 2, nan=0.0, posinf=0.0)
    return areas


def _spots(mesh: Mesh, areas: list[Floats], count: int, seed: int) -> list[Spots]:
    """Places evenly over all parts: the surface laid out as a line, and one place in each of `count` equal pieces."""
    random = np.random.default_rng(seed)
    line = np.cumsum(np.concatenate(areas))
    places = (np.arange(count) + random.random(count)) * (line[-1] / count)
    chosen = np.minimum(np.searchsorted(line, places, side="right"), len(line) - 1)
    steps = np.arange(1, count + 1)
    u = (random.random() + steps / PLASTIC) % 1.0
    v = (random.random() + steps / PLASTIC**2) % 1.0
    # The half of the square beyond its diagonal is folded back onto the triangle.
    folds = u + v > 1
    u, v = np.where(folds, 1 - u, u), np.where(folds, 1 - v, v)
    weights = np.stack([1 - u - v, u, v], axis=1)
    starts = np.cumsum([0, *(len(area) for area in areas)])
    found: list[Spots] = []
    for part, first, last in zip(mesh.parts, starts[:-1], starts[1:], strict=True):
        inside = (chosen >= first) & (chosen < last)
        found.append(Spots(part, chosen[inside] - first, weights[inside]))
    return found


def _gaussians(spots: Spots, radius: float, is_lit: bool) -> tuple[Floats, Floats, Floats, Floats, Floats]:
    positions = spots.mixed(spots.part.positions)
    normals = spots.mixed(spots.part.normals)
    normals /= np.maximum(np.sqrt((normals**2).sum(axis=1, keepdims=True)), 1e-9)
    colors, alpha = _colors(spots, normals, is_lit)
    seen = alpha > LEAST_ALPHA
    scales = np.broadcast_to(np.array([radius, radius, radius * FLATNESS]), (int(seen.sum()), 3))
    return positions[seen], scales, _turns(normals[seen]), alpha[seen] * OPACITY, colors[seen]


def _turns(normals: Floats) -> Floats:
    """Quaternions (x, y, z, w) that turn Z into each normal by the shortest way."""
    x, y, z = normals.T
    turns = np.stack([-y, x, np.zeros(len(x)), 1 + z], axis=1)
    # What looks straight back is turned by half about X.
    turns[1 + z < 1e-9] = (1.0, 0.0, 0.0, 0.0)
    found: Floats = turns / np.sqrt((turns**2).sum(axis=1, keepdims=True))
    return found


def _colors(spots: Spots, normals: Floats, is_lit: bool) -> tuple[Floats, Floats]:
    """sRGB colours (n, 3) and opacities (n,) at the places."""
    material = spots.part.material
    light = np.broadcast_to(np.array(material.base_color), (len(normals), 4)).copy()
    uvs = None if spots.part.uvs is None else spots.mixed(spots.part.uvs)
    if material.base_color_image is not None and uvs is not None:
        light *= _looked_up(material.base_color_image, uvs)
    if is_lit:
        facing = normals @ (LIGHT / np.sqrt((LIGHT**2).sum()))
        light[:, :3] *= (SHADE + (1 - SHADE) * (0.5 + 0.5 * facing))[:, None]
    glow = np.broadcast_to(np.array(material.emissive) * material.emissive_strength, (len(normals), 3))
    if material.emissive_image is not None and uvs is not None:
        glow = glow * _looked_up(material.emissive_image, uvs)[:, :3]
    shown = np.clip(light[:, :3] + glow, 0, 1)
    colors: Floats = np.where(shown <= 0.0031308, shown * 12.92, 1.055 * shown ** (1 / 2.4) - 0.055)
    alpha = light[:, 3] if material.alpha_mode != "OPAQUE" else np.ones(len(light))
    if material.alpha_mode == "MASK":
        alpha = (alpha >= 0.5).astype(np.float64)
    return colors, alpha


def _looked_up(image: Image, uvs: Floats) -> Floats:
    """Linear colour and alpha (n, 4) at places of a picture, mixed from the four pixels around each; it repeats."""
    pixels = image.pixels
    height, width = pixels.shape[:2]
    whole = np.nan_to_num(uvs) % 1.0
    x, y = whole[:, 0] * width - 0.5, whole[:, 1] * height - 0.5
    left, top = np.floor(x).astype(np.int64), np.floor(y).astype(np.int64)
    found = np.zeros((len(uvs), 4))
    for down, across in ((0, 0), (0, 1), (1, 0), (1, 1)):
        texels = pixels[(top + down) % height, (left + across) % width]
        weight = np.abs(1 - down - (y - top)) * np.abs(1 - across - (x - left))
        found[:, :3] += LINEAR_OF_BYTE[texels[:, :3]].astype(np.float64) * weight[:, None]
        found[:, 3] += (texels[:, 3] / 255 if texels.shape[1] == 4 else 1.0) * weight
    return found
