"""Port types and the one table of what fits what.

A type is written as text: `mesh`, `list[mesh]`, `image?`. The words inside are base types; a list of A fits a
list of B where A fits B; A fits B? where A fits B; an optional value does not fit where one must be given.
"""

from __future__ import annotations

import re
import types
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import Annotated, Final, Literal, TypeVar, Union, get_args, get_origin

from pydantic import BaseModel, Field, JsonValue

from diorama.values.value import Value

SEED_LIMIT = 2**53 - 1
"""Largest seed: the largest integer that JSON readers agree on."""


WORD = re.compile(r"[^\W\d][\w.-]*")
MOST_TYPE: Final = 100
"""Characters of a type: lists are not nested without end."""


@dataclass(frozen=True, slots=True)
class Role:
    """Marks an annotation whose port type is another than its Python type says."""

    name: str


Seed = Annotated[
    int, Field(ge=0, le=SEED_LIMIT, description="another number gives another result; the same, the same"), Role("seed")
]
Color = Annotated[str, Field(pattern=r"^#[0-9a-f]{6}$"), Role("color")]
"""An sRGB colour as `#rrggbb`."""


@dataclass(frozen=True, slots=True)
class File:
    """A file as it was when the run was planned: its name, digest, size, and a path to that very content."""

    name: str
    digest: str
    size: int
    path: Path

    def read(self) -> bytes:
        """The file's content."""
        return self.path.read_bytes()


@dataclass(slots=True)
class BaseType:
    """A word of the table. `value` is the artefact class, `model` the schema of a structured JSON value."""

    name: str
    fits: set[str] = field(default_factory=set)
    value: type[Value] | None = None
    model: type[BaseModel] | None = None


BASES: dict[str, BaseType] = {
    name: BaseType(name, set(fits))
    for name, fits in {
        "any": (),
        "json": (),
        "text": ("json",),
        "integer": ("number", "seed", "json"),
        "number": ("json",),
        "boolean": ("json",),
        "choice": ("text", "json"),
        "seed": ("integer", "number", "json"),
        "color": ("text", "json"),
        "file": (),
    }.items()
}
"""Base types by name; artefacts and structured types join as signatures that use them are read."""

SCALARS = frozenset({"json", "text", "integer", "number", "boolean", "choice", "seed", "color"})


def type_of(annotation: object) -> str:
    """The port type of a Python annotation; raises `TypeError` where there is none."""
    origin = get_origin(annotation)
    if origin is Annotated:
        inner, *notes = get_args(annotation)
        roles = [note.name for note in notes if isinstance(note, Role)]
        return roles[0] if roles else type_of(inner)
    if origin is list:
        return f"list[{type_of(get_args(annotation)[0])}]"
    if origin is Literal:
        if not all(isinstance(choice, str) for choice in get_args(annotation)):
            raise TypeError(f"{annotation} has no port type: a choice is one of several texts")
        return "choice"
    if origin in (Union, types.UnionType):
        return _type_of_union(annotation)
    if isinstance(annotation, TypeVar):
        return f"${annotation.__name__}"
    return _base_of(annotation)


def _type_of_union(annotation: object) -> str:
    options = [option for option in get_args(annotation) if option is not type(None)]
    if len(options) == 1:
        return type_of(options[0]).removesuffix("?") + "?"
    raise TypeError(f"{annotation} has no port type: of unions, only `T | None` has one")


def _base_of(annotation: object) -> str:
    plain: dict[object, str] = {
        str: "text",
        bool: "boolean",
        int: "integer",
        float: "number",
        File: "file",
        dict: "json",
    }
    if annotation in plain:
        return plain[annotation]
    if annotation is JsonValue or get_origin(annotation) is dict:
        return "json"
    if isinstance(annotation, type) and issubclass(annotation, Value):
        return _joined(BaseType(annotation.type_name, set(annotation.fits), value=annotation))
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        name = re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", annotation.__name__).lower()
        return _joined(BaseType(name, {"json"}, model=annotation))
    raise TypeError(f"{annotation!r} has no port type: use a scalar, a list, JSON, a pydantic model or a Value")


def _joined(base: BaseType) -> str:
    if base.name not in BASES:
        BASES[base.name] = base
        # What was said of a word before it was known is no longer true.
        fits.cache_clear()
    return base.name


def is_type(text: str) -> bool:
    """Whether a text is written as a port type; whether its word is known is another question."""
    if len(text) > MOST_TYPE:
        return False
    bare = text
    while not WORD.fullmatch(bare):
        if bare.endswith("?") and not bare.endswith("??"):
            bare = bare[:-1]
        elif bare.startswith("list[") and bare.endswith("]"):
            bare = bare[5:-1]
        else:
            return False
    return True


@lru_cache(maxsize=65536)
def fits(given: str, wanted: str) -> bool:
    """Whether a value of type `given` may go into a port of type `wanted`."""
    if given == wanted or wanted in ("any", "any?"):
        return True
    if wanted.endswith("?"):
        return fits(given.removesuffix("?"), wanted[:-1])
    if given.endswith("?"):
        return False
    if given.startswith("list[") and wanted.startswith("list["):
        return fits(given[5:-1], wanted[5:-1])
    if wanted == "json" and given.startswith("list["):
        return fits(given[5:-1], "json")
    base = BASES.get(given)
    return base is not None and wanted in base.fits


@lru_cache(maxsize=4096)
def list_of(item: str) -> str:
    """The type of a list whose items are of type `item`."""
    return f"list[{item}]"


@lru_cache(maxsize=4096)
def item_of(type_: str) -> str | None:
    """The type of a list's items, or None where the type is no list."""
    bare = type_.removesuffix("?")
    return bare[5:-1] if bare.startswith("list[") else None


@lru_cache(maxsize=4096)
def base_of(type_: str) -> str:
    """The innermost word: `mesh` for `list[mesh]?`."""
    bare = type_
    while True:
        if bare.endswith("?"):
            bare = bare[:-1]
        elif bare.startswith("list["):
            bare = bare[5:-1]
        else:
            return bare


def table() -> dict[str, list[str]]:
    """For each base type the base types that it fits besides itself: the table that the editor uses too."""
    return {name: sorted(base.fits) for name, base in sorted(BASES.items())}
