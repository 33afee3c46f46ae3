"""How the materials of a GLB are read, each once."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Literal

import numpy as np

from diorama.values.glb_document import Document
from diorama.values.glb_entry import Entry
from diorama.values.image import Image
from diorama.values.mesh import Floats, Material

AlphaMode = Literal["OPAQUE", "MASK", "BLEND"]
ALPHA_MODES: dict[str, AlphaMode] = {"OPAQUE": "OPAQUE", "MASK": "MASK", "BLEND": "BLEND"}
DEFAULT = Material("default", metallic=1.0, roughness=1.0)
"""What glTF gives a primitive that names no material."""


@dataclass(frozen=True, slots=True)
class UvTransform:
    """How uvs are scaled, then turned by radians, then moved (KHR_texture_transform)."""

    offset: tuple[float, ...]
    rotation: float
    scale: tuple[float, ...]

    def __call__(self, uvs: Floats) -> Floats:
        """The uvs, (n, 2) float32, on their place in the picture."""
        if self == UNMOVED:
            return uvs
        u, v = (uvs.astype(np.float64) * np.array(self.scale)).T
        cosine, sine = np.cos(self.rotation), np.sin(self.rotation)
        turned = np.stack([cosine * u + sine * v, cosine * v - sine * u], axis=1)
        return np.asarray(turned + np.array(self.offset), np.float32)


UNMOVED = UvTransform((0.0, 0.0), 0.0, (1.0, 1.0))


class MaterialReader:
    """Reads the materials that primitives name."""

    def __init__(self, document: Document) -> None:
        self._document = document
        self._read: dict[int, Material] = {}
        self._tinted: dict[tuple[int, tuple[float, ...]], Material] = {}

    def material(self, primitive: Entry) -> Material:
        """The material of the primitive."""
        if "material" not in primitive:
            return DEFAULT
        place = primitive.whole("material")
        if place not in self._read:
            self._read[place] = self._material(self._document.entry("materials", place))
        return self._read[place]

    def tinted(self, material: Material, tint: tuple[float, ...]) -> Material:
        """The material with its base colour times the one colour that all vertices have."""
        if all(part == 1.0 for part in tint):
            return material
        key = (id(material), tint)
        if key not in self._tinted:
            red, green, blue, alpha = (
                base * min(max(part, 0.0), 1.0)
                for base, part in zip(material.base_color, (*tint, 1.0)[:4], strict=True)
            )
            self._tinted[key] = replace(material, base_color=(red, green, blue, alpha))
        return self._tinted[key]

    def uv_source(self, primitive: Entry) -> tuple[int, UvTransform]:
        """Which uv layer the primitive's pictures use, and how its uvs are moved; the first, unmoved, without one.

        Pictures of one material that are moved apart all follow its base colour.
        """
        if "material" not in primitive:
            return 0, UNMOVED
        material = self._document.entry("materials", primitive.whole("material"))
        surface = material.child("pbrMetallicRoughness")
        picture = None if surface is None else surface.child("baseColorTexture")
        picture = picture or material.child("emissiveTexture")
        if picture is None:
            return 0, UNMOVED
        moves = _extension(picture, "KHR_texture_transform")
        if moves is None:
            return picture.whole("texCoord", 0, below=64), UNMOVED
        layer = moves.whole("texCoord", picture.whole("texCoord", 0, below=64), below=64)
        offset, scale = moves.numbers("offset", 2, (0.0, 0.0)), moves.numbers("scale", 2, (1.0, 1.0))
        return layer, UvTransform(offset, moves.number("rotation", 0.0), scale)

    def _material(self, entry: Entry) -> Material:
        surface = entry.child("pbrMetallicRoughness") or Entry(entry.at, {})
        red, green, blue, alpha = surface.numbers("baseColorFactor", 4, (1.0, 1.0, 1.0, 1.0))
        glow_red, glow_green, glow_blue = entry.numbers("emissiveFactor", 3, (0.0, 0.0, 0.0))
        mode = entry.text("alphaMode", "OPAQUE")
        if mode not in ALPHA_MODES:
            raise entry.fault(f"has alpha mode {mode[:20]!r}, but one of {', '.join(ALPHA_MODES)} is wanted")
        return Material(
            name=entry.text("name", "material"),
            base_color=(red, green, blue, alpha),
            metallic=surface.number("metallicFactor", 1.0),
            roughness=surface.number("roughnessFactor", 1.0),
            emissive=(glow_red, glow_green, glow_blue),
            emissive_strength=self._strength(entry),
            base_color_image=self._picture(surface, "baseColorTexture"),
            emissive_image=self._picture(entry, "emissiveTexture"),
            double_sided=entry.flag("doubleSided"),
            alpha_mode=ALPHA_MODES[mode],
        )

    def _picture(self, holder: Entry, key: str) -> Image | None:
        named = holder.child(key)
        if named is None:
            return None
        texture = self._document.entry("textures", named.whole("index"))
        webp = _extension(texture, "EXT_texture_webp")
        holder = texture if webp is None else webp
        # Without a source the picture is in a format of another extension, such as KTX2, which is not read.
        return self._document.image(holder.whole("source")) if "source" in holder else None

    def _strength(self, entry: Entry) -> float:
        strong = _extension(entry, "KHR_materials_emissive_strength")
        if strong is None and self._document.is_ours:
            strong = entry.child("extras")
        return 1.0 if strong is None else strong.number("emissiveStrength", 1.0)


def _extension(entry: Entry, name: str) -> Entry | None:
    extensions = entry.child("extensions")
    return None if extensions is None else extensions.child(name)
