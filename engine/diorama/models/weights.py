"""Weights as they are published: which files make them up, how large they are, under which licence they come."""

from __future__ import annotations

import itertools
from dataclasses import dataclass

GIB = 2**30
SAFE = ".safetensors"
"""Ending of the only format that weights are read from: it holds numbers and no code."""
HALF = ".fp16"
"""What stands before that ending in the name of a file whose numbers have half the bits."""


@dataclass(frozen=True, slots=True)
class Part:
    """A folder of a model and what must be in it."""

    folder: str
    """Inside the model's folder; empty for that folder itself."""
    texts: tuple[str, ...]
    """Names of files; `a | b + c` wants a, or else both b and c."""
    weights: str = ""
    """The weight file as it is published; the same without `.fp16`, or in pieces beside an index, will do too."""

    def path(self, name: str) -> str:
        """The name of a file of this part, from the model's folder on."""
        return f"{self.folder}/{name}" if self.folder else name

    @property
    def weight_names(self) -> tuple[str, ...]:
        """Every name that the weight file may have, the smallest first; indexes of pieces among them."""
        if not self.weights:
            return ()
        stem = self.weights.removesuffix(SAFE).removesuffix(HALF)
        half = (f"{stem}{HALF}{SAFE}", f"{stem}{SAFE}.index{HALF}.json")
        return (*half, f"{stem}{SAFE}", f"{stem}{SAFE}.index.json")


def alternatives(text: str) -> list[list[str]]:
    """The sets of files that one wanted text may be made up of: `a | b + c` gives [[a], [b, c]]."""
    return [[name.strip() for name in one.split("+")] for one in text.split("|")]


@dataclass(frozen=True, slots=True)
class Weights:
    """A published model that nodes can load."""

    name: str
    """Of its folder among the models."""
    title: str
    """What people call it."""
    repository: str
    """Owner and name at the Hugging Face hub."""
    revision: str
    """The commit that was looked at; other files are told by their digests."""
    license: str
    download_bytes: int
    """Of the files that are asked for, as published."""
    parts: tuple[Part, ...]
    packages: tuple[str, ...] = ()
    """Python packages that load it, by the names they are imported under."""

    @property
    def gib(self) -> float:
        """Size of what has to be downloaded."""
        return self.download_bytes / GIB

    @property
    def published(self) -> tuple[str, ...]:
        """The files as they are asked for from the repository: of alternatives the first."""
        names: list[str] = []
        for part in self.parts:
            wanted = itertools.chain.from_iterable(alternatives(text)[0] for text in part.texts)
            names += [part.path(name) for name in (*wanted, *([part.weights] if part.weights else []))]
        return tuple(names)
