"""Controls of inputs: prompts, numbers, seeds, files, sounds, masks, lists."""

from __future__ import annotations

import io
from typing import Any

import numpy as np
import pytest
from PIL import Image as pil
from playwright.sync_api import Locator, Page, expect

from tests.support.editing import Window, choose, document_of, graph_document, head, middle, node, open_graph, until
from tests.support.served import Serving

SEEDED = graph_document(
    {
        "plan": {"type": "diorama/plan_music", "inputs": {"prompt": "slow blues", "seed": 5}},
        "low": {"type": "t/doubled", "inputs": {"x": 2}, "at": [0, 500]},
    },
    title="Seeds",
    results={"score": "plan.music"},
)
PICTURE_SIZE = (64, 40)
MASKED = graph_document(
    {
        "picture": {"type": "diorama/load_image", "inputs": {}},
        "cut": {"type": "diorama/mask_image", "inputs": {"image": "@picture.image"}, "at": [700, 0]},
    },
    title="Masks",
    results={"cut": "cut.image"},
)
MICROPHONE = """
navigator.mediaDevices.getUserMedia = async () => {
  const context = new AudioContext();
  const tone = context.createOscillator();
  const out = context.createMediaStreamDestination();
  tone.connect(out);
  tone.start();
  await context.resume();
  return out.stream;
};
"""
"""A tone in place of a microphone: machines for tests have none."""


def png(size: tuple[int, int] = PICTURE_SIZE, colour: tuple[int, int, int] = (200, 120, 40)) -> bytes:
    """A picture of one colour."""
    buffer = io.BytesIO()
    pil.new("RGB", size, colour).save(buffer, "PNG")
    return buffer.getvalue()


@pytest.fixture(autouse=True)
def _graphs_may_lack_inputs(opened: Window) -> None:
    opened.complaints.expected.append("422 (Unprocessable")


def run_once(page: Page) -> str:
    """Run, and wait until that run is over, however soon; its id."""
    before = page.evaluate("window.__editor.run()")
    page.get_by_test_id("run").click()
    until(page, "(before) => window.__editor.run() !== before && !window.__editor.isGoing()", before)
    run: str = page.evaluate("window.__editor.run()")
    return run


def literal(given: Any) -> Any:
    """A value in a document, short or long."""
    return given["value"] if isinstance(given, dict) and "value" in given else given


def value(page: Page, input_: str) -> Any:
    """What an input is given in the document."""
    name, port = input_.split(".")
    return literal(document_of(page)["nodes"][name].get("inputs", {}).get(port))


def transfer(page: Page, content: bytes, name: str, media: str) -> Any:
    """A file as it is dropped or pasted."""
    return page.evaluate_handle(
        "([bytes, name, type]) => { const given = new DataTransfer();"
        " given.items.add(new File([new Uint8Array(bytes)], name, { type })); return given; }",
        [list(content), name, media],
    )


def paste_file(target: Locator, content: bytes, name: str, media: str) -> None:
    """Paste a file into what has the keyboard."""
    given = transfer(target.page, content, name, media)
    target.evaluate(
        "(element, given) => element.dispatchEvent("
        "new ClipboardEvent('paste', { clipboardData: given, bubbles: true, cancelable: true }))",
        given,
    )


def load_picture(page: Page, name: str = "picture") -> None:
    """Give a picture to a node that loads one, through its chooser."""
    page.get_by_test_id(f"chooser:{name}.file").first.set_input_files(
        {"name": "toy.png", "mimeType": "image/png", "buffer": png()}
    )
    until(page, "(name) => JSON.parse(window.__editor.document()).nodes[name]?.inputs?.file !== undefined", name)


def test_b13_typing_in_a_prompt_is_one_step_and_its_own_undo_comes_first(page: Page) -> None:
    open_graph(page, SEEDED)
    prompt = page.get_by_test_id("value:plan.prompt")
    prompt.click()
    page.keyboard.press("End")
    before = page.evaluate("window.__editor.undoSteps()")
    page.keyboard.type(" in A minor", delay=5)
    assert value(page, "plan.prompt") == "slow blues in A minor"
    assert page.evaluate("window.__editor.undoSteps()") == before + 1
    page.keyboard.press("Control+z")
    expect(prompt).to_be_focused()
    expect(prompt).not_to_have_value("slow blues in A minor")
    until(page, "JSON.parse(window.__editor.document()).nodes.plan.inputs.prompt !== 'slow blues in A minor'")
    assert value(page, "plan.prompt") == prompt.input_value()


def test_b28_the_wheel_over_a_text_box_zooms_unless_the_box_has_the_keyboard(page: Page) -> None:
    long = "\n".join(f"line {number}" for number in range(40))
    document = graph_document({"plan": {"type": "diorama/plan_music", "inputs": {"prompt": long}}})
    open_graph(page, document)
    prompt = page.get_by_test_id("value:plan.prompt")
    page.mouse.move(*middle(prompt))
    before = page.evaluate("window.__editor.zoom()")
    page.mouse.wheel(0, 120)
    until(page, "(before) => window.__editor.zoom() < before", before)
    prompt.click()
    zoom = page.evaluate("window.__editor.zoom()")
    page.mouse.move(*middle(prompt))
    page.mouse.wheel(0, 120)
    page.wait_for_function("(box) => box.scrollTop > 0", arg=prompt.element_handle())
    assert page.evaluate("window.__editor.zoom()") == zoom


def test_b47_a_seed_is_fixed_drawn_or_counted_and_what_was_used_is_in_the_record(
    page: Page, shared_server: Serving
) -> None:
    open_graph(page, SEEDED)
    choose(page, "plan")
    page.get_by_test_id("detail-seed-random:plan.seed").click()
    assert value(page, "plan.seed") == "random"
    run = run_once(page)
    used = recorded_seed(shared_server, run)
    expect(page.get_by_test_id("detail-seed-used:plan.seed")).to_have_text(f"random, last {used}")
    expect(page.get_by_test_id("seed-used:plan.seed")).to_have_text(str(used))
    page.get_by_role("button", name="plan seed: Keep the seed of the last run").first.click()
    assert value(page, "plan.seed") == used
    page.get_by_test_id("detail-seed-counted:plan.seed").click()
    assert recorded_seed(shared_server, run_once(page)) == used
    assert value(page, "plan.seed") == used + 1
    assert recorded_seed(shared_server, run_once(page)) == used + 1
    page.get_by_test_id("detail-seed-fixed:plan.seed").click()
    run_once(page)
    assert value(page, "plan.seed") == used + 2


def recorded_seed(server: Serving, run: str) -> int:
    """The seed that a run's record names."""
    graph = server.client.get(f"/api/v1/runs/{run}/graph").json()
    seed: int = literal(graph["nodes"]["plan"]["inputs"]["seed"])
    return seed


def test_a_number_with_a_range_has_a_slider_whose_value_is_that_of_the_box(page: Page) -> None:
    document = graph_document({"mix": {"type": "diorama/mix", "inputs": {"music_level": 2.0}}})
    open_graph(page, document)
    choose(page, "mix")
    slider = page.get_by_test_id("slider-detail:mix.music_level")
    expect(slider).to_have_attribute("max", "24")
    slider.focus()
    page.keyboard.press("End")
    assert value(page, "mix.music_level") == 24
    expect(page.get_by_test_id("detail:mix.music_level")).to_have_value("24")
    expect(page.get_by_test_id("value:mix.music_level")).to_have_value("24")


@pytest.mark.parametrize("way", ["chosen", "dropped", "pasted"])
def test_a_picture_is_chosen_dropped_or_pasted(page: Page, shared_server: Serving, way: str) -> None:
    open_graph(page, MASKED)
    choose(page, "picture")
    if way == "chosen":
        load_picture(page)
    elif way == "dropped":
        given = transfer(page, png(), "toy.png", "image/png")
        page.get_by_test_id("detail:picture.file").dispatch_event("drop", {"dataTransfer": given})
    else:
        paste_file(page.get_by_test_id("detail:picture.file"), png(), "toy.png", "image/png")
    expect(page.get_by_test_id("detail:picture.file")).to_have_value("toy.png")
    digest = value(page, "picture.file")
    assert shared_server.client.get(f"/api/v1/artefacts/{digest}/content").content == png()
    expect(page.get_by_role("img", name="The picture in the file")).to_be_visible()


def test_a_picture_pasted_on_the_canvas_goes_into_the_selected_node_or_a_new_one(opened: Window) -> None:
    # A picture is asked for the graph that made it; this one has none.
    opened.complaints.expected.append("404 (Not Found)")
    page = opened.page()
    open_graph(page, MASKED)
    choose(page, "picture")
    paste_file(node(page, "picture"), png(), "toy.png", "image/png")
    until(page, "JSON.parse(window.__editor.document()).nodes.picture.inputs?.file !== undefined")
    page.keyboard.press("Escape")
    paste_file(page.locator("body"), png(), "other.png", "image/png")
    until(page, "JSON.parse(window.__editor.document()).nodes.load_image?.inputs?.file !== undefined")


def test_sound_is_recorded_as_a_file_that_the_server_reads(opened: Window, shared_server: Serving) -> None:
    opened.context.add_init_script(MICROPHONE)
    page = opened.page()
    open_graph(page, graph_document({"voice": {"type": "diorama/load_audio"}}))
    choose(page, "voice")
    record = page.get_by_test_id("record")
    record.click()
    expect(record).to_have_attribute("aria-pressed", "true")
    expect(record).to_contain_text("0:01")
    record.click()
    expect(page.get_by_test_id("detail:voice.file")).to_have_value("recording.wav")
    artefact = shared_server.client.get(f"/api/v1/artefacts/{value(page, 'voice.file')}").json()
    assert artefact["media_type"] == "audio/wav"
    assert artefact["facts"]["seconds"] > 0.5


def painted(server: Serving, digest: str) -> np.ndarray[Any, np.dtype[np.uint8]]:
    """The pixels of a mask as the server keeps it."""
    reply = server.client.get(f"/api/v1/artefacts/{digest}/content")
    assert reply.headers["content-type"] == "image/png"
    picture = pil.open(io.BytesIO(reply.content))
    assert picture.size == PICTURE_SIZE
    return np.asarray(picture.convert("L"))


def at(surface: Locator, x: float, y: float) -> tuple[float, float]:
    """A point of the picture on the screen."""
    box = surface.bounding_box()
    assert box is not None
    return box["x"] + x / PICTURE_SIZE[0] * box["width"], box["y"] + y / PICTURE_SIZE[1] * box["height"]


def stroke(page: Page, start: tuple[float, float], end: tuple[float, float]) -> None:
    """Paint from one point of the picture to another."""
    surface = page.get_by_test_id("mask-canvas")
    page.mouse.move(*at(surface, *start))
    page.mouse.down()
    page.mouse.move(*at(surface, *end), steps=5)
    page.mouse.up()


def test_b48_a_mask_is_painted_erased_undone_inverted_and_reaches_the_server_as_a_png_of_the_pictures_size(
    page: Page, shared_server: Serving
) -> None:
    open_graph(page, MASKED)
    load_picture(page)
    page.get_by_test_id("paint:cut.mask").click()
    expect(page.get_by_test_id("mask-canvas")).to_have_attribute("width", str(PICTURE_SIZE[0]))
    page.get_by_test_id("mask-size").fill("8")
    stroke(page, (8, 10), (56, 10))
    stroke(page, (8, 30), (56, 30))
    page.get_by_test_id("mask-undo").click()
    page.get_by_test_id("mask-erase").click()
    stroke(page, (32, 4), (32, 16))
    page.get_by_test_id("mask-save").click()
    expect(page.get_by_test_id("mask")).to_have_count(0)
    loader = document_of(page)["nodes"]["cut"]["inputs"]["mask"]["wire"].split(".")[0]
    mask = painted(shared_server, value(page, f"{loader}.file"))
    assert [mask[10, 16], mask[10, 32], mask[30, 16], mask[20, 16]] == [255, 0, 0, 0]
    page.get_by_test_id("paint:cut.mask").click()
    surface = "document.querySelector('[data-testid=mask-canvas]')?"
    until(page, surface + ".getContext('2d').getImageData(16, 10, 1, 1).data[3] === 255")
    page.get_by_test_id("mask-invert").click()
    page.get_by_test_id("mask-save").click()
    expect(page.get_by_test_id("mask")).to_have_count(0)
    mask = painted(shared_server, value(page, f"{loader}.file"))
    assert [mask[10, 16], mask[10, 32], mask[30, 16], mask[20, 16]] == [0, 255, 255, 255]
    run = run_once(page)
    assert shared_server.client.get(f"/api/v1/runs/{run}").json()["state"] == "succeeded"
    page.keyboard.press("Control+z")
    assert painted(shared_server, value(page, f"{loader}.file"))[10, 16] == 255


def test_a_mask_is_painted_with_the_keyboard_alone(page: Page, shared_server: Serving) -> None:
    open_graph(page, MASKED)
    load_picture(page)
    choose(page, "cut")
    page.get_by_test_id("detail-paint:cut.mask").focus()
    page.keyboard.press("Enter")
    surface = page.get_by_test_id("mask-canvas")
    expect(surface).to_be_visible()
    page.get_by_test_id("mask-size").fill("10")
    surface.focus()
    page.keyboard.press("Space")
    page.get_by_test_id("mask-save").focus()
    page.keyboard.press("Enter")
    expect(page.get_by_test_id("mask")).to_have_count(0)
    mask = painted(shared_server, value(page, "load_mask.file"))
    assert [mask[20, 32], mask[5, 5]] == [255, 0]


def test_a_list_is_written_one_item_on_a_line_and_runs_the_node_for_each(page: Page) -> None:
    document = graph_document({"plan": {"type": "diorama/plan_music", "inputs": {"prompt": "slow blues"}}})
    open_graph(page, document)
    choose(page, "plan")
    page.get_by_role("button", name="Run once for each item of prompt").click()
    page.get_by_test_id("detail:plan.prompt").fill("slow blues\nfast waltz")
    assert value(page, "plan.prompt") == ["slow blues", "fast waltz"]
    assert document_of(page)["nodes"]["plan"]["for_each"] == ["prompt"]
    expect(page.get_by_test_id("value:plan.prompt")).to_have_value("slow blues\nfast waltz")
    expect(node(page, "plan").get_by_text("each", exact=True)).to_be_visible()
    expect(head(page, "plan")).to_be_visible()
