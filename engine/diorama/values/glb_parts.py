"""How the primitives of a GLB become parts: triangles, normals, uvs and a material."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from diorama.values.glb_document import Document
from diorama.values.glb_entry import Entry
from diorama.values.glb_materials import MaterialReader
from diorama.values.glb_tables import Array
from diorama.values.mesh import Floats, Part, Triangles

TRIANGLES, STRIP, FAN = 4, 5, 6


@dataclass(frozen=True, slots=True)
class Primitive:
    """A part as it was read, and the vertices of the file that its vertices are (None: the same, in order)."""

    part: Part
    entry: Entry
    vertices: Triangles | None = None


class PartReader:
    """Reads primitives; the materials that they share are read once."""

    def __init__(self, document: Document) -> None:
        self.document = document
        self.materials = MaterialReader(document)

    def primitives(self, mesh: Entry) -> list[Primitive]:
        """The primitives of a mesh that have triangles, or that stand for a part without any."""
        found = [entry for entry in mesh.items("primitives") if not self._is_absent(entry)]
        return [self._primitive(entry) for entry in found if entry.whole("mode", TRIANGLES, below=7) >= TRIANGLES]

    def _primitive(self, entry: Entry) -> Primitive:
        attributes = entry.required("attributes")
        positions = real(attributes, self.document.array(attributes.whole("POSITION"), "VEC3"))
        triangles = self._triangles(entry, len(positions))
        material = self.materials.material(entry)
        tints = self._attribute(attributes, "COLOR_0", len(positions), "VEC3", "VEC4")
        if tints is not None and (tints == tints[0]).all():
            material = self.materials.tinted(material, tuple(tints[0].tolist()))
        part = Part(positions, np.zeros_like(positions), triangles, self._uvs(entry, len(positions)), material)
        normals = self._attribute(attributes, "NORMAL", len(positions), "VEC3")
        if normals is None:
            flat, vertices = _flat(part)
            return Primitive(flat, entry, vertices)
        part = replace(part, normals=normals)
        extras = entry.child("extras") if self.document.is_ours else None
        return Primitive(part if extras is None else _undone(part, extras), entry)

    def _is_absent(self, entry: Entry) -> bool:
        extras = entry.child("extras") if self.document.is_ours else None
        return extras is not None and extras.flag("absent")

    def _attribute(self, attributes: Entry, name: str, count: int, *types: str) -> Floats | None:
        if name not in attributes:
            return None
        place = attributes.whole(name)
        if self.document.count(place) != count:
            raise attributes.fault(f"has {self.document.count(place):,} of {name} for {count:,} positions")
        return real(attributes, self.document.array(place, *types), is_normalized=True)

    def _uvs(self, entry: Entry, count: int) -> Floats | None:
        layer, moves = self.materials.uv_source(entry)
        uvs = self._attribute(entry.required("attributes"), f"TEXCOORD_{layer}", count, "VEC2")
        if uvs is None:
            return None
        with np.errstate(over="ignore", invalid="ignore"):
            moved = moves(uvs)
        if not np.isfinite(moved).all():
            raise entry.fault("has uvs that are moved beyond all numbers")
        return moved

    def _triangles(self, entry: Entry, count: int) -> Triangles:
        if "indices" in entry:
            place = entry.whole("indices")
            order = self.document.array(place, "SCALAR")
            if order.dtype.kind != "u":
                raise entry.fault(f"has indices of type {order.dtype.name}, but unsigned whole numbers are wanted")
            if int(order.max()) >= count:
                raise entry.fault(f"names vertex {int(order.max()):,} of {count:,}")
            indices = order.astype(np.uint32)
        else:
            indices = np.arange(count, dtype=np.uint32)
        return _in_threes(indices, entry.whole("mode", TRIANGLES))


def real(entry: Entry, rows: Array, *, is_normalized: bool = False) -> Floats:
    """The rows as float32; whole numbers are fractions of their largest where `is_normalized` (glTF 2.0, 3.6.2.2)."""
    if rows.dtype.kind == "f":
        if not np.isfinite(rows).all():
            raise entry.fault("holds a number that is not finite")
        return rows.astype(np.float32, copy=False)
    if not is_normalized:
        return rows.astype(np.float32)
    largest = 2.0 ** (8 * rows.dtype.itemsize - (rows.dtype.kind == "i")) - 1.0
    return np.maximum(rows.astype(np.float64) / largest, -1.0).astype(np.float32)


def _undone(part: Part, extras: Entry) -> Part:
    """The part as it was before it was filled for want of an empty primitive or of uvs."""
    uvs = part.uvs if extras.flag("uvs", default=True) else None
    if "vertices" not in extras:
        return part if uvs is part.uvs else replace(part, uvs=None)
    kept = slice(extras.whole("vertices", below=len(part.positions) + 1))
    none = np.zeros((0, 3), np.uint32)
    return Part(part.positions[kept], part.normals[kept], none, None if uvs is None else uvs[kept], part.material)


def _in_threes(indices: Triangles, mode: int) -> Triangles:
    """Indices of triangles, a strip or a fan as rows of three, each turned as it is drawn (glTF 2.0, 3.7.2.1)."""
    if mode == TRIANGLES:
        return indices[: len(indices) // 3 * 3].reshape(-1, 3)
    places = np.arange(max(len(indices) - 2, 0))
    if mode == FAN:
        rows = np.stack([places + 1, places + 2, np.zeros_like(places)], axis=1)
    else:
        odd = places % 2
        rows = np.stack([places, places + 1 + odd, places + 2 - odd], axis=1)
    threes = indices[rows]
    first, second, third = threes.T
    distinct: Triangles = threes[(first != second) & (second != third) & (third != first)]
    return distinct


def _flat(part: Part) -> tuple[Part, Triangles]:
    """The part with a vertex for each corner and the normal of its triangle there; also which vertex each was."""
    vertices = part.triangles.reshape(-1)
    corners = part.positions[part.triangles].astype(np.float64)
    normals = np.cross(corners[:, 1] - corners[:, 0], corners[:, 2] - corners[:, 0])
    lengths = np.linalg.norm(normals, axis=1, keepdims=True)
    normals = np.where(lengths > 0, normals / np.where(lengths > 0, lengths, 1.0), (0.0, 1.0, 0.0))
    triangles = np.arange(len(vertices), dtype=np.uint32).reshape(-1, 3)
    uvs = None if part.uvs is None else part.uvs[vertices]
    everywhere = np.repeat(normals, 3, axis=0).astype(np.float32)
    return Part(part.positions[vertices], everywhere, triangles, uvs, part.material), vertices
