"""Projects: names under which runs, saved graphs and artefacts are kept together."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, delete, insert, select, update

from diorama.refusals import NoSuch, Taken
from diorama.store.calls import CallStore
from diorama.store.pages import Page, newest_first, page_of
from diorama.store.tables import projects


@dataclass(frozen=True, slots=True)
class Project:
    """A project; `created` in seconds since the epoch."""

    id: str
    name: str
    description: str
    created: float


class Projects:
    """The projects of a store. Any thread may ask."""

    def __init__(self, store: CallStore) -> None:
        self.store = store

    def create(self, name: str, description: str = "") -> Project:
        """A new project; raises `Taken` where another has the name."""
        project = Project(secrets.token_hex(6), name, description, self.store.wall())
        with self.store.promising() as connection:
            self.store.dialect.exclude(connection, NAMING)
            _refuse_taken(connection, name, project.id)
            row = {column: getattr(project, column) for column in Project.__dataclass_fields__}
            connection.execute(insert(projects), row)
        return project

    def page(self, cursor: str | None = None, limit: int = 50) -> Page[Project]:
        """Projects, the newest first."""
        statement = newest_first(select(*_COLUMNS), projects.c.created, projects.c.id, cursor, limit)
        with self.store.reading() as connection:
            rows = connection.execute(statement).all()
        return page_of(rows, limit, _project_of, lambda project: (project.created, project.id))

    def get(self, project: str) -> Project:
        """A project by its id; raises `NoSuch`."""
        with self.store.reading() as connection:
            row = connection.execute(select(*_COLUMNS).where(projects.c.id == project)).first()
        if row is None:
            raise NoSuch("project", project)
        return _project_of(row)

    def update(self, project: str, *, name: str | None = None, description: str | None = None) -> Project:
        """Give a project another name or description; raises `NoSuch`, or `Taken` where another has the name."""
        given = {"name": name, "description": description}
        values = {column: value for column, value in given.items() if value is not None}
        with self.store.promising() as connection:
            if name is not None:
                self.store.dialect.exclude(connection, NAMING)
                _refuse_taken(connection, name, project)
            if values:
                connection.execute(update(projects).where(projects.c.id == project).values(**values))
        return self.get(project)

    def delete(self, project: str) -> None:
        """Take a project away; what was kept under it stays, under none. Raises `NoSuch`."""
        with self.store.promising() as connection:
            if connection.execute(delete(projects).where(projects.c.id == project)).rowcount == 0:
                raise NoSuch("project", project)


NAMING = 3
"""Number of the lock under which one server at a time gives a project its name."""


def _refuse_taken(connection: Connection, name: str, project: str) -> None:
    found = connection.execute(select(projects.c.id).where(projects.c.name == name)).scalar()
    if found not in (None, project):
        raise Taken("project", name)


def _project_of(row: Sequence[Any]) -> Project:
    return Project(*row)


_COLUMNS = tuple(projects.c[name] for name in Project.__dataclass_fields__)
