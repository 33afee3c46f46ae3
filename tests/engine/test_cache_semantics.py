"""What is run again after which change, told by the graph, the change, and the nodes whose calls are made."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Annotated, NamedTuple

import pytest
from tests.support.tally import calls_made

from diorama.catalogue import Catalogue, Pack, catalogue_of
from diorama.context import Context
from diorama.graph import Constant, Graph, GraphNode, Input, Param, Parameter, Wire
from diorama.node import Cosmetic, Cost, Node, node
from diorama.plan import Plan
from diorama.session import Session

pytestmark = pytest.mark.usefixtures("database")

LIGHT = Cost(seconds=1e-6)


@node(cost=LIGHT)
def mix(ctx: Context, amount: int, items: list[int], note: Annotated[str, Cosmetic] = "") -> int:
    """Give a number that tells all of its inputs."""
    return (amount + 31 * sum((place + 2) * item for place, item in enumerate(items))) % 1_000_003


@node(cost=LIGHT)
def parity(ctx: Context, x: int) -> int:
    """Give 0 for even numbers, 1 for odd ones."""
    return x % 2


@node(cost=LIGHT)
def gather(ctx: Context, a: int = 0, b: int = 0) -> list[int]:
    """Give both as a list."""
    return [a, b]


def catalogue(version: int = 1) -> Catalogue:
    changed: Node[..., int] = Node(mix.function, dataclasses.replace(mix.settings, version=version))
    return catalogue_of(Pack("t", "1"), changed, parity, gather)


def drawn(wires: str, amounts: Mapping[str, int], kinds: str = "") -> Graph:
    """A graph from `a>b b>c`: letters are nodes, those in `kinds` give the parity of what they get."""
    sources: dict[str, list[str]] = {}
    for wire in wires.split():
        source, _, target = wire.partition(">")
        sources.setdefault(source, [])
        sources.setdefault(target, []).append(source)
    nodes: dict[str, GraphNode] = {}
    for name, above in sources.items():
        if name in kinds:
            nodes[name] = GraphNode("t/parity", {"x": Wire(above[0], "value")})
            continue
        inputs: dict[str, Input] = {"amount": Constant(amounts.get(name, 0)), "items": Constant([])}
        if above:
            pair = {port: Wire(one, "value") for port, one in zip("ab", above, strict=False)}
            nodes[f"{name}_in"] = GraphNode("t/gather", dict(pair))
            inputs["items"] = Wire(f"{name}_in", "value")
        nodes[name] = GraphNode("t/mix", inputs)
    ends = [name for name in sources if not any(name in above for above in sources.values())]
    return Graph(nodes, {name: Wire(name, "value") for name in ends}, title="drawn")


class Case(NamedTuple):
    """The graph, the nodes whose constant changes (by how much), and the nodes that are called again."""

    sentence: str
    wires: str
    edits: str
    reruns: str
    kinds: str = ""
    by: int = 2


CASES = [
    Case("nothing changed, nothing runs", "a>b b>c", "", ""),
    Case("a leaf edit reruns only the leaf", "a>b b>c", "c", "c"),
    Case("a root edit reruns what hangs below it", "a>b a>c b>d", "a", "abcd"),
    Case("a middle edit reruns itself and what is below", "a>b b>c c>d", "b", "bcd"),
    Case("a sibling is left alone", "a>b a>c", "b", "b"),
    Case("both sides of a diamond run below its top", "a>b a>c b>d c>d", "a", "abcd"),
    Case("one side of a diamond runs with its bottom", "a>b a>c b>d c>d", "b", "bd"),
    Case("two edits rerun what hangs below either", "a>c b>d c>e d>e", "ab", "abcde"),
    Case("graphs side by side do not touch", "a>b c>d", "a", "ab"),
    Case("an equal result stops the wave", "a>p p>b b>c", "a", "ap", kinds="p"),
    Case("another result lets it pass", "a>p p>b b>c", "a", "apbc", kinds="p", by=1),
    Case("the wave stops on one side and passes on the other", "a>p a>b p>c b>d", "a", "apbd", kinds="p"),
    Case("a change that is stopped does not hide another", "a>p p>b b>c", "ab", "apbc", kinds="p"),
]


@pytest.fixture
def session(tmp_path: Path) -> Iterator[Session]:
    with Session(tmp_path, catalogue=catalogue(), executor="inline") as opened:
        yield opened


def rerun(session: Session, graph: Graph, **how: bool) -> str:
    """The letters of the nodes whose calls were made; what gathers lists is left out."""
    result = session.run(graph, **how)  # type: ignore[arg-type]  # use_cache alone
    assert result.state == "succeeded", result.faults
    return "".join(sorted(step for step in calls_made(result) if len(step) == 1))


@pytest.mark.parametrize("restarts", [False, True], ids=["same process", "after a restart"])
@pytest.mark.parametrize("case", CASES, ids=[case.sentence for case in CASES])
def test_what_runs_again(tmp_path: Path, case: Case, restarts: bool) -> None:
    before = {name: 10 * ord(name) for name in "abcdef"}
    after = {name: amount + case.by * (name in case.edits) for name, amount in before.items()}
    with Session(tmp_path, catalogue=catalogue(), executor="inline") as first:
        rerun(first, drawn(case.wires, before, case.kinds))
        if not restarts:
            assert rerun(first, drawn(case.wires, after, case.kinds)) == "".join(sorted(case.reruns))
            return
    with Session(tmp_path, catalogue=catalogue(), executor="inline") as second:
        assert rerun(second, drawn(case.wires, after, case.kinds)) == "".join(sorted(case.reruns))
        assert rerun(second, drawn(case.wires, before, case.kinds)) == "", "the old values are still there"


def test_without_the_cache_everything_runs_and_is_kept(session: Session) -> None:
    graph = drawn("a>b b>c", {"a": 1, "b": 2})
    assert rerun(session, graph) == "abc"
    assert rerun(session, graph, use_cache=False) == "abc"
    assert rerun(session, graph) == ""


def test_another_version_of_a_node_reruns_its_calls(tmp_path: Path) -> None:
    graph = drawn("a>p p>b", {"a": 1, "b": 2}, "p")
    for version, reruns in ((1, "abp"), (1, ""), (2, "ab"), (1, "")):
        with Session(tmp_path, catalogue=catalogue(version), executor="inline") as session:
            assert rerun(session, graph) == reruns


def test_another_state_of_a_packs_source_reruns_its_calls(tmp_path: Path) -> None:
    graph = drawn("a>b", {"a": 1})
    for source, reruns in (("", "ab"), ("1234", "ab"), ("1234", ""), ("5678", "ab"), ("", "")):
        nodes = catalogue_of(Pack("t", "1", source), mix, gather)
        with Session(tmp_path, catalogue=nodes, executor="inline") as session:
            assert rerun(session, graph) == reruns


def edited(graph: Graph, name: str, port: str, value: Input) -> Graph:
    one = graph.nodes[name]
    return dataclasses.replace(
        graph, nodes={**graph.nodes, name: dataclasses.replace(one, inputs={**one.inputs, port: value})}
    )


def harmless(graph: Graph) -> dict[str, Graph]:
    """Edits that change no result."""
    renamed = {("z" if name == "a" else name): one for name, one in graph.nodes.items()}
    below = renamed["b_in"]
    renamed["b_in"] = dataclasses.replace(below, inputs={"a": Wire("z", "value")})
    return {
        "a node moved": dataclasses.replace(graph, view={"a": [40, 80]}),
        "another title and description": dataclasses.replace(graph, title="Other", description="Words"),
        "a cosmetic port changed": edited(graph, "a", "note", Constant("in red")),
        "a node renamed": dataclasses.replace(graph, nodes=renamed),
        "nodes in another order": dataclasses.replace(graph, nodes=dict(reversed(list(graph.nodes.items())))),
        "a default written out": edited(graph, "a", "note", Constant("")),
        "a version written down": dataclasses.replace(
            graph, nodes={**graph.nodes, "a": dataclasses.replace(graph.nodes["a"], version=1)}
        ),
        "a constant made a parameter of the same value": dataclasses.replace(
            edited(graph, "a", "amount", Param("n")), parameters={"n": Parameter("integer", 5)}
        ),
        "a result renamed": dataclasses.replace(graph, results={"end": Wire("b", "value")}),
    }


GRAPH = drawn("a>b", {"a": 5, "b": 6})


@pytest.mark.parametrize("edit", harmless(GRAPH))
def test_what_changes_no_result_reruns_nothing(session: Session, edit: str) -> None:
    assert rerun(session, GRAPH) == "ab"
    assert rerun(session, harmless(GRAPH)[edit]) == ""


def items(*amounts: int) -> Graph:
    return Graph(
        {
            "m": GraphNode("t/mix", {"amount": Constant(list(amounts)), "items": Constant([7])}, for_each=("amount",)),
            "sum": GraphNode("t/mix", {"amount": Constant(0), "items": Wire("m", "value")}),
        },
        {"sum": Wire("sum", "value")},
        title="items",
    )


ITEMS = [
    ("an item changed", (1, 9, 3), ["m[1]", "sum"]),
    ("an item added", (1, 2, 3, 4), ["m[3]", "sum"]),
    ("an item removed", (1, 3), ["sum"]),
    ("items in another order", (3, 1, 2), ["sum"]),
    ("an item twice", (1, 2, 2), ["sum"]),
    ("the same again", (1, 2, 3), []),
    ("no items", (), ["sum"]),
]


@pytest.mark.parametrize(("sentence", "amounts", "made"), ITEMS, ids=[item[0] for item in ITEMS])
def test_each_item_of_a_list_is_cached_by_itself(
    session: Session, sentence: str, amounts: tuple[int, ...], made: list[str]
) -> None:
    assert calls_made(session.run(items(1, 2, 3))) == ["m[0]", "m[1]", "m[2]", "sum"]
    assert calls_made(session.run(items(*amounts))) == made


def test_the_same_call_twice_in_a_graph_is_made_once(session: Session) -> None:
    graph = drawn("a>c b>c", {"a": 4, "b": 4})
    assert rerun(session, graph) in ("ac", "bc")


def test_a_plan_tells_what_the_run_then_does(session: Session) -> None:
    def letters(plan: Plan) -> str:
        return "".join(sorted(plan.steps[number].id for number in plan.wanted if len(plan.steps[number].id) == 1))

    graph = drawn("a>b b>c", {})
    assert letters(session.plan(graph)) == "abc"
    rerun(session, graph)
    assert letters(session.plan(graph)) == ""
    assert letters(session.plan(drawn("a>b b>c", {"b": 1}))) == "bc"
