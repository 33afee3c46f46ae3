"""The editor in Chromium, with graphs of 200, 1,000 and 3,000 nodes, against the real server."""

from __future__ import annotations

import gzip
import json
import re
import statistics
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, BrowserContext, Page

from tests.bench.measure import Figure, folder, quantile
from tests.support.browser import chromium
from tests.support.editing import built_editor, graph_document, until, until_ready

COUNTS = (200, 1000, 3000)
OPEN_SECONDS = {1000: 1.0, 3000: 1.5}
HEAP_MB = {1000: 20.0, 3000: 60.0}
MOST_ELEMENTS = 2000
MOST_KB = 300.0
FRAME_MS, SLOW_FRAME_MS = 20.0, 60.0
STATUS_MS = 4.0
EDITS, EDIT_MS = 40, 4.0
EVENTS, EVENT_MS = 300, 10
"""Events that are told of nodes, and the time between two: 100 a second."""
STEPS = 80
WAIT = 60_000
SHOWN = """
    window.shown = new Promise((resolve) => {
        const look = () => {
            const isShown = document.querySelector('[data-testid=canvas] :is(.card, canvas.overview)') !== null;
            requestAnimationFrame(isShown ? () => resolve(performance.now()) : look);
        };
        requestAnimationFrame(look);
    });
"""
TAKE_FRAMES = """
    () => {
        window.frames_ = [];
        const take = (now) => { window.frames_.push(now); window.frame_ = requestAnimationFrame(take); };
        window.frame_ = requestAnimationFrame(take);
    }
"""
FRAMES = """
    () => {
        cancelAnimationFrame(window.frame_);
        return window.frames_.slice(1).map((now, at) => now - window.frames_[at]);
    }
"""
TELL = """
    async ([names, run, count, pause]) => {
        for (let at = 0; at < count; at += 1) {
            const step = names[at % names.length];
            const event = {kind: "call_progress", run, step, item: null, fraction: (at % 100) / 100,
                message: `step ${at}`, seconds_left: null};
            window.told(JSON.stringify({events: [event]}));
            await new Promise((resolve) => setTimeout(resolve, pause));
        }
    }
"""
EDIT = """
    async ([count]) => {
        const box = document.querySelector("[data-testid=canvas] .card textarea");
        const put = Object.getOwnPropertyDescriptor(HTMLTextAreaElement.prototype, "value").set;
        const times = [];
        for (let at = 0; at < count; at += 1) {
            await new Promise((resolve) => requestAnimationFrame(() => setTimeout(resolve, 0)));
            const begun = performance.now();
            put.call(box, `${box.value}x`);
            box.dispatchEvent(new InputEvent("input", {bubbles: true}));
            await new Promise((resolve) => queueMicrotask(resolve));
            times.push(performance.now() - begun);
        }
        return times;
    }
"""
HOLD_LINE = """
    window.WebSocket = class {
        constructor() {
            window.told = (text) => this.onmessage?.({data: text});
            setTimeout(() => this.onopen?.(), 0);
        }
        send() {}
        close() {}
    };
"""


def figures() -> Iterator[Figure]:
    """Every figure of the editor."""
    files = built_editor()
    yield Figure("first load, script, packed", _first_load(files), "kB", MOST_KB)
    with folder() as path, _served(path / "store") as address, chromium() as browser:
        for count in COUNTS:
            yield from _figures_of(browser, address, count)


def document_of_size(count: int) -> dict[str, Any]:
    """Rows of chains of three real nodes: a description, its mesh, a picture of it."""
    nodes: dict[str, dict[str, Any]] = {}
    for number in range(count):
        chain, place = divmod(number, 3)
        x, y = chain % 12 * 1000 + place * 320, chain // 12 * 520
        given: dict[str, Any]
        if place == 0:
            inputs = {"prompt": f"a red wooden rowing boat, number {number}", "seed": number}
            given = {"type": "diorama/describe_object", "inputs": inputs}
        elif place == 1:
            given = {"type": "diorama/make_object", "inputs": {"object": f"@n{number - 1}.object", "seed": number}}
        else:
            given = {"type": "diorama/render_mesh", "inputs": {"mesh": f"@n{number - 1}.mesh"}}
        nodes[f"n{number}"] = {**given, "at": [x, y]}
    return graph_document(nodes, title=f"{count} nodes")


def _first_load(files: Path) -> float:
    """Kilobytes of script that the page names, packed."""
    page = (files / "index.html").read_text()
    scripts = re.findall(r'(?:src|href)="(?:\./|/)(assets/[^"]+\.js)"', page)
    assert scripts
    return sum(len(gzip.compress((files / name).read_bytes(), 9)) for name in scripts) / 1000


@contextmanager
def _served(store: Path) -> Iterator[str]:
    words = ["-m", "diorama", "serve", "--store", str(store), "--port", "0"]
    started = subprocess.Popen([sys.executable, *words], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
    try:
        assert started.stdout is not None
        found = re.search(r"http://[\d.:]+", started.stdout.readline())
        assert found is not None
        yield found.group()
    finally:
        started.terminate()
        started.wait(30)


@contextmanager
def _page(browser: Browser, address: str, *scripts: str) -> Iterator[Page]:
    # The driver evaluates texts in pages, which the policy of the server's pages forbids.
    context = browser.new_context(viewport={"width": 1440, "height": 900}, bypass_csp=True)
    context.set_default_timeout(WAIT)
    for script in scripts:
        context.add_init_script(script)
    try:
        page = context.new_page()
        page.goto(address)
        until_ready(page)
        yield page
    finally:
        context.close()


def _opened(page: Page, count: int) -> float:
    """Seconds from the page's first byte until a graph is drawn in it."""
    page.evaluate("(text) => localStorage.setItem('diorama.handed', text)", json.dumps(document_of_size(count)))
    page.reload()
    shown: float = page.evaluate("window.shown")
    until_ready(page)
    until(page, f"document.title.startsWith('{count} nodes')")
    return shown / 1000


def _figures_of(browser: Browser, address: str, count: int) -> Iterator[Figure]:
    nodes = f"{count:,} nodes"
    with _page(browser, address, SHOWN) as page:
        times = [_opened(page, count) for _ in range(5)]
        bound = OPEN_SECONDS.get(count)
        yield Figure(f"open a page with {nodes}", statistics.median(times), "s", bound, f"{max(times):.2f} at most")
        heap = _heap(page.context, page)
        yield Figure(f"heap with {nodes}", heap, "MB", HEAP_MB.get(count), "after what is not used was let go")
        elements = [_elements(page)]
        for zoom in (1.0, 0.58, 0.3):
            _zoomed_to(page, zoom)
            elements.append(_elements(page))
            yield from _frames(f"pan at {zoom * 100:.0f} %, {nodes}", _pan(page), count)
        yield Figure(f"elements of the canvas, {nodes}", max(elements), "elements", MOST_ELEMENTS)
        _zoomed_to(page, 1.0)
        yield _edits(page, count)
        yield from _frames(f"zoom from 100 % out and in again, {nodes}", _wheel(page), count)
    yield _status(browser, address, count)


def _frames(what: str, frames: list[float], count: int) -> Iterator[Figure]:
    bounds = (FRAME_MS, SLOW_FRAME_MS) if count == 1000 else (None, None)
    yield Figure(f"{what}, median frame", statistics.median(frames), "ms", bounds[0])
    yield Figure(f"{what}, p95 frame", quantile(frames, 0.95), "ms", bounds[1])


def _elements(page: Page) -> int:
    found: int = page.evaluate("document.querySelectorAll('[data-testid=canvas] *').length")
    return found


def _heap(context: BrowserContext, page: Page) -> float:
    session = context.new_cdp_session(page)
    session.send("HeapProfiler.collectGarbage")
    used: float = session.send("Runtime.getHeapUsage")["usedSize"]
    session.detach()
    return used / 1e6


def _zoomed_to(page: Page, zoom: float) -> None:
    """Zoom by the wheel, in the middle of the canvas, until it is as wanted."""
    page.mouse.move(760, 480)
    for _ in range(40):
        now = page.evaluate("window.__editor.zoom()")
        if abs(now / zoom - 1) < 0.04:
            break
        # React Flow zooms by a factor of two to the power of a 500th of the wheel's way.
        page.mouse.wheel(0, max(-200.0, min(200.0, 500 * (now / zoom - 1))))
        page.evaluate("new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve)))")


def _pan(page: Page) -> list[float]:
    """Milliseconds of each frame while the canvas is dragged to and fro."""
    page.mouse.move(760, 480)
    page.evaluate(TAKE_FRAMES)
    page.mouse.down(button="middle")
    for step in range(STEPS):
        way = step if step < STEPS / 2 else STEPS - step
        page.mouse.move(760 - way * 12, 480 - way * 6)
    page.mouse.up(button="middle")
    frames: list[float] = page.evaluate(FRAMES)
    return frames


def _wheel(page: Page) -> list[float]:
    page.mouse.move(760, 480)
    page.evaluate(TAKE_FRAMES)
    for step in range(STEPS):
        page.mouse.wheel(0, 30 if step < STEPS / 2 else -30)
    frames: list[float] = page.evaluate(FRAMES)
    return frames


def _edits(page: Page, count: int) -> Figure:
    """Processor time of one value that is edited: what the edit sets off, until nothing waits that it began."""
    times: list[float] = sorted(page.evaluate(EDIT, [EDITS]))
    note = f"at most {times[-1]:.1f}, over {EDITS} keys typed into a prompt"
    bound = EDIT_MS if count >= 1000 else None
    return Figure(f"edit a value, {count:,} nodes", statistics.median(times), "ms", bound, note)


def _status(browser: Browser, address: str, count: int) -> Figure:
    """Processor time of the page for each frame while 100 events a second are told of nodes in view."""
    run = "0" * 32
    with _page(browser, address, SHOWN, HOLD_LINE) as page:
        page.route("**/api/v1/runs", lambda route: route.fulfill(status=201, json=_accepted(run)))
        _opened(page, count)
        _zoomed_to(page, 1.0)
        names = page.evaluate("[...document.querySelectorAll('[data-node]')].map((card) => card.dataset.node)")
        assert names
        page.get_by_test_id("run").click()
        until(page, "window.__editor.isGoing()")
        session = page.context.new_cdp_session(page)
        session.send("Performance.enable", {"timeDomain": "threadTicks"})
        page.evaluate(TAKE_FRAMES)
        before, flushes = _task_seconds(session), page.evaluate("window.__editor.flushes()")
        page.evaluate(TELL, [names, run, EVENTS, EVENT_MS])
        spent = _task_seconds(session) - before
        frames = len(page.evaluate(FRAMES))
        told = page.evaluate("window.__editor.flushes()") - flushes
    note = f"{len(names)} nodes in view, told {told} times in {frames} frames"
    return Figure(
        f"100 events a second, {count:,} nodes, processor time", spent * 1000 / frames, "ms a frame", STATUS_MS, note
    )


def _task_seconds(session: Any) -> float:
    metrics = {one["name"]: one["value"] for one in session.send("Performance.getMetrics")["metrics"]}
    return float(metrics["TaskDuration"])


def _accepted(run: str) -> dict[str, Any]:
    """A run as the server accepts it."""
    return {
        "id": run, "state": "running", "title": "", "client": "local", "project": None, "batch": None, "saved": None,
        "saved_version": None, "priority": 0, "attempt": 1, "created": 0, "started": 0, "ended": None, "parameters": {},
        "faults": [], "progress": None, "results": [], "place_in_queue": None, "seq": 0,
    }  # fmt: skip
