from __future__ import annotations

import json
import sys
import types
from collections.abc import Sequence
from importlib.metadata import EntryPoint
from typing import Annotated, Any, Literal, NamedTuple, get_type_hints

import pytest
from pydantic import Field
from tests.support.static_nodes import either, paint, split, upper, words

from diorama import catalogue as catalogue_module
from diorama.catalogue import Catalogue, Pack, catalogue_of, installed
from diorama.check import check
from diorama.context import Context
from diorama.graph import Graph, GraphNode, Wire
from diorama.interface import interface_of
from diorama.library import Library
from diorama.model import Model
from diorama.node import REQUIRED, Advanced, Cosmetic, Cost, Lazy, Node, OutputPort, Unit, node
from diorama.types import is_type

WEIGHTS = Model(name="m", load=lambda placement: 7, gib=2.5, repository="who/what", revision="abc", license="MIT")


class Parts(NamedTuple):
    head: str
    size: int


@node(version=4, cost=Cost(2.0, 1.5), volatile=True, models=[WEIGHTS], retries=2, time_limit=9.0, category="made up")
def full(
    ctx: Context,
    text: Annotated[str, Field(description="what is said", max_length=10)],
    seconds: Annotated[float, Field(gt=0, le=60, description="how long"), Unit("s")] = 1.5,
    mode: Annotated[Literal["fast", "slow"], Field(description="how")] = "slow",
    step: Annotated[int, Field(ge=0, lt=10, multiple_of=2)] = 2,
    note: Annotated[str, Cosmetic] = "",
    other: Annotated[str | None, Lazy] = None,
    grain: Annotated[int, Advanced] = 3,
) -> Parts:
    """Give parts.

    More of it.
    """
    return Parts(text, len(text))


def test_a_declaration_is_read_from_the_signature() -> None:
    assert list(full.inputs) == ["text", "seconds", "mode", "step", "note", "other", "grain"]
    assert full.outputs == {"head": OutputPort("head", "text"), "size": OutputPort("size", "integer")}
    text, seconds, mode, _, note, other, grain = full.inputs.values()
    assert (text.type, text.is_required, text.default, text.help) == ("text", True, REQUIRED, "what is said")
    assert (seconds.type, seconds.unit, seconds.default) == ("number", "s", 1.5)
    assert (mode.type, mode.choices, mode.is_required) == ("choice", ("fast", "slow"), False)
    assert (note.is_cosmetic, note.is_lazy) == (True, False)
    assert (other.type, other.is_cosmetic, other.is_lazy, other.default) == ("text?", False, True, None)
    assert (grain.is_advanced, other.is_advanced) == (True, False)
    assert full.summary == "Give parts."
    assert full.gives_several
    assert not full.is_light


def test_a_node_is_called_as_the_function_that_it_is() -> None:
    assert full(Context(), "abc") == Parts("abc", 3)
    assert full.name == "full"
    assert (full.__doc__ or "").startswith("Give parts.")


def test_a_single_result_is_the_output_value() -> None:
    assert upper.outputs == {"value": OutputPort("value", "text")}
    assert words.outputs == {"value": OutputPort("value", "list[text]")}
    assert not upper.gives_several
    assert list(split.outputs) == ["text", "length"]


def test_a_generic_result_keeps_its_variable() -> None:
    assert [(port.name, port.type) for port in either.outputs.values()] == [("value", "$T"), ("which", "text")]
    assert [port.type for port in either.inputs.values()] == ["boolean", "$T?", "$T?"]


def test_forms_beside_the_function() -> None:
    @node
    def one(ctx: Context, x: int) -> int:
        """Give it."""
        return x

    @one.batched
    def many(ctx: Context, items: Sequence[dict[str, Any]]) -> list[int]:
        return [item["x"] for item in items]

    @one.needs
    def needed(x: int) -> set[str]:
        return set()

    @one.upgrade
    def newer(inputs: dict[str, Any], version: int) -> dict[str, Any]:
        return inputs

    assert one.batched_function is many
    assert one.needs_function is needed
    assert one.upgrade_function is newer
    assert one.settings.version == 1


def test_the_catalogue_entry_says_what_an_editor_needs() -> None:
    entry = catalogue_of(Pack("q", "1"), full).entries["q/full"].json()
    assert entry == {
        "id": "q/full",
        "version": 4,
        "category": "made up",
        "help": "Give parts.",
        "inputs": [
            {"name": "text", "type": "text", "help": "what is said", "max_length": 10},
            {"name": "seconds", "type": "number", "help": "how long", "unit": "s", "default": 1.5}
            | {"above": 0, "maximum": 60},
            {"name": "mode", "type": "choice", "help": "how", "default": "slow", "choices": ["fast", "slow"]},
            {"name": "step", "type": "integer", "help": "", "default": 2, "minimum": 0, "below": 10, "step": 2},
            {"name": "note", "type": "text", "help": "", "default": "", "cosmetic": True},
            {"name": "other", "type": "text?", "help": "", "default": None, "lazy": True},
            {"name": "grain", "type": "integer", "help": "", "default": 3, "advanced": True},
        ],
        "outputs": [{"name": "head", "type": "text"}, {"name": "size", "type": "integer"}],
        "cost": {"seconds": 2.0, "vram_gib": 1.5},
        "models": [{"name": "m", "gib": 2.5, "repository": "who/what", "revision": "abc", "license": "MIT"}],
        "volatile": True,
        "batched": False,
        "time_limit": 9.0,
    }  # fmt: skip


def test_a_choice_and_a_seed_say_their_bounds() -> None:
    ports = {port["name"]: port for port in catalogue_of(Pack("t", "1"), paint).entries["t/paint"].json()["inputs"]}  # type: ignore[index, call-overload, union-attr]
    assert "another result" in ports["seed"]["help"]  # type: ignore[index, call-overload, operator]
    assert ports["seed"]["minimum"] == 0  # type: ignore[index, call-overload]
    assert ports["seed"]["maximum"] == 2**53 - 1  # type: ignore[index, call-overload]
    assert ports["style"]["choices"] == ["flat", "round"]  # type: ignore[index, call-overload]
    assert ports["size"]["unit"] == "px"  # type: ignore[index, call-overload]


def test_the_built_in_catalogue_is_small_json() -> None:
    content = json.dumps(installed().json(), allow_nan=False)
    assert 10_000 < len(content) < 200_000
    read = json.loads(content)
    assert read["broken"] == []
    assert {node_["id"] for node_ in read["nodes"]} == set(installed().entries)
    known = set(read["types"])
    for node_ in read["nodes"]:
        for port in node_["inputs"] + node_["outputs"]:
            word = port["type"].replace("list[", "").replace("]", "").replace("?", "")
            assert word in known or word.startswith("$"), f"{node_['id']} has a port of a type that is not in the table"
            assert is_type(port["type"].replace("$", "")), port["type"]


def test_the_first_catalogue_of_a_process_has_every_type() -> None:
    import subprocess

    program = "from diorama.catalogue import installed as i; a, b = i().json(), i().json(); assert a == b, a['types']"
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr[-500:]


@pytest.mark.parametrize("id_", sorted(installed().entries))
def test_every_built_in_node_explains_itself(id_: str) -> None:
    declared = installed().entries[id_].node
    assert declared.summary.endswith("."), "the help is a sentence"
    assert declared.settings.category
    assert [port.name for port in declared.inputs.values() if not port.help] == []
    assert declared.settings.cost.seconds > 0
    # A default that the port itself would refuse could never be written out.
    for takes in interface_of(installed().entries[id_]).inputs.values():
        if not takes.is_required:
            assert takes.literal(takes.default) == takes.default


def a_module(name: str, monkeypatch: pytest.MonkeyPatch, **parts: object) -> types.ModuleType:
    module = types.ModuleType(name)
    for part, value in parts.items():
        if isinstance(value, Node):
            value.function.__module__ = name
        setattr(module, part, value)
    monkeypatch.setitem(sys.modules, name, module)
    return module


def found(monkeypatch: pytest.MonkeyPatch, **packs: str) -> Catalogue:
    points = [EntryPoint(name, value, catalogue_module.GROUP) for name, value in packs.items()]
    monkeypatch.setattr(catalogue_module, "entry_points", lambda group: [p for p in points if p.group == group])
    return installed.__wrapped__()


def fresh(name: str = "fresh") -> Node[..., int]:
    def function(ctx: Context, x: int = 0) -> int:
        """Give a number."""
        return x

    function.__name__ = name
    return node(function)


def test_packs_are_found_through_their_entry_points(monkeypatch: pytest.MonkeyPatch) -> None:
    a_module("pack_a", monkeypatch, MODULES=("pack_a_nodes",))
    a_module("pack_a_nodes", monkeypatch, fresh=fresh(), helper=3)
    a_module("pack_b", monkeypatch, MODULES=["pack_b"], fresh=fresh())
    seen = found(monkeypatch, b="pack_b", a="pack_a")
    assert list(seen.entries) == ["a/fresh", "b/fresh"]
    assert [pack.name for pack in seen.packs] == ["a", "b"]
    assert seen.broken == ()


def test_nodes_that_a_module_only_imports_are_not_its_own(monkeypatch: pytest.MonkeyPatch) -> None:
    own, taken = fresh("own"), fresh("taken")
    a_module("pack_a", monkeypatch, MODULES=["pack_a"], own=own)
    a_module("elsewhere", monkeypatch, taken=taken)
    vars(sys.modules["pack_a"])["taken"] = taken
    assert list(found(monkeypatch, a="pack_a").entries) == ["a/own"]


BROKEN = {
    "a pack that is not there": ("pack_none", "pack_none could not be loaded: ModuleNotFoundError"),
    "a pack that lists no modules": ("pack_empty", "pack_empty could not be loaded: AttributeError"),
    "a module that is not there": ("pack_hole", "pack_hole_nodes could not be loaded: ModuleNotFoundError"),
}


@pytest.mark.parametrize("case", BROKEN.values(), ids=BROKEN)
def test_a_pack_that_cannot_be_loaded_is_told_and_others_work(
    case: tuple[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    module, words_told = case
    a_module("pack_empty", monkeypatch)
    a_module("pack_hole", monkeypatch, MODULES=["pack_hole_nodes"])
    a_module("pack_good", monkeypatch, MODULES=["pack_good"], fresh=fresh())
    seen = found(monkeypatch, bad=module, good="pack_good")
    assert list(seen.entries) == ["good/fresh"]
    (told,) = seen.broken
    assert told.startswith(words_told)
    assert "\n" not in told
    assert seen.json()["broken"] == [told]
    graph = Graph({"a": GraphNode("bad/fresh")}, {"r": Wire("a", "value")})
    (fault,) = check(graph, Library(seen)).faults
    assert told in fault.message


def test_two_nodes_of_one_name_are_told(monkeypatch: pytest.MonkeyPatch) -> None:
    first = fresh()
    a_module("pack_a", monkeypatch, MODULES=["pack_a", "pack_a_more"], fresh=first)
    a_module("pack_a_more", monkeypatch, fresh=fresh())
    seen = found(monkeypatch, a="pack_a")
    assert seen.entries["a/fresh"].node is first
    assert seen.broken == ("pack_a_more has a second node a/fresh; the first is used",)


def test_a_node_whose_signature_cannot_be_read_is_told_and_others_work(monkeypatch: pytest.MonkeyPatch) -> None:
    def odd(ctx: Context, x: bytes) -> int:
        """Take bytes."""
        return 1

    def lost(ctx: Context, x: "Nowhere") -> int:  # type: ignore[name-defined]  # noqa: F821, UP037
        """Take what is not there."""
        return 1

    def silent(ctx: Context, x: int):  # type: ignore[no-untyped-def]
        """Say nothing of the result."""
        return 1

    broken: list[Node[..., Any]] = [node(odd), node(lost), node(silent)]
    seen = catalogue_of(Pack("q", "1"), fresh(), *broken)
    written = seen.json()
    assert [entry["id"] for entry in written["nodes"]] == ["q/fresh"]  # type: ignore[union-attr, index, call-overload]
    told = written["broken"]
    assert isinstance(told, list)
    assert [str(line).partition(" could")[0] for line in told] == ["q/lost", "q/odd", "q/silent"]
    graph = Graph({"a": GraphNode("q/odd"), "b": GraphNode("q/fresh")}, {"r": Wire("b", "value")})
    (fault,) = check(graph, Library(seen)).faults
    assert (fault.code, fault.at) == ("G101", "/nodes/a/type")
    assert "q/odd could not be loaded: TypeError: <class 'bytes'> has no port type" in fault.message


def test_an_input_that_must_be_given_cannot_be_advanced() -> None:
    @node
    def unseen(ctx: Context, x: Annotated[int, Advanced]) -> int:
        """Give it."""
        return x

    (told,) = catalogue_of(Pack("q", "1"), unseen).json()["broken"]  # type: ignore[misc, str-unpack]
    assert "`x` must be given, so it cannot be Advanced" in str(told)


def test_the_source_of_a_pack_under_development_is_part_of_its_code() -> None:
    entry = catalogue_of(Pack("q", "1", "abc"), full).entries["q/full"]
    assert entry.code == "4+abc"
    assert catalogue_of(Pack("q", "1"), full).entries["q/full"].code == "4"
    assert get_type_hints(full.function)["return"] is Parts
