"""The database tables. A change here needs a migration beside it; a test compares the two."""

from __future__ import annotations

from collections.abc import Callable

from sqlalchemy import (
    BigInteger,
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
    TypeDecorator,
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


class Text(TypeDecorator[str]):
    """Text; a NUL, which PostgreSQL cannot hold and no one can read, becomes the sign for what cannot be shown."""

    impl = String
    cache_ok = True

    def bind_processor(self, dialect: Dialect) -> Callable[[str | None], str | None] | None:
        """SQLite takes all text as it is."""
        return without_nul if dialect.name == "postgresql" else None

    def result_processor(self, dialect: Dialect, coltype: object) -> None:
        """Nothing to do: every driver gives text."""


def without_nul(text: str | None) -> str | None:
    """A text as PostgreSQL can hold it."""
    return text.replace("\0", "\N{REPLACEMENT CHARACTER}") if text is not None else None


metadata = MetaData()

calls = Table(
    "calls",
    metadata,
    Column("key", Bytes(32), primary_key=True),
    Column("node", Text, nullable=False),
    Column("document", Bytes, nullable=False),
    Column("outputs", Bytes, nullable=False),
    Column("seconds", Float, nullable=False),
    Column("size", BigInteger, nullable=False),
    Column("run", Text, nullable=False),
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
    Column("node", Text, primary_key=True),
    Column("count", Integer, nullable=False),
    Column("seconds", Float, nullable=False),
    sqlite_with_rowid=False,
)
"""What a node's calls took: an average in which the latest count most."""

claims = Table(
    "claims",
    metadata,
    Column("key", Bytes(32), primary_key=True),
    Column("owner", Text, nullable=False),
    Column("boot", Text, nullable=False),
    Column("token", Integer, nullable=False),
    Column("expires", Float, nullable=False),
    sqlite_with_rowid=False,
)
"""Calls under way, so that no two processes make the same one. `expires` is on the machine's monotonic clock of
the boot it names."""

runs = Table(
    "runs",
    metadata,
    Column("id", Text, primary_key=True),
    Column("state", Text, nullable=False),
    Column("title", Text, nullable=False),
    Column("parameters", Bytes, nullable=False),
    Column("options", Bytes, nullable=False),
    Column("faults", Bytes, nullable=False),
    Column("results", Bytes),
    Column("client", Text, nullable=False),
    Column("project", Text, ForeignKey("projects.id", ondelete="SET NULL")),
    Column("batch", Text, ForeignKey("batches.id", ondelete="SET NULL")),
    Column("saved", Text),
    Column("saved_version", Integer),
    Column("priority", Integer, nullable=False),
    Column("position", Float, nullable=False),
    Column("owner", Text),
    Column("token", Integer, nullable=False),
    Column("wish", Text),
    Column("attempt", Integer, nullable=False),
    Column("created", Float, nullable=False),
    Column("started", Float),
    Column("ended", Float),
    Column("graph", Bytes, nullable=False),
    Column("manifest", Bytes),
    Index("runs_by_title", "title", "started"),
    Index("runs_by_age", "created", "id"),
    Index("runs_by_owner", "owner"),
    Index("runs_by_state", "state", "created", "id"),
    Index("runs_by_client", "client", "created", "id"),
    Index("runs_by_batch", "batch", "created", "id"),
    Index("runs_by_project", "project", "created", "id"),
)
"""Every run from the moment it is accepted. `graph` is as it was settled: random seeds drawn; it is empty for a run of
a batch, whose graph it shares. `options` is JSON of how to run it, `faults` a JSON list and `results` a row of values
once it ended. `position` orders runs of one priority and client. `owner` is the server that has it under way; `token`
grows each time an owner takes it, so that a late one is refused; `wish` is what was asked of an owner that is another
process (`cancel`, `pause`); `attempt` counts how often it was begun. `saved` names the saved graph that it was made
from. Times are seconds since the epoch. What may be large
stands last: SQLite reads through it to reach what is behind it."""
Index("runs_in_queue", runs.c.state, runs.c.priority.desc(), runs.c.client, runs.c.position, runs.c.id)

events = Table(
    "events",
    metadata,
    Column("run", Text, ForeignKey("runs.id", ondelete="CASCADE"), nullable=False),
    Column("seq", Integer, nullable=False),
    Column("event", Bytes, nullable=False),
    PrimaryKeyConstraint("run", "seq"),
    sqlite_with_rowid=False,
)
"""The journal of each run: what was told, in the order it was told."""

logs = Table(
    "logs",
    metadata,
    Column("run", Text, ForeignKey("runs.id", ondelete="CASCADE"), nullable=False),
    Column("number", Integer, nullable=False),
    Column("at", Float, nullable=False),
    Column("step", Text, nullable=False),
    Column("item", Integer),
    Column("text", Text, nullable=False),
    PrimaryKeyConstraint("run", "number"),
    sqlite_with_rowid=False,
)
"""Tracebacks of a run's calls that failed; `number` is that of the event that told it."""

batches = Table(
    "batches",
    metadata,
    Column("id", Text, primary_key=True),
    Column("title", Text, nullable=False),
    Column("client", Text, nullable=False),
    Column("graph", Bytes, nullable=False),
    Column("runs", Integer, nullable=False),
    Column("created", Float, nullable=False),
    Index("batches_by_age", "created", "id"),
)
"""Runs that were submitted together: lists of parameter values, zipped or as a product, for one graph."""

promises = Table(
    "promises",
    metadata,
    Column("client", Text, nullable=False),
    Column("idempotency_key", Text, nullable=False),
    Column("request", Bytes(32), nullable=False),
    Column("kind", Text, nullable=False),
    Column("id", Text, nullable=False),
    Column("created", Float, nullable=False),
    PrimaryKeyConstraint("client", "idempotency_key"),
    sqlite_with_rowid=False,
)
"""What a submission with an idempotency key led to: `kind` is `run` or `batch`, `request` the digest of what was
asked."""

servers = Table(
    "servers",
    metadata,
    Column("id", Text, primary_key=True),
    Column("host", Text, nullable=False),
    Column("boot", Text, nullable=False),
    Column("pid", Integer, nullable=False),
    Column("born", Float, nullable=False),
    Column("address", Text, nullable=False),
    Column("beat", Integer, nullable=False),
)
"""Servers that share the queue. `beat` grows while a server lives: who sees it stand still for the length of a lease,
by a clock of its own, may take what that server had. `pid` and `born` (start of the process, in ticks since boot)
tell at once on the same boot of the same machine."""

settings = Table(
    "settings",
    metadata,
    Column("name", Text, primary_key=True),
    Column("value", Bytes, nullable=False),
    sqlite_with_rowid=False,
)
"""Settings of the queue and of servers, JSON by name; what is not here has its default."""

projects = Table(
    "projects",
    metadata,
    Column("id", Text, primary_key=True),
    Column("name", Text, nullable=False, unique=True),
    Column("description", Text, nullable=False),
    Column("created", Float, nullable=False),
)

graphs = Table(
    "graphs",
    metadata,
    Column("name", Text, primary_key=True),
    Column("version", Integer, nullable=False),
    Column("title", Text, nullable=False),
    Column("project", Text, ForeignKey("projects.id", ondelete="SET NULL")),
    Column("created", Float, nullable=False),
    Column("updated", Float, nullable=False),
    Column("deleted", Float),
)
"""Graphs that were saved; `version` is the newest of their versions."""

graph_versions = Table(
    "graph_versions",
    metadata,
    Column("name", Text, ForeignKey("graphs.name", ondelete="CASCADE"), nullable=False),
    Column("version", Integer, nullable=False),
    Column("document", Bytes, nullable=False),
    Column("digest", Bytes(32), nullable=False),
    Column("note", Text, nullable=False),
    Column("author", Text, nullable=False),
    Column("created", Float, nullable=False),
    PrimaryKeyConstraint("name", "version"),
    sqlite_with_rowid=False,
)
"""Every version of a saved graph, as it was saved."""

artefacts = Table(
    "artefacts",
    metadata,
    Column("id", Text, primary_key=True),
    Column("digest", Bytes(32), nullable=False),
    Column("type", Text, nullable=False),
    Column("media_type", Text, nullable=False),
    Column("size", BigInteger, nullable=False),
    Column("facts", Bytes, nullable=False),
    Column("name", Text, nullable=False),
    Column("run", Text, ForeignKey("runs.id", ondelete="CASCADE")),
    Column("project", Text, ForeignKey("projects.id", ondelete="SET NULL")),
    Column("created", Float, nullable=False),
    Index("artefacts_by_digest", "digest"),
    Index("artefacts_by_age", "created", "id"),
    Index("artefacts_by_run", "run"),
)
"""Results of runs, and files that were uploaded (`run` is null). Collection leaves their blobs alone. `name` is the
result's name or the file's; `facts` is what the value tells of itself, JSON."""

api_keys = Table(
    "api_keys",
    metadata,
    Column("id", Text, primary_key=True),
    Column("name", Text, nullable=False),
    Column("hash", Bytes(32), nullable=False, unique=True),
    Column("scopes", Text, nullable=False),
    Column("created", Float, nullable=False),
    Column("expires", Float),
    Column("used", Float),
    Column("revoked", Float),
)
"""Keys that programs show: only the digest of each is kept. `scopes` are words with a space between them."""

shares = Table(
    "shares",
    metadata,
    Column("id", Text, primary_key=True),
    Column("secret", Bytes(32), nullable=False),
    Column("title", Text, nullable=False),
    Column("client", Text, nullable=False),
    Column("scene", Bytes(32), nullable=False),
    Column("sounds", Bytes, nullable=False),
    Column("created", Float, nullable=False),
    Column("expires", Float, nullable=False),
    Column("revoked", Float),
    Index("shares_by_age", "created", "id"),
)
"""Links by which others see a scene. `secret` signs each; `scene` is a digest, `sounds` digests one after the other."""

peaks = Table(
    "peaks",
    metadata,
    Column("node", Text, nullable=False),
    Column("sizes", Text, nullable=False),
    Column("bytes", BigInteger, nullable=False),
    Column("count", Integer, nullable=False),
    PrimaryKeyConstraint("node", "sizes"),
    sqlite_with_rowid=False,
)
"""The most device memory that calls of a node took beyond the models it holds, by the sizes that decide it."""
