"""Runs over a real store and real threads: what a node may do, and what becomes of its run."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any, NamedTuple

import pytest
from pydantic import JsonValue

from diorama.catalogue import Pack, catalogue_of
from diorama.context import Context
from diorama.faults import BadInput
from diorama.graph import Constant, Graph, GraphNode, Input, Wire
from diorama.node import Cost, Node, node
from diorama.run import events as told
from diorama.session import Result, Session

pytestmark = pytest.mark.usefixtures("database")

HEAVY = Cost(seconds=1.0)
LIGHT = Cost(seconds=1e-6)
BOUND = 20.0
"""Seconds that nothing here may take; only a hang does."""


class Pair(NamedTuple):
    """Two outputs."""

    first: int
    second: int


class Quit(BaseException):
    """An error that a handler of `Exception` lets pass."""


class Speechless(Exception):
    """An error whose text cannot be made."""

    def __str__(self) -> str:
        raise RuntimeError("no text")


def one_node(function: Callable[..., Any], **settings: Any) -> Node[Any, Any]:
    """The node `t/it` made of a function."""
    function.__name__ = "it"
    made: Node[Any, Any] = node(**{"cost": HEAVY, **settings})(function)
    return made


@node(cost=LIGHT)
def add_one(ctx: Context, x: int) -> int:
    """Give the next number."""
    return x + 1


@node(cost=HEAVY)
def slow_add(ctx: Context, x: int) -> int:
    """Give the next number, in a thread."""
    return x + 1


def graph_of(results: Mapping[str, str] | None = None, **nodes: tuple[str, dict[str, JsonValue]]) -> Graph:
    """A graph of `name=(type, inputs)`; a text `=node` is a wire from that node's `value`."""

    def read(given: JsonValue) -> Input:
        if isinstance(given, str) and given.startswith("="):
            source, _, port = given[1:].partition(".")
            return Wire(source, port or "value")
        return Constant(given)

    made = {
        name: GraphNode(
            f"t/{type_.removesuffix('*')}",
            {port: read(one) for port, one in inputs.items()},
            ("x",) if type_.endswith("*") else (),
        )
        for name, (type_, inputs) in nodes.items()
    }
    wanted = results or {name: name for name in nodes}
    return Graph(made, {result: Wire(name, "value") for result, name in wanted.items()})


Opened = Callable[..., Session]


@pytest.fixture
def opened(tmp_path: Path) -> Iterator[Opened]:
    """Opens sessions over one store."""
    sessions: list[Session] = []

    def open_session(*nodes: Node[Any, Any], executor: str = "threads") -> Session:
        catalogue = catalogue_of(Pack("t", "1"), add_one, slow_add, *nodes)
        session = Session(tmp_path / "store", catalogue=catalogue, executor=executor)  # type: ignore[arg-type]
        sessions.append(session)
        return session

    yield open_session
    for session in sessions:
        session.close()


def calls_made(result: Result) -> list[str]:
    """The steps that were called, in order."""
    calls = result.manifest["calls"]
    assert isinstance(calls, list)
    return [str(call["step"]) for call in calls if isinstance(call, dict) and not call["cached"]]


def is_clean(session: Session) -> bool:
    """Whether a session's scheduler holds nothing any more."""
    left = session.scheduler
    return not (
        left.dispatch._jobs
        or left.dispatch._flights
        or left.dispatch._heavy
        or left.dispatch._light
        or left.dispatch.sharing
        or left.claims.held
    )


def raises(error: BaseException) -> Callable[[Context, int], int]:
    def it(ctx: Context, x: int) -> int:
        raise error

    return it


def gives(value: object) -> Callable[[Context, int], int]:
    def it(ctx: Context, x: int) -> int:
        return value  # type: ignore[return-value]

    return it


def recurse(ctx: Context, x: int) -> int:
    return recurse(ctx, x)


NODES_THAT_FAIL: list[tuple[str, Callable[..., Any], str, str]] = [
    ("an error is told with its type", raises(KeyError("nothing")), "R001", "KeyError: 'nothing'"),
    ("SystemExit ends the call alone", raises(SystemExit(3)), "R001", "SystemExit: 3"),
    ("KeyboardInterrupt in a thread ends the call alone", raises(KeyboardInterrupt()), "R001", "KeyboardInterrupt"),
    ("a BaseException of one's own ends the call alone", raises(Quit("no")), "R001", "Quit: no"),
    ("GeneratorExit ends the call alone", raises(GeneratorExit()), "R001", "GeneratorExit"),
    ("asyncio's cancellation is no cancel of the run", raises(asyncio.CancelledError()), "R001", "CancelledError"),
    ("running out of memory is told", raises(MemoryError()), "R009", "the call ran out of memory: MemoryError"),
    ("endless recursion is told", recurse, "R001", "RecursionError: maximum recursion depth exceeded"),
    ("an error without a text has its type", raises(Speechless()), "R001", "Speechless"),
    ("an error with half a surrogate is told", raises(ValueError("\ud800!")), "R001", "ValueError: ?!"),
    ("an endless text is cut", raises(ValueError("x" * 10**6)), "R001", "ValueError: xxx"),
    ("a refused input is told as it is", raises(BadInput("too dark")), "R002", "too dark"),
    ("a refusal without a word is one all the same", raises(BadInput()), "R002", "the node refused its input"),
    ("a text for an integer", gives("1"), "R004", "the output 'value' is declared integer, but '1' was given"),
    ("nothing for an integer", gives(None), "R004", "the output 'value' is declared integer, but None was given"),
    ("true for an integer", gives(True), "R004", "the output 'value' is declared integer, but True was given"),
    ("an integer that JSON readers do not agree on", gives(2**60), "R004", "the output 'value' is declared integer"),
]


@pytest.mark.parametrize(
    ("function", "code", "message", "cost"),
    [
        pytest.param(*case[1:], cost, id=f"{case[0]}, {where}")
        for case in NODES_THAT_FAIL
        for cost, where in ((HEAVY, "in a thread"), (LIGHT, "on the scheduler's thread"))
        # There, Ctrl-C is meant for the program and not for the call.
        if cost is HEAVY or "KeyboardInterrupt" not in case[0]
    ],
)
def test_a_node_that_fails_costs_only_what_depends_on_it(
    opened: Opened, function: Callable[..., Any], code: str, message: str, cost: Cost
) -> None:
    session = opened(one_node(function, cost=cost))
    graph = graph_of(
        None,
        bad=("it", {"x": 1}),
        below=("slow_add", {"x": "=bad"}),
        good=("slow_add", {"x": 1}),
        far=("add_one", {"x": "=good"}),
    )
    result = session.run(graph)
    assert result.state == "failed"
    assert [(fault.code, fault.at) for fault in result.faults] == [(code, "bad")]
    assert result.faults[0].message.startswith(message)
    assert {name: result[name] for name in result.outputs} == {"good": 2, "far": 3}
    assert is_clean(session)


def test_not_a_number_is_no_output(opened: Opened) -> None:
    def it(ctx: Context, x: int) -> float:
        return float("nan")

    result = opened(one_node(it)).run(graph_of(None, bad=("it", {"x": 1})))
    assert [fault.code for fault in result.faults] == ["R004"]


def test_a_number_beyond_all_floats_is_no_output(opened: Opened) -> None:
    def it(ctx: Context, x: int) -> float:
        return 10**400

    result = opened(one_node(it)).run(graph_of(None, bad=("it", {"x": 1})))
    assert [fault.code for fault in result.faults] == ["R004"]


def test_another_tuple_is_not_the_outputs(opened: Opened) -> None:
    def it(ctx: Context, x: int) -> Pair:
        return (1, 2)  # type: ignore[return-value]

    session = opened(one_node(it))
    result = session.run(Graph({"bad": GraphNode("t/it", {"x": Constant(1)})}, {"r": Wire("bad", "first")}))
    assert [fault.code for fault in result.faults] == ["R004"]
    assert "instead of the outputs first, second" in result.faults[0].message


@pytest.mark.parametrize(
    ("retries", "asked", "falls", "state", "tries"),
    [
        pytest.param(2, None, 2, "succeeded", 3, id="as often as the node declares"),
        pytest.param(1, None, 2, "failed", 2, id="and no more often"),
        pytest.param(2, 0, 2, "failed", 1, id="a run may ask for none"),
        pytest.param(0, 2, 2, "succeeded", 3, id="or for more"),
    ],
)
def test_a_failed_call_is_tried_again(
    opened: Opened, retries: int, asked: int | None, falls: int, state: str, tries: int
) -> None:
    calls: list[int] = []

    def it(ctx: Context, x: int) -> int:
        calls.append(x)
        if len(calls) <= falls:
            raise ValueError("not yet")
        return x

    heard: list[told.Event] = []
    session = opened(one_node(it, retries=retries))
    result = session.run(graph_of(None, a=("it", {"x": 1})), retries=asked, listener=heard.append)
    assert (result.state, len(calls)) == (state, tries)
    assert [one.retried for one in heard if isinstance(one, told.CallFailed)][: tries - 1] == [True] * (tries - 1)
    assert [one.attempt for one in heard if isinstance(one, told.CallStarted)] == list(range(1, tries + 1))


def test_a_refusal_is_not_tried_again(opened: Opened) -> None:
    calls: list[int] = []

    def it(ctx: Context, x: int) -> int:
        calls.append(x)
        raise BadInput("never")

    assert opened(one_node(it, retries=5)).run(graph_of(None, a=("it", {"x": 1}))).state == "failed"
    assert calls == [1]


def loop_in_python(ctx: Context, x: int) -> int:
    while not x:
        pass
    return x


def wait_in_c(ctx: Context, x: int) -> int:
    threading.Event().wait(2.0)
    return x


def swallow(ctx: Context, x: int) -> int:
    while True:
        try:
            ctx.check_cancelled()
        except Exception:
            continue


def listen(ctx: Context, x: int) -> int:
    while True:
        ctx.progress(0.5, "still going")
        ctx.cancelled.wait(0.01)


STUBBORN = [
    pytest.param(listen, id="one that listens"),
    pytest.param(swallow, id="one that swallows every Exception"),
    pytest.param(loop_in_python, id="one that loops in Python and never looks"),
    pytest.param(wait_in_c, id="one that waits in C"),
]


@pytest.mark.timeout(60)
@pytest.mark.parametrize("function", STUBBORN)
def test_a_call_beyond_its_time_limit_fails_and_the_rest_goes_on(opened: Opened, function: Callable[..., Any]) -> None:
    session = opened(one_node(function, time_limit=0.3))
    result = session.run(graph_of(None, a=("it", {"x": 0}), b=("slow_add", {"x": 1})))
    assert [(fault.code, fault.at) for fault in result.faults] == [("R003", "a")]
    assert result["b"] == 2
    assert is_clean(session)


@pytest.mark.timeout(60)
@pytest.mark.parametrize("function", STUBBORN)
def test_a_run_is_cancelled_and_the_next_goes_on_where_it_stopped(opened: Opened, function: Callable[..., Any]) -> None:
    session = opened(one_node(function))
    graph = graph_of({"a": "a"}, before=("slow_add", {"x": -1}), a=("it", {"x": "=before"}))
    heard: list[told.Event] = []

    def hear(event: told.Event) -> None:
        heard.append(event)
        if isinstance(event, told.CallStarted) and event.step == "a":
            session.scheduler.cancel(event.run)

    run = session.begin(graph, listener=hear)
    session.scheduler.run_until_idle()
    assert run.state == "cancelled"
    ends = [event for event in heard if isinstance(event, told.RunEnded)]
    assert [end.state for end in ends] == ["cancelled"]
    assert heard[-1] is ends[0]
    assert is_clean(session)
    second = session.run(graph_of(None, before=("slow_add", {"x": -1}), after=("slow_add", {"x": "=before"})))
    assert calls_made(second) == ["after"]


def test_a_cancel_before_the_first_turn_starts_nothing(opened: Opened) -> None:
    calls: list[int] = []

    def it(ctx: Context, x: int) -> int:
        calls.append(x)
        return x

    session = opened(one_node(it))
    run = session.begin(graph_of(None, a=("it", {"x": 1})))
    session.scheduler.cancel(run.id)
    session.scheduler.run_until_idle()
    assert (run.state, calls) == ("cancelled", [])
    assert is_clean(session)


def test_two_identical_runs_at_once_make_each_call_once(opened: Opened) -> None:
    calls: list[int] = []

    def it(ctx: Context, x: int) -> int:
        calls.append(x)
        return x * 2

    session = opened(one_node(it))
    graph = graph_of(None, a=("it*", {"x": [1, 2, 3]}))
    runs = [session.begin(graph), session.begin(graph)]
    session.scheduler.run_until_idle()
    assert [session.result(run)["a"] for run in runs] == [[2, 4, 6]] * 2
    assert sorted(calls) == [1, 2, 3]


def test_when_the_first_of_two_runs_is_cancelled_the_second_gets_its_call(opened: Opened) -> None:
    go = threading.Event()

    def it(ctx: Context, x: int) -> int:
        go.wait(BOUND)
        return x * 2

    session = opened(one_node(it))
    graph = graph_of(None, a=("it", {"x": 4}))
    heard: list[told.Event] = []
    first = session.begin(graph, listener=heard.append)
    session.scheduler.turn(0.0)
    second = session.begin(graph)
    session.scheduler.turn(0.0)
    session.scheduler.cancel(first.id)
    while not first.is_over:
        session.scheduler.turn(0.01)
    go.set()
    session.scheduler.run_until_idle()
    assert (first.state, second.state) == ("cancelled", "succeeded")
    assert session.result(second)["a"] == 8
    assert isinstance(heard[-1], told.RunEnded)


def test_no_cache_calls_everything_again(opened: Opened) -> None:
    session = opened()
    graph = graph_of(None, a=("slow_add", {"x": 1}), b=("add_one", {"x": "=a"}))
    assert calls_made(session.run(graph)) == ["a", "b"]
    assert calls_made(session.run(graph)) == []
    assert calls_made(session.run(graph, use_cache=False)) == ["a", "b"]


def test_an_output_that_comes_out_as_before_stops_the_wave(opened: Opened) -> None:
    def it(ctx: Context, x: int) -> int:
        return x % 2

    session = opened(one_node(it))
    results = [
        session.run(graph_of(None, a=("it", {"x": x}), b=("slow_add", {"x": "=a"}), c=("add_one", {"x": "=b"})))
        for x in (1, 3, 4)
    ]
    assert [calls_made(result) for result in results] == [["a", "b", "c"], ["a"], ["a", "b", "c"]]


def test_a_volatile_node_is_called_each_time_and_what_follows_only_on_a_change(opened: Opened) -> None:
    says = iter([5, 5, 6])

    def it(ctx: Context) -> int:
        return next(says)

    session = opened(one_node(it, volatile=True))
    graph = graph_of(None, a=("it", {}), b=("slow_add", {"x": "=a"}))
    assert [calls_made(session.run(graph)) for _ in range(3)] == [["a", "b"], ["a"], ["a", "b"]]


def test_results_come_as_they_are_ready(opened: Opened) -> None:
    go = threading.Event()

    def it(ctx: Context, x: int) -> int:
        go.wait(BOUND)
        return x

    heard: list[str] = []

    def hear(event: told.Event) -> None:
        if isinstance(event, told.ResultReady):
            heard.append(event.result)
            go.set()

    result = opened(one_node(it)).run(graph_of(None, late=("it", {"x": 1}), soon=("add_one", {"x": 1})), listener=hear)
    assert result.state == "succeeded"
    assert heard == ["soon", "late"]


def test_progress_is_told_in_order_and_never_after_the_end(opened: Opened) -> None:
    def it(ctx: Context, x: int) -> int:
        ctx.progress(0.25, "a quarter")
        ctx.progress(1.0, "done")
        return x

    heard: list[told.Event] = []
    opened(one_node(it)).run(graph_of(None, a=("it", {"x": 1})), listener=heard.append)
    kinds = [event.kind for event in heard]
    progress = [(event.fraction, event.message) for event in heard if isinstance(event, told.CallProgress)]
    assert progress == [(0.25, "a quarter"), (1.0, "done")]
    assert kinds.index("call_started") < kinds.index("call_progress") < kinds.index("call_finished")
    assert kinds[-1] == "run_ended"


def test_what_a_listener_raises_comes_out_and_the_session_goes_on(opened: Opened) -> None:
    def hear(event: told.Event) -> None:
        if isinstance(event, told.CallStarted):
            raise BrokenPipeError

    session = opened()
    graph = graph_of(None, a=("slow_add", {"x": 1}))
    with pytest.raises(BrokenPipeError):
        session.run(graph, listener=hear)
    assert session.scheduler.is_idle
    assert session.run(graph)["a"] == 2
    assert is_clean(session)


FAILING = threading.Event()


@node(cost=HEAVY)
def with_fallback(ctx: Context, x: int) -> int:
    """Give a number, or while what it asks fails another that is good for now alone."""
    if FAILING.is_set():
        ctx.keep_out_of_cache()
        return -1
    return x


@node(cost=LIGHT)
def after(ctx: Context, x: int) -> int:
    """Give the next number."""
    return x + 1


@pytest.mark.parametrize("executor", ["inline", "threads"])
def test_what_a_node_keeps_out_of_the_cache_is_made_anew_by_the_next_run(tmp_path: Path, executor: Any) -> None:
    nodes = {
        "a": GraphNode("t/with_fallback", {"x": Constant(4)}),
        "twin": GraphNode("t/with_fallback", {"x": Constant(4)}),
        "b": GraphNode("t/after", {"x": Wire("a", "value")}),
        "c": GraphNode("t/after", {"x": Wire("b", "value")}),
    }
    graph = Graph(nodes, {"out": Wire("c", "value"), "twin": Wire("twin", "value")})
    with Session(tmp_path, catalogue=catalogue_of(Pack("t", "1"), with_fallback, after), executor=executor) as session:
        FAILING.set()
        for _ in range(2):
            result = session.run(graph)
            assert (result["out"], result["twin"]) == (1, -1)
        FAILING.clear()
        result = session.run(graph)
        assert (result["out"], result["twin"]) == (6, 4)
        FAILING.set()
        assert session.run(graph)["out"] == 6, "what was kept is found"
