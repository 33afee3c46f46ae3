from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import pytest
from pydantic import JsonValue
from tests.support.static_nodes import document, library

from diorama.check import check
from diorama.checked import Checked
from diorama.faults import CODES
from diorama.graph import Constant, Graph, GraphNode, Wire, parse_graph

Told = tuple[str, str, str]


@dataclass(frozen=True)
class Case:
    """A graph, and the faults it has: code, pointer, and words of the sentence."""

    nodes: Mapping[str, object]
    told: list[Told] = field(default_factory=list)
    parameters: Mapping[str, object] = field(default_factory=dict)
    results: Mapping[str, str] = field(default_factory=dict)
    values: Mapping[str, JsonValue] | None = None
    saved: Mapping[str, object] = field(default_factory=dict)
    targets: tuple[Wire, ...] = (Wire("a", "value"),)


def one(type_: str, /, **inputs: object) -> dict[str, object]:
    return {"type": f"t/{type_}", "inputs": inputs}


def wire(source: str) -> dict[str, str]:
    return {"wire": source}


def param(name: str) -> dict[str, str]:
    return {"param": name}


WORDS = one("words", text="a b")
PICTURE = one("paint")
CASES = {
    "G101: a node type that no pack has is told with the nearest": Case(
        {"a": one("doubel", x=1)}, [("G101", "/nodes/a/type", "'t/doubel' was found; did you mean 't/double'?")]
    ),
    "G101: a saved graph that is not there is told": Case(
        {"a": {"type": "graph/none"}}, [("G101", "/nodes/a/type", "no saved graph 'none'")]
    ),
    "G101: faults of a saved graph are told at the node that stands for it": Case(
        {"a": {"type": "graph/s"}},
        [
            (
                "G101",
                "/nodes/a/type",
                "'s' cannot be used: G102 /nodes/i/inputs/y: t/double has no input 'y' (and 1",
            )
        ],
        saved={"s": document({"i": one("double", y=1)}, results={"value": "i.value"})},
    ),
    "G101: a saved graph that cannot be read is told at the node too": Case(
        {"a": {"type": "graph/s"}},
        [("G101", "/nodes/a/type", "'s' cannot be used: G009 /nodes: a list is given")],
        saved={"s": {"format": 1, "nodes": []}},
    ),
    "G102: an input that the node has not": Case(
        {"a": one("upper", texd="x")},
        [("G102", "/nodes/a/inputs/texd", "did you mean 'text'?"), ("G103", "/nodes/a/inputs/text", "takes text")],
    ),
    "G102: an input named as programs' own": Case(
        {"a": one("upper", text="x", __proto__=1)}, [("G102", "/nodes/a/inputs/__proto__", "'__proto__'")]
    ),
    "G103: an input without a default, a value or a wire": Case(
        {"a": one("double")}, [("G103", "/nodes/a/inputs/x", "'x' of 'a' takes number and has neither")]
    ),
    "G104: a wire of another type, given and wanted named": Case(
        {"a": one("double", x=wire("w.value")), "w": one("upper", text="x")},
        [("G104", "/nodes/a/inputs/x", "w.value gives text, but a.x takes number")],
    ),
    "G104: an optional value where one must be given": Case(
        {"a": one("upper", text=param("p"))},
        [("G104", "/nodes/a/inputs/text", "'p' is text?, but a.text takes text")],
        parameters={"p": {"type": "text?", "default": None}},
    ),
    "G104: a list where one is taken hints at for_each": Case(
        {"a": one("upper", text=wire("w.value")), "w": WORDS},
        [("G104", "/nodes/a/inputs/text", 'gives list[text], but a.text takes text; "for_each": ["text"] would run a')],
    ),
    "G104: a list of another type hints at nothing": Case(
        {"a": one("double", x=wire("w.value")), "w": WORDS},
        [("G104", "/nodes/a/inputs/x", "w.value gives list[text], but a.x takes number")],
    ),
    "G104: a parameter of another type": Case(
        {"a": one("double", x=param("p"))},
        [("G104", "/nodes/a/inputs/x", "the parameter 'p' is text, but a.x takes number")],
        parameters={"p": {"type": "text"}},
    ),
    "G104: a text for a list of choices": Case(
        {"a": one("read", file="x", more=param("p"))},
        [("G104", "/nodes/a/inputs/more", "'p' is text, but a.more takes list[file]?")],
        parameters={"p": {"type": "text", "default": "x"}},
    ),
    "G104: a parameter of a type that no pack has": Case(
        {"a": one("upper", text=param("p"))},
        [("G104", "/parameters/p/type", "no port type 'list[tekst]' was found; did you mean 'text'?")],
        parameters={"p": {"type": "list[tekst]"}},
    ),
    "G104: the second wire of a generic node must fit the first": Case(
        {"a": one("either", on=True, yes=wire("w.value"), no=wire("n.value")), "w": PICTURE, "n": one("integer")},
        [("G104", "/nodes/a/inputs/no", "n.value gives integer, but a.no takes image?")],
    ),
    "G104: a generic output has the type of what went in": Case(
        {"a": one("double", x=wire("e.value")), "e": one("either", on=True, yes=wire("w.value")), "w": PICTURE},
        [("G104", "/nodes/a/inputs/x", "e.value gives image, but a.x takes number")],
    ),
    "G104: a generic node knows the type of a parameter": Case(
        {"a": one("double", x=wire("e.value")), "e": one("either", on=True, yes=param("p"))},
        [("G104", "/nodes/a/inputs/x", "e.value gives text, but a.x takes number")],
        parameters={"p": {"type": "text"}},
    ),
    "G105: a number beyond its range": Case(
        {"a": one("paint", size=65)},
        [("G105", "/nodes/a/inputs/size", "a.size is 65, but less than or equal to 64 is wanted")],
    ),
    "G105: a choice that is none": Case(
        {"a": one("paint", style="cubist")},
        [("G105", "/nodes/a/inputs/style", "a.style is 'cubist', but 'flat' or 'round' is wanted")],
    ),
    "G105: a colour that is none": Case(
        {"a": one("paint", color="red")}, [("G105", "/nodes/a/inputs/color", "a.color is 'red', but")]
    ),
    "G105: a seed below nought": Case(
        {"a": one("paint", seed=-1)}, [("G105", "/nodes/a/inputs/seed", "a.seed is -1, but")]
    ),
    "G105: a text for a number": Case(
        {"a": one("double", x="1")}, [("G105", "/nodes/a/inputs/x", "a.x is '1', but a number is wanted")]
    ),
    "G105: true for a number": Case(
        {"a": one("double", x=True)}, [("G105", "/nodes/a/inputs/x", "a.x is True, but a number is wanted")]
    ),
    "G105: a fraction for a whole number": Case(
        {"a": one("integer", value=1.5)}, [("G105", "/nodes/a/inputs/value", "a whole number is wanted")]
    ),
    "G105: null where something must be": Case(
        {"a": one("double", x=None)}, [("G105", "/nodes/a/inputs/x", "a.x is None, but a number is wanted")]
    ),
    "G105: a literal for an artefact": Case(
        {"a": one("blur", image="x.png")},
        [("G105", "/nodes/a/inputs/image", "'x.png', but a value of type image comes by a wire")],
    ),
    "G105: an item of a list, with its place": Case(
        {"a": one("join", texts=["x", 1])},
        [("G105", "/nodes/a/inputs/texts", "[1]: a valid string is wanted")],
    ),
    "G105: a field of a structured value, with its name": Case(
        {"a": one("build", spec={"value": {"name": "x", "size": "big"}})},
        [("G105", "/nodes/a/inputs/spec", "size: a valid number is wanted")],
    ),
    "G105: an empty path": Case(
        {"a": one("read", file="")}, [("G105", "/nodes/a/inputs/file", "the path of a file is wanted")]
    ),
    "G105: a number among optional and listed paths": Case(
        {"a": one("read", file="x", other=1, more=["x", 2])},
        [("G105", "/nodes/a/inputs/other", "1, but the path"), ("G105", "/nodes/a/inputs/more", "but the path")],
    ),
    "G105: a long value is shortened": Case(
        {"a": one("double", x="x" * 100_000)}, [("G105", "/nodes/a/inputs/x", "xxx..., but a number is wanted")]
    ),
    "G105: a parameter's value of another type": Case(
        {"a": one("double", x=param("p"))},
        [("G105", "/parameters/p", "'p' is 'x', but a number is wanted")],
        parameters={"p": {"type": "number"}},
        values={"p": "x"},
    ),
    "G105: a parameter below its minimum": Case(
        {"a": one("double", x=param("p"))},
        [("G105", "/parameters/p", "'p' is 1, but at least 2.5 is wanted")],
        parameters={"p": {"type": "number", "minimum": 2.5}},
        values={"p": 1},
    ),
    "G105: a default above its maximum": Case(
        {"a": one("double", x=param("p"))},
        [("G105", "/parameters/p", "'p' is 9, but at most 4 is wanted")],
        parameters={"p": {"type": "number", "maximum": 4, "default": 9}},
    ),
    "G105: a parameter outside its choices": Case(
        {"a": one("upper", text=param("p"))},
        [("G105", "/parameters/p", "'p' is 'z', but one of 'x', 'y' is wanted")],
        parameters={"p": {"type": "text", "choices": ["x", "y"]}},
        values={"p": "z"},
    ),
    "G105: a parameter of a list type that is no list": Case(
        {"a": one("join", texts=param("p"))},
        [("G105", "/parameters/p", "'p' is 'x', but a list is wanted")],
        parameters={"p": {"type": "list[text]"}},
        values={"p": "x"},
    ),
    "G105: a parameter that fits its type but not the port": Case(
        {"a": one("paint", style=param("p"), size=param("q"))},
        [
            ("G105", "/parameters/q", "'q', for a.size, is 99, but"),
            ("G105", "/parameters/p", "'p', for a.style, is 'x', but"),
        ],
        parameters={"p": {"type": "text", "default": "x"}, "q": {"type": "integer", "default": 99}},
    ),
    "G105: an item of a parameter that for_each goes over": Case(
        {"a": {**one("paint", size=param("p")), "for_each": ["size"]}},
        [("G105", "/parameters/p", "item 1 of 'p', for a.size, is 99, but")],
        parameters={"p": {"type": "list[integer]", "default": [1, 99]}},
    ),
    "G105: a parameter that is an integer beyond 2^53": Case(
        {"a": one("integer", value=param("p"))},
        [("G105", "/parameters/p", "beyond 2^53")],
        parameters={"p": {"type": "integer"}},
        values={"p": 2**53 + 1},
    ),
    "G106: a wire from a node that is not there": Case(
        {"a": one("double", x=wire("numbre.value")), "number": one("number")},
        [("G106", "/nodes/a/inputs/x/wire", "there is no node 'numbre'; did you mean 'number'?")],
    ),
    "G106: a wire from an output that is not there": Case(
        {"a": one("double", x=wire("s.lenght")), "s": one("split")},
        [("G106", "/nodes/a/inputs/x/wire", "t/split has no output 'lenght'; did you mean 'length'?")],
    ),
    "G106: a result of a node that is not there": Case(
        {"a": one("number")},
        [("G106", "/results/r", "there is no node 'b'")],
        results={"r": "b.value"},
    ),
    "G106: a target that is not there": Case(
        {"a": one("number")}, [("G106", "/targets/a.x", "t/number has no output 'x'")], targets=(Wire("a", "x"),)
    ),
    "G107: two nodes that wait for each other": Case(
        {"a": one("double", x=wire("b.value")), "b": one("double", x=wire("a.value"))},
        [("G107", "/nodes/b", "in a circle: b > a > b")],
    ),
    "G107: a node that waits for itself": Case(
        {"a": one("double", x=wire("a.value"))}, [("G107", "/nodes/a", "in a circle: a > a")]
    ),
    "G107: every circle is told, and what hangs below one is not": Case(
        {
            "a": one("add", x=wire("b.value")),
            "b": one("add", x=wire("a.value")),
            "below": one("add", x=wire("b.value"), y=wire("c.value")),
            "c": one("add", x=wire("c.value")),
            "free": one("number"),
        },
        [("G107", "/nodes/b", "b > a > b"), ("G107", "/nodes/c", "c > c")],
    ),
    "G107: a long circle is told by its ends": Case(
        {f"n{i:02}": one("double", x=wire(f"n{(i - 1) % 30:02}.value")) for i in range(30)} | {"a": one("number")},
        [("G107", "/nodes/n01", "n01 > n02 > n03 > n04 > n05 > n06 > (19 more) > n26 > n27 > n28 > n29 > n00 > n01")],
    ),
    "G107: nodes on a circle are checked too": Case(
        {"a": one("double", x=wire("b.value"), z=1), "b": one("nothing", x=wire("a.value"))},
        [("G101", "/nodes/b/type", "'t/nothing'"), ("G107", "", "circle"), ("G102", "/nodes/a/inputs/z", "'z'")],
    ),
    "G108: an input of a parameter that is not there": Case(
        {"a": one("upper", text=param("promt"))},
        [("G108", "/nodes/a/inputs/text/param", "no parameter 'promt'; did you mean 'prompt'?")],
        parameters={"prompt": {"type": "text"}},
    ),
    "G108: a value for a parameter that is not there": Case(
        {"a": one("number")}, [("G108", "/parameters/x", "the graph has no parameter 'x'")], values={"x": 1}
    ),
    "G109: for_each names a port that is not there": Case(
        {"a": {**one("upper", text="x"), "for_each": ["texts"]}},
        [("G109", "/nodes/a/for_each/0", "no input 'texts'; did you mean 'text'?")],
    ),
    "G109: for_each goes over a wire that gives no list": Case(
        {"a": {**one("upper", text=wire("w.value")), "for_each": ["text"]}, "w": one("upper", text="x")},
        [("G109", "/nodes/a/inputs/text", "w.value gives text, but a.text takes list[text]")],
    ),
    "G109: for_each goes over a constant that is no list": Case(
        {"a": {**one("upper", text="x"), "for_each": ["text"]}},
        [("G109", "/nodes/a/inputs/text", "a.text is 'x', but for_each takes a list there")],
    ),
    "G109: for_each goes over an input that is given nothing": Case(
        {"a": {**one("paint"), "for_each": ["size"]}},
        [("G109", "/nodes/a/for_each/0", "a.size is given nothing")],
    ),
    "G110: a bypassed node without an input that fits": Case(
        {"a": one("double", x=wire("s.length")), "s": {**one("split", text="x"), "bypass": True}},
        [("G110", "/nodes/a/inputs/x/wire", "'s' is bypassed, and none of its inputs can stand for 'length'")],
    ),
    "G110: a bypassed node whose input is given nothing": Case(
        {"a": one("upper", text=wire("s.text")), "s": {**one("split"), "bypass": True}},
        [("G110", "/nodes/a/inputs/text/wire", "can stand for 'text'")],
    ),
    "G111: a saved graph that contains itself": Case(
        {"a": {"type": "graph/s"}},
        [("G111", "/nodes/a/type", "s > s")],
        saved={"s": document({"i": {"type": "graph/s"}})},
    ),
    "G111: saved graphs that contain each other": Case(
        {"a": {"type": "graph/s"}},
        [("G111", "/nodes/a/type", "s > u > s")],
        saved={"s": document({"i": {"type": "graph/u"}}), "u": document({"i": {"type": "graph/s"}})},
    ),
    "G112: nothing to run": Case({"a": one("number")}, [("G112", "/results", "no results")], targets=()),
    "G112: is told beside other faults": Case(
        {"a": one("double")}, [("G103", "/nodes/a/inputs/x", "'x'"), ("G112", "/results", "no results")], targets=()
    ),
    "G113: a parameter without a default or a value": Case(
        {"a": one("upper", text=param("p"))},
        [("G113", "/parameters/p", "'p' has no default and was given no value")],
        parameters={"p": {"type": "text"}},
        values={},
    ),
    "G116: a node of a newer version": Case(
        {"a": {**one("renamed", text="x"), "version": 4}},
        [("G116", "/nodes/a/version", "written for version 4 of t/renamed, but version 3 was found")],
    ),
    "every fault of a graph is told at once": Case(
        {
            "a": one("nothing"),
            "b": one("double", y=1),
            "c": one("paint", size=0, color=wire("d.value")),
            "d": one("upper", text=wire("x.value")),
        },
        [
            ("G108", "/parameters/q", "'q'"),
            ("G113", "/parameters/p", "'p'"),
            ("G101", "/nodes/a/type", "'t/nothing'"),
            ("G102", "/nodes/b/inputs/y", "'y'"),
            ("G103", "/nodes/b/inputs/x", "'x'"),
            ("G106", "/nodes/d/inputs/text/wire", "'x'"),
            ("G104", "/nodes/c/inputs/color", "d.value gives text, but c.color takes color"),
            ("G105", "/nodes/c/inputs/size", "0"),
            ("G106", "/results/r", "'y'"),
        ],
        parameters={"p": {"type": "text"}},
        results={"r": "y.value"},
        values={"q": 1},
    ),
}


def checked(case: Case) -> Checked:
    graph = parse_graph(document(case.nodes, parameters=dict(case.parameters), results=dict(case.results)))
    return check(graph, library(case.saved), case.values, case.targets)


@pytest.mark.parametrize("case", CASES.values(), ids=CASES)
def test_what_is_told(case: Case) -> None:
    faults = checked(case).faults
    by_place = sorted((fault.code, fault.at) for fault in faults if fault.code != "G107")
    assert by_place == sorted((code, at) for code, at, _ in case.told if code != "G107")
    for code, at, words in case.told:
        at_place = [fault.message for fault in faults if fault.code == code and at in ("", fault.at)]
        assert any(words in message for message in at_place), (words, at_place)
    assert len(faults) == len(case.told)
    assert all(len(fault.message) < 500 for fault in faults)


def test_every_code_of_a_check_has_a_case() -> None:
    told = {code for case in CASES.values() for code, _, _ in case.told}
    # What lies outside of the graph is looked at after the check: files, weights, settings, packages.
    assert told == {code for code in CODES if code.startswith("G1")} - {"G114", "G115", "G117", "G118"}


FINE = {
    "an integer goes where a number is taken": Case({"a": one("double", x=wire("i.value")), "i": one("integer")}),
    "a wire of a list goes item by item": Case(
        {"a": {**one("upper", text=wire("w.value")), "for_each": ["text"]}, "w": WORDS}
    ),
    "for_each gives lists": Case(
        {
            "a": one("join", texts=wire("u.value")),
            "u": {**one("upper", text=wire("w.value")), "for_each": ["text"]},
            "w": WORDS,
        }
    ),
    "for_each goes over a constant": Case({"a": {**one("upper", text=["x", "y"]), "for_each": ["text"]}}),
    "for_each goes over a parameter": Case(
        {"a": {**one("upper", text=param("p")), "for_each": ["text"]}},
        parameters={"p": {"type": "list[text]", "default": ["x"]}},
    ),
    "a text parameter goes into choices, colours and files": Case(
        {
            "a": one("paint", style=param("p"), color=param("q")),
            "f": one("read", file=param("p"), other=param("p"), more=param("l")),
        },
        parameters={
            "p": {"type": "text", "default": "flat"},
            "q": {"type": "text", "default": "#000000"},
            "l": {"type": "list[text]", "default": ["x"]},
        },
    ),
    "paths go into optional and listed files": Case({"a": one("read", file="x", other=None, more=["y", "z"])}),
    "an optional artefact may be null": Case({"a": one("blur", image=wire("p.value"), mask=None), "p": PICTURE}),
    "a bypassed node passes its input through": Case(
        {"a": one("double", x=wire("d.value")), "d": {**one("double", x=2), "bypass": True}}
    ),
    "a bypassed node needs no other inputs": Case(
        {"a": one("upper", text=wire("j.value")), "j": {**one("upper", text="x"), "bypass": True}}
    ),
    "a generic node passes its type on, beside outputs of their own": Case(
        {
            "a": one("blur", image=wire("e.value")),
            "e": one("either", on=True, yes=wire("p.value")),
            "p": PICTURE,
            "u": one("upper", text=wire("e.which")),
        }
    ),
    "a generic node of a parameter gives the parameter's type": Case(
        {"a": one("upper", text=wire("e.value")), "e": one("either", on=True, yes=param("p"))},
        parameters={"p": {"type": "text"}},
    ),
    "any JSON goes into JSON": Case({"a": one("keep", data={"value": {"x": [1, None]}})}),
    "a structured value goes into JSON": Case(
        {"a": one("keep", data=wire("b.value")), "b": one("build", spec={"value": {"name": "x"}})}
    ),
    "a parameter without a default is no fault of the graph by itself": Case(
        {"a": one("upper", text=param("p"))}, parameters={"p": {"type": "text"}}
    ),
    "an optional parameter may be null": Case(
        {"a": one("blur", image=wire("p.value"), mask=param("m")), "p": PICTURE},
        parameters={"m": {"type": "image?", "default": None}},
    ),
    "a saved graph stands for a node": Case(
        {"a": {"type": "graph/s", "inputs": {"x": 2}}, "d": one("double", x=wire("a.value"))},
        saved={
            "s": document(
                {"i": one("double", x=param("x"))}, parameters={"x": {"type": "number"}}, results={"value": "i.value"}
            )
        },
    ),
    "a saved graph written for an older version of a node is brought to this one": Case(
        {"a": {"type": "graph/s"}},
        saved={
            "s": document(
                {"i": {**one("renamed", word="x"), "version": 1}}, results={"value": "i.value"}
            )
        },
    ),
}  # fmt: skip


@pytest.mark.parametrize("case", FINE.values(), ids=FINE)
def test_what_is_fine(case: Case) -> None:
    assert checked(case).faults == []


def test_numbers_that_json_has_not_are_faults_in_graphs_made_in_python() -> None:
    for value in (float("nan"), float("inf"), 2**60, "\ud800"):
        for type_, port in (("t/double", "x"), ("t/integer", "value"), ("t/upper", "text"), ("t/keep", "data")):
            graph = Graph({"a": GraphNode(type_, {port: Constant(value)})}, {"r": Wire("a", "value")})
            if (type_, value) == ("t/double", 2**60):
                continue
            faults = check(graph, library()).faults
            assert [(fault.code, fault.at) for fault in faults] == [("G105", f"/nodes/a/inputs/{port}")]


def test_sources_come_before_what_they_feed() -> None:
    nodes = {f"n{i}": one("double", x=wire(f"n{i + 1}.value")) for i in range(50)} | {"n50": one("number")}
    order = check(parse_graph(document(nodes)), library(), targets=[Wire("n0", "value")]).order
    assert order == [f"n{i}" for i in reversed(range(51))]
