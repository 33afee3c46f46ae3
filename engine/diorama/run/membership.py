"""This server among the others of its store: it shows that it lives, takes what the dead had, heeds what is asked."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress

import orjson

from diorama.refusals import NoSuch, WrongState
from diorama.run import events as told
from diorama.run.hub import EventHub
from diorama.run.options import QueueSettings
from diorama.run.record import left_behind
from diorama.run.stage import Stage
from diorama.run.teller import Teller
from diorama.store.calls import CallStore
from diorama.store.queue import Queue
from diorama.store.run_rows import RunRows
from diorama.store.servers import Servers, may_live

UNBEGUN = ("run_queued", "run_resumed")
"""The newest events of a run that its server had taken and not begun."""


class Membership:
    """What a server does for the others, and they for it; all of it on the pump's thread."""

    def __init__(
        self,
        store: CallStore,
        servers: Servers,
        queue: Queue,
        stage: Stage,
        hub: EventHub,
        settings: Callable[[], QueueSettings],
        wake: Callable[[], None],
        wall: Callable[[], float],
    ) -> None:
        self.store = store
        self.servers = servers
        self.queue = queue
        self.rows = RunRows(store)
        self.stage = stage
        self.hub = hub
        self.settings = settings
        self.wake = wake
        self.wall = wall

    @property
    def me(self) -> str:
        """The id of this server."""
        return self.servers.me.id

    def enter(self) -> None:
        """Come in: what the dead left is taken care of, and what an earlier start left undone."""
        self.servers.register()
        self.bury_dead()
        for run in self.rows.page(state="interrupted", limit=1000).items:
            self._recover(run.id)

    def leave(self) -> None:
        """Go in good order."""
        self.servers.leave()

    def beat(self) -> None:
        """Show that this server lives. Where others took it for dead, it lets go of all that it had and begins anew."""
        if self.servers.beat():
            return
        self.stage.lose_all()
        # What was taken from the queue since then is in nobody's hands now.
        self._take_from(self.me)
        self.servers.register()

    def bury_dead(self) -> None:
        """Take what dead servers and commands had, and what is in the name of servers that nobody knows."""
        for server in self.servers.dead():
            self._take_from(server.id)
            self.servers.bury(server.id)
        # In this order: a server that comes in between the two is known before it owns anything.
        owners = self.queue.owners()
        known = {server.id for server in self.servers.all()} | {self.me}
        for owner in owners - known:
            if not may_live(owner):
                self._take_from(owner)

    def _take_from(self, owner: str) -> None:
        interrupted = Teller(self.wall, told.RunEnded, "interrupted", 0.0)
        cancelled = Teller(self.wall, told.RunEnded, "cancelled", 0.0)
        taken = self.queue.interrupt(owner, tell=interrupted, tell_cancelled=cancelled)
        self.hub.tell(*interrupted.told, *cancelled.told)
        for run in taken:
            if run.state == "interrupted":
                self._recover(run.id)

    def _recover(self, run: str) -> None:
        """Do with an interrupted run what the setting says; one that had not begun just waits again."""
        # Another server may do it at the same time, or a user.
        with suppress(WrongState, NoSuch):
            if self._was_begun(run):
                self._as_set(run)
            else:
                self._requeue(run)

    def _was_begun(self, run: str) -> bool:
        newest = self.store.events(run, max(0, self.rows.last_seq(run) - 2))
        return len(newest) < 2 or orjson.loads(newest[0][1])["kind"] not in UNBEGUN

    def _as_set(self, run: str) -> None:
        match self.settings().recovery:
            case "ask":
                return
            case "resume":
                self._requeue(run)
            case "discard":
                self.queue.delete(run, ("interrupted",))
            case "fail":
                teller = Teller(self.wall, told.RunEnded, "failed", 0.0)
                now = self.wall()
                self.queue.set_state(run, ("interrupted",), "failed", tell=teller, ended=now, faults=left_behind(run))
                self.hub.tell(*teller.told)

    def _requeue(self, run: str) -> None:
        teller = Teller(self.wall, told.RunResumed)
        self.queue.requeue(run, ("interrupted",), tell=teller)
        self.hub.tell(*teller.told)
        self.stage.others_wait = True
        self.wake()

    def heed_wishes(self) -> None:
        """Do what was asked of this server's runs through another."""
        for run, wish in self.queue.wishes(self.me).items():
            self.stage.ask(run, "cancel" if wish == "cancel" else "pause")

    def relay(self) -> None:
        """Pass on what other servers told of the runs that someone here listens to."""
        for run, since in self.hub.runs.items():
            if run not in self.stage.going and (events := self.store.events(run, since)):
                self.hub.relay(run, events)
