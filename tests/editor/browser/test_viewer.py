"""What nodes gave, in three dimensions, as sound and as text."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Locator, Page, Route, expect

from tests.support.editing import Window, graph_document, head, open_graph, press_run, until, until_over

CRATE: dict[str, Any] = {"id": "crate", "kind": "crate"}


def crate(number: int) -> dict[str, Any]:
    """A node that makes a crate, each with a seed of its own."""
    at = [300 * (number % 8), 420 * (number // 8)]
    return {"type": "diorama/make_object", "inputs": {"object": {"value": CRATE}, "seed": number}, "at": at}


def go_to(page: Page, name: str) -> None:
    """Find a node and look at it from near by."""
    page.keyboard.press("Control+f")
    page.keyboard.type(name)
    page.keyboard.press("Enter")
    head(page, name).click()
    page.keyboard.press("Control+0")


def contexts(page: Page) -> int:
    found: int = page.evaluate("Number(document.documentElement.dataset.webglContexts ?? 0)")
    return found


def test_b39_the_fortieth_3d_preview_still_shows_and_there_is_one_webgl_context(page: Page) -> None:
    names = [f"crate_{number}" for number in range(40)]
    open_graph(page, graph_document({name: crate(number) for number, name in enumerate(names)}))
    press_run(page)
    until_over(page)
    assert contexts(page) == 0, "stills take no context"
    for name in (names[0], names[39]):
        go_to(page, name)
        preview = page.get_by_test_id(f"preview:{name}").get_by_test_id("model")
        expect(preview).to_have_attribute("data-state", "shown")
        until(page, DRAWN, name)
    assert contexts(page) == 1


def test_views_that_are_gone_leave_nothing_in_the_memory_of_the_graphics_card(page: Page) -> None:
    names = [f"crate_{number}" for number in range(14)]
    open_graph(page, graph_document({name: crate(number) for number, name in enumerate(names)}))
    press_run(page)
    until_over(page)
    counts = []
    for name in (*names, *names):
        go_to(page, name)
        until(page, DRAWN, name)
        counts.append(int(page.evaluate("document.documentElement.dataset.webglGeometries")))
    first, later = max(counts[7 : len(names)]), max(counts[len(names) :])
    assert later <= first, "the second round keeps no more than the first"
    assert later < sum(counts[:1]) * len(names), "not every crate that was looked at is kept"


def test_b39_a_sound_plays_in_its_node_and_a_plan_stands_there_as_text(page: Page) -> None:
    rain = {"type": "diorama/ambience", "inputs": {"sound": {"value": {"kind": "rain"}}, "seconds": 4}}
    who = {"type": "diorama/plan_character", "inputs": {"prompt": "a knight walks"}, "at": [320, 0]}
    open_graph(page, graph_document({"rain": rain, "who": who}))
    press_run(page)
    until_over(page)
    button = page.get_by_test_id("preview:rain").get_by_test_id("play:rain")
    expect(button).to_have_attribute("aria-label", "Play: Sound of rain")
    button.click()
    expect(button).to_have_attribute("aria-label", "Pause: Sound of rain")
    until(page, "parseFloat(document.querySelector('[data-testid=\"preview:rain\"] .sound-wave i')?.style.left) > 0")
    button.click()
    expect(button).to_have_attribute("aria-label", "Play: Sound of rain")
    expect(page.get_by_test_id("preview:who")).to_contain_text("knight")


WALK = graph_document(
    {
        "who": {"type": "diorama/plan_character", "inputs": {"prompt": "a guard walks"}},
        "body": {"type": "diorama/make_character", "inputs": {"character": "@who.character"}, "at": [320, 0]},
        "walk": {
            "type": "diorama/animate",
            "inputs": {"rig": "@body.rig", "path": "@who.path", "seconds": 2.5, "fps": 12},
            "at": [640, 0],
        },
    }
)


def test_a_motion_walks_as_bones_in_its_node_and_under_a_player_in_the_details(page: Page) -> None:
    open_graph(page, WALK)
    press_run(page)
    until_over(page)
    preview = page.get_by_test_id("preview:walk")
    expect(preview.locator("img")).to_be_visible()
    expect(preview.get_by_test_id("model")).to_have_count(0)
    go_to(page, "walk")
    expect(preview.get_by_test_id("model")).to_have_attribute("data-state", "shown")
    until(page, DRAWN, "walk")
    shown = page.get_by_test_id("shown")
    expect(shown.get_by_test_id("model")).to_have_attribute("data-state", "shown")
    slider = shown.get_by_test_id("transport-moment")
    expect(slider).to_have_attribute("max", "2.5")
    pictures = []
    for moment in (0.2, 1.6, 0.2):
        drawn = shown.locator("canvas").get_attribute("data-frames")
        slider.evaluate(SET, moment)
        expect(shown.get_by_test_id("moment")).to_have_text(f"{moment} / 2.5 s")
        expect(shown.locator("canvas")).not_to_have_attribute("data-frames", drawn or "")
        pictures.append(shown.locator("canvas").evaluate("(canvas) => canvas.toDataURL()"))
    assert pictures[0] == pictures[2], "a moment is always the same picture"
    assert pictures[0] != pictures[1], "other moments are others"
    shown.get_by_test_id("transport-play").click()
    expect(shown.get_by_test_id("transport-play")).to_have_attribute("aria-label", "Pause")
    until(page, "document.querySelector('[data-testid=shown] [data-testid=transport-moment]').valueAsNumber > 0.3")
    shown.get_by_test_id("transport-play").click()
    assert contexts(page) == 1


SET = """(slider, moment) => {
    slider.value = String(moment);
    slider.dispatchEvent(new Event('input', { bubbles: true }));
}"""


DRAWN = """(name) => {
    const canvas = document.querySelector(`[data-testid="preview:${name}"] canvas`);
    if (canvas === null || canvas.width === 0) return false;
    const { data } = canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height);
    return data.some((value, at) => at % 4 === 3 && value > 0);
}"""


PICTURE_OF_IT = """(name) => {
    const image = document.querySelector(`[data-testid="preview:${name}"] img`);
    return image !== null && image.complete && image.naturalWidth > 0;
}"""


def test_b40_without_webgl_a_still_picture_and_a_plain_sentence_appear_and_no_error_toast(opened: Window) -> None:
    opened.context.add_init_script(NO_WEBGL)
    opened.complaints.expected.append("WebGL")
    page = opened.page()
    model = crate_shown(page)
    expect(model.get_by_role("status")).to_contain_text("3D is turned off in this browser")
    until(page, PICTURE_OF_IT)
    expect(page.get_by_test_id("toast")).to_have_text("")


def test_b40_a_context_that_is_lost_leaves_a_picture_and_comes_back_by_itself(opened: Window) -> None:
    opened.context.add_init_script(REMEMBERED)
    opened.complaints.expected.append("WebGL")
    page = opened.page()
    model = crate_shown(page)
    expect(model).to_have_attribute("data-state", "shown")
    page.evaluate("(window.loser = window.webgl.getExtension('WEBGL_lose_context')).loseContext()")
    expect(model.get_by_role("status")).to_contain_text("comes back by itself")
    until(page, PICTURE_OF_IT)
    expect(page.get_by_test_id("toast")).to_have_text("")
    page.evaluate("window.loser.restoreContext()")
    expect(model).to_have_attribute("data-state", "shown")
    until(page, DRAWN, "box")
    assert contexts(page) == 1


DAMAGED: dict[str, Callable[[bytes], bytes]] = {
    "cut off": lambda content: content[: len(content) // 2],
    "no GLB": lambda content: b"<html><img src=x onerror=alert(1)>",
    "nothing": lambda content: b"",
}


@pytest.mark.parametrize("damage", DAMAGED)
def test_a_malformed_glb_is_a_sentence_in_place_beside_its_picture(page: Page, damage: str) -> None:
    def spoil(route: Route) -> None:
        reply = route.fetch()
        route.fulfill(status=200, body=DAMAGED[damage](reply.body()), content_type="model/gltf-binary")

    page.route("**/content", spoil)
    model = crate_shown(page)
    expect(model.get_by_role("status")).to_contain_text("cannot be shown in 3D")
    until(page, PICTURE_OF_IT)
    expect(page.get_by_test_id("toast")).to_have_text("")


def test_a_square_picture_is_seen_whole_in_its_node(page: Page) -> None:
    open_graph(page, graph_document({"square": {"type": "t/picture", "inputs": {"side": 61}}}))
    press_run(page)
    until_over(page)
    until(page, PICTURE_OF_IT.replace("box", "square"))
    room, picture = (
        page.get_by_test_id("preview:square").evaluate("(it) => it.clientHeight"),
        page.get_by_test_id("preview:square").locator("img").evaluate("(it) => it.clientHeight"),
    )
    assert picture == room


def crate_shown(page: Page) -> Locator:
    """The preview of a crate that was made and selected."""
    open_graph(page, graph_document({"box": crate(0)}))
    press_run(page)
    until_over(page)
    go_to(page, "box")
    return page.get_by_test_id("preview:box").get_by_test_id("model")


PICTURE_OF_IT = """() => {
    const image = document.querySelector('[data-testid="preview:box"] img');
    return image !== null && image.complete && image.naturalWidth > 0;
}"""
NO_WEBGL = """
const get = HTMLCanvasElement.prototype.getContext;
HTMLCanvasElement.prototype.getContext = function (kind, ...rest) {
    return kind.startsWith('webgl') ? null : get.call(this, kind, ...rest);
};
"""
REMEMBERED = """
const get = HTMLCanvasElement.prototype.getContext;
HTMLCanvasElement.prototype.getContext = function (kind, ...rest) {
    const found = get.call(this, kind, ...rest);
    if (kind === 'webgl2') window.webgl = found;
    return found;
};
"""
