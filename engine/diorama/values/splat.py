"""Gaussian splats: soft coloured ellipsoids that together look like a thing or a place, written as PLY."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar, Self

import numpy as np

from diorama.faults import BadInput
from diorama.limits import limits
from diorama.values.canonical import unit_rows
from diorama.values.mesh import Floats
from diorama.values.value import Value

if TYPE_CHECKING:
    from pydantic import JsonValue

HARMONIC = 0.28209479177387814
"""The spherical harmonic of degree 0, a constant: a colour is 0.5 + HARMONIC * its coefficient (Kerbl et al., 2023)."""
MOST_LOG = 20.0
"""Bounds on logarithms of radii and on logits of opacities; what lies beyond is as good as there."""
FARTHEST = 1e6
"""Metres from the origin that a gaussian may be."""


@dataclass(frozen=True, slots=True, eq=False)
class Splat(Value):
    """Gaussians, each a row of every array. Metres, Y up, as in glTF.

    positions: (n, 3) float32, their middles; log_scales: (n, 3) float32, natural logarithms of the standard deviations
    in metres along their own axes; rotations: (n, 4) float32, quaternions (x, y, z, w) of those axes; opacity_logits:
    (n,) float32, log(a / (1 - a)); colors: (n, 3) float32, coefficients of the spherical harmonic of degree 0 in sRGB.
    Those of higher degrees, by which a colour changes with the direction that it is seen from, are not kept.
    Quaternions are brought to length one; logarithms within their bounds.
    """

    type_name: ClassVar[str] = "splat"
    media_type: ClassVar[str] = "application/x-ply"
    suffix: ClassVar[str] = ".ply"

    positions: Floats
    log_scales: Floats
    rotations: Floats
    opacity_logits: Floats
    colors: Floats

    def __post_init__(self) -> None:
        count = len(self.positions)
        shapes = {
            "positions": (count, 3),
            "log_scales": (count, 3),
            "rotations": (count, 4),
            "opacity_logits": (count,),
            "colors": (count, 3),
        }
        for name, shape in shapes.items():
            given: Floats = getattr(self, name)
            if given.shape != shape:
                raise ValueError(f"{name} are {given.shape}, but {shape} is wanted")
            # There is one nought: of two, each would have bytes of its own.
            object.__setattr__(self, name, given.astype(np.float32) + np.float32(0.0))
        object.__setattr__(self, "log_scales", np.clip(self.log_scales, -MOST_LOG, MOST_LOG))
        object.__setattr__(self, "opacity_logits", np.clip(self.opacity_logits, -MOST_LOG, MOST_LOG))
        object.__setattr__(self, "rotations", unit_rows(self.rotations, (0.0, 0.0, 0.0, 1.0)))
        fault = fault_in(self)
        if fault is not None:
            raise ValueError(fault)

    @classmethod
    def of(cls, positions: Floats, scales: Floats, rotations: Floats, opacities: Floats, colors: Floats) -> Self:
        """Gaussians of standard deviations in metres, opacities from 0 to 1 and sRGB colours from 0 to 1."""
        shares = np.clip(opacities.astype(np.float64), 1e-6, 1.0 - 1e-6)
        return cls(
            positions,
            np.log(np.maximum(scales.astype(np.float64), 1e-8)).astype(np.float32),
            rotations,
            np.log(shares / (1.0 - shares)).astype(np.float32),
            ((colors.astype(np.float64) - 0.5) / HARMONIC).astype(np.float32),
        )

    @property
    def count(self) -> int:
        """How many gaussians there are."""
        return len(self.positions)

    @property
    def scales(self) -> Floats:
        """Standard deviations in metres, (n, 3) float32."""
        return np.asarray(np.exp(self.log_scales), np.float32)

    @property
    def opacities(self) -> Floats:
        """Opacities from 0 to 1, (n,) float32."""
        shares: Floats = (1.0 / (1.0 + np.exp(-self.opacity_logits))).astype(np.float32)
        return shares

    @property
    def shades(self) -> Floats:
        """sRGB colours from 0 to 1, (n, 3) float32."""
        return np.asarray(np.clip(np.float32(0.5) + np.float32(HARMONIC) * self.colors, 0.0, 1.0), np.float32)

    def bounds(self) -> Floats:
        """The lowest and the highest corner of the middles, (2, 3) float32 in metres; zeros where there are none."""
        if not self.count:
            return np.zeros((2, 3), np.float32)
        return np.stack([self.positions.min(axis=0), self.positions.max(axis=0)])

    def flipped(self) -> Splat:
        """The gaussians turned by half about the X axis, exactly: from Y up to Y down, and back."""
        across = np.array([1, -1, -1], np.float32)
        turn = np.array([1, -1, -1, 1], np.float32)
        return Splat(self.positions * across, self.log_scales, self.rotations * turn, self.opacity_logits, self.colors)

    def encode(self) -> bytes:
        """The gaussians as binary PLY, Y down as it is in such files."""
        from diorama.values.splat_ply import write_ply

        return write_ply(self.flipped())

    @classmethod
    def decode(cls, content: bytes) -> Self:
        """The gaussians of a PLY or SPZ."""
        from diorama.values.splat_ply import read_ply
        from diorama.values.splat_spz import GZIP, read_spz

        found = read_spz(content) if content[:2] == GZIP else read_ply(content).flipped()
        return cls(found.positions, found.log_scales, found.rotations, found.opacity_logits, found.colors)

    def describe(self) -> dict[str, JsonValue]:
        """How many gaussians, and the size around their middles in metres (width, height, depth)."""
        low, high = self.bounds()
        size: list[JsonValue] = [round(float(length), 4) for length in high - low]
        return {"gaussians": self.count, "size": size}


def check_count(count: int, what: str) -> None:
    """Refuse more gaussians than the limit, before memory is taken for them; raises `BadInput`."""
    most = limits().max_gaussians
    if count > most:
        raise BadInput(f"the {what} has {count:,} gaussians, but at most {most:,} are taken")


def fault_in(splat: Splat) -> str | None:
    """The sentence that says which number of which gaussian is none, or too far off; None where all are well."""
    parts = {
        "position": splat.positions,
        "scale": splat.log_scales,
        "rotation": splat.rotations,
        "opacity": splat.opacity_logits,
        "color": splat.colors,
    }
    for name, rows in parts.items():
        is_wrong = ~np.isfinite(rows).reshape(splat.count, -1).all(axis=1) if splat.count else np.zeros(0, np.bool_)
        wrong = np.flatnonzero(is_wrong)
        if len(wrong):
            return f"the {name} of gaussian {int(wrong[0]):,} is no number, but a finite one is wanted"
    far = np.flatnonzero(np.abs(splat.positions).max(axis=1, initial=0.0) > FARTHEST)
    if len(far):
        farthest = float(np.abs(splat.positions[far[0]]).max())
        return f"gaussian {int(far[0]):,} is {farthest:g} m from the origin, but at most {FARTHEST:,.0f} m are taken"
    return None


def checked(positions: Floats, log_scales: Floats, rotations: Floats, logits: Floats, colors: Floats) -> Splat:
    """Gaussians that came from outside; raises `BadInput` where one of their numbers is none."""
    with np.errstate(all="ignore"):
        try:
            return Splat(positions, log_scales, rotations, logits, colors)
        except ValueError as error:
            raise BadInput(str(error)) from error
