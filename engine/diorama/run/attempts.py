"""What a call has been through, and whether it is tried once more."""

from __future__ import annotations

from dataclasses import replace

from diorama.execute.call import Failed, rungs_of
from diorama.run.tasks import Past, Task

CRASHES = 2
"""How often a call may cost a worker its life. The first time it may have been the victim of something else, so that
it is tried again whatever its node says of retries; neither counts towards the other."""
TRIES_OF_STOPPED = 3
"""How often a call is tried that ends as if cancelled although it is still wanted."""


def after(past: Past, failed: Failed) -> Past:
    """What a call has been through once it failed."""
    attempt = past.attempt + 1
    match failed.cause:
        case "node":
            return replace(past, attempt=attempt, failures=past.failures + 1)
        case "crash":
            return replace(past, attempt=attempt, crashes=past.crashes + 1)
        case "memory":
            return replace(past, attempt=attempt, rung=past.rung + 1)


def is_tried_again(past: Past, failed: Failed, waiter: Task) -> bool:
    """Whether a call that failed is tried once more for one that waits for it."""
    entry = waiter.step.kind.entry
    if failed.is_final:
        return False
    match failed.cause:
        case "node":
            retries = entry.node.settings.retries if waiter.run.retries is None else waiter.run.retries
            return past.failures <= retries
        case "crash":
            return past.crashes < CRASHES
        case "memory":
            return past.rung < rungs_of(entry)
