"""Statements that go to the driver as they are: of a small run, the layers above it would be most of the cost."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import chain
from typing import Any, Final

from sqlalchemy import Connection, Table

from diorama.store.dialects import in_each_dialect
from diorama.store.tables import without_nul

TOGETHER: Final = 32
"""Rows that SQLite is given in one statement. After each statement another thread of the process may have its turn:
beside busy ones, 1,000 rows one by one were written in 30 ms for 4, and all that time nobody else could write."""


class Plain:
    """A statement whose values are marked `?`. With `locks`, the rows it finds stay as they are until the commit; with
    `lists`, it finds many, and how is planned each time. `together` is the same for `TOGETHER` rows at once."""

    def __init__(self, text: str, *, locks: bool = False, lists: bool = False, together: str = "") -> None:
        self._text = dict(in_each_dialect(text))
        self._lists = lists
        self._together = together
        if locks:
            # Who writes to SQLite is alone.
            self._text["postgresql"] += " FOR UPDATE"

    def many(self, connection: Connection, rows: Sequence[Sequence[object]]) -> int:
        """Execute it once for each row of values; gives how many rows of the table that changed."""
        cursor = _cursor(connection)
        changed, begun = 0, 0
        try:
            if connection.dialect.name == "postgresql":
                rows = [[_fit(value) for value in row] for row in rows]
            elif self._together:
                for begun in range(TOGETHER, len(rows) + 1, TOGETHER):
                    cursor.execute(self._together, [*chain.from_iterable(rows[begun - TOGETHER : begun])])
                    changed += cursor.rowcount
            if begun < len(rows):
                cursor.executemany(self._text[connection.dialect.name], rows[begun:])
                changed += cursor.rowcount
            return changed
        finally:
            cursor.close()

    def rows(self, connection: Connection, *values: object) -> list[tuple[Any, ...]]:
        """What it finds."""
        cursor = _cursor(connection)
        kept: dict[str, bool] = {}
        if connection.dialect.name == "postgresql":
            # A plan that is kept is made for any value, and maybe for an empty table: by one key there is but one way.
            kept = {"prepare": len(values) == 1 and not self._lists}
            values = tuple(_fit(value) for value in values)
        try:
            cursor.execute(self._text[connection.dialect.name], values, **kept)
            found: list[tuple[Any, ...]] = cursor.fetchall()
            return found
        finally:
            cursor.close()


def _fit(value: object) -> object:
    return without_nul(value) if isinstance(value, str) else value


def _cursor(connection: Connection) -> Any:
    driver = connection.connection.driver_connection
    assert driver is not None
    return driver.cursor()


def inserting(table: Table, columns: Sequence[str], after: str = "") -> Plain:
    """Puts rows of the given columns in; `after` says what becomes of those that are there."""
    names, marks = ", ".join(columns), ", ".join("?" * len(columns))
    text = f"INSERT INTO {table.name} ({names}) VALUES "  # noqa: S608  # no values
    all_marks = ", ".join([f"({marks})"] * TOGETHER)
    return Plain(f"{text}({marks}) {after}".rstrip(), together=f"{text}{all_marks} {after}".rstrip())
