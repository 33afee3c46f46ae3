"""Reads of a few rows go a few at a time, in the order in which they were asked, and never on the event loop."""

from __future__ import annotations

import asyncio
import threading

import orjson
import pytest

from diorama.faults import Fault
from diorama.run.views import RunView
from diorama.server.quick import READERS, quick
from diorama.server.shown import RunModel, run_json

BOUND_SECONDS = 10.0


class Desk:
    """Handlers that wait until all that may be under way at a time are."""

    def __init__(self) -> None:
        self.begun: list[int] = []
        self.threads: set[int] = set()
        self._together = threading.Barrier(READERS)

    def handler(self, number: int) -> int:
        self.begun.append(number)
        self.threads.add(threading.get_ident())
        self._together.wait(BOUND_SECONDS)
        return number * 10


def test_a_few_are_read_at_a_time_in_the_order_in_which_they_were_asked() -> None:
    desk, count = Desk(), READERS * 4

    async def all_at_once() -> list[int]:
        asked = (quick(desk.handler)(number) for number in range(count))
        return await asyncio.wait_for(asyncio.gather(*asked), BOUND_SECONDS)

    assert asyncio.run(all_at_once()) == [number * 10 for number in range(count)]
    pairs = [sorted(desk.begun[start : start + READERS]) for start in range(0, count, READERS)]
    assert pairs == [list(range(start, start + READERS)) for start in range(0, count, READERS)]
    assert threading.get_ident() not in desk.threads


def test_what_a_handler_raises_reaches_whoever_asked() -> None:
    def refuse() -> None:
        raise ValueError("no")

    with pytest.raises(ValueError, match="no"):
        asyncio.run(quick(refuse)())  # type: ignore[arg-type]


def test_a_run_is_written_as_its_model_says() -> None:
    fault = Fault("G103", "/nodes/a", 'it says "näh"')
    names = {"project": None, "batch": "b", "saved": "score", "saved_version": 3}
    numbers = {"priority": -1, "attempt": 2, "created": 1764000000.25, "started": 1764000001.0, "ended": None}
    view = RunView(
        id="a",
        state="running",
        title="A score",
        client="local",
        **names,  # type: ignore[arg-type]
        **numbers,  # type: ignore[arg-type]
        parameters={"prompt": "blues", "deep": [{"x": 1.5, "y": None}]},
        faults=(fault,),
        progress=0.25,
        results=["score"],
        place_in_queue=None,
        seq=7,
    )
    assert orjson.loads(run_json(view)) == RunModel.model_validate(view).model_dump(mode="json")
