"""Calls shared with other processes: claimed before they start, looked for again where another makes them."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator
from contextlib import suppress
from typing import Literal

from diorama.faults import DioramaError
from diorama.keys import Digest
from diorama.run.tasks import Job, Task
from diorama.store.calls import CallStore
from diorama.store.claims import Claims

FOREIGN_SECONDS = 0.05
"""How often a call that another process makes is looked for."""


class Sharing:
    """The claims of this process on the calls of a store, and the calls that others have claimed."""

    def __init__(self, store: CallStore, claims: Claims, clock: Callable[[], float]) -> None:
        self.store = store
        self.claims = claims
        self.clock = clock
        self._foreign: list[tuple[Job, float]] = []
        self._renewed = 0.0
        self._overdue: set[Digest] = set()
        """Claims that could not be let go, since the store took nothing."""

    def __bool__(self) -> bool:
        return bool(self._foreign)

    def __iter__(self) -> Iterator[Job]:
        return (job for job, _ in self._foreign)

    def claim(self, job: Job) -> Literal["mine", "made", "foreign"]:
        """Claim a call for this process; `foreign` where another makes it, `made` where one has just done so."""
        keys = [task.key for task in job.tasks if task.key is not None]
        if not keys or not self.store.is_shared:
            return "mine"
        taken = self.claims.take(keys)
        self._overdue.difference_update(taken)
        if len(taken) < len(keys):
            self.claims.release(list(taken))
            self._foreign.append((job, self.clock() + FOREIGN_SECONDS))
            return "foreign"
        # It was looked for before, but that may be long ago.
        if all(task.key is None or task.run.takes(task.key) for task in job.tasks) and self.store.by_key(keys):
            self.claims.release(keys)
            return "made"
        job.claim = (self.claims.owner, taken[keys[0]])
        return "mine"

    def due(self) -> list[Job]:
        """The calls of other processes that are to be looked for again now."""
        now = self.clock()
        found = [job for job, when in self._foreign if when <= now]
        if found:
            self._foreign = [one for one in self._foreign if one[1] > now]
        return found

    def keep(self, is_wanted: Callable[[Job], bool]) -> None:
        """Look no longer for calls that are not wanted."""
        self._foreign = [one for one in self._foreign if is_wanted(one[0])]

    def clear(self) -> None:
        """Look for nothing any more."""
        self._foreign.clear()

    def spent(self, job: Job, task: Task) -> tuple[str, int] | None:
        """The claim that a result is written under; it is gone with that."""
        if job.claim is None or task.key is None:
            return None
        return job.claim[0], self.claims.held.pop(task.key, job.claim[1])

    def release(self, job: Job) -> None:
        """Let the claim of a call go that gives no result; where the store takes nothing, a little later."""
        if job.claim is not None:
            keys = [task.key for task in job.tasks if task.key is not None]
            try:
                self.claims.release(keys)
            except DioramaError:
                # Who waits for the call must hear of its end all the same.
                self._overdue.update(keys)
            job.claim = None

    def release_idle(self, busy: Collection[Digest | None]) -> None:
        """Let claims go that no call is made under, as far as the store can be written at all."""
        with suppress(DioramaError):
            self.claims.release([key for key in self.claims.held if key not in busy])

    def renew(self) -> None:
        """Show that the claims of this process are alive, where that is due; let those go that are overdue."""
        if self.claims.held and self.clock() >= self._renewed + self.claims.seconds / 3:
            self._renewed = self.clock()
            self.claims.release(sorted(self._overdue))
            self._overdue.clear()
            self.claims.renew()

    def dues(self) -> list[float]:
        """When something is due here."""
        renewal = [self._renewed + self.claims.seconds / 3] if self.claims.held else []
        return [when for _, when in self._foreign] + renewal
