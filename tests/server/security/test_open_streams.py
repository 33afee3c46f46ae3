"""A stream that is open ends when the key that opened it is revoked."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import httpx2
import pytest
from tests.support.served import WAIT_SECONDS, Serving, serving
from tests.support.service_nodes import catalogue
from websockets.exceptions import ConnectionClosed
from websockets.sync.client import connect

from diorama.run.service import Service
from diorama.server.security import streams


@pytest.fixture
def served(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Serving]:
    monkeypatch.setattr(streams, "ASKED_SECONDS", 0.02)
    with Service(tmp_path / "store", catalogue=catalogue()) as service, serving(service) as one:
        yield one


def socket_ends(served: Serving, secret: str, query: str = "") -> Iterator[None]:
    """A WebSocket that was opened; when it is gone on with, it is heard to its end."""
    address = f"{served.address.replace('http', 'ws', 1)}/api/v1/events{query}"
    headers = {"Authorization": f"Bearer {secret}"} if not query else {}
    with connect(address, additional_headers=headers, close_timeout=1.0) as connection:
        connection.send('{"kind": "ping"}')
        assert "pong" in str(connection.recv(WAIT_SECONDS))
        yield
        with pytest.raises(ConnectionClosed) as closed:
            connection.recv(WAIT_SECONDS)
        assert closed.value.rcvd is not None
        assert (closed.value.rcvd.code, closed.value.rcvd.reason) == (1008, "the key holds no longer")


def ticket_ends(served: Serving, secret: str) -> Iterator[None]:
    answer = served.client.post("/api/v1/tickets", headers={"Authorization": f"Bearer {secret}"})
    return socket_ends(served, secret, f"?ticket={answer.json()['ticket']}")


def events_end(served: Serving, secret: str) -> Iterator[None]:
    headers = {"Authorization": f"Bearer {secret}", "Accept": "text/event-stream"}
    asked = served.client.stream("GET", "/api/v1/events", params={"topic": "queue"}, headers=headers)
    with asked as answer:
        assert answer.status_code == 200
        yield
        with pytest.raises(httpx2.RemoteProtocolError):
            answer.read()


STREAMS = {"a WebSocket": socket_ends, "a WebSocket by ticket": ticket_ends, "server-sent events": events_end}


@pytest.mark.parametrize("opened", STREAMS.values(), ids=STREAMS)
def test_a_stream_ends_when_its_key_is_revoked(
    served: Serving, opened: Callable[[Serving, str], Iterator[None]]
) -> None:
    key, secret = served.service.access.create("laptop", ["read"])
    _, other = served.service.access.create("other", ["read"])
    stays = socket_ends(served, other)
    ends = opened(served, secret)
    next(stays)
    next(ends)
    served.service.access.revoke(key.id)
    assert next(ends, "heard to its end") == "heard to its end"
    assert served.client.get("/api/v1/runs", headers={"Authorization": f"Bearer {other}"}).status_code == 200
    for one in served.service.access.all():
        served.service.access.revoke(one.id)
    assert next(stays, "heard to its end") == "heard to its end"


def test_the_user_of_this_machine_is_put_out_once_keys_are_demanded(served: Serving) -> None:
    served.service.access.create("laptop", ["read"])
    with served.ear() as ear:
        ear.say(kind="ping")
        assert ear.hear() == {"kind": "pong"}
        served.service.set_setting("require_keys", True)
        with pytest.raises(ConnectionClosed):
            ear.hear()


def test_a_store_that_cannot_be_read_puts_nobody_out(served: Serving, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[str] = []

    def gone(key: str) -> None:
        asked.append(key)
        raise OSError("gone")

    _, secret = served.service.access.create("laptop", ["read"])
    stays = socket_ends(served, secret)
    next(stays)
    with monkeypatch.context() as patched:
        patched.setattr(served.service.access, "get", gone)
        with served.ear() as ear:
            while len(asked) < 3:
                ear.say(kind="ping")
                ear.hear()
    served.service.access.revoke(served.service.access.all()[0].id)
    assert next(stays, "heard to its end") == "heard to its end"
