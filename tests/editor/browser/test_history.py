"""Undo, redo and the clipboard."""

from __future__ import annotations

import json
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.support.editing import (
    Window,
    choose,
    document_of,
    drag_by,
    drag_wire,
    graph_document,
    head,
    node,
    open_graph,
    press_run,
    selected,
    until,
    until_over,
)

RUNNABLE = {
    "paint": {"type": "t/picture", "inputs": {"side": 8}, "at": [0, 0]},
    "first": {"type": "e/bright", "inputs": {"image": "@paint.value", "by": 20}, "at": [340, 0]},
}
GRAPH = graph_document({**RUNNABLE, "second": {"type": "e/bright", "inputs": {"by": 30}, "at": [680, 0]}})


def text_of(page: Page) -> str:
    text: str = page.evaluate("window.__editor.document()")
    return text


def steps(page: Page) -> int:
    count: int = page.evaluate("window.__editor.undoSteps()")
    return count


def add(page: Page) -> None:
    page.mouse.move(700, 760)
    page.keyboard.press("/")
    page.keyboard.type("doubled")
    page.keyboard.press("Enter")


def delete(page: Page) -> None:
    choose(page, "first")
    page.keyboard.press("Delete")


def move(page: Page) -> None:
    drag_by(page, "second", 40, 60)


def connect(page: Page) -> None:
    drag_wire(page, "first.value", "second.image")


def set_value(page: Page) -> None:
    page.get_by_role("spinbutton", name="first by").fill("77")


def paste(page: Page) -> None:
    choose(page, "first")
    page.keyboard.press("Control+c")
    page.keyboard.press("Control+v")


def group(page: Page) -> None:
    choose(page, "paint", "first")
    page.keyboard.press("Control+g")
    page.keyboard.press("Escape")


def bypass(page: Page) -> None:
    choose(page, "first")
    page.keyboard.press("Control+b")


def rename(page: Page) -> None:
    choose(page, "first")
    page.keyboard.press("F2")
    page.keyboard.type("other")
    page.keyboard.press("Enter")


@pytest.mark.parametrize("deed", [add, delete, move, connect, set_value, paste, group, bypass, rename])
def test_b12_undo_and_redo_take_each_kind_of_edit_back_and_do_it_again(
    page: Page, deed: Callable[[Page], None]
) -> None:
    open_graph(page, GRAPH)
    before = text_of(page)
    deed(page)
    after = text_of(page)
    assert after != before
    assert steps(page) == 1
    page.evaluate("document.activeElement?.blur()")
    page.keyboard.press("Control+z")
    assert text_of(page) == before
    page.keyboard.press("Control+Shift+z")
    assert text_of(page) == after


def test_b12_a_hundred_steps_can_be_undone(page: Page) -> None:
    open_graph(page, GRAPH)
    before = text_of(page)
    choose(page, "second")
    for _ in range(100):
        page.keyboard.press("Control+b")
    assert steps(page) == 100
    page.keyboard.press("Control+b")
    for _ in range(101):
        page.keyboard.press("Control+z")
    assert text_of(page) == before


def test_b14_undo_keeps_the_previews_of_nodes_that_it_does_not_touch(page: Page) -> None:
    apart = {"type": "t/doubled", "inputs": {"x": 1}, "at": [680, 0]}
    open_graph(page, graph_document({**RUNNABLE, "second": apart}, results={"out": "first.value"}))
    press_run(page)
    until_over(page)
    for name in ("paint", "first"):
        expect(node(page, name).locator(".preview img")).to_be_visible()
    before = {name: node(page, name).locator(".preview img").get_attribute("src") for name in ("paint", "first")}
    set_value(page)
    drag_by(page, "second", 30, 80)
    page.keyboard.press("Control+z")
    page.keyboard.press("Control+z")
    for name in ("paint", "first"):
        expect(node(page, name).locator(".preview img")).to_have_attribute("src", before[name] or "")


def test_b15_nodes_are_copied_to_another_tab_with_inner_wires_and_values_as_readable_json(opened: Window) -> None:
    opened.context.grant_permissions(["clipboard-read", "clipboard-write"], origin=opened.address)
    one = opened.page()
    open_graph(one, GRAPH)
    choose(one, "paint", "first")
    one.keyboard.press("Control+c")
    held = json.loads(one.evaluate("navigator.clipboard.readText()"))
    assert held["nodes"]["first"]["inputs"] == {"image": {"wire": "paint.value"}, "by": 20}
    other = opened.page()
    open_graph(other, graph_document({"first": {"type": "t/doubled"}}))
    other.keyboard.press("Control+v")
    names = set(selected(other)["nodes"])
    assert len(names) == 2
    document = document_of(other)
    [copy] = names - {"paint"}
    assert copy != "first", "the name was taken"
    assert document["nodes"][copy] == {
        "type": "e/bright",
        "inputs": {"image": {"wire": "paint.value"}, "by": 20},
    }
    assert document["nodes"]["first"]["type"] == "t/doubled"


@pytest.mark.parametrize(("keys", "is_wired"), [("Control+v", False), ("Control+Shift+v", True)])
def test_b16_pasting_with_shift_restores_wires_from_outside(page: Page, keys: str, is_wired: bool) -> None:
    open_graph(page, GRAPH)
    choose(page, "first")
    page.keyboard.press("Control+c")
    page.keyboard.press(keys)
    [copy] = selected(page)["nodes"]
    assert copy != "first"
    inputs = document_of(page)["nodes"][copy]["inputs"]
    assert ("image" in inputs) is is_wired
    if is_wired:
        assert inputs["image"] == {"wire": "paint.value"}


def test_a_drag_is_one_step_however_far_it_goes(page: Page) -> None:
    open_graph(page, GRAPH)
    drag_by(page, "second", 200, 200)
    assert steps(page) == 1
    head(page, "first").click()
    assert steps(page) == 1, "selecting is no step"
    until(page, "window.__editor.selection().nodes.length === 1")
