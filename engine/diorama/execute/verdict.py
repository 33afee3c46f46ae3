"""Why a call came to nothing when its worker died, in one sentence."""

from __future__ import annotations

import signal

from diorama.execute.call import Failed
from diorama.execute.child import Assignment, Child

GIB = 2**30
MIB = 2**20
SHORT_OF_MEMORY = ("bad_alloc", "out of memory", "annot allocate memory", "ot enough memory")
"""What C and C++ libraries say when they abort for want of memory."""


def memory_text(size: float) -> str:
    """A size for people."""
    return f"{size / GIB:.1f} GiB" if size >= GIB else f"{size / MIB:.0f} MiB"


def verdict(child: Child, assignment: Assignment, status: int, was_short: bool, now: float) -> Failed:
    """How a call failed whose worker ended with an exit status, negative for a signal.

    `was_short` tells that the machine has just ended a process for want of memory.
    """
    call = assignment.call.id
    tail = "\n".join(child.output.latest)
    if assignment.memory_bytes and assignment.peak_bytes > assignment.memory_bytes:
        message = f"the call took more than the {memory_text(assignment.memory_bytes)} of memory that it may"
        return Failed(call, "R009", f"{message}{_past(child, assignment, now)}", tail, cause="memory")
    if status == -signal.SIGKILL and not child.ended_why and was_short:
        message = "the machine was out of memory and ended the call's worker"
        return Failed(call, "R009", f"{message}{_past(child, assignment, now)}", tail, cause="memory")
    if status == -signal.SIGABRT and any(word in tail for word in SHORT_OF_MEMORY):
        message = f"the call found no memory and gave up: {child.output.latest[-1]}"
        return Failed(call, "R009", f"{message}{_past(child, assignment, now)}", tail, cause="memory")
    return Failed(call, "R010", f"{_death(child, status)}{_past(child, assignment, now)}", tail, cause="crash")


def _death(child: Child, status: int) -> str:
    if child.ended_why:
        return f"the call's worker was ended: {child.ended_why}"
    if status >= 0:
        return f"the call's worker ended by itself with exit code {status}"
    try:
        name = signal.Signals(-status).name
    except ValueError:
        name = "unknown"
    return f"the call's worker died by signal {-status} ({name})"


def _past(child: Child, assignment: Assignment, now: float) -> str:
    parts = [f"after {now - assignment.since:.1f} s"]
    if assignment.progress is not None:
        said = f" ({assignment.progress.message})" if assignment.progress.message else ""
        parts.append(f"at {assignment.progress.fraction:.0%}{said}")
    taken = assignment.peak_bytes or (child.most_bytes if not child.calls_done else 0)
    if taken:
        parts.append(f"having taken {memory_text(taken)} of memory")
    return ", " + ", ".join(parts)
