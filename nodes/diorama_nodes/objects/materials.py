"""Named materials: a light pattern that repeats every metre, tinted by a colour, so that pictures are shared."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

from diorama.values import Material
from diorama.values.mesh import Rgb
from diorama_nodes.objects.patterns import pattern_image


@dataclass(frozen=True, slots=True)
class Finish:
    """How a material looks where nothing else was asked for."""

    color: str
    roughness: float = 0.8
    metallic: float = 0.0
    pattern: str = ""
    alpha: float = 1.0


FINISHES: dict[str, Finish] = {
    "wood": Finish("#8a5a33", 0.62, 0.0, "grain"),
    "wood_planks": Finish("#7d5532", 0.72, 0.0, "planks"),
    "bark": Finish("#5a4130", 0.95, 0.0, "bark"),
    "metal": Finish("#9aa0a6", 0.38, 0.85, "brushed"),
    "painted_metal": Finish("#4a5560", 0.45, 0.25, "worn"),
    "enamel": Finish("#d4d6d3", 0.3, 0.05),
    "rusty_metal": Finish("#7a4a32", 0.8, 0.35, "worn"),
    "iron": Finish("#3a3c40", 0.5, 0.75, "worn"),
    "gold": Finish("#e0b04a", 0.25, 1.0),
    "brass": Finish("#b8893c", 0.32, 0.95, "brushed"),
    "copper": Finish("#b06a45", 0.35, 0.95, "brushed"),
    "chrome": Finish("#d8dce0", 0.12, 1.0),
    "stone": Finish("#8d8a84", 0.92, 0.0, "stone"),
    "stone_blocks": Finish("#8a857c", 0.92, 0.0, "blocks"),
    "marble": Finish("#e6e2da", 0.25, 0.0, "marble"),
    "concrete": Finish("#85878a", 0.9, 0.0, "concrete"),
    "plaster": Finish("#cfc8ba", 0.95, 0.0, "concrete"),
    "brick": Finish("#8c4f3d", 0.9, 0.0, "brick"),
    "tiles": Finish("#d9dcdd", 0.3, 0.0, "tiles"),
    "roof_tiles": Finish("#7c4436", 0.8, 0.0, "shingles"),
    "cobble": Finish("#6f6c68", 0.8, 0.0, "cobble"),
    "asphalt": Finish("#3a3b3e", 0.85, 0.0, "asphalt"),
    "sand": Finish("#c9b183", 0.98, 0.0, "sand"),
    "soil": Finish("#4a3626", 1.0, 0.0, "sand"),
    "snow": Finish("#eef2f6", 0.9, 0.0, "sand"),
    "glass": Finish("#bcd6dd", 0.06, 0.0, "", 0.32),
    "dark_glass": Finish("#1a2229", 0.08, 0.2),
    "mirror": Finish("#e8edf0", 0.03, 1.0),
    "water": Finish("#2c5566", 0.05, 0.0, "", 0.72),
    "leather": Finish("#6b4128", 0.5, 0.0, "leather"),
    "fabric": Finish("#7d6a72", 0.95, 0.0, "weave"),
    "canvas": Finish("#cdbf9f", 0.95, 0.0, "weave"),
    "paper": Finish("#e9e1cc", 0.95),
    "cardboard": Finish("#a9845a", 0.95),
    "wicker": Finish("#a67c48", 0.85, 0.0, "wicker"),
    "plastic": Finish("#c04a3a", 0.42),
    "rubber": Finish("#222325", 0.85),
    "ceramic": Finish("#dfe3e2", 0.18),
    "clay": Finish("#a9623f", 0.9, 0.0, "concrete"),
    "foliage": Finish("#3f6b2f", 0.9, 0.0, "leaves"),
    "grass": Finish("#5a7f35", 0.95, 0.0, "grass"),
    "thatch": Finish("#a78a52", 1.0, 0.0, "grass"),
    "fur": Finish("#8a6a48", 0.95, 0.0, "grass"),
    "skin": Finish("#c99a78", 0.65),
    "ice": Finish("#cfe6f0", 0.1, 0.0, "marble"),
    "wax": Finish("#efe6d0", 0.5),
    "crystal": Finish("#a8d8e8", 0.04, 0.0, "", 0.45),
    "food": Finish("#c8763a", 0.6),
    "paint": Finish("#b03a30", 0.5),
    "carbon": Finish("#26282c", 0.45, 0.3),
}
"""Materials by name."""

WORDS: dict[str, str] = {
    "steel": "metal",
    "aluminium": "metal",
    "silver": "chrome",
    "bronze": "brass",
    "wooden": "wood",
    "oak_wood": "wood",
    "granite": "stone",
    "rock": "stone",
    "porcelain": "ceramic",
    "velvet": "fabric",
    "cloth": "fabric",
    "silk": "fabric",
    "wool": "fabric",
    "cotton": "fabric",
    "neon": "plastic",
    "rust": "rusty_metal",
    "straw": "thatch",
    "bamboo": "wood",
    "rattan": "wicker",
    "terracotta": "clay",
    "obsidian": "dark_glass",
    "leaves": "foliage",
}
"""Other words for materials."""


def linear_rgb(color: str) -> Rgb:
    """The linear RGB of an sRGB colour `#rrggbb` (IEC 61966-2-1)."""
    red, green, blue = (int(color[at : at + 2], 16) / 255 for at in (1, 3, 5))
    return _linear(red), _linear(green), _linear(blue)


def _linear(share: float) -> float:
    return share / 12.92 if share <= 0.04045 else float(((share + 0.055) / 1.055) ** 2.4)


def shaded(color: str, factor: float) -> str:
    """The colour made darker (below 1) or lighter (above 1, towards white)."""
    channels = [int(color[at : at + 2], 16) for at in (1, 3, 5)]
    if factor <= 1:
        mixed = [round(channel * factor) for channel in channels]
    else:
        mixed = [round(255 - (255 - channel) / factor) for channel in channels]
    return "#" + "".join(f"{channel:02x}" for channel in mixed)


def blended(one: str, other: str, share: float) -> str:
    """A colour between two: `share` 0 gives the one, 1 the other."""
    pairs = [(int(one[at : at + 2], 16), int(other[at : at + 2], 16)) for at in (1, 3, 5)]
    return "#" + "".join(f"{round(a + (b - a) * share):02x}" for a, b in pairs)


@cache
def material(name: str, color: str | None = None, *, roughness: float | None = None) -> Material:
    """The material of a name in `FINISHES` or `WORDS`, in its own colour or in `color`; raises `KeyError`."""
    word = WORDS.get(name, name)
    finish = FINISHES[word]
    red, green, blue = linear_rgb(color or finish.color)
    return Material(
        name=f"{word} {color or finish.color}",
        base_color=(red, green, blue, finish.alpha),
        metallic=finish.metallic,
        roughness=finish.roughness if roughness is None else roughness,
        base_color_image=pattern_image(finish.pattern) if finish.pattern else None,
        double_sided=word in ("glass", "water", "crystal"),
        alpha_mode="BLEND" if finish.alpha < 1 else "OPAQUE",
    )


@cache
def leafy(name: str, color: str | None = None) -> Material:
    """The material seen from both sides, for leaves, cloth and paper."""
    from dataclasses import replace

    return replace(material(name, color), double_sided=True)


@cache
def glow(color: str, strength: float = 8.0) -> Material:
    """A material that shines in a colour; 8 is a neon tube, 2 a lit window."""
    red, green, blue = linear_rgb(color)
    # A tube's own body is pale: what is seen of it when it is not bright is the tint of its glass.
    return Material(
        name=f"glow {color} {strength:g}",
        base_color=(0.2 + 0.5 * red, 0.2 + 0.5 * green, 0.2 + 0.5 * blue, 1.0),
        roughness=0.4,
        emissive=(red, green, blue),
        emissive_strength=strength,
    )


def is_material(name: str) -> bool:
    """Whether `material` knows the name."""
    return WORDS.get(name, name) in FINISHES
