"""Saved graphs as a run found them when it was submitted, whatever was saved since."""

from __future__ import annotations

from collections.abc import Mapping

from diorama.graph import Graph
from diorama.library import FindGraph
from diorama.refusals import NoSuch
from diorama.store.graphs import SavedGraphs


class PinnedGraphs:
    """Finds saved graphs: those of the database in the versions of `pins`, or the newest; then those in folders.

    `pins` grows by what is found. A folder holds one version of a graph: those are as they are.
    """

    def __init__(self, saved: SavedGraphs, in_folders: FindGraph, pins: Mapping[str, int]) -> None:
        self.saved = saved
        self.in_folders = in_folders
        self.pins = dict(pins)

    def find(self, name: str) -> Graph | None:
        """A saved graph, or None; raises `DioramaError` where it has faults."""
        pinned = self.pins.get(name)
        try:
            # A graph that was deleted since is still what the run was made of.
            found = self.saved.get(name, pinned, also_deleted=pinned is not None)
        except NoSuch:
            return self.in_folders(name)
        self.pins[name] = found.version
        return found.graph
