"""The wall clock jumps by an hour, back and forth, while two servers share a store."""

from __future__ import annotations

import threading
import time
from dataclasses import dataclass
from pathlib import Path

from diorama.run.options import ServiceOptions
from diorama.run.service import Service
from diorama.run.views import Submission
from tests.faults.figures import Figures
from tests.faults.nodes import catalogue, chains
from tests.support.services import over

HOUR = 3600.0
LEASE_SECONDS = 2.0


@dataclass
class Wall:
    """A wall clock that somebody sets."""

    offset: float = 0.0

    def __call__(self) -> float:
        return time.time() + self.offset


def run(folder: Path, is_long: bool) -> Figures:
    """Neither takes the other for dead, and no call is taken for late."""
    seconds = 30.0 if is_long else 6.0
    wall = Wall()
    options = ServiceOptions(lease_seconds=LEASE_SECONDS, recovery="resume", max_running=2)
    jumps = runs = 0
    with (
        Service(folder / "store", catalogue=catalogue(), options=options, wall=wall) as one,
        Service(folder / "store", catalogue=catalogue(), options=options, wall=wall) as two,
    ):
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            services = (one, two)
            names: list[tuple[Service, str]] = []
            for place, service in enumerate(services):
                graph, _ = chains(1_000_000 * (2 * runs + place + 1), 2, 9, milliseconds=60)
                names.append((service, service.submit(Submission(graph))[0].id))
            for offset in (HOUR, -HOUR, 0.0):
                wall.offset = offset
                jumps += 1
                threading.Event().wait(0.15)
            for service, name in names:
                view = over(service, name)
                assert (view.state, view.attempt) == ("succeeded", 1), view
            runs += 1
    return {"jumps": str(jumps), "runs, none of them taken or late": str(2 * runs)}
