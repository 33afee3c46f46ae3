"""Files that are dropped: graphs open in tabs of their own, other files become nodes, and nothing is lost."""

from __future__ import annotations

import base64
import json
from typing import Any

import pytest
from playwright.sync_api import Page, Route, expect

from diorama.embed import embed_graph
from diorama.graph import read_graph
from diorama.keys import digest_of
from tests.engine.test_embed import FILES as OTHERS
from tests.server.test_artefact_graphs import wav
from tests.support.editing import Window, document_of, graph_document, node, open_graph
from tests.support.sample_values import a_picture
from tests.support.served import Serving

GRAPH = graph_document({"one": {"type": "t/doubled", "inputs": {"x": 1.0}}}, title="From a file")
UNKNOWN = graph_document(
    {
        "gone": {"type": "elsewhere/painter", "inputs": {"colour": "ultramarine", "strength": 0.5}},
        "after": {"type": "t/doubled", "inputs": {"x": "@gone.amount"}},
    },
    title="Of another machine",
)
WRITTEN = {
    "gone": {"type": "elsewhere/painter", "inputs": {"colour": "ultramarine", "strength": 0.5}},
    "after": {"type": "t/doubled", "inputs": {"x": {"wire": "gone.amount"}}},
}
MP4 = b"\0\0\0\x18ftypisom\0\0\0\1isommp41" + b"\0\0\0\x0cmdat1234"
MINE = graph_document({"mine": {"type": "t/doubled", "inputs": {"x": 3}}}, title="Mine")
DROP = """([name, type, text, place]) => {
    const bytes = Uint8Array.from(atob(text), (sign) => sign.charCodeAt(0));
    const data = new DataTransfer();
    data.items.add(new File([bytes], name, { type }));
    const target = document.querySelector(place);
    const box = target.getBoundingClientRect();
    const point = { clientX: box.x + box.width / 2, clientY: box.y + box.height / 2 };
    const at = { ...point, bubbles: true, cancelable: true, dataTransfer: data };
    for (const kind of ["dragenter", "dragover", "drop"]) target.dispatchEvent(new DragEvent(kind, at));
}"""


def drop(page: Page, name: str, content: bytes, type_: str = "", place: str = ".react-flow__pane") -> None:
    page.evaluate(DROP, [name, type_, base64.b64encode(content).decode(), place])


def title(page: Page, words: str) -> None:
    expect(page.get_by_label("Title of the graph")).to_have_value(words)


def text(document: dict[str, Any]) -> bytes:
    return json.dumps(document).encode()


FILES = {
    "graph.json": text(GRAPH),
    "picture.png": embed_graph(a_picture(24, 16).encode(), ".png", text(GRAPH)),
    "sound.wav": embed_graph(wav(), ".wav", text(GRAPH)),
    "film.mp4": embed_graph(MP4, ".mp4", text(GRAPH)),
    "model.glb": embed_graph(OTHERS[".glb"], ".glb", text(GRAPH)),
    "all.zip": embed_graph(OTHERS[".zip"], ".zip", text(GRAPH)),
}


@pytest.mark.parametrize("name", FILES)
def test_b43_a_dropped_file_with_a_graph_opens_it_in_a_new_tab_and_never_over_unsaved_work(
    page: Page, name: str
) -> None:
    open_graph(page, MINE)
    page.get_by_label("Title of the graph").fill("Not saved")
    # Anywhere on the page, not on the canvas alone.
    drop(page, name, FILES[name], place=".rail" if name == "graph.json" else ".react-flow__pane")
    title(page, "From a file")
    expect(node(page, "one")).to_be_visible()
    page.get_by_role("button", name="Not saved changed").click()
    expect(node(page, "mine")).to_be_visible()


def test_b43_a_result_of_a_run_here_opens_the_graph_of_that_run(page: Page, shared_server: Serving) -> None:
    graph = {
        **graph_document({"p": {"type": "t/picture", "inputs": {"side": 9}}}, title="Made here"),
        "results": {"r": "p.value"},
    }
    run = shared_server.submit_raw(graph)
    content = shared_server.client.get(f"/api/v1/runs/{run['id']}/results/r").content
    open_graph(page, MINE)
    drop(page, "r.png", content, "image/png")
    title(page, "Made here")


def test_a_dropped_picture_without_a_graph_becomes_a_node_at_the_pointer(page: Page) -> None:
    open_graph(page, MINE)
    drop(page, "boat.png", a_picture(20, 20).encode(), "image/png")
    expect(page.get_by_test_id("toast")).to_contain_text("no graph in boat.png")
    loaders = [one for one in document_of(page)["nodes"].values() if one["type"] != "t/doubled"]
    assert len(loaders) == 1
    assert any(str(value).startswith("blake3:") for value in loaders[0]["inputs"].values())
    title(page, "Mine")


SENTENCES = {
    "a newer format": ("new.json", text({**GRAPH, "format": 99}), "a newer Diorama is needed"),
    "no graph": ("list.json", b"[1, 2]", "is wanted here"),
    "no JSON": ("half.json", b'{"format": 1,', "not JSON at line 1"),
    "a file of another kind": ("notes.bin", b"\0\1\2\3", "no graph in notes.bin"),
}


@pytest.mark.parametrize("case", SENTENCES)
def test_what_cannot_be_opened_is_told_in_a_sentence_and_nothing_is_lost(page: Page, case: str) -> None:
    name, content, words = SENTENCES[case]
    open_graph(page, MINE)
    drop(page, name, content)
    expect(page.get_by_test_id("toast")).to_contain_text(words)
    title(page, "Mine")
    expect(page.get_by_test_id("tab")).to_have_count(1)


def test_a_file_larger_than_the_server_takes_is_told_in_a_sentence(opened: Window) -> None:
    page = opened.page()
    opened.complaints.expected += ["413", "422", "507"]
    open_graph(page, MINE)
    page.evaluate("""() => {
        const file = new File(["x"], "huge.mp4", { type: "video/mp4" });
        Object.defineProperty(file, "size", { value: 3 * 2 ** 30 });
        const drop = new DragEvent("drop", { bubbles: true, cancelable: true, clientX: 600, clientY: 400 });
        Object.defineProperty(drop, "dataTransfer", { value: { files: [file], types: ["Files"], getData: () => "" } });
        document.querySelector(".react-flow__pane").dispatchEvent(drop);
    }""")
    expect(page.get_by_test_id("toast")).to_contain_text("huge.mp4")
    expect(page.get_by_test_id("toast")).to_contain_text("2")
    title(page, "Mine")


def test_b44_what_is_exported_and_imported_again_has_the_same_digest(page: Page) -> None:
    open_graph(page, UNKNOWN)
    with page.expect_download() as waiting:
        page.keyboard.press("Control+e")
    content = waiting.value.path().read_bytes()
    page.get_by_label("Title of the graph").fill("Changed since")
    drop(page, "again.json", content)
    title(page, "Of another machine")
    again = page.evaluate("window.__editor.document()")
    assert again.encode() == content
    assert digest_of(read_graph(again.encode()).canonical()) == digest_of(read_graph(text(UNKNOWN)).canonical())


def test_b44_nodes_of_unknown_types_keep_values_and_wires_and_can_be_replaced(page: Page) -> None:
    open_graph(page, UNKNOWN)
    assert document_of(page)["nodes"] == WRITTEN
    expect(node(page, "gone")).to_have_accessible_name("gone, elsewhere/painter, missing")
    node(page, "gone").locator(".head").click()
    expect(page.get_by_text("pip install")).to_be_visible()
    page.get_by_role("button", name="Replace").click()
    page.keyboard.type("doubled")
    page.keyboard.press("Enter")
    replaced = document_of(page)["nodes"]["gone"]
    assert replaced["type"] == "t/doubled"
    assert replaced["inputs"]["colour"] == "ultramarine"
    assert document_of(page)["nodes"]["after"]["inputs"]["x"] == {"wire": "gone.amount"}


DROP_LARGE = """([name, size]) => {
    const file = new File(["x"], name, {type: "video/mp4"});
    Object.defineProperty(file, "size", {value: size});
    const slice = file.slice.bind(file);
    file.slice = (from, to) => new Blob([new Uint8Array(Math.max(0, Math.min(to, size) - from))]);
    const given = {types: ["Files"], files: [file], getData: () => "", dropEffect: "none"};
    const drop = new Event("drop", {bubbles: true, cancelable: true});
    Object.defineProperty(drop, "dataTransfer", {value: given});
    document.querySelector("[data-testid=canvas]").dispatchEvent(drop);
}"""


def test_a_file_beyond_the_servers_bound_is_refused_in_a_sentence_before_a_byte_of_it_is_sent(opened: Window) -> None:
    opened.complaints.expected += ["413", "507"]
    page = opened.page()
    sent: list[str] = []
    page.on("request", lambda request: sent.append(request.method) if "/api/v1/uploads" in request.url else None)
    page.evaluate(DROP_LARGE, ["vast.mp4", 10**13])
    expect(page.get_by_test_id("toast")).to_contain_text("vast.mp4")
    expect(page.get_by_test_id("toast")).to_contain_text("bytes")
    assert sent == ["POST"], "no part of it went"


def test_a_large_file_says_how_far_it_is_sent_and_can_be_cancelled(page: Page) -> None:
    held: list[Route] = []
    asked: list[str] = []

    def hold(route: Route) -> None:
        asked.append(route.request.method)
        if asked == ["PATCH", "PATCH"]:
            held.append(route)
        else:
            route.continue_()

    page.route("**/api/v1/uploads/*", hold)
    page.evaluate(DROP_LARGE, ["large.mp4", 16 * 2**20])
    toast = page.get_by_test_id("toast")
    expect(toast).to_contain_text("large.mp4 is being sent: 25 %")
    toast.get_by_role("button", name="Cancel").click()
    held[0].continue_()
    expect(toast).to_contain_text("it was cancelled")
    assert asked == ["PATCH", "PATCH", "DELETE"]
