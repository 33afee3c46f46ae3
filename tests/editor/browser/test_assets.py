"""The gallery: what was made, where it comes from, and how it goes back into a graph."""

from __future__ import annotations

import io
import json
import zipfile

from playwright.sync_api import Page, expect

from diorama.refs import Blob
from tests.support.editing import (
    Window,
    document_of,
    graph_document,
    open_graph,
    press_run,
    selected,
    until,
    until_over,
)
from tests.support.sample_values import a_picture, a_sound
from tests.support.served import Serving
from tests.support.service_nodes import graph_of

GREYS = graph_document(
    {
        "grey": {"type": "t/picture", "inputs": {"side": 4}},
        "one": {"type": "e/bright", "inputs": {"image": "@grey.value", "by": 40}},
        "beside": {"type": "t/doubled", "inputs": {"x": 1}},
    },
    "Greys",
    results={"bright": "one.value", "number": "beside.value"},
)


def gallery(page: Page) -> None:
    page.get_by_test_id("rail:assets").click()
    expect(page.get_by_test_id("assets")).to_be_visible()


def loaders(page: Page) -> list[str]:
    """The nodes that load an artefact."""
    nodes = document_of(page)["nodes"]
    return [name for name, one in nodes.items() if "blake3:" in json.dumps(one)]


def test_b55_the_gallery_is_filtered_tells_where_things_come_from_and_puts_them_into_a_graph(
    own_server: Serving, own_window: Window
) -> None:
    own_server.ended(graph_of("picture", title="Other", side=9), title="Other")
    page = own_window.page()
    open_graph(page, GREYS)
    press_run(page)
    until_over(page)
    gallery(page)
    cards = page.get_by_test_id("assets").locator(".asset")
    expect(cards).to_have_count(3)
    page.get_by_label("Graph", exact=True).select_option("Greys")
    expect(cards).to_have_count(2)
    page.get_by_label("Kind", exact=True).select_option("Meshes")
    expect(page.get_by_text("Nothing like that was made")).to_be_visible()
    page.get_by_label("Kind", exact=True).select_option("Images")
    page.get_by_label("When", exact=True).select_option("Last 24 hours")
    page.get_by_test_id("asset:bright").click()
    provenance = page.get_by_test_id("provenance")
    expect(provenance.locator("strong")).to_have_text(["grey", "one"])
    expect(provenance).to_contain_text("40")
    page.get_by_test_id("asset-use").click()
    [loader] = loaders(page)
    assert selected(page)["nodes"] == [loader]
    box = page.get_by_test_id(f"node:{loader}").bounding_box()
    canvas = page.get_by_role("main").bounding_box()
    assert box is not None
    assert canvas is not None
    assert abs(box["x"] + box["width"] / 2 - canvas["x"] - canvas["width"] / 2) < 200
    with page.expect_download() as download:
        page.get_by_test_id("asset-download").click()
    assert download.value.path().read_bytes()[:4] == b"\x89PNG"


def test_the_graph_of_an_asset_is_opened_at_the_node_that_made_it(own_window: Window) -> None:
    page = own_window.page()
    open_graph(page, GREYS)
    press_run(page)
    until_over(page)
    gallery(page)
    page.get_by_test_id("asset:bright").click()
    expect(page.get_by_test_id("provenance")).to_be_visible()
    page.get_by_test_id("asset-open").click()
    expect(page.get_by_test_id("past")).to_be_visible()
    expect(page.get_by_test_id("inspector").get_by_role("heading", level=2)).to_have_text("one")


def test_an_asset_is_dragged_onto_the_canvas(own_window: Window) -> None:
    page = own_window.page()
    open_graph(page, GREYS)
    press_run(page)
    until_over(page)
    gallery(page)
    page.get_by_test_id("asset:bright").drag_to(page.get_by_role("main"), target_position={"x": 700, "y": 600})
    assert len(loaders(page)) == 1


SOUNDS = {"wav": ("WAV", "PCM_16"), "mp3": ("MP3", "MPEG_LAYER_III"), "ogg": ("OGG", "VORBIS")}


def held(server: Serving, name: str, type_: str, media_type: str, content: bytes, **facts: object) -> None:
    """Put an artefact into the gallery, as a run that gave it would."""
    digest = server.service.store.blobs.put(content)
    blob = Blob(digest, len(content), type_, media_type, json.dumps(facts).encode())
    server.service.artefacts.add(blob, name)


def zipped(name: str, content: bytes) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr(name, content)
    return buffer.getvalue()


def test_sounds_and_zips_have_pictures_in_the_gallery_and_are_found_by_their_kind(
    own_server: Serving, own_window: Window
) -> None:
    for name, written in SOUNDS.items():
        held(own_server, name, name, f"audio/{name}", a_sound().write(*written))
    held(own_server, "audio", "audio", "audio/flac", a_sound().encode())
    cover = zipped("picture.png", a_picture(40, 20).encode())
    held(own_server, "scene", "bundle", "application/zip", cover, files=["picture.png"])
    held(own_server, "words", "bundle", "application/zip", zipped("a.txt", b"a"), files=["a.txt"])
    asked: list[str] = []
    page = own_window.page()
    page.on("request", lambda request: asked.append(request.url) if "/thumbnail" in request.url else None)
    gallery(page)
    cards = page.get_by_test_id("assets").locator(".asset")
    expect(cards).to_have_count(6)
    for name in (*SOUNDS, "audio", "scene"):
        page.get_by_test_id(f"asset:{name}").scroll_into_view_if_needed()
        until(page, SEEN, f"asset:{name}")
    expect(page.get_by_test_id("asset:words").locator("svg")).to_be_visible()
    assert len(asked) == 5
    page.get_by_label("Kind", exact=True).select_option("Sounds")
    expect(cards).to_have_count(4)
    page.get_by_label("Kind", exact=True).select_option("Files")
    expect(cards).to_have_count(2)


SEEN = "(id) => document.querySelector(`[data-testid='${id}'] img`)?.naturalWidth > 0"
