"""Saved graphs by name: those that came with Diorama, and the user's own."""

from __future__ import annotations

import os
from pathlib import Path

from platformdirs import user_data_path

from diorama.faults import failure
from diorama.graph import Graph, read_graph


def home() -> Path:
    """The folder of the store and of the user's graphs: `DIORAMA_HOME`, else the place the system has for it."""
    chosen = os.environ.get("DIORAMA_HOME")
    return Path(chosen).expanduser() if chosen else user_data_path("diorama", appauthor=False)


def graph_folders() -> list[Path]:
    """Folders of saved graphs, the user's first."""
    packaged = Path(__file__).parent / "graphs"
    in_repository = Path(__file__).parents[2] / "graphs"
    return [home() / "graphs", packaged if packaged.is_dir() else in_repository]


def saved_graphs() -> dict[str, Path]:
    """The files of all saved graphs by name."""
    found: dict[str, Path] = {}
    for folder in reversed(graph_folders()):
        if folder.is_dir():
            found.update({path.stem: path for path in sorted(folder.glob("*.json"))})
    return dict(sorted(found.items()))


def graph_path(name_or_path: str | Path) -> Path:
    """The file of a graph given by its path or by the name of a saved one; raises `DioramaError` (C001)."""
    given = Path(name_or_path)
    if given.suffix:
        return given
    found = saved_graphs()
    if str(name_or_path) not in found:
        from diorama.faults import did_you_mean

        hint = did_you_mean(str(name_or_path), found)
        raise failure("C001", str(name_or_path), f"there is no saved graph {str(name_or_path)!r:.100}{hint}")
    return found[str(name_or_path)]


def find_graph(name: str) -> Graph | None:
    """A saved graph by its name, or None; raises `DioramaError` where its file has faults."""
    path = saved_graphs().get(name)
    return read_graph(path.read_bytes()) if path is not None else None
