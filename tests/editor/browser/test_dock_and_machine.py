"""The dock, the panel of devices and models, the settings."""

from __future__ import annotations

import json
from typing import Any

import pytest
from playwright.sync_api import Page, Response, Route, expect

from tests.support.editing import Window, graph_document, open_graph, until_ready
from tests.support.served import Serving

GIB = 2**30


def test_the_dock_is_closed_at_first_resized_by_keys_and_remembered_for_each_graph(own_window: Window) -> None:
    page = own_window.page()
    expect(page.get_by_test_id("dock")).to_have_count(0)
    open_graph(page, graph_document({"grey": {"type": "t/picture"}}, "One"))
    page.get_by_test_id("dock:log").click()
    dock = page.get_by_test_id("dock")
    sash = page.get_by_test_id("dock-sash")
    expect(sash).to_have_attribute("aria-valuenow", "240")
    sash.press("ArrowUp")
    expect(dock).to_have_css("height", "264px")
    page.get_by_test_id("dock:log").press("ArrowLeft")
    expect(page.get_by_test_id("dock:timeline")).to_be_focused()
    expect(page.get_by_test_id("dock:timeline")).to_have_attribute("aria-selected", "true")
    page.get_by_test_id("new-tab").click()
    expect(dock).to_have_count(0)
    page.get_by_test_id("tab").first.locator(".tab-name").click()
    expect(dock).to_have_css("height", "264px")
    page.reload()
    until_ready(page)
    expect(page.get_by_test_id("dock:timeline")).to_have_attribute("aria-selected", "true")
    page.get_by_test_id("dock-close").click()
    expect(dock).to_have_count(0)


def gpu(used: int, total: int = 100) -> dict[str, Any]:
    """A GPU as the server tells of one."""
    return {
        "name": "cuda:0",
        "title": "A GPU",
        "is_gpu": True,
        "total_bytes": total * GIB,
        "used_bytes": used * GIB,
        "free_bytes": (total - used) * GIB,
        "utilisation": 0.5,
        "celsius": 61.0,
        "level": None,
        "warning": "",
        "resident": {"sdxl-base-1.0": 7 * GIB},
        "lease": None,
        "loads": 1,
        "evictions": 0,
        "swaps": 0,
    }


@pytest.mark.parametrize(("used", "colour", "warns"), [(50, "green", False), (70, "yellow", False), (90, "red", True)])
def test_the_bar_of_a_gpu_is_green_yellow_or_red_and_warns_when_it_is_nearly_full(
    page: Page, used: int, colour: str, warns: bool
) -> None:
    def devices(route: Route) -> None:
        route.fulfill(content_type="application/json", body=json.dumps({"items": [gpu(used)]}))

    page.route("**/api/v1/devices", devices)
    page.get_by_test_id("rail:devices").click()
    bar = page.get_by_test_id("device:cuda:0").get_by_test_id("memory-bar")
    expect(bar).to_have_class(f"memory-bar is-{colour}")
    expect(bar).to_have_attribute("aria-valuenow", str(used))
    warning = page.get_by_text("VRAM usage high. Close other GPU applications.")
    expect(warning).to_have_count(1 if warns else 0)
    expect(page.get_by_text("sdxl-base-1.0 7 GiB")).to_be_visible()


def test_the_device_of_the_server_is_shown_and_how_to_get_a_missing_model(page: Page) -> None:
    page.get_by_test_id("rail:devices").click()
    expect(page.get_by_test_id("device:cpu").get_by_test_id("memory-bar")).to_be_visible()
    model = page.get_by_test_id("model:sdxl-base-1.0")
    expect(model).to_contain_text("missing")
    model.get_by_text("How to get it").click()
    expect(model).to_contain_text("stabilityai/stable-diffusion-xl-base-1.0")


def is_change(reply: Response) -> bool:
    """Whether the server answers that settings were changed."""
    return reply.request.method == "PATCH"


def test_settings_change_the_look_the_language_and_the_server(own_server: Serving, own_window: Window) -> None:
    page = own_window.page()
    page.get_by_test_id("rail:settings").click()
    page.get_by_label("Theme", exact=True).select_option("Light")
    expect(page.locator("html")).to_have_attribute("data-theme", "light")
    page.get_by_label("Motion", exact=True).select_option("None")
    expect(page.locator("html")).to_have_attribute("data-motion", "reduced")
    with page.expect_response(is_change):
        page.get_by_label("After a crash", exact=True).select_option("Resume")
    page.get_by_label("Runs at once", exact=True).fill("3")
    with page.expect_response(is_change):
        page.get_by_label("Runs at once", exact=True).press("Enter")
    page.get_by_label("Language", exact=True).select_option("Deutsch")
    expect(page.get_by_test_id("rail:settings")).to_have_text("Optionen")
    page.reload()
    until_ready(page)
    expect(page.locator("html")).to_have_attribute("data-theme", "light")
    expect(page.get_by_test_id("setting:max_running").locator("input")).to_have_count(0)
    page.get_by_test_id("rail:settings").click()
    expect(page.get_by_test_id("setting:max_running").locator("input")).to_have_value("3")
    settings = {one["name"]: one["value"] for one in own_server.client.get("/api/v1/settings").json()["items"]}
    assert (settings["recovery"], settings["max_running"]) == ("resume", 3)


def test_keys_are_changed_in_the_settings_and_whom_they_are_taken_from_is_told(page: Page) -> None:
    page.get_by_test_id("rail:settings").click()
    page.get_by_label("Filter commands").fill("i")
    page.get_by_test_id("key:fit").click()
    page.keyboard.press("m")
    expect(page.get_by_test_id("toast")).to_contain_text("Minimap")
    expect(page.get_by_test_id("key:fit")).to_have_text("M")
    expect(page.get_by_test_id("key:minimap")).to_have_text("–")
    page.get_by_role("button", name="Reset all").click()
    expect(page.get_by_test_id("key:minimap")).to_have_text("M")
