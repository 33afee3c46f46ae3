"""Splats as files: reading the three formats, and the two that are made besides the PLY that a splat is stored as."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar, Literal

import numpy as np

from diorama.faults import BadInput
from diorama.types import File
from diorama.values import Splat
from diorama.values.container import Container
from diorama.values.splat_ply import MARKS, read_ply
from diorama.values.splat_rows import ROW, read_rows
from diorama.values.splat_spz import GZIP, read_spz
from diorama_nodes.images.files import checked_content

if TYPE_CHECKING:
    from pydantic import JsonValue

Up = Literal["format", "y", "z"]
Axis = Literal["y", "-y"]


@dataclass(frozen=True, slots=True)
class Spz(Container):
    """A splat as SPZ."""

    type_name: ClassVar[str] = "spz"
    media_type: ClassVar[str] = "application/x-spz"
    suffix: ClassVar[str] = ".spz"

    @classmethod
    def check(cls, content: bytes) -> None:
        """Refuse what cannot be read."""
        read_spz(content)


@dataclass(frozen=True, slots=True)
class SplatRows(Container):
    """A splat as .splat."""

    type_name: ClassVar[str] = "splat_rows"
    media_type: ClassVar[str] = "application/x-splat"
    suffix: ClassVar[str] = ".splat"

    @classmethod
    def check(cls, content: bytes) -> None:
        """Refuse what cannot be read."""
        read_rows(content)

    def describe(self) -> dict[str, JsonValue]:
        """Bytes of the file, and how many gaussians it holds."""
        return {"bytes": len(self.content), "gaussians": len(self.content) // ROW.itemsize}


def read_splat_file(file: File, up: Up, metres: float) -> Splat:
    """The splat in a .ply, .splat or .spz, in metres with Y up; raises `BadInput` that names the file.

    `up` is the axis that points up in the file, `metres` what a length of 1 in it is.
    """
    content = checked_content(file)
    try:
        found, axis = _read(content, file.name)
    except BadInput as error:
        raise BadInput(f"{file.name}: {error}") from error
    if not found.count:
        raise BadInput(f"{file.name}: there are no gaussians in it, but one at least is wanted")
    if up == "z":
        found = _from_z_up(found)
    elif up == "format" and axis == "-y":
        found = found.flipped()
    return found if metres == 1.0 else _scaled(found, metres, file.name)


def _read(content: bytes, name: str) -> tuple[Splat, Axis]:
    """The gaussians with the axes of the file, and the axis that its format has up."""
    if content[:2] == GZIP:
        return read_spz(content), "y"
    if content[:4] in MARKS:
        return read_ply(content), "-y"
    if name.lower().endswith(".splat"):
        return read_rows(content), "-y"
    raise BadInput(f"{len(content):,} bytes given hold no splat that can be read; .ply, .splat or .spz is wanted")


def _from_z_up(splat: Splat) -> Splat:
    """Turned by a quarter about the X axis, so that Z becomes Y."""
    x, y, z = splat.positions.T
    root = np.sqrt(0.5)
    i, j, k, w = splat.rotations.astype(np.float64).T
    # The product of the quaternion (-1, 0, 0, 1) / sqrt(2) and each rotation.
    turned = np.stack([i - w, j + k, k - j, w + i], axis=1) * root
    return Splat(
        np.stack([x, z, -y], axis=1),
        splat.log_scales,
        turned.astype(np.float32),
        splat.opacity_logits,
        splat.colors,
    )


def _scaled(splat: Splat, metres: float, name: str) -> Splat:
    try:
        return Splat(
            (splat.positions.astype(np.float64) * metres).astype(np.float32),
            splat.log_scales + np.float32(np.log(metres)),
            splat.rotations,
            splat.opacity_logits,
            splat.colors,
        )
    except ValueError as error:
        raise BadInput(f"{name}: {error}") from error
