"""Calls that are in the cache, found by key and by recipe; a row that is not what was written counts as none."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection

from diorama.keys import Digest, digest_of
from diorama.refs import BLOB_MARK, Ref, from_row
from diorama.store.by_keys import asked

SEAL_BYTES = 8
"""How much of the digest of a row's key and outputs stands before them: SQLite does not notice a flipped bit."""


@dataclass(frozen=True, slots=True)
class Known:
    """A call that is in the cache."""

    key: Digest
    row: bytes
    seconds: float
    run: str
    used: float

    @property
    def is_small(self) -> bool:
        """Whether all that it gave lies in the row itself."""
        return BLOB_MARK not in self.row

    def outputs(self) -> dict[str, Ref]:
        """What it gave, by port."""
        return from_row(self.row)


def sealed(key: Digest, row: bytes) -> bytes:
    """Outputs as they lie in the database: what proves them, then the row itself."""
    return digest_of(key + row)[:SEAL_BYTES] + row


def unsealed(key: Digest, kept: bytes) -> bytes | None:
    """The row of outputs in what the database holds, or None where it is not what was written."""
    row = kept[SEAL_BYTES:]
    return row if digest_of(key + row)[:SEAL_BYTES] == kept[:SEAL_BYTES] else None


_COLUMNS = "calls.key, calls.outputs, calls.seconds, calls.run, calls.used"
_BY_KEY = f"SELECT calls.key, {_COLUMNS} FROM calls WHERE calls.key IN"  # noqa: S608  # columns alone
_BY_RECIPE = (
    f"SELECT recipes.recipe, {_COLUMNS} "  # noqa: S608
    "FROM recipes JOIN calls ON recipes.key = calls.key WHERE recipes.recipe IN"
)


def found_by_key(connection: Connection, wanted: Sequence[Digest]) -> tuple[dict[Digest, Known], set[Digest]]:
    """The calls of these keys, and the keys of damaged rows."""
    return _known(asked(connection, _BY_KEY, wanted))


def found_by_recipe(connection: Connection, wanted: Sequence[Digest]) -> tuple[dict[Digest, Known], set[Digest]]:
    """The calls that these recipes led to, by recipe, and the keys of damaged rows."""
    return _known(asked(connection, _BY_RECIPE, wanted))


def _known(rows: Iterable[Sequence[Any]]) -> tuple[dict[Digest, Known], set[Digest]]:
    found: dict[Digest, Known] = {}
    damaged: set[Digest] = set()
    for wanted, key, kept, seconds, run, used in rows:
        row = unsealed(key, kept)
        if row is None:
            damaged.add(key)
        else:
            found[wanted] = Known(key, row, seconds, run, used)
    return found, damaged
