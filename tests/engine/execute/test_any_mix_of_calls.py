"""Any mix of calls that end well, fail, die, hang, are cancelled or given up: each ends as it should."""

from __future__ import annotations

import os
import signal
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import numpy as np
import pytest
from tests.support.calling import PLACE, Caller, calling, is_alive, open_files

from diorama.execute.call import Done, Failed, Progressed, Stopped
from diorama.execute.pool import PoolOptions

LONG = os.environ.get("DIORAMA_LONG") == "1"
CALLS = 600 if LONG else 80
WORKERS = 3

Act = Literal["nothing", "cancel at once", "cancel later", "give up"]


@dataclass(frozen=True)
class Kind:
    """A call, what is done to it, and what must become of it: a value, a fault's code, `stopped`, or nothing told."""

    node: str
    inputs: Mapping[str, object]
    end: object
    act: Act = "nothing"
    weight: int = 1


KINDS = [
    Kind("next_of", {"x": 1}, 2, weight=12),
    Kind("light_next", {"x": 4}, 5, weight=8),
    Kind("raises", {"x": 1}, "R001", weight=3),
    Kind("quits", {"x": 1}, "R001"),
    Kind("refuses", {"x": 1}, "R002"),
    Kind("several", {"x": 2}, 3, weight=3),
    Kind("floods", {"lines": 3000}, 3000),
    Kind("floods_progress", {"times": 500}, 500),
    Kind("leaves_a_thread", {"x": 6}, 6),
    Kind("exits", {"code": 0}, "R010"),
    Kind("segfaults", {"x": 8}, "R010"),
    Kind("killed", {"signal_number": int(signal.SIGKILL)}, "R010"),
    Kind("talks_garbage", {"kind": "noise"}, "R010"),
    Kind("asks_for_all", {"gib": 4096}, "R009"),
    Kind("listens", {"x": 1}, "stopped", "cancel at once", weight=2),
    Kind("listens", {"x": 1}, "stopped", "cancel later", weight=2),
    Kind("loops", {"x": 1}, "stopped", "cancel later"),
    Kind("deaf", {"x": 1}, "stopped", "cancel later"),
    Kind("hangs", {"x": 1}, None, "give up"),
    Kind("stops_itself", {"x": 1}, None, "give up"),
    Kind("listens", {"x": 1}, None, "give up"),
]


def drawn(seed: int) -> list[Kind]:
    """A mix of calls in any order, each kind at least once."""
    rng = np.random.default_rng(seed)
    weights = np.array([kind.weight for kind in KINDS])
    chosen = rng.choice(len(KINDS), size=CALLS - len(KINDS), p=weights / weights.sum())
    mix = [*range(len(KINDS)), *chosen.tolist()]
    rng.shuffle(mix)
    return [KINDS[number] for number in mix]


def begin(caller: Caller, kind: Kind) -> int:
    """Start a call and do to it what belongs to its kind."""
    call = caller.start(kind.node, **kind.inputs)
    acts: Mapping[Act, Callable[[], None]] = {
        "nothing": lambda: None,
        "cancel at once": lambda: caller.executor.cancel(call),
        "cancel later": lambda: cancel_later(caller, call),
        "give up": lambda: caller.executor.abandon(call),
    }
    acts[kind.act]()
    return call


def cancel_later(caller: Caller, call: int) -> None:
    caller.until(lambda: any(isinstance(one, Progressed) for one in caller.of(call)))
    caller.executor.cancel(call)


def end_of(caller: Caller, call: int) -> object:
    """How a call ended, as its kind says it."""
    match caller.end_of(call):
        case Done(_, [outputs]):
            return caller.transport.value(outputs["value"])
        case Failed() as failed:
            return failed.code
        case Stopped():
            return "stopped"
        case other:
            raise AssertionError(other)


@pytest.mark.parametrize("seed", range(10 if LONG else 1))
def test_each_call_ends_as_it_should_and_nothing_is_left_behind(tmp_path: Path, seed: int) -> None:
    before = open_files()
    options = PoolOptions(catalogue=PLACE, cpu_workers=WORKERS, grace_seconds=1.0, recycle_calls=15)
    with calling(tmp_path / "store", options) as caller:
        pids: set[int] = set()
        calls: list[tuple[int, Kind]] = []
        for kind in drawn(seed):
            calls.append((begin(caller, kind), kind))
            assert len([view for view in caller.executor.workers() if view.state != "ending"]) <= WORKERS
            pids |= caller.pids()
        for call, kind in calls:
            if kind.end is not None:
                assert end_of(caller, call) == kind.end, (kind, caller.of(call))
        caller.until(lambda: all(view.state == "idle" for view in caller.executor.workers()))
        for call, kind in calls:
            ends = [one for one in caller.of(call) if isinstance(one, Done | Failed | Stopped)]
            assert len(ends) == (kind.end is not None), f"{kind} ended {len(ends)} times"
        assert caller.value("next_of", x=1) == 2
    assert not [pid for pid in pids if is_alive(pid)]
    assert open_files() == before
    assert not list((tmp_path / "store" / "incoming").iterdir())
