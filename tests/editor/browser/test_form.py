"""The form: what a graph asks for, what it gave, and the runs before, without the graph."""

from __future__ import annotations

import json
import re

from playwright.sync_api import Browser, Page, ViewportSize, expect

from diorama.graph import read_graph
from tests.support.editing import (
    Window,
    choose,
    command,
    document_of,
    graph_document,
    middle,
    open_graph,
    until,
    until_ready,
    window,
)
from tests.support.served import Serving

PHONE: ViewportSize = {"width": 390, "height": 844}
DOUBLED = graph_document(
    {
        "first": {"type": "t/doubled", "inputs": {"x": {"param": "start"}}},
        "second": {"type": "t/doubled", "inputs": {"x": "@first.value"}},
    },
    title="Doubled in the form",
    parameters={"start": {"type": "integer", "default": 4, "minimum": 0, "maximum": 9, "help": "What is doubled."}},
    results={"twice": "second.value"},
)
MARKED = DOUBLED | {
    "nodes": {**DOUBLED["nodes"], "other": {"type": "t/doubled", "inputs": {"x": {"value": 1}}}},
    "view": {**DOUBLED["view"], "other": [0, 400]},
}


def run_once(page: Page) -> None:
    """Run, and wait until that run is over, however soon."""
    before = page.evaluate("window.__editor.run()")
    page.get_by_test_id("run").click()
    until(page, "(before) => window.__editor.run() !== before && !window.__editor.isGoing()", before)


def show_form(page: Page) -> None:
    """Change to the form."""
    page.get_by_test_id("form-button").click()
    expect(page.get_by_test_id("form")).to_be_visible()


def test_b49_the_form_hides_the_graph_and_shows_marked_inputs_only(page: Page) -> None:
    open_graph(page, MARKED)
    choose(page, "other")
    page.get_by_test_id("in-form:other.x").click()
    assert document_of(page)["view"]["$form"] == ["other.x"]
    show_form(page)
    expect(page.get_by_test_id("canvas")).to_have_count(0)
    expect(page.get_by_test_id("inspector")).to_have_count(0)
    expect(page.get_by_test_id("field:start")).to_be_visible()
    expect(page.get_by_test_id("field:other.x")).to_be_visible()
    expect(page.locator("[data-testid^='field:']")).to_have_count(2)
    page.get_by_test_id("form-button").click()
    expect(page.get_by_test_id("node:other")).to_be_visible()


def test_b49_the_form_works_on_a_phone_without_horizontal_scroll(opened: Window) -> None:
    page = opened.page()
    page.set_viewport_size(PHONE)
    open_graph(page, DOUBLED)
    expect(page.get_by_test_id("form")).to_be_visible()
    expect(page.get_by_test_id("canvas")).to_have_count(0)
    widths = page.evaluate(
        "[document.scrollingElement.scrollWidth, document.querySelector('.form-view').scrollWidth, innerWidth]"
    )
    assert max(widths) == widths[2]
    page.get_by_test_id("form:start").fill("7")
    run_once(page)
    expect(page.get_by_test_id("output:twice")).to_contain_text("28")
    small = page.evaluate(
        "[...document.querySelectorAll('.form-view button:not(:disabled), .form-view input, .top .is-kept')]"
        ".filter((one) => one.checkVisibility() && one.getBoundingClientRect().height < 39).map((one) => one.outerHTML)"
    )
    assert small == []


def test_b49_inputs_stand_left_of_results_and_runs_before_below(page: Page) -> None:
    open_graph(page, DOUBLED | {"title": "Regions"})
    show_form(page)
    run_once(page)
    expect(page.locator("[data-testid^='past:']")).to_have_count(1)
    inputs = page.get_by_role("region", name="Inputs").bounding_box()
    results = page.get_by_role("main", name="Results").bounding_box()
    before = page.get_by_role("region", name="Runs before").bounding_box()
    assert inputs is not None
    assert results is not None
    assert before is not None
    assert inputs["x"] + inputs["width"] <= results["x"]
    assert inputs["y"] == results["y"]
    assert inputs["y"] + inputs["height"] <= before["y"]
    assert results["width"] > inputs["width"]


def test_b49_a_phone_begins_with_a_sentence_or_a_template_within_its_width(opened: Window) -> None:
    page = opened.page()
    page.set_viewport_size(PHONE)
    expect(page.get_by_test_id("describe")).to_be_visible()
    wide = page.evaluate(
        "[...document.querySelectorAll('main *')].filter((one) => one.getBoundingClientRect().right > innerWidth)"
        ".map((one) => one.outerHTML.slice(0, 100))"
    )
    assert wide == []
    page.get_by_test_id("template:text_to_mesh").click()
    expect(page.get_by_test_id("form:prompt")).to_have_value(re.compile("..."))


def test_a_finger_that_scrolls_over_a_number_does_not_change_it(browser: Browser, shared_server: Serving) -> None:
    with window(browser, shared_server.address, has_touch=True, viewport=PHONE) as opened:
        page = opened.page()
        open_graph(page, DOUBLED)
        x, y = middle(page.get_by_test_id("form:start"))
        session = page.context.new_cdp_session(page)
        for kind, points in (
            ("touchStart", [(x, y)]),
            *(("touchMove", [(x + 8 * step, y - 4 * step)]) for step in range(1, 9)),
            ("touchEnd", []),
        ):
            given = [{"x": left, "y": top} for left, top in points]
            session.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": given})
        expect(page.get_by_test_id("form:start")).to_have_value("4")
        page.get_by_test_id("form:start").tap()
        expect(page.get_by_test_id("form:start")).to_be_focused()


def test_the_form_says_why_it_does_not_take_a_value(opened: Window) -> None:
    opened.complaints.expected.append("422 (Unprocessable")
    page = opened.page()
    broken = {"start": {**DOUBLED["parameters"]["start"], "default": 4, "maximum": 3}}
    open_graph(page, DOUBLED | {"parameters": broken, "title": "Broken"})
    show_form(page)
    expect(page.get_by_test_id("field:start")).to_contain_text("at most 3 is wanted")


def test_the_form_shows_models_as_they_are_turned(page: Page) -> None:
    document = graph_document(
        {
            "thing": {"type": "diorama/describe_object", "inputs": {"prompt": "a red ball"}},
            "ball": {"type": "diorama/make_object", "inputs": {"object": "@thing.object"}, "at": [420, 0]},
        },
        title="A ball in the form",
        results={"ball": "ball.mesh"},
    )
    open_graph(page, document)
    show_form(page)
    run_once(page)
    expect(page.get_by_test_id("output:ball").get_by_test_id("model")).to_have_attribute("data-state", "shown")


def test_the_form_shows_runs_before_and_takes_their_values(page: Page) -> None:
    open_graph(page, DOUBLED | {"title": "Doubled before"})
    show_form(page)
    for value in ("5", "6"):
        page.get_by_test_id("form:start").fill(value)
        run_once(page)
        expect(page.get_by_test_id("output:twice")).to_contain_text(str(4 * int(value)))
    past = page.locator("[data-testid^='past:']")
    expect(past).to_have_count(2)
    past.nth(1).click()
    expect(page.get_by_test_id("output:twice")).to_contain_text("20")
    page.get_by_role("button", name="Use its values").click()
    expect(page.get_by_test_id("form:start")).to_have_value("5")
    page.get_by_role("button", name="Back to the latest").click()
    expect(page.get_by_test_id("output:twice")).to_contain_text("24")


def test_runs_before_are_those_of_the_graph_and_not_of_another_with_its_title(
    opened: Window, shared_server: Serving
) -> None:
    document = DOUBLED | {"title": "One title"}
    saved = shared_server.client.put("/api/v1/graphs/one_title", json=document, headers={"If-None-Match": "*"})
    assert saved.status_code == 201
    ran = shared_server.ended(read_graph(json.dumps(document)), made_from="one_title@1")
    shared_server.ended(read_graph(json.dumps(document)))
    past = "[data-testid^='past:']"
    named = opened.page("/g/one_title")
    show_form(named)
    expect(named.locator(past)).to_have_count(1)
    expect(named.get_by_test_id(f"past:{ran['id']}")).to_be_visible()
    run_once(named)
    expect(named.locator(past)).to_have_count(2)
    other = opened.page()
    open_graph(other, document)
    expect(other.get_by_test_id("form")).to_be_visible()
    expect(other.get_by_text("Runs of this graph will be listed here.")).to_be_visible()
    run_once(other)
    expect(other.locator(past)).to_have_count(1)
    other.reload()
    until_ready(other)
    expect(other.locator(past)).to_have_count(1)


def test_the_form_is_reached_by_its_command(page: Page) -> None:
    open_graph(page, DOUBLED)
    command(page, "Form view")
    expect(page.get_by_test_id("form")).to_be_visible()
    command(page, "Graph view")
    expect(page.get_by_test_id("node:first")).to_be_visible()
