"""How meshes and materials are written into the tables of a glTF document."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from diorama.faults import BadInput
from diorama.values.glb_file import JsonObject
from diorama.values.glb_tables import INDICES, VERTICES, Tables
from diorama.values.mesh import Floats, Material, Part
from diorama.values.rig import Joints, SkinnedPart

NO_SHAPE = Part(np.zeros((0, 3), np.float32), np.zeros((0, 3), np.float32), np.zeros((0, 3), np.uint32))

NO_BODY = SkinnedPart(NO_SHAPE, np.zeros((0, 4), np.uint16), np.zeros((0, 4), np.float32))


def finite(what: str, number: float) -> float:
    """The number as a float; raises `BadInput` where it is infinite or none."""
    if not math.isfinite(number):
        raise BadInput(f"{what} is {number}, but a finite number is wanted")
    return float(number)


def finite_row(what: str, numbers: Sequence[float]) -> list[float]:
    """The numbers as floats; raises `BadInput` where one is infinite or none."""
    return [finite(what, number) for number in numbers]


@dataclass(frozen=True, slots=True)
class _Filled:
    """A part as it is written: with at least one vertex and one triangle, and what must be undone on reading."""

    positions: Floats
    normals: Floats
    triangles: np.ndarray[tuple[int, ...], np.dtype[np.uint32]]
    uvs: Floats | None
    undo: JsonObject


def write_shape(
    tables: Tables, name: str, parts: Sequence[Part | SkinnedPart], nothing: Part | SkinnedPart = NO_SHAPE
) -> int:
    """The number of a mesh with one primitive a part.

    glTF knows no empty primitive: what has no triangle is written with one of no area, which `extras` tells;
    `nothing` stands for no parts at all.
    """
    primitives = [_primitive(tables, part) for part in parts]
    if not parts:
        primitives = [_primitive(tables, nothing) | {"extras": {"absent": True}}]
    return tables.share("meshes", {"name": name, "primitives": primitives})


def _primitive(tables: Tables, given: Part | SkinnedPart) -> JsonObject:
    part = given.part if isinstance(given, SkinnedPart) else given
    filled = _filled(part)
    attributes: JsonObject = {
        "POSITION": tables.accessor("positions", filled.positions, VERTICES, bounded=True),
        "NORMAL": tables.accessor("normals", filled.normals, VERTICES),
    }
    if filled.uvs is not None:
        attributes["TEXCOORD_0"] = tables.accessor("uvs", filled.uvs, VERTICES)
    if isinstance(given, SkinnedPart):
        joints, weights = _influences(given)
        attributes["JOINTS_0"] = tables.accessor("joints", joints, VERTICES)
        attributes["WEIGHTS_0"] = tables.accessor("weights", weights, VERTICES)
    # 65535 restarts a primitive, so that the shorter indices end one below it.
    kind = np.uint16 if len(filled.positions) <= 65_535 else np.uint32
    primitive: JsonObject = {
        "attributes": attributes,
        "indices": tables.accessor("triangles", filled.triangles.reshape(-1).astype(kind), INDICES),
        "material": write_material(tables, part.material),
    }
    if filled.undo:
        primitive["extras"] = filled.undo
    return primitive


def _filled(part: Part) -> _Filled:
    positions, normals, triangles, uvs = part.positions, part.normals, part.triangles, part.uvs
    undo: JsonObject = {}
    if not len(triangles):
        undo["vertices"] = len(positions)
        triangles = np.zeros((1, 3), np.uint32)
    if not len(positions):
        positions, normals = np.zeros((1, 3), np.float32), np.array([[0, 1, 0]], np.float32)
        uvs = None if uvs is None else np.zeros((1, 2), np.float32)
    pictures = part.material.base_color_image is not None or part.material.emissive_image is not None
    if uvs is None and pictures:
        undo["uvs"] = False
        uvs = np.zeros((len(positions), 2), np.float32)
    return _Filled(positions, normals, triangles, uvs, undo)


def _influences(part: SkinnedPart) -> tuple[Joints, Floats]:
    if not len(part.joints):
        return np.zeros((1, 4), np.uint16), np.array([[1, 0, 0, 0]], np.float32)
    return part.joints, part.weights


def write_material(tables: Tables, material: Material) -> int:
    """The number of the material."""
    surface: JsonObject = {"baseColorFactor": finite_row("a base colour", material.base_color)}
    if material.base_color_image is not None:
        surface["baseColorTexture"] = {"index": tables.texture(material.base_color_image)}
    surface["metallicFactor"] = finite("a metallic factor", material.metallic)
    surface["roughnessFactor"] = finite("a roughness", material.roughness)
    entry: JsonObject = {"name": material.name, "pbrMetallicRoughness": surface}
    entry["emissiveFactor"] = finite_row("an emissive colour", material.emissive)
    if material.emissive_image is not None:
        entry["emissiveTexture"] = {"index": tables.texture(material.emissive_image)}
    strength = finite("an emissive strength", material.emissive_strength)
    if strength != 1.0 and not any(material.emissive):
        # The validator warns of a strength where nothing shines.
        entry["extras"] = {"emissiveStrength": strength}
    elif strength != 1.0:
        tables.extensions.add("KHR_materials_emissive_strength")
        entry["extensions"] = {"KHR_materials_emissive_strength": {"emissiveStrength": strength}}
    entry["alphaMode"] = material.alpha_mode
    entry["doubleSided"] = bool(material.double_sided)
    return tables.share("materials", entry)
