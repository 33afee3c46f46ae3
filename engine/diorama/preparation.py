"""From what was submitted to a plan: seeds settled, every fault found, the graph opened, its files kept."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from pydantic import JsonValue

from diorama.check import check
from diorama.checked import Checked
from diorama.expand import Expansion, Given, Step
from diorama.faults import DioramaError
from diorama.files import Files, adopt_files, missing_files
from diorama.graph import Graph, Wire
from diorama.library import Library
from diorama.needs import missing_needs
from diorama.plan import Plan, recipes_of
from diorama.refs import inline
from diorama.seeds import settle_seeds
from diorama.store.blobs import BlobStore
from diorama.upgrade import upgraded


def settled_and_checked(
    graph: Graph,
    library: Library,
    values: Mapping[str, JsonValue] | None,
    targets: Sequence[Wire],
    files: Files,
) -> tuple[Graph, Checked]:
    """The graph as it would run, random seeds drawn and nodes upgraded, and what checking it found."""
    settled, chosen = settle_seeds(upgraded(graph, library.catalogue), values, library.catalogue)
    checked = check(settled, library, chosen, targets)
    checked.faults.extend(missing_files(settled, checked, files))
    checked.faults.extend(missing_needs(settled, checked, library))
    return settled, checked


def planned(
    settled: Graph,
    checked: Checked,
    library: Library,
    blobs: BlobStore,
    targets: Sequence[Wire],
    files: Files,
) -> Plan:
    """The plan of a checked graph, before anything is looked up; raises `DioramaError` with every fault.

    `targets` are asked for instead of the graph's results.
    """
    if checked.faults:
        raise DioramaError(checked.faults)
    steps: list[Step] = []
    bindings: dict[str, Given] = {name: inline(value) for name, value in checked.parameters.items()}
    provided = Expansion(library, steps).open(settled, checked, bindings)
    adopt_files(steps, blobs, files)
    names = {wire: name for name, wire in settled.results.items()}
    wires = {names.get(wire, str(wire)): wire for wire in targets} or settled.results
    results = {name: provided[wire.node, wire.port] for name, wire in wires.items()}
    return Plan(settled, checked.parameters, steps, results, recipes_of(steps))
