"""Bodies that nobody means well with: each is refused with a fault, in bounded time, while others are answered."""

from __future__ import annotations

import socket
import threading
import time

import httpx2 as httpx
import pytest
from tests.support.served import WAIT_SECONDS, Serving

from diorama.limits import limits

GRAPH = b'{"format":1,"nodes":%b}'
CASES = {
    "nothing at all": (b"", 400, "G001"),
    "no JSON": (b"graph=x", 400, "G001"),
    "no UTF-8": (b"\xff\xfe", 400, "G001"),
    "lists 100,000 deep": (b"[" * 100_000 + b"]" * 100_000, 400, "G005"),
    "objects 100,000 deep": (b'{"a":' * 100_000 + b"1" + b"}" * 100_000, 400, "G005"),
    "a key twice": (b'{"graph":{"format":1,"format":1,"nodes":{}}}', 400, "G002"),
    "NaN": (b'{"graph":NaN}', 400, "G003"),
    "an infinity": (b'{"graph":-Infinity}', 400, "G003"),
    "a number beyond all": (b'{"graph":1e400}', 400, "G003"),
    "an integer of 5,000 digits": (b'{"graph":%b}' % (b"9" * 5000), 400, "G003"),
    "half a surrogate pair": (b'{"saved":"\\ud800"}', 400, "G006"),
    "more values than are read": (b"[" + b'"ab",' * 600_000 + b"1]", 422, "G004"),
    "an unknown field": (b'{"saved":"x","more":1}', 422, "H001"),
    "neither a graph nor a name": (b"{}", 422, "H001"),
    "both": (b'{"graph":{},"saved":"x"}', 422, "H001"),
    "a list": (b"[]", 422, "H001"),
    "a graph that is a list": (b'{"graph":[]}', 422, "G009"),
    "a node of a name that programs treat specially": (
        b'{"graph":%b}' % (GRAPH % b'{"__proto__":{"type":"t/doubled"}}'),
        422,
        "G010",
    ),
    "a node that waits for itself": (
        b'{"graph":{"format":1,"nodes":{"a":{"type":"t/doubled","inputs":{"x":{"wire":"a.value"}}}}}}',
        422,
        "G107",
    ),
}


@pytest.mark.parametrize("what", CASES)
def test_a_hostile_body_is_refused_with_a_fault(served: Serving, what: str) -> None:
    content, status, code = CASES[what]
    reply = served.client.post("/api/v1/runs", content=content, headers={"Content-Type": "application/json"})
    assert (reply.status_code, reply.json()["faults"][0]["code"]) == (status, code)
    assert reply.headers["content-type"] == "application/problem+json"


def test_a_body_is_refused_by_the_length_that_it_announces(served: Serving) -> None:
    host, port = served.address.removeprefix("http://").split(":")
    with socket.create_connection((host, int(port)), timeout=WAIT_SECONDS) as connection:
        head = f"POST /api/v1/runs HTTP/1.1\r\nHost: {host}:{port}\r\nContent-Length: 100000000\r\n\r\n"
        connection.sendall(head.encode())
        # Nothing of the body was sent: the answer did not wait for it.
        assert connection.recv(4096).startswith(b"HTTP/1.1 413")


def test_a_body_is_measured_while_it_comes_in(served: Serving) -> None:
    host, port = served.address.removeprefix("http://").split(":")
    with socket.create_connection((host, int(port)), timeout=WAIT_SECONDS) as connection:
        head = f"POST /api/v1/check HTTP/1.1\r\nHost: {host}:{port}\r\nTransfer-Encoding: chunked\r\n\r\n"
        connection.sendall(head.encode())
        part = b"100000\r\n" + b" " * 0x100000 + b"\r\n"
        for _ in range(limits().max_body_bytes // 0x100000 + 1):
            connection.sendall(part)
        # The body has no end yet: the answer did not wait for it.
        assert connection.recv(4096).startswith(b"HTTP/1.1 413")


def test_a_body_of_another_media_type_is_refused(served: Serving) -> None:
    reply = served.client.post("/api/v1/check", content=b"<graph/>", headers={"Content-Type": "application/xml"})
    assert (reply.status_code, reply.json()["faults"][0]["code"]) == (415, "H007")


@pytest.mark.parametrize("kind", ["application/x-www-form-urlencoded", "application/vnd.diorama+json", ""])
def test_json_is_read_also_where_a_program_says_little_of_it(served: Serving, kind: str) -> None:
    headers = {"Content-Type": kind} if kind else {}
    reply = served.client.post("/api/v1/check", content=b'{"graph":{"format":1,"nodes":{}}}', headers=headers)
    assert reply.status_code == 200


def test_others_are_answered_while_large_bodies_are_read(served: Serving) -> None:
    nodes = b",".join(b'"n%d":{"type":"t/doubled","inputs":{"x":%d}}' % (number, number) for number in range(30_000))
    content = b'{"graph":{"format":1,"nodes":{%b}}}' % nodes
    done = threading.Event()

    def ask() -> None:
        httpx.post(f"{served.address}/api/v1/check", content=content, timeout=60)
        done.set()

    asking = threading.Thread(target=ask)
    asking.start()
    answered = 0
    end = time.monotonic() + 60
    while not done.is_set() and time.monotonic() < end:
        assert served.client.get("/api/v1/health").status_code == 200
        answered += 1
    asking.join(60)
    assert answered > 3
