"""Rows that are put in unless they are there, or in the place of those that are; the same in both dialects."""

from __future__ import annotations

from functools import cache
from typing import TypeAlias

from sqlalchemy import Connection, Table
from sqlalchemy.dialects.sqlite import Insert
from sqlalchemy.dialects.sqlite import insert as sqlite_insert
from sqlalchemy.sql import ColumnElement

Value: TypeAlias = ColumnElement[object] | ColumnElement[int] | ColumnElement[float] | float | int | str | bytes | None


def _insert(dialect: str, table: Table) -> Insert:
    if dialect == "sqlite":
        return sqlite_insert(table)
    from sqlalchemy.dialects.postgresql import insert as postgres_insert

    # Both have the same two methods, and no type that says so.
    return postgres_insert(table)  # type: ignore[return-value]


@cache
def _adding(dialect: str, table: Table) -> Insert:
    statement = _insert(dialect, table).on_conflict_do_nothing()
    # How many rows were put in is asked for, and not kept after an INSERT by itself.
    return statement.execution_options(preserve_rowcount=True)


@cache
def _replacing(dialect: str, table: Table, keys: tuple[str, ...]) -> Insert:
    statement = _insert(dialect, table)
    new = {column.name: statement.excluded[column.name] for column in table.columns if column.name not in keys}
    return statement.on_conflict_do_update(index_elements=keys, set_=new)


def adding(connection: Connection, table: Table) -> Insert:
    """Puts rows in; one whose key is there stays as it is."""
    return _adding(connection.dialect.name, table)


def replacing(connection: Connection, table: Table, *keys: str, **again: Value) -> Insert:
    """Puts rows in; where the keys are there, sets the columns `again`, or all of them where none is named."""
    if not again:
        return _replacing(connection.dialect.name, table, keys)
    return _insert(connection.dialect.name, table).on_conflict_do_update(index_elements=keys, set_=again)
