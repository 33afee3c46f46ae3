"""Materials of skin, hair, cloth, leather and metal from sRGB colours."""

from __future__ import annotations

from diorama.values.mesh import Material, Rgb

SKINS = ("#f1c9a5", "#e3b08a", "#c98f66", "#a56b46", "#7b4a2e", "#f5d5b8")
HAIRS = ("#2a1c14", "#4a3020", "#7a5230", "#b98a4a", "#161414", "#6e2f1a", "#8d8a86")
PLAIN = ("#3d5a80", "#7a3b3f", "#4f6d4a", "#8a6a3d", "#5b4a78", "#2f6f73", "#9a5a3a", "#44536b")
"""Colours of clothes where neither role nor character names one."""


def linear(color: str) -> Rgb:
    """The linear RGB of an sRGB colour `#rrggbb`."""
    channels = [int(color[place : place + 2], 16) / 255 for place in (1, 3, 5)]
    red, green, blue = (c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels)
    return red, green, blue


def shaded(color: str, factor: float) -> str:
    """A darker (factor below 1) or lighter sRGB colour."""
    channels = [min(max(round(int(color[place : place + 2], 16) * factor), 0), 255) for place in (1, 3, 5)]
    return "#" + "".join(f"{channel:02x}" for channel in channels)


def matte(name: str, color: str, roughness: float = 0.85) -> Material:
    """Cloth, hair, wood."""
    return Material(name, (*linear(color), 1.0), 0.0, roughness, double_sided=True)


def glossy(name: str, color: str, roughness: float = 0.35) -> Material:
    """Leather, eyes, lacquer."""
    return Material(name, (*linear(color), 1.0), 0.0, roughness)


def metal(name: str, color: str, roughness: float = 0.32) -> Material:
    """Bare metal."""
    return Material(name, (*linear(color), 1.0), 0.9, roughness, double_sided=True)


def glowing(name: str, color: str, strength: float) -> Material:
    """What shines by itself."""
    return Material(name, (*linear(color), 1.0), 0.0, 0.5, linear(color), strength)
