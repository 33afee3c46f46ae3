"""`diorama.run` and `diorama.arun`, what the package exports, and what its import costs."""

from __future__ import annotations

import asyncio
import inspect
import subprocess
import sys
from pathlib import Path

import pytest
from tests.support import tally
from tests.support.child import ROOT
from tests.support.tally import GATE, TALLY, catalogue, gated_row, growing, noted

import diorama
from diorama import DioramaError, Graph, Session
from diorama.catalogue import installed
from diorama.run.events import CallStarted, Event

HEAVY = ("torch", "diffusers", "transformers", "trimesh", "numpy", "scipy", "PIL", "sqlalchemy", "pydantic")
SIGNATURES = {
    "run": "(graph: str | Path | Graph, *, to: str | None = None, store: Path | None = None, "
    "use_cache: bool = True, listener: Listener = <function no_listener>, **parameters: JsonValue) -> Result",
    "load_graph": "(name_or_path: str | Path) -> tuple[Graph, Path | None]",
    "read_graph": "(content: bytes | str) -> Graph",
}
PUBLIC = (
    "Advanced AsyncClient BadInput Cancelled Catalogue Client Color Context Cosmetic Cost Curve DioramaError Fault "
    "File Graph Heights Lazy Model Node Result Seed Session Unit Value arun load_graph node read_graph run"
)


@pytest.fixture
def own_nodes(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """A store, with the nodes of the tests in the place of those installed."""
    monkeypatch.setattr("diorama.session.installed", catalogue)
    monkeypatch.setenv(TALLY, str(tmp_path / "tally"))
    monkeypatch.setenv(GATE, str(tmp_path / "gate"))
    return tmp_path / "store"


def test_the_public_names_are_these_and_no_others() -> None:
    assert " ".join(diorama.__all__) == PUBLIC
    for name in diorama.__all__:
        assert getattr(diorama, name) is not None
    with pytest.raises(AttributeError, match="no attribute 'other'"):
        _ = diorama.other


@pytest.mark.parametrize("name", SIGNATURES)
def test_a_public_signature_is_what_others_build_on(name: str) -> None:
    found = str(inspect.signature(getattr(diorama, name))).replace("'", "")
    assert found.partition(" at 0x")[0].split(">")[0] == SIGNATURES[name].split(">")[0]


def test_run_is_the_function_whatever_was_imported_before() -> None:
    code = "import diorama.run.events, diorama; print(diorama.run.__module__, diorama.run.__name__)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=ROOT)
    assert done.stdout.split() == ["diorama.api", "run"]


def test_the_import_loads_nothing_that_is_heavy() -> None:
    code = f"import sys, diorama; print([name for name in {HEAVY!r} if name in sys.modules])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=ROOT)
    assert done.stdout.strip() == "[]"


def test_help_and_the_catalogue_load_no_models_library() -> None:
    code = (
        "import sys; from diorama.catalogue import installed; installed();"
        "print([name for name in ('torch', 'diffusers', 'transformers', 'trimesh') if name in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=ROOT)
    assert done.stdout.strip() == "[]"
    assert installed().broken == ()


def test_run_gives_the_results_by_name(own_nodes: Path) -> None:
    result = diorama.run(growing(), store=own_nodes)
    assert (result.state, result["length"]) == ("succeeded", 18_000)
    assert result.bytes("c").startswith(b'"1,1,')
    with pytest.raises(TypeError, match="no artefact"):
        result.bytes("length")
    assert len(noted(own_nodes.parent / "tally")) == 4
    diorama.run(growing(), store=own_nodes)
    assert len(noted(own_nodes.parent / "tally")) == 4
    assert diorama.run(growing(), store=own_nodes, to="b.value", use_cache=False).outputs.keys() == {"b.value"}
    assert len(noted(own_nodes.parent / "tally")) == 6


def test_run_raises_every_fault(own_nodes: Path) -> None:
    bad = tally.graph_of({"a": ("doubled", {"x": "no number"}), "b": ("no_such", {})}, "a", "b")
    with pytest.raises(DioramaError) as raised:
        diorama.run(bad, store=own_nodes)
    assert sorted(fault.code for fault in raised.value.faults) == ["G101", "G105"]
    with pytest.raises(DioramaError, match="C001"):
        diorama.run("no_such_graph", store=own_nodes)


def test_arun_gives_the_same_and_tells_on_the_loop(own_nodes: Path) -> None:
    told: list[Event] = []
    result = asyncio.run(diorama.arun(growing(), store=own_nodes, listener=told.append))
    assert result["length"] == 18_000
    assert {event.kind for event in told} >= {"run_started", "call_finished", "run_ended"}


def test_cancelling_arun_cancels_the_run(own_nodes: Path) -> None:
    async def cancel_when_begun() -> None:
        begun = asyncio.Event()

        def hear(event: Event) -> None:
            if isinstance(event, CallStarted):
                begun.set()

        task = asyncio.create_task(diorama.arun(gated_row(2), store=own_nodes, listener=hear))
        await asyncio.wait_for(begun.wait(), 30)
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await asyncio.wait_for(task, 30)

    asyncio.run(cancel_when_begun())
    assert states(own_nodes) == ["cancelled"]


def test_cancelling_arun_before_the_run_has_begun_cancels_it_too(
    own_nodes: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def cancel_at_once() -> None:
        planning = asyncio.Event()
        loop = asyncio.get_running_loop()
        begin = Session.begin

        def slowly(session: Session, graph: Graph, *given: object) -> object:
            loop.call_soon_threadsafe(planning.set)
            asyncio.run_coroutine_threadsafe(is_cancelled.wait(), loop).result(30)
            return begin(session, graph, *given)  # type: ignore[arg-type]  # handed on

        is_cancelled = asyncio.Event()
        monkeypatch.setattr(Session, "begin", slowly)
        task = asyncio.create_task(diorama.arun(gated_row(2), store=own_nodes))
        await planning.wait()
        task.cancel()
        loop.call_later(0.05, is_cancelled.set)
        with pytest.raises(asyncio.CancelledError):
            await asyncio.wait_for(task, 30)

    asyncio.run(cancel_at_once())
    assert states(own_nodes) == ["cancelled"]


def states(store: Path) -> list[str]:
    with Session(store, catalogue=catalogue()) as session, session.store.reading() as connection:
        return list(connection.exec_driver_sql("SELECT state FROM runs").scalars())
