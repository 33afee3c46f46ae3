"""What is said of a call that ran out of a device's memory: how much there was, and what was tried."""

from __future__ import annotations

from dataclasses import replace

from diorama.execute.call import LADDER, Failed, Rung
from diorama.execute.devices import Grant, Usage

GIB = 2**30


def exhausted(failed: Failed, rung: int, grant: Grant, usage: Usage) -> Failed:
    """The failure with the memory in use at its worst, and the rungs of the ladder so far."""
    worst = max(usage.peak_bytes, usage.held_bytes)
    bound = f" of {grant.budget_bytes / GIB:.1f}" if grant.budget_bytes else ""
    tried = ", ".join(_words(one) for one in LADDER[: rung + 1])
    return replace(
        failed, message=f"{failed.message.rstrip('. ')}; {worst / GIB:.1f}{bound} GiB in use at most; tried {tried}"
    )


def _words(rung: Rung) -> str:
    match rung.offload:
        case "model":
            return "with its models on the device part by part"
        case "sequential":
            return "with its models on the device layer by layer"
        case "none":
            return "after other models had gone" if rung.is_alone else "as it is"
