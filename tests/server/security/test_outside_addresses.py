"""T22: nothing that comes in lets the server ask another address: no route takes one, and no graph or file is followed
to one. A listener on this machine stands for whatever must not be reached; it hears nothing."""

from __future__ import annotations

import re
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import pytest
from tests.support import bombs
from tests.support.served import Serving, Told

TAKES_AN_ADDRESS = re.compile(r"(?i)(^|_)(urls?|uris?|href|webhook|callback|endpoint|host|address)($|_)")
"""Names that a field would have whose value is an address to be asked."""


def fields_of(tree: object, found: set[str]) -> set[str]:
    if isinstance(tree, dict):
        properties = tree.get("properties")
        if isinstance(properties, dict):
            found.update(properties)
        for child in tree.values():
            fields_of(child, found)
    elif isinstance(tree, list):
        for child in tree:
            fields_of(child, found)
    return found


def requests_of(document: Told) -> Iterator[tuple[str, set[str]]]:
    """Each operation with the names of everything that it takes."""
    schemas = document["components"]["schemas"]
    for path, methods in document["paths"].items():
        for method, operation in methods.items():
            names = {one["name"] for one in operation.get("parameters", ())}
            for kind in operation.get("requestBody", {}).get("content", {}).values():
                schema = kind["schema"]
                name = schema.get("$ref", "").rpartition("/")[2]
                fields_of(schemas.get(name, schema), names)
            yield f"{method.upper()} {path}", names


def test_no_route_takes_an_address(real: Serving) -> None:
    document = real.client.get("/api/v1/openapi.json").json()
    taken = dict(requests_of(document))
    assert len(taken) > 60
    assert {place: names for place, names in taken.items() if any(map(TAKES_AN_ADDRESS.search, names))} == {}
    # What makes a test of it: such a field would be found.
    assert TAKES_AN_ADDRESS.search("image_url")
    assert taken["POST /api/v1/uploads"] >= {"name", "size", "digest"}


@dataclass(frozen=True)
class Listener:
    socket: socket.socket

    @property
    def address(self) -> str:
        return f"127.0.0.1:{self.socket.getsockname()[1]}"

    def heard(self) -> bool:
        """Whether anyone has connected: a connection waits in the queue of the socket without being taken."""
        self.socket.setblocking(False)
        try:
            self.socket.accept()[0].close()
        except BlockingIOError:
            return False
        return True


@contextmanager
def listening() -> Iterator[Listener]:
    with socket.create_server(("127.0.0.1", 0)) as one:
        yield Listener(one)


def test_the_listener_hears_who_asks_it() -> None:
    with listening() as one:
        assert not one.heard()
        host, port = one.address.split(":")
        with socket.create_connection((host, int(port)), timeout=5):
            assert one.heard()


FORMS = (
    "http://{at}/x.png",
    "https://{at}/x.png",
    "ftp://{at}/x.png",
    "gopher://{at}/x.png",
    "file:///etc/passwd",
    "//{at}/x.png",
    "http://2130706433:{port}/x.png",
    "http://0177.0.0.1:{port}/x.png",
    "http://[::ffff:127.0.0.1]:{port}/x.png",
    "http://localhost.:{port}/x.png",
    "\\\\{at}\\share\\x.png",
)


def loading(node: str, name: str) -> Told:
    result = {"diorama/load_image": "image", "diorama/load_mesh": "mesh"}[node]
    return {
        "format": 1,
        "nodes": {"load": {"type": node, "inputs": {"file": name}}},
        "results": {"out": f"load.{result}"},
    }


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("node", ["diorama/load_image", "diorama/load_mesh"])
def test_a_file_input_is_never_an_address(real: Serving, form: str, node: str) -> None:
    with listening() as one:
        name = form.format(at=one.address, port=one.address.split(":")[1])
        reply = real.client.post("/api/v1/runs", json={"graph": loading(node, name)})
        assert (reply.status_code, reply.json()["faults"][0]["code"]) == (422, "G114")
        assert not one.heard()
    assert "root:" not in reply.text


@pytest.mark.parametrize(
    "name", ["/etc/passwd", "../../../../etc/passwd", "~/.ssh/id_rsa", "media/../../pyproject.toml"]
)
def test_t18_a_file_input_is_never_a_path_of_the_server(real: Serving, name: str) -> None:
    for place in ("runs", "check", "plan"):
        reply = real.client.post(f"/api/v1/{place}", json={"graph": loading("diorama/load_image", name)})
        assert [fault["code"] for fault in reply.json()["faults"]] == ["G114"], (place, reply.text)


MODELS: dict[str, Any] = {
    "a buffer": lambda at: bombs.triangles(3, buffers=[{"byteLength": 36, "uri": f"http://{at}/b.bin"}]),
    "a picture": lambda at: bombs.triangles(3, images=[{"uri": f"http://{at}/i.png"}], **TEXTURED),
    "a picture beside it": lambda at: bombs.triangles(3, images=[{"uri": "../../../etc/passwd"}], **TEXTURED),
}
TEXTURED: dict[str, object] = {
    "meshes": [{"primitives": [{"attributes": {"POSITION": 0}, "material": 0}]}],
    "materials": [{"pbrMetallicRoughness": {"baseColorTexture": {"index": 0}}}],
    "textures": [{"source": 0}],
}


@pytest.mark.parametrize("make", MODELS.values(), ids=MODELS)
def test_a_model_is_not_followed_outside_itself(real: Serving, make: Any) -> None:
    with listening() as one:
        content = bombs.glb(make(one.address), b"\0" * 36)
        refused = real.client.post("/api/v1/artefacts", params={"name": "a.glb"}, content=content)
        assert (refused.status_code, refused.json()["faults"][0]["code"]) == (422, "U005")
        # Taken unopened, it is refused where a node opens it.
        kept = real.client.post("/api/v1/artefacts", params={"name": "a.glb", "type": "file"}, content=content).json()
        run = real.submit_raw(loading("diorama/load_mesh", kept["digest"]))
        assert (run["state"], run["faults"][0]["code"]) == ("failed", "R002")
        assert not one.heard()


def test_a_schema_reference_in_a_graph_is_not_followed(real: Serving) -> None:
    with listening() as one:
        graph = {"$ref": f"http://{one.address}/graph.json"}
        for body in ({"graph": graph}, {"saved": f"http://{one.address}/graph.json"}):
            assert real.client.post("/api/v1/check", json=body).status_code in (200, 404, 422)
            assert real.client.post("/api/v1/runs", json=body).status_code in (404, 422)
        assert not one.heard()


def test_a_planner_is_asked_only_where_this_machine_allows_it(real: Serving, monkeypatch: pytest.MonkeyPatch) -> None:
    with listening() as one, listening() as own:
        monkeypatch.setenv("DIORAMA_PLANNER_ADDRESS", f"http://{own.address}/v1")
        monkeypatch.setenv("DIORAMA_PLANNER_MODEL", "m")
        graph = {
            "format": 1,
            "nodes": {
                "plan": {
                    "type": "diorama/plan_scene_remotely",
                    "inputs": {"prompt": "a boat", "address": f"http://{one.address}/v1", "model": "m", "tries": 1},
                }
            },
            "results": {"plan": "plan.plan"},
        }
        run = real.submit_raw(graph)
        assert run["state"] == "failed"
        assert "does not allow" in run["faults"][0]["message"]
        assert not one.heard()
        assert not own.heard()
