"""Language, light and dark, contrast, and motion that is not wanted."""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.support.child import ROOT
from tests.support.editing import choose, command, graph_document, open_graph, press_run, until, window
from tests.support.served import Serving
from tests.support.service_nodes import GATES

WORDS = ROOT / "editor" / "src" / "words"
MESSAGE = re.compile(r'^  "([\w.]+)": "((?:[^"\\]|\\.)*)",$', re.MULTILINE)
KEY = re.compile(r"^[a-z][A-Za-z]*(\.[a-z][A-Za-z]*)+$|[{}]")
GRAPH = graph_document(
    {
        "paint": {"type": "t/picture", "inputs": {"side": 8}, "at": [0, 0]},
        "plan": {"type": "diorama/plan_music", "inputs": {"prompt": "a waltz"}, "at": [340, 0]},
        "lone": {"type": "diorama/mask_image", "inputs": {"image": "@paint.value"}, "at": [680, 0]},
        "zebra": {"type": "diorama/cut_out", "inputs": {"image": "@paint.value"}, "at": [1020, 0]},
    },
    title="Zzz",
    parameters={"zones": {"type": "integer", "default": 4}},
)
TEXTS = """
() => {
  const found = new Set();
  const walk = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (walk.nextNode()) {
    const { parentElement, data } = walk.currentNode;
    const isText = parentElement.closest('style, script, textarea, code, kbd') === null;
    if (data.trim() !== '' && isText) found.add(data.trim());
  }
  for (const name of ['aria-label', 'title', 'placeholder', 'alt'])
    for (const one of document.querySelectorAll(`[${name}]`))
      if (one.getAttribute(name)) found.add(one.getAttribute(name).trim());
  return [...found];
}
"""
CONTRASTS = """
() => {
  const parsed = new Map();
  const context = new OffscreenCanvas(1, 1).getContext('2d', { willReadFrequently: true });
  const rgba = (text) => {
    if (!parsed.has(text)) {
      context.clearRect(0, 0, 1, 1);
      context.fillStyle = text;
      context.fillRect(0, 0, 1, 1);
      parsed.set(text, [...context.getImageData(0, 0, 1, 1).data].map((part, at) => (at === 3 ? part / 255 : part)));
    }
    return parsed.get(text);
  };
  const over = (top, below) => [0, 1, 2].map((at) => top[at] * top[3] + below[at] * (1 - top[3])).concat(1);
  const groundOf = (element) => {
    if (element === null) return rgba(getComputedStyle(document.body).backgroundColor);
    const own = rgba(getComputedStyle(element).backgroundColor);
    return own[3] >= 1 ? own : over(own, groundOf(element.parentElement));
  };
  const part = (value) => (value / 255 <= 0.04045 ? value / 255 / 12.92 : ((value / 255 + 0.055) / 1.055) ** 2.4);
  const light = ([red, green, blue]) => 0.2126 * part(red) + 0.7152 * part(green) + 0.0722 * part(blue);
  const ratio = (a, b) => (Math.max(light(a), light(b)) + 0.05) / (Math.min(light(a), light(b)) + 0.05);
  const bad = [];
  let seen = 0;
  const walk = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (walk.nextNode()) {
    const element = walk.currentNode.parentElement;
    const isSeen = element.checkVisibility({ opacityProperty: true, visibilityProperty: true });
    if (walk.currentNode.data.trim() === '' || !isSeen) continue;
    if (element.closest('.unseen, :disabled, [aria-disabled=true], style, script') !== null) continue;
    const ground = groundOf(element);
    const found = ratio(over(rgba(getComputedStyle(element).color), ground), ground);
    seen += 1;
    if (found < 4.5) bad.push(`${found.toFixed(2)}: ${walk.currentNode.data.trim()} (${element.className})`);
  }
  let ports = 0;
  for (const mark of document.querySelectorAll('.port .mark')) {
    const ink = rgba(getComputedStyle(mark).color);
    const card = mark.closest('.card');
    for (const ground of [groundOf(card), groundOf(card.closest('.canvas'))]) {
      ports += 1;
      if (ratio(ink, ground) < 3) bad.push(`port ${ratio(ink, ground).toFixed(2)}: ${mark.closest('.port').title}`);
    }
  }
  return { bad, seen, ports };
}
"""
FRESH = itertools.count()


def messages(language: str) -> dict[str, str]:
    """Every message of a language, by its key."""
    return {
        key: text for path in sorted(WORDS.glob(f"{language}*.ts")) for key, text in MESSAGE.findall(path.read_text())
    }


def empty(page: Page) -> None:
    expect(page.get_by_test_id("describe")).to_be_visible()


def graph(page: Page) -> None:
    open_graph(page, GRAPH)
    choose(page, "zebra")


def outline(page: Page) -> None:
    open_graph(page, GRAPH)
    page.keyboard.press("Alt+o")
    expect(page.get_by_test_id("outline")).to_be_visible()


def palette(page: Page) -> None:
    open_graph(page, GRAPH)
    page.keyboard.press("Control+k")
    expect(page.locator("input[role=combobox]")).to_be_visible()


def menu(page: Page) -> None:
    open_graph(page, GRAPH)
    choose(page, "zebra")
    page.keyboard.press("Shift+F10")
    expect(page.get_by_test_id("menu:node")).to_be_visible()


def form(page: Page) -> None:
    open_graph(page, GRAPH)
    page.get_by_test_id("form-button").click()
    expect(page.get_by_test_id("form")).to_be_visible()


def mask(page: Page) -> None:
    open_graph(page, GRAPH)
    page.get_by_test_id("paint:lone.mask").click()
    expect(page.get_by_test_id("mask")).to_be_visible()


VIEWS = (empty, graph, outline, palette, menu, mask, form)
"""The form stays once it was chosen: it comes last."""
PANELS = ("nodes", "assets", "templates", "outline", "runs", "queue", "settings", "devices", "versions")


@pytest.mark.parametrize("language", ["en", "de"])
def test_b53_the_language_changes_every_text_and_no_key_is_seen(
    browser: Browser, shared_server: Serving, language: str
) -> None:
    english, german = messages("en"), messages("de")
    assert len(english) > 300
    assert english.keys() == german.keys()
    only_english = set(english.values()) - set(german.values())
    wanted = set((english if language == "en" else german).values())
    with window(browser, shared_server.address, preferences={"language": language}) as opened:
        opened.complaints.expected.append("422 (Unprocessable")
        page = opened.page()
        for view in VIEWS:
            view(page)
            told(page, view.__name__, wanted, only_english if language == "de" else set())


@pytest.mark.parametrize("language", ["en", "de"])
def test_b53_the_language_changes_every_text_of_the_panels(
    browser: Browser, own_server: Serving, language: str
) -> None:
    english, german = messages("en"), messages("de")
    nodes = own_server.client.get("/api/v1/nodes").json()["nodes"]
    names = {one["id"].rpartition("/")[2].replace("_", " ").capitalize() for one in nodes}
    # A language is called as it calls itself, so that whoever speaks it finds it.
    only_english = set(english.values()) - set(german.values()) - names - {"English"}
    words = english if language == "en" else german
    with window(browser, own_server.address, preferences={"language": language}) as opened:
        page = opened.page()
        open_graph(page, GRAPH | {"nodes": {}, "view": {}})
        for panel in PANELS:
            if panel == "versions":
                page.keyboard.press("Alt+v")
            else:
                page.get_by_test_id("queue-pill" if panel == "queue" else f"rail:{panel}").click()
            expect(page.get_by_role("region", name=words[f"panel.{panel}"], exact=True)).to_be_visible()
            expect(page.get_by_text(words["loading"], exact=True)).to_have_count(0)
            told(page, panel, set(words.values()), only_english if language == "de" else set())


def told(page: Page, view: str, wanted: set[str], unwanted: set[str]) -> None:
    """Texts of a language are seen, none of another, and no key in place of one."""
    texts: set[str] = set(page.evaluate(TEXTS))
    assert [text for text in texts if KEY.search(text)] == [], view
    assert wanted & texts, f"nothing of the language is seen in {view}"
    assert unwanted & texts == set(), view


def test_b53_the_language_is_changed_without_a_reload(page: Page) -> None:
    open_graph(page, GRAPH)
    page.evaluate("window.isSame = true")
    command(page, "German")
    expect(page.get_by_test_id("run")).to_have_text("Ausführen")
    assert page.evaluate("[document.documentElement.lang, window.isSame]") == ["de", True]
    command(page, "English")
    expect(page.get_by_test_id("run")).to_have_text("Run")


def test_b50_dark_light_and_system_are_changed_without_a_reload(page: Page) -> None:
    open_graph(page, GRAPH)
    page.evaluate("window.isSame = true")
    ground = "getComputedStyle(document.body).backgroundColor"
    dark, light = "rgb(22, 24, 29)", "rgb(247, 248, 250)"
    assert page.evaluate(ground) == dark
    command(page, "Light theme")
    until(page, f"{ground} === '{light}'")
    command(page, "Dark theme")
    until(page, f"{ground} === '{dark}'")
    command(page, "Theme of the system")
    page.emulate_media(color_scheme="light")
    until(page, f"{ground} === '{light}'")
    page.emulate_media(color_scheme="dark")
    until(page, f"{ground} === '{dark}'")
    assert page.evaluate("window.isSame") is True


@pytest.mark.parametrize("theme", ["dark", "light"])
def test_b50_every_text_and_port_is_seen_well(browser: Browser, shared_server: Serving, theme: str) -> None:
    with window(browser, shared_server.address, preferences={"theme": theme}) as opened:
        opened.complaints.expected.append("422 (Unprocessable")
        page = opened.page()
        for view in VIEWS:
            view(page)
            page.add_style_tag(content="*, *::before, *::after { transition: none !important; }")
            found: dict[str, Any] = page.evaluate(CONTRASTS)
            assert found["bad"] == [], view.__name__
            assert found["seen"] > 8, view.__name__
            assert found["ports"] > 0 or view in (empty, palette, form), view.__name__


@pytest.fixture
def gate() -> Iterator[str]:
    name = f"motion {next(FRESH)}"
    yield name
    GATES[name].set()


def test_b51_reduced_motion_stops_what_moves_on_wires_and_in_nodes(page: Page, gate: str) -> None:
    work = {"type": "e/ticking", "inputs": {"gate": gate, "picture": "@paint.value"}}
    open_graph(page, graph_document({"paint": {"type": "t/picture"}, "work": work}, results={"o": "work.value"}))
    press_run(page)
    pulse = page.get_by_test_id("wire:work.picture").locator(".pulse")
    expect(pulse).to_have_count(1)
    endless = "one.playState === 'running' && one.effect.getTiming().iterations === Infinity"
    moves = f"document.getAnimations().filter((one) => {endless}).length"
    until(page, f"{moves} > 0")
    page.emulate_media(reduced_motion="reduce")
    until(page, f"{moves} === 0")
    assert pulse.evaluate("(one) => getComputedStyle(one).animationName") == "none"
    line = page.get_by_test_id("node:work").locator(".line i")
    assert line.evaluate("(one) => getComputedStyle(one).transitionDuration") == "0s"
