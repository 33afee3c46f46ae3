"""What a person sees who opens the editor for the first time, and where it leads."""

from __future__ import annotations

import gzip
import re
from pathlib import Path

from playwright.sync_api import Page, Request, expect

from tests.support.editing import PAGE_WAIT, Window, document_of, press_run, until_over, until_ready
from tests.support.served import Serving

MOST_SCRIPT = 300_000


def test_b01_the_first_load_shows_the_canvas_and_three_choices_with_little_script(
    opened: Window, editor_files: Path
) -> None:
    page = opened.page(is_ready=False)
    scripts: list[Request] = []
    page.on("request", lambda request: scripts.append(request) if request.resource_type == "script" else None)
    page.reload()
    until_ready(page)
    expect(page.get_by_test_id("canvas")).to_be_visible()
    expect(page.get_by_test_id("describe")).to_be_visible()
    cards = page.get_by_role("list", name="Templates").get_by_role("listitem")
    expect(cards).to_have_count(6)
    expect(page.get_by_role("button", name="Blank: press / to add a node")).to_be_visible()
    expect(cards.first.locator("img")).to_have_js_property("naturalWidth", 384)
    expect(cards.first).to_contain_text(re.compile(r"here|made already"), timeout=PAGE_WAIT)
    paths = {request.url.rpartition("/assets/")[2] for request in scripts}
    packed = sum(len(gzip.compress((editor_files / "assets" / path).read_bytes(), 9)) for path in paths)
    assert 0 < packed < MOST_SCRIPT


def test_a_newcomer_is_shown_around_once_and_told_what_a_change_will_rerun(
    own_window: Window, own_server: Serving
) -> None:
    page = own_window.page()
    expect(page.get_by_test_id("first-run")).to_contain_text(re.compile("GPU|GiB"))
    page.get_by_test_id("show-around").click()
    expect(page.get_by_test_id("coach:prompt")).to_be_visible()
    page.get_by_test_id("coach-next").click()
    expect(page.get_by_test_id("coach:run")).to_be_visible()
    press_run(page)
    until_over(page)
    told = page.get_by_test_id("coach:try")
    expect(told).to_be_visible(timeout=PAGE_WAIT)
    found = re.search(r"Only (\d+) of (\d+) nodes", told.inner_text())
    assert found is not None, told.inner_text()
    graph = document_of(page)
    graph["parameters"]["height"]["default"] = 1.5
    plan = own_server.client.post("/api/v1/plan", json={"graph": graph}).json()
    assert (int(found[1]), int(found[2])) == (plan["to_run"], len(plan["steps"]))
    page.get_by_test_id("coach-done").click()
    page.get_by_test_id("new-tab").click()
    expect(page.get_by_test_id("describe")).to_be_visible()
    expect(page.get_by_test_id("first-run")).to_have_count(0)
    page.reload()
    until_ready(page)
    expect(page.get_by_test_id("first-run")).to_have_count(0)


def test_the_introduction_is_left_with_one_press(page: Page) -> None:
    page.get_by_test_id("show-around").click()
    page.get_by_test_id("coach-skip").click()
    expect(page.get_by_role("dialog", name="Introduction")).to_have_count(0)
    page.get_by_test_id("new-tab").click()
    expect(page.get_by_test_id("first-run")).to_have_count(0)
