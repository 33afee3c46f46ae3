"""Lists in parts: a cursor says where the next part begins, whatever was put in meanwhile."""

from __future__ import annotations

import base64
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

import orjson
from sqlalchemy import ColumnElement, Select, literal, tuple_

from diorama.faults import failure

R = TypeVar("R")
T = TypeVar("T")
MOST_ITEMS = 1000
"""Items of one part at most."""


@dataclass(frozen=True, slots=True)
class Page(Generic[T]):
    """Some of a list, and the cursor where it goes on: None at its end."""

    items: Sequence[T]
    next: str | None


def written_cursor(at: Sequence[float | str]) -> str:
    """A cursor as it is handed out: text that means nothing to who keeps it."""
    return base64.urlsafe_b64encode(orjson.dumps(list(at))).decode().rstrip("=")


def read_cursor(cursor: str) -> tuple[float, str]:
    """The time and id in a cursor of a list by age; raises `DioramaError` (C001) for one that nobody gave out."""
    try:
        at = orjson.loads(base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)))
    except ValueError:
        at = None
    match at:
        case [float(created), str(name)]:
            return created, name
    raise failure("C001", "cursor", f"{cursor!r:.100} is no cursor that was given out")


def newest_first(
    statement: Select[Any],
    created: ColumnElement[float],
    name: ColumnElement[str],
    cursor: str | None,
    limit: int,
) -> Select[Any]:
    """A statement that gives up to `limit` rows from a cursor on, the newest first, and one more where there are."""
    if cursor is not None:
        at, last = read_cursor(cursor)
        statement = statement.where(tuple_(created, name) < tuple_(literal(at), literal(last)))
    return statement.order_by(created.desc(), name.desc()).limit(min(limit, MOST_ITEMS) + 1)


def page_of(rows: Sequence[R], limit: int, item: Callable[[R], T], at: Callable[[T], tuple[float, str]]) -> Page[T]:
    """A page of what such a statement gave; `at` tells time and id of an item."""
    limit = min(limit, MOST_ITEMS)
    items = [item(row) for row in rows[:limit]]
    return Page(items, written_cursor(at(items[-1])) if len(rows) > limit else None)
