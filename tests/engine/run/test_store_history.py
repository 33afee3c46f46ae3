"""Any history of edits, runs, cancels, crashes, collections and damage against a model of a few lines."""

from __future__ import annotations

import os
import shutil
import tempfile
from contextlib import ExitStack
from pathlib import Path

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule
from tests.support.postgres import Postgres

from diorama.catalogue import Pack, catalogue_of
from diorama.context import Context
from diorama.graph import Constant, Graph, GraphNode, Wire
from diorama.node import Cost, node
from diorama.session import Result, Session
from diorama.store.calls import CallStore
from diorama.store.care import collect

LONG = os.environ.get("DIORAMA_LONG") == "1"
CLAIM_SECONDS = 0.02
"""A crashed owner's claims hold so long."""


@node(cost=Cost(seconds=1.0))
def write(ctx: Context, x: int) -> str:
    """Give a text too long for a row."""
    return f"{x % 4}" * 5000


@node(cost=Cost(seconds=1e-6))
def measure(ctx: Context, text: str, times: int) -> int:
    """Give a number of the text."""
    return int(text[0]) * times


@node(cost=Cost(seconds=1.0))
def join(ctx: Context, first: str, items: list[str]) -> str:
    """Give a text made of several, again too long for a row."""
    return first + "".join(item[:10] for item in items)


CATALOGUE = catalogue_of(Pack("t", "1"), write, measure, join)


class StoreHistory(RuleBasedStateMachine):
    """One folder, sessions that come and go over it, and a graph that is edited."""

    server: Postgres | None = None

    @initialize()
    def begin(self) -> None:
        self.folder = Path(tempfile.mkdtemp(prefix="diorama-history-"))
        self.database = ExitStack()
        self.url = self.database.enter_context(self.server.database()) if self.server else ""
        self.session = self.opened()
        self.x, self.times, self.items = 1, 2, [1, 2]
        self.is_warm = False
        """Whether the graph as it is has just been run, and nothing was taken away since."""

    def opened(self) -> Session:
        store = CallStore(self.folder, database=self.url)
        return Session(store, catalogue=CATALOGUE, executor="inline", claim_seconds=CLAIM_SECONDS)

    def graph(self) -> Graph:
        nodes = {
            "text": GraphNode("t/write", {"x": Constant(self.x)}),
            "each": GraphNode("t/write", {"x": Constant([*self.items])}, ("x",)),
            "size": GraphNode("t/measure", {"text": Wire("text", "value"), "times": Constant(self.times)}),
            "all": GraphNode("t/join", {"first": Wire("text", "value"), "items": Wire("each", "value")}),
        }
        return Graph(nodes, {"size": Wire("size", "value"), "all": Wire("all", "value")})

    def model(self) -> dict[str, object]:
        first = f"{self.x % 4}"
        return {"size": (self.x % 4) * self.times, "all": first * 5000 + "".join(f"{x % 4}" * 10 for x in self.items)}

    @rule(x=st.integers(0, 9))
    def edit_the_root(self, x: int) -> None:
        self.is_warm &= x == self.x
        self.x = x

    @rule(times=st.integers(0, 9))
    def edit_a_leaf(self, times: int) -> None:
        self.is_warm &= times == self.times
        self.times = times

    @rule(items=st.lists(st.integers(0, 9), max_size=4))
    def edit_a_list(self, items: list[int]) -> None:
        self.is_warm &= items == self.items
        self.items = items

    @rule()
    def run(self) -> None:
        result: Result = self.session.run(self.graph())
        assert result.state == "succeeded", result.faults
        assert {name: result[name] for name in result.outputs} == self.model()
        calls = result.manifest["calls"]
        assert isinstance(calls, list)
        made = [call["step"] for call in calls if isinstance(call, dict) and not call["cached"]]
        assert not (self.is_warm and made), f"{made} ran although nothing had changed"
        self.is_warm = True

    @rule(turns=st.integers(0, 3))
    def cancel(self, turns: int) -> None:
        run = self.session.begin(self.graph())
        for _ in range(turns):
            self.session.scheduler.turn(0.0)
        was_over = run.is_over
        self.session.scheduler.cancel(run.id)
        self.session.scheduler.run_until_idle()
        assert run.state == ("succeeded" if was_over else "cancelled")
        self.is_warm = self.is_warm and was_over

    @rule(turns=st.integers(0, 3))
    def crash(self, turns: int) -> None:
        """The process is gone in the middle of a run: nothing is closed, nothing more is written."""
        self.session.begin(self.graph())
        for _ in range(turns):
            self.session.scheduler.turn(0.0)
        self.session.store.close()
        self.session = self.opened()

    @rule()
    def collect_everything(self) -> None:
        collect(self.session.store, max_bytes=0)
        self.is_warm = False

    def blobs(self) -> list[Path]:
        return sorted(path for path in (self.folder / "blobs").rglob("*") if path.is_file())

    @rule(which=st.integers(0, 20))
    def evict_a_blob(self, which: int) -> None:
        if blobs := self.blobs():
            blobs[which % len(blobs)].unlink()
            self.is_warm = False

    @rule(which=st.integers(0, 20), place=st.integers(0, 5000), is_cut=st.booleans())
    def corrupt_a_blob(self, which: int, place: int, is_cut: bool) -> None:
        if blobs := self.blobs():
            # One that was cut to nothing before gets a byte.
            content = bytearray(blobs[which % len(blobs)].read_bytes() or b"\0")
            content[place % len(content)] ^= 1
            blobs[which % len(blobs)].write_bytes(content[: place % len(content)] if is_cut else content)
            self.is_warm = False

    @invariant()
    def nothing_is_left_behind(self) -> None:
        left = self.session.scheduler
        assert left.is_idle
        waiting = (
            left.dispatch._jobs,
            left.dispatch._flights,
            left.dispatch._heavy,
            left.dispatch._light,
            left.dispatch.sharing,
            left.claims.held,
        )
        assert not any(waiting)

    def teardown(self) -> None:
        if hasattr(self, "folder"):
            self.session.close()
            self.database.close()
            shutil.rmtree(self.folder, ignore_errors=True)


class PostgresHistory(StoreHistory):
    """The same on PostgreSQL."""


@pytest.fixture
def on_postgres(postgres: Postgres) -> None:
    PostgresHistory.server = postgres


TestStoreHistory = StoreHistory.TestCase
TestStoreHistory.settings = settings(max_examples=2000 if LONG else 40, stateful_step_count=50 if LONG else 25)
TestPostgresHistory = pytest.mark.usefixtures("on_postgres")(PostgresHistory.TestCase)
TestPostgresHistory.settings = settings(max_examples=500 if LONG else 10, stateful_step_count=50 if LONG else 25)
