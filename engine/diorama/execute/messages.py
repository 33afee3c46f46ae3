"""What the server and a worker say to each other, as JSON; values go as rows of refs, never as objects."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any, Literal, TypeVar, cast, get_args

import orjson
from pydantic import TypeAdapter

from diorama.execute.call import Call, Cause, Done, Failed, Outcome, Previewed, Progressed, Stopped
from diorama.execute.devices import Grant, Usage
from diorama.execute.wire import Garbage
from diorama.keys import Digest
from diorama.refs import Blob, Ref, from_parsed, to_row

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Hello:
    """The first message to a worker: what it needs to know before its first call."""

    path: Sequence[str]
    """The server's `sys.path`."""
    blobs: str
    """Folder of the blob store."""
    catalogue: str
    """`module:attribute` of a catalogue, or nothing for the packs that are installed."""
    keeper: str
    """`module:attribute` of what holds models, or nothing."""
    device: str
    """How torch names the device that the worker serves."""
    server: int
    """Process id of the server: a worker whose parent is another has been left behind."""
    kept_bytes: int
    """Encoded size of the decoded values that it keeps at hand."""


@dataclass(frozen=True, slots=True)
class NodeName:
    """A node as a worker finds it without reading a whole catalogue."""

    id: str
    module: str
    name: str
    pack: str
    source: str
    """Digest of the pack's source, for one under development: the worker must have read the same."""


@dataclass(frozen=True, slots=True)
class Order:
    """A call as a worker is given it."""

    call: int
    node: NodeName
    inputs: Sequence[Mapping[str, Ref]]
    rung: int
    memory_bytes: int
    """What the call may take beyond what the worker has by itself; 0 where nothing bounds it."""
    grant: Grant | None


@dataclass(frozen=True, slots=True)
class Asked:
    """Something asked of a worker about a call under way: to end, or to be made to end."""

    kind: Literal["cancel", "force"]
    call: int


@dataclass(frozen=True, slots=True)
class Ready:
    """What a worker says first: it has read what it needs."""


@dataclass(frozen=True, slots=True)
class Ended:
    """The end of a call, with what the keeper measured and what the process took."""

    outcome: Done | Failed | Stopped
    usage: Usage | None
    rss_bytes: int
    """What the process holds after the call."""


Said = Ready | Progressed | Previewed | Ended


def node_name(call: Call) -> NodeName:
    """How a worker finds the node of a call."""
    entry = call.entry
    return NodeName(entry.id, entry.node.function.__module__, entry.node.name, entry.pack.name, entry.pack.source)


def hello_json(hello: Hello) -> bytes:
    """The first message."""
    return orjson.dumps(hello)


def hello_of(message: bytes) -> Hello:
    """The first message, as the worker reads it."""
    return Hello(**orjson.loads(message))


def order_json(order: Order) -> bytes:
    """A call on its way to a worker."""
    return orjson.dumps(
        {
            "call": order.call,
            "node": order.node,
            "inputs": [orjson.Fragment(to_row(inputs)) for inputs in order.inputs],
            "rung": order.rung,
            "memory_bytes": order.memory_bytes,
            "grant": order.grant,
        }
    )


def order_of(message: bytes) -> Order:
    """A call as it comes to a worker."""
    read: dict[str, Any] = orjson.loads(message)
    grant = None if read["grant"] is None else _reader(Grant).validate_python(read["grant"])
    inputs = [from_parsed(row) for row in read["inputs"]]
    return Order(read["call"], NodeName(**read["node"]), inputs, read["rung"], read["memory_bytes"], grant)


def asked_json(asked: Asked) -> bytes:
    """Something asked of a worker."""
    return orjson.dumps(asked)


def asked_of(message: bytes) -> Asked:
    """Something asked of this worker."""
    return Asked(**orjson.loads(message))


def ready_json() -> bytes:
    """What a worker says first."""
    return b'{"kind":"ready"}'


def progress_json(call: int, fraction: float, message: str) -> bytes:
    """How far a call is."""
    return orjson.dumps({"kind": "progress", "call": call, "fraction": fraction, "message": message})


def preview_json(call: int, preview: Blob) -> bytes:
    """An unfinished value of a call."""
    row = orjson.Fragment(to_row({"preview": preview}))
    return orjson.dumps({"kind": "preview", "call": call, "row": row})


def ended_json(outcome: Outcome, usage: Usage | None, rss_bytes: int) -> bytes:
    """The end of a call."""
    said: dict[str, object] = {"call": outcome.call, "usage": usage, "rss": rss_bytes}
    match outcome:
        case Done(_, outputs, seconds, is_kept):
            rows = [orjson.Fragment(to_row(one)) for one in outputs]
            said |= {"kind": "done", "outputs": rows, "seconds": seconds, "is_kept": is_kept}
        case Failed():
            said |= {"kind": "failed", "code": outcome.code, "message": outcome.message, "cause": outcome.cause}
            said |= {"traceback": outcome.traceback, "is_final": outcome.is_final}
            said |= {"damaged": outcome.damaged.hex() if outcome.damaged else None}
        case _:
            said |= {"kind": "stopped"}
    return orjson.dumps(said)


def said_of(message: bytes) -> Said:
    """What a worker said; raises `Garbage` for anything that no worker says."""
    try:
        read: dict[str, Any] = orjson.loads(message)
        match read:
            case {"kind": "ready"}:
                return Ready()
            case {"kind": "progress", "call": int(call), "fraction": float(fraction), "message": str(text)}:
                return Progressed(call, fraction, text)
            case {"kind": "preview", "call": int(call), "row": row}:
                return Previewed(call, _blob(from_parsed(row)["preview"]))
            case {"kind": "done" | "failed" | "stopped", "usage": usage, "rss": int(rss)}:
                return Ended(_outcome(read), _usage(usage), rss)
    except (ValueError, KeyError, TypeError) as error:
        raise Garbage(f"what it said cannot be read: {error}") from error
    raise Garbage(f"it said {message[:60]!r}")


def _blob(ref: Ref) -> Blob:
    if not isinstance(ref, Blob):
        raise TypeError("a preview is no small value")
    return ref


def _outcome(read: Mapping[str, Any]) -> Done | Failed | Stopped:
    match read:
        case {"kind": "done", "call": int(call), "outputs": [*rows], "seconds": float(seconds)}:
            return Done(call, [from_parsed(row) for row in rows], seconds, read.get("is_kept") is not False)
        case {"kind": "failed", "call": int(call), "code": str(code), "message": str(text), "cause": str(cause)}:
            if cause not in get_args(Cause):
                raise ValueError(f"{cause!r:.40} is no cause")
            damaged = read["damaged"] and Digest(bytes.fromhex(read["damaged"]))
            final = bool(read["is_final"])
            return Failed(call, code, text, str(read["traceback"]), final, damaged or None, cast(Cause, cause))
        case {"kind": "stopped", "call": int(call)}:
            return Stopped(call)
    raise ValueError("the end of a call lacks something")


@cache
def _reader(kind: type[T]) -> TypeAdapter[T]:
    return TypeAdapter(kind)


def _usage(read: object) -> Usage | None:
    return None if read is None else _reader(Usage).validate_python(read)
