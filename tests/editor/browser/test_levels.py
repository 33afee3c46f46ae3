"""Saved graphs that nodes stand for, opened in place: gone into, edited, seen as the run saw them, and left again."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from tests.editor.browser.test_accessible import violations
from tests.editor.browser.test_documents import IS_KEPT
from tests.support.editing import (
    Window,
    choose,
    document_of,
    graph_document,
    head,
    node,
    open_graph,
    press_run,
    selected,
    until,
    until_over,
    until_ready,
    window,
)
from tests.support.served import Serving
from tests.support.service_nodes import GATES

Document = dict[str, Any]


def put(server: Serving, name: str, graph: Mapping[str, Any]) -> None:
    reply = server.client.put(f"/api/v1/graphs/{name}", json=graph, headers={"If-None-Match": "*"})
    assert reply.status_code == 201, reply.text


def lamp(by: int) -> Document:
    """A picture that is made brighter, as a saved graph with a parameter."""
    return graph_document(
        {
            "paint": {"type": "t/picture", "inputs": {"side": {"param": "side"}}},
            "glow": {"type": "e/bright", "inputs": {"image": "@paint.value", "by": by}},
        },
        title="Lamp",
        parameters={"side": {"type": "integer", "default": 8}},
        results={"image": "glow.value"},
    )


def row(lamp_name: str, side: int) -> Document:
    """A graph with two nodes that stand for a lamp."""
    first = {"type": f"graph/{lamp_name}", "inputs": {"side": side}}
    second = {"type": f"graph/{lamp_name}", "inputs": {"side": side + 1}}
    end = {"type": "e/bright", "inputs": {"image": "@first.image", "by": 1}}
    return graph_document({"first": first, "second": second, "end": end}, title="Row", results={"end": "end.value"})


def until_level(page: Page, way: str) -> None:
    until(page, "(way) => window.__editor.level() === way", way)


def crumbs(page: Page) -> Locator:
    return page.get_by_test_id("crumbs")


def test_a_sub_graph_is_gone_into_on_the_same_canvas_and_left_to_where_one_was(
    page: Page, shared_server: Serving
) -> None:
    put(shared_server, "lamp_a", lamp(31))
    open_graph(page, row("lamp_a", 11))
    head(page, "second").dblclick()
    until_level(page, "second")
    expect(page.get_by_test_id("tab")).to_have_count(1)
    expect(node(page, "glow")).to_be_visible()
    assert document_of(page)["title"] == "Lamp"
    expect(page.get_by_test_id("crumb-what")).to_have_text("Saved graph lamp_a, version 1, used by 2 nodes here")
    page.keyboard.press("Control+=")
    zoom = page.evaluate("window.__editor.zoom()")
    page.keyboard.press("Control+ArrowUp")
    until_level(page, "")
    assert selected(page)["nodes"] == ["second"]
    assert page.evaluate("window.__editor.focused()") == "second"
    expect(crumbs(page)).to_have_count(0)
    page.keyboard.press("Alt+Enter")
    until_level(page, "second")
    assert page.evaluate("window.__editor.zoom()") == zoom
    page.keyboard.press("Escape")
    until_level(page, "")


def test_a_run_shows_within_a_sub_graph_what_its_nodes_are_doing_and_gave(page: Page, shared_server: Serving) -> None:
    inner = graph_document(
        {
            "paint": {"type": "t/picture", "inputs": {"side": 43}},
            "work": {"type": "e/ticking", "inputs": {"gate": "levels run", "picture": "@paint.value"}},
            "glow": {"type": "e/bright", "inputs": {"image": "@work.value", "by": 177}},
        },
        title="Work",
        results={"image": "glow.value"},
    )
    put(shared_server, "work_a", inner)
    outer: dict[str, Document] = {
        "hut": {"type": "graph/work_a"},
        "end": {"type": "e/bright", "inputs": {"image": "@hut.image"}},
    }
    open_graph(page, graph_document(outer, results={"end": "end.value"}))
    head(page, "hut").dblclick()
    until_level(page, "hut")
    until(page, "['planned', 'possible'].includes(window.__editor.status('glow').state)")
    press_run(page)
    until(page, "window.__editor.status('work').message.startsWith('step')")
    expect(node(page, "paint").locator(".preview img")).to_be_visible()
    assert page.evaluate("window.__editor.status('glow').state") == "queued"
    page.keyboard.press("Control+ArrowUp")
    until_level(page, "")
    until(page, "window.__editor.status('hut').state === 'running'")
    page.keyboard.press("Alt+Enter")
    until(page, "window.__editor.status('work').message.startsWith('step')")
    GATES["levels run"].set()
    until_over(page)
    until(page, "['work', 'glow'].every((name) => window.__editor.status(name).state === 'done')")
    for name in ("work", "glow"):
        expect(node(page, name).locator(".preview img")).to_be_visible()
    page.reload()
    until_ready(page)
    until_level(page, "hut")
    until(page, "['work', 'glow'].every((name) => window.__editor.status(name).state === 'done')")
    choose(page, "glow")
    expect(page.get_by_test_id("why")).to_be_visible()


def test_each_item_of_a_loop_is_seen_by_itself_and_a_failure_leads_to_where_it_happened(
    page: Page, shared_server: Serving
) -> None:
    square = graph_document(
        {"paint": {"type": "t/picture", "inputs": {"side": {"param": "side"}}}},
        title="Square",
        parameters={"side": {"type": "integer"}},
        results={"image": "paint.value"},
    )
    put(shared_server, "square_a", square)
    outer: dict[str, Document] = {
        "many": {"type": "t/listed", "inputs": {"count": 3}},
        "each": {"type": "graph/square_a", "inputs": {"side": "@many.value"}, "for_each": ["side"]},
    }
    open_graph(page, graph_document(outer, results={"all": "each.image"}))
    head(page, "each").dblclick()
    until_level(page, "each[0]")
    expect(page.get_by_test_id("crumb-item")).to_have_count(0)
    page.keyboard.press("Control+ArrowUp")
    press_run_to_its_end(page)
    page.keyboard.press("Alt+Enter")
    until_level(page, "each[2]")
    until(page, "['done', 'cached'].includes(window.__editor.status('paint').state)")
    expect(crumbs(page)).to_contain_text("of 3")
    page.get_by_test_id("crumb-item").fill("1")
    until_level(page, "each[0]")
    until(page, "window.__editor.status('paint').state === 'error'")
    page.get_by_test_id("go-up").click()
    choose(page, "each")
    page.get_by_test_id("error-inside").click()
    until_level(page, "each[0]")
    assert selected(page)["nodes"] == ["paint"]
    expect(page.get_by_test_id("error-card")).to_contain_text("side")


def press_run_to_its_end(page: Page) -> None:
    before = page.evaluate("window.__editor.run()")
    page.get_by_test_id("run").click()
    until(page, "(before) => window.__editor.run() !== before && !window.__editor.isGoing()", before)


def test_what_is_changed_within_is_saved_as_a_version_before_a_run_takes_it(page: Page, shared_server: Serving) -> None:
    put(shared_server, "lamp_b", lamp(41))
    open_graph(page, row("lamp_b", 21))
    press_run_to_its_end(page)
    head(page, "first").dblclick()
    until_level(page, "first")
    until(page, "window.__editor.status('glow').preview !== null")
    change(page, 42)
    expect(node(page, "glow")).to_have_accessible_name("glow, Bright, stale")
    expect(crumbs(page)).to_contain_text("A run takes version 1 until you save")
    page.keyboard.press("Control+Enter")
    page.get_by_test_id("unsaved-save").click()
    expect(page.get_by_test_id("crumb-what")).to_contain_text("version 2")
    until_over(page)
    until(page, "window.__editor.status('glow').state === 'done'")
    saved = shared_server.client.get("/api/v1/graphs/lamp_b").json()
    assert saved["nodes"]["glow"]["inputs"]["by"] == 42
    page.keyboard.press("Control+z")
    expect(crumbs(page)).to_contain_text("changed")
    page.get_by_test_id("go-up").click()
    until_level(page, "")
    assert page.evaluate("window.__editor.undoSteps()") == 0
    head(page, "second").dblclick()
    until_level(page, "second")
    assert document_of(page)["nodes"]["glow"]["inputs"]["by"] == 41


def change(page: Page, by: int) -> None:
    box = node(page, "glow").get_by_role("spinbutton").first
    box.fill(str(by))
    box.press("Enter")
    page.keyboard.press("Escape")


def by_of(page: Page) -> int:
    found: int = document_of(page)["nodes"]["glow"]["inputs"]["by"]
    return found


def test_what_was_changed_within_is_there_after_a_reload_and_after_its_graph_was_closed(
    page: Page, shared_server: Serving
) -> None:
    put(shared_server, "lamp_c", lamp(51))
    holder: dict[str, Document] = {
        "inner": {"type": "graph/lamp_c"},
        "end": {"type": "e/bright", "inputs": {"image": "@inner.image"}},
    }
    put(shared_server, "holder_c", graph_document(holder, title="Holder", results={"image": "end.value"}))
    deep: dict[str, Document] = {"outer": {"type": "graph/holder_c"}}
    open_graph(page, graph_document(deep, title="Deep", results={"image": "outer.image"}))
    press_run_to_its_end(page)
    head(page, "outer").dblclick()
    until_level(page, "outer")
    expect(node(page, "inner").locator(".preview img")).to_be_visible()
    head(page, "inner").dblclick()
    until_level(page, "outer/inner")
    expect(crumbs(page).get_by_role("listitem")).to_have_text(["Deep", "outer", "inner"])
    change(page, 52)
    assert page.evaluate(IS_KEPT, '"by": 52')
    page.reload()
    until_ready(page)
    until_level(page, "outer/inner")
    assert by_of(page) == 52
    expect(page.get_by_test_id("tab")).to_have_count(1)
    page.go_back()
    until_level(page, "outer")
    crumbs(page).get_by_role("button", name="Deep", exact=True).click()
    until_level(page, "")
    page.keyboard.press("Alt+w")
    expect(page.get_by_test_id("describe")).to_be_visible()
    page.keyboard.press("Alt+Shift+w")
    until(page, "JSON.parse(window.__editor.document()).title === 'Deep'")
    head(page, "outer").dblclick()
    until_level(page, "outer")
    head(page, "inner").dblclick()
    until_level(page, "outer/inner")
    assert by_of(page) == 52
    page.reload()
    until_ready(page)
    until_level(page, "outer/inner")
    assert by_of(page) == 52


def test_an_address_leads_into_a_sub_graph_and_in_a_tab_of_its_own_it_is_the_same_document(
    opened: Window, page: Page, shared_server: Serving
) -> None:
    put(shared_server, "lamp_d", lamp(61))
    put(shared_server, "row_d", row("lamp_d", 31))
    page = opened.page("/g/row_d?in=second&node=glow")
    until_level(page, "second")
    until(page, "window.__editor.selection().nodes[0] === 'glow'")
    change(page, 62)
    page.get_by_test_id("go-up").click()
    page.keyboard.press("Alt+Shift+Enter")
    expect(page.get_by_test_id("tab")).to_have_count(2)
    until_level(page, "")
    assert by_of(page) == 62
    page.keyboard.press("Control+s")
    expect(page.get_by_test_id("saved")).to_have_text("saved")
    page.keyboard.press("Alt+PageUp")
    head(page, "first").dblclick()
    until_level(page, "first")
    expect(page.get_by_test_id("crumb-what")).to_contain_text("version 2")
    assert by_of(page) == 62
    until(page, "location.pathname + location.search === '/g/row_d?in=first'")


def test_a_past_run_is_looked_into_as_it_was_and_what_came_from_the_cache_is_seen(
    opened: Window, page: Page, shared_server: Serving
) -> None:
    put(shared_server, "lamp_e", lamp(71))
    open_graph(page, row("lamp_e", 41))
    press_run_to_its_end(page)
    press_run_to_its_end(page)
    head(page, "first").dblclick()
    until_level(page, "first")
    for name in ("paint", "glow"):
        expect(node(page, name).locator(".preview img")).to_be_visible()
    until(page, "window.__editor.status('glow').state === 'cached'")
    newer = shared_server.client.put("/api/v1/graphs/lamp_e", json=lamp(72), headers={"If-Match": '"1"'})
    assert newer.status_code == 200, newer.text
    run = page.evaluate("window.__editor.run()")
    other = opened.page(f"/?run={run}")
    expect(other.get_by_test_id("past")).to_be_visible()
    head(other, "first").dblclick()
    until_level(other, "first")
    assert by_of(other) == 71
    expect(other.get_by_test_id("crumb-what")).to_have_text("Saved graph lamp_e, as the run took it")
    choose(other, "glow")
    other.keyboard.press("Delete")
    assert "glow" in document_of(other)["nodes"]


def test_saved_under_another_name_the_node_that_was_gone_into_alone_stands_for_that(
    page: Page, shared_server: Serving
) -> None:
    put(shared_server, "lamp_f", lamp(81))
    open_graph(page, row("lamp_f", 51))
    head(page, "second").dblclick()
    until_level(page, "second")
    change(page, 82)
    page.keyboard.press("Control+Shift+s")
    page.get_by_test_id("save-name").fill("lamp_own")
    page.get_by_test_id("save-do").click()
    expect(page.get_by_test_id("crumb-what")).to_have_text("Saved graph lamp_own, version 1, used by one node here")
    page.get_by_test_id("go-up").click()
    until_level(page, "")
    types = {name: one["type"] for name, one in document_of(page)["nodes"].items() if name != "end"}
    assert types == {"first": "graph/lamp_f", "second": "graph/lamp_own"}
    page.keyboard.press("Control+z")
    assert document_of(page)["nodes"]["second"]["type"] == "graph/lamp_f"
    assert shared_server.client.get("/api/v1/graphs/lamp_f").json()["nodes"]["glow"]["inputs"]["by"] == 81


@pytest.mark.parametrize("theme", ["dark", "light"])
def test_the_way_within_breaks_no_rule_of_axe_and_is_walked_by_keyboard(
    browser: Browser, shared_server: Serving, theme: str
) -> None:
    put(shared_server, f"lamp_{theme}", lamp(91))
    with window(browser, shared_server.address, preferences={"theme": theme}) as one:
        page = one.page()
        open_graph(page, row(f"lamp_{theme}", 61))
        choose(page, "first")
        page.keyboard.press("Alt+Enter")
        until_level(page, "first")
        change(page, 92)
        expect(page.get_by_test_id("crumb-save")).to_be_visible()
        assert violations(page) == []
        page.get_by_test_id("go-up").focus()
        page.keyboard.press("Tab")
        expect(crumbs(page).get_by_role("button", name="Row", exact=True)).to_be_focused()
        page.keyboard.press("Enter")
        until_level(page, "")
