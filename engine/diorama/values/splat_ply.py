"""Gaussian splats as PLY, in the properties that training writes.

The container is Greg Turk's PLY of 1994; the properties are those of the reference implementation (`save_ply` in
graphdeco-inria/gaussian-splatting): logarithms of scales, logits of opacities, quaternions (w, x, y, z), harmonics
`f_dc`. Its axes are X right, Y down, Z ahead, as in pictures. trimesh reads meshes from PLY and not these properties,
and plyfile is under the GPL.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np

from diorama.faults import BadInput
from diorama.values.mesh import Floats
from diorama.values.splat import Splat, check_count, checked

MARKS: Final = (b"ply\n", b"ply\r")
MOST_HEADER: Final = 64 * 1024
MOST_DIGITS: Final = 12
SIZES: Final = {
    **dict.fromkeys(("char", "int8"), "i1"),
    **dict.fromkeys(("uchar", "uint8"), "u1"),
    **dict.fromkeys(("short", "int16"), "i2"),
    **dict.fromkeys(("ushort", "uint16"), "u2"),
    **dict.fromkeys(("int", "int32"), "i4"),
    **dict.fromkeys(("uint", "uint32"), "u4"),
    **dict.fromkeys(("float", "float32"), "f4"),
    **dict.fromkeys(("double", "float64"), "f8"),
}
ORDERS: Final = {"binary_little_endian": "<", "binary_big_endian": ">"}
POSITION: Final = ("x", "y", "z")
COLOR: Final = ("f_dc_0", "f_dc_1", "f_dc_2")
SCALE: Final = ("scale_0", "scale_1", "scale_2")
ROTATION: Final = ("rot_1", "rot_2", "rot_3", "rot_0")
"""A quaternion as (x, y, z, w); the file has w first."""
PROPERTIES: Final = (*POSITION, *COLOR, "opacity", *SCALE, "rot_0", "rot_1", "rot_2", "rot_3")


@dataclass(frozen=True, slots=True)
class Element:
    """A kind of row: how many there are, and their properties with numpy's names of their types; None for a list."""

    name: str
    count: int
    properties: tuple[tuple[str, str | None], ...]

    def bytes_each(self) -> int:
        """Bytes of one row; raises `BadInput` where rows hold lists, which are of any length."""
        if any(kind is None for _, kind in self.properties):
            raise BadInput(f"the PLY's element {self.name!r:.40} holds lists before the gaussians, which are not read")
        return sum(np.dtype(kind).itemsize for _, kind in self.properties)


def write_ply(splat: Splat) -> bytes:
    """The gaussians as binary PLY with the axes that they have."""
    rows = np.empty((splat.count, len(PROPERTIES)), "<f4")
    for names, columns in _columns(splat):
        for name, column in zip(names, columns.T, strict=True):
            rows[:, PROPERTIES.index(name)] = column
    lines = ["ply", "format binary_little_endian 1.0", f"element vertex {splat.count}"]
    lines += [f"property float {name}" for name in PROPERTIES]
    return "\n".join([*lines, "end_header", ""]).encode() + rows.tobytes()


def _columns(splat: Splat) -> list[tuple[tuple[str, ...], Floats]]:
    return [
        (POSITION, splat.positions),
        (COLOR, splat.colors),
        (("opacity",), splat.opacity_logits[:, None]),
        (SCALE, splat.log_scales),
        (ROTATION, splat.rotations),
    ]


def read_ply(content: bytes) -> Splat:
    """The gaussians of a PLY with the axes that the file has; raises `BadInput` that says what is wrong and where."""
    order, elements, start = _header(content)
    place = start
    for element in elements:
        if element.name == "vertex":
            return _gaussians(content, place, element, order)
        place += element.count * element.bytes_each()
    raise BadInput("the PLY has no element `vertex`, but one gaussian a vertex is wanted")


def _gaussians(content: bytes, place: int, element: Element, order: str) -> Splat:
    names = [name for name, _ in element.properties]
    missing = [name for name in PROPERTIES if name not in names]
    if missing:
        raise BadInput(f"the PLY's vertices have no {missing[0]!r}: gaussians are wanted, not a mesh or points")
    if len(set(names)) != len(names):
        raise BadInput("the PLY's vertices have a property twice")
    check_count(element.count, "PLY")
    wanted = element.count * element.bytes_each()
    if place + wanted > len(content):
        raise BadInput(
            f"the PLY's {element.count:,} gaussians take {wanted:,} bytes from byte {place:,}, but "
            f"{max(len(content) - place, 0):,} follow"
        )
    kinds = [(name, order + kind) for name, kind in element.properties if kind is not None]
    rows = np.frombuffer(content, np.dtype(kinds), element.count, place)

    def read(chosen: tuple[str, ...]) -> Floats:
        with np.errstate(all="ignore"):
            return np.stack([rows[name].astype(np.float32) for name in chosen], axis=1)

    return checked(read(POSITION), read(SCALE), read(ROTATION), read(("opacity",))[:, 0], read(COLOR))


def _header(content: bytes) -> tuple[str, list[Element], int]:
    """Byte order, elements, and where their rows begin."""
    if content[:4] not in MARKS:
        raise BadInput(f"{len(content):,} bytes given are no PLY: the mark `ply` is missing at their start")
    head, end, _ = content[:MOST_HEADER].partition(b"end_header")
    after = len(head) + len(end)
    if not end:
        raise BadInput(f"the PLY's header has no end within {MOST_HEADER:,} bytes")
    newline = 2 if content[after : after + 2] == b"\r\n" else 1
    lines = [line.split() for line in head.decode("latin-1").replace("\r", "\n").split("\n")]
    return _order(lines), _elements(lines), after + newline


def _order(lines: list[list[str]]) -> str:
    formats = [words[1] for words in lines if words[:1] == ["format"] and len(words) == 3]
    if len(formats) != 1 or formats[0] not in ORDERS:
        given = repr(formats[0])[:40] if formats else "none"
        raise BadInput(f"the PLY's format is {given}, but {' or '.join(ORDERS)} is wanted")
    return ORDERS[formats[0]]


def _elements(lines: list[list[str]]) -> list[Element]:
    found: list[Element] = []
    for words in lines:
        if words[:1] == ["element"]:
            if len(words) != 3 or not words[2].isdecimal() or len(words[2]) > MOST_DIGITS:
                raise BadInput(f"the PLY's header counts elements wrongly: {' '.join(words)!r:.60}")
            found.append(Element(words[1], int(words[2]), ()))
        elif words[:1] == ["property"]:
            if not found:
                raise BadInput("the PLY's header has a property before any element")
            last = found[-1]
            found[-1] = Element(last.name, last.count, (*last.properties, _property(words)))
    return found


def _property(words: list[str]) -> tuple[str, str | None]:
    if words[1:2] == ["list"] and len(words) == 5:
        return words[4], None
    if len(words) != 3 or words[1] not in SIZES:
        raise BadInput(f"the PLY's header has a property of no known type: {' '.join(words)!r:.60}")
    return words[2], SIZES[words[1]]
