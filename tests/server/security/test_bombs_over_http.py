"""T34, T35, T36: texts and graphs that are made to cost much are refused before anything is queued."""

from __future__ import annotations

import json
from collections.abc import Callable

import psutil
import pytest
from tests.support.served import Serving, Told

DEEP = 100_000


def with_parameters(text: str) -> bytes:
    return b'{"saved": "text_to_music", "parameters": {"prompt": %b}}' % text.encode()


TEXTS: dict[str, tuple[Callable[[], bytes], int, str]] = {
    "T34 lists nested 100,000 deep": (lambda: b"[" * DEEP + b"]" * DEEP, 400, "G005"),
    "T34 objects nested 100,000 deep": (lambda: b'{"a":' * DEEP + b"1" + b"}" * DEEP, 400, "G005"),
    "T34 a parameter nested 5,000 deep": (lambda: with_parameters("[" * 5000 + "]" * 5000), 400, "G005"),
    "T34 a million keys": (
        lambda: b'{"graph": {' + b",".join(b'"k%d": 1' % number for number in range(1_000_000)) + b"}}",
        422,
        "G004",
    ),
    "T34 a million commas": (lambda: b"[" + b"1," * 1_000_000 + b"1]", 422, "G004"),
    "T34 more than the limit of bytes": (lambda: b'"' + b"a" * (17 * 2**20) + b'"', 413, "H006"),
    "T34 1e400": (lambda: with_parameters("1e400"), 400, "G003"),
    "T34 NaN": (lambda: with_parameters("NaN"), 400, "G003"),
    "T34 minus infinity": (lambda: with_parameters("-Infinity"), 400, "G003"),
    "T34 an integer of 5,000 digits": (lambda: with_parameters("9" * 5000), 400, "G003"),
    "T34 a key twice": (lambda: b'{"saved": "a", "saved": "b"}', 400, "G002"),
    "T34 half a surrogate pair": (lambda: with_parameters('"\\ud800"'), 400, "G006"),
    "T34 __proto__": (lambda: b'{"__proto__": {"admin": true}, "saved": "text_to_music"}', 422, "H001"),
    "T34 no text": (lambda: b"\xff\xfe\x00\x01", 400, "G001"),
    "T34 nothing": (lambda: b"", 400, "G001"),
    "T36 XML": (lambda: b'<!DOCTYPE a [<!ENTITY b "bbbb">]><a>&b;</a>', 400, "G001"),
    "T36 YAML": (lambda: b"a: &a [x, x]\nb: &b [*a, *a]\nc: [*b, *b]", 400, "G001"),
}


@pytest.mark.parametrize(("make", "status", "code"), TEXTS.values(), ids=TEXTS)
@pytest.mark.parametrize("path", ["runs", "check", "plan"])
def test_the_text_is_refused(served: Serving, path: str, make: Callable[[], bytes], status: int, code: str) -> None:
    headers = {"Content-Type": "application/json"}
    reply = served.client.post(f"/api/v1/{path}", content=make(), headers=headers)
    assert (reply.status_code, reply.json()["faults"][0]["code"]) == (status, code), reply.text[:300]
    assert reply.headers["content-type"] == "application/problem+json"


@pytest.mark.parametrize(
    "kind", ["application/x-www-form-urlencoded", "", "text/plain", "application/xml", "text/yaml"]
)
def test_t36_a_text_is_read_as_json_or_not_at_all(served: Serving, kind: str) -> None:
    body = b'{"saved": "nowhere"}'
    reply = served.client.post("/api/v1/runs", content=body, headers={"Content-Type": kind})
    taken = kind in ("application/x-www-form-urlencoded", "")
    assert reply.status_code == (404 if taken else 415)


def nodes(wires: dict[str, str]) -> Told:
    given = {
        name: {"type": "t/doubled", "inputs": {"x": {"wire": f"{source}.value"}}} for name, source in wires.items()
    }
    return {"format": 1, "nodes": given, "results": {"out": f"{next(iter(wires))}.value"}}


GRAPHS: dict[str, tuple[Callable[[], Told], str]] = {
    "T35 a node that waits for itself": (lambda: nodes({"a": "a"}), "G107"),
    "T35 a circle": (lambda: nodes({"a": "b", "b": "c", "c": "a"}), "G107"),
    "T35 a circle of 20,000": (lambda: nodes({f"n{i}": f"n{(i + 1) % 20_000}" for i in range(20_000)}), "G107"),
    "T35 more nodes than the limit": (
        lambda: {
            "format": 1,
            "nodes": {f"n{i}": {"type": "t/x"} for i in range(100_001)},
            "results": {"out": "n0.value"},
        },
        "G004",
    ),
    "T35 a fan of 10,000 from nowhere": (lambda: nodes({f"n{i}": "hub" for i in range(10_000)}), "G106"),
}


@pytest.mark.parametrize(("make", "code"), GRAPHS.values(), ids=GRAPHS)
def test_the_graph_is_refused_before_it_is_queued(served: Serving, make: Callable[[], Told], code: str) -> None:
    before = served.client.get("/api/v1/queue").json()["states"]
    process = psutil.Process()
    grown = process.memory_info().rss
    reply = served.client.post("/api/v1/runs", content=json.dumps({"graph": make()}).encode())
    assert reply.status_code == 422
    assert code in [fault["code"] for fault in reply.json()["faults"]], reply.text[:300]
    assert served.client.get("/api/v1/queue").json()["states"] == before
    assert process.memory_info().rss - grown < 400 * 2**20


def test_t35_a_loop_over_more_than_the_limit_makes_no_call(served: Serving) -> None:
    looped = {"type": "t/doubled", "for_each": ["x"], "inputs": {"x": {"value": [1] * 100_001}}}
    run = served.submit_raw({"format": 1, "nodes": {"a": looped}, "results": {"out": "a.value"}})
    assert (run["state"], run["faults"][0]["code"]) == ("failed", "R007")
    events = served.client.get(f"/api/v1/runs/{run['id']}/events").json()["items"]
    assert "call_finished" not in {event["kind"] for event in events}


def test_t36_entities_in_a_drawing_are_kept_as_text_and_never_expanded(served: Serving) -> None:
    laughs = b'<?xml version="1.0"?><!DOCTYPE lolz [<!ENTITY a "ha">' + b"".join(
        b'<!ENTITY %c "%b">' % (98 + number, b"&%c;" % (97 + number) * 10) for number in range(9)
    )
    content = laughs + b"]><svg>&j;</svg>"
    before = psutil.Process().memory_info().rss
    made = served.client.post("/api/v1/artefacts", params={"name": "laughs.svg"}, content=content).json()
    assert (made["type"], made["media_type"], made["size"]) == ("file", "image/svg+xml", len(content))
    assert served.client.get(f"/api/v1/artefacts/{made['digest']}/content").content == content
    assert psutil.Process().memory_info().rss - before < 64 * 2**20
