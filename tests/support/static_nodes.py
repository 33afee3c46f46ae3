"""A pack of small nodes with every kind of port, for tests that check and plan without running."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Annotated, Any, Generic, Literal, NamedTuple, TypeVar

from pydantic import BaseModel, Field, JsonValue

from diorama.catalogue import Catalogue, Pack, catalogue_of
from diorama.context import Context
from diorama.graph import Graph, parse_graph
from diorama.library import Library
from diorama.node import Cosmetic, Lazy, Unit, node
from diorama.types import Color, File, Seed
from diorama.values import Image

T = TypeVar("T")


class Both(NamedTuple):
    """Two outputs."""

    text: str
    length: int


class Chosen(NamedTuple, Generic[T]):
    """A generic output beside a plain one."""

    value: T
    which: str


class StaticSpec(BaseModel):
    """A structured value."""

    name: str
    size: float = 1.0


@node
def number(ctx: Context, value: float = 0.0) -> float:
    """Give a number."""
    return value


@node
def integer(ctx: Context, value: int = 0) -> int:
    """Give a whole number."""
    return value


@node
def double(ctx: Context, x: float) -> float:
    """Give twice the number."""
    return 2 * x


@node
def add(ctx: Context, x: float, y: float = 1.0) -> float:
    """Give the sum."""
    return x + y


@node
def words(ctx: Context, text: str) -> list[str]:
    """Give the words of a text."""
    return text.split()


@node
def split(ctx: Context, text: str = "") -> Both:
    """Give a text and its length."""
    return Both(text, len(text))


@node
def upper(ctx: Context, text: str, note: Annotated[str, Cosmetic] = "") -> str:
    """Give the text in capitals."""
    return text.upper()


@node
def join(ctx: Context, texts: list[str], between: str = " ") -> str:
    """Join texts."""
    return between.join(texts)


@node
def paint(
    ctx: Context,
    color: Color = "#ffffff",
    size: Annotated[int, Field(ge=1, le=64), Unit("px")] = 8,
    style: Literal["flat", "round"] = "flat",
    seed: Seed = 0,
) -> Image:
    """Paint a picture."""
    raise NotImplementedError


@node
def blur(ctx: Context, image: Image, mask: Image | None = None) -> Image:
    """Blur a picture."""
    return image


@node
def read(ctx: Context, file: File, other: File | None = None, more: list[File] | None = None) -> str:
    """Read a file."""
    return file.name


@node
def keep(ctx: Context, data: JsonValue) -> JsonValue:
    """Give JSON."""
    return data


@node
def build(ctx: Context, spec: StaticSpec) -> StaticSpec:
    """Give a structured value."""
    return spec


@node
def either(
    ctx: Context, on: bool, yes: Annotated[T | None, Lazy] = None, no: Annotated[T | None, Lazy] = None
) -> Chosen[T]:
    """Give one of two values."""
    raise NotImplementedError


@either.needs
def _either_needs(on: bool) -> set[str]:
    return {"yes"} if on else {"no"}


@node(volatile=True)
def now(ctx: Context) -> int:
    """Give another number each time."""
    return 4


@node(version=3)
def renamed(ctx: Context, text: str, times: int = 1) -> str:
    """Had a port `word` in version 1 and no `times` before version 3."""
    return text * times


@renamed.upgrade
def _renamed_upgrade(inputs: dict[str, Any], version: int) -> dict[str, Any]:
    if version < 2:
        inputs["text"] = inputs.pop("word")
    return {**inputs, "times": 2} if version < 3 else inputs


NODES = (
    number, integer, double, add, words, split, upper, join, paint, blur, read, keep, build, either, now, renamed,
)  # fmt: skip


def pack() -> Catalogue:
    """The nodes above under the name `t`."""
    return catalogue_of(Pack("t", "1"), *NODES)


def library(saved: Mapping[str, object] | None = None) -> Library:
    """The nodes above, with saved graphs by name as documents."""
    return Library(pack(), finder(saved or {}))


def finder(saved: Mapping[str, object]) -> Callable[[str], Graph | None]:
    """Finds saved graphs in a mapping of documents."""
    return lambda name: parse_graph(saved[name]) if name in saved else None


def document(nodes: Mapping[str, object], **rest: object) -> dict[str, object]:
    """A graph document of the given nodes; other parts by name."""
    return {"format": 1, "nodes": dict(nodes), **rest}
