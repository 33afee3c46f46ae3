"""No view breaks a rule of axe, dark or light."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.support.child import ROOT
from tests.support.editing import (
    choose,
    command,
    graph_document,
    open_graph,
    press_run,
    until,
    until_over,
    window,
)
from tests.support.served import Serving
from tests.support.service_nodes import GATES

AXE = ROOT / "editor" / "node_modules" / "axe-core" / "axe.min.js"
GRAPH = graph_document(
    {
        "paint": {"type": "t/picture", "inputs": {"side": 8}, "at": [0, 0]},
        "first": {"type": "e/bright", "inputs": {"image": "@paint.value", "by": 20}, "at": [340, 0]},
        "words": {"type": "diorama/describe_object", "inputs": {"prompt": "a boat"}, "at": [680, 0]},
        "gone": {"type": "lost/node", "inputs": {"x": 1}, "at": [1020, 0]},
        "off": {"type": "e/bright", "inputs": {"image": "@first.value"}, "bypass": True, "at": [340, 420]},
    },
    results={"out": "first.value"},
    view={
        "$frames": {"f": {"title": "Both", "tint": "blue", "nodes": ["paint", "first"]}},
        "$notes": {"n": {"text": "a note", "at": [0, 420], "size": [240, 120], "tint": "yellow"}},
    },
)


def empty(page: Page) -> None:
    expect(page.get_by_test_id("describe")).to_be_visible()


def graph(page: Page) -> None:
    open_graph(page, GRAPH)
    choose(page, "first")


def running(page: Page) -> None:
    work = {"type": "e/ticking", "inputs": {"gate": f"axe {next(FRESH)}"}}
    open_graph(page, graph_document({"work": work}, results={"o": "work.value"}))
    press_run(page)
    until(page, "window.__editor.status('work').message !== ''")


def error(page: Page) -> None:
    bad = {"type": "t/failing", "inputs": {"why": "it will not"}}
    after = {"type": "t/doubled", "inputs": {"x": "@bad.value"}}
    open_graph(page, graph_document({"bad": bad, "next": after}, results={"o": "next.value"}))
    press_run(page)
    until_over(page)
    until(page, "window.__editor.status('bad').state === 'error'")
    choose(page, "bad")


def search(page: Page) -> None:
    open_graph(page, GRAPH)
    page.keyboard.press("/")
    page.keyboard.type("mesh")


def palette(page: Page) -> None:
    page.keyboard.press("Control+k")


def outline(page: Page) -> None:
    open_graph(page, GRAPH)
    command(page, "Outline")


def afar(page: Page) -> None:
    open_graph(page, GRAPH)
    for _ in range(12):
        page.keyboard.press("Control+-")
    expect(page.locator("canvas.overview")).to_be_visible()


def form(page: Page) -> None:
    open_graph(page, GRAPH)
    command(page, "Form view")
    expect(page.get_by_test_id("form")).to_be_visible()


def phone(page: Page) -> None:
    page.set_viewport_size({"width": 390, "height": 844})
    open_graph(page, GRAPH | {"parameters": {"size": {"type": "number", "default": 3.0, "minimum": 0, "maximum": 9}}})
    expect(page.get_by_test_id("form:size")).to_be_visible()


def mask(page: Page) -> None:
    masked = {"type": "diorama/mask_image", "inputs": {"image": "@paint.value"}}
    open_graph(page, graph_document({"paint": {"type": "t/picture"}, "use": masked}))
    page.get_by_test_id("paint:use.mask").click()
    page.get_by_role("button", name="Make the picture").click()
    expect(page.get_by_test_id("mask-canvas")).to_be_visible()


def curve(page: Page) -> None:
    open_graph(page, graph_document({"shape": {"type": "diorama/shape_loudness"}}))
    choose(page, "shape")
    page.get_by_test_id("point:shape.curve.0").focus()


def menu(page: Page) -> None:
    open_graph(page, GRAPH)
    choose(page, "first")
    page.keyboard.press("Shift+F10")
    expect(page.get_by_test_id("menu:node")).to_be_visible()


def ran(page: Page) -> None:
    work = {"type": "t/picture", "inputs": {"side": 5}}
    open_graph(page, graph_document({"work": work}, "Seen", results={"seen": "work.value"}))
    press_run(page)
    until_over(page)


def gallery(page: Page) -> None:
    ran(page)
    page.get_by_test_id("rail:assets").click()
    expect(page.get_by_test_id("asset:seen").first).to_be_visible()


def provenance(page: Page) -> None:
    gallery(page)
    page.get_by_test_id("asset:seen").first.click()
    expect(page.get_by_test_id("provenance")).to_be_visible()


def queue(page: Page) -> None:
    ran(page)
    page.get_by_test_id("queue-pill").click()
    expect(page.get_by_role("list", name="Done")).to_be_visible()


def past(page: Page) -> None:
    ran(page)
    page.get_by_test_id("rail:runs").click()
    page.get_by_role("button", name="Open the run Seen").first.click()
    expect(page.get_by_test_id("past")).to_be_visible()


def comparison(page: Page) -> None:
    past(page)
    boxes = page.get_by_test_id("runs").get_by_role("checkbox")
    expect(boxes.nth(1)).to_be_visible()
    boxes.nth(0).check()
    boxes.nth(1).check()
    page.get_by_test_id("runs-compare").click()
    expect(page.get_by_test_id("comparison").get_by_role("heading", level=3).first).to_be_visible()


def log(page: Page) -> None:
    error(page)
    page.get_by_test_id("error-log").click()
    expect(page.get_by_test_id("log").locator('[aria-current="true"]')).to_be_visible()


def devices(page: Page) -> None:
    page.get_by_test_id("rail:devices").click()
    expect(page.get_by_test_id("model:sdxl-base-1.0")).to_be_visible()


def settings(page: Page) -> None:
    page.get_by_test_id("rail:settings").click()
    expect(page.get_by_test_id("setting:recovery")).to_be_visible()


FRESH = itertools.count()
VIEWS = [empty, graph, running, error, search, palette, outline, afar, form, phone, mask, curve, menu]
PANELS = [gallery, provenance, queue, past, comparison, log, devices, settings]


@pytest.fixture
def _gates() -> Iterator[None]:
    yield
    for name, gate in GATES.items():
        if name.startswith("axe"):
            gate.set()


@pytest.mark.usefixtures("_gates")
@pytest.mark.parametrize("theme", ["dark", "light"])
@pytest.mark.parametrize("view", [*VIEWS, *PANELS], ids=lambda view: view.__name__)
def test_b27_axe_finds_nothing(
    browser: Browser, shared_server: Serving, view: Callable[[Page], None], theme: str
) -> None:
    with window(browser, shared_server.address, preferences={"theme": theme}) as opened:
        # A mask that is to be painted is missing yet.
        opened.complaints.expected.append("422 (Unprocessable")
        page = opened.page()
        view(page)
        assert violations(page) == []


def violations(page: Page) -> list[str]:
    """What axe finds wrong with a page: the rule, and where."""
    page.evaluate("document.fonts.ready")
    page.evaluate(AXE.read_text())
    # Nothing is faded in or out while colours are looked at.
    page.add_style_tag(content="*, *::before, *::after { transition: none !important; animation: none !important; }")
    found: list[dict[str, Any]] = page.evaluate("axe.run().then((report) => report.violations)")
    return [f"{one['id']}: {where['html'][:160]}" for one in found for where in one["nodes"]]
