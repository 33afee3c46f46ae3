"""Weights that nodes need, as they are declared, and where and in which form they are loaded."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Final, Generic, Literal, TypeVar, get_args

from diorama.models.weights import Weights

T = TypeVar("T")

Dtype = Literal["float32", "float16", "bfloat16"]
Quantization = Literal["none", "8bit", "4bit"]
Offload = Literal["none", "model", "sequential"]
"""Weights on the device as a whole; one part of the model at a time (`model`); one layer at a time (`sequential`)."""

OFFLOADS: Final[tuple[Offload, ...]] = get_args(Offload)
"""From fast and large to slow and small."""


@dataclass(frozen=True, slots=True)
class Placement:
    """Where weights are loaded, and in which form.

    `device` is a name that torch takes (`cpu`, `cuda:1`). `dtype` and `quantization` can change results: they come
    from the model's declaration or from a port of the node, never from what a device has room for. `offload`
    changes memory and speed alone.
    """

    device: str = "cpu"
    dtype: Dtype = "float32"
    quantization: Quantization = "none"
    offload: Offload = "none"


def no_files() -> Mapping[str, str]:
    """The files of a model that is known by repository and revision alone: none."""
    return {}


@dataclass(frozen=True, slots=True)
class Model(Generic[T]):
    """Weights that a node needs: how they are loaded, how large they are, and what they are."""

    name: str
    load: Callable[[Placement], T]
    """Gives the loaded weights. May raise; whatever it took until then must be garbage when it does."""
    gib: float
    """Of device memory that the weights take in `dtype`, before it was ever measured."""
    repository: str
    revision: str
    license: str
    dtype: Dtype = "float32"
    """The form that it is loaded in where a node asks for no other."""
    files: Callable[[], Mapping[str, str]] = no_files
    """The weight files on this machine, digest by name, for weights that are known by what lies in a folder."""
    weights: Weights | None = None
    """The files that it is loaded from, where the registry of models is to look after them."""

    @property
    def identity(self) -> str:
        """What stands for these weights in keys: the same text, the same weights."""
        files = "".join(f" {name}={digest}" for name, digest in sorted(self.files().items()))
        return f"{self.repository}@{self.revision} {self.dtype}{files}"
