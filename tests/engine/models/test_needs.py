"""What a node needs beyond its inputs is told with all other faults, and enters its keys."""

from __future__ import annotations

import shlex
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from tests.support.weight_files import FILES, SMALL, lay_down, numbers

from diorama.catalogue import Catalogue, Pack, catalogue_of
from diorama.context import Context
from diorama.faults import BadInput, Fault
from diorama.files import FilesOnDisk
from diorama.graph import Constant, Graph, GraphNode, Wire
from diorama.library import Library
from diorama.models.registry import model_of
from diorama.models.views import model_views
from diorama.node import Outside, node
from diorama.preparation import settled_and_checked
from diorama.session import Session

LOADED = model_of(SMALL, lambda placement: placement.device, gib=1.0, dtype="float32")
SETTING = {"address": ""}


def address() -> str:
    if not SETTING["address"]:
        raise BadInput("no address is set")
    return SETTING["address"]


@node(models=[LOADED])
def loads(ctx: Context, text: str = "") -> str:
    """Say where the model lies."""
    with ctx.model(LOADED) as device:
        return f"{text}{device}"


@node(outside=Outside("a service", address))
def asks(ctx: Context, text: str = "") -> str:
    """Say what is asked."""
    return text + SETTING["address"]


@node
def plain(ctx: Context, text: str = "") -> str:
    """Give it back."""
    return text


CATALOGUE: Catalogue = catalogue_of(Pack("p", "1"), loads, asks, plain)


@pytest.fixture
def models(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("DIORAMA_MODELS", str(tmp_path / "models"))
    monkeypatch.setenv("DIORAMA_HOME", str(tmp_path / "home"))
    monkeypatch.setitem(SETTING, "address", "")
    return tmp_path / "models" / SMALL.name


def graph_of(type_: str, bypass: bool = False) -> Graph:
    return Graph(
        nodes={"a": GraphNode(type_, {"text": Constant("x")}, bypass=bypass)},
        results={"out": Wire("a", "value")},
    )


def faults_of(graph: Graph, find: Callable[[str], Graph | None] = lambda name: None) -> list[Fault]:
    return settled_and_checked(graph, Library(CATALOGUE, find), None, (), FilesOnDisk())[1].faults


def test_missing_weights_are_told_with_the_command_that_gets_them(models: Path) -> None:
    (fault,) = faults_of(graph_of("p/loads"))
    assert (fault.code, fault.at) == ("G115", "/nodes/a")
    for words in ("Small One", str(models), "net/model.fp16.safetensors", "MIT", "3.0 GiB", "who/small", "abc123"):
        assert words in fault.message
    command = shlex.split(fault.message.rpartition(": ")[2])
    assert command[:3] == ["hf", "download", "who/small"]
    assert command[3:] == [*SMALL.published, "--revision", "abc123", "--local-dir", str(models)]


def test_only_what_is_missing_is_asked_for(models: Path) -> None:
    lay_down(models, {name: content for name, content in FILES.items() if name != "net/config.json"})
    (fault,) = faults_of(graph_of("p/loads"))
    assert "net/config.json is not in" in fault.message
    assert "hf download who/small net/config.json --revision" in fault.message


def test_damaged_weights_are_told_with_why(models: Path) -> None:
    lay_down(models, {**FILES, "net/model.fp16.safetensors": b"\x80\x04"})
    (fault,) = faults_of(graph_of("p/loads"))
    assert fault.code == "G115"
    assert "net/model.fp16.safetensors cannot be used: it is a pickle" in fault.message


@pytest.mark.parametrize("type_", ["p/loads", "p/asks"])
def test_nothing_is_missed_by_a_node_that_is_bypassed(models: Path, type_: str) -> None:
    assert faults_of(graph_of(type_, bypass=True)) == []


def test_weights_that_are_there_are_no_fault(models: Path) -> None:
    lay_down(models)
    assert faults_of(graph_of("p/loads")) == []


def test_a_missing_setting_is_told(models: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (fault,) = faults_of(graph_of("p/asks"))
    assert fault == Fault("G117", "/nodes/a", "p/asks needs a service: no address is set")
    monkeypatch.setitem(SETTING, "address", "here")
    assert faults_of(graph_of("p/asks")) == []


def test_missing_packages_are_told(models: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    lay_down(models)
    monkeypatch.setattr("diorama.needs.importlib.util.find_spec", lambda name: None)
    object.__setattr__(SMALL, "packages", ("torch", "diffusers"))
    try:
        (fault,) = faults_of(graph_of("p/loads"))
    finally:
        object.__setattr__(SMALL, "packages", ())
    assert (fault.code, "torch, diffusers" in fault.message) == ("G118", True)
    assert "pip install 'diorama[models]'" in fault.message


def test_what_a_saved_graph_needs_is_told_where_it_is_used(models: Path) -> None:
    saved = {"inner": graph_of("p/loads"), "outer": graph_of("graph/inner")}
    outer = Graph(nodes={"a": GraphNode("graph/inner", {})}, results={"out": Wire("a", "out")})
    whole = Graph(nodes={"deep": GraphNode("graph/middle", {})}, results={"out": Wire("deep", "out")})
    faults = faults_of(whole, {**saved, "middle": outer}.get)
    assert [(fault.code, fault.at) for fault in faults] == [("G115", "/nodes/deep")]


def test_other_weights_and_settings_are_other_calls(models: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    lay_down(models)
    monkeypatch.setitem(SETTING, "address", "here")
    graph = Graph(
        nodes={"a": GraphNode("p/loads", {}), "b": GraphNode("p/asks", {}), "c": GraphNode("p/plain", {})},
        results={name: Wire(name, "value") for name in "abc"},
    )

    def made(session: Session) -> set[str]:
        calls: Any = session.run(graph).manifest["calls"]
        return {str(call["step"]) for call in calls if not call["cached"]}

    with Session(models.parent.parent / "store", catalogue=CATALOGUE, executor="inline") as session:
        assert made(session) == {"a", "b", "c"}
        assert made(session) == set()
        monkeypatch.setitem(SETTING, "address", "there")
        assert made(session) == {"b"}
        lay_down(models, {"net/model.fp16.safetensors": numbers(9)})
        assert made(session) == {"a"}
        assert made(session) == set()


def test_a_view_says_what_is_there_and_who_loads_it(models: Path) -> None:
    (view,) = model_views(CATALOGUE)
    assert (view.state, view.nodes, view.path) == ("missing", ("p/loads",), str(models))
    assert "hf download" in view.how_to_get
    lay_down(models)
    (view,) = model_views(CATALOGUE)
    assert (view.state, view.missing, view.how_to_get, view.parameters) == ("present", (), "", 8)
    assert view.json()["license"] == "MIT"
