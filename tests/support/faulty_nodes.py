"""Nodes that do everything a node must not do, for workers to be tried on."""

from __future__ import annotations

import ctypes
import os
import signal
import struct
import subprocess
import sys
import threading
import time
import warnings
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, ClassVar, Self

import numpy as np
import orjson
from pydantic import JsonValue

from diorama.catalogue import Catalogue, Pack, catalogue_of
from diorama.context import Context
from diorama.faults import BadInput
from diorama.model import Model, Placement
from diorama.node import Cost, node
from diorama.values.value import Value
from tests.support.tally import note

HEAVY = Cost(seconds=0.1)
_kept: list[bytearray] = []
LIGHT = Cost(seconds=1e-6)


class Raw(Value):
    """Bytes as they are."""

    type_name: ClassVar[str] = "raw"
    media_type: ClassVar[str] = "application/octet-stream"
    suffix: ClassVar[str] = ".bin"

    def __init__(self, content: bytes) -> None:
        self.content = content

    def encode(self) -> bytes:
        return self.content

    @classmethod
    def decode(cls, content: bytes) -> Self:
        return cls(content)

    def describe(self) -> dict[str, JsonValue]:
        return {"size": len(self.content)}


@node(cost=HEAVY)
def next_of(ctx: Context, x: int) -> int:
    """Give the next number."""
    note(f"next-{x}")
    return x + 1


@node(cost=LIGHT)
def light_next(ctx: Context, x: int) -> int:
    """Give the next number, at little cost."""
    return x + 1


@node(cost=LIGHT)
def process_id(ctx: Context, x: int) -> int:
    """Give the number of the process that makes the call."""
    return os.getpid()


@node(cost=HEAVY)
def worker_id(ctx: Context, x: int) -> int:
    """Give the number of the process that makes the call."""
    return os.getpid()


@node(cost=HEAVY)
def grown_raw(ctx: Context, raw: Raw, by: int) -> Raw:
    """Give some bytes, each greater by a number."""
    return Raw((np.frombuffer(raw.content, dtype=np.uint8) + np.uint8(by)).tobytes())


@node(cost=HEAVY)
def turned(ctx: Context, raw: Raw) -> Raw:
    """Give the bytes with the first one last: another value, at the cost of one copy."""
    return Raw(b"".join((memoryview(raw.content)[1:], raw.content[:1])))


@node(cost=HEAVY)
def size_of_raw(ctx: Context, raw: Raw) -> int:
    """Give how many bytes there are."""
    return len(raw.content)


@node(cost=HEAVY)
def home_of(ctx: Context, raw: Raw) -> int:
    """Give the number of the process that was given the bytes."""
    return os.getpid()


@node(cost=HEAVY)
def many_raw(ctx: Context, size: int, by: int) -> Raw:
    """Give so many bytes."""
    return Raw(bytes([by % 256]) * size)


@node(cost=HEAVY)
def raises(ctx: Context, x: int) -> int:
    """Raise an error."""
    raise ValueError(f"no {x}")


@node(cost=HEAVY)
def refuses(ctx: Context, x: int) -> int:
    """Refuse its input."""
    raise BadInput("x is not wanted")


@node(cost=HEAVY)
def interrupts(ctx: Context, x: int) -> int:
    """Raise what Ctrl-C raises."""
    raise KeyboardInterrupt


@node(cost=HEAVY)
def quits(ctx: Context, x: int) -> int:
    """Ask the interpreter to end."""
    sys.exit(x)


@node(cost=HEAVY)
def exits(ctx: Context, code: int) -> int:
    """End the process at once."""
    note(f"exits-{code}")
    os._exit(code)


@node(cost=HEAVY)
def segfaults(ctx: Context, x: int) -> int:
    """Read where nothing is."""
    note("segfaults")
    ctx.progress(0.4, "about to fall")
    return ctypes.string_at(x)[0]


@node(cost=HEAVY)
def killed(ctx: Context, signal_number: int) -> int:
    """Be killed by a signal."""
    note("killed")
    print("last words", flush=True)
    os.kill(os.getpid(), signal_number)
    threading.Event().wait(30.0)
    return 0


@node(cost=HEAVY)
def aborts(ctx: Context, text: str) -> int:
    """Abort with a text, as libraries in C++ do."""
    os.write(2, f"{text}\n  what():  {text}\n".encode())
    os.abort()


@node(cost=HEAVY)
def wanders(ctx: Context, place: str) -> str:
    """Go to another folder, and tell where the call began."""
    before = os.getcwd()
    os.chdir(place)
    return before


@node(cost=HEAVY)
def loaded(ctx: Context, x: int) -> list[str]:
    """Name the packages that are loaded."""
    return sorted({name.partition(".")[0] for name in sys.modules})


@node(cost=HEAVY)
def keeps_memory(ctx: Context, mib: int) -> int:
    """Keep some memory for ever."""
    _kept.append(bytearray(os.urandom(1024) * 1024 * mib))
    return os.getpid()


@node(cost=HEAVY)
def goes_on(ctx: Context, x: int) -> int:
    """Tell that it is half done, and give the next number a little later."""
    note(f"goes_on-{x}")
    ctx.progress(0.5, "half")
    ctx.cancelled.wait(0.2)
    return x + 1


@node(cost=HEAVY)
def dies_once(ctx: Context, mark: str) -> int:
    """Die where the mark is not there yet, and leave it."""
    note("dies_once")
    if not Path(mark).exists():
        Path(mark).touch()
        os.kill(os.getpid(), signal.SIGKILL)
    return 7


@node(cost=HEAVY, time_limit=0.5)
def hangs(ctx: Context, x: int) -> int:
    """Wait in C, past its time limit."""
    threading.Event().wait(60.0)
    return x


@node(cost=HEAVY, time_limit=0.5)
def stops_itself(ctx: Context, x: int) -> int:
    """Stop the process, as from a terminal."""
    os.kill(os.getpid(), signal.SIGSTOP)
    return x


@node(cost=HEAVY)
def listens(ctx: Context, x: int) -> int:
    """Go on until it is cancelled."""
    while True:
        ctx.progress(0.5, "going on")
        ctx.cancelled.wait(0.01)


@node(cost=HEAVY)
def loops(ctx: Context, x: int) -> int:
    """Loop in Python for ever without a look around."""
    ctx.progress(0.5, "looping")
    while True:
        pass


@node(cost=HEAVY)
def deaf(ctx: Context, x: int) -> int:
    """Wait in C for ever, whatever is raised."""
    ctx.progress(0.5, "deaf")
    ctypes.CDLL(None).pause()
    while True:
        try:
            while True:
                ctypes.CDLL(None).pause()
        except BaseException:
            continue


@node(cost=HEAVY)
def forks(ctx: Context, place: str) -> int:
    """Leave children behind, in this group and out of it, write down who they are, and hang."""
    command = [sys.executable, "-c", "import time; time.sleep(60)"]
    beside = subprocess.Popen(command)
    apart = subprocess.Popen(command, start_new_session=True)
    Path(place).write_text(f"{beside.pid} {apart.pid}")
    ctx.progress(0.5, "forked")
    threading.Event().wait(60.0)
    return 0


@node(cost=HEAVY)
def leaves_a_child(ctx: Context, place: str) -> int:
    """Fork a child that holds all that this process has open, and die."""
    child = os.fork()
    if child == 0:
        time.monotonic()
        threading.Event().wait(60.0)
        os._exit(0)
    Path(place).write_text(str(child))
    os.kill(os.getpid(), signal.SIGKILL)
    return 0


@node(cost=HEAVY, memory_gib=0.25)
def leaks(ctx: Context, by_mib: int) -> int:
    """Take more and more memory, in pieces that are too small to be refused at once."""
    held: list[bytearray] = []
    for number in range(100_000):
        held.append(bytearray(os.urandom(1024) * 1024 * by_mib))
        ctx.progress(0.0, f"{number}")
    return len(held)


@node(cost=HEAVY, memory_gib=0.25)
def maps_and_touches(ctx: Context, mib: int) -> int:
    """Take memory that no limit of the process counts: pages shared with nobody."""
    import mmap

    held = mmap.mmap(-1, mib * 2**20, flags=mmap.MAP_SHARED)
    for start in range(0, mib * 2**20, 4096):
        held[start] = 1
    threading.Event().wait(30.0)
    return 0


@node(cost=HEAVY, memory_gib=0.25)
def asks_for_all(ctx: Context, gib: int) -> int:
    """Ask for more memory than any machine has."""
    return int(np.zeros(gib * 2**30, dtype=np.uint8)[0])


@node(cost=HEAVY)
def prints(ctx: Context, text: str) -> int:
    """Print by all the ways there are."""
    print(f"out {text}")
    print(f"err {text}", file=sys.stderr)
    ctypes.CDLL(None).printf(b"native %s\n", text.encode())
    os.write(1, f"bare {text}\n".encode())
    with warnings.catch_warnings():
        warnings.simplefilter("default")
        warnings.warn(f"warned {text}", stacklevel=1)
    return len(sys.stdin.read())


@node(cost=HEAVY)
def floods(ctx: Context, lines: int) -> int:
    """Print far more than anybody wants to read."""
    for number in range(lines):
        print("x" * 100, number)
    return lines


@node(cost=HEAVY)
def floods_progress(ctx: Context, times: int) -> int:
    """Tell progress far too often."""
    for number in range(times):
        ctx.progress(number / times, "x" * 100)
    return times


@node(cost=HEAVY)
def previews(ctx: Context, raw: Raw) -> int:
    """Show something on the way."""
    ctx.preview(Raw(raw.content[:3]))
    return 1


def _load(name: str) -> Callable[[Placement], str]:
    def load(placement: Placement) -> str:
        note(f"load-{name}-{placement.device}-{placement.offload}")
        return f"{name} on {placement.device}"

    return load


def model(name: str) -> Model[str]:
    """A model that is a text, and notes when it is loaded."""
    return Model(name, _load(name), 0.001, "test/model", "1", "MIT")


FIRST, SECOND = model("first"), model("second")


@node(cost=HEAVY, models=[FIRST])
def with_first(ctx: Context, x: int) -> str:
    """Hold the first model."""
    with ctx.model(FIRST) as held:
        return f"{held} {os.getpid()}"


@node(cost=HEAVY, models=[SECOND])
def with_second(ctx: Context, x: int) -> str:
    """Hold the second model."""
    with ctx.model(SECOND) as held:
        return f"{held} {os.getpid()}"


@node(cost=HEAVY, models=[FIRST])
def held_for_ever(ctx: Context, x: int) -> str:
    """Hold the first model until it is cancelled."""
    with ctx.model(FIRST):
        while True:
            ctx.progress(0.5, "holding")
            ctx.cancelled.wait(0.01)


@node(cost=HEAVY, models=[FIRST])
def dies_with_first(ctx: Context, x: int) -> str:
    """Hold the first model, and die."""
    with ctx.model(FIRST):
        os._exit(1)


@node(cost=HEAVY, models=[FIRST])
def too_large(ctx: Context, x: int) -> str:
    """Find no room on the device."""
    with ctx.model(FIRST):
        note("too_large")
        raise MemoryError("the device has no room")


def to_server(content: bytes) -> None:
    """Speak to the server past the worker's own words."""
    os.write(int(sys.argv[1]), content)


def framed(message: object) -> bytes:
    """A message as a worker would send it."""
    content = orjson.dumps(message)
    return struct.pack("<I", len(content)) + content


@node(cost=HEAVY)
def talks_garbage(ctx: Context, kind: str) -> int:
    """Say to the server what no worker says."""
    note(f"garbage-{kind}")
    missing = ["b", "00" * 32, 5, "raw", "application/octet-stream", {}]
    done: dict[str, Any] = {"kind": "done", "call": 1, "usage": None, "rss": 0, "seconds": 1.0}
    said: dict[str, Sequence[bytes]] = {
        "noise": [b"\x07\0\0\0garbage"],
        "no json": [struct.pack("<I", 3) + b"{]}"],
        "ten gigabytes": [struct.pack("<I", 0xFFFFFFFF)] + [b"\0" * 65536] * 100,
        "another call": [framed(done | {"call": 10**6, "outputs": [{"value": ["j", 1]}]})],
        "missing blob": [framed(done | {"outputs": [{"value": missing}]})],
        "another port": [framed(done | {"outputs": [{"other": ["j", 1]}]})],
        "no outputs": [framed(done | {"outputs": []})],
        "bad ref": [framed(done | {"outputs": [{"value": ["z"]}]})],
        "short digest": [framed(done | {"outputs": [{"value": ["b", "00", 5, "raw", "x", {}]}]})],
        "no usage": [framed({"kind": "stopped", "call": 1, "rss": 1})],
        "deep": [framed({"kind": "progress", "call": 1}).replace(b"1", b"[" * 1)],
    }
    for content in said[kind]:
        to_server(content)
    threading.Event().wait(30.0)
    return 0


@node(cost=HEAVY)
def hangs_up(ctx: Context, x: int) -> int:
    """Close the line to the server and go on."""
    os.close(int(sys.argv[1]))
    threading.Event().wait(30.0)
    return x


@node(cost=HEAVY)
def leaves_a_thread(ctx: Context, x: int) -> int:
    """End, and leave a thread that goes on speaking of the call."""

    def speak() -> None:
        for _ in range(100):
            ctx.on_progress(0.5, "still here")
            threading.Event().wait(0.01)

    threading.Thread(target=speak, daemon=True).start()
    return x


@node(cost=HEAVY)
def several(ctx: Context, x: int) -> int:
    """Give the next number; die for 13."""
    note(f"several-{x}")
    if x == 13:
        os._exit(13)
    return x + 1


@several.batched
def _several_at_once(ctx: Context, items: Sequence[dict[str, Any]]) -> list[int]:
    return [several.function(ctx, item["x"]) for item in items]


@node(cost=HEAVY)
def scratches(ctx: Context, place: str) -> int:
    """Leave a file in the scratch folder, write down where, and die."""
    file = ctx.scratch / "left"
    file.write_text("left")
    Path(place).write_text(str(file))
    os._exit(1)


NODES = [value for value in list(globals().values()) if type(value).__name__ == "Node"]


def catalogue() -> Catalogue:
    """The nodes of this module, as the pack `t`."""
    return catalogue_of(Pack("t", "1"), *NODES)
