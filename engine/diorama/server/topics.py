"""Topics of events: what a client may listen to."""

from __future__ import annotations

from typing import Annotated, Final

from pydantic import Field

from diorama.faults import Fault
from diorama.server.security.callers import Caller

RUN: Final = "run:"
TOPICS: Final = r"^(queue|devices|log|run:[\w-]{1,64})$"
TELLS: Final = (
    "`run:ID` is all that a run tells; `queue` states of all runs and of the queue; `devices` snapshots and warnings; "
    "`log` lines of the log, for which the scope `admin` is needed."
)
Topic = Annotated[str, Field(pattern=TOPICS, description=TELLS, examples=["queue"])]


def why_closed(topic: str, caller: Caller) -> Fault | None:
    """Why a caller may not listen to a topic; None where it may."""
    if topic == "log" and not caller.may("admin"):
        return Fault("A005", topic, "the API key lacks the scope `admin`")
    return None
