"""Servers that share a store: who they are, that they live, and which of them are dead."""

from __future__ import annotations

import os
import platform
import time
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from sqlalchemy import delete, select, update

from diorama.store.calls import CallStore
from diorama.store.claims import boot_id
from diorama.store.tables import claims, servers
from diorama.store.upserts import replacing

LEASE_SECONDS = 10.0
"""Who sees a server's beat stand still for so long, by a clock of its own, may take what it had."""
PROCESS = "process "
"""How owners begin that are no servers."""


@dataclass(frozen=True, slots=True)
class Server:
    """A server as others see it. `born` is the start of its process, in ticks since the machine's boot."""

    id: str
    host: str
    boot: str
    pid: int
    born: float
    address: str
    beat: int


def machine() -> str:
    """What names this boot of this machine and the space of its process numbers."""
    space = Path("/proc/self/ns/pid")
    return f"{boot_id()} {os.readlink(space)}" if space.exists() else boot_id()


def born(pid: int) -> float | None:
    """When a process of this machine started, in ticks since boot; None where there is none."""
    try:
        content = Path(f"/proc/{pid}/stat").read_text()
    except OSError:
        return None
    # The name of the program stands in brackets and may hold anything; the start is the 20th word behind it.
    after = content.rpartition(")")[2].split()
    return None if after[0] in ("Z", "X") else float(after[19])


def this_process() -> str:
    """What names the present process as the owner of runs that are no server's: those of a command, or of a program."""
    return _named(os.getpid())


@cache
def _named(pid: int) -> str:
    return f"{PROCESS}{pid} {born(pid) or 0.0} {platform.node()} {machine()}"


def may_live(owner: str) -> bool:
    """Whether an owner is a process that is still there, or one of another machine, of which nobody can tell."""
    if not owner.startswith(PROCESS):
        return False
    pid, since, host, boot = owner.removeprefix(PROCESS).split(" ", 3)
    return (host, boot) != (platform.node(), machine()) or born(int(pid)) == float(since)


def this_server(name: str, address: str = "") -> Server:
    """The present process as a server."""
    pid = os.getpid()
    return Server(name, platform.node(), machine(), pid, born(pid) or 0.0, address, 0)


class Servers:
    """The servers of a store as one of them sees them. Which are dead is told by the given clock alone."""

    def __init__(
        self,
        store: CallStore,
        me: Server,
        clock: Callable[[], float] = time.monotonic,
        lease_seconds: float = LEASE_SECONDS,
    ) -> None:
        self.store = store
        self.me = me
        self.clock = clock
        self.lease_seconds = lease_seconds
        self._seen: dict[str, tuple[int, float]] = {}

    def register(self) -> None:
        """Come in."""
        row = {name: getattr(self.me, name) for name in Server.__dataclass_fields__}
        with self.store.promising() as connection:
            connection.execute(replacing(connection, servers, "id"), row)

    def beat(self) -> bool:
        """Show that this server lives; False where it was taken for dead, so that nothing it had is its own."""
        statement = update(servers).where(servers.c.id == self.me.id).values(beat=servers.c.beat + 1)
        with self.store.writing() as connection:
            return connection.execute(statement).rowcount > 0

    def all(self) -> list[Server]:
        """All servers that are registered."""
        with self.store.reading() as connection:
            return [Server(*row) for row in connection.execute(select(*_COLUMNS).order_by(servers.c.id))]

    def dead(self) -> list[Server]:
        """The others that are dead: their process is gone from this machine, or their beat stood still for a lease."""
        now = self.clock()
        found = [server for server in self.all() if server.id != self.me.id]
        self._seen = {server.id: self._since(server, now) for server in found}
        return [server for server in found if self._is_gone(server) or self._stands_still(server, now)]

    def _since(self, server: Server, now: float) -> tuple[int, float]:
        """The beat of a server, and since when it is seen."""
        beat, since = self._seen.get(server.id, (server.beat - 1, now))
        return (beat, since) if beat == server.beat else (server.beat, now)

    def _stands_still(self, server: Server, now: float) -> bool:
        return now - self._seen[server.id][1] >= self.lease_seconds

    def _is_gone(self, server: Server) -> bool:
        if (server.host, server.boot) != (self.me.host, self.me.boot):
            return False
        return born(server.pid) != server.born

    def bury(self, server: str) -> None:
        """Take a dead server from the list, and its claims on calls with it. What runs it had is for the queue."""
        with self.store.promising() as connection:
            connection.execute(delete(claims).where(claims.c.owner == server))
            connection.execute(delete(servers).where(servers.c.id == server))

    def leave(self) -> None:
        """Go in good order."""
        self.bury(self.me.id)


_COLUMNS = tuple(servers.c[name] for name in Server.__dataclass_fields__)
