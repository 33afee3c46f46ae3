"""Colour as pictures need it: sRGB, linear light, CIELAB, and hex."""

from __future__ import annotations

import numpy as np

Floats = np.ndarray[tuple[int, ...], np.dtype[np.float32]]
Rgb = tuple[float, float, float]

D65 = np.array([0.95047, 1.0, 1.08883], np.float32)
"""White point of sRGB (IEC 61966-2-1)."""
TO_XYZ = np.array(
    [[0.4124564, 0.3575761, 0.1804375], [0.2126729, 0.7151522, 0.0721750], [0.0193339, 0.1191920, 0.9503041]],
    np.float32,
)
LINEAR_OF_BYTE = np.array(
    [v / 12.92 if v <= 0.04045 else ((v + 0.055) / 1.055) ** 2.4 for v in np.arange(256) / 255.0], np.float32
)
"""Linear light of each 8-bit sRGB value: a look-up is ten times as fast as the power."""


def lab(pixels: np.ndarray[tuple[int, ...], np.dtype[np.uint8]]) -> Floats:
    """CIELAB of 8-bit sRGB `pixels` (..., 3): lightness 0 to 100, a and b about -100 to 100."""
    xyz = (LINEAR_OF_BYTE[pixels] @ TO_XYZ.T) / D65
    bent = np.where(xyz > 0.008856, np.cbrt(xyz), 7.787 * xyz + 16 / 116).astype(np.float32)
    x, y, z = bent[..., 0], bent[..., 1], bent[..., 2]
    return np.stack([116 * y - 16, 500 * (x - y), 200 * (y - z)], axis=-1)


def rgb(hex_colour: str) -> Rgb:
    """The sRGB parts, 0 to 1, of `#rrggbb`."""
    red, green, blue = bytes.fromhex(hex_colour.removeprefix("#"))
    return red / 255, green / 255, blue / 255


def hex_of(colour: np.ndarray[tuple[int, ...], np.dtype[np.generic]]) -> str:
    """`#rrggbb` of three 8-bit parts."""
    return "#" + "".join(f"{min(max(round(float(part)), 0), 255):02x}" for part in colour)


def mix(first: Rgb, second: Rgb, share: float) -> Rgb:
    """The colour `share` of the way from `first` to `second`."""
    a, b = np.asarray(first), np.asarray(second)
    red, green, blue = (a + (b - a) * share).tolist()
    return red, green, blue
