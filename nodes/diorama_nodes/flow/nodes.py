"""Nodes that steer what flows where; they take values of any type and give them on unchanged."""

from __future__ import annotations

from typing import Annotated, Generic, NamedTuple, TypeVar

from pydantic import Field

from diorama.context import Context
from diorama.faults import BadInput
from diorama.node import Cost, Lazy, node

T = TypeVar("T")
LIGHT = Cost(seconds=0.001)


class Passed(NamedTuple, Generic[T]):
    """The value that was chosen."""

    value: T


class Listed(NamedTuple, Generic[T]):
    """Values in a row."""

    items: list[T]


@node(version=1, cost=LIGHT, category="flow")
def switch(
    ctx: Context,
    on: Annotated[bool, Field(description="which of the two is passed on")],
    yes: Annotated[T | None, Lazy, Field(description="runs, and is passed on, when `on` is true")] = None,
    no: Annotated[T | None, Lazy, Field(description="runs, and is passed on, when `on` is false")] = None,
) -> Passed[T]:
    """Pass on one of two values; what leads to the other does not run."""
    chosen = yes if on else no
    if chosen is None:
        raise BadInput(f"`on` is {str(on).lower()}, but nothing is wired to {'yes' if on else 'no'!r}")
    return Passed(chosen)


@switch.needs
def _chosen(on: bool) -> set[str]:
    return {"yes"} if on else {"no"}


@node(version=1, cost=LIGHT, category="flow")
def pick(
    ctx: Context,
    items: Annotated[list[T], Field(description="the list")],
    index: Annotated[int, Field(description="which one, from 0; from -1 backwards from the end")] = 0,
) -> Passed[T]:
    """Give one item of a list."""
    if not -len(items) <= index < len(items):
        raise BadInput(f"item {index} is asked for, but the list has {len(items)} items")
    return Passed(items[index])


@node(version=1, cost=LIGHT, category="flow")
def join_lists(
    ctx: Context,
    first: Annotated[list[T], Field(description="comes first")],
    second: Annotated[list[T], Field(description="comes after it")],
) -> Listed[T]:
    """Put one list behind another."""
    return Listed([*first, *second])


@node(version=1, cost=LIGHT, category="flow")
def make_list(
    ctx: Context,
    a: Annotated[T, Field(description="the first item")],
    b: Annotated[T | None, Field(description="another, if given")] = None,
    c: Annotated[T | None, Field(description="another, if given")] = None,
    d: Annotated[T | None, Field(description="another, if given")] = None,
) -> Listed[T]:
    """Make a list of up to four values."""
    return Listed([a, *(item for item in (b, c, d) if item is not None)])
