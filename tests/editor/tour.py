"""`python -m tests.editor.tour [PICTURE ...]` makes the pictures of docs/editor.md and the clip of the README anew.

Each is of the real editor at a real server, after a run of the template text_to_scene from nothing.
"""

from __future__ import annotations

import io
import json
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from PIL import Image
from playwright.sync_api import Browser, Page, expect

from diorama.run.service import Service
from diorama.server.options import ServerOptions
from tests.support.browser import chromium
from tests.support.child import ROOT
from tests.support.editing import built_editor, command, head, open_graph, press_run, until, window
from tests.support.served import serving

FOLDER = ROOT / "docs" / "images" / "editor"
SENTENCE = "a harbour at dawn; a lighthouse; gulls; a fisherman walking; calm waltz"
OTHER = "a harbour at night; a lighthouse; gulls; a fisherman walking; calm waltz"
CLIP_SIZE = (960, 600)
FRAME_MILLISECONDS = 200
LAST_MILLISECONDS = 2500
COLOURS = 256
QUALITY = 88


def main(wanted: list[str]) -> None:
    """Make the wanted pictures, or all."""
    FOLDER.mkdir(parents=True, exist_ok=True)
    options = ServerOptions(port=0, editor=built_editor())
    with (
        tempfile.TemporaryDirectory() as folder,
        Service(Path(folder) / "store") as service,
        serving(service, options) as server,
        chromium() as browser,
    ):
        _tour(Camera(wanted), browser, server.address)


class Camera:
    """Takes the pictures that are wanted."""

    def __init__(self, wanted: list[str]) -> None:
        self.wanted = wanted
        self.frames: list[Image.Image] = []

    def shot(self, page: Page, name: str) -> None:
        """Keep what a page shows as a picture of this name."""
        if not self.wanted or name in self.wanted:
            _seen(page).save(FOLDER / f"{name}.webp", quality=QUALITY, method=6)
            print(name, flush=True)

    def frame(self, page: Page) -> None:
        """Keep what a page shows for the clip."""
        if not self.wanted or "clip" in self.wanted:
            self.frames.append(_seen(page).resize(CLIP_SIZE, Image.Resampling.LANCZOS))

    def film(self, page: Page, until_over: Callable[[], bool]) -> None:
        """Keep frames until something holds."""
        while not until_over():
            self.frame(page)
            page.wait_for_timeout(FRAME_MILLISECONDS)

    def develop(self) -> None:
        """Write the clip."""
        if self.frames:
            palette = self.frames[-1].quantize(COLOURS)
            drawn = [one.quantize(palette=palette, dither=Image.Dither.NONE) for one in self.frames]
            times = [FRAME_MILLISECONDS] * (len(drawn) - 1) + [LAST_MILLISECONDS]
            path = FOLDER.parent / "editor.gif"
            drawn[0].save(path, save_all=True, append_images=drawn[1:], duration=times, loop=0, optimize=True)
            print(path.name, len(drawn), "frames", path.stat().st_size // 1024, "KiB")


def _seen(page: Page) -> Image.Image:
    return Image.open(io.BytesIO(page.screenshot(animations="allow"))).convert("RGB")


@contextmanager
def _page(browser: Browser, address: str, path: str = "/", **settings: object) -> Iterator[Page]:
    with window(browser, address, bypass_csp=True, **settings) as one:
        one.complaints.expected.append("404")
        yield one.page(path)


def _tour(camera: Camera, browser: Browser, address: str) -> None:
    with _page(browser, address, preferences={"theme": "light"}) as page:
        page.wait_for_load_state("networkidle")
        camera.shot(page, "start")
    with _page(browser, address) as page:
        _made(camera, page)
        _looked_at(camera, page)
        run = page.url.rpartition("run=")[2]
    path = f"/?run={run}"
    with _page(browser, address, path, preferences={"theme": "light"}) as page:
        page.wait_for_timeout(4000)
        camera.shot(page, "light")
    with _page(browser, address, path, viewport={"width": 390, "height": 844}) as page:
        page.wait_for_timeout(4000)
        camera.shot(page, "phone")
    with _page(browser, address) as page:
        _splatted(camera, page)
    camera.develop()


def _splatted(camera: Camera, page: Page) -> None:
    """A picture that became a mesh and a splat, side by side in the scene."""
    open_graph(page, json.loads((ROOT / "graphs" / "image_to_splat.json").read_bytes()))
    page.get_by_test_id("dock:scene").click()
    press_run(page)
    until(page, "() => !window.__editor.isGoing()")
    page.get_by_test_id("fit").click()
    head(page, "splat").click()
    page.wait_for_timeout(8000)
    camera.shot(page, "splat")


def _made(camera: Camera, page: Page) -> None:
    """From a sentence to a scene that plays."""
    camera.frame(page)
    describe = page.get_by_test_id("describe")
    for length in range(0, len(SENTENCE) + 1, 8):
        describe.fill(SENTENCE[:length])
        camera.frame(page)
    describe.fill(SENTENCE)
    describe.press("Enter")
    expect(page.get_by_test_id("plan")).to_contain_text("of 15")
    page.wait_for_timeout(1000)
    camera.shot(page, "plan")
    camera.frame(page)
    page.get_by_test_id("dock:scene").click()
    press_run(page)
    film_seconds = [0]

    def is_over() -> bool:
        film_seconds[0] += 1
        if film_seconds[0] == 12:
            camera.shot(page, "running")
        return not page.evaluate("window.__editor.isGoing()")

    camera.film(page, is_over)
    page.wait_for_timeout(5000)
    camera.shot(page, "done")
    page.get_by_test_id("transport-play").first.click()
    for _ in range(12):
        camera.frame(page)
        page.wait_for_timeout(FRAME_MILLISECONDS)
    page.get_by_test_id("transport-play").first.click()


def _looked_at(camera: Camera, page: Page) -> None:
    """What there is to see of a run that is over, and what a change would do."""
    page.get_by_test_id("dock-apart").click()
    page.get_by_test_id("fit").click()
    page.wait_for_timeout(4000)
    camera.shot(page, "apart")
    page.get_by_test_id("scene-apart").get_by_role("button").first.click()
    page.get_by_test_id("dock:timeline").click()
    page.wait_for_timeout(2000)
    camera.shot(page, "timeline")
    page.get_by_test_id("dock:log").click()
    page.wait_for_timeout(500)
    camera.shot(page, "log")
    page.get_by_test_id("dock-close").click()
    page.get_by_test_id("fit").click()
    head(page, "picture").click()
    page.wait_for_timeout(3000)
    camera.shot(page, "inspector")
    for panel in ("runs", "assets", "outline"):
        page.get_by_test_id(f"rail:{panel}").click()
        page.wait_for_timeout(4000)
        camera.shot(page, panel)
    page.get_by_test_id("rail:outline").click()
    command(page, "Settings")
    page.wait_for_timeout(1500)
    camera.shot(page, "settings")
    page.keyboard.press("Escape")
    _compared(camera, page)


def _compared(camera: Camera, page: Page) -> None:
    """Another word in the sentence: what is stale, then the two runs side by side."""
    head(page, "plan").click()
    page.get_by_test_id("node:plan").get_by_role("textbox").first.fill(OTHER)
    page.wait_for_timeout(2500)
    camera.shot(page, "stale")
    press_run(page)
    until(page, "() => !window.__editor.isGoing()")
    page.wait_for_timeout(1000)
    page.get_by_test_id("rail:runs").click()
    for box in page.get_by_test_id("runs").get_by_role("checkbox").all()[:2]:
        box.check()
    page.get_by_test_id("runs-compare").click()
    page.wait_for_timeout(6000)
    camera.shot(page, "compare")


if __name__ == "__main__":
    main(sys.argv[1:])
