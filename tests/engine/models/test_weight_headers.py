"""Weight files are believed only where their header fits the file; what runs code is refused by its content."""

from __future__ import annotations

import tracemalloc
import zipfile
from io import BytesIO
from pathlib import Path

import pytest
from tests.support.weight_files import entry, numbers, weight_file

from diorama.faults import BadInput
from diorama.models.safetensors import MOST_HEADER, Header, read_header

PICKLE = b"\x80\x04}\x94\x8c\x01w\x94G\0\0\0\0\0\0\0\0s."
"""What `pickle` writes for `{"w": 0.0}`."""


def zipped() -> bytes:
    buffer = BytesIO()
    with zipfile.ZipFile(buffer, "w") as file:
        file.writestr("archive/data.pkl", PICKLE)
    return buffer.getvalue()


TWO = {"a": entry([2], 0, 8), "b": entry([1], 8, 12)}
REFUSED = {
    "an empty file": (b"", "header"),
    "a file of five bytes": (b"12345", "header"),
    "a header longer than the file": (weight_file({}, b"", length=10**6), "header"),
    "a header of 8 GB": (weight_file({}, b"", length=8 * 2**30), "header"),
    "a header of 2^63 bytes": (weight_file({}, b"", length=2**63), "header"),
    "no JSON": ((5).to_bytes(8, "little") + b"{nope", "JSON"),
    "a list as header": ((2).to_bytes(8, "little") + b"[]", "no safetensors file"),
    "a file cut short": (weight_file(TWO, b"\0" * 11), "cut short"),
    "bytes left over": (weight_file(TWO, b"\0" * 13), "cut short"),
    "tensors that overlap": (weight_file({"a": entry([2], 0, 8), "b": entry([1], 4, 8)}, b"\0" * 8), "overlap"),
    "a gap between tensors": (weight_file({"a": entry([1], 0, 4), "b": entry([1], 8, 12)}, b"\0" * 12), "gaps"),
    "a size that is not the shape's": (weight_file({"a": entry([3], 0, 8)}, b"\0" * 8), "another size"),
    "a shape of 2^62 numbers": (weight_file({"a": entry([2**31, 2**31], 0, 8)}, b"\0" * 8), "another size"),
    "a side below zero": (weight_file({"a": entry([-2], 0, 8)}, b"\0" * 8), "no possible shape"),
    "an end before its beginning": (weight_file({"a": entry([0], 8, 0)}, b"\0" * 8), "no possible shape"),
    "an unknown form of numbers": (weight_file({"a": entry([1], 0, 4, "OBJ")}, b"\0" * 4), "not described"),
    "a tensor that is a text": (weight_file({"a": "numbers"}, b""), "not described"),
    "a pickle": (PICKLE, "a pickle"),
    "a pickle of protocol 2": (b"\x80\x02]q\x00." + b"\0" * 9, "a pickle"),
    "what torch.save writes": (zipped(), "pickle"),
    "an array of numpy's": (b"\x93NUMPY\x01\x00" + b"\0" * 100, "numpy"),
    "a Git LFS pointer": (b"version https://git-lfs.github.com/spec/v1\n", "LFS pointer"),
}


@pytest.mark.parametrize(("content", "words"), REFUSED.values(), ids=REFUSED)
def test_what_is_refused_with_one_sentence(tmp_path: Path, content: bytes, words: str) -> None:
    path = tmp_path / "model.safetensors"
    path.write_bytes(content)
    tracemalloc.start()
    with pytest.raises(BadInput, match=words) as refused:
        read_header(path)
    _, most = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert "\n" not in str(refused.value)
    assert most < 2**20


def test_a_header_over_the_limit_is_not_read(tmp_path: Path) -> None:
    path = tmp_path / "model.safetensors"
    with path.open("wb") as file:
        file.write((MOST_HEADER + 1).to_bytes(8, "little") + b"{")
        file.truncate(MOST_HEADER + 100)
    with pytest.raises(BadInput, match="at most"):
        read_header(path)


def test_a_whole_file_says_how_many_numbers_it_has(tmp_path: Path) -> None:
    path = tmp_path / "model.safetensors"
    path.write_bytes(numbers(5))
    assert read_header(path) == Header(tensors=1, numbers=5, bytes=20)
    half = {"a": entry([2, 3], 0, 12, "BF16"), "s": entry([], 12, 16), "__metadata__": {"format": "pt"}}
    path.write_bytes(weight_file(half, b"\0" * 16))
    assert read_header(path) == Header(tensors=2, numbers=7, bytes=16)
