"""How much memory of a device a call needs: declared, until it has been measured."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import orjson
from pydantic import JsonValue

from diorama.execute.call import LADDER, Waiting
from diorama.lease.device import GIB
from diorama.lease.peaks import Peaks
from diorama.model import OFFLOADS, Offload
from diorama.node import Node
from diorama.refs import Blob, Inline, Ref


@dataclass(frozen=True, slots=True)
class Need:
    """Bytes that a call needs, and under which sizes what it takes is remembered."""

    node: str
    load: str
    """What its items are declared to take: calls of which that is the same are taken for equally large."""
    sizes: str
    """The same, with the kind of device and the offload."""
    offload: Offload
    models: Mapping[str, int]
    """Bytes of each model that it holds."""
    call_bytes: int
    """Bytes that it takes beyond them."""

    @property
    def total(self) -> int:
        """All of it; of models that are offloaded nobody can tell before, so that they count as nothing."""
        return self.call_bytes + (sum(self.models.values()) if self.offload == "none" else 0)


def need_of(
    waiting: Waiting,
    kind: str,
    measured: Mapping[str, int],
    peaks: Peaks,
    learned: Callable[[str, str], Offload],
) -> Need:
    """What a call needs on a device of a kind (`gpu`, `cpu`).

    `measured` are models whose size is known; `learned` tells how sparing calls of a node and sizes have to be.
    """
    node, name = waiting.entry.node, waiting.entry.id
    declared = [_declared(node, inputs) for inputs in waiting.inputs]
    load = " ".join(f"{gib:.3f}" for gib in sorted(declared))
    offload = max(LADDER[waiting.rung].offload, learned(name, load), key=OFFLOADS.index)
    sizes = f"{kind} {offload} {load}"
    known = peaks.peak(name, sizes)
    return Need(
        node=name,
        load=load,
        sizes=sizes,
        offload=offload,
        models={model.name: measured.get(model.name, int(model.gib * GIB)) for model in node.settings.models},
        call_bytes=known if known is not None else int(sum(declared) * GIB),
    )


def _declared(node: Node[..., object], inputs: Mapping[str, Ref]) -> float:
    """GiB that an item is declared to take."""
    if node.vram_function is None:
        return node.settings.cost.vram_gib
    try:
        return max(float(node.vram_function(**{port: _known(ref) for port, ref in inputs.items()})), 0.0)
    except Exception:
        # The node's own code may raise anything; a call is not lost for an estimate.
        return node.settings.cost.vram_gib


def _known(ref: Ref) -> JsonValue:
    """What is known of a value without decoding it."""
    match ref:
        case Inline():
            return ref.value
        case Blob(facts=facts):
            read: JsonValue = orjson.loads(facts)
            return read
        case _:
            return [_known(item) for item in ref.items]
