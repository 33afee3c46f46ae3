"""A scene that others see: by a link, and as a file of its own."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import Any

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from tests.support.editing import PAGE_WAIT, Window, graph_document, open_graph, press_run, until, until_over, window
from tests.support.served import Serving

CRATE = {"id": "crate", "kind": "crate"}
NAME = "<img src=x onerror=document.title='owned'> & co"
PHONE = {"width": 390, "height": 844}


def staged() -> dict[str, Any]:
    """A crate on a stage, with rain; its title is markup."""
    nodes: dict[str, dict[str, Any]] = {
        "crate": {"type": "diorama/make_object", "inputs": {"object": {"value": CRATE}}},
        "stage": {"type": "diorama/stage_mesh", "inputs": {"mesh": "@crate.mesh", "seconds": 4.5}},
        "rain": {"type": "diorama/ambience", "inputs": {"sound": {"value": {"kind": "rain"}}, "seconds": 4.5}},
    }
    return graph_document(nodes, title=NAME, results={"stage": "stage.scene", "rain": "rain.audio"})


@pytest.fixture
def dialog(page: Page) -> Locator:
    """The dialog that shares a scene which was just made."""
    open_graph(page, staged())
    page.get_by_test_id("dock:scene").click()
    press_run(page)
    until_over(page)
    expect(page.get_by_test_id("scene")).to_have_attribute("data-base", "stage")
    expect(page.get_by_test_id("transport-play")).to_be_visible()
    page.get_by_test_id("share").click()
    return page.get_by_test_id("share-dialog")


def test_a_link_shows_the_scene_alone_on_a_phone_until_it_is_taken_back(
    dialog: Locator, opened: Window, browser: Browser, shared_server: Serving
) -> None:
    opened.complaints.expected.append("WebSocket")
    dialog.get_by_test_id("share-time").select_option("3600")
    with dialog.page.expect_response(lambda reply: reply.request.method == "POST" and "/shares" in reply.url) as made:
        dialog.get_by_test_id("share-make").click()
    # Others have made links at this server too.
    link = dialog.get_by_test_id(f"share:{made.value.json()['id']}")
    address = link.get_by_role("textbox").input_value()
    shared_server.service.set_setting("require_keys", True)
    try:
        with window(browser, shared_server.address, viewport=PHONE) as other:
            shown = other.page(address.removeprefix(shared_server.address), is_ready=False)
            expect(shown.get_by_test_id("player")).to_have_attribute("data-state", "shown", timeout=PAGE_WAIT)
            until(shown, DRAWN)
            expect(shown.get_by_role("heading")).to_have_text(NAME)
            assert shown.title() == f"{NAME} – Diorama"
            shown.get_by_test_id("viewer.stats").click()
            shown.get_by_test_id("viewer.grid").click()
            expect(shown.get_by_test_id("figures")).to_contain_text("triangles")
            shown.get_by_test_id("transport-play").click()
            expect(shown.get_by_test_id("transport-play")).to_have_attribute("aria-label", "Pause")
            assert shown.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]
            assert shown.get_by_test_id("rail:nodes").count() == 0, "there is no editor around it"
    finally:
        shared_server.service.set_setting("require_keys", None)
        shared_server.app.guards.admission.forget()
    link.get_by_test_id("share-revoke").click()
    expect(link).to_have_count(0)
    with window(browser, shared_server.address) as other:
        other.complaints.expected.append("403")
        gone = other.page(address.removeprefix(shared_server.address), is_ready=False)
        expect(gone.get_by_test_id("share-none")).to_contain_text("does not lead to a scene any more")


def test_a_saved_scene_opens_from_a_disk_without_server_and_network(
    dialog: Locator, page: Page, browser: Browser, tmp_path: Path
) -> None:
    with page.expect_download() as begun:
        dialog.get_by_test_id("share-file").click()
    saved = tmp_path / "scene.html"
    begun.value.save_as(saved)
    context = browser.new_context(viewport={"width": 480, "height": 270}, offline=True)
    try:
        context.set_default_timeout(PAGE_WAIT)
        asked: list[str] = []
        said: list[str] = []
        alone = context.new_page()
        alone.on("request", lambda request: asked.append(request.url))
        alone.on("console", lambda message: said.append(message.text) if message.type == "error" else None)
        alone.on("pageerror", lambda error: said.append(error.message))
        alone.goto(saved.as_uri())
        expect(alone.get_by_test_id("player")).to_have_attribute("data-state", "shown", timeout=PAGE_WAIT)
        alone.wait_for_function(DRAWN)
        assert alone.title() == NAME
        before = alone.locator("canvas").screenshot()
        alone.get_by_test_id("transport-moment").evaluate(SEEK, 2.0)
        expect(alone.get_by_test_id("moment")).to_have_text("2.0 / 4.5 s")
        alone.wait_for_function("() => Number(document.querySelector('canvas').dataset.frames) > 1")
        assert alone.locator("canvas").screenshot() != before, "its camera goes around"
        assert not [url for url in asked if not url.startswith(("file:", "blob:", "data:"))]
        assert not said
    finally:
        context.close()


def test_t17_a_page_of_others_may_hold_the_shared_scene_and_not_the_editor(dialog: Locator, opened: Window) -> None:
    dialog.get_by_test_id("share-make").click()
    link = dialog.get_by_role("textbox").first.input_value()
    opened.complaints.expected += ["frame-ancestors", "X-Frame-Options", "Framing", "ERR_BLOCKED", "403"]
    with elsewhere(FRAMES.format(link, opened.address)) as address:
        other = opened.context.new_page()
        other.goto(address)
        shared, editor = other.frame_locator("#shared"), other.frame_locator("#editor")
        expect(shared.get_by_test_id("player")).to_have_attribute("data-state", "shown", timeout=PAGE_WAIT)
        expect(editor.get_by_test_id("run")).to_have_count(0)


@contextmanager
def elsewhere(page: str) -> Iterator[str]:
    """A page of another origin."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(200)
            self.send_header("Content-Type", "text/html")
            self.end_headers()
            self.wfile.write(page.encode())

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = Thread(target=server.serve_forever)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}/"
    finally:
        server.shutdown()
        thread.join(PAGE_WAIT / 1000)
        server.server_close()


FRAMES = '<iframe id="shared" src="{}"></iframe><iframe id="editor" src="{}/"></iframe>'
DRAWN = """() => {
    const canvas = document.querySelector('canvas');
    if (canvas === null || canvas.width === 0) return false;
    const { data } = canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height);
    return data.some((value, at) => at % 4 !== 3 && value > 0);
}"""
SEEK = """(slider, moment) => {
    Object.getOwnPropertyDescriptor(HTMLInputElement.prototype, 'value').set.call(slider, String(moment));
    slider.dispatchEvent(new Event('input', { bubbles: true }));
}"""
