"""What tests do in the editor: graphs opened and read back, things dragged, requests and complaints of a page heard."""

from __future__ import annotations

import json
import os
import subprocess
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, BrowserContext, Locator, Page, expect

from tests.support.child import ROOT

EDITOR = ROOT / "engine" / "diorama" / "editor"
WIDTH, HEIGHT = 1440, 900
PAGE_WAIT = 15_000
"""Milliseconds that nothing in a page may take; only a hang does."""
STEPS = 8
REFUSALS = (409, 412, 422)
OPENED = "(names) => ((nodes) => names.every((name) => name in nodes))(JSON.parse(window.__editor.document()).nodes)"
Document = dict[str, Any]
Point = tuple[float, float]
PREFERENCES = "localStorage.getItem('diorama.preferences') ?? localStorage.setItem('diorama.preferences', {!r});"


def built_editor() -> Path:
    """The folder of the editor's files, built anew where a source is newer; one process builds at a time."""
    import fcntl

    with (ROOT / "Makefile").open() as held:
        fcntl.flock(held, fcntl.LOCK_EX)
        quiet = {name: value for name, value in os.environ.items() if not name.startswith("MAKE") and name != "MFLAGS"}
        done = subprocess.run(
            ["make", "--silent", "editor"], cwd=ROOT, env=quiet, capture_output=True, text=True, timeout=240
        )
    assert done.returncode == 0, done.stdout + done.stderr
    return EDITOR


@dataclass
class Complaints:
    """What pages complain of: errors, refused content, failed requests of their own."""

    texts: list[str] = field(default_factory=list)
    expected: list[str] = field(default_factory=list)
    """Parts of complaints that a test brings about."""

    def hear(self, page: Page) -> None:
        """Listen to a page. What the server refuses is the editor's to tell; the browser only notes the reply."""
        page.on("console", lambda said: self._note(said.text) if said.type == "error" else None)
        page.on("pageerror", lambda error: self.texts.append(f"{error.name}: {error.message}"))

    def _note(self, text: str) -> None:
        if not any(f"status of {refusal} " in text for refusal in REFUSALS):
            self.texts.append(text)

    def unexpected(self) -> list[str]:
        """Those that no test brought about."""
        return [text for text in self.texts if not any(part in text for part in self.expected)]


@dataclass
class Window:
    """A browser's window at one server: its pages share what is kept in the browser."""

    context: BrowserContext
    address: str
    complaints: Complaints

    def page(self, path: str = "/", *, is_ready: bool = True) -> Page:
        """Another page; the editor is ready in it."""
        page = self.context.new_page()
        self.complaints.hear(page)
        page.goto(self.address + path)
        if is_ready:
            until_ready(page)
        return page


@contextmanager
def window(browser: Browser, address: str, **settings: Any) -> Iterator[Window]:
    """A window with nothing kept in it, in English and dark; it fails where a page complained."""
    preferences = {"language": "en", "theme": "dark", **settings.pop("preferences", {})}
    size = settings.pop("viewport", {"width": WIDTH, "height": HEIGHT})
    context = browser.new_context(viewport=size, locale="en-GB", color_scheme="dark", **settings)
    context.set_default_timeout(PAGE_WAIT)
    context.add_init_script(PREFERENCES.format(json.dumps(preferences)))
    complaints = Complaints()
    try:
        yield Window(context, address, complaints)
    finally:
        context.close()
    assert not complaints.unexpected(), complaints.unexpected()


def until_ready(page: Page) -> None:
    """Wait until the editor knows its nodes and has opened what there was to open."""
    page.wait_for_function("window.__editor?.isReady() === true", timeout=PAGE_WAIT)


def until(page: Page, holds: str, argument: object = None) -> None:
    """Wait until an expression holds in the page."""
    page.wait_for_function(holds, arg=argument, timeout=PAGE_WAIT)


def open_graph(page: Page, document: Mapping[str, Any]) -> None:
    """Open a graph in place of what is there, as one that was dropped is opened, and show all of it."""
    page.evaluate("(text) => localStorage.setItem('diorama.handed', text)", json.dumps(document))
    page.reload()
    until_ready(page)
    names = list(document.get("nodes", {}))
    until(page, OPENED, names)
    page.keyboard.press("f")


def document_of(page: Page) -> Document:
    """The graph as it stands in the editor."""
    read: Document = json.loads(page.evaluate("window.__editor.document()"))
    return read


def selected(page: Page) -> dict[str, list[str]]:
    """What is selected, by kind."""
    found: dict[str, list[str]] = page.evaluate("window.__editor.selection()")
    return found


def graph_document(nodes: Mapping[str, Document], title: str = "Test", **more: Any) -> Document:
    """A document of the given nodes: `type`, `inputs` (`"@a.value"` for a wire) and `at`."""
    written = {}
    for name, given in nodes.items():
        inputs = {port: _input(value) for port, value in given.get("inputs", {}).items()}
        extra = {key: value for key, value in given.items() if key not in ("type", "inputs", "at")}
        written[name] = {"type": given["type"], "inputs": inputs, **extra}
    view = {name: given.get("at", [320 * place, 0]) for place, (name, given) in enumerate(nodes.items())}
    return {"format": 1, "title": title, "nodes": written, "view": view | more.pop("view", {}), **more}


def _input(value: Any) -> Any:
    if isinstance(value, str) and value.startswith("@"):
        return {"wire": value[1:]}
    return value


def node(page: Page, name: str) -> Locator:
    """A node on the canvas."""
    return page.get_by_test_id(f"node:{name}")


def head(page: Page, name: str) -> Locator:
    """The head of a node, where it is taken hold of."""
    return node(page, name).locator(".head")


def port(page: Page, side: str, wire: str) -> Locator:
    """A port, as `in` or `out` and `node.port`."""
    return page.get_by_test_id(f"port-{side}:{wire}")


def wire(page: Page, to: str) -> Locator:
    """The wire into an input."""
    return page.get_by_test_id(f"wire:{to}")


def middle(target: Locator | Point) -> Point:
    """The middle of what is seen, in pixels of the page."""
    if isinstance(target, tuple):
        return target
    box = target.bounding_box(timeout=PAGE_WAIT)
    assert box is not None
    return box["x"] + box["width"] / 2, box["y"] + box["height"] / 2


def pick_up(page: Page, start: Locator | Point, to: Locator | Point) -> None:
    """Press at one place and move to another, in steps, without letting go."""
    (x, y), (to_x, to_y) = middle(start), middle(to)
    page.mouse.move(x, y)
    page.mouse.down()
    for step in range(1, STEPS + 1):
        page.mouse.move(x + (to_x - x) * step / STEPS, y + (to_y - y) * step / STEPS)


def drag(page: Page, start: Locator | Point, to: Locator | Point, keys: Sequence[str] = ()) -> None:
    """Drag from one place to another, with keys held."""
    for key in keys:
        page.keyboard.down(key)
    pick_up(page, start, to)
    page.mouse.up()
    for key in keys:
        page.keyboard.up(key)


def drag_wire(page: Page, out: str, to: str) -> None:
    """Draw a wire from an output to an input, each as `node.port`."""
    drag(page, port(page, "out", out), port(page, "in", to))


def drag_by(page: Page, name: str, x: float, y: float, keys: Sequence[str] = ()) -> None:
    """Drag a node by its head."""
    start = middle(head(page, name))
    drag(page, start, (start[0] + x, start[1] + y), keys)


def choose(page: Page, *names: str) -> None:
    """Select nodes, and nothing else."""
    for place, name in enumerate(names):
        head(page, name).click(modifiers=["Shift"] if place else [])
    assert set(selected(page)["nodes"]) == set(names)


def command(page: Page, words: str) -> None:
    """Run a command from the palette."""
    page.keyboard.press("Control+k")
    page.keyboard.type(words)
    page.keyboard.press("Enter")


def press_run(page: Page) -> None:
    """Press Run; the run has begun when this returns."""
    before = page.evaluate("window.__editor.run()")
    page.get_by_test_id("run").click()
    # What is all cached is over before a frame has seen it going.
    until(page, "(before) => window.__editor.isGoing() || window.__editor.run() !== before", before)


def until_over(page: Page) -> None:
    """Wait until no run goes on."""
    expect(page.get_by_test_id("run")).to_be_visible(timeout=2 * PAGE_WAIT)
