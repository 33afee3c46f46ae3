"""The collector's passes hold every thread up, so a run may cause none over what outlived an earlier one."""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.bench.synthetic import chain

from diorama.garbage import collected_later
from diorama.session import Session

NODES = 3000
"""With some 20 objects each that last until the run's end."""


@contextmanager
def passes() -> Iterator[list[int]]:
    """The generation of each pass that is made within a block."""
    seen: list[int] = []

    def note(phase: str, about: dict[str, int]) -> None:
        if phase == "stop":
            seen.append(about["generation"])

    gc.callbacks.append(note)
    try:
        yield seen
    finally:
        gc.callbacks.remove(note)


def test_a_long_run_is_collected_among_its_new_objects_alone(tmp_path: Path) -> None:
    graph, catalogue, _ = chain(NODES)
    with Session(tmp_path, catalogue=catalogue, executor="inline") as session, passes() as seen:
        assert session.run(graph).state == "succeeded"
    assert set(seen) == {0}


def test_what_was_made_while_collection_was_held_off_causes_no_pass_afterwards() -> None:
    with passes() as seen:
        with collected_later():
            made = [[number] for number in range(50_000)]
        made.extend([number] for number in range(10))
    assert seen == []


def test_cycles_made_while_collection_was_held_off_are_still_found() -> None:
    class Knot:
        """Refers to itself."""

        def __init__(self) -> None:
            self.itself = self

    with collected_later():
        for _ in range(10):
            Knot()
    assert gc.collect() >= 10
