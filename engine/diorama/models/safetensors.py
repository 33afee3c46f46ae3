"""What a weight file says of itself, read from its header alone and believed only where it fits the file."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import pairwise
from math import prod
from pathlib import Path
from typing import BinaryIO, Final

import orjson

from diorama.faults import BadInput

MOST_HEADER: Final = 16 * 2**20
"""Bytes of a header: one of ten thousand tensors has about a megabyte."""
BITS: Final[Mapping[str, int]] = {
    **dict.fromkeys(("F64", "I64", "U64", "C64"), 64),
    **dict.fromkeys(("F32", "I32", "U32"), 32),
    **dict.fromkeys(("F16", "BF16", "I16", "U16"), 16),
    **dict.fromkeys(("F8_E4M3", "F8_E5M2", "F8_E8M0", "I8", "U8", "BOOL"), 8),
    **dict.fromkeys(("F6_E2M3", "F6_E3M2"), 6),
    "F4": 4,
}
"""Bits of a number by the name of its type."""
_PICKLES: Final[Mapping[bytes, str]] = {
    b"PK\x03\x04": "a zip archive, as torch.save writes it around a pickle",
    b"\x80\x02": "a pickle",
    b"\x80\x03": "a pickle",
    b"\x80\x04": "a pickle",
    b"\x80\x05": "a pickle",
    b"\x93NUMPY": "an array of numpy's",
    b"\x89HDF": "an HDF5 file",
    b"version ": "a Git LFS pointer instead of the file it points to",
}
"""How files begin that are found under a name they have no right to."""


@dataclass(frozen=True, slots=True)
class Header:
    """The tensors of a weight file: how many numbers, and how many bytes they take on disk."""

    tensors: int
    numbers: int
    bytes: int


def read_header(path: Path) -> Header:
    """What a weight file holds; raises `BadInput` where it is no safetensors file or its header lies.

    Nothing but the header is read, and never more than 16 MiB of it. Raises `OSError` where it cannot be read.
    """
    size = path.stat().st_size
    with path.open("rb") as file:
        text = _header_text(file, size)
    try:
        header = orjson.loads(text)
    except orjson.JSONDecodeError as error:
        raise BadInput("its header is not JSON") from error
    if not isinstance(header, dict):
        raise BadInput("its header is no object")
    header.pop("__metadata__", None)
    spans: list[tuple[int, int]] = []
    numbers = 0
    for name, entry in header.items():
        count, span = _tensor(name, entry)
        numbers += count
        spans.append(span)
    data = size - 8 - len(text)
    _hold_whole(sorted(spans), data)
    return Header(len(spans), numbers, data)


def _header_text(file: BinaryIO, size: int) -> bytes:
    start = file.read(8)
    for magic, what in _PICKLES.items():
        if start.startswith(magic):
            raise BadInput(f"it is {what}; only safetensors is read, since a pickle runs code when it is loaded")
    length = int.from_bytes(start, "little")
    if len(start) < 8 or length > size - 8:
        raise BadInput(f"its header is said to have {length:,} bytes, but the file has {size:,}")
    if length > MOST_HEADER:
        raise BadInput(f"its header is said to have {length:,} bytes, but at most {MOST_HEADER:,} are read")
    text = file.read(length)
    if not text.startswith(b"{"):
        raise BadInput("it is no safetensors file")
    return text


def _tensor(name: str, entry: object) -> tuple[int, tuple[int, int]]:
    """How many numbers a tensor has, and where they lie in the file."""
    match entry:
        case {"dtype": str(dtype), "shape": [*shape], "data_offsets": [int(begin), int(end)]} if dtype in BITS:
            if not all(type(side) is int and 0 <= side < 2**48 for side in shape) or not 0 <= begin <= end:
                raise BadInput(f"the tensor {name!r:.100} has no possible shape or place")
            count = prod(shape)
            if count * BITS[dtype] != (end - begin) * 8:
                raise BadInput(f"the tensor {name!r:.100} has another size than its shape says")
            return count, (begin, end)
    raise BadInput(f"the tensor {name!r:.100} is not described as safetensors does")


def _hold_whole(spans: list[tuple[int, int]], size: int) -> None:
    """Raise `BadInput` unless the tensors, in order, fill the file: none overlaps, nothing is missing or left over."""
    for before, after in pairwise([(0, 0), *spans]):
        if after[0] != before[1]:
            raise BadInput("its tensors overlap or leave gaps")
    end = spans[-1][1] if spans else 0
    if end != size:
        raise BadInput(f"its tensors take {end:,} bytes, but {size:,} are there; it is cut short or was changed")
