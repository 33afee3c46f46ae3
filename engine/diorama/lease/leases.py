"""Who may use which device now, how, and what it took: the seam of `execute/devices.py` over real devices."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import asdict
from math import inf
from pathlib import Path
from typing import Final

from diorama.execute.call import LADDER, Call, Waiting
from diorama.execute.devices import Choice, Ended, Grant, Refused, Served, Usage
from diorama.faults import Fault
from diorama.lease.device import GIB, LOW_BYTES, Device, Gone, Memory
from diorama.lease.ledger import Ledger
from diorama.lease.need import Need, need_of
from diorama.lease.order import Caller, Order, Spot
from diorama.lease.owner import this_process
from diorama.lease.page import Owner
from diorama.lease.peaks import Peaks
from diorama.lease.stand import Room, Stand, Underway, low_sentence
from diorama.lease.view import DeviceView, view_of
from diorama.model import Offload

log = logging.getLogger(__name__)
RETURN_SECONDS: Final = 10.0
"""How often a device that answered no more is asked again."""
WRITE_SECONDS: Final = 5.0
"""How often what was learned is written."""


class Leases:
    """Shares out devices. All methods are for one thread but `views` and `refusal`, and none of them waits.

    Without a `folder` for ledgers, no other process is reckoned with.
    """

    def __init__(
        self,
        devices: Sequence[Device],
        *,
        folder: Path | None = None,
        peaks: Peaks | None = None,
        order: Order | None = None,
        clock: Callable[[], float] = time.monotonic,
        owner: Owner | None = None,
        low_bytes: int = LOW_BYTES,
        keeper: str = "diorama.lease.keeper:keeper_for",
        ledger: Callable[[Path, Owner], Ledger] | None = None,
    ) -> None:
        self.devices = devices
        self.keeper = keeper
        self.clock = clock
        self.owner = owner or this_process()
        self.low_bytes = low_bytes
        self.peaks = peaks or Peaks()
        self.order = order or Order()
        make = ledger or (lambda path, owner: Ledger(path, owner, clock=clock))
        self.stands = {
            device.name: Stand(
                device,
                None if folder is None else make(folder / f"{_slug(device.identity)}.json", self.owner),
                reserve_of(device),
            )
            for device in devices
        }
        self._model_bytes: dict[str, int] = {}
        self._reload: dict[str, float] = {}
        """Seconds that loading each model took the last time."""
        self._sparing: dict[tuple[str, str], Offload] = {}
        """How calls of a node and sizes have to offload, where they did not fit otherwise."""
        self._calls: dict[int, Stand] = {}
        self._chosen: tuple[Caller, Spot, Need] | None = None
        self._looked_at: dict[str, float] = {}
        self._written = clock()

    def served(self) -> Sequence[Served]:
        """The devices and how their workers find them."""
        places = [(stand.device.name, stand.device.place) for stand in self.stands.values()]
        return [Served(name, place.torch, place.environment) for name, place in places]

    def choose(self, waiting: Sequence[Waiting], free: Sequence[str]) -> Choice | None:
        """Which call goes next on a free device, and what it is granted; None where none should yet."""
        now = self.clock()
        self._chosen = None
        callers = [Caller(one.models, one.priority, one.since) for one in waiting]
        usable = [self.stands[name] for name in free if self._is_usable(self.stands[name])]
        spots = [Spot(stand.device.name, frozenset(stand.resident)) for stand in usable]
        for number, spot in self.order.picks(callers, spots, now, self._reload):
            others = [model for one in waiting if one is not waiting[number] for model in one.models]
            granted = self._granted(self.stands[spot.device], waiting[number], others, now)
            if granted is not None:
                grant, need = granted
                self._chosen = (callers[number], spot, need)
                return Choice(number, grant)
        refused = self._refused(now)
        return Choice(0, refused) if waiting and refused else None

    def _refused(self, now: float) -> Refused | None:
        """Why no device takes any call, where that is so."""
        answering = [stand for stand in self._all if not stand.why_gone]
        if not answering:
            told = "; ".join(f"{stand.device.title} ({stand.device.name}): {stand.why_gone}" for stand in self._all)
            return Refused("R013", f"no device answers any more: {told}" if told else "there is no device")
        refusing = [stand.refusal for stand in answering if stand.is_refused(now)]
        return Refused("R012", refusing[0]) if len(refusing) == len(answering) else None

    def _is_usable(self, stand: Stand) -> bool:
        return stand.call is None and not stand.is_leaving and not stand.why_gone

    @property
    def _all(self) -> Iterable[Stand]:
        return self.stands.values()

    def _granted(self, stand: Stand, waiting: Waiting, others: Sequence[str], now: float) -> tuple[Grant, Need] | None:
        """What a call is granted on a device, None where it gets nothing, or nothing yet."""
        if not stand.take(now):
            return None
        memory = self._read(stand)
        if stand.why_gone:
            return None
        need = self._need(stand, waiting)
        is_alone = LADDER[waiting.rung].is_alone
        room = stand.room(memory) if memory is not None else None
        is_low = room is not None and stand.device.is_gpu and room.free < self.low_bytes
        is_short = room is not None and (is_low or need.total > room.budget)
        if (is_short or is_alone) and stand.is_waited_for(max(need.total, 1), now):
            return None
        if room is not None and is_low:
            stand.refuse(low_sentence(stand.device, room, self.low_bytes), now)
            return None
        return self._grant(stand, need, room, is_alone, others), need

    def _read(self, stand: Stand) -> Memory | None:
        """The memory of a device, None where its driver does not tell it, or where it is gone."""
        try:
            return stand.device.read().memory
        except Gone as error:
            stand.why_gone = str(error) or "it is gone"
            stand.leave()
            return None

    def _need(self, stand: Stand, waiting: Waiting) -> Need:
        kind = "gpu" if stand.device.is_gpu else "cpu"
        return need_of(waiting, kind, self._model_bytes, self.peaks, lambda *load: self._sparing.get(load, "none"))

    def _grant(self, stand: Stand, need: Need, room: Room | None, is_alone: bool, others: Sequence[str]) -> Grant:
        budget = room.budget if room is not None else 0
        return Grant(
            device=stand.device.name,
            budget_bytes=budget,
            call_bytes=min(need.call_bytes, budget) if budget else need.call_bytes,
            offload=need.offload,
            is_alone=is_alone,
            wanted=tuple(sorted(set(others))),
            lease=stand.lease,
        )

    def begin(self, call: Call, grant: Grant) -> None:
        """A call was started with this grant."""
        assert self._chosen is not None, "a call begins that was not chosen"
        caller, spot, need = self._chosen
        assert spot.device == grant.device, "a call begins elsewhere than it was chosen for"
        self._chosen = None
        stand = self.stands[spot.device]
        assert stand.call is None, "a device has two calls"
        now = self.clock()
        stand.call = Underway(call.id, need, grant, now)
        stand.has_worker = True
        stand.ask_no_more()
        self._calls[call.id] = stand
        self.order.began(caller, spot, now)

    def end(self, call: int, how: Ended, usage: Usage | None) -> None:
        """A call has ended, and its device is free."""
        stand = self._calls.pop(call)
        under_way = stand.call
        assert under_way is not None
        stand.end(usage, self.clock())
        if usage is not None:
            self._learn(under_way.need, how, usage)

    def _learn(self, need: Need, how: Ended, usage: Usage) -> None:
        for load in usage.loads:
            self._reload[load.model] = load.seconds
            log.info(
                f"{load.model} loaded in {load.seconds:.1f} s: "
                f"{load.before_bytes / GIB:.2f} GiB in use before, {load.after_bytes / GIB:.2f} after",
                extra={"fields": {"node": need.node, **asdict(load)}},
            )
        for model in usage.evicted:
            log.info(f"{model} let go", extra={"fields": {"node": need.node, "model": model}})
        for model, size in usage.resident.items():
            if need.offload == "none" and size:
                self._model_bytes[model] = size
        if how == "done":
            if need.offload != "none":
                self._sparing[need.node, need.load] = need.offload
            if usage.call_bytes:
                self.peaks.measured(need.node, need.sizes, usage.call_bytes)

    def lost(self, device: str) -> None:
        """The worker of a device is gone, with all that it held."""
        self.stands[device].lost()

    def tend(self) -> Sequence[str]:
        """Do what is due; gives the devices whose workers have to go."""
        now = self.clock()
        for stand in self._all:
            stand.tend(now)
            if stand.why_gone and now >= self._looked_at.get(stand.device.name, -inf) + RETURN_SECONDS:
                self._looked_at[stand.device.name] = now
                stand.why_gone = ""
                self._read(stand)
        if now >= self._written + WRITE_SECONDS:
            self._written = now
            self.peaks.write()
        return [stand.device.name for stand in self._all if stand.is_leaving]

    def pause(self) -> float | None:
        """Seconds until something is due by itself."""
        moments = [due for stand in self._all if (due := stand.due()) is not None]
        moments += [
            self._looked_at.get(stand.device.name, 0.0) + RETURN_SECONDS for stand in self._all if stand.why_gone
        ]
        return max(min(moments) - self.clock(), 0.0) if moments else None

    def close(self) -> None:
        """Let every lease go."""
        for stand in self._all:
            stand.held_bytes = 0
            if stand.ledger is not None:
                stand.ledger.release()
            stand.is_held = False
        self.peaks.write()

    def views(self) -> list[DeviceView]:
        """The devices as they stand, for any thread."""
        now = self.clock()
        return [view_of(stand, now) for stand in self._all]

    def refusal(self) -> Fault | None:
        """Why no call would get a device now, where that is so: every GPU is short of memory. For any thread."""
        faults: list[Fault] = []
        for stand in self._all:
            try:
                memory = stand.device.read().memory
            except Gone as error:
                faults.append(Fault("R013", stand.device.name, f"{stand.device.title} no longer answers: {error}"))
                continue
            if memory is None or not stand.device.is_gpu:
                return None
            room = stand.room(memory)
            kept = stand.others_keep(stand.ledger.page()) if stand.ledger is not None else 0
            if room.free + kept >= self.low_bytes:
                return None
            faults.append(Fault("R012", stand.device.name, low_sentence(stand.device, room, self.low_bytes)))
        return faults[0] if faults else None


def reserve_of(device: Device) -> int:
    """Bytes that are left to the driver, the screen and the gaps between allocations."""
    try:
        memory = device.read().memory
    except Gone:
        memory = None
    if memory is None:
        return 0
    return min(memory.total // 16, 2 * GIB) if device.is_gpu else memory.total // 8


def _slug(identity: str) -> str:
    return "".join(letter if letter.isalnum() or letter == "-" else "_" for letter in identity)
