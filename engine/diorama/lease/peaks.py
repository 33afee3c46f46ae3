"""The most memory that calls took beyond their models, by node and sizes: what the next call is granted."""

from __future__ import annotations

from contextlib import suppress

from sqlalchemy import select

from diorama.faults import DioramaError
from diorama.store.calls import CallStore
from diorama.store.tables import peaks
from diorama.store.upserts import replacing


class Peaks:
    """Peaks in memory, and, where a store is given, in its table. Changes are written by `write`."""

    def __init__(self, store: CallStore | None = None) -> None:
        self.store = store
        self._known: dict[tuple[str, str], tuple[int, int]] = {}
        """Bytes, and how often they were measured."""
        self._changed: set[tuple[str, str]] = set()
        if store is not None:
            wanted = select(peaks.c.node, peaks.c.sizes, peaks.c.bytes, peaks.c.count)
            with store.reading() as connection:
                for node, sizes, size, count in connection.execute(wanted):
                    self._known[node, sizes] = (size, count)

    def peak(self, node: str, sizes: str) -> int | None:
        """Bytes that calls of these sizes took at most, None where none was measured."""
        known = self._known.get((node, sizes))
        return known[0] if known is not None else None

    def measured(self, node: str, sizes: str, size: int) -> None:
        """Remember what a call took."""
        most, count = self._known.get((node, sizes), (0, 0))
        self._known[node, sizes] = (max(most, size), count + 1)
        self._changed.add((node, sizes))

    def write(self) -> None:
        """Write what has changed; where the store cannot be written now, it is written the next time."""
        if self.store is None or not self._changed:
            return
        rows = [
            {"node": node, "sizes": sizes, "bytes": self._known[node, sizes][0], "count": self._known[node, sizes][1]}
            for node, sizes in sorted(self._changed)
        ]
        with suppress(DioramaError), self.store.writing() as connection:
            connection.execute(replacing(connection, peaks, "node", "sizes"), rows)
            self._changed.clear()
