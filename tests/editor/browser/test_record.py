"""What a run leaves: errors that explain themselves, the log, why each node ran."""

from __future__ import annotations

from playwright.sync_api import Page, expect

from tests.support.editing import Window, choose, graph_document, node, open_graph, press_run, until_over

SPOILED = graph_document(
    {
        "grey": {"type": "t/picture", "inputs": {"side": 4}},
        "painted": {"type": "e/spoiled", "inputs": {"image": "@grey.value", "why": "<b>no paint</b>"}},
    },
    results={"out": "painted.value"},
)
CHAIN = graph_document(
    {
        "grey": {"type": "t/picture", "inputs": {"side": 4}},
        "one": {"type": "e/bright", "inputs": {"image": "@grey.value", "by": 1}},
        "two": {"type": "e/bright", "inputs": {"image": "@one.value", "by": 1}},
    },
    results={"out": "two.value"},
)


def ran(page: Page, document: dict[str, object]) -> None:
    """Open a graph and run it to its end."""
    open_graph(page, document)
    press_run(page)
    until_over(page)


def test_b36_an_error_marks_the_node_shows_cause_and_inputs_and_the_log_leads_to_the_node_and_back(
    own_window: Window,
) -> None:
    page = own_window.page()
    ran(page, SPOILED)
    expect(node(page, "painted")).to_have_attribute("aria-label", "painted, Spoiled, failed")
    choose(page, "painted")
    card = page.get_by_test_id("error-card")
    expect(card).to_contain_text("RuntimeError: <b>no paint</b>")
    expect(card.get_by_role("button", name="from grey.value").locator("img")).to_be_visible()
    expect(card).to_contain_text("Memory then")
    choose(page, "grey")
    expect(card).to_have_count(0)
    choose(page, "painted")
    page.get_by_test_id("error-log").click()
    entry = page.get_by_test_id("log").locator('[aria-current="true"]')
    expect(entry).to_contain_text("<b>no paint</b>")
    choose(page, "grey")
    entry.get_by_role("button", name="painted").click()
    expect(card).to_be_visible()
    page.get_by_test_id("log:error").click()
    expect(page.get_by_test_id("log").get_by_text("Run began")).to_have_count(0)
    page.get_by_text("lines", exact=False).first.click()
    expect(page.get_by_test_id("log").locator("pre").first).to_contain_text("Traceback")


def test_an_error_is_mended_and_tried_again_in_one_press(own_window: Window) -> None:
    page = own_window.page()
    ran(page, SPOILED)
    choose(page, "painted")
    page.get_by_test_id("fix-retry").click()
    until_over(page)
    expect(page.get_by_test_id("error-card")).to_be_visible()
    assert len(page.evaluate("fetch('/api/v1/runs').then((reply) => reply.json())")["items"]) == 2


def test_b31_each_node_that_ran_tells_why_and_each_cached_one_which_run_made_it(own_window: Window) -> None:
    page = own_window.page()
    ran(page, CHAIN)
    first = page.evaluate("window.__editor.run()")
    choose(page, "one")
    why = page.get_by_test_id("why")
    expect(why).to_contain_text("never ran here before")
    by = page.get_by_test_id("inspector").locator('[data-port="by"]').get_by_role("spinbutton")
    by.fill("9")
    by.press("Enter")
    press_run(page)
    until_over(page)
    expect(why).to_contain_text("by 1 -> 9")
    expect(node(page, "one")).to_contain_text("by 1 -> 9")
    choose(page, "grey")
    expect(why).to_contain_text(first)
    choose(page, "two")
    why.get_by_role("button", name="image changed").click()
    expect(page.get_by_test_id("inspector").get_by_role("heading", level=2)).to_have_text("one")
    why.get_by_role("button", name="by 1 -> 9").click()
    expect(by).to_be_focused()
