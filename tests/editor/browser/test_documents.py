"""Graphs as documents: kept, saved, opened in tabs, shared by two tabs of a browser."""

from __future__ import annotations

import json

from playwright.sync_api import Locator, Page, expect

from tests.support.editing import Window, document_of, graph_document, node, open_graph, selected, until, until_ready
from tests.support.served import Serving

GRAPH = graph_document(
    {"one": {"type": "t/doubled", "inputs": {"x": 1}}, "two": {"type": "t/doubled", "inputs": {"x": "@one.value"}}}
)
OTHER = graph_document({"other": {"type": "t/doubled", "inputs": {"x": 5}}}, title="Other")


IS_KEPT = """async (words) => {
    const drafts = () => new Promise((resolve) => {
        const asked = indexedDB.open("diorama.graphs");
        asked.onsuccess = () => {
            const all = asked.result.transaction("drafts").objectStore("drafts").getAll();
            all.onsuccess = () => { asked.result.close(); resolve(all.result); };
        };
    });
    for (let round = 0; round < 200; round += 1) {
        if ((await drafts()).some((one) => one.text.includes(words))) return true;
        await new Promise((resolve) => setTimeout(resolve, 50));
    }
    return false;
}"""
"""Whether a draft with these words comes to be kept in the browser."""


def saved_state(page: Page) -> Locator:
    return page.get_by_test_id("saved")


def title(page: Page) -> Locator:
    return page.get_by_label("Title of the graph")


def rename(page: Page, words: str) -> None:
    title(page).fill(words)


def save_as(page: Page, name: str) -> None:
    page.keyboard.press("Control+Shift+s")
    page.get_by_test_id("save-name").fill(name)
    page.get_by_test_id("save-do").click()
    expect(page.get_by_test_id("save-as")).to_have_count(0)
    expect(saved_state(page)).to_contain_text("saved")


def put(server: Serving, name: str, graph: object, version: int = 0) -> None:
    condition = {"If-Match": f'"{version}"'} if version else {"If-None-Match": "*"}
    reply = server.client.put(f"/api/v1/graphs/{name}", json=graph, headers=condition)
    assert reply.status_code in (200, 201), reply.text


def test_a_graph_is_saved_by_name_and_a_bad_name_is_told_in_a_sentence(page: Page, shared_server: Serving) -> None:
    open_graph(page, GRAPH)
    expect(saved_state(page)).to_have_text("draft")
    page.keyboard.press("Control+s")
    page.get_by_test_id("save-name").fill("no name!")
    page.get_by_test_id("save-do").click()
    expect(page.get_by_role("alert")).to_contain_text("no name!")
    page.get_by_test_id("save-name").fill("by_name")
    page.get_by_test_id("save-do").click()
    expect(saved_state(page)).to_have_text("saved")
    assert shared_server.client.get("/api/v1/graphs/by_name").json()["nodes"] == document_of(page)["nodes"]
    rename(page, "Another title")
    expect(saved_state(page)).to_have_text("changed")
    page.keyboard.press("Control+s")
    expect(saved_state(page)).to_have_text("saved")
    (newest, first) = shared_server.client.get("/api/v1/graphs/by_name/versions").json()["items"]
    assert (newest["version"], first["version"]) == (2, 1)


def test_what_is_edited_back_to_what_was_saved_is_saved_after_a_reload_too(page: Page) -> None:
    open_graph(page, GRAPH | {"title": "There and back"})
    save_as(page, "there_and_back")
    rename(page, "Elsewhere")
    expect(saved_state(page)).to_have_text("changed")
    assert page.evaluate(IS_KEPT, "Elsewhere")
    page.reload()
    until_ready(page)
    expect(saved_state(page)).to_have_text("changed")
    rename(page, "There and back")
    expect(saved_state(page)).to_have_text("saved")
    page.keyboard.press("Control+z")
    expect(saved_state(page)).to_have_text("changed")


def test_b45_what_was_changed_is_there_again_after_the_tab_was_killed(opened: Window) -> None:
    page = opened.page()
    open_graph(page, GRAPH)
    rename(page, "Not to be lost")
    before = document_of(page)
    assert page.evaluate(IS_KEPT, "Not to be lost")
    page.close(run_before_unload=False)
    again = opened.page()
    expect(title(again)).to_have_value("Not to be lost")
    assert document_of(again) == before


def test_b45_two_tabs_on_one_graph_never_overwrite_each_other_silently(opened: Window, shared_server: Serving) -> None:
    put(shared_server, "shared_graph", GRAPH)
    mine, theirs = opened.page("/g/shared_graph"), opened.page("/g/shared_graph")
    expect(saved_state(mine)).to_contain_text("open elsewhere")
    expect(saved_state(theirs)).to_contain_text("open elsewhere")
    rename(theirs, "Theirs")
    theirs.keyboard.press("Control+s")
    expect(saved_state(theirs)).to_contain_text("saved")
    expect(saved_state(mine)).to_have_text("saved elsewhere")
    opened.complaints.expected.append("412")
    rename(mine, "Mine")
    mine.keyboard.press("Control+s")
    dialog = mine.get_by_test_id("conflict")
    expect(dialog).to_contain_text("version 2")
    expect(dialog.locator("table")).to_contain_text("Theirs")
    assert shared_server.client.get("/api/v1/graphs/shared_graph").json()["title"] == "Theirs"
    mine.get_by_test_id("conflict-mine").click()
    expect(saved_state(mine)).to_contain_text("saved")
    assert shared_server.client.get("/api/v1/graphs/shared_graph").json()["title"] == "Mine"
    assert shared_server.client.get("/api/v1/graphs/shared_graph?version=2").json()["title"] == "Theirs"


def test_what_another_saved_meanwhile_opens_in_a_tab_and_mine_stays(opened: Window, shared_server: Serving) -> None:
    put(shared_server, "contested", GRAPH)
    page = opened.page("/g/contested")
    put(shared_server, "contested", OTHER, 1)
    opened.complaints.expected.append("412")
    rename(page, "Mine")
    page.keyboard.press("Control+s")
    page.get_by_test_id("conflict-theirs").click()
    expect(title(page)).to_have_value("Other")
    expect(page.get_by_test_id("tab")).to_have_count(2)
    page.get_by_role("button", name="Mine changed").click()
    expect(title(page)).to_have_value("Mine")
    assert shared_server.client.get("/api/v1/graphs/contested").json()["title"] == "Other"


def test_tabs_keep_their_steps_of_undo_and_a_closed_one_opens_again(page: Page) -> None:
    open_graph(page, GRAPH)
    rename(page, "First")
    page.get_by_test_id("new-tab").click()
    expect(node(page, "one")).to_have_count(0)
    page.get_by_role("button", name="First changed").click()
    page.get_by_test_id("canvas").click(position={"x": 20, "y": 20})
    page.keyboard.press("Control+z")
    expect(title(page)).to_have_value("Test")
    page.keyboard.press("Control+Shift+z")
    page.get_by_role("button", name="Close First").click()
    expect(node(page, "one")).to_have_count(0)
    page.keyboard.press("Alt+Shift+w")
    expect(title(page)).to_have_value("First")
    expect(node(page, "one")).to_be_visible()


def test_b52_a_deep_link_opens_that_graph_node_and_run(opened: Window, shared_server: Serving) -> None:
    put(shared_server, "linked", GRAPH)
    graph = {**GRAPH, "results": {"r": "two.value"}}
    run = shared_server.client.post("/api/v1/runs", json={"graph": graph}).json()["id"]
    with shared_server.ear() as ear:
        ear.run(run)
    page = opened.page(f"/g/linked?node=two&run={run}")
    expect(title(page)).to_have_value("Test")
    until(page, "JSON.stringify(window.__editor.selection().nodes) === '[\"two\"]'")
    until(page, "(run) => window.__editor.run() === run", run)
    until(page, "['done', 'cached'].includes(window.__editor.status('two').state)")
    expect(node(page, "two")).to_be_in_viewport()
    page.wait_for_url(lambda url: url.endswith(f"/g/linked?node=two&run={run}"))


def test_b52_the_address_follows_what_is_open_and_back_leads_back(opened: Window, shared_server: Serving) -> None:
    put(shared_server, "went_from", GRAPH)
    put(shared_server, "went_to", OTHER)
    page = opened.page("/g/went_from")
    page.keyboard.press("Control+o")
    page.keyboard.type("went_to")
    page.get_by_test_id("entry:went_to").click()
    expect(title(page)).to_have_value("Other")
    page.wait_for_url("**/g/went_to")
    node(page, "other").locator(".head").click()
    page.wait_for_url("**/g/went_to?node=other")
    page.go_back()
    expect(title(page)).to_have_value("Test")
    page.wait_for_url("**/g/went_from")
    page.go_forward()
    expect(title(page)).to_have_value("Other")
    page.reload()
    until_ready(page)
    expect(title(page)).to_have_value("Other")
    assert selected(page)["nodes"] in ([], ["other"])
    assert json.loads(page.evaluate("JSON.stringify(history.state)"))["tab"]


def test_b46_versions_are_listed_named_compared_and_restored_and_undo_takes_that_back(
    opened: Window, shared_server: Serving
) -> None:
    put(shared_server, "versioned", GRAPH)
    put(shared_server, "versioned", OTHER, 1)
    page = opened.page("/g/versioned")
    page.keyboard.press("Alt+v")
    first = page.get_by_test_id("version:1")
    expect(first).to_contain_text("local")
    first.get_by_label("Name of version 1").fill("the first one")
    page.keyboard.press("Enter")
    expect(first.get_by_label("Name of version 1")).to_have_value("the first one")
    first.get_by_role("button", name="Compare").click()
    expect(first.get_by_test_id("difference:one")).to_contain_text("t/doubled")
    first.get_by_label("Compare version 1 with").select_option("2")
    expect(first.get_by_test_id("difference:other")).to_contain_text("t/doubled")
    first.get_by_role("button", name="Restore").click()
    expect(node(page, "one")).to_be_visible()
    expect(saved_state(page)).to_have_text("changed")
    page.keyboard.press("Control+z")
    expect(node(page, "other")).to_be_visible()
    expect(saved_state(page)).to_have_text("saved")
    notes = [one["note"] for one in shared_server.client.get("/api/v1/graphs/versioned/versions").json()["items"]]
    assert notes == ["", "the first one"]


PICTURE_IS_SEEN = "() => document.querySelector('[data-testid=\"template:text_to_mesh\"] img')?.naturalWidth > 0"


def test_a_template_that_takes_weights_says_so_in_place_of_a_picture(page: Page) -> None:
    page.get_by_test_id("rail:templates").click()
    card = page.locator("ul.list").get_by_test_id("template:text_to_scene_models")
    expect(card.locator(".template-picture svg")).to_be_visible()
    expect(card.locator(".template-picture")).to_contain_text("takes model weights")
    others = page.locator("ul.list [data-testid^='template:']").count() - 1
    expect(page.locator("ul.list .template img")).to_have_count(others)


def test_a_server_that_wants_a_key_is_given_one_in_place(own_window: Window, own_server: Serving) -> None:
    _, secret = own_server.service.access.create("browser", ["read", "run", "write"])
    assert own_server.client.patch("/api/v1/settings", json={"require_keys": True}).status_code == 200
    own_window.complaints.expected += ["401", "WebSocket"]
    page = own_window.page(is_ready=False)
    asked = page.get_by_test_id("ask-key")
    expect(asked).to_be_visible()
    page.get_by_test_id("key").fill("dio_wrong")
    page.get_by_test_id("key-do").click()
    expect(page.get_by_role("alert")).to_contain_text("not taken")
    page.get_by_test_id("key").fill(secret)
    page.get_by_test_id("key-do").click()
    until_ready(page)
    expect(asked).to_have_count(0)
    until(page, PICTURE_IS_SEEN)
    open_graph(page, GRAPH)
    save_as(page, "with_a_key")


def test_without_the_server_the_draft_is_edited_on_and_saving_says_why_not(
    opened: Window, shared_server: Serving
) -> None:
    put(shared_server, "unreachable", GRAPH)
    page = opened.page("/g/unreachable")
    opened.complaints.expected.append("ERR_")
    opened.context.set_offline(True)
    rename(page, "Offline")
    page.keyboard.press("Control+s")
    expect(saved_state(page)).to_contain_text("not saved: the server cannot be reached")
    assert page.evaluate(IS_KEPT, "Offline")
    opened.context.set_offline(False)
    page.keyboard.press("Control+s")
    expect(saved_state(page)).to_contain_text("saved")
    expect(saved_state(page)).not_to_contain_text("not saved")
    assert shared_server.client.get("/api/v1/graphs/unreachable").json()["title"] == "Offline"
