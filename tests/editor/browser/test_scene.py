"""The scene that assembles beside its graph, and the timeline that it is played by."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Any

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from tests.editor.browser.test_accessible import violations
from tests.support.editing import (
    choose,
    document_of,
    graph_document,
    open_graph,
    press_run,
    selected,
    until,
    until_over,
    window,
)
from tests.support.sample_values import a_scene
from tests.support.served import Serving
from tests.support.service_nodes import GATES

CRATE = {"id": "crate", "kind": "crate"}
LAMP = {"id": "lamp", "kind": "street_lamp"}


def staged(gate: str) -> dict[str, Any]:
    """A crate that is made at once, and a lamp on a stage that waits for a gate."""
    return graph_document(
        {
            "crate": {"type": "diorama/make_object", "inputs": {"object": {"value": CRATE}}},
            "late": {"type": "t/gated", "inputs": {"gate": gate}, "at": [0, 420]},
            "lamp": {
                "type": "diorama/make_object",
                "inputs": {"object": {"value": LAMP}, "seed": "@late.value"},
                "at": [320, 420],
            },
            "stage": {"type": "diorama/stage_mesh", "inputs": {"mesh": "@lamp.mesh", "seconds": 2.0}, "at": [640, 420]},
        },
        results={"crate": "crate.mesh", "stage": "stage.scene"},
    )


def test_b41_the_scene_adds_each_object_when_its_node_finishes(page: Page) -> None:
    gate = "the lamp"
    open_graph(page, staged(gate))
    page.get_by_test_id("dock:scene").click()
    press_run(page)
    scene = page.get_by_test_id("scene")
    try:
        expect(thing(page, "crate")).not_to_have_class(BOX)
        expect(thing(page, "lamp")).to_have_class(BOX)
        expect(scene).to_have_attribute("data-base", "")
    finally:
        GATES[gate].set()
    until_over(page)
    expect(scene).to_have_attribute("data-base", "stage")
    expect(thing(page, "lamp")).to_have_count(0)
    expect(thing(page, "crate")).not_to_have_class(BOX)


def test_b41_clicking_an_object_selects_its_node_and_delete_there_asks_nothing_of_the_graph(page: Page) -> None:
    open_graph(page, graph_document({"crate": {"type": "diorama/make_object", "inputs": {"object": {"value": CRATE}}}}))
    page.get_by_test_id("dock:scene").click()
    press_run(page)
    until_over(page)
    expect(thing(page, "crate")).not_to_have_class(BOX)
    before = document_of(page)
    canvas = view(page)
    until(page, DRAWN)
    canvas.click()
    assert selected(page)["nodes"] == ["crate"]
    expect(thing(page, "crate")).to_have_attribute("aria-pressed", "true")
    page.keyboard.press("Delete")
    expect(thing(page, "crate")).to_have_class(HIDDEN)
    expect(page.get_by_test_id("toast")).to_have_text("")
    assert document_of(page) == before
    page.get_by_test_id("scene.showAll").click()
    expect(thing(page, "crate")).not_to_have_class(HIDDEN)
    canvas.click(position={"x": 3, "y": 3})
    assert selected(page)["nodes"] == []
    choose(page, "crate")
    expect(thing(page, "crate")).to_have_attribute("aria-pressed", "true")


def moving() -> dict[str, Any]:
    """A figure that walks on a stage, with a sound."""
    nodes: dict[str, dict[str, Any]] = {
        "who": {"type": "diorama/plan_character", "inputs": {"prompt": "a knight walks"}},
        "knight": {"type": "diorama/make_character", "inputs": {"character": "@who.character"}},
        "walk": {"type": "diorama/animate", "inputs": {"rig": "@knight.rig", "path": "@who.path", "seconds": 9}},
        "stage": {"type": "diorama/stage", "inputs": {"rig": "@knight.rig", "motion": "@walk.motion"}},
        "rain": {"type": "diorama/ambience", "inputs": {"sound": {"value": {"kind": "rain"}}, "seconds": 9}},
    }
    return graph_document(nodes, results={"stage": "stage.scene", "rain": "rain.audio"})


def test_b42_playing_moves_the_scene_with_its_sound_and_the_same_moment_gives_the_same_pixels(page: Page) -> None:
    open_graph(page, moving())
    page.get_by_test_id("dock:scene").click()
    press_run(page)
    until_over(page)
    expect(page.get_by_test_id("scene")).to_have_attribute("data-base", "stage")
    until(page, DRAWN)
    slider = page.get_by_test_id("transport-moment")
    pictures = []
    for moment in (0.5, 1.3, 0.5):
        slider.evaluate(SEEK, moment)
        until(page, "(moment) => Math.abs(window.__editor.moment().posed - moment) < 1e-9", moment)
        pictures.append(view(page).evaluate(PIXELS))
    assert pictures[0] == pictures[2], "the same moment gives the same pixels"
    assert pictures[0] != pictures[1], "another moment gives others"

    play = page.get_by_test_id("transport-play")
    play.click()
    moments = []
    for after in (0.6, 0.9, 1.2):
        until(page, "(after) => window.__editor.moment().posed > after", after)
        moments.append(page.evaluate("window.__editor.moment()"))
    for told in moments:
        heard = told["from"] + told["posedAt"] - told["begun"]
        assert told["begun"] > 0, "a sound was started"
        assert abs(told["posed"] - heard) < 0.02
    play.click()
    expect(play).to_have_attribute("aria-label", "Play")
    page.get_by_test_id("dock:timeline").click()
    ruler = page.get_by_test_id("ruler")
    ruler.press("End")
    expect(page.get_by_test_id("moment")).to_have_text("9.0 / 9.0 s")
    ruler.press("Home")
    ruler.press("Shift+ArrowRight")
    expect(page.get_by_test_id("moment")).to_have_text("1.0 / 9.0 s")
    page.get_by_test_id("bar:rain").click()
    assert selected(page)["nodes"] == ["rain"]
    page.get_by_test_id("bar:walk").click()
    assert selected(page)["nodes"] == ["walk"]


def stepping() -> dict[str, Any]:
    """A figure that walks on a stage, and the mix of its steps with rain."""
    nodes: dict[str, dict[str, Any]] = {
        "who": {"type": "diorama/plan_character", "inputs": {"prompt": "a monk walks"}},
        "monk": {"type": "diorama/make_character", "inputs": {"character": "@who.character"}},
        "rigs": {"type": "diorama/make_list", "inputs": {"a": "@monk.rig"}},
        "walk": {
            "type": "diorama/animate",
            "for_each": ["rig"],
            "inputs": {"rig": "@rigs.items", "path": "@who.path", "seconds": 6},
        },
        "one": {"type": "diorama/pick", "inputs": {"items": "@walk.motion"}},
        "stage": {"type": "diorama/stage", "inputs": {"rig": "@monk.rig", "motion": "@one.value"}},
        "steps": {"type": "diorama/footsteps", "for_each": ["motion"], "inputs": {"motion": "@walk.motion"}},
        "mix": {"type": "diorama/mix", "inputs": {"effects": "@steps.audio"}},
    }
    return graph_document(nodes, results={"stage": "stage.scene", "mix": "mix.audio"})


GONE_ON = """([x, z]) => {
    const [, nowX, nowZ] = window.__editor.moment().placed[0];
    return Math.hypot(nowX - x, nowZ - z) > 0.3;
}"""


def test_steps_are_heard_from_the_figure_that_makes_them_where_that_is_asked_for(page: Page) -> None:
    open_graph(page, stepping())
    page.get_by_test_id("dock:scene").click()
    press_run(page)
    until_over(page)
    until(page, DRAWN)
    placed, play = page.get_by_test_id("transport-placed"), page.get_by_test_id("transport-play")
    expect(placed).to_have_attribute("aria-pressed", "false")
    play.click()
    until(page, "window.__editor.moment().posed > 0.3")
    assert page.evaluate("window.__editor.moment().placed") == []
    placed.click()
    expect(placed).to_have_attribute("aria-pressed", "true")
    until(page, "window.__editor.moment().placed.length === 1")
    actor, *start = page.evaluate("window.__editor.moment().placed[0]")
    assert actor == 0
    until(page, GONE_ON, start)
    play.click()
    expect(play).to_have_attribute("aria-label", "Play")


def test_a_run_out_of_the_cache_shows_what_stands_above_it_as_well(
    page: Page, browser: Browser, shared_server: Serving
) -> None:
    open_graph(page, moving())
    press_run(page)
    until_over(page)
    with window(browser, shared_server.address) as opened:
        other = opened.page()
        open_graph(other, moving())
        press_run(other)
        until_over(other)
        assert other.evaluate("window.__editor.status('stage').state") == "cached"
        expect(other.get_by_test_id("preview:knight").locator("img")).to_have_count(1)
        other.get_by_test_id("dock:timeline").click()
        expect(other.get_by_test_id("bar:walk")).to_be_visible()
        expect(other.get_by_test_id("bar:rain")).to_be_visible()


def test_t16_names_inside_a_glb_are_text(page: Page) -> None:
    name = "<img src=x onerror=document.title='owned'>"
    scene = a_scene()
    placed = tuple(replace(one, name=name, kind="<script>document.title='owned'</script>") for one in scene.placements)
    content = replace(scene, title=name, placements=placed).encode()
    page.route("**/content", lambda route: route.fulfill(body=content, content_type="model/gltf-binary"))
    open_graph(page, moving())
    page.get_by_test_id("dock:scene").click()
    press_run(page)
    until_over(page)
    expect(thing(page, name)).to_have_text(name)
    until(page, DRAWN)
    assert page.locator("img[src=x]").count() == 0
    assert "owned" not in page.title()


@pytest.mark.parametrize("theme", ["dark", "light"])
def test_b27_axe_finds_nothing_in_scene_timeline_and_sharing(
    browser: Browser, shared_server: Serving, theme: str
) -> None:
    with window(browser, shared_server.address, preferences={"theme": theme}) as opened:
        page = opened.page()
        open_graph(page, moving())
        page.get_by_test_id("dock:scene").click()
        press_run(page)
        until_over(page)
        expect(page.get_by_test_id("scene")).to_have_attribute("data-base", "stage")
        choose(page, "stage")
        assert violations(page) == []
        page.get_by_test_id("share").click()
        dialog = page.get_by_test_id("share-dialog")
        dialog.get_by_test_id("share-make").click()
        link = dialog.get_by_role("textbox").first.input_value()
        assert violations(page) == []
        page.keyboard.press("Escape")
        page.get_by_test_id("dock:timeline").click()
        expect(page.get_by_test_id("ruler")).to_be_visible()
        assert violations(page) == []
        shared = opened.page(link.removeprefix(shared_server.address), is_ready=False)
        expect(shared.get_by_test_id("player")).to_have_attribute("data-state", "shown")
        assert violations(shared) == []


def thing(page: Page, name: str) -> Locator:
    """An object in the list beside the scene."""
    return page.get_by_test_id(f"object:{name}")


def view(page: Page) -> Locator:
    """The canvas of the scene."""
    return page.get_by_test_id("scene").locator("canvas")


BOX = re.compile(r"\bis-box\b")
HIDDEN = re.compile(r"\bis-hidden\b")
DRAWN = """() => {
    const canvas = document.querySelector('[data-testid="scene"] canvas');
    if (canvas === null || canvas.width === 0) return false;
    const { data } = canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height);
    return data.some((value, at) => at % 4 === 3 && value > 0);
}"""
PIXELS = """async (canvas) => {
    const { data } = canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height);
    const hash = new Uint8Array(await crypto.subtle.digest('SHA-256', data));
    return [...hash].join();
}"""
SEEK = """(slider, moment) => {
    Object.getOwnPropertyDescriptor(HTMLInputElement.prototype, 'value').set.call(slider, String(moment));
    slider.dispatchEvent(new Event('input', { bubbles: true }));
}"""
