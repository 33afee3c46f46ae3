"""Menus by right button, key and long touch; the palette; keys that are given to other commands."""

from __future__ import annotations

from playwright.sync_api import Browser, Page, expect

from tests.support.editing import (
    choose,
    document_of,
    graph_document,
    head,
    middle,
    node,
    open_graph,
    selected,
    until,
    window,
    wire,
)
from tests.support.served import Serving

PAIR = graph_document(
    {
        "first": {"type": "t/doubled", "inputs": {"x": 1}},
        "second": {"type": "t/doubled", "inputs": {"x": "@first.value"}, "at": [420, 0]},
    },
    title="Menus",
)
PLAIN = "[data-testid^='menu-item:']"


def blank(page: Page) -> tuple[float, float]:
    """A place on the canvas where nothing stands."""
    x, y = middle(head(page, "first"))
    return x, y + 320


def test_the_right_button_on_a_node_opens_a_menu_of_its_commands(page: Page) -> None:
    open_graph(page, PAIR)
    head(page, "second").click(button="right")
    expect(page.get_by_test_id("menu:node")).to_be_visible()
    assert selected(page)["nodes"] == ["second"]
    page.get_by_test_id("menu-item:bypass").click()
    expect(page.get_by_test_id("menu:node")).to_have_count(0)
    assert document_of(page)["nodes"]["second"]["bypass"] is True
    assert "bypass" not in document_of(page)["nodes"]["first"]


def test_a_selection_of_many_stays_and_the_menu_is_for_all_of_it(page: Page) -> None:
    open_graph(page, PAIR)
    choose(page, "first", "second")
    head(page, "first").click(button="right")
    page.get_by_test_id("menu-item:delete").click()
    assert document_of(page)["nodes"] == {}


def test_the_right_button_on_a_wire_leads_it_through_that_point(page: Page) -> None:
    open_graph(page, PAIR)
    x, y = middle(wire(page, "second.x").locator("path").first)
    page.mouse.click(x, y, button="right")
    expect(page.get_by_test_id("menu:wire")).to_be_visible()
    page.get_by_test_id("menu-item:reroute").click()
    (point,) = document_of(page)["view"]["$reroutes"]["second.x"]
    start, end = page.get_by_test_id("node:first").bounding_box(), node(page, "second").bounding_box()
    assert start is not None
    assert end is not None
    assert start["x"] + start["width"] < x < end["x"]
    assert point[0] > 260


def test_the_right_button_on_the_canvas_opens_the_menu_of_the_canvas(page: Page) -> None:
    open_graph(page, PAIR)
    page.mouse.click(*blank(page), button="right")
    expect(page.get_by_test_id("menu:canvas")).to_be_visible()
    page.get_by_test_id("menu-item:selectAll").click()
    assert set(selected(page)["nodes"]) == {"first", "second"}


def test_the_menu_is_opened_walked_and_left_by_keyboard(page: Page) -> None:
    open_graph(page, PAIR)
    choose(page, "first")
    page.keyboard.press("Shift+F10")
    items = page.locator(PLAIN)
    expect(items.first).to_be_focused()
    page.keyboard.press("ArrowDown")
    expect(items.nth(1)).to_be_focused()
    page.keyboard.press("Escape")
    expect(page.get_by_test_id("menu:node")).to_have_count(0)
    expect(node(page, "first")).to_be_focused()
    page.keyboard.press("Shift+F10")
    page.keyboard.type("dup")
    page.keyboard.press("Enter")
    assert len(document_of(page)["nodes"]) == 3


def test_a_text_box_that_is_written_in_keeps_the_menu_of_the_browser(page: Page) -> None:
    open_graph(page, graph_document({"plan": {"type": "diorama/plan_music", "inputs": {"prompt": "a waltz"}}}))
    page.get_by_test_id("value:plan.prompt").click()
    page.get_by_test_id("value:plan.prompt").click(button="right")
    page.keyboard.press("Escape")
    expect(page.get_by_test_id("menu:node")).to_have_count(0)


def test_b23_the_palette_lists_every_command_with_its_shortcut_and_runs_it_as_the_menu_does(page: Page) -> None:
    open_graph(page, PAIR)
    choose(page, "first")
    page.keyboard.press("Control+k")
    entries = page.locator("[role=option]")
    listed = {entry.split("\n")[0]: entry.split("\n")[-1] for entry in entries.all_inner_texts()}
    assert len(listed) == page.evaluate("window.__editor.commands().length")
    for name, keys in page.evaluate("window.__editor.commands()"):
        assert keys == "" or listed[name] == keys, name
    page.keyboard.type("bypass")
    page.keyboard.press("Enter")
    by_palette = document_of(page)
    page.keyboard.press("Control+z")
    choose(page, "first")
    head(page, "first").click(button="right")
    page.get_by_test_id("menu-item:bypass").click()
    assert document_of(page) == by_palette


def test_a_command_is_given_other_keys_which_are_taken_from_whoever_had_them(page: Page) -> None:
    open_graph(page, PAIR)
    choose(page, "first")
    page.keyboard.press("Control+k")
    page.keyboard.type("collapse")
    page.keyboard.press("Alt+Enter")
    page.keyboard.press("Tab")
    expect(page.get_by_test_id("toast")).to_contain_text("can stand for nothing else")
    page.keyboard.press("Control+b")
    expect(page.get_by_test_id("toast")).to_contain_text("Ctrl+B was taken from: Bypass")
    page.keyboard.press("Escape")
    page.keyboard.press("Control+b")
    until(page, "JSON.parse(window.__editor.document()).view.first.collapsed === true")
    assert "bypass" not in document_of(page)["nodes"]["first"]
    open_graph(page, PAIR)
    choose(page, "first")
    page.keyboard.press("Control+b")
    until(page, "JSON.parse(window.__editor.document()).view.first.collapsed === true")


def test_a_finger_pans_pinches_drags_and_opens_the_menu_by_resting(browser: Browser, shared_server: Serving) -> None:
    with window(browser, shared_server.address, has_touch=True) as opened:
        page = opened.page()
        open_graph(page, PAIR)
        fingers = Fingers(page)
        before = middle(head(page, "first"))
        fingers.drag(blank(page), 80, -40)
        moved = middle(head(page, "first"))
        assert (round(moved[0] - before[0]), round(moved[1] - before[1])) == (80, -40)
        zoom = page.evaluate("window.__editor.zoom()")
        fingers.pinch(blank(page), 60, 120)
        until(page, "(before) => window.__editor.zoom() > 1.5 * before", zoom)
        place = document_of(page)["view"]["first"]
        fingers.drag(middle(head(page, "first")), 60, 30)
        assert document_of(page)["view"]["first"] != place
        fingers.rest(middle(head(page, "first")))
        expect(page.get_by_test_id("menu:node")).to_be_visible()
        fingers.lift()
        expect(page.get_by_test_id("menu:node")).to_be_visible()
        page.get_by_test_id("menu-item:bypass").tap()
        assert document_of(page)["nodes"]["first"]["bypass"] is True


class Fingers:
    """Fingers on the screen, as the browser's own driver moves them."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.session = page.context.new_cdp_session(page)

    def touch(self, kind: str, *points: tuple[float, float]) -> None:
        """Fingers are put down, moved, or lifted (none left)."""
        given = [{"x": x, "y": y, "id": place} for place, (x, y) in enumerate(points)]
        self.session.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": given})

    def drag(self, start: tuple[float, float], x: float, y: float) -> None:
        """One finger, from one place to another."""
        self.touch("touchStart", start)
        for step in range(1, 9):
            self.touch("touchMove", (start[0] + x * step / 8, start[1] + y * step / 8))
        self.lift()

    def pinch(self, center: tuple[float, float], start: float, end: float) -> None:
        """Two fingers, from one distance to another."""
        for kind, distance in [
            ("touchStart", start),
            *(("touchMove", start + (end - start) * n / 6) for n in range(1, 7)),
        ]:
            self.touch(kind, (center[0] - distance, center[1]), (center[0] + distance, center[1]))
        self.lift()

    def rest(self, at: tuple[float, float]) -> None:
        """One finger stays where it is."""
        self.touch("touchStart", at)

    def lift(self) -> None:
        """No finger is left."""
        self.touch("touchEnd")
