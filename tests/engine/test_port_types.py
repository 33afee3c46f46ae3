from __future__ import annotations

from itertools import product
from typing import Annotated, Any, ClassVar, Literal, Optional, Self, TypeVar

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import BaseModel, Field, JsonValue

from diorama.types import (
    BASES,
    SCALARS,
    Color,
    File,
    Seed,
    base_of,
    fits,
    is_type,
    item_of,
    list_of,
    table,
    type_of,
)
from diorama.values import Image, Mask
from diorama.values.value import Value

T = TypeVar("T")


class TreeSpec(BaseModel):
    height: float


class HTTPSource(BaseModel):
    url: str


class Voxels(Value):
    type_name: ClassVar[str] = "test_voxels"
    media_type: ClassVar[str] = "application/octet-stream"
    suffix: ClassVar[str] = ".vox"
    fits: ClassVar[tuple[str, ...]] = ("mesh",)

    def encode(self) -> bytes:
        return b""

    @classmethod
    def decode(cls, content: bytes) -> Self:
        return cls()

    def describe(self) -> dict[str, JsonValue]:
        return {}


# Given down, wanted across; a dot where it does not fit.
WORDS = ["any", "boolean", "choice", "color", "file", "integer", "json", "number", "seed", "text"]
FITS = """
         any  boolean  choice  color  file  integer  json  number  seed  text
any      x    .        .       .      .     .        .     .       .     .
boolean  x    x        .       .      .     .        x     .       .     .
choice   x    .        x       .      .     .        x     .       .     x
color    x    .        .       x      .     .        x     .       .     x
file     x    .        .       .      x     .        .     .       .     .
integer  x    .        .       .      .     x        x     x       x     .
json     x    .        .       .      .     .        x     .       .     .
number   x    .        .       .      .     .        x     x       .     .
seed     x    .        .       .      .     x        x     x       x     .
text     x    .        .       .      .     .        x     .       .     x
"""


def test_the_table_of_what_fits_what() -> None:
    rows = [line.split() for line in FITS.strip().splitlines()]
    assert rows[0] == WORDS
    drawn = [[given_, *("x" if fits(given_, wanted) else "." for wanted in WORDS)] for given_ in WORDS]
    assert drawn == rows[1:]


def test_the_table_for_the_editor_says_the_same() -> None:
    shipped = table()
    for given_, wanted in product(shipped, shipped):
        assert fits(given_, wanted) == (given_ == wanted or wanted == "any" or wanted in shipped[given_])


FITTING = {
    "a list fits a list of the same": ("list[text]", "list[text]", True),
    "a list fits a list of what its items fit": ("list[integer]", "list[number]", True),
    "a list fits no list of something else": ("list[number]", "list[integer]", False),
    "lists of lists fit as their items do": ("list[list[seed]]", "list[list[number]]", True),
    "one is no list": ("text", "list[text]", False),
    "a list is not one": ("list[text]", "text", False),
    "one fits where it may be missing": ("text", "text?", True),
    "what fits, fits where it may be missing": ("integer", "number?", True),
    "what may be missing does not fit where it must be": ("text?", "text", False),
    "what may be missing fits where it may be": ("text?", "text?", True),
    "what may be missing fits as what it is does": ("integer?", "number?", True),
    "a list that may be missing": ("list[text]?", "list[text]?", True),
    "a list of items that may be missing": ("list[text?]", "list[text]", False),
    "a list into items that may be missing": ("list[text]", "list[text?]", True),
    "a list of JSON is JSON": ("list[text]", "json", True),
    "a list of lists of JSON is JSON": ("list[list[number]]", "json?", True),
    "a list of artefacts is no JSON": ("list[file]", "json", False),
    "anything goes into any": ("list[file]?", "any", True),
    "a list goes into a list of any": ("list[file]", "list[any]", True),
    "any goes nowhere else": ("any", "text", False),
    "a word that is not known fits itself": ("nonsense", "nonsense", True),
    "a word that is not known fits nothing else": ("nonsense", "json", False),
}


@pytest.mark.parametrize("case", FITTING.values(), ids=FITTING)
def test_lists_and_what_may_be_missing(case: tuple[str, str, bool]) -> None:
    given_, wanted, holds = case
    assert fits(given_, wanted) is holds


TYPES = st.recursive(
    st.sampled_from(WORDS),
    lambda inner: st.one_of(inner.map(list_of), inner.map(lambda type_: type_.removesuffix("?") + "?")),
    max_leaves=4,
)


@given(TYPES, TYPES, TYPES)
def test_what_fits_is_an_order_but_for_the_seeds(one: str, two: str, three: str) -> None:
    assert fits(one, one)
    assert is_type(one)
    if fits(one, two):
        assert fits(list_of(one), list_of(two))
        assert fits(one, two.removesuffix("?") + "?")
        if fits(two, three):
            assert fits(one, three)


@given(TYPES)
def test_the_parts_of_a_type(type_: str) -> None:
    assert item_of(list_of(type_)) == type_
    assert base_of(list_of(type_)) == base_of(type_)
    assert base_of(type_) in WORDS


ANNOTATIONS: dict[str, tuple[Any, str]] = {
    "str": (str, "text"),
    "int": (int, "integer"),
    "float": (float, "number"),
    "bool": (bool, "boolean"),
    "bare dict": (dict, "json"),
    "dict of something": (dict[str, int], "json"),
    "JsonValue": (JsonValue, "json"),
    "list of str": (list[str], "list[text]"),
    "list of lists": (list[list[int]], "list[list[integer]]"),
    "list of JsonValue": (list[JsonValue], "list[json]"),
    "str or None": (str | None, "text?"),
    "Optional": (Optional[int], "integer?"),  # noqa: UP045
    "list or None": (list[str] | None, "list[text]?"),
    "list of str or None": (list[str | None], "list[text?]"),
    "Literal of texts": (Literal["a", "b"], "choice"),
    "Literal or None": (Literal["a"] | None, "choice?"),
    "Seed": (Seed, "seed"),
    "Seed with help": (Annotated[Seed, Field(description="x")], "seed"),
    "list of Seed": (list[Seed], "list[seed]"),
    "Color or None": (Color | None, "color?"),
    "File": (File, "file"),
    "list of File": (list[File], "list[file]"),
    "Annotated float": (Annotated[float, Field(ge=0)], "number"),
    "Annotated union": (Annotated[float | None, Field()], "number?"),
    "an artefact": (Image, "image"),
    "a list of artefacts or None": (list[Mask] | None, "list[mask]?"),
    "an artefact of a pack": (Voxels, "test_voxels"),
    "a model": (TreeSpec, "tree_spec"),
    "a model with capitals in a row": (HTTPSource, "httpsource"),
    "a list of models": (list[TreeSpec], "list[tree_spec]"),
    "a variable": (T, "$T"),
    "a list of a variable": (list[T], "list[$T]"),  # type: ignore[valid-type]
    "a variable or None": (T | None, "$T?"),
}


@pytest.mark.parametrize("case", ANNOTATIONS.values(), ids=ANNOTATIONS)
def test_annotations_with_a_type(case: tuple[Any, str]) -> None:
    annotation, type_ = case
    assert type_of(annotation) == type_


REFUSED: dict[str, tuple[Any, str]] = {
    "a union of two": (int | str, "only `T | None`"),
    "a union of two and None": (int | str | None, "only `T | None`"),
    "a bare list": (list, "no port type"),
    "bytes": (bytes, "no port type"),
    "a tuple": (tuple[int, int], "no port type"),
    "a set": (set[int], "no port type"),
    "Any": (Any, "no port type"),
    "object": (object, "no port type"),
    "None": (type(None), "no port type"),
    "a class of another kind": (ValueError, "no port type"),
    "a Literal of numbers, as a choice fits a text": (Literal[1, 2], "one of several texts"),
    "a list of what has none": (list[bytes], "no port type"),
}


@pytest.mark.parametrize("case", REFUSED.values(), ids=REFUSED)
def test_annotations_without_a_type(case: tuple[Any, str]) -> None:
    annotation, words = case
    with pytest.raises(TypeError, match=words):
        type_of(annotation)


def test_a_type_of_a_pack_joins_the_table() -> None:
    assert type_of(Voxels) == "test_voxels"
    assert BASES["test_voxels"].value is Voxels
    assert table()["test_voxels"] == ["mesh"]
    assert fits("test_voxels", "mesh")
    assert not fits("mesh", "test_voxels")
    assert fits("list[test_voxels]", "list[mesh]")
    assert type_of(TreeSpec) == "tree_spec"
    assert fits("tree_spec", "json")
    assert not fits("json", "tree_spec")


def test_what_was_said_of_a_word_before_it_was_known_is_forgotten() -> None:
    class LateComer(BaseModel):
        x: int

    assert not fits("late_comer", "json")
    assert type_of(LateComer) == "late_comer"
    assert fits("late_comer", "json")


def test_every_scalar_but_json_itself_fits_json() -> None:
    assert all(fits(word, "json") for word in SCALARS)


@pytest.mark.parametrize(
    "text", ["", "?", "text??", "list[]", "list[text", "text]", "list[text]]", "a b", "[text]", "1"]
)
def test_what_is_not_written_as_a_type(text: str) -> None:
    assert not is_type(text)


def test_a_type_is_not_written_without_end() -> None:
    assert not is_type("list[" * 1000 + "text" + "]" * 1000)
