"""Gaussian splats: turned in their node, beside meshes in the scene, and told apart from what is none."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Page, Route, expect

from diorama.values.splat_rows import write_rows
from diorama.values.splat_spz import write_spz
from tests.editor.browser.test_files import drop
from tests.editor.browser.test_viewer import CRATE, DRAWN, NO_WEBGL, contexts, go_to
from tests.support.editing import Window, document_of, graph_document, open_graph, press_run, until, until_over
from tests.support.sample_values import a_splat


def splatted(seed: int, count: int = 300) -> dict[str, Any]:
    """A crate, and a few hundred gaussians on it; each test has a seed of its own."""
    crate = {"type": "diorama/make_object", "inputs": {"object": {"value": CRATE}, "seed": seed}}
    spread = {"type": "diorama/mesh_to_splat", "inputs": {"mesh": "@crate.mesh", "count": count, "seed": seed}}
    return graph_document({"crate": crate, "soft": spread | {"at": [320, 0]}})


def loaded(page: Page) -> list[str]:
    """The scripts that were fetched for splats."""
    found: list[str] = page.evaluate(
        "performance.getEntriesByType('resource').map(({name}) => name).filter((name) => /assets.splats/.test(name))"
    )
    return found


def test_b39_a_splat_turns_in_its_node_within_the_one_context_and_what_it_takes_is_loaded_then(page: Page) -> None:
    open_graph(page, splatted(501))
    press_run(page)
    until_over(page)
    go_to(page, "crate")
    until(page, DRAWN, "crate")
    assert loaded(page) == [], "a mesh takes nothing of it"
    go_to(page, "soft")
    model = page.get_by_test_id("preview:soft").get_by_test_id("model")
    expect(model).to_have_attribute("data-state", "shown")
    # An empty view is transparent everywhere: gaussians are what is seen in this one.
    until(page, DRAWN, "soft")
    assert len(loaded(page)) == 1
    assert contexts(page) == 1


def test_a_view_may_go_while_its_gaussians_are_sorted(page: Page) -> None:
    open_graph(page, splatted(505, count=20_000))
    press_run(page)
    until_over(page)
    for _ in range(3):
        go_to(page, "soft")
        until(page, BEGUN)
        # A complaint of spark's would fail the test.
        go_to(page, "crate")
        until(page, DRAWN, "crate")


BEGUN = "Number(document.querySelector('[data-testid=\"preview:soft\"] canvas')?.dataset.frames ?? 0) > 0"


def test_b41_a_splat_stands_in_the_scene_beside_the_mesh_and_is_selected_there(page: Page) -> None:
    open_graph(page, splatted(502))
    page.get_by_test_id("dock:scene").click()
    press_run(page)
    until_over(page)
    for name in ("crate", "soft"):
        expect(page.get_by_test_id(f"object:{name}")).not_to_have_class("thing is-box")
    until(page, f"({COUNTED})() > 0")
    with_both = page.evaluate(COUNTED)
    page.get_by_test_id("object:soft").click()
    page.get_by_test_id("scene").locator("canvas").focus()
    page.keyboard.press("Delete")
    expect(page.get_by_test_id("object:soft")).to_have_class("thing is-hidden")
    until(page, f"({COUNTED})() < {with_both} * 0.8")
    assert contexts(page) == 1


COUNTED = """() => {
    const canvas = document.querySelector('[data-testid=scene] canvas');
    if (canvas === null || canvas.width === 0) return 0;
    const { data } = canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height);
    let count = 0;
    for (let at = 3; at < data.length; at += 4) if (data[at] > 0) count += 1;
    return count;
}"""
DAMAGED: dict[str, Callable[[bytes], bytes]] = {
    "cut off": lambda content: content[: len(content) // 2],
    "a mesh": lambda content: b"ply\nformat ascii 1.0\nelement vertex 3\nproperty float x\nend_header\n",
    "packed noise": lambda content: b"\x1f\x8b" + bytes(range(200)),
}


@pytest.mark.parametrize("damage", DAMAGED)
def test_a_malformed_splat_is_a_sentence_in_place_beside_its_picture(page: Page, damage: str) -> None:
    def spoil(route: Route) -> None:
        reply = route.fetch()
        route.fulfill(status=200, body=DAMAGED[damage](reply.body()), content_type="application/x-ply")

    page.route("**/content", spoil)
    open_graph(page, splatted(503))
    press_run(page)
    until_over(page)
    go_to(page, "soft")
    preview = page.get_by_test_id("preview:soft")
    expect(preview.get_by_test_id("model").get_by_role("status")).to_contain_text("cannot be shown in 3D")
    expect(preview.locator("img")).to_be_visible()
    expect(page.get_by_test_id("toast")).to_have_text("")


def test_b40_without_webgl_a_splat_is_its_still_picture_and_a_plain_sentence(opened: Window) -> None:
    opened.context.add_init_script(NO_WEBGL)
    opened.complaints.expected.append("WebGL")
    page = opened.page()
    open_graph(page, splatted(504))
    press_run(page)
    until_over(page)
    go_to(page, "soft")
    model = page.get_by_test_id("preview:soft").get_by_test_id("model")
    expect(model.get_by_role("status")).to_contain_text("3D is turned off in this browser")
    assert loaded(page) == []


DROPPED: dict[str, tuple[bytes, str]] = {
    "place.ply": (a_splat().encode(), "diorama/load_splat"),
    "place.spz": (write_spz(a_splat()), "diorama/load_splat"),
    "place.splat": (write_rows(a_splat()), "diorama/load_splat"),
    "thing.ply": (b"ply\nformat ascii 1.0\nelement vertex 3\nproperty float x\nend_header\n", "diorama/load_mesh"),
}


@pytest.mark.parametrize("name", DROPPED)
def test_b43_a_dropped_splat_becomes_a_node_that_loads_it_and_a_mesh_another(page: Page, name: str) -> None:
    content, type_ = DROPPED[name]
    open_graph(page, graph_document({}))
    drop(page, name, content)
    expect(page.get_by_test_id("toast")).to_contain_text(f"no graph in {name}")
    assert [node["type"] for node in document_of(page)["nodes"].values()] == [type_]
    if type_.endswith("splat"):
        press_run(page)
        until_over(page)
        assert page.evaluate("window.__editor.status('load_splat').state") in ("done", "cached")
