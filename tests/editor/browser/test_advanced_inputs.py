"""Inputs that are seldom touched: among the details, and on a node only while they are in use."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from tests.support.editing import (
    Window,
    choose,
    document_of,
    drag,
    graph_document,
    head,
    middle,
    node,
    open_graph,
    port,
)

GIVEN = graph_document(
    {
        "number": {"type": "t/doubled", "inputs": {"x": 40}},
        "swell": {"type": "diorama/inflate", "inputs": {"resolution": 77}, "at": [520, 0]},
        "words": {"type": "diorama/describe_object", "inputs": {"prompt": "a mug"}, "at": [0, 420]},
    },
    title="Advanced",
)


@pytest.fixture(autouse=True)
def _graphs_may_lack_inputs(opened: Window) -> None:
    opened.complaints.expected.append("422 (Unprocessable")


def test_a_card_shows_plain_inputs_alone_and_the_details_keep_the_others_as_they_were_left(opened: Window) -> None:
    page = opened.page()
    open_graph(page, GIVEN)
    expect(port(page, "in", "swell.depth")).to_be_visible()
    expect(port(page, "in", "swell.resolution")).to_have_count(0)
    choose(page, "swell")
    group, field = page.get_by_test_id("advanced"), page.get_by_test_id("detail:swell.resolution")
    expect(group.locator("summary")).to_have_text("Advanced3, 1 set")
    expect(field).not_to_be_visible()
    group.locator("summary").click()
    expect(field).to_have_value("77")
    page.get_by_test_id("in-form:swell.resolution").click()
    assert document_of(page)["view"]["$form"] == ["swell.resolution"]
    page.reload()
    choose(page, "swell")
    expect(field).to_be_visible()
    assert document_of(page)["nodes"]["swell"]["inputs"]["resolution"] == 77


def test_a_wire_let_go_on_a_node_asks_which_input_it_goes_to_and_shows_it_once_it_is_wired(page: Page) -> None:
    open_graph(page, GIVEN)
    card = node(page, "swell")
    before = card.bounding_box()
    drag(page, port(page, "out", "number.value"), head(page, "swell"))
    asked = page.get_by_role("dialog", name="Add a node")
    assert [one.get_attribute("data-testid") for one in asked.get_by_role("option").all()] == [
        f"entry:port:swell.{name}" for name in ("depth", "height", "resolution", "texture")
    ]
    page.keyboard.type("resol")
    page.keyboard.press("Enter")
    assert document_of(page)["nodes"]["swell"]["inputs"]["resolution"] == {"wire": "number.value"}
    expect(port(page, "in", "swell.resolution")).to_be_visible()
    after = card.bounding_box()
    assert before is not None
    assert after is not None
    assert after["height"] > before["height"]
    page.keyboard.press("Control+z")
    expect(port(page, "in", "swell.resolution")).to_have_count(0)
    assert document_of(page)["nodes"]["swell"]["inputs"] == {"resolution": 77}


def test_a_wire_let_go_on_a_node_that_has_nothing_for_it_says_so(page: Page) -> None:
    open_graph(page, GIVEN)
    x, y = middle(head(page, "swell"))
    drag(page, port(page, "out", "words.object"), (x, y))
    expect(page.get_by_text("a wire ends at a port")).to_be_visible()
    assert document_of(page)["nodes"]["swell"]["inputs"] == {"resolution": 77}
