"""Makes one call: inputs loaded, the function called, its outputs kept."""

from __future__ import annotations

import errno
import sys
import threading
import time
import traceback
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from diorama.catalogue import Entry
from diorama.context import Cancelled, Context
from diorama.execute.call import Call, Done, Failed, Stopped
from diorama.execute.devices import LeaseLost
from diorama.execute.transport import BadOutput, Transport
from diorama.faults import BadInput
from diorama.refs import Ref
from diorama.store.blobs import Damaged

OUT_OF_MEMORY = ("CUDA out of memory", "CUDA error: out of memory", "ALLOC_FAILED", "DefaultCPUAllocator: ")
TEXT_LIMIT = 1000
"""Characters of an error's text that are told."""


def nothing_first() -> None:
    """Make a call without further ado."""


def perform(
    call: Call, transport: Transport, ctx: Context, first: Callable[[], None] = nothing_first
) -> Done | Failed | Stopped:
    """Make a call and tell what became of it; raises nothing but Ctrl-C, and `Cancelled` where that comes very late.

    What is raised by `first` fails the call as what its node raises.
    """
    begun = time.perf_counter()
    try:
        first()
        outputs = _outputs(call, transport, ctx)
        return Done(call.id, outputs, time.perf_counter() - begun, ctx.is_kept)
    except Cancelled:
        return Stopped(call.id)
    except LeaseLost as error:
        return Failed(call.id, "R011", str(error), cause="crash")
    except BadInput as error:
        return Failed(call.id, "R002", _text(error) or "the node refused its input", is_final=True)
    except BadOutput as error:
        return Failed(call.id, "R004", _text(error), traceback.format_exc(), is_final=True)
    except Damaged as error:
        return Failed(call.id, "R001", str(error), is_final=True, damaged=error.digest)
    except OSError as error:
        if error.errno in (errno.ENOSPC, errno.EDQUOT):
            message = "the disk is full; make room and run again, what is finished is kept"
            return Failed(call.id, "R006", message, traceback.format_exc(), is_final=True)
        return Failed(call.id, "R001", _sentence(error), traceback.format_exc())
    except BaseException as error:  # a node may raise anything
        if is_out_of_memory(error):
            message = f"the call ran out of memory: {_sentence(error)}"
            return Failed(call.id, "R009", message, traceback.format_exc(), cause="memory")
        if isinstance(error, KeyboardInterrupt) and threading.current_thread() is threading.main_thread():
            raise
        return Failed(call.id, "R001", _sentence(error), traceback.format_exc())
    finally:
        ctx.close()


def is_out_of_memory(error: BaseException) -> bool:
    """Whether an error says that memory, the machine's or a device's, did not suffice."""
    torch = sys.modules.get("torch")
    if isinstance(error, MemoryError) or (torch is not None and isinstance(error, torch.OutOfMemoryError)):
        return True
    # Libraries under torch, and its allocator for the CPU, say it in words alone.
    return isinstance(error, RuntimeError) and any(words in _text(error) for words in OUT_OF_MEMORY)


def _sentence(error: BaseException) -> str:
    text = _text(error)
    return f"{type(error).__name__}: {text}" if text else type(error).__name__


def _text(error: BaseException) -> str:
    """What an error says, fit to be written: it may be endless, no UTF-8, or raise itself."""
    try:
        text = str(error).strip()[: TEXT_LIMIT + 1]
    except Exception:
        return ""
    text = text.encode("utf-8", "replace").decode()
    return text if len(text) <= TEXT_LIMIT else text[:TEXT_LIMIT] + "..."


def _outputs(call: Call, transport: Transport, ctx: Context) -> Sequence[Mapping[str, Ref]]:
    node = call.entry.node
    ports = node.inputs
    items = [{port: transport.load(ports[port], ref) for port, ref in inputs.items()} for inputs in call.inputs]
    ctx.check_cancelled()
    if len(items) == 1:
        results: Sequence[Any] = [node.function(ctx, **items[0])]
    else:
        assert node.batched_function is not None
        results = node.batched_function(ctx, items)
        if len(results) != len(items):
            raise BadOutput(f"its batched form gave {len(results)} results for {len(items)} items")
    return [_kept(call.entry, result, transport) for result in results]


def _kept(entry: Entry, result: object, transport: Transport) -> dict[str, Ref]:
    node = entry.node
    if not node.gives_several:
        return {"value": transport.keep(node.outputs["value"], result)}
    if not isinstance(result, tuple) or getattr(result, "_fields", ()) != tuple(node.outputs):
        raise BadOutput(f"it gave {type(result).__name__} instead of the outputs {', '.join(node.outputs)}")
    return {port.name: transport.keep(port, value) for port, value in zip(node.outputs.values(), result, strict=True)}
