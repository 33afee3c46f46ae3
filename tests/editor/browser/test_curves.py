"""Curves: drawn with the mouse, and by keyboard alone."""

from __future__ import annotations

from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.support.editing import Window, choose, document_of, drag, graph_document, middle, open_graph

SHAPED = graph_document(
    {
        "rain": {"type": "diorama/ambience", "inputs": {"sound": {"value": {"kind": "rain"}}, "seconds": 2}},
        "shape": {"type": "diorama/shape_loudness", "inputs": {"audio": "@rain.audio"}, "at": [420, 0]},
    },
    title="Curves",
)


@pytest.fixture(autouse=True)
def _graphs_may_lack_results(opened: Window) -> None:
    opened.complaints.expected.append("422 (Unprocessable")


def points(page: Page) -> Any:
    """The points of the curve, or None while it has its default."""
    given = document_of(page)["nodes"]["shape"]["inputs"].get("curve")
    return None if given is None else given["value"]["points"]


def test_a_curve_is_drawn_with_the_mouse_and_each_drag_is_one_step_of_undo(page: Page) -> None:
    open_graph(page, SHAPED)
    choose(page, "shape")
    sheet = page.get_by_test_id("sheet:shape.curve")
    box = sheet.bounding_box()
    assert box is not None
    sheet.dblclick(position={"x": box["width"] / 2, "y": box["height"] / 4})
    (_, (x, y), _) = points(page)
    assert (x, y) == (pytest.approx(0.5, abs=0.02), pytest.approx(1.5, abs=0.05))
    steps = page.evaluate("window.__editor.undoSteps()")
    for down in (30, -12):
        at = middle(page.get_by_test_id("point:shape.curve.1"))
        drag(page, at, (at[0] + 20, at[1] + down))
    assert page.evaluate("window.__editor.undoSteps()") == steps + 2
    assert points(page)[1][0] > 0.6
    expect(page.get_by_test_id("value:shape.curve")).to_have_attribute("aria-label", "shape curve: a curve of 3 points")
    page.keyboard.press("Control+z")
    page.keyboard.press("Control+z")
    assert points(page)[1] == [x, y]


def test_a_curve_is_drawn_by_keyboard_alone_and_can_be_read_out(page: Page) -> None:
    open_graph(page, SHAPED)
    choose(page, "shape")
    page.get_by_test_id("point:shape.curve.0").focus()
    for key in ("Shift+ArrowDown", "ArrowDown", "ArrowRight", "Tab", "Home"):
        page.keyboard.press(key)
    assert points(page) == [[0.01, 0.78], [1, 0]]
    page.get_by_test_id("add-point:shape.curve").click()
    middle_one = page.get_by_role("slider", name="Point 2 of 3")
    expect(middle_one).to_be_focused()
    expect(middle_one).to_have_attribute("aria-valuetext", "at 51 %, 0.39 high")
    page.get_by_test_id("smooth:shape.curve").click()
    page.get_by_test_id("shape:shape.curve").select_option("swell")
    assert points(page) == [[0, 0], [0.5, 1], [1, 0]]
    assert document_of(page)["nodes"]["shape"]["inputs"]["curve"]["value"]["interpolation"] == "monotone"
    middle_one.focus()
    page.keyboard.press("Delete")
    expect(page.get_by_role("slider", name="Point 2 of 2")).to_be_focused()
    page.keyboard.press("Delete")
    assert points(page) == [[0, 0], [1, 0]]
