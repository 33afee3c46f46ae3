"""What a kind of object is, and what is wished of one object of it."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace
from typing import Literal

import numpy as np

from diorama.values import Material, Part
from diorama_nodes.objects.materials import glow, is_material, material

Size = tuple[float, float, float]
"""Width, height and depth in metres."""
Mount = Literal["ground", "wall", "ceiling"]

NEON = ("#ff2d78", "#19e3ff", "#b44bff", "#ff8a1f", "#37ff8b", "#ffe14d")
"""Colours of neon tubes where none was asked for."""


@dataclass(frozen=True, slots=True)
class Wish:
    """What one object is to be: its size in metres, what it is made of, and whatever else was said of it."""

    kind: str
    size: Size
    seed: int = 0
    color: str | None = None
    material: str | None = None
    shape: str = ""
    style: str = ""
    attributes: dict[str, str] = field(default_factory=dict)

    @property
    def w(self) -> float:
        """Width in metres."""
        return self.size[0]

    @property
    def h(self) -> float:
        """Height in metres."""
        return self.size[1]

    @property
    def d(self) -> float:
        """Depth in metres."""
        return self.size[2]

    @property
    def is_round(self) -> bool:
        """Whether a round shape was asked for."""
        return any(word in self.shape for word in ("round", "circ", "oval"))

    @property
    def is_night_city(self) -> bool:
        """Whether the style is one of neon and chrome."""
        return any(word in self.style for word in ("cyber", "neon", "synth", "futur", "sci"))

    def rng(self, stream: int = 0) -> np.random.Generator:
        """A source of randomness of the object's own, the same at every call for a stream."""
        return np.random.default_rng([self.seed, stream])

    def body(self, name: str, color: str | None = None) -> Material:
        """The main material: the one asked for, or else `name`; in the colour asked for, or else `color`."""
        if self.material == "neon":
            return glow(self.color or self.neon(), 4.0)
        if self.material and is_material(self.material):
            # A default colour belongs to the default material: gold is not to come out brown.
            return material(self.material, self.color)
        return material(name, self.color or color)

    def tinted(self, name: str, color: str | None = None) -> Material:
        """The material of a name in the colour asked for, whatever material was asked for."""
        return material(name, self.color or color)

    def neon(self, stream: int = 7) -> str:
        """The colour asked for, or one of `NEON` by the seed."""
        return self.color or NEON[int(self.rng(stream).integers(len(NEON)))]

    def says(self, *words: str) -> bool:
        """Whether one of the words was said of the object: `glow` is said by "glowing", but `low` not by "yellow"."""
        text = " ".join([self.shape, *self.attributes, *self.attributes.values()]).lower()
        said = re.split(r"[^a-z0-9]+", text)
        return any(token == word or (len(word) > 3 and token.startswith(word)) for word in words for token in said)

    def sized(self, size: Size) -> Wish:
        """The same wish at another size."""
        return replace(self, size=size)


Build = Callable[[Wish], Iterable[Part]]


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of object: how it is built, how large it is, and where it is put."""

    name: str
    build: Build
    size: Size
    mount: Mount = "ground"
    keeps_shape: bool = True
    """Whether a single given length scales the whole object rather than that side alone."""
    size_of: Callable[[Wish], Size] | None = None
    """The size that goes with what was wished, where it is not always `size`."""


KINDS: dict[str, Kind] = {}
"""Every kind by name; filled by the modules that `registry` imports."""


def kind(
    name: str,
    size: Size,
    mount: Mount = "ground",
    keeps_shape: bool = True,
    size_of: Callable[[Wish], Size] | None = None,
) -> Callable[[Build], Build]:
    """Register the decorated function as the builder of a kind."""

    def register(build: Build) -> Build:
        KINDS[name] = Kind(name, build, size, mount, keeps_shape, size_of)
        return build

    return register
