"""What stands in the ledger of a device. Workers read it, so that nothing heavy is imported here."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

import orjson


@dataclass(frozen=True, slots=True)
class Owner:
    """A process that shares devices with others."""

    id: str
    pid: int
    born: float
    """When it was started, in ticks since boot: numbers of processes are used again."""
    place: str
    """The boot and the namespace in which its number means it."""


@dataclass(slots=True)
class Party:
    """A process that uses the device or wants to."""

    owner: Owner
    beat: int = 0
    """Grows while it lives."""
    idle_bytes: int = 0
    """What its worker keeps in memory between calls."""
    wanted_bytes: int = 0
    """What it asks the others to let go of what they keep; 0 where it asks nothing."""


@dataclass(slots=True)
class Page:
    """What the ledger says."""

    token: int = 0
    """That of the latest lease; it only grows."""
    holder: str = ""
    """The owner whose lease holds."""
    queue: list[str] = field(default_factory=list)
    """Owners that wait for the device, in the order in which they came."""
    parties: dict[str, Party] = field(default_factory=dict)

    def drop(self, owner: str) -> None:
        """Take an owner out, with all that it has."""
        self.parties.pop(owner, None)
        self.queue = [one for one in self.queue if one != owner]
        if self.holder == owner:
            self.holder = ""

    def text(self) -> bytes:
        """The page as it lies in its file."""
        return orjson.dumps(self)


def read_page(path: Path) -> Page:
    """The page of a ledger; an empty one where there is none, or none that can be read.

    An owner's id is new for every process, so that a ledger which starts anew gives nothing back to anyone.
    """
    try:
        read = orjson.loads(path.read_bytes())
        parties = {
            name: Party(Owner(**one["owner"]), one["beat"], one["idle_bytes"], one["wanted_bytes"])
            for name, one in read["parties"].items()
        }
        return Page(int(read["token"]), str(read["holder"]), list(read["queue"]), parties)
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return Page()


def holds(path: Path, owner: str, token: int) -> bool:
    """Whether a lease still holds."""
    page = read_page(path)
    return page.holder == owner and page.token == token
