from __future__ import annotations

from pathlib import Path

import pytest

from diorama.catalogue import Pack, catalogue_of
from diorama.context import Context
from diorama.execute.call import Call, Failed
from diorama.execute.devices import LeaseLost
from diorama.execute.perform import is_out_of_memory, perform
from diorama.execute.transport import Transport
from diorama.lease.simulated import OutOfMemoryError as SimulatedMemoryError
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


SAID = {
    "python's own": (MemoryError(), True),
    "torch's allocator": (SimulatedMemoryError("CUDA out of memory. Tried to allocate 2.00 GiB."), True),
    "cuda itself": (RuntimeError("CUDA error: out of memory"), True),
    "a library under torch": (RuntimeError("CUDA error: CUBLAS_STATUS_ALLOC_FAILED when calling `cublasCreate`"), True),
    "torch on the cpu": (
        RuntimeError("[enforce fail at alloc_cpu.cpp:121] DefaultCPUAllocator: can't allocate memory"),
        True,
    ),
    "another error of cuda": (RuntimeError("CUDA error: an illegal memory access was encountered"), False),
    "an error that speaks of memory": (ValueError("CUDA out of memory"), False),
}


@pytest.mark.parametrize("case", SAID.values(), ids=SAID)
def test_what_says_that_memory_did_not_suffice(case: tuple[Exception, bool]) -> None:
    error, is_so = case
    assert is_out_of_memory(error) is is_so
