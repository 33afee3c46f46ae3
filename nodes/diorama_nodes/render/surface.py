"""What the rays met, as points with all that shading needs to know of them."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from diorama_nodes.render.arrays import Flags, Floats, Ints, dot, normalized
from diorama_nodes.render.geometry import Geometry, Soup
from diorama_nodes.render.tracer import Hits

MASK_CUTOFF = 0.5
MASK_LAYERS = 6
"""How many cut-out layers a ray may pass before the next one counts as whole."""


@dataclass(slots=True, eq=False)
class Points:
    """Points on surfaces, n of them. Vectors and colours are (3, n) float32, the rest (n,)."""

    position: Floats
    normal: Floats
    """Turned to the eye, interpolated."""
    face_normal: Floats
    """Turned to the eye, of the flat triangle."""
    to_eye: Floats
    distance: Floats
    color: Floats
    alpha: Floats
    emission: Floats
    metallic: Floats
    roughness: Floats
    reflectance: Floats
    """Share of light that is mirrored straight back where there is no metal."""
    material: Ints

    def __len__(self) -> int:
        return len(self.distance)

    def at(self, chosen: Flags | Ints | slice | np.ndarray[tuple[int, ...], np.dtype[np.intp]]) -> Points:
        """Some of the points."""
        return Points(
            **{name: np.ascontiguousarray(getattr(self, name)[..., chosen]) for name in self.__dataclass_fields__}
        )


def meet(geometry: Geometry, origins: Floats, directions: Floats) -> Hits:
    """The first solid triangle of each ray, cut-out textures seen through where they are empty."""
    tracer = geometry.solid.tracer
    hits = tracer.hits(origins, directions)
    if not geometry.materials.is_mask.any():
        return hits
    open_rays = np.flatnonzero(_is_masked(geometry, hits))
    for _ in range(MASK_LAYERS):
        if not len(open_rays):
            break
        alpha = _alpha(geometry, hits, open_rays)
        open_rays = open_rays[alpha < MASK_CUTOFF]
        passed = hits.distance[open_rays] * np.float32(1.0 + 1e-5) + np.float32(1e-4)
        ways = np.ascontiguousarray(directions[:, open_rays])
        beyond = tracer.hits(np.ascontiguousarray(origins[:, open_rays]) + ways * passed, ways)
        hits.triangle[open_rays], hits.distance[open_rays] = beyond.triangle, beyond.distance + passed
        hits.u[open_rays], hits.v[open_rays] = beyond.u, beyond.v
        open_rays = open_rays[_is_masked(geometry, hits)[open_rays]]
    return hits


def is_blocked(geometry: Geometry, origins: Floats, directions: Floats, lengths: Floats) -> Flags:
    """Whether a solid triangle lies along rays, `lengths` (n,) given in lengths of their directions."""
    if geometry.materials.is_mask.any():
        return meet(geometry, origins, directions).distance < lengths
    return geometry.solid.tracer.is_blocked(origins, directions, lengths)


def _is_masked(geometry: Geometry, hits: Hits) -> Flags:
    soup = geometry.solid
    masked: Flags = geometry.materials.is_mask[soup.material[hits.triangle]] & (hits.triangle >= 0)
    return masked


def _alpha(geometry: Geometry, hits: Hits, chosen: np.ndarray[tuple[int, ...], np.dtype[np.intp]]) -> Floats:
    soup, materials = geometry.solid, geometry.materials
    triangle = hits.triangle[chosen]
    material = soup.material[triangle]
    u, v = _uv(soup, triangle, hits.u[chosen], hits.v[chosen])
    alpha = materials.alpha[material].copy()
    textured = np.flatnonzero(materials.base_texture[material] >= 0)
    texture = materials.base_texture[material[textured]]
    alpha[textured] *= materials.textures.look_up(texture, u[textured], v[textured], np.zeros(len(textured), "f4"))[3]
    return alpha


def _uv(soup: Soup, triangle: Ints, b1: Floats, b2: Floats) -> tuple[Floats, Floats]:
    b0 = np.float32(1.0) - b1 - b2
    a, b, c = (np.take(soup.uvs, soup.corners[triangle, corner], axis=0) for corner in range(3))
    return a[:, 0] * b0 + b[:, 0] * b1 + c[:, 0] * b2, a[:, 1] * b0 + b[:, 1] * b1 + c[:, 1] * b2


def points_of(
    geometry: Geometry, soup: Soup, origins: Floats, directions: Floats, hits: Hits, pixel_angle: float
) -> Points:
    """The points that rays met, all of which must have met something; a pixel covers `pixel_angle` radians."""
    triangle, b1, b2 = hits.triangle, hits.u, hits.v
    corners = np.take(soup.corners, triangle, axis=0)
    b0 = np.float32(1.0) - b1 - b2
    normal: Floats = np.empty((3, len(triangle)), np.float32)
    first, second, third = (np.take(soup.normals, corners[:, corner], axis=0) for corner in range(3))
    for axis in range(3):
        normal[axis] = first[:, axis] * b0 + second[:, axis] * b1 + third[:, axis] * b2
    face_normal = _face_normal(soup, corners, directions)
    flat = dot(normal, normal) < 1e-8
    normal = normalized(np.where(flat, face_normal, normal))
    normal *= np.where(dot(normal, face_normal) < 0, np.float32(-1.0), np.float32(1.0))
    normal = _turned(normal, directions)
    position = origins + directions * hits.distance
    points = Points(
        position=position,
        normal=normal,
        face_normal=face_normal,
        to_eye=-directions,
        distance=hits.distance,
        material=soup.material[triangle],
        **_plain(geometry, soup.material[triangle]),
    )
    _paint(geometry, soup, points, hits, pixel_angle)
    return points


def _face_normal(soup: Soup, corners: Ints, directions: Floats) -> Floats:
    a, b, c = (np.take(soup.positions, corners[:, corner], axis=0).T for corner in range(3))
    ab, ac = b - a, c - a
    normal = np.stack([ab[1] * ac[2] - ab[2] * ac[1], ab[2] * ac[0] - ab[0] * ac[2], ab[0] * ac[1] - ab[1] * ac[0]])
    normal *= np.where(dot(normal, directions) > 0, np.float32(-1.0), np.float32(1.0))
    return normalized(normal)


def _turned(normal: Floats, directions: Floats) -> Floats:
    """Interpolated normals bent so far that none looks away from the eye (it does on coarse outlines)."""
    away = np.maximum(dot(normal, directions) + np.float32(0.02), np.float32(0.0))
    return normalized(normal - directions * away)


def _plain(geometry: Geometry, material: Ints) -> dict[str, Floats]:
    table = geometry.materials
    return {
        "color": np.ascontiguousarray(np.take(table.base_color, material, axis=0).T),
        "alpha": table.alpha[material],
        "emission": np.ascontiguousarray(np.take(table.emission, material, axis=0).T),
        "metallic": table.metallic[material],
        "reflectance": np.full(len(material), np.float32(0.04)),
        "roughness": np.maximum(table.roughness[material], np.float32(0.05)),
    }


def _paint(geometry: Geometry, soup: Soup, points: Points, hits: Hits, pixel_angle: float) -> None:
    """Multiply the materials' pictures in."""
    table = geometry.materials
    base, shining = table.base_texture[points.material], table.emissive_texture[points.material]
    textured = np.flatnonzero((base >= 0) | (shining >= 0))
    if not len(textured):
        return
    triangle = hits.triangle[textured]
    u, v = _uv(soup, triangle, hits.u[textured], hits.v[textured])
    slant = np.abs(dot(points.face_normal[:, textured], points.to_eye[:, textured]))
    # The footprint is an ellipse; its mean radius keeps ground seen at a low angle from blurring away.
    footprint = soup.density[triangle] * points.distance[textured] * np.float32(pixel_angle)
    footprint /= np.sqrt(np.maximum(slant, np.float32(0.05)))
    base, shining = base[textured], shining[textured]
    has = np.flatnonzero(base >= 0)
    color = table.textures.look_up(base[has], u[has], v[has], footprint[has])
    points.color[:, textured[has]] *= color[:3]
    points.alpha[textured[has]] *= color[3]
    has = np.flatnonzero(shining >= 0)
    points.emission[:, textured[has]] *= table.textures.look_up(shining[has], u[has], v[has], footprint[has])[:3]
