"""The thin doors: one call, one file, by the real graphs and nodes."""

from __future__ import annotations

import dataclasses
import io
import threading
from typing import Any

import pytest
from PIL import Image as pil
from tests.support import bombs
from tests.support.sample_values import a_picture
from tests.support.served import Serving, Told
from tests.support.service_nodes import GATES, graph_of

from diorama.graph import Constant, Graph, GraphNode, Param, Parameter, Wire
from diorama.templates import saved_graphs
from diorama.values import Image, Mesh

ROCKET = (saved_graphs()["image_to_mesh"].parent / "media" / "toy_rocket.png").read_bytes()
SECONDS = {"wait": "120"}


def post(served: Serving, path: str, **asked: Any) -> Any:
    return served.client.post(path, timeout=150, params=SECONDS, **asked)


def test_a_picture_in_a_mesh_out(real: Serving) -> None:
    reply = post(real, "/generate/mesh", content=ROCKET, headers={"Content-Type": "image/png"})
    assert (reply.status_code, reply.headers["content-type"]) == (200, "model/gltf-binary")
    assert reply.content[:4] == b"glTF"
    assert Mesh.decode(reply.content).face_count > 100
    run = reply.headers["x-run-id"]
    assert real.client.get(f"/v1/generations/{run}/status").json()["status"] == "done"


def test_a_form_holds_the_picture_as_well(real: Serving) -> None:
    by_form = post(real, "/generate/mesh", files={"image": ("rocket.png", ROCKET, "image/png")})
    by_body = post(real, "/generate/mesh", content=ROCKET)
    assert by_form.status_code == 200, by_form.text
    assert by_form.content == by_body.content


def test_words_in_a_picture_out(real: Serving) -> None:
    asked = {"prompt": "a lighthouse at dawn", "seed": 3, "parameters": {"width": 320, "height": 180}}
    reply = post(real, "/generate/image", json=asked)
    assert (reply.status_code, reply.headers["content-type"]) == (200, "image/png")
    picture = Image.decode(reply.content)
    assert (picture.width, picture.height) == (320, 180)


def test_words_in_a_picture_on_the_way_a_mesh_out_and_who_made_them(real: Serving) -> None:
    reply = post(real, "/generate/full", json={"prompt": "a white teapot"}, headers={"Accept": "application/json"})
    assert reply.status_code == 200, reply.text
    told = reply.json()
    assert {one["name"]: one["media_type"] for one in told["downloads"]} == {
        "image": "image/png",
        "mesh": "model/gltf-binary",
        "cutout": "image/png",
    }
    assert told["made_by"]["image"] == {"node": "diorama/render_mesh", "models": []}
    assert told["made_by"]["mesh"] == {"node": "diorama/inflate", "models": []}
    for one in told["downloads"]:
        got = real.client.get(one["url"])
        assert (got.status_code, len(got.content)) == (200, one["size"])
    status = real.client.get(f"/v1/generations/{told['id']}/status").json()
    assert [(one["name"], one["state"], one["progress"]) for one in status["stages"]] == [
        ("image", "done", 1.0),
        ("mesh", "done", 1.0),
    ]
    page = real.client.get(told["viewer_url"])
    assert page.headers["content-type"].startswith("text/html")
    for one in told["downloads"]:
        assert one["file_name"] in page.text


def test_a_generation_is_begun_followed_and_fetched(real: Serving) -> None:
    asked = {"kind": "image", "prompt": "a red car", "parameters": {"width": 160, "height": 90}}
    begun = real.client.post("/v1/generations", json=asked, headers={"Idempotency-Key": "g1"})
    assert begun.status_code == 202
    told = begun.json()
    assert told["job_id"] == told["id"]
    assert begun.headers["location"] == told["status_url"]
    with real.ear() as ear:
        ear.run(told["id"])
    assert real.client.get(told["status_url"]).json()["status"] == "done"
    result = real.client.get(told["result_url"]).json()
    assert result["parameters"]["prompt"] == "a red car"
    assert result["values"]["plan"]["planner"] == "rules"
    assert result["made_by"]["plan"]["node"] == "diorama/plan_scene"
    again = real.client.post("/v1/generations", json=asked, headers={"Idempotency-Key": "g1"})
    assert (again.status_code, again.json()["id"]) == (200, told["id"])


def two_stages(gate: str) -> Graph:
    """A graph with the results of the door `full`, the second of which waits for a gate."""
    return Graph(
        {
            "picture": GraphNode("t/picture", {"side": Constant(9)}),
            "waits": GraphNode("t/gated", {"gate": Param("prompt"), "x": Constant(7)}),
            "second": GraphNode("t/picture", {"side": Wire("waits", "value")}),
        },
        {"image": Wire("picture", "value"), "mesh": Wire("second", "value")},
        {"prompt": Parameter("text", gate)},
        "Two stages",
    )


def status_until(served: Serving, run: str, is_so: Any) -> Told:
    """The status once something is so; asked again whenever the run tells something."""
    with served.service.hub.subscribe([f"run:{run}"]) as heard:
        while not is_so(told := served.client.get(f"/v1/generations/{run}/status").json()):
            assert heard.get(20.0), told
    found: Told = told
    return found


def test_a_run_that_takes_longer_is_told_of_by_stages_and_can_be_fetched_later(served: Serving) -> None:
    served.service.saved.save("two_stages", two_stages("doors"), None)
    try:
        body = {"prompt": "doors", "graph": "two_stages"}
        reply = served.client.post("/generate/full", params={"wait": 0}, json=body)
        assert reply.status_code == 202, reply.text
        told = reply.json()
        assert reply.headers["location"] == told["status_url"]
        assert served.client.get(told["result_url"]).status_code == 409
        status = status_until(served, told["id"], lambda one: one["stages"][0]["state"] == "done" and one["operation"])
        assert status["status"] == "running"
        assert [(one["name"], one["state"]) for one in status["stages"]] == [("image", "done"), ("mesh", "running")]
        assert status["stages"][1]["progress"] < 1
        assert status["operation"] == "waits (t/gated)"
        look = served.client.get("/status").json()
        assert look["status"] == "busy"
        assert [one["operation"] for one in look["operations"] if one["run"] == told["id"]] == ["waits (t/gated)"]
    finally:
        GATES["doors"].set()
    status = status_until(served, told["id"], lambda one: one["status"] == "done")
    assert [one["progress"] for one in status["stages"]] == [1.0, 1.0]
    assert served.client.get(told["result_url"]).status_code == 200


def test_a_run_that_fails_is_told_with_its_faults(served: Serving) -> None:
    graph = Graph(
        {
            "bad": GraphNode("t/failing", {"why": Param("prompt")}),
            "second": GraphNode("t/picture", {"side": Wire("bad", "value")}),
        },
        {"image": Wire("second", "value")},
        {"prompt": Parameter("text", "no")},
    )
    served.service.saved.save("refuses", graph, None)
    body = {"prompt": "it is <b>refused</b>", "graph": "refuses"}
    reply = served.client.post("/generate/image", json=body)
    assert (reply.status_code, reply.json()["faults"][0]["code"]) == (422, "R002")
    run = reply.headers["x-run-id"]
    status = served.client.get(f"/v1/generations/{run}/status").json()
    assert (status["status"], status["stages"][0]["state"]) == ("failed", "failed")
    assert status["faults"][0]["code"] == "R002"


BAD_PICTURES = {
    "nothing": (b"", 413, "U002"),
    "no picture": (b"plain words", 422, "U005"),
    "a page": (b"<html><script>alert(1)</script>", 422, "U005"),
    "a bomb": (bombs.png(50_000, 50_000), 422, "U005"),
    "a mesh": (bombs.glb(bombs.triangles(3), b"\0" * 36), 422, "U005"),
}


@pytest.mark.parametrize(("content", "status", "code"), BAD_PICTURES.values(), ids=BAD_PICTURES)
def test_t30_what_is_no_picture_is_refused_before_it_is_queued(
    real: Serving, content: bytes, status: int, code: str
) -> None:
    before = len(real.client.get("/api/v1/runs", params={"limit": 1000}).json()["items"])
    reply = real.client.post("/generate/mesh", content=content)
    assert (reply.status_code, reply.json()["faults"][0]["code"]) == (status, code)
    assert len(real.client.get("/api/v1/runs", params={"limit": 1000}).json()["items"]) == before
    assert list((real.service.store.root / "uploads").iterdir()) == []


FORMS: dict[str, dict[str, Any]] = {
    "no such field": {"files": {"other": ("a.png", ROCKET, "image/png")}},
    "two files": {"files": [("image", ("a.png", ROCKET)), ("image", ("b.png", ROCKET))]},
    "a text for the file": {"files": {"other": ("a", b"x")}, "data": {"image": "text"}},
    "a thousand fields": {"files": {"image": ("a.png", ROCKET)}, "data": {f"f{n}": "x" for n in range(1000)}},
    "no form at all": {"content": b"--x", "headers": {"Content-Type": "multipart/form-data"}},
    "a form without an end": {
        "content": b'--x\r\nContent-Disposition: form-data; name="image"; filename="a"\r\n\r\nabc',
        "headers": {"Content-Type": "multipart/form-data; boundary=x"},
    },
}


# Of a form without an end the parser leaves a temporary file to the collector.
@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
@pytest.mark.parametrize("form", FORMS.values(), ids=FORMS)
def test_a_form_of_another_shape_is_refused(real: Serving, form: dict[str, Any]) -> None:
    reply = real.client.post("/generate/mesh", **form)
    assert reply.status_code in (400, 422)
    assert reply.headers["content-type"] == "application/problem+json"


def test_a_form_beyond_the_limit_is_cut_off_as_it_comes(real: Serving) -> None:
    def endless() -> Any:
        yield b'--x\r\nContent-Disposition: form-data; name="image"; filename="a"\r\n\r\n'
        for _ in range(80):
            yield b"\0" * 2**20

    headers = {"Content-Type": "multipart/form-data; boundary=x"}
    reply = real.client.post("/generate/mesh", content=endless(), headers=headers)
    assert (reply.status_code, reply.json()["faults"][0]["code"]) == (413, "H006")


ASKED: dict[str, tuple[str, Told, int, str]] = {
    "no words": ("/generate/image", {}, 422, "H001"),
    "words of another kind": ("/generate/image", {"prompt": 5}, 422, "H001"),
    "something unknown": ("/generate/image", {"prompt": "a", "url": "http://10.0.0.1/"}, 422, "H001"),
    "a parameter that is not there": ("/generate/image", {"prompt": "a", "parameters": {"witdh": 5}}, 422, "H001"),
    "a parameter out of range": ("/generate/image", {"prompt": "a", "parameters": {"width": 10**9}}, 422, "G105"),
    "a graph that is not there": ("/generate/image", {"prompt": "a", "graph": "nowhere"}, 404, "Q001"),
    "a graph on the disk": ("/generate/image", {"prompt": "a", "graph": "../../etc/passwd"}, 404, "Q001"),
    "a graph without such a result": ("/generate/image", {"prompt": "a", "graph": "text_to_music"}, 422, "H001"),
    "a file of the server": (
        "/v1/generations",
        {"kind": "mesh", "prompt": "a", "parameters": {"image": "/etc/passwd"}},
        422,
        "G114",
    ),
    "an address as the picture": (
        "/v1/generations",
        {"kind": "mesh", "prompt": "a", "parameters": {"image": "http://169.254.169.254/latest"}},
        422,
        "G114",
    ),
    "another kind": ("/v1/generations", {"kind": "song", "prompt": "a"}, 422, "H001"),
}


@pytest.mark.parametrize(("path", "asked", "status", "code"), ASKED.values(), ids=ASKED)
def test_what_cannot_be_made_is_refused(real: Serving, path: str, asked: Told, status: int, code: str) -> None:
    reply = real.client.post(path, json=asked)
    assert (reply.status_code, reply.json()["faults"][0]["code"]) == (status, code), reply.text
    assert "root:" not in reply.text


def test_t14_what_users_wrote_stands_in_the_page_as_text(served: Serving) -> None:
    evil = '<img src=x onerror="alert(1)"></h1><script>alert(2)</script>'
    graph = dataclasses.replace(graph_of("picture", evil, side=5), parameters={"note": Parameter("text", evil)})
    run = served.ended(graph)
    page = served.client.get(f"/view/{run['id']}")
    assert page.status_code == 200
    assert "<script" not in page.text
    assert "<img src=x" not in page.text
    assert "&lt;img src=x" in page.text
    policy = page.headers["content-security-policy"]
    assert "script-src 'self'" in policy
    assert "unsafe-inline" not in policy.partition("script-src")[2].partition(";")[0]
    assert "frame-ancestors 'none'" in policy


def test_health_and_status_tell_of_devices(real: Serving) -> None:
    health = real.client.get("/health").json()
    assert (health["status"], health["model_loaded"]) == ("alive", False)
    assert health["devices"]
    status = real.client.get("/status").json()
    assert {"status", "operations", "queued", "vram_used", "devices"} <= status.keys()
    devices = real.client.get("/api/v1/devices").json()["items"]
    assert [one["name"] for one in devices] == [one["name"] for one in health["devices"]]
    assert all(one["total_bytes"] is None or one["total_bytes"] > 0 for one in devices)


def test_many_that_wait_take_no_thread(served: Serving) -> None:
    gate = "crowd"
    served.service.saved.save("crowded", two_stages(gate), None)
    replies: list[int] = []

    def ask() -> None:
        body = {"prompt": gate, "graph": "crowded"}
        replies.append(served.client.post("/generate/full", params={"wait": 20}, json=body).status_code)

    askers = [threading.Thread(target=ask) for _ in range(60)]
    for asker in askers:
        asker.start()
    try:
        # With all of them waiting, there are threads left for others.
        for _ in range(5):
            assert served.client.get("/api/v1/queue").status_code == 200
    finally:
        GATES[gate].set()
    for asker in askers:
        asker.join(30)
    assert replies == [200] * 60


def test_a_picture_of_any_size_is_taken_up_to_the_limit_of_pixels(real: Serving) -> None:
    buffer = io.BytesIO()
    pil.fromarray(a_picture(2000, 1500).pixels).save(buffer, "JPEG")
    reply = real.client.post("/generate/mesh", params={"wait": 0}, content=buffer.getvalue())
    assert reply.status_code in (200, 202)
    real.client.post(f"/api/v1/runs/{reply.headers['x-run-id']}/cancel")
