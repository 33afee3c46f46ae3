"""Waiting for the end of a run, on the event loop: however many wait, no thread does."""

from __future__ import annotations

import asyncio
from typing import Final

from diorama.run.service import Service
from diorama.run.subscription import Frame

ENDS: Final = (b'"kind":"run_ended"', b'"kind":"run_paused"')
GOES_ON: Final = b'"kind":"run_resumed"'


async def is_over(service: Service, run: str, seconds: float) -> bool:
    """Whether a run has ended, or is paused, within some seconds."""
    if seconds <= 0:
        return False
    with service.hub.subscribe([f"run:{run}"], loop=asyncio.get_running_loop()) as subscription:
        try:
            async with asyncio.timeout(seconds):
                while frames := await subscription.next():
                    if _ends(frames):
                        return True
        except TimeoutError:
            return False
    return False


def _ends(frames: list[Frame]) -> bool:
    """Whether the last thing told of a run is its end: a run that was tried again ended before."""
    ended = False
    for frame in frames:
        for _, event in frame.events:
            if any(mark in event for mark in ENDS):
                ended = True
            elif GOES_ON in event:
                ended = False
    return ended
