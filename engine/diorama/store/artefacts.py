"""Artefacts that stay: results of runs, and files that were uploaded. Collection leaves their blobs alone."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import delete, insert, select

from diorama.keys import Digest, written
from diorama.refs import Blob
from diorama.refusals import NoSuch
from diorama.store.calls import CallStore
from diorama.store.pages import Page, newest_first, page_of
from diorama.store.tables import artefacts, runs


@dataclass(frozen=True, slots=True)
class Artefact:
    """A value in the blob store that someone may ask for. `run` is None for one that was uploaded."""

    id: str
    digest: Digest
    type: str
    media_type: str
    size: int
    facts: bytes
    """What the value tells of itself, JSON."""
    name: str
    run: str | None
    project: str | None
    created: float

    @property
    def blob(self) -> Blob:
        """The value as it goes into a run."""
        return Blob(self.digest, self.size, self.type, self.media_type, self.facts)


class Artefacts:
    """The artefacts of a store. Any thread may ask. Results of runs come in with the end of their run."""

    def __init__(self, store: CallStore) -> None:
        self.store = store

    def add(self, blob: Blob, name: str, project: str | None = None) -> Artefact:
        """Keep a file that was uploaded; its bytes are in the blob store already."""
        artefact = Artefact(
            secrets.token_hex(8),
            blob.digest,
            blob.type,
            blob.media_type,
            blob.size,
            blob.facts,
            name,
            None,
            project,
            self.store.wall(),
        )
        row = {column: getattr(artefact, column) for column in Artefact.__dataclass_fields__}
        with self.store.promising() as connection:
            connection.execute(insert(artefacts), row)
        return artefact

    def page(
        self,
        *,
        types: Sequence[str] = (),
        project: str | None = None,
        run: str | None = None,
        name: str | None = None,
        title: str | None = None,
        since: float | None = None,
        until: float | None = None,
        cursor: str | None = None,
        limit: int = 50,
    ) -> Page[Artefact]:
        """Artefacts for which all that is given holds, the newest first.

        Without `types` they are of any. `title` is that of the graph whose run made them; they were made from `since`
        on and before `until`.
        """
        given = {"project": project, "run": run, "name": name}
        wanted = [artefacts.c[column] == value for column, value in given.items() if value is not None]
        if types:
            wanted.append(artefacts.c.type.in_(types))
        if title is not None:
            wanted.append(artefacts.c.run.in_(select(runs.c.id).where(runs.c.title == title)))
        if since is not None:
            wanted.append(artefacts.c.created >= since)
        if until is not None:
            wanted.append(artefacts.c.created < until)
        statement = select(*_COLUMNS).where(*wanted)
        with self.store.reading() as connection:
            rows = connection.execute(newest_first(statement, artefacts.c.created, artefacts.c.id, cursor, limit)).all()
        return page_of(rows, limit, _artefact_of, lambda artefact: (artefact.created, artefact.id))

    def by_digest(self, digest: Digest) -> Artefact:
        """The newest artefact with these bytes; raises `NoSuch`."""
        statement = select(*_COLUMNS).where(artefacts.c.digest == digest)
        with self.store.reading() as connection:
            row = connection.execute(statement.order_by(artefacts.c.created.desc(), artefacts.c.id.desc())).first()
        if row is None:
            raise NoSuch("artefact", written(digest))
        return _artefact_of(row)

    def run_of(self, digest: Digest) -> str | None:
        """The run that gave these bytes last, also where they were uploaded since; None where no run here did."""
        statement = select(artefacts.c.run).where(artefacts.c.digest == digest, artefacts.c.run.is_not(None))
        with self.store.reading() as connection:
            found: str | None = connection.execute(statement.order_by(artefacts.c.created.desc())).scalar()
        return found

    def delete(self, artefact: str) -> None:
        """Let collection have a file that was uploaded; raises `NoSuch` for a result too, which goes with its run."""
        statement = delete(artefacts).where(artefacts.c.id == artefact, artefacts.c.run.is_(None))
        with self.store.promising() as connection:
            if connection.execute(statement).rowcount == 0:
                raise NoSuch("uploaded artefact", artefact)


def _artefact_of(row: Sequence[Any]) -> Artefact:
    return Artefact(*row)


_COLUMNS = tuple(artefacts.c[name] for name in Artefact.__dataclass_fields__)
