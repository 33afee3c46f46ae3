"""Wires: drawn, refused, dropped, replaced, put through points, drawn by keyboard."""

from __future__ import annotations

from playwright.sync_api import Page, expect

from tests.support.editing import (
    choose,
    document_of,
    drag,
    drag_by,
    drag_wire,
    graph_document,
    middle,
    node,
    open_graph,
    pick_up,
    port,
    until,
    wire,
)

NUMBERS = graph_document(
    {
        "one": {"type": "t/doubled", "inputs": {"x": 1}},
        "two": {"type": "t/doubled", "inputs": {"x": 2}},
        "three": {"type": "t/doubled", "inputs": {"x": "@two.value"}},
    }
)
PICTURE = graph_document(
    {
        "paint": {"type": "t/picture", "inputs": {"side": 8}},
        "light": {"type": "e/bright"},
        "twice": {"type": "t/doubled"},
    }
)
APART = graph_document(
    {
        "one": {"type": "t/doubled", "inputs": {"x": 1}, "at": [0, 0]},
        "end": {"type": "t/doubled", "inputs": {"x": "@one.value"}, "at": [760, 0]},
        "mid": {"type": "t/doubled", "inputs": {"x": 5}, "at": [380, 240]},
    }
)


def given(page: Page, to: str) -> object:
    name, inlet = to.split(".")
    return document_of(page)["nodes"][name].get("inputs", {}).get(inlet)


def test_b05_dropping_a_wire_on_empty_canvas_opens_a_search_of_nodes_that_fit(page: Page) -> None:
    open_graph(page, PICTURE)
    x, y = middle(port(page, "out", "paint.value"))
    drag(page, (x, y), (x + 20, y + 330))
    search = page.get_by_role("dialog", name="Add a node")
    expect(search).to_be_visible()
    page.keyboard.type("bright")
    expect(page.get_by_test_id("entry:e/bright")).to_be_visible()
    page.get_by_role("combobox", name="Add a node").fill("doubled")
    expect(page.get_by_test_id("entry:t/doubled")).to_have_count(0)
    page.get_by_role("combobox", name="Add a node").fill("bright")
    page.keyboard.press("Enter")
    assert given(page, "bright.image") == {"wire": "paint.value"}


def test_b06_while_a_wire_is_drawn_ports_that_fit_stand_out_and_others_say_why_not(page: Page) -> None:
    open_graph(page, PICTURE)
    fitting, other = port(page, "in", "light.image"), port(page, "in", "twice.x")
    pick_up(page, port(page, "out", "paint.value"), other)
    expect(other).to_have_attribute("aria-disabled", "true")
    expect(fitting).to_have_attribute("aria-disabled", "false")
    assert float(other.evaluate("(port) => getComputedStyle(port).opacity")) < 0.6
    assert float(fitting.evaluate("(port) => getComputedStyle(port).opacity")) == 1
    expect(page.get_by_text("image does not fit integer")).to_be_visible()
    page.mouse.up()


def test_b07_dropping_on_a_port_that_does_not_fit_makes_no_wire_and_says_why_for_three_seconds(page: Page) -> None:
    page.clock.install()
    open_graph(page, PICTURE)
    # From here on only what the test says passes.
    page.clock.pause_at(page.evaluate("Date.now()") / 1000 + 2)
    drag_wire(page, "paint.value", "twice.x")
    assert given(page, "twice.x") is None
    said = page.get_by_test_id("toast")
    expect(said).to_have_text("image does not fit integer")
    page.clock.run_for(2900)
    expect(said).to_have_text("image does not fit integer")
    page.clock.run_for(200)
    expect(said).to_have_text("")


def test_b08_a_wire_that_would_close_a_circle_is_refused_in_those_words(page: Page) -> None:
    open_graph(page, NUMBERS)
    drag_wire(page, "three.value", "two.x")
    expect(page.get_by_test_id("toast")).to_have_text("would create a loop")
    assert given(page, "two.x") == 2


def test_b09_a_node_dropped_on_a_wire_that_it_fits_goes_in_between_unless_alt_is_held(page: Page) -> None:
    open_graph(page, APART)
    drag_by(page, "mid", 0, -240, keys=["Alt"])
    assert given(page, "end.x") == {"wire": "one.value"}
    page.keyboard.press("Control+z")
    drag_by(page, "mid", 0, -240)
    assert given(page, "end.x") == {"wire": "mid.value"}
    assert given(page, "mid.x") == {"wire": "one.value"}
    page.keyboard.press("Control+z")
    assert given(page, "end.x") == {"wire": "one.value"}
    assert document_of(page)["view"]["mid"] == [380, 240], "dropping is one step of undo"


def test_b10_a_second_wire_into_a_single_input_replaces_the_first_and_one_undo_brings_it_back(page: Page) -> None:
    open_graph(page, NUMBERS)
    drag_wire(page, "one.value", "three.x")
    assert given(page, "three.x") == {"wire": "one.value"}
    expect(wire(page, "three.x")).to_have_count(1)
    page.keyboard.press("Control+z")
    assert given(page, "three.x") == {"wire": "two.value"}
    assert page.evaluate("window.__editor.undoSteps()") == 0


def test_b11_a_double_click_on_a_wire_adds_a_point_and_the_server_is_sent_the_same_graph(page: Page) -> None:
    open_graph(page, APART)
    sent: list[str] = []
    page.on("request", lambda request: sent.append(request.post_data or "") if request.url.endswith("/plan") else None)
    (x1, y1), (x2, y2) = middle(port(page, "out", "one.value")), middle(port(page, "in", "end.x"))
    at = ((x1 + x2) / 2, (y1 + y2) / 2)
    page.mouse.dblclick(*at)
    dot = page.get_by_test_id("reroute:end.x.0")
    expect(dot).to_be_visible()
    before = wire(page, "end.x").locator("path").first.get_attribute("d")
    drag(page, dot, (at[0], at[1] + 120))
    assert wire(page, "end.x").locator("path").first.get_attribute("d") != before
    after = document_of(page)
    assert len(after["view"]["$reroutes"]["end.x"]) == 1
    assert after["nodes"] == APART["nodes"]
    with page.expect_request("**/api/v1/runs") as asked:
        page.get_by_test_id("run").click()
    assert asked.value.post_data_json is not None
    graph = asked.value.post_data_json["graph"]
    assert graph["nodes"] == APART["nodes"]
    assert "view" not in graph
    assert all("reroutes" not in text for text in sent)


def test_b25_a_wire_can_be_drawn_with_the_keyboard_alone(page: Page) -> None:
    open_graph(page, PICTURE)
    node(page, "paint").focus()
    page.keyboard.press("Enter")
    until(page, "document.activeElement?.closest('[data-node]')?.dataset.node === 'paint'")
    for _ in range(12):
        if page.evaluate("document.activeElement?.dataset.testid") == "port-out:paint.value":
            break
        page.keyboard.press("Tab")
    expect(port(page, "out", "paint.value")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.get_by_role("combobox", name="Add a node")).to_be_focused()
    page.keyboard.type("light")
    page.keyboard.press("Enter")
    assert given(page, "light.image") == {"wire": "paint.value"}


def test_a_hidden_wire_is_drawn_at_its_ends_with_names_and_in_full_while_it_is_looked_at(page: Page) -> None:
    open_graph(page, APART)
    (x1, y1), (x2, y2) = middle(port(page, "out", "one.value")), middle(port(page, "in", "end.x"))
    between = ((x1 + x2) / 2, (y1 + y2) / 2)
    page.mouse.click(*between)
    page.keyboard.press("Shift+H")
    assert document_of(page)["view"]["$hidden"] == ["end.x"]
    page.keyboard.press("Escape")
    expect(wire(page, "end.x")).to_have_class("wire is-hidden")
    expect(wire(page, "end.x")).to_contain_text("to end")
    expect(wire(page, "end.x")).to_contain_text("from one")
    choose(page, "one")
    expect(wire(page, "end.x")).not_to_have_class("wire is-hidden")
    page.keyboard.press("Control+z")
    assert "$hidden" not in document_of(page)["view"]


def test_wires_that_have_nothing_to_do_with_the_selection_are_dimmed(page: Page) -> None:
    open_graph(page, NUMBERS)
    choose(page, "one")
    opacity = "(wire) => getComputedStyle(wire.querySelector('path')).opacity"
    expect(wire(page, "three.x")).to_have_class("wire is-dim")
    until(page, f"({opacity})(document.querySelector('[data-testid=\"wire:three.x\"]')) === '0.35'")
    choose(page, "two")
    expect(wire(page, "three.x")).to_have_class("wire")
