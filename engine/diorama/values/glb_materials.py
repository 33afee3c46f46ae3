"""How the materials of a GLB are read, each once."""

from __future__ import annotations

from dataclasses import replace
from typing import Literal

from diorama.values.glb_document import Document
from diorama.values.glb_entry import Entry
from diorama.values.image import Image
from diorama.values.mesh import Material

AlphaMode = Literal["OPAQUE", "MASK", "BLEND"]
ALPHA_MODES: dict[str, AlphaMode] = {"OPAQUE": "OPAQUE", "MASK": "MASK", "BLEND": "BLEND"}
DEFAULT = Material("default", metallic=1.0, roughness=1.0)
"""What glTF gives a primitive that names no material."""


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

    def uv_layer(self, primitive: Entry) -> int:
        """Which of the primitive's uv layers its pictures use; the first where it has none."""
        if "material" not in primitive:
            return 0
        material = self._document.entry("materials", primitive.whole("material"))
        surface = material.child("pbrMetallicRoughness")
        picture = None if surface is None else surface.child("baseColorTexture")
        picture = picture or material.child("emissiveTexture")
        return 0 if picture is None else picture.whole("texCoord", 0, below=64)

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
        # Without a source the picture is in a format of an extension, such as KTX2, which is not read.
        return self._document.image(texture.whole("source")) if "source" in texture else None

    def _strength(self, entry: Entry) -> float:
        extensions = entry.child("extensions")
        strong = None if extensions is None else extensions.child("KHR_materials_emissive_strength")
        if strong is None and self._document.is_ours:
            strong = entry.child("extras")
        return 1.0 if strong is None else strong.number("emissiveStrength", 1.0)
