"""A scene as triangles in the world at one moment, with a table of their materials."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from diorama.values.image import Image
from diorama.values.mesh import Floats as PartFloats
from diorama.values.mesh import Material, Part
from diorama.values.scene import Placement, Scene
from diorama_nodes.render.arrays import Flags, Floats, Ints, floats
from diorama_nodes.render.textures import Textures
from diorama_nodes.render.tracer import Tracer


@dataclass(frozen=True, slots=True, eq=False)
class Materials:
    """One row a material: colours (m, 3), factors (m,), numbers of pictures (m,) or -1."""

    base_color: Floats
    alpha: Floats
    metallic: Floats
    roughness: Floats
    emission: Floats
    base_texture: Ints
    emissive_texture: Ints
    is_mask: Flags
    textures: Textures


@dataclass(frozen=True, slots=True, eq=False)
class Soup:
    """Triangles in the world: positions and normals (v, 3), uvs (v, 2), corners (t, 3), a material a triangle (t,)."""

    positions: Floats
    normals: Floats
    uvs: Floats
    corners: Ints
    material: Ints
    density: Floats
    """(t,) how many units of u and v lie on a metre."""
    tracer: Tracer


@dataclass(frozen=True, slots=True, eq=False)
class Geometry:
    """What can be met: `solid` stops light, `clear` (alpha mode BLEND) lets some of it through."""

    solid: Soup
    clear: Soup
    materials: Materials


@dataclass(frozen=True, slots=True, eq=False)
class _Piece:
    part: Part
    positions: PartFloats
    normals: PartFloats


def geometry_at(scene: Scene, seconds: float) -> Geometry:
    """The scene's triangles, its actors posed as they are at `seconds`."""
    pieces = list(_placed(scene))
    pieces += list(_acting(scene, seconds))
    return geometry_of(pieces)


def geometry_of(pieces: list[_Piece]) -> Geometry:
    """The triangles of all pieces, those that let light through apart."""
    numbers: dict[int, int] = {}
    materials: list[Material] = []
    for piece in pieces:
        if id(piece.part.material) not in numbers:
            numbers[id(piece.part.material)] = len(materials)
            materials.append(piece.part.material)
    groups: tuple[list[_Piece], list[_Piece]] = ([], [])
    for piece in pieces:
        groups[piece.part.material.alpha_mode == "BLEND"].append(piece)
    return Geometry(_soup(groups[0], numbers), _soup(groups[1], numbers), _table(materials))


def _placed(scene: Scene) -> Iterator[_Piece]:
    for placement in scene.placements:
        matrix, translation = _matrix(placement)
        upright = np.linalg.inv(matrix).T if abs(np.linalg.det(matrix)) > 1e-12 else matrix
        for part in scene.meshes[placement.mesh].parts:
            yield _Piece(part, _times(part.positions, matrix) + translation, _times(part.normals, upright))


def _acting(scene: Scene, seconds: float) -> Iterator[_Piece]:
    if scene.actors:
        from diorama_nodes.character.pose import skin

        for actor in scene.actors:
            skinned = skin(actor.rig, actor.motion, seconds)
            for part, (positions, normals) in zip(actor.rig.parts, skinned, strict=True):
                yield _Piece(part.part, positions, normals)


def _matrix(placement: Placement) -> tuple[PartFloats, Floats]:
    """The 3 x 3 matrix of rotation and scale, and the translation, of a place."""
    x, y, z, w = placement.rotation
    rotation = np.array(
        [
            [1 - 2 * (y * y + z * z), 2 * (x * y - z * w), 2 * (x * z + y * w)],
            [2 * (x * y + z * w), 1 - 2 * (x * x + z * z), 2 * (y * z - x * w)],
            [2 * (x * z - y * w), 2 * (y * z + x * w), 1 - 2 * (x * x + y * y)],
        ]
    )
    return rotation * np.array(placement.scale)[None, :], np.array(placement.translation, np.float32)


def _times(vectors: PartFloats, matrix: PartFloats) -> PartFloats:
    """Rows (n, 3) times a matrix. Written out: BLAS may round otherwise with another count of threads."""
    x, y, z = matrix.T.astype(np.float32)
    return floats(vectors[:, :1] * x + vectors[:, 1:2] * y + vectors[:, 2:3] * z)


def _soup(pieces: list[_Piece], numbers: dict[int, int]) -> Soup:
    pieces = [piece for piece in pieces if len(piece.part.triangles)]
    if not pieces:
        nothing = np.zeros((0, 3), np.float32)
        none = np.zeros((0, 3), np.int32)
        return Soup(nothing, nothing, nothing[:, :2], none, none[:, 0], nothing[:, 0], Tracer(nothing, none))
    counts = [len(piece.positions) for piece in pieces]
    starts = np.concatenate([[0], np.cumsum(counts)[:-1]])
    positions = np.ascontiguousarray(np.concatenate([piece.positions for piece in pieces]), np.float32)
    normals = np.ascontiguousarray(np.concatenate([piece.normals for piece in pieces]), np.float32)
    blank = [np.zeros((count, 2), np.float32) for count in counts]
    given = [piece.part.uvs for piece in pieces]
    uvs = np.concatenate([empty if uv is None else uv for empty, uv in zip(blank, given, strict=True)])
    corners = np.concatenate(
        [piece.part.triangles.astype(np.int32) + np.int32(start) for piece, start in zip(pieces, starts, strict=True)]
    )
    material = np.repeat(
        np.array([numbers[id(piece.part.material)] for piece in pieces], np.int32),
        [len(piece.part.triangles) for piece in pieces],
    )
    whole: Flags = np.asarray(np.isfinite(positions).all(axis=1), np.bool_)
    if not whole.all():
        kept = whole[corners].all(axis=1)
        corners, material = np.ascontiguousarray(corners[kept]), material[kept]
    # A normal that is no number counts as none: the face's own is taken.
    normals, uvs = np.nan_to_num(normals, copy=False), np.nan_to_num(floats(uvs))
    density = _density(positions, uvs, corners)
    return Soup(positions, normals, uvs, corners, material, density, Tracer(positions, corners))


def _density(positions: Floats, uvs: Floats, corners: Ints) -> Floats:
    """Units of u and v a metre of each triangle: the root of its area in the picture over that in the world."""
    a, b, c = (positions[corners[:, corner]] for corner in range(3))
    area = np.sqrt((np.cross(b - a, c - a) ** 2).sum(axis=1))
    (au, av), (bu, bv), (cu, cv) = (uvs[corners[:, corner]].T for corner in range(3))
    uv_area = np.abs((bu - au) * (cv - av) - (bv - av) * (cu - au))
    result: Floats = np.sqrt(uv_area / np.maximum(area, np.float32(1e-12))).astype(np.float32)
    return result


def _table(materials: list[Material]) -> Materials:
    images: list[Image] = []
    seen: set[int] = set()
    for material in materials:
        for image in (material.base_color_image, material.emissive_image):
            if image is not None and id(image) not in seen:
                seen.add(id(image))
                images.append(image)
    textures = Textures(images)
    emission = [[value * material.emissive_strength for value in material.emissive] for material in materials]
    return Materials(
        base_color=np.array([material.base_color[:3] for material in materials], np.float32).reshape(-1, 3),
        alpha=np.array([material.base_color[3] for material in materials], np.float32),
        metallic=np.array([material.metallic for material in materials], np.float32),
        roughness=np.array([material.roughness for material in materials], np.float32),
        emission=np.array(emission, np.float32).reshape(-1, 3),
        base_texture=np.array([textures.number(material.base_color_image) for material in materials], np.int32),
        emissive_texture=np.array([textures.number(material.emissive_image) for material in materials], np.int32),
        is_mask=np.array([material.alpha_mode == "MASK" for material in materials], np.bool_),
        textures=textures,
    )
