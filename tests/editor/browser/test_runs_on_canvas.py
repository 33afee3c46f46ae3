"""Runs as the canvas shows them: planned, followed, over; what is stale; what only part of a graph needs."""

from __future__ import annotations

import itertools
from typing import Any

from playwright.sync_api import Page, Request, expect

from diorama.run.service import Service
from tests.support.editing import (
    Window,
    choose,
    command,
    document_of,
    graph_document,
    node,
    open_graph,
    press_run,
    until,
    until_over,
)
from tests.support.served import Serving
from tests.support.service_nodes import GATES

FRESH = itertools.count(1)
"""Numbers that were not used before in this process, and so at its server."""
COUNT_COMMITS = """
    window.commits = 0;
    window.__REACT_DEVTOOLS_GLOBAL_HOOK__ = {
        supportsFiber: true,
        inject: () => 1,
        onCommitFiberRoot: () => { window.commits += 1; },
        onCommitFiberUnmount: () => undefined,
        onPostCommitFiberRoot: () => undefined,
        checkDCE: () => undefined,
    };
"""
COUNT_FRAMES = """
    window.said = new Set();
    const card = document.querySelector('[data-testid="node:work"]');
    new MutationObserver(() => window.said.add(card.querySelector('.said').textContent))
        .observe(card, {subtree: true, childList: true, characterData: true});
    window.frames_ = 0; window.begunWith = window.commits;
    const count = () => { window.frames_ += 1; requestAnimationFrame(count); };
    requestAnimationFrame(count);
"""


def chain(**more: Any) -> dict[str, Any]:
    """Four nodes of which one is not needed; nobody ran them before."""
    return graph_document(
        {
            "paint": {"type": "t/picture", "inputs": {"side": 9}, "at": [0, 0]},
            "first": {"type": "e/bright", "inputs": {"image": "@paint.value", "by": next(FRESH)}, "at": [340, 0]},
            "second": {"type": "e/bright", "inputs": {"image": "@first.value", "by": 3}, "at": [680, 0]},
            "side": {"type": "e/bright", "inputs": {"image": "@paint.value", "by": next(FRESH)}, "at": [340, 420]},
        },
        results={"out": "second.value", "beside": "side.value"},
        **more,
    )


def state(page: Page, name: str) -> str:
    told: str = page.evaluate("(name) => window.__editor.status(name).state", name)
    return told


def calls(service: Service, run: str) -> set[str]:
    """The steps that a run made, by the server's own journal."""
    import orjson

    told = [orjson.loads(event) for _, event in service.events(run)]
    return {event["step"] for event in told if event["kind"] == "call_finished" and not event["cached"]}


def test_b29_before_a_run_nodes_and_button_show_what_will_run_and_that_is_what_runs(
    page: Page, shared_server: Serving
) -> None:
    open_graph(page, chain())
    expect(page.get_by_test_id("plan")).to_contain_text("of 4 nodes")
    until(page, "['planned', 'possible'].includes(window.__editor.status('second').state)")
    certain, possible = in_state(page, "planned"), in_state(page, "possible")
    least = f"{len(certain)} to " if possible else ""
    expect(page.get_by_test_id("plan")).to_contain_text(f"{least}{len(certain | possible)} of 4 nodes")
    press_run(page)
    until_over(page)
    run = page.evaluate("window.__editor.run()")
    assert certain <= calls(shared_server.service, run) <= certain | possible
    expect(page.get_by_test_id("plan")).to_have_text("nothing to run")
    page.get_by_role("spinbutton", name="first by").fill(str(next(FRESH)))
    expect(page.get_by_test_id("plan")).to_contain_text("1 to 2 of 4 nodes, up to ~")
    for name, word in (("paint", "cached"), ("side", "cached")):
        assert state(page, name) in (word, "done")
    press_run(page)
    until_over(page)
    assert calls(shared_server.service, page.evaluate("window.__editor.run()")) == {"first", "second"}


def in_state(page: Page, wanted: str) -> set[str]:
    return {name for name in document_of(page)["nodes"] if state(page, name) == wanted}


def test_b29_what_may_run_is_told_apart_and_does_not_where_the_result_above_is_the_same(
    page: Page, shared_server: Serving
) -> None:
    white = 300 + next(FRESH)
    document = graph_document(
        {
            "paint": {"type": "t/picture", "inputs": {"side": 7}},
            "white": {"type": "e/bright", "inputs": {"image": "@paint.value", "by": white}},
            "below": {"type": "e/bright", "inputs": {"image": "@white.value", "by": -next(FRESH)}},
        },
        results={"out": "below.value"},
    )
    open_graph(page, document)
    expect(page.get_by_test_id("plan")).to_contain_text("of 3 nodes")
    press_run(page)
    until_over(page)
    expect(page.get_by_test_id("plan")).to_have_text("nothing to run")
    document["nodes"]["white"]["inputs"]["by"] = white + 500
    open_graph(page, document)
    expect(page.get_by_test_id("plan")).to_contain_text("1 to 2 of 3 nodes, up to ~")
    expect(node(page, "white")).to_have_accessible_name("white, Bright, will run")
    expect(node(page, "below")).to_have_accessible_name("below, Bright, may run")
    press_run(page)
    until_over(page)
    assert calls(shared_server.service, page.evaluate("window.__editor.run()")) == {"white"}


def test_at_rest_one_plan_is_asked_for_before_a_run_and_one_after_it(page: Page) -> None:
    asked: list[str] = []

    def note(request: Request) -> None:
        path = request.url.partition("/api/v1")[2]
        if request.method == "POST" and (path == "/runs" or (path == "/plan" and '"graph"' in str(request.post_data))):
            asked.append(path)

    page.on("request", note)
    open_graph(page, chain())
    expect(node(page, "second")).to_contain_text(" run")
    assert asked == ["/plan"]
    press_run(page)
    until_over(page)
    expect(page.get_by_test_id("plan")).to_have_text("nothing to run")
    assert asked == ["/plan", "/plan", "/runs", "/plan"]


def test_a_run_that_finds_all_in_the_cache_shows_what_every_node_gave(opened: Window, shared_server: Serving) -> None:
    document = chain()
    shared_server.submit_raw({key: value for key, value in document.items() if key != "view"})
    page = opened.page()
    open_graph(page, document)
    press_run(page)
    until_over(page)
    assert calls(shared_server.service, page.evaluate("window.__editor.run()")) == set()
    for name in document["nodes"]:
        expect(node(page, name).locator(".preview img")).to_be_visible()


def test_b30_one_changed_value_makes_exactly_what_lies_below_stale_and_names_the_cause(page: Page) -> None:
    open_graph(page, chain())
    press_run(page)
    until_over(page)
    page.get_by_role("spinbutton", name="first by").fill(str(next(FRESH)))
    expect(node(page, "first")).to_have_accessible_name("first, Bright, stale")
    expect(node(page, "first").locator(".foot")).to_contain_text("by changed")
    expect(node(page, "second")).to_have_accessible_name("second, Bright, stale")
    expect(node(page, "second").locator(".foot")).to_contain_text("first changed")
    for name in ("paint", "side"):
        expect(node(page, name)).not_to_have_accessible_name(f"{name}, Bright, stale")
        assert "is stale" not in (node(page, name).get_attribute("class") or "")
    assert page.locator(".state-stale").count() == 2


def test_b32_run_to_here_makes_only_what_that_node_needs(page: Page, shared_server: Serving) -> None:
    open_graph(page, chain())
    choose(page, "first")
    with page.expect_response("**/api/v1/runs") as accepted:
        page.keyboard.press("Control+Shift+Enter")
    run = accepted.value.json()["id"]
    until_over(page)
    assert {"first"} <= calls(shared_server.service, run) <= {"paint", "first"}
    until(page, "window.__editor.status('second').state === 'planned'")


def test_b33_two_hundred_messages_a_second_are_at_most_one_commit_a_frame_and_typing_goes_on(opened: Window) -> None:
    opened.context.add_init_script(COUNT_COMMITS)
    page = opened.page()
    gate = f"busy-{next(FRESH)}"
    nodes = {"work": {"type": "e/ticking", "inputs": {"gate": gate}, "at": [0, 0]}}
    nodes["note"] = {"type": "t/failing", "inputs": {"why": "x"}, "at": [340, 0]}
    told: list[str | bytes] = []
    page.on("websocket", lambda line: line.on("framereceived", lambda frame: _note(told, frame)))
    open_graph(page, graph_document(nodes, results={"out": "work.value"}))
    press_run(page)
    until(page, "window.__editor.status('work').message !== ''")
    page.evaluate(COUNT_FRAMES)
    before = len(told)
    until(page, "window.said.size >= 8")
    commits, frames, shown = page.evaluate("[window.commits - window.begunWith, window.frames_, window.said.size]")
    assert commits <= frames + 1
    # The server tells a node's progress ten times a second; a busy page may join two of them, not more.
    assert shown >= (len(told) - before) / 2.5
    box = node(page, "note").get_by_role("textbox").first
    box.fill("typed while it works")
    assert document_of(page)["nodes"]["note"]["inputs"]["why"] == "typed while it works"
    GATES[gate].set()
    until_over(page)


def _note(told: list[str | bytes], frame: str | bytes) -> None:
    if "call_progress" in str(frame):
        told.append(frame)


def test_b35_a_cut_line_says_reconnecting_and_no_event_is_missed_after_it_is_back(opened: Window) -> None:
    lines: list[Any] = []
    heard: list[str | bytes] = []

    def carry(route: Any) -> None:
        server = route.connect_to_server()
        lines.append(route)

        def hear(message: str | bytes) -> None:
            heard.append(message)
            route.send(message)

        server.on_message(hear)
        route.on_message(server.send)

    opened.context.route_web_socket("**/api/v1/events", carry)
    page = opened.page()
    gate = f"cut-{next(FRESH)}"
    work = {"type": "e/ticking", "inputs": {"gate": gate}, "at": [0, 0]}
    after = {"type": "e/bright", "inputs": {"image": "@work.value", "by": 2}, "at": [340, 0]}
    open_graph(page, graph_document({"work": work, "after": after}, results={"out": "after.value"}))
    press_run(page)
    until(page, "window.__editor.status('work').message !== ''")
    run = page.evaluate("window.__editor.run()")
    lines[-1].close()
    expect(page.get_by_text("reconnecting")).to_be_visible()
    GATES[gate].set()
    until_over(page)
    import orjson

    seqs = [
        event["seq"]
        for message in heard
        for event in orjson.loads(message).get("events", ())
        if event.get("run") == run and event.get("seq")
    ]
    assert sorted(set(seqs)) == list(range(1, max(seqs) + 1)), "an event was missed"
    expect(node(page, "after")).to_have_accessible_name("after, Bright, done")
    expect(page.get_by_text("reconnecting")).to_have_count(0)


def test_a_stopped_run_leaves_nothing_waiting(page: Page) -> None:
    gate = f"stop-{next(FRESH)}"
    work = {"type": "e/ticking", "inputs": {"gate": gate}, "at": [0, 0]}
    after = {"type": "e/bright", "inputs": {"image": "@work.value", "by": 2}, "at": [340, 0]}
    open_graph(page, graph_document({"work": work, "after": after}, results={"out": "after.value"}))
    press_run(page)
    until(page, "window.__editor.status('work').state === 'running'")
    command(page, "Stop")
    until_over(page)
    for name in ("work", "after"):
        until(page, "(name) => !['running', 'queued'].includes(window.__editor.status(name).state)", name)


def test_run_selection_makes_what_the_selected_nodes_need_and_no_more(page: Page, shared_server: Serving) -> None:
    open_graph(page, chain())
    choose(page, "first", "side")
    with page.expect_response("**/api/v1/runs") as accepted:
        page.get_by_test_id("bar:runSelection").click()
    until_over(page)
    made = calls(shared_server.service, accepted.value.json()["id"])
    assert {"first", "side"} <= made <= {"paint", "first", "side"}
