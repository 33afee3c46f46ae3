"""Saved graphs: named, with every version that was saved, and none lost to two who save at once."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import Connection, insert, select, update

from diorama.faults import failure
from diorama.graph import NAME, Graph, read_graph
from diorama.keys import Digest, digest_of
from diorama.refusals import Changed, NoSuch
from diorama.store.calls import CallStore
from diorama.store.pages import Page, newest_first, page_of
from diorama.store.tables import graph_versions, graphs

SAVING = 4
"""Number of the lock under which one server at a time saves a graph."""


@dataclass(frozen=True, slots=True)
class SavedGraph:
    """A saved graph as it is listed. Times are seconds since the epoch."""

    name: str
    version: int
    """The newest one."""
    title: str
    project: str | None
    created: float
    updated: float


@dataclass(frozen=True, slots=True)
class GraphVersion:
    """One version of a saved graph; `document` is its JSON text as it was saved."""

    name: str
    version: int
    document: bytes
    digest: Digest
    note: str
    author: str
    created: float

    @property
    def graph(self) -> Graph:
        """The graph itself; raises `DioramaError` where this Diorama cannot read it."""
        return read_graph(self.document)


class SavedGraphs:
    """The saved graphs of a store. Any thread may ask."""

    def __init__(self, store: CallStore) -> None:
        self.store = store
        self._found: dict[str, tuple[int, Graph]] = {}

    def page(self, project: str | None = None, cursor: str | None = None, limit: int = 50) -> Page[SavedGraph]:
        """Saved graphs, the one saved last first."""
        statement = select(*_GRAPH).where(graphs.c.deleted.is_(None))
        if project is not None:
            statement = statement.where(graphs.c.project == project)
        with self.store.reading() as connection:
            rows = connection.execute(newest_first(statement, graphs.c.updated, graphs.c.name, cursor, limit)).all()
        return page_of(rows, limit, _saved_of, lambda saved: (saved.updated, saved.name))

    def get(self, name: str, version: int | None = None, *, also_deleted: bool = False) -> GraphVersion:
        """A version of a saved graph, the newest for None; raises `NoSuch`."""
        with self.store.reading() as connection:
            return _version(connection, name, version, also_deleted=also_deleted)

    def find(self, name: str) -> Graph | None:
        """A saved graph for the nodes `graph/NAME` of others, or None; raises `DioramaError` where it has faults."""
        with self.store.reading() as connection:
            statement = select(graphs.c.version).where(graphs.c.name == name, graphs.c.deleted.is_(None))
            version = connection.execute(statement).scalar()
            known = self._found.get(name)
            if version is None or (known is not None and known[0] == version):
                return known[1] if version is not None and known is not None else None
            found = _version(connection, name, version).graph
        self._found[name] = (version, found)
        return found

    def save(
        self,
        name: str,
        graph: Graph,
        expected_version: int | None,
        *,
        note: str = "",
        author: str = "",
        project: str | None = None,
    ) -> GraphVersion:
        """Save a graph as the next version of a name, on the disk when this returns.

        `expected_version` is the version that was changed, 0 for a new name, None to save over whatever is there;
        raises `Changed` where another is there. What is the same as the newest version makes no new one.
        """
        _check_name(name)
        document = graph.text().encode()
        with self.store.promising() as connection:
            self.store.dialect.exclude(connection, SAVING)
            found = connection.execute(select(graphs).where(graphs.c.name == name)).first()
            there = 0 if found is None or found.deleted is not None else found.version
            if expected_version is not None and expected_version != there:
                raise Changed("graph", name, expected_version, there)
            if there:
                newest = _version(connection, name, there)
                if newest.digest == digest_of(document):
                    return newest
            made = GraphVersion(
                name,
                1 if found is None else found.version + 1,
                document,
                digest_of(document),
                note,
                author,
                self.store.wall(),
            )
            _put(connection, made, graph.title, project if project is not None or found is None else found.project)
        return made

    def delete(self, name: str, expected_version: int | None = None) -> None:
        """Take a graph from the list; its versions stay and can be restored. Raises `NoSuch`, or `Changed`."""
        with self.store.promising() as connection:
            there = _version(connection, name, None).version
            if expected_version is not None and expected_version != there:
                raise Changed("graph", name, expected_version, there)
            connection.execute(update(graphs).where(graphs.c.name == name).values(deleted=self.store.wall()))

    def restore(self, name: str, version: int, *, author: str = "") -> GraphVersion:
        """Make an older version the newest again, also of a graph that was deleted; raises `NoSuch`."""
        with self.store.promising() as connection:
            self.store.dialect.exclude(connection, SAVING)
            old = _version(connection, name, version, also_deleted=True)
            newest = _newest(connection, name)
            note = f"version {version} again"
            made = GraphVersion(name, newest + 1, old.document, old.digest, note, author, self.store.wall())
            project = connection.execute(select(graphs.c.project).where(graphs.c.name == name)).scalar()
            _put(connection, made, old.graph.title, project)
        return made

    def note(self, name: str, version: int, note: str) -> GraphVersion:
        """Give a version another note; its document stays as it is. Raises `NoSuch`."""
        with self.store.promising() as connection:
            found = _version(connection, name, version, also_deleted=True)
            chosen = (graph_versions.c.name == name) & (graph_versions.c.version == version)
            connection.execute(update(graph_versions).where(chosen).values(note=note))
        return replace(found, note=note)

    def versions(self, name: str, cursor: str | None = None, limit: int = 50) -> Page[GraphVersion]:
        """Every version of a graph, the newest first, also of one that was deleted; raises `NoSuch`."""
        statement = select(*_VERSION).where(graph_versions.c.name == name)
        with self.store.reading() as connection:
            _newest(connection, name)
            paged = newest_first(statement, graph_versions.c.version, graph_versions.c.name, cursor, limit)
            rows = connection.execute(paged).all()
        return page_of(rows, limit, _version_of, lambda version: (float(version.version), version.name))


def _check_name(name: str) -> None:
    if not NAME.match(name):
        wanted = "a word of letters, digits, _ and - that starts with a letter is wanted"
        raise failure("G010", "", f"{name[:100]!r} is no name; {wanted}")


def _newest(connection: Connection, name: str) -> int:
    found: int | None = connection.execute(select(graphs.c.version).where(graphs.c.name == name)).scalar()
    if found is None:
        raise NoSuch("graph", name)
    return found


def _version(connection: Connection, name: str, version: int | None, *, also_deleted: bool = False) -> GraphVersion:
    statement = select(*_VERSION).join(graphs, graphs.c.name == graph_versions.c.name).where(graphs.c.name == name)
    statement = statement.where(graph_versions.c.version == (graphs.c.version if version is None else version))
    if not also_deleted:
        statement = statement.where(graphs.c.deleted.is_(None))
    row = connection.execute(statement).first()
    if row is None:
        raise NoSuch("graph", name if version is None else f"{name}@{version}")
    return _version_of(row)


def _put(connection: Connection, made: GraphVersion, title: str, project: str | None) -> None:
    values = {"version": made.version, "title": title, "project": project, "updated": made.created, "deleted": None}
    if made.version == 1:
        connection.execute(insert(graphs).values(name=made.name, created=made.created, **values))
    else:
        connection.execute(update(graphs).where(graphs.c.name == made.name).values(**values))
    row = {column: getattr(made, column) for column in GraphVersion.__dataclass_fields__}
    connection.execute(insert(graph_versions), row)


def _saved_of(row: Sequence[Any]) -> SavedGraph:
    return SavedGraph(*row)


def _version_of(row: Sequence[Any]) -> GraphVersion:
    return GraphVersion(*row)


_GRAPH = tuple(graphs.c[name] for name in SavedGraph.__dataclass_fields__)
_VERSION = tuple(graph_versions.c[name] for name in GraphVersion.__dataclass_fields__)
