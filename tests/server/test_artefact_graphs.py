"""The graph that made a file is found: inside it, or by the run whose result it is."""

from __future__ import annotations

import io
import wave

import httpx2
import pytest
from tests.support.sample_values import a_picture
from tests.support.served import Serving
from tests.support.service_nodes import graph_of

from diorama.embed import embed_graph

GRAPH = graph_of("doubled", "inside", x=1)


def wav() -> bytes:
    buffer = io.BytesIO()
    with wave.open(buffer, "wb") as made:
        made.setparams((1, 2, 8000, 0, "NONE", ""))
        made.writeframes(bytes(800))
    return buffer.getvalue()


FILES = {"boat.png": a_picture(30, 20).encode(), "tune.wav": wav()}


def uploaded(served: Serving, name: str, content: bytes) -> str:
    reply = served.client.post("/api/v1/artefacts", params={"name": name}, content=content)
    assert reply.status_code == 201, reply.text
    return str(reply.json()["digest"])


def asked(served: Serving, digest: str) -> httpx2.Response:
    return served.client.get(f"/api/v1/artefacts/{digest}/graph")


@pytest.mark.parametrize("name", FILES)
def test_a_file_that_carries_its_graph_gives_it_back(served: Serving, name: str) -> None:
    content = embed_graph(FILES[name], name[-4:], GRAPH.text().encode())
    reply = asked(served, uploaded(served, name, content))
    assert (reply.status_code, reply.json()) == (200, GRAPH.document())
    assert reply.headers["content-type"] == "application/json"


@pytest.mark.parametrize("name", [*FILES, "notes.txt"])
def test_a_file_that_nothing_here_made_has_none(served: Serving, name: str) -> None:
    reply = asked(served, uploaded(served, name, FILES.get(name, b"words")))
    assert (reply.status_code, reply.content) == (204, b"")


def test_a_result_has_the_graph_of_its_run_also_where_it_was_uploaded_since(served: Serving) -> None:
    graph = graph_of("picture", "made", side=7)
    run = served.ended(graph)
    (result,) = served.client.get("/api/v1/artefacts", params={"run": run["id"]}).json()["items"]
    content = served.client.get(f"/api/v1/artefacts/{result['digest']}/content").content
    assert uploaded(served, "again.png", content) == result["digest"]
    assert asked(served, result["digest"]).json()["nodes"] == graph.document()["nodes"]


def test_a_digest_that_is_not_there_is_told(served: Serving) -> None:
    reply = asked(served, "blake3:" + "0" * 64)
    assert (reply.status_code, reply.json()["faults"][0]["code"]) == (404, "Q001")
