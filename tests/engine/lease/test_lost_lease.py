from __future__ import annotations

from pathlib import Path

from diorama.catalogue import Pack, catalogue_of
from diorama.context import Context
from diorama.execute.call import Call, Failed
from diorama.execute.devices import LeaseLost
from diorama.execute.perform import perform
from diorama.execute.transport import Transport
from diorama.node import node
from diorama.store.blobs import BlobStore


@node
def stubborn(ctx: Context) -> int:
    """Go on whatever progress raises."""
    try:
        ctx.progress(0.5)
    except Exception:
        return 1
    return 2


def test_a_call_whose_lease_is_lost_ends_although_its_node_handles_every_exception(tmp_path: Path) -> None:
    def lose(fraction: float, message: str) -> None:
        raise LeaseLost("the device was given to another")

    entry = catalogue_of(Pack("q", "1"), stubborn).entries["q/stubborn"]
    outcome = perform(Call(7, entry, [{}]), Transport(BlobStore(tmp_path)), Context(on_progress=lose))
    assert outcome == Failed(7, "R011", "the device was given to another", cause="crash")
