"""What nodes need beyond their inputs: weights, the packages that load them, settings. Told before anything runs."""

from __future__ import annotations

import importlib.util
import shlex
from collections.abc import Iterable, Iterator
from typing import Final

from diorama.catalogue import Entry
from diorama.checked import Checked
from diorama.faults import BadInput, Fault, pointer
from diorama.graph import Graph
from diorama.interface import Interface
from diorama.library import Library
from diorama.models.found import Found
from diorama.models.registry import registry
from diorama.models.weights import Weights

MOST_NAMED: Final = 8
"""Files that a sentence names; the command names all."""


def missing_needs(graph: Graph, checked: Checked, library: Library) -> list[Fault]:
    """A fault for each node that lacks weights (G115), a setting (G117) or packages (G118)."""
    known: dict[int, list[tuple[str, str]]] = {}
    entries: dict[str, Entry] = {}
    faults: list[Fault] = []
    for name, interface in checked.interfaces.items():
        if graph.nodes[name].bypass:
            continue
        if id(interface) not in known:
            inside = {entry.id: entry for entry in _entries(interface, library) if has_needs(entry)}
            entries |= inside
            known[id(interface)] = [lack for entry in inside.values() for lack in lacks(entry)]
        for code, message in known[id(interface)]:
            faults.append(Fault(code, pointer("nodes", name), message))
    _forget_changed(library, entries.values())
    return faults


def _entries(interface: Interface, library: Library) -> Iterator[Entry]:
    """The declared nodes that a node type stands for, those inside a saved graph too, once each."""
    waiting, seen = [interface], {id(interface)}
    while waiting:
        one = waiting.pop()
        if one.entry is not None:
            yield one.entry
        for node in one.graph.nodes.values() if one.graph is not None else ():
            inner = library.interfaces.get(node.type)
            if inner is not None and id(inner) not in seen:
                seen.add(id(inner))
                waiting.append(inner)


def has_needs(entry: Entry) -> bool:
    """Whether a node's results hang on more than its inputs and code."""
    return bool(entry.node.settings.models) or entry.node.settings.outside is not None


def lacks(entry: Entry) -> list[tuple[str, str]]:
    """Code and sentence for each thing that a node needs and that is not there."""
    found: list[tuple[str, str]] = []
    for weights in [model.weights for model in entry.node.settings.models if model.weights is not None]:
        missing = [name for name in weights.packages if importlib.util.find_spec(name) is None]
        if missing:
            message = f"{entry.id} needs {', '.join(missing)}, not installed here: pip install 'diorama[models]'"
            found.append(("G118", message))
        looked = registry().look(weights)
        if looked.state != "present":
            found.append(("G115", f"{entry.id} needs {what_is_wrong(looked)}"))
    outside = entry.node.settings.outside
    if outside is not None:
        try:
            outside.identity()
        except BadInput as error:
            found.append(("G117", f"{entry.id} needs {outside.name}: {error}"))
    return found


def what_is_wrong(found: Found) -> str:
    """One sentence on a model that cannot be loaded: what, where it was looked for, and how to get it."""
    weights = found.weights
    if found.missing:
        told = f"{weights.title}, but {_listed(found.missing)} not in {found.folder}"
    else:
        name, why = next(iter(found.damaged.items()))
        more = f" (and {len(found.damaged) - 1} more)" if len(found.damaged) > 1 else ""
        told = f"{weights.title}, but {found.folder / name} cannot be used: {why}{more}"
    return f"{told}. {how_to_get(weights, found)}"


def how_to_get(weights: Weights, found: Found) -> str:
    """The command that fetches what is missing, with its source, size and licence."""
    source = f"{weights.repository} at the Hugging Face hub, revision {weights.revision}"
    wanted = found.missing or [name for name in found.damaged if name in found.headers or name in weights.published]
    command = ["hf", "download", weights.repository, *(wanted or weights.published)]
    command += ["--revision", weights.revision, "--local-dir", str(found.folder)]
    size = f"{weights.gib:.1f} GiB in all, licence {weights.license}"
    return f"They come from {source} ({size}): {shlex.join(command)}"


def _listed(names: Iterable[str]) -> str:
    listed = list(names)
    shown = ", ".join(listed[:MOST_NAMED])
    rest = len(listed) - MOST_NAMED
    return f"{shown}{f' and {rest} more' if rest > 0 else ''} {'is' if len(listed) == 1 else 'are'}"


def _forget_changed(library: Library, entries: Iterable[Entry]) -> None:
    """Let keys be made anew where weights or settings are others than when they were made."""
    now = {entry.id: entry.node.settings.identities for entry in entries}
    if any(library.needs.get(name, found) != found for name, found in now.items()):
        library.kinds.clear()
        library.identities.clear()
    library.needs.update(now)
