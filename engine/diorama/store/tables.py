"""The database tables. A change here needs a migration beside it; a test compares the two."""

from __future__ import annotations

from sqlalchemy import (
    Column,
    Dialect,
    Float,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    PrimaryKeyConstraint,
    String,
    Table,
)


class Bytes(LargeBinary):
    """Bytes as the driver takes and gives them.

    The type's own way goes through a memory view for each value, which was a tenth of a trivial call's cost.
    """

    cache_ok = True

    def bind_processor(self, dialect: Dialect) -> None:
        """Nothing to do: every driver takes bytes."""

    def result_processor(self, dialect: Dialect, coltype: object) -> None:
        """Nothing to do: every driver gives bytes."""


metadata = MetaData()

calls = Table(
    "calls",
    metadata,
    Column("key", Bytes(32), primary_key=True),
    Column("node", String, nullable=False),
    Column("document", Bytes, nullable=False),
    Column("outputs", Bytes, nullable=False),
    Column("seconds", Float, nullable=False),
    Column("size", Integer, nullable=False),
    Column("run", String, nullable=False),
    Column("made", Float, nullable=False),
    Column("used", Float, nullable=False),
    sqlite_with_rowid=False,
)
"""One finished call: what went in (the key's document), what came out, what it took. `size` counts blob bytes;
`made` and `used` are seconds since the epoch."""

recipes = Table(
    "recipes",
    metadata,
    Column("recipe", Bytes(32), primary_key=True),
    Column("key", Bytes(32), nullable=False),
    sqlite_with_rowid=False,
)
"""Which call a recipe led to the last time."""

differences = Table(
    "differences",
    metadata,
    Column("key", Bytes(32), primary_key=True),
    Column("count", Integer, nullable=False),
    Column("last", Float, nullable=False),
    sqlite_with_rowid=False,
)
"""Calls that gave other outputs when made again under the same key: the first outputs stayed."""

timings = Table(
    "timings",
    metadata,
    Column("node", String, primary_key=True),
    Column("count", Integer, nullable=False),
    Column("seconds", Float, nullable=False),
    sqlite_with_rowid=False,
)
"""What a node's calls took: an average in which the latest count most."""

claims = Table(
    "claims",
    metadata,
    Column("key", Bytes(32), primary_key=True),
    Column("owner", String, nullable=False),
    Column("boot", String, nullable=False),
    Column("token", Integer, nullable=False),
    Column("expires", Float, nullable=False),
    sqlite_with_rowid=False,
)
"""Calls under way, so that no two processes make the same one. `expires` is on the machine's monotonic clock of
the boot it names."""

runs = Table(
    "runs",
    metadata,
    Column("id", String, primary_key=True),
    Column("state", String, nullable=False),
    Column("title", String, nullable=False),
    Column("graph", Bytes, nullable=False),
    Column("parameters", Bytes, nullable=False),
    Column("manifest", Bytes),
    Column("started", Float, nullable=False),
    Column("ended", Float),
    Index("runs_by_title", "title", "started"),
)

events = Table(
    "events",
    metadata,
    Column("run", String, ForeignKey("runs.id", ondelete="CASCADE"), nullable=False),
    Column("seq", Integer, nullable=False),
    Column("event", Bytes, nullable=False),
    PrimaryKeyConstraint("run", "seq"),
    sqlite_with_rowid=False,
)
"""The journal of each run: what was told, in the order it was told."""
