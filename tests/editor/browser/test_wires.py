"""Wires: drawn, refused, dropped, replaced, passed through."""

from __future__ import annotations

from playwright.sync_api import Page, expect

from tests.support.editing import document_of, drag_wire, graph_document, open_graph, wire

CHAIN = graph_document(
    {
        "one": {"type": "t/doubled", "inputs": {"x": 1}},
        "two": {"type": "t/doubled", "inputs": {"x": 2}},
        "three": {"type": "t/doubled", "inputs": {"x": "@two.value"}},
    }
)


def test_b10_a_second_wire_into_a_single_input_replaces_the_first_and_one_undo_brings_it_back(page: Page) -> None:
    open_graph(page, CHAIN)
    drag_wire(page, "one.value", "three.x")
    assert document_of(page)["nodes"]["three"]["inputs"]["x"] == {"wire": "one.value"}
    expect(wire(page, "three.x")).to_have_count(1)
    page.keyboard.press("Control+z")
    assert document_of(page)["nodes"]["three"]["inputs"]["x"] == {"wire": "two.value"}
    assert page.evaluate("window.__editor.undoSteps()") == 0
