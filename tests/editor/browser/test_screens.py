"""Ten key views by their structure: what is there for a screen reader, and that nothing covers or leaves anything else.

Pictures of pages differ with fonts and versions of the browser; names, roles and places do not.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NamedTuple

import pytest
from playwright.sync_api import Page, expect

from tests.support.editing import (
    HEIGHT,
    WIDTH,
    choose,
    command,
    document_of,
    graph_document,
    node,
    open_graph,
    press_run,
    until_over,
)

GRAPH = graph_document(
    {
        "paint": {"type": "t/picture", "inputs": {"side": 13}, "at": [0, 0]},
        "first": {"type": "e/bright", "inputs": {"image": "@paint.value", "by": 33}, "at": [340, 0]},
    },
    title="Two nodes",
    results={"out": "first.value"},
)
BAR = """
- banner:
  - heading "Diorama" [level=1]
  - button "Undo"
  - button "Redo"
"""


class Box(NamedTuple):
    x: float
    y: float
    width: float
    height: float


def box(page: Page, selector: str) -> Box:
    """Where something is on the page, to the pixel."""
    found = page.locator(selector).first.bounding_box()
    assert found is not None, selector
    return Box(*(round(found[side]) for side in ("x", "y", "width", "height")))


def aria(page: Page, selector: str, snapshot: str) -> None:
    expect(page.locator(selector).first).to_match_aria_snapshot(snapshot)


def empty(page: Page) -> None:
    aria(page, "header.top", BAR)
    aria(
        page,
        "main",
        """
        - main "Canvas":
          - heading "What should it show?" [level=2]
          - textbox "Describe a scene"
          - button "Create" [disabled]
          - list "Templates"
          - paragraph:
            - button /Blank/
        """,
    )
    assert page.get_by_test_id("template:text_to_scene").is_visible()


def graph(page: Page) -> None:
    open_graph(page, GRAPH)
    aria(
        page,
        "main",
        """
        - main "Canvas":
          - application /Graph/:
            - application:
              - group /paint, Picture, .*/:
                - spinbutton "paint side": "13"
                - button "Output value, image"
              - group /first, Bright, .*/:
                - spinbutton "first by": "33"
                - button "Input image, image"
                - button "Output value, image"
          - toolbar "Zoom"
        """,
    )
    one, other = box(page, "[data-node=paint]"), box(page, "[data-node=first]")
    zoom = page.evaluate("window.__editor.zoom()")
    assert one.width == other.width == round(260 * zoom)
    assert other.x - one.x == round(340 * zoom)
    assert one.y == other.y


def selection(page: Page) -> None:
    open_graph(page, GRAPH)
    choose(page, "first")
    aria(
        page,
        "aside.inspector",
        """
        - complementary "Details":
          - heading "first" [level=2]
          - heading "Inputs" [level=3]
          - spinbutton "first by": "33"
          - heading "Outputs" [level=3]
        """,
    )
    aria(
        page,
        "[role=toolbar][aria-label=Selection]",
        '- toolbar "Selection":\n  - button "Run to here"\n  - button "Bypass"',
    )
    inspector = box(page, "aside.inspector")
    assert (inspector.width, inspector.x + inspector.width) == (320, WIDTH)


def finished(page: Page) -> None:
    open_graph(page, GRAPH)
    press_run(page)
    until_over(page)
    expect(page.get_by_test_id("plan")).to_have_text("nothing to run")
    for name in ("paint", "first"):
        expect(node(page, name).locator(".preview img")).to_be_visible()
        card, preview = box(page, f"[data-node={name}]"), box(page, f"[data-node={name}] .preview")
        assert card.x < preview.x < preview.x + preview.width < card.x + card.width
        assert preview.y + preview.height < card.y + card.height


def failed(page: Page) -> None:
    bad = {"type": "t/failing", "inputs": {"why": "it will not"}}
    open_graph(page, graph_document({"bad": bad}, results={"o": "bad.value"}))
    press_run(page)
    until_over(page)
    expect(node(page, "bad")).to_have_accessible_name("bad, Failing, failed")
    expect(node(page, "bad").locator(".foot")).to_contain_text("it will not")


def nodes(page: Page) -> None:
    page.get_by_test_id("rail:nodes").click()
    aria(page, "section.panel", '- region "Nodes":\n  - searchbox "Filter nodes"\n  - list:\n    - listitem')
    panel = box(page, "section.panel")
    rail = box(page, "nav.rail")
    assert panel.width == 280
    assert panel.x == rail.x + rail.width


def outline(page: Page) -> None:
    open_graph(page, GRAPH)
    command(page, "Outline")
    tree = page.get_by_role("tree", name="Outline of the graph")
    expect(tree.get_by_role("treeitem", name="paint").first).to_be_visible()
    expect(tree.get_by_role("treeitem", name="first").first).to_be_visible()


def search(page: Page) -> None:
    open_graph(page, GRAPH)
    page.mouse.move(WIDTH - 40, HEIGHT - 40)
    page.keyboard.press("/")
    aria(
        page,
        ".popup.search",
        '- dialog "Add a node":\n  - combobox "Add a node"\n  - listbox "Add a node":\n    - option',
    )
    popup = box(page, ".popup.search")
    assert popup.x + popup.width <= WIDTH
    assert popup.y + popup.height <= HEIGHT


def palette(page: Page) -> None:
    page.keyboard.press("Control+k")
    page.keyboard.type("bypass")
    expect(page.get_by_role("option", name="Bypass").first).to_contain_text("Ctrl+B")


def afar(page: Page) -> None:
    open_graph(page, GRAPH)
    for _ in range(12):
        page.keyboard.press("Control+-")
    expect(page.locator("[data-node]")).to_have_count(0)
    drawn, canvas = box(page, "canvas.overview"), box(page, "[data-testid=canvas]")
    assert drawn == canvas
    inked = """(canvas) => {
        const { data } = canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height);
        let count = 0;
        for (let at = 3; at < data.length; at += 4) if (data[at] > 0) count += 1;
        return count;
    }"""
    assert page.locator("canvas.overview").evaluate(inked) > 100, "nodes are drawn"


VIEWS: list[Callable[[Page], Any]] = [
    empty, graph, selection, finished, failed, nodes, outline, search, palette, afar,
]  # fmt: skip


@pytest.mark.parametrize("view", VIEWS, ids=lambda view: view.__name__)
def test_a_key_view_has_its_parts_in_their_places(page: Page, view: Callable[[Page], Any]) -> None:
    view(page)
    assert page.evaluate("document.documentElement.scrollWidth") <= WIDTH
    assert page.evaluate("document.documentElement.scrollHeight") <= HEIGHT
    top, rail, canvas = box(page, "header.top"), box(page, "nav.rail"), box(page, "[data-testid=canvas]")
    assert (top.x, top.y, top.width, top.height) == (0, 0, WIDTH, 44)
    assert rail.y == canvas.y == 44
    assert canvas.x >= rail.x + rail.width
    assert canvas.y + canvas.height <= HEIGHT
    raw = [
        word for word in page.locator("body").inner_text().split() if word.startswith(("command.", "state.", "deed."))
    ]
    assert raw == [], "a key stands where a text should be"
    assert document_of(page)["format"] == 1
