"""Nodes: found, placed, grouped, aligned, laid out, made into a graph of their own."""

from __future__ import annotations

from itertools import pairwise
from typing import Any

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.support.editing import (
    choose,
    command,
    document_of,
    drag,
    drag_by,
    graph_document,
    head,
    middle,
    node,
    open_graph,
    press_run,
    selected,
    until,
    until_over,
)

CANVAS = "canvas"
NODES: dict[str, dict[str, Any]] = {
    "paint": {"type": "t/picture", "inputs": {"side": 8}, "at": [0, 0]},
    "first": {"type": "e/bright", "inputs": {"image": "@paint.value", "by": 20}, "at": [340, 30]},
    "second": {"type": "e/bright", "inputs": {"image": "@first.value", "by": 30}, "at": [680, 70]},
}
CHAIN = graph_document(NODES, results={"out": "second.value"})


def box(shown: Locator) -> dict[str, float]:
    found = shown.bounding_box()
    assert found is not None
    return {"x": found["x"], "y": found["y"], "width": found["width"], "height": found["height"]}


def places(page: Page) -> dict[str, tuple[float, float]]:
    """Where each node stands, in pixels of the canvas."""
    view: dict[str, Any] = document_of(page)["view"]
    at = {name: given["at"] if isinstance(given, dict) else given for name, given in view.items() if name[0] != "$"}
    return {name: (given[0], given[1]) for name, given in at.items()}


def sizes(page: Page) -> dict[str, tuple[float, float]]:
    """How large each node is, in pixels of the canvas."""
    zoom = page.evaluate("window.__editor.zoom()")
    boxes = {name: box(node(page, name)) for name in document_of(page)["nodes"]}
    return {name: (one["width"] / zoom, one["height"] / zoom) for name, one in boxes.items()}


def test_b02_a_described_scene_becomes_the_starter_graph_with_that_text_in_its_prompt(page: Page) -> None:
    page.get_by_test_id("describe").fill("a lighthouse at dawn")
    page.keyboard.press("Enter")
    expect(page.locator("[data-node]").or_(page.locator("canvas.overview")).first).to_be_visible()
    document = document_of(page)
    assert document["parameters"]["prompt"]["default"] == "a lighthouse at dawn"
    takers = [given for one in document["nodes"].values() for given in one["inputs"].values()]
    assert {"param": "prompt"} in takers


@pytest.mark.parametrize("way", ["slash", "double click"])
def test_b03_search_opens_at_the_pointer_enter_adds_the_first_hit_there_and_escape_closes(page: Page, way: str) -> None:
    open_graph(page, CHAIN)
    head(page, "paint").click()
    page.keyboard.press("Escape")
    node(page, "paint").focus()
    at = (500.0, 700.0)
    page.mouse.move(*at)

    def opened() -> Locator:
        if way == "slash":
            page.keyboard.press("/")
        else:
            page.mouse.dblclick(*at)
        search = page.get_by_role("dialog", name="Add a node")
        expect(search).to_be_visible()
        return search

    place = box(opened())
    assert abs(place["x"] - at[0]) < 10
    assert place["y"] < at[1] + 10
    page.keyboard.press("Escape")
    expect(page.get_by_role("dialog", name="Add a node")).to_have_count(0)
    if way == "slash":
        expect(node(page, "paint")).to_be_focused()
    opened()
    page.keyboard.type("doubled")
    page.keyboard.press("Enter")
    x, y = middle(head(page, "doubled"))
    assert abs(x - at[0]) < 20
    assert abs(y - at[1]) < 30


def test_b04_a_card_dragged_from_the_panel_puts_the_node_under_the_pointer(page: Page) -> None:
    open_graph(page, CHAIN)
    page.get_by_test_id("rail:nodes").click()
    page.get_by_role("searchbox", name="Filter nodes").fill("doubled")
    target = page.get_by_test_id(CANVAS)
    edge = box(target)
    card = page.get_by_test_id("palette:t/doubled")
    card.drag_to(target, target_position={"x": 700, "y": 650})
    x, y = middle(head(page, "doubled"))
    assert abs(x - (edge["x"] + 700)) < 20
    assert abs(y - (edge["y"] + 650)) < 30


def test_b17_a_group_moves_what_it_holds_and_can_be_dissolved(page: Page) -> None:
    open_graph(page, CHAIN)
    choose(page, "paint", "first")
    page.keyboard.press("Control+g")
    page.keyboard.type("Paints")
    page.keyboard.press("Enter")
    [(frame, held)] = document_of(page)["view"]["$frames"].items()
    assert held["title"] == "Paints"
    assert set(held["nodes"]) == {"paint", "first"}
    before = places(page)
    grip = page.get_by_test_id(f"frame:{frame}").locator(".grip")
    x, y = middle(grip)
    drag(page, (x, y), (x + 60, y + 90))
    after = places(page)
    moved = {name: (after[name][0] - before[name][0], after[name][1] - before[name][1]) for name in after}
    assert moved["paint"] == moved["first"] != (0, 0)
    assert moved["second"] == (0, 0)
    page.keyboard.press("Control+Shift+g")
    assert "$frames" not in document_of(page)["view"]
    assert places(page) == after


def test_b18_a_selection_made_a_sub_graph_keeps_values_and_previews_and_unpacks_to_the_same_document(
    page: Page,
) -> None:
    open_graph(page, CHAIN)
    press_run(page)
    until_over(page)
    for name in ("first", "second"):
        expect(node(page, name).locator(".preview img")).to_be_visible()
    before = page.evaluate("window.__editor.document()")
    choose(page, "first", "second")
    page.keyboard.press("Control+Shift+p")
    until(page, "Object.keys(JSON.parse(window.__editor.document()).nodes).length === 2")
    [name] = set(document_of(page)["nodes"]) - {"paint"}
    assert document_of(page)["nodes"][name]["type"].startswith("graph/")
    expect(node(page, name).locator(".preview img")).to_be_visible()
    expect(node(page, "paint").locator(".preview img")).to_be_visible()
    choose(page, name)
    page.keyboard.press("Control+Shift+u")
    until(page, "Object.keys(JSON.parse(window.__editor.document()).nodes).length === 3")
    assert page.evaluate("window.__editor.document()") == before
    for one in ("first", "second"):
        expect(node(page, one).locator(".preview img")).to_be_visible()


def test_b19_a_bypassed_node_passes_its_input_on_and_the_plan_changes_at_once(page: Page) -> None:
    open_graph(page, graph_document({**CHAIN["nodes"], "paint": {"type": "t/picture", "inputs": {"side": 19}}}))
    expect(page.get_by_test_id("plan")).to_contain_text("3 of 3 nodes")
    choose(page, "first")
    with page.expect_response("**/api/v1/plan") as planned:
        page.keyboard.press("Control+b")
    steps = {step["step"] for step in planned.value.json()["steps"]}
    assert "first" not in steps
    assert "second" in steps
    expect(node(page, "first")).to_have_accessible_name("first, Bright, bypassed")
    expect(node(page, "first")).to_contain_text("bypassed")
    assert document_of(page)["nodes"]["first"]["bypass"] is True


ALIGNMENTS = [
    ("Align left edges", 0, 0.0),
    ("Align centres", 0, 0.5),
    ("Align right edges", 0, 1.0),
    ("Align top edges", 1, 0.0),
    ("Align middles", 1, 0.5),
    ("Align bottom edges", 1, 1.0),
]


def test_b20_aligned_nodes_have_equal_coordinates_collapsed_ones_too(page: Page) -> None:
    open_graph(page, CHAIN)
    choose(page, "second")
    page.keyboard.press("Alt+c")
    for title, axis, part in ALIGNMENTS:
        page.keyboard.press("Control+a")
        page.get_by_role("button", name=title).click()
        size = sizes(page)
        edges = {at[axis] + part * size[name][axis] for name, at in places(page).items()}
        assert max(edges) - min(edges) <= 1, title
        page.keyboard.press("Control+z")
    page.keyboard.press("Control+a")
    page.get_by_role("button", name="Distribute across").click()
    size = sizes(page)
    sides = sorted((at[0], at[0] + size[name][0]) for name, at in places(page).items())
    gaps = [later[0] - earlier[1] for earlier, later in pairwise(sides)]
    assert max(gaps) - min(gaps) <= 1


def test_b21_laid_out_nodes_do_not_overlap_stand_left_to_right_and_it_is_one_step_of_undo(page: Page) -> None:
    tangled = graph_document(
        {
            "c": {"type": "e/bright", "inputs": {"image": "@b.value"}, "at": [0, 0]},
            "b": {"type": "e/bright", "inputs": {"image": "@a.value"}, "at": [20, 400]},
            "a": {"type": "t/picture", "at": [700, 0]},
            "d": {"type": "e/bright", "inputs": {"image": "@a.value"}, "at": [400, 300]},
        }
    )
    open_graph(page, tangled)
    before = places(page)
    page.keyboard.press("Control+Shift+l")
    until(page, "window.__editor.undoSteps() === 1")
    at, size = places(page), sizes(page)
    for one in at:
        for other in at:
            if one < other:
                apart = [
                    at[one][axis] + size[one][axis] <= at[other][axis]
                    or at[other][axis] + size[other][axis] <= at[one][axis]
                    for axis in (0, 1)
                ]
                assert any(apart), f"{one} and {other} overlap"
    assert at["a"][0] < at["b"][0] < at["c"][0]
    assert at["a"][0] < at["d"][0]
    page.keyboard.press("Control+z")
    assert places(page) == before


FINDS = [("seco", "second"), ("t/pict", "paint"), ("bri", "first"), ("30", "second")]


def test_b22_find_looks_at_title_type_id_and_values_and_enter_centres_and_selects(page: Page) -> None:
    far = graph_document({name: {**CHAIN["nodes"][name], "inputs": {}} for name in CHAIN["nodes"]})
    far["nodes"] = CHAIN["nodes"]
    far["view"] = {"paint": [0, 0], "first": [3000, 0], "second": [6000, 0]}
    open_graph(page, far)
    for words, found in FINDS:
        page.keyboard.press("Control+f")
        page.keyboard.type(words)
        page.keyboard.press("Enter")
        assert selected(page)["nodes"] == [found], words
        expect(node(page, found)).to_be_in_viewport()
        page.keyboard.press("Escape")


def test_a_name_that_is_html_is_shown_as_it_is_and_runs_nothing(page: Page) -> None:
    """T14: titles, values, notes and names of results are text wherever they are shown."""
    evil = "<img src=x onerror=\"document.title='owned'\"><b>bold</b>"
    document = graph_document(
        {"paint": {"type": "t/failing", "inputs": {"why": evil}}},
        title=evil,
        view={
            "$frames": {"f": {"title": evil, "tint": "red", "nodes": ["paint"]}},
            "$notes": {"n": {"text": evil, "at": [0, 300], "size": [240, 120], "tint": "yellow"}},
        },
    )
    open_graph(page, document)
    expect(page.get_by_text("<b>bold</b>").first).to_be_visible()
    press_run(page)
    until_over(page)
    for shortcut in ("Alt+o", "Control+f", "Escape", "Control+k", "Escape"):
        page.keyboard.press(shortcut)
    choose(page, "paint")
    assert page.locator("img[src='x']").count() == 0
    assert page.locator("b", has_text="bold").count() == 0
    assert page.title() != "owned"


def test_moving_a_node_past_the_edge_keeps_the_keyboard_with_it(page: Page) -> None:
    open_graph(page, CHAIN)
    drag_by(page, "paint", 0, 60)
    expect(node(page, "paint")).to_be_focused()
    command(page, "Zoom in")
    expect(node(page, "paint")).to_be_visible()


def test_a_group_is_bypassed_and_coloured_as_one(page: Page) -> None:
    framed = {"$frames": {"f": {"title": "Both", "tint": "blue", "nodes": ["first", "second"]}}}
    open_graph(page, graph_document(NODES, results={"out": "second.value"}, view=framed))
    page.get_by_test_id("frame:f").locator(".grip").click()
    page.get_by_test_id("bar:bypass").click()
    bypassed = [name for name, one in document_of(page)["nodes"].items() if one.get("bypass")]
    assert bypassed == ["first", "second"]
    page.get_by_role("button", name="Colour").click()
    page.get_by_role("button", name="violet").click()
    assert document_of(page)["view"]["$frames"]["f"]["tint"] == "violet"


def test_the_small_map_shows_while_its_button_is_pointed_at(page: Page) -> None:
    open_graph(page, CHAIN)
    small = page.get_by_role("img", name="The whole graph, small")
    expect(small).to_have_count(0)
    page.get_by_role("button", name="Minimap").hover()
    expect(small).to_be_visible()
    page.mouse.move(700, 300)
    expect(small).to_have_count(0)


def test_a_sub_graph_opens_in_a_tab_by_a_command_and_what_is_saved_in_it_shows_there(page: Page) -> None:
    open_graph(page, CHAIN)
    choose(page, "first", "second")
    page.keyboard.press("Control+Shift+p")
    until(page, "Object.keys(JSON.parse(window.__editor.document()).nodes).length === 2")
    [name] = set(document_of(page)["nodes"]) - {"paint"}
    choose(page, name)
    page.keyboard.press("Alt+Shift+Enter")
    until(page, "'second' in JSON.parse(window.__editor.document()).nodes")
    expect(page.get_by_test_id("tab")).to_have_count(2)
    assert set(document_of(page)["nodes"]) == {"first", "second"}
    page.get_by_test_id("value:second.by").fill("77")
    page.keyboard.press("Control+s")
    expect(page.locator("header.top")).to_contain_text("saved")
    page.keyboard.press("Alt+PageUp")
    until(page, "'paint' in JSON.parse(window.__editor.document()).nodes")
    choose(page, name)
    page.keyboard.press("Control+Shift+u")
    until(page, "'second' in JSON.parse(window.__editor.document()).nodes")
    assert document_of(page)["nodes"]["second"]["inputs"]["by"] == 77


def test_a_double_click_on_the_head_of_a_node_renames_it(page: Page) -> None:
    open_graph(page, CHAIN)
    head(page, "first").dblclick()
    expect(page.get_by_role("textbox", name="Rename")).to_be_focused()
    page.keyboard.type("lighter")
    page.keyboard.press("Enter")
    assert set(document_of(page)["nodes"]) == {"paint", "lighter", "second"}
    expect(page.get_by_role("dialog", name="Add a node")).to_have_count(0)
