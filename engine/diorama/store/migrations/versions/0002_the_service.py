"""The queue, servers, logs, batches, projects, saved graphs, artefacts, API keys and measured peaks."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision: str | None = "0001"

KEPT = ("id", "state", "title", "graph", "parameters", "manifest", "started", "ended")
ADDED = ("options", "faults", "client", "priority", "position", "token", "attempt", "created")


def upgrade() -> None:
    """Make the tables of the service, and give runs what the queue needs."""
    _projects_and_batches()
    _runs()
    _queue()
    _saved()
    _access()


def _projects_and_batches() -> None:
    op.create_table(
        "projects",
        sa.Column("id", sa.String, primary_key=True),
        sa.Column("name", sa.String, nullable=False, unique=True),
        sa.Column("description", sa.String, nullable=False),
        sa.Column("created", sa.Float, nullable=False),
    )
    op.create_table(
        "batches",
        sa.Column("id", sa.String, primary_key=True),
        sa.Column("title", sa.String, nullable=False),
        sa.Column("client", sa.String, nullable=False),
        sa.Column("graph", sa.LargeBinary, nullable=False),
        sa.Column("runs", sa.Integer, nullable=False),
        sa.Column("created", sa.Float, nullable=False),
    )
    op.create_index("batches_by_age", "batches", ["created", "id"])


def _runs() -> None:
    """Runs anew, since SQLite cannot let a column be null that could not; their events move with them."""
    op.create_table(
        "new_runs",
        sa.Column("id", sa.String, primary_key=True),
        sa.Column("state", sa.String, nullable=False),
        sa.Column("title", sa.String, nullable=False),
        sa.Column("parameters", sa.LargeBinary, nullable=False),
        sa.Column("options", sa.LargeBinary, nullable=False),
        sa.Column("faults", sa.LargeBinary, nullable=False),
        sa.Column("results", sa.LargeBinary),
        sa.Column("client", sa.String, nullable=False),
        sa.Column("project", sa.String, sa.ForeignKey("projects.id", ondelete="SET NULL")),
        sa.Column("batch", sa.String, sa.ForeignKey("batches.id", ondelete="SET NULL")),
        sa.Column("saved", sa.String),
        sa.Column("saved_version", sa.Integer),
        sa.Column("priority", sa.Integer, nullable=False),
        sa.Column("position", sa.Float, nullable=False),
        sa.Column("owner", sa.String),
        sa.Column("token", sa.Integer, nullable=False),
        sa.Column("wish", sa.String),
        sa.Column("attempt", sa.Integer, nullable=False),
        sa.Column("created", sa.Float, nullable=False),
        sa.Column("started", sa.Float),
        sa.Column("ended", sa.Float),
        sa.Column("graph", sa.LargeBinary, nullable=False),
        sa.Column("manifest", sa.LargeBinary),
    )
    op.create_table(
        "new_events",
        sa.Column("run", sa.String, sa.ForeignKey("new_runs.id", ondelete="CASCADE"), nullable=False),
        sa.Column("seq", sa.Integer, nullable=False),
        sa.Column("event", sa.LargeBinary, nullable=False),
        sa.PrimaryKeyConstraint("run", "seq"),
        sqlite_with_rowid=False,
    )
    old, new = sa.table("runs", *map(sa.column, KEPT)), sa.table("new_runs", *map(sa.column, (*KEPT, *ADDED)))
    added = [sa.literal(b"{}"), sa.literal(b"[]"), sa.literal("local"), sa.literal(0), old.c.started]
    added += [sa.literal(0), sa.literal(1), old.c.started]
    op.execute(new.insert().from_select([*KEPT, *ADDED], sa.select(*old.c, *added)))
    op.execute("INSERT INTO new_events SELECT run, seq, event FROM events")
    # The events first: taking runs away would take those that refer to them along.
    op.drop_table("events")
    op.drop_table("runs")
    op.rename_table("new_runs", "runs")
    op.rename_table("new_events", "events")
    op.create_index("runs_by_title", "runs", ["title", "started"])
    op.create_index("runs_by_age", "runs", ["created", "id"])
    op.create_index("runs_in_queue", "runs", ["state", sa.text("priority DESC"), "client", "position", "id"])
    op.create_index("runs_by_owner", "runs", ["owner"])
    for column in ("state", "client", "batch", "project"):
        op.create_index(f"runs_by_{column}", "runs", [column, "created", "id"])


def _queue() -> None:
    op.create_table(
        "promises",
        sa.Column("client", sa.String, nullable=False),
        sa.Column("idempotency_key", sa.String, nullable=False),
        sa.Column("request", sa.LargeBinary(32), nullable=False),
        sa.Column("kind", sa.String, nullable=False),
        sa.Column("id", sa.String, nullable=False),
        sa.Column("created", sa.Float, nullable=False),
        sa.PrimaryKeyConstraint("client", "idempotency_key"),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "servers",
        sa.Column("id", sa.String, primary_key=True),
        sa.Column("host", sa.String, nullable=False),
        sa.Column("boot", sa.String, nullable=False),
        sa.Column("pid", sa.Integer, nullable=False),
        sa.Column("born", sa.Float, nullable=False),
        sa.Column("address", sa.String, nullable=False),
        sa.Column("beat", sa.Integer, nullable=False),
    )
    op.create_table(
        "settings",
        sa.Column("name", sa.String, primary_key=True),
        sa.Column("value", sa.LargeBinary, nullable=False),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "peaks",
        sa.Column("node", sa.String, nullable=False),
        sa.Column("sizes", sa.String, nullable=False),
        sa.Column("bytes", sa.BigInteger, nullable=False),
        sa.Column("count", sa.Integer, nullable=False),
        sa.PrimaryKeyConstraint("node", "sizes"),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "logs",
        sa.Column("run", sa.String, sa.ForeignKey("runs.id", ondelete="CASCADE"), nullable=False),
        sa.Column("number", sa.Integer, nullable=False),
        sa.Column("at", sa.Float, nullable=False),
        sa.Column("step", sa.String, nullable=False),
        sa.Column("item", sa.Integer),
        sa.Column("text", sa.String, nullable=False),
        sa.PrimaryKeyConstraint("run", "number"),
        sqlite_with_rowid=False,
    )
    with op.batch_alter_table("calls") as calls:
        calls.alter_column("size", type_=sa.BigInteger, existing_type=sa.Integer, existing_nullable=False)


def _saved() -> None:
    op.create_table(
        "graphs",
        sa.Column("name", sa.String, primary_key=True),
        sa.Column("version", sa.Integer, nullable=False),
        sa.Column("title", sa.String, nullable=False),
        sa.Column("project", sa.String, sa.ForeignKey("projects.id", ondelete="SET NULL")),
        sa.Column("created", sa.Float, nullable=False),
        sa.Column("updated", sa.Float, nullable=False),
        sa.Column("deleted", sa.Float),
    )
    op.create_table(
        "graph_versions",
        sa.Column("name", sa.String, sa.ForeignKey("graphs.name", ondelete="CASCADE"), nullable=False),
        sa.Column("version", sa.Integer, nullable=False),
        sa.Column("document", sa.LargeBinary, nullable=False),
        sa.Column("digest", sa.LargeBinary(32), nullable=False),
        sa.Column("note", sa.String, nullable=False),
        sa.Column("author", sa.String, nullable=False),
        sa.Column("created", sa.Float, nullable=False),
        sa.PrimaryKeyConstraint("name", "version"),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "artefacts",
        sa.Column("id", sa.String, primary_key=True),
        sa.Column("digest", sa.LargeBinary(32), nullable=False),
        sa.Column("type", sa.String, nullable=False),
        sa.Column("media_type", sa.String, nullable=False),
        sa.Column("size", sa.BigInteger, nullable=False),
        sa.Column("facts", sa.LargeBinary, nullable=False),
        sa.Column("name", sa.String, nullable=False),
        sa.Column("run", sa.String, sa.ForeignKey("runs.id", ondelete="CASCADE")),
        sa.Column("project", sa.String, sa.ForeignKey("projects.id", ondelete="SET NULL")),
        sa.Column("created", sa.Float, nullable=False),
    )
    op.create_index("artefacts_by_digest", "artefacts", ["digest"])
    op.create_index("artefacts_by_age", "artefacts", ["created", "id"])
    op.create_index("artefacts_by_run", "artefacts", ["run"])


def _access() -> None:
    op.create_table(
        "api_keys",
        sa.Column("id", sa.String, primary_key=True),
        sa.Column("name", sa.String, nullable=False),
        sa.Column("hash", sa.LargeBinary(32), nullable=False, unique=True),
        sa.Column("scopes", sa.String, nullable=False),
        sa.Column("created", sa.Float, nullable=False),
        sa.Column("expires", sa.Float),
        sa.Column("used", sa.Float),
        sa.Column("revoked", sa.Float),
    )


def downgrade() -> None:
    """Refuse: what the service keeps has no place in the older tables."""
    raise RuntimeError("a store of this version cannot go back to 0001; use the backup made before")
