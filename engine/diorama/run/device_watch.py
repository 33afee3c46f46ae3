"""What devices do, as events, and which graphs need one."""

from __future__ import annotations

from collections.abc import Callable

from diorama.graph import Graph
from diorama.lease.leases import Leases
from diorama.lease.snapshots import Snapshot, Snapshots
from diorama.library import Library, saved_name
from diorama.run import events as told


class DeviceWatch:
    """Reads the devices now and then, and tells what it finds. Any thread may use it."""

    def __init__(
        self,
        leases: Leases,
        tell: Callable[..., None],
        clock: Callable[[], float],
        wall: Callable[[], float],
    ) -> None:
        self.snapshots = Snapshots(leases.devices, clock=clock, wall=wall)
        self._tell = tell

    def look(self) -> None:
        """Read the devices where that is due; tells a snapshot of each, and a warning where one is new."""
        taken = self.snapshots.due()
        warned = [told.Warned(one.at, one.device, one.warning) for one in taken if one.is_new_warning]
        if taken:
            self._tell(*map(snapshot_event, taken), *warned)

    def standing(self) -> list[told.Event]:
        """The devices as they were last seen, for those who begin to listen."""
        latest = [self.snapshots.latest(device.name) for device in self.snapshots.devices]
        return [snapshot_event(one) for one in latest if one is not None]


def snapshot_event(one: Snapshot) -> told.DeviceSnapshot:
    """A snapshot as it is told."""
    memory, reading = one.reading.memory, one.reading
    return told.DeviceSnapshot(
        at=one.at,
        device=one.device,
        name=one.title,
        total_bytes=memory.total if memory else None,
        used_bytes=memory.used if memory else None,
        free_bytes=memory.free if memory else None,
        utilisation=reading.utilisation,
        temperature=reading.celsius,
        level=one.level,
    )


def needs_device(graph: Graph, library: Library) -> bool:
    """Whether any node of a graph, or of a saved graph in it, uses a device."""
    waiting, seen = [graph], set[str]()
    while waiting:
        for type_ in {node.type for node in waiting.pop().nodes.values()} - seen:
            seen.add(type_)
            entry = library.catalogue.entries.get(type_)
            if entry is not None and entry.node.uses_device:
                return True
            name = saved_name(type_)
            inner = library.find_graph(name) if name is not None else None
            if inner is not None:
                waiting.append(inner)
    return False
