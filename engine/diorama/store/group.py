"""What is written together: calls that were made, what runs told, how they ended."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from diorama.keys import Digest
from diorama.refs import Ref


@dataclass(frozen=True, slots=True)
class Made:
    """A call that has just been made, on its way into the cache."""

    key: Digest
    node: str
    document: bytes
    outputs: Mapping[str, Ref]
    seconds: float
    claim: tuple[str, int] | None = None
    """Owner and fencing token of the claim it was made under; None where none was needed."""


@dataclass(slots=True)
class Group:
    """What is written together in one transaction: first all of it is on disk, then anyone is told."""

    run_rows: list[dict[str, object]] = field(default_factory=list)
    run_ends: list[dict[str, object]] = field(default_factory=list)
    made: list[tuple[str, Made]] = field(default_factory=list)
    """Calls with the run that made them."""
    led: list[tuple[Digest, Digest]] = field(default_factory=list)
    """Recipes with the keys they led to."""
    told: list[tuple[str, int, bytes]] = field(default_factory=list)
    """Journal: run, sequence number, event."""
    logs: list[dict[str, object]] = field(default_factory=list)
    artefacts: list[dict[str, object]] = field(default_factory=list)
    """Results of the runs that end."""
    tokens: dict[str, int] = field(default_factory=dict)
    """Fencing tokens of the runs in it that came from the queue."""
    lost: set[str] = field(default_factory=set)
    """Runs that turned out to be another server's when the group was written."""

    def __len__(self) -> int:
        rows = len(self.run_rows) + len(self.run_ends) + len(self.logs)
        return rows + len(self.made) + len(self.led) + len(self.told)

    def drop(self, lost: set[str]) -> None:
        """Take out what the group says of runs that are another server's; their finished calls stay."""
        self.run_ends = [row for row in self.run_ends if row["wanted"] not in lost]
        self.told = [row for row in self.told if row[0] not in lost]
        self.logs = [row for row in self.logs if row["run"] not in lost]
        self.artefacts = [row for row in self.artefacts if row["run"] not in lost]
