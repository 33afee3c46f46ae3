"""Named places where a test can stop the process dead, to see that what is on disk stays true."""

from __future__ import annotations

import os

POINTS = (
    "blob-opened",
    "blob-written",
    "blob-synced",
    "blob-renamed",
    "flush-started",
    "flush-rows-written",
    "flush-committed",
    "events-sent",
)
"""Every step of blob write, rename, commit, notify."""
QUEUE_POINTS = (
    "queue-written",
    "queue-committed",
    "claim-written",
    "claim-committed",
    "end-written",
    "end-committed",
    "state-written",
    "state-committed",
)
"""Every step of a run's way through the queue: accepted, claimed, ended; and moved on by other means."""

_wanted, _left = "", 0


def arm(where: str) -> None:
    """Choose the place: `point` or `point:nth-time`; nothing for none."""
    global _wanted, _left
    _wanted, _, count = where.partition(":")
    _left = int(count or 1)


def reach(point: str) -> None:
    """Die here as by kill -9 where the environment says `DIORAMA_DIE_AT=point` or `point:nth-time`."""
    if point == _wanted:
        _die()


def _die() -> None:
    global _left
    _left -= 1
    if _left <= 0:
        os._exit(137)


arm(os.environ.get("DIORAMA_DIE_AT", ""))
