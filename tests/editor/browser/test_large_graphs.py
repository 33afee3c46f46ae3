"""Large graphs: few elements, little memory, nothing drawn anew that did not change."""

from __future__ import annotations

import math
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.support.editing import Window, document_of, drag, graph_document, middle, node, open_graph, until

COUNT = 3000


def large(count: int) -> dict[str, Any]:
    """Chains of four over a wide canvas."""
    nodes: dict[str, dict[str, Any]] = {}
    across = math.ceil(math.sqrt(count / 4))
    for number in range(count):
        chain, place = divmod(number, 4)
        at = [(chain % across) * 1400 + place * 320, (chain // across) * 480]
        inputs: dict[str, Any] = {"by": number % 200}
        if place:
            inputs["image"] = f"@n{number - 1}.value"
        given = {"type": "e/bright", "inputs": inputs} if place else {"type": "t/picture", "inputs": {"side": 8}}
        nodes[f"n{number}"] = {**given, "at": at}
    return graph_document(nodes)


def elements(page: Page) -> int:
    count: int = page.evaluate("document.querySelectorAll('[data-testid=canvas] *').length")
    return count


@pytest.fixture
def huge(opened: Window) -> Page:
    page = opened.page()
    open_graph(page, large(COUNT))
    return page


def test_b54_three_thousand_nodes_are_few_elements_and_the_keyboard_stays_where_it_is(huge: Page) -> None:
    """How fast that is, `make bench-editor` measures: a test that takes times fails on a busy machine."""
    page = huge
    assert len(document_of(page)["nodes"]) == COUNT
    assert elements(page) < 2000
    page.keyboard.press("Control+f")
    page.keyboard.type("n1500")
    page.keyboard.press("Enter")
    node(page, "n1500").wait_for()
    until(page, "document.activeElement?.dataset.node === 'n1500'")
    page.evaluate("window.kept = document.activeElement")
    assert 0 < elements(page) < 2000
    between = middle(node(page, "n1500"))[1] + 200
    for _ in range(3):
        drag(page, (1000, between), (250, between))
    expect(node(page, "n1500")).not_to_be_in_viewport()
    assert page.evaluate("window.kept.isConnected"), "the node with the keyboard was unmounted"
    assert elements(page) < 2000
    heap = _heap(page)
    assert heap < 60e6, f"{heap / 1e6:.1f} MB"


def _heap(page: Page) -> float:
    """Bytes of the page's heap that are in use, after what is not was let go."""
    session = page.context.new_cdp_session(page)
    session.send("HeapProfiler.collectGarbage")
    used: float = session.send("Runtime.getHeapUsage")["usedSize"]
    session.detach()
    return used


def test_a_message_of_one_node_draws_no_other_anew(opened: Window) -> None:
    page = opened.page()
    open_graph(page, large(24))
    page.keyboard.press("Control+f")
    page.keyboard.type("n1")
    page.keyboard.press("Enter")
    node(page, "n1").get_by_role("spinbutton").first.wait_for()
    page.evaluate(
        """() => {
            window.changed = new Set();
            new MutationObserver((changes) => {
                for (const { target } of changes) {
                    const near = target.nodeType === 1 ? target : target.parentElement;
                    const card = near?.closest('[data-node]');
                    if (card) window.changed.add(card.dataset.node);
                }
            }).observe(document.querySelector('[data-testid=canvas]'),
                {subtree: true, childList: true, attributes: true, characterData: true});
        }"""
    )
    page.get_by_test_id("value:n1.by").fill("17")
    until(page, "window.changed.has('n1')")
    assert page.evaluate("[...window.changed]") == ["n1"]
