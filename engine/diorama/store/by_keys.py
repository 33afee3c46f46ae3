"""What a statement finds for many keys: asked for in few statements, of which few are different."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import cache
from typing import Any

from sqlalchemy import Connection

from diorama.keys import Digest
from diorama.store.plain import Plain

QUERY_KEYS = 500
"""Keys asked for in one statement."""


def parts(wanted: Sequence[Digest]) -> Iterator[Sequence[Digest]]:
    """Keys in as many as are asked for at once."""
    for start in range(0, len(wanted), QUERY_KEYS):
        yield wanted[start : start + QUERY_KEYS]


def asked(connection: Connection, statement: str, wanted: Sequence[Digest]) -> Iterator[tuple[Any, ...]]:
    """The rows for these keys; `statement` ends where the list of them begins."""
    for part in parts(wanted):
        marks = 1 << (len(part) - 1).bit_length()
        yield from _asking(statement, marks).rows(connection, *part, *(part[-1] for _ in range(marks - len(part))))


@cache
def _asking(statement: str, marks: int) -> Plain:
    """The statement for so many keys: always a power of two, so that few are made."""
    return Plain(f"{statement} ({', '.join('?' * marks)})")
