"""The engine steps aside for a request from when it comes until its answer is out, whatever becomes of it."""

from __future__ import annotations

import asyncio
from threading import Event

import pytest
from starlette.types import Message, Receive, Scope, Send

from diorama.run.right_of_way import RightOfWay
from diorama.server.observe.requests import Requests


class Way(RightOfWay):
    """A right of way at which time stands still; tells whether the engine would wait now."""

    def __init__(self) -> None:
        super().__init__(lambda: 0.0, self._note)
        self._waits = 0

    def _note(self, is_clear: Event, seconds: float) -> None:
        self._waits += 1

    def is_taken(self) -> bool:
        before = self._waits
        self.give_way()
        return self._waits > before


SCOPE: Scope = {"type": "http", "method": "GET", "path": "/", "headers": []}
START: Message = {"type": "http.response.start", "status": 200, "headers": []}


def body(is_last: bool) -> Message:
    return {"type": "http.response.body", "body": b"x", "more_body": not is_last}


async def receive() -> Message:
    return {"type": "http.request", "body": b"", "more_body": False}


async def send(message: Message) -> None:
    """Take it."""


def test_the_way_is_taken_until_the_answer_is_out() -> None:
    way, seen = Way(), list[bool]()

    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        seen.append(way.is_taken())
        await send(START)
        seen.append(way.is_taken())
        await send(body(is_last=True))
        seen.append(way.is_taken())

    asyncio.run(Requests(app, right_of_way=way)(SCOPE, receive, send))
    assert seen == [True, True, False]


def test_a_stream_takes_the_way_until_its_first_part_alone() -> None:
    way, seen = Way(), list[bool]()

    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        await send(START)
        await send(body(is_last=False))
        seen.append(way.is_taken())
        await send(body(is_last=True))

    asyncio.run(Requests(app, right_of_way=way)(SCOPE, receive, send))
    assert seen == [False]


def test_a_request_that_fails_leaves_the_way() -> None:
    way = Way()

    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        raise RuntimeError("broken")

    with pytest.raises(RuntimeError, match="broken"):
        asyncio.run(Requests(app, right_of_way=way)(SCOPE, receive, send))
    assert not way.is_taken()
