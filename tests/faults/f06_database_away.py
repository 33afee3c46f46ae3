"""A database that others lock, that lost its write-ahead log, cannot be written, or is of another version."""

from __future__ import annotations

import sqlite3
import subprocess
import threading
from contextlib import closing
from pathlib import Path

import httpx2

from diorama.graph import Constant, Graph, GraphNode, Wire
from tests.faults.figures import Figures
from tests.faults.nodes import chains
from tests.faults.processes import Serving, serving, why_not_started

BUSY_SECONDS = 2.0


def run(folder: Path, is_long: bool) -> Figures:
    """While it is locked, requests wait and are then told to come again; what is wrong at a start is said."""
    seconds = 10.0 if is_long else 4.0
    with serving(folder / "store", busy_seconds=BUSY_SECONDS) as (server, client):
        graph, _ = chains(1_000_000, 2, 4)
        client.run(graph)
        client.run(_kept_as_a_blob())
        statuses = _while_locked(server, graph, seconds)
        client.wait(client.submit(graph).id)
        server.stop()
    refused = {
        "a database that is gone": _refuses(folder / "store", "S004", _lose_database),
        "a newer version": _refuses(folder / "store", "S002", _newer),
    }
    return {
        "answers while locked": ", ".join(f"{count} x {status}" for status, count in sorted(statuses.items())),
        **{f"start with {what}": told for what, told in refused.items()},
    }


def _kept_as_a_blob() -> Graph:
    large = GraphNode("f/large", {"x": Constant(1), "size": Constant(10_000)})
    return Graph({"large": large}, {"out": Wire("large", "value")}, title="large")


def _while_locked(server: Serving, graph: Graph, seconds: float) -> dict[int, int]:
    """Statuses of requests while another process holds the database."""
    body = {"graph": graph.document()}
    statuses: dict[int, int] = {}
    with closing(sqlite3.connect(server.store / "diorama.db", isolation_level=None)) as foreign:
        foreign.execute("BEGIN IMMEDIATE")
        done = threading.Timer(seconds, lambda: None)
        done.start()
        with httpx2.Client(base_url=server.address, timeout=60.0) as http:
            while done.is_alive():
                for reply in (http.get("/api/v1/runs"), http.post("/api/v1/runs", json=body)):
                    statuses[reply.status_code] = statuses.get(reply.status_code, 0) + 1
                    assert reply.status_code in (200, 201, 503), reply.text
                    assert reply.status_code != 503 or "retry-after" in reply.headers, dict(reply.headers)
        foreign.execute("ROLLBACK")
    assert 503 in statuses, statuses
    return statuses


def _refuses(store: Path, code: str, damage: object) -> str:
    """What a server says that does not start over a damaged copy of a store; the copy stays as it is."""
    copy = store.with_name(f"{code}")
    subprocess.run(["cp", "-a", str(store), str(copy)], check=True)
    assert callable(damage)
    damage(copy)
    before = _tables(copy)
    told = why_not_started(copy)
    assert code in told, told
    assert _tables(copy) == before, "something was made in the place of what was lost"
    return f"refused ({code})"


def _tables(store: Path) -> list[tuple[str]]:
    with closing(sqlite3.connect(store / "diorama.db")) as connection:
        return connection.execute("SELECT name FROM sqlite_master ORDER BY name").fetchall()


def _lose_database(store: Path) -> None:
    for path in store.glob("diorama.db*"):
        path.write_bytes(b"")
        if path.name != "diorama.db":
            path.unlink()


def _newer(store: Path) -> None:
    with closing(sqlite3.connect(store / "diorama.db")) as connection:
        connection.execute("UPDATE alembic_version SET version_num = '9999'")
        connection.commit()
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
