"""Many runs of one graph: lists of parameter values, each with each or the first with the first."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import product

from pydantic import JsonValue

from diorama.check_values import ParameterCheck
from diorama.checked import Checked
from diorama.faults import DioramaError, Fault, failure, pointer
from diorama.files import Files
from diorama.graph import Graph
from diorama.limits import limits
from diorama.run.views import Mode
from diorama.seeds import RANDOM

Axes = Mapping[str, Sequence[JsonValue]]
"""For each parameter that changes from run to run its values."""


def count_of(axes: Axes, mode: Mode) -> int:
    """How many runs a batch has; raises `DioramaError` where the lists make none, or too many."""
    lengths = {name: len(values) for name, values in axes.items()}
    empty = [name for name, length in lengths.items() if not length]
    if not lengths or empty:
        at = pointer("axes", *empty[:1])
        raise failure("Q008", at, "a list of values is empty" if empty else "no parameter has a list of values")
    if mode == "zip":
        if len(set(lengths.values())) > 1:
            shown = ", ".join(f"{name} has {length}" for name, length in lengths.items())
            raise failure("Q008", "/axes", f"the lists that are zipped differ in length: {shown}")
        count = next(iter(lengths.values()))
    else:
        count = 1
        for length in lengths.values():
            count *= length
    if count > limits().max_batch_runs:
        most = f"at most {limits().max_batch_runs:,} are taken at once"
        raise failure("G004", "/axes", f"the lists make {count:,} runs, but {most}")
    return count


def combined(axes: Axes, mode: Mode) -> Iterator[dict[str, JsonValue]]:
    """The values of each run, in order: of a product, the last parameter changes first."""
    rows = zip(*axes.values(), strict=True) if mode == "zip" else product(*axes.values())
    for row in rows:
        yield dict(zip(axes, row, strict=True))


def read_axes(graph: Graph, checked: Checked, axes: Axes, mode: Mode, files: Files) -> Axes:
    """The values of all runs in normal form; raises `DioramaError` with every fault of any.

    Each value is looked at once, however many runs have it. `checked` is what checking the graph found.
    """
    read: dict[str, list[JsonValue]] = {}
    faults: list[Fault] = []
    for name, values in axes.items():
        check = ParameterCheck(graph, checked, name, files)
        # A seed that is to be drawn is drawn for each run.
        known: dict[str, tuple[JsonValue, list[Fault]]] = {}
        if graph.parameters[name].type == "seed":
            known[repr(RANDOM)] = RANDOM, []
        read[name] = []
        for number, value in enumerate(values):
            text = repr(value)
            if text not in known:
                known[text] = check.read(value)
            normal, found = known[text]
            read[name].append(normal)
            run = _first_run(axes, mode, name, number)
            faults.extend(Fault(one.code, pointer("axes", name, number), f"run {run}: {one.message}") for one in found)
    if faults:
        raise DioramaError(faults)
    return read


def _first_run(axes: Axes, mode: Mode, name: str, number: int) -> int:
    """The number of the first run that has a value, from 0."""
    if mode == "zip":
        return number
    step = 1
    for other in reversed(list(axes)):
        if other == name:
            break
        step *= len(axes[other])
    return number * step
