"""Past runs: listed, opened as they were, gone on from, compared; the run that goes on survives a reload."""

from __future__ import annotations

from typing import Any

from playwright.sync_api import Page, expect

from tests.support.editing import (
    Window,
    document_of,
    drag,
    graph_document,
    head,
    middle,
    node,
    open_graph,
    press_run,
    until,
    until_over,
    until_ready,
)
from tests.support.served import Serving
from tests.support.service_nodes import GATES

DRAWN = (
    "(canvas) => canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height).data.some((one) => one > 0)"
)
"""Whether anything stands on a canvas."""


def greys(by: int, title: str = "Greys") -> dict[str, Any]:
    """A grey square that is made brighter by a parameter."""
    nodes = {
        "grey": {"type": "t/picture", "inputs": {"side": 4}},
        "one": {"type": "e/bright", "inputs": {"image": "@grey.value", "by": {"param": "by"}}},
    }
    parameters = {"by": {"type": "integer", "default": by}}
    return graph_document(nodes, title, results={"out": "one.value"}, parameters=parameters)


def ran(page: Page, document: dict[str, Any]) -> str:
    """Open a graph and run it to its end: the run's id."""
    open_graph(page, document)
    press_run(page)
    until_over(page)
    run: str = page.evaluate("window.__editor.run()")
    return run


def open_run(page: Page, run: str) -> None:
    """Open a run from the list."""
    if page.get_by_test_id("runs").count() == 0:
        page.get_by_test_id("rail:runs").click()
    page.get_by_test_id(f"open-run:{run}").click()
    expect(page.get_by_test_id("past")).to_be_visible()


def test_a_node_that_a_past_run_had_nothing_to_call_for_does_not_wait(own_window: Window) -> None:
    nodes = {
        "none": {"type": "t/listed", "inputs": {"count": 0}},
        "each": {"type": "t/doubled", "inputs": {"x": "@none.value"}, "for_each": ["x"]},
    }
    page = own_window.page()
    run = ran(page, graph_document(nodes, "Nothing", results={"out": "each.value"}))
    open_run(page, run)
    expect(node(page, "none")).to_have_attribute("aria-label", "none, Listed, done")
    expect(node(page, "each")).to_have_attribute("aria-label", "each, Doubled, cached")


def test_b38_a_past_run_is_opened_read_only_and_gone_on_from(own_window: Window) -> None:
    page = own_window.page()
    first = ran(page, greys(1))
    ran(page, greys(200))
    open_run(page, first)
    expect(page.get_by_test_id("past")).to_contain_text("read-only")
    expect(node(page, "one")).to_have_attribute("aria-label", "one, Bright, done")
    expect(node(page, "one").locator("img")).to_be_visible()
    assert document_of(page)["parameters"]["by"]["default"] == 1
    before = document_of(page)
    head(page, "one").click()
    page.keyboard.press("Delete")
    expect(page.get_by_test_id("toast")).to_contain_text("Fork from here to change it")
    assert document_of(page) == before
    expect(page.get_by_test_id("run")).to_be_disabled()
    page.reload()
    until_ready(page)
    expect(page.get_by_test_id("past")).to_be_visible()
    page.get_by_test_id("past-fork").click()
    expect(page.get_by_test_id("past")).to_have_count(0)
    expect(node(page, "one").locator("img")).to_be_visible()
    head(page, "one").click()
    page.keyboard.press("Delete")
    expect(node(page, "one")).to_have_count(0)


def test_b38_two_runs_are_compared_by_what_was_changed_and_by_their_pictures(own_window: Window) -> None:
    page = own_window.page()
    first = ran(page, greys(1))
    second = ran(page, greys(200))
    page.get_by_test_id("rail:runs").click()
    compare = page.get_by_test_id("runs-compare")
    expect(compare).to_be_disabled()
    for run in (first, second):
        page.get_by_role("listitem").filter(has=page.get_by_test_id(f"run-line:{run}")).get_by_role("checkbox").check()
    compare.click()
    dialog = page.get_by_test_id("comparison")
    expect(dialog.get_by_role("row", name="Parameter by")).to_contain_text("200")
    result = dialog.get_by_test_id("compared:out")
    result.get_by_role("slider").fill("20")
    expect(result.get_by_test_id("slider-after")).to_have_css("clip-path", "inset(0px 0px 0px 20%)")
    page.keyboard.press("Escape")
    expect(dialog).to_have_count(0)
    open_run(page, first)
    page.get_by_test_id("past-compare").click()
    expect(result.get_by_role("slider")).to_be_visible()


def test_runs_are_listed_by_state_and_graph(own_window: Window) -> None:
    page = own_window.page()
    first = ran(page, greys(1))
    other = ran(page, greys(2, "Others"))
    page.get_by_test_id("rail:runs").click()
    lines = page.get_by_test_id("runs").locator("li")
    expect(lines).to_have_count(2)
    page.get_by_label("Graph", exact=True).select_option("Others")
    expect(lines).to_have_count(1)
    expect(page.get_by_test_id(f"run-line:{other}")).to_be_visible()
    page.get_by_label("Graph", exact=True).select_option("All graphs")
    page.get_by_label("State", exact=True).select_option("failed")
    expect(page.get_by_text("No runs like that.")).to_be_visible()
    page.get_by_label("State", exact=True).select_option("done")
    expect(page.get_by_test_id(f"run-line:{first}")).to_be_visible()


GONE_AS_IT_RUNS = """() => new Promise((tell) => {
    const look = () => {
        const run = window.__editor.run();
        if (run === null || !window.__editor.isGoing()) { setTimeout(look, 0); return; }
        location.reload();
        tell(run);
    };
    look();
})"""


def test_b34_reloading_during_a_run_shows_the_same_states_previews_and_progress(own_window: Window) -> None:
    page = own_window.page()
    nodes = {
        "grey": {"type": "t/picture", "inputs": {"side": 4}},
        "slow": {"type": "e/ticking", "inputs": {"gate": "reload", "picture": "@grey.value"}},
        "late": {"type": "e/bright", "inputs": {"image": "@slow.value"}},
    }
    open_graph(page, graph_document(nodes, results={"out": "late.value"}))
    press_run(page)

    def is_as_wanted() -> None:
        expect(node(page, "slow")).to_have_attribute("aria-label", "slow, Ticking, running")
        until(page, "window.__editor.status('slow').fraction > 0 && window.__editor.status('slow').message !== ''")
        until(
            page, "window.__editor.status('grey').state === 'done' && window.__editor.status('grey').preview !== null"
        )
        expect(node(page, "late")).to_have_attribute("aria-label", "late, Bright, queued")

    is_as_wanted()
    run = page.evaluate("window.__editor.run()")
    page.reload()
    until_ready(page)
    is_as_wanted()
    assert page.evaluate("window.__editor.run()") == run
    GATES["reload"].set()
    until_over(page)
    expect(node(page, "late")).to_have_attribute("aria-label", "late, Bright, done")


def test_a_page_that_is_loaded_anew_as_a_run_begins_goes_on_with_it(own_window: Window) -> None:
    page = own_window.page()
    nodes = {"slow": {"type": "e/ticking", "inputs": {"gate": "at once"}}}
    open_graph(page, graph_document(nodes, results={"out": "slow.value"}))
    page.get_by_test_id("run").click()
    # In one step of the page: the run is there, and the page goes.
    run = page.evaluate(GONE_AS_IT_RUNS)
    until_ready(page)
    expect(node(page, "slow")).to_have_attribute("aria-label", "slow, Ticking, running")
    assert page.evaluate("window.__editor.run()") == run
    expect(page.get_by_test_id("past")).to_have_count(0)
    GATES["at once"].set()
    until_over(page)


def boat(side: int) -> dict[str, Any]:
    """A box of some size, as a mesh."""
    nodes = {
        "words": {"type": "diorama/describe_object", "inputs": {"prompt": "a boat" if side == 1 else "a lamp"}},
        "shape": {"type": "diorama/make_object", "inputs": {"object": "@words.object"}},
    }
    return graph_document(nodes, "Shapes", results={"shape": "shape.mesh"})


IN_STEP = """() => {
    const poses = [...document.querySelectorAll("[data-testid=comparison] [data-testid=model] canvas")]
        .map((canvas) => canvas.dataset.pose);
    return poses.length === 2 && poses[0] !== undefined && poses[0] === poses[1];
}"""
"""Whether two models are looked at from one place."""


def pose(page: Page) -> list[float]:
    """From where, and at what, the first model is looked at."""
    told = page.get_by_test_id("comparison").get_by_test_id("model").first.locator("canvas").get_attribute("data-pose")
    return [float(number) for number in (told or "").split()]


def test_b38_the_meshes_of_two_runs_are_turned_as_one(own_server: Serving, own_window: Window) -> None:
    ids = []
    for side in (1, 2):
        document = boat(side)
        document.pop("view")
        ids.append(own_server.submit_raw(document)["id"])
    page = own_window.page()
    page.get_by_test_id("rail:runs").click()
    for run in ids:
        page.get_by_role("listitem").filter(has=page.get_by_test_id(f"run-line:{run}")).get_by_role("checkbox").check()
    page.get_by_test_id("runs-compare").click()
    models = page.get_by_test_id("comparison").get_by_test_id("model")
    expect(models).to_have_count(2)
    for side in range(2):
        expect(models.nth(side)).to_have_attribute("data-state", "shown")
    canvases = [models.nth(side).locator("canvas") for side in range(2)]
    other = canvases[1].element_handle()
    until(page, DRAWN, other)
    until(page, IN_STEP)
    position, target = pose(page)[:3], pose(page)[3:]
    before = page.evaluate("(canvas) => canvas.toDataURL()", other)
    drag(page, middle(canvases[0]), (middle(canvases[0])[0] + 60, middle(canvases[0])[1] + 10))
    until(page, "([canvas, before]) => canvas.toDataURL() !== before", [other, before])
    until(page, IN_STEP)
    assert pose(page)[:3] != position
    assert pose(page)[3:] == target, "it is turned around the middle of both"
