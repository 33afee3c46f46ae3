"""Rows are put in whole, however many they are, and those that were there are told apart."""

from __future__ import annotations

import pytest
from sqlalchemy import select
from tests.support.queued import new

from diorama.store.calls import CallStore
from diorama.store.plain import TOGETHER, inserting
from diorama.store.queue import Queue
from diorama.store.tables import events

ADD = inserting(events, ("run", "seq", "event"), "ON CONFLICT DO NOTHING")


def rows(first: int, last: int) -> list[tuple[str, int, bytes]]:
    return [("a.1", seq, b"%d" % seq) for seq in range(first, last)]


@pytest.mark.parametrize("count", [1, TOGETHER - 1, TOGETHER, TOGETHER + 1, 2 * TOGETHER, 3 * TOGETHER + 5])
def test_every_row_is_put_in_once(queue: Queue, store: CallStore, count: int) -> None:
    queue.add([new("a.1")])
    with store.writing() as connection:
        assert ADD.many(connection, rows(0, count)) == count
        assert ADD.many(connection, rows(0, count)) == 0
        assert ADD.many(connection, rows(count - 1, 2 * count)) == count
    with store.reading() as connection:
        found = connection.execute(select(events.c.run, events.c.seq, events.c.event).order_by(events.c.seq)).all()
    assert [tuple(row) for row in found] == rows(0, 2 * count)
