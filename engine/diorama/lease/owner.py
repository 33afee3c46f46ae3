"""Who holds a lease: a process, told apart from all others that ever had or will have its number."""

from __future__ import annotations

import os
import secrets
from typing import Literal

from diorama.lease.page import Owner
from diorama.store.servers import born, machine

Sight = Literal["alive", "dead", "unknown"]


def this_process() -> Owner:
    """This process, under an id of its own each time it is asked for."""
    return Owner(secrets.token_hex(8), os.getpid(), born(os.getpid()) or 0.0, machine())


def sight_of(owner: Owner) -> Sight:
    """Whether a process lives, as far as its number tells; across a boot or a container it tells nothing."""
    if owner.place != machine():
        return "unknown"
    return "alive" if born(owner.pid) == owner.born else "dead"
