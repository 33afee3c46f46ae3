"""From a checked graph to steps: saved graphs opened, bypasses passed through, parameters put in, files kept."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from pydantic import JsonValue
from tests.support.static_nodes import document, finder, library, pack

from diorama.check import check
from diorama.expand import Expansion, Given, Output, Step
from diorama.faults import DioramaError
from diorama.files import FilesOnDisk, adopt_files
from diorama.graph import parse_graph
from diorama.keys import digest_of
from diorama.limits import limits
from diorama.plan import active_sources, unchosen_ports
from diorama.refs import Blob, Inline, Many, inline
from diorama.session import Session
from diorama.store.blobs import BlobStore


def one(type_: str, /, **inputs: object) -> dict[str, object]:
    return {"type": f"t/{type_}", "inputs": inputs}


def wire(source: str) -> dict[str, str]:
    return {"wire": source}


def param(name: str) -> dict[str, str]:
    return {"param": name}


@dataclass(frozen=True)
class Case:
    """A graph, its steps as `id: port=source ...` with constants as JSON, and where `a.value` comes from."""

    nodes: Mapping[str, object]
    steps: list[str]
    result: str
    parameters: Mapping[str, object] = field(default_factory=dict)
    values: Mapping[str, JsonValue] = field(default_factory=dict)
    saved: Mapping[str, object] = field(default_factory=dict)


NUMBER = {"x": {"type": "number", "default": 3}}
TWICE = document(
    {"i": one("double", x=param("x")), "j": one("double", x=wire("i.value"))},
    parameters=NUMBER,
    results={"value": "j.value"},
)
CASES = {
    "wires become outputs, constants their normal form": Case(
        {"a": one("add", x=wire("w.value"), y=2), "w": one("number")}, ["w:", "a: x=w.value y=2.0"], "a.value"
    ),
    "a parameter is put in": Case(
        {"a": one("double", x=param("x"))}, ["a: x=7.0"], "a.value", parameters=NUMBER, values={"x": 7}
    ),
    "a parameter's default is put in": Case(
        {"a": one("double", x=param("x"))}, ["a: x=3.0"], "a.value", parameters=NUMBER
    ),
    "a bypassed node leaves no step": Case(
        {
            "a": one("double", x=wire("b.value")),
            "b": {**one("double", x=wire("w.value")), "bypass": True},
            "w": one("number"),
        },
        ["w:", "a: x=w.value"],
        "a.value",
    ),
    "bypasses in a row pass through each other": Case(
        {
            "a": one("double", x=wire("c.value")),
            "c": {**one("double", x=wire("b.value")), "bypass": True},
            "b": {**one("double", x=5), "bypass": True},
        },
        ["a: x=5.0"],
        "a.value",
    ),
    "a result may be what a bypass passes through": Case(
        {"a": {**one("double", x=wire("w.value")), "bypass": True}, "w": one("number")}, ["w:"], "w.value"
    ),
    "a result may be a constant that a bypass passes through": Case(
        {"a": {**one("double", x=5), "bypass": True}}, [], "5.0"
    ),
    "a saved graph is opened under the node's id": Case(
        {"a": {"type": "graph/s", "inputs": {"x": wire("w.value")}}, "w": one("number")},
        ["w:", "a/i: x=w.value", "a/j: x=a/i.value"],
        "a/j.value",
        saved={"s": TWICE},
    ),
    "a saved graph takes its own defaults": Case(
        {"a": {"type": "graph/s"}}, ["a/i: x=3.0", "a/j: x=a/i.value"], "a/j.value", saved={"s": TWICE}
    ),
    "a saved graph in a saved graph": Case(
        {"a": {"type": "graph/u", "inputs": {"x": 1}}},
        ["a/s/i: x=1.0", "a/s/j: x=a/s/i.value"],
        "a/s/j.value",
        saved={
            "s": TWICE,
            "u": document(
                {"s": {"type": "graph/s", "inputs": {"x": param("x")}}}, parameters=NUMBER, results={"value": "s.value"}
            ),
        },
    ),
    "a bypassed saved graph is not opened": Case(
        {"a": {"type": "graph/s", "inputs": {"x": wire("w.value")}, "bypass": True}, "w": one("number")},
        ["w:"],
        "w.value",
        saved={"s": TWICE},
    ),
    "a loop over a saved graph is one step": Case(
        {"a": {"type": "graph/s", "inputs": {"x": [1, 2]}, "for_each": ["x"]}},
        ["a: x=[1.0,2.0]"],
        "a.value",
        saved={"s": TWICE},
    ),
}


def opened(case: Case) -> tuple[list[Step], Given]:
    graph = parse_graph(document(case.nodes, parameters=dict(case.parameters), results={"r": "a.value"}))
    shelf = library(case.saved)
    found = check(graph, shelf, case.values)
    assert found.faults == []
    steps: list[Step] = []
    bindings: dict[str, Given] = {name: inline(value) for name, value in found.parameters.items()}
    return steps, Expansion(shelf, steps).open(graph, found, bindings)["a", "value"]


def shown(steps: list[Step], given: Given) -> str:
    if isinstance(given, Output):
        return f"{steps[given.step].id}.{given.port}"
    assert isinstance(given, Inline)
    return given.text.decode()


@pytest.mark.parametrize("case", CASES.values(), ids=CASES)
def test_how_a_graph_is_opened(case: Case) -> None:
    steps, result = opened(case)
    drawn = [
        " ".join([f"{step.id}:", *(f"{port}={shown(steps, given)}" for port, given in step.inputs.items())])
        for step in steps
    ]
    assert drawn == case.steps
    assert shown(steps, result) == case.result


LAZY = {"w": one("integer"), "n": one("integer", value=1), "on": one("keep", data=True)}


def test_a_lazy_input_that_is_not_chosen_is_not_waited_for() -> None:
    nodes = {"a": one("either", on=False, yes=wire("w.value"), no=wire("n.value")), **LAZY}
    steps, _ = opened(Case(nodes, [], ""))
    step = next(step for step in steps if step.id == "a")
    assert unchosen_ports(step) == {"yes"}
    assert [steps[number].id for number in active_sources(step)] == ["n"]


# Files


@pytest.fixture
def blobs(tmp_path: Path) -> BlobStore:
    return BlobStore(tmp_path / "store")


def files_of(nodes: Mapping[str, object], saved: Mapping[str, object] | None = None) -> list[Step]:
    steps, _ = opened(Case(nodes, [], "", saved=saved or {}))
    return steps


def test_a_named_file_is_kept_by_its_content(tmp_path: Path, blobs: BlobStore) -> None:
    (tmp_path / "x.txt").write_bytes(b"one")
    (tmp_path / "y.txt").write_bytes(b"two")
    steps = files_of({"a": one("read", file="x.txt", other=str(tmp_path / "y.txt"), more=["x.txt", "y.txt"])})
    adopt_files(steps, blobs, FilesOnDisk(tmp_path))
    file, other, more = (steps[0].inputs[port] for port in ("file", "other", "more"))
    assert isinstance(file, Blob)
    assert isinstance(other, Blob)
    assert isinstance(more, Many)
    assert (file.digest, file.size, file.type) == (digest_of(b"one"), 3, "file")
    assert blobs.get(other.digest) == b"two"
    assert [item.digest for item in more.items] == [file.digest, other.digest]


def test_a_file_that_may_be_missing_may_be_null(blobs: BlobStore, tmp_path: Path) -> None:
    (tmp_path / "x").write_bytes(b"")
    steps = files_of({"a": one("read", file="x", other=None)})
    adopt_files(steps, blobs, FilesOnDisk(tmp_path))
    assert steps[0].inputs["other"] == inline(None)


@pytest.fixture
def small_files(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setenv("DIORAMA_MAX_FILE_BYTES", "3")
    limits.cache_clear()
    yield
    limits.cache_clear()


@pytest.mark.usefixtures("small_files")
def test_every_file_that_cannot_be_read_is_told(tmp_path: Path, blobs: BlobStore) -> None:
    (tmp_path / "large").write_bytes(b"four")
    (tmp_path / "good").write_bytes(b"ok")
    nodes = {
        "a": one("read", file="good"),
        "gone": one("read", file="gone.png", other="good"),
        "folder": one("read", file="."),
        "large": one("read", file="large"),
        "home": one("read", file="~nobody-of-this-name/x"),
        "long": one("read", file="x" * 5000),
        "under": one("read", file="good/x"),
        "listed": one("read", file="good", more=["good", "gone"]),
        "inside": {"type": "graph/s"},
    }
    saved = {"s": document({"i": one("read", file="gone")}, results={"value": "i.value"})}
    with pytest.raises(DioramaError) as caught:
        adopt_files(files_of(nodes, saved), blobs, FilesOnDisk(tmp_path))
    faults = caught.value.faults
    assert {fault.code for fault in faults} == {"G114"}
    assert sorted(fault.at for fault in faults) == sorted(
        [f"/nodes/{name}/inputs/file" for name in ("gone", "folder", "large", "home", "long", "under")]
        + ["/nodes/listed/inputs/more", "/nodes/inside"]
    )
    messages = {fault.at.split("/")[2]: fault.message for fault in faults}
    assert messages["gone"] == "the file 'gone.png' cannot be read: No such file or directory"
    assert "4 bytes are more than the 3" in messages["large"]
    assert "home is not known" in messages["home"]
    assert all(len(message) < 400 for message in messages.values())


@pytest.mark.timeout(20)
def test_a_pipe_is_no_file_and_holds_nothing_up(tmp_path: Path, blobs: BlobStore) -> None:
    os.mkfifo(tmp_path / "pipe")
    with pytest.raises(DioramaError) as caught:
        adopt_files(files_of({"a": one("read", file="pipe")}), blobs, FilesOnDisk(tmp_path))
    assert "not a regular file" in caught.value.faults[0].message


def test_a_session_refuses_what_the_check_refuses(tmp_path: Path) -> None:
    with Session(tmp_path / "store", catalogue=pack(), executor="inline", graphs=finder({})) as session:
        broken = parse_graph(document({"a": one("double")}))
        assert [fault.code for fault in session.check(broken)] == ["G103", "G112"]
        with pytest.raises(DioramaError) as caught:
            session.plan(broken)
        assert [fault.code for fault in caught.value.faults] == ["G103", "G112"]
        plan = session.plan(parse_graph(document({"a": one("double", x=1)}, results={"r": "a.value"})))
        assert [step.id for step in plan.steps] == ["a"]
        assert plan.wanted == [0]
