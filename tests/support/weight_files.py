"""Weight files and model folders made by hand, for tests that load nothing."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path

from diorama.models.weights import Part, Weights

SMALL = Weights(
    name="small-1",
    title="Small One",
    repository="who/small",
    revision="abc123",
    license="MIT",
    download_bytes=3 * 2**30,
    parts=(
        Part("", ("index.json",)),
        Part("words", ("tokenizer.json | vocab.json + merges.txt",)),
        Part("net", ("config.json",), "model.fp16.safetensors"),
    ),
)


def entry(shape: list[int], begin: int, end: int, dtype: str = "F32") -> dict[str, object]:
    return {"dtype": dtype, "shape": shape, "data_offsets": [begin, end]}


def weight_file(tensors: Mapping[str, object], data: bytes, length: int | None = None) -> bytes:
    """A safetensors file; `length` is what it says of its header where that is a lie."""
    header = json.dumps(tensors).encode()
    return (len(header) if length is None else length).to_bytes(8, "little") + header + data


def numbers(count: int, fill: bytes = b"\0") -> bytes:
    """A whole weight file of `count` numbers."""
    return weight_file({"w": entry([count], 0, 4 * count)}, fill * 4 * count)


FILES: Mapping[str, bytes] = {
    "index.json": b"{}",
    "words/tokenizer.json": b"{}",
    "net/config.json": b"{}",
    "net/model.fp16.safetensors": numbers(8),
}


def lay_down(folder: Path, files: Mapping[str, bytes] = FILES) -> Path:
    """Write a model's files into its folder."""
    for name, content in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
    return folder
