"""Triangle meshes with materials, written as GLB."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, ClassVar, Literal, Self

import numpy as np

from diorama.values.canonical import clipped, unit_rows
from diorama.values.value import Value

if TYPE_CHECKING:
    from pydantic import JsonValue

    from diorama.values.image import Image

Floats = np.ndarray[tuple[int, ...], np.dtype[np.float32]]
Triangles = np.ndarray[tuple[int, ...], np.dtype[np.uint32]]
Rgb = tuple[float, float, float]
Rgba = tuple[float, float, float, float]


@dataclass(frozen=True, slots=True, eq=False)
class Material:
    """A metallic-roughness material as in glTF 2.0: factors are linear, pictures sRGB.

    Factors are brought between 0 and 1; what `emissive` has beyond 1 goes into its strength.
    """

    name: str = "material"
    base_color: Rgba = (1.0, 1.0, 1.0, 1.0)
    metallic: float = 0.0
    roughness: float = 0.8
    emissive: Rgb = (0.0, 0.0, 0.0)
    emissive_strength: float = 1.0
    """Factor on `emissive`, above 1 for a light source (KHR_materials_emissive_strength)."""
    base_color_image: Image | None = None
    emissive_image: Image | None = None
    double_sided: bool = False
    alpha_mode: Literal["OPAQUE", "MASK", "BLEND"] = "OPAQUE"

    def __post_init__(self) -> None:
        red, green, blue, alpha = self.base_color
        object.__setattr__(self, "base_color", (clipped(red), clipped(green), clipped(blue), clipped(alpha)))
        object.__setattr__(self, "metallic", clipped(self.metallic))
        object.__setattr__(self, "roughness", clipped(self.roughness))
        brightest = max(*self.emissive, 1.0)
        shares = tuple(max(color / brightest, 0.0) for color in self.emissive)
        object.__setattr__(self, "emissive", shares)
        object.__setattr__(self, "emissive_strength", max(self.emissive_strength * brightest, 0.0))


@dataclass(frozen=True, slots=True, eq=False)
class Part:
    """Triangles of one material. Metres, Y up, -Z is the front's back: a front faces +Z, as in glTF.

    positions, normals: (n, 3) float32; triangles: (m, 3) uint32, counter-clockwise seen from outside;
    uvs: (n, 2) float32 with (0, 0) at the top left of the picture, or None.
    Normals are brought to length one; one of no length points up.
    """

    positions: Floats
    normals: Floats
    triangles: Triangles
    uvs: Floats | None = None
    material: Material = field(default_factory=Material)

    def __post_init__(self) -> None:
        count = len(self.positions)
        if self.positions.shape != (count, 3) or self.normals.shape != (count, 3):
            raise ValueError(f"positions {self.positions.shape} and normals {self.normals.shape} must both be (n, 3)")
        if self.uvs is not None and self.uvs.shape != (count, 2):
            raise ValueError(f"uvs are {self.uvs.shape}, but {(count, 2)} is wanted")
        if self.triangles.ndim != 2 or self.triangles.shape[1] != 3:
            raise ValueError(f"triangles are {self.triangles.shape}, but (m, 3) is wanted")
        if self.triangles.size and int(self.triangles.max()) >= count:
            raise ValueError(f"a triangle names vertex {int(self.triangles.max())} of {count}")
        object.__setattr__(self, "positions", self.positions.astype(np.float32, copy=False))
        normals = self.normals.astype(np.float32, copy=False)
        object.__setattr__(self, "normals", unit_rows(normals, (0.0, 1.0, 0.0)))
        object.__setattr__(self, "triangles", self.triangles.astype(np.uint32, copy=False))
        if self.uvs is not None:
            object.__setattr__(self, "uvs", self.uvs.astype(np.float32, copy=False))


@dataclass(frozen=True, slots=True, eq=False)
class Mesh(Value):
    """A shape made of parts, each with a material of its own; its origin stands on the ground under its middle."""

    type_name: ClassVar[str] = "mesh"
    media_type: ClassVar[str] = "model/gltf-binary"
    suffix: ClassVar[str] = ".glb"

    parts: tuple[Part, ...]

    @property
    def vertex_count(self) -> int:
        """Vertices of all parts."""
        return sum(len(part.positions) for part in self.parts)

    @property
    def face_count(self) -> int:
        """Triangles of all parts."""
        return sum(len(part.triangles) for part in self.parts)

    def bounds(self) -> Floats:
        """The lowest and the highest corner, (2, 3) float32 in metres; zeros for a mesh without vertices."""
        filled = [part.positions for part in self.parts if len(part.positions)]
        if not filled:
            return np.zeros((2, 3), np.float32)
        lows = np.min([positions.min(axis=0) for positions in filled], axis=0)
        highs = np.max([positions.max(axis=0) for positions in filled], axis=0)
        return np.stack([lows, highs]).astype(np.float32)

    def encode(self) -> bytes:
        """The mesh as GLB: one node, one primitive a part."""
        from diorama.values.glb_write import write_mesh

        return write_mesh(self)

    @classmethod
    def decode(cls, content: bytes) -> Self:
        """The mesh that a GLB holds, its nodes' transforms applied; skins and animations are not read."""
        from diorama.values.glb_read import read_mesh

        return cls(read_mesh(content).parts)

    def describe(self) -> dict[str, JsonValue]:
        """Vertices, faces, parts, and size in metres (width, height, depth)."""
        low, high = self.bounds()
        size: list[JsonValue] = [round(float(length), 4) for length in high - low]
        return {
            "vertices": self.vertex_count,
            "faces": self.face_count,
            "parts": len(self.parts),
            "size": size,
        }
