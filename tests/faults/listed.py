"""Every fault with the program that injects it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from tests.faults import (
    f01_server_killed,
    f02_worker_killed,
    f04_disk_full,
    f06_database_away,
    f07_two_servers,
    f08_listeners,
    f09_full_queue,
    f10_cancel,
    f11_hostile_graphs,
    f15_clock_jumps,
    f17_history,
    f20_soak,
)
from tests.faults.by_tests import by_tests
from tests.faults.figures import Figures

ENGINE = "tests/engine"
STORE = f"{ENGINE}/store"
NAMES = by_tests("tests/server/security/test_names.py", "tests/server/uploads")
BOMBS = by_tests("tests/server/inspection/test_bombs.py", f"{ENGINE}/values/test_glb_hostile.py")
MEMORY = by_tests(f"{ENGINE}/lease/test_how_calls_fail.py", f"{ENGINE}/execute/test_dying_workers.py")
HISTORY = by_tests(f"{ENGINE}/run/test_store_history.py", is_marked=True)
OTHER_PROCESSES = by_tests(f"{ENGINE}/test_determinism.py")
MIGRATIONS = by_tests(f"{STORE}/test_migrations.py")
DAMAGE = by_tests(f"{STORE}/test_damage.py")
DEATHS = by_tests(f"{STORE}/test_fault_points.py", f"{STORE}/test_queue_deaths.py")


@dataclass(frozen=True, slots=True)
class Injection:
    """A fault: what is done, and the program, which takes a folder and whether to do it at length."""

    number: int
    name: str
    run: Callable[[Path, bool], Figures]


FAULTS = {
    one.number: one
    for one in (
        Injection(1, "kill -9 of the server at a random moment of a run of 200 calls", f01_server_killed.run),
        Injection(2, "kill -9 of a worker in the middle of a call, and one that is stopped", f02_worker_killed.run),
        Injection(
            3,
            "death at every step of writing",
            by_tests(f"{STORE}/test_fault_points.py", f"{STORE}/test_queue_deaths.py"),
        ),
        Injection(4, "a full disk", f04_disk_full.run),
        Injection(5, "damaged blobs and rows", DAMAGE),
        Injection(6, "a database that is locked, lost, or of another version", f06_database_away.run),
        Injection(7, "two servers on one store, one of them killed", f07_two_servers.run),
        Injection(8, "100 listeners, of them one silent, one slow, one that comes and goes", f08_listeners.run),
        Injection(9, "10,000 queued runs of 20 clients, a tenth of them cancelled", f09_full_queue.run),
        Injection(10, "cancel: queued, in Python, in C, swallowed, forked, while it ends", f10_cancel.run),
        Injection(11, "hostile graphs over HTTP", f11_hostile_graphs.run),
        Injection(
            12,
            "names and paths that lead outside",
            NAMES,
        ),
        Injection(
            13,
            "bombs: pictures, archives, models, sounds",
            BOMBS,
        ),
        Injection(
            14,
            "memory that runs out, in a worker and on a device",
            MEMORY,
        ),
        Injection(15, "a wall clock that jumps", f15_clock_jumps.run),
        Injection(
            16,
            "any history of runs, edits, crashes, collection and damage",
            HISTORY,
        ),
        Injection(17, "a history of claims by processes that are killed", f17_history.run),
        Injection(18, "processes with other hash seeds, folders and users", OTHER_PROCESSES),
        Injection(
            19,
            "stores of every older version, and death while they are brought up to date",
            MIGRATIONS,
        ),
        Injection(20, "ten minutes of small graphs with a kill a minute", f20_soak.run),
    )
}
