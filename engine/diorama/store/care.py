"""Looking after a store: how much it holds, collection of what was not used for long, and verification."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass

from sqlalchemy import Table, delete, func, select

from diorama.keys import Digest
from diorama.refs import Blob, blobs_in, from_row
from diorama.store.blobs import Damaged
from diorama.store.by_keys import QUERY_KEYS
from diorama.store.calls import CallStore
from diorama.store.known import unsealed
from diorama.store.needs import Needs, needs
from diorama.store.tables import calls, differences, events, recipes, runs

Found = tuple[Digest, os.stat_result]
YOUNG_SECONDS = 3600.0
"""Blobs written in the last hour stay: a call under way may be about to refer to them."""


Progress = Callable[[float], None]
"""Is told how far something is, from 0 to 1."""


def no_progress(fraction: float) -> None:
    """Tell nobody."""


def _told_of(blobs: Sequence[Found], progress: Progress) -> Iterator[Found]:
    """The blobs one by one, how far that is told on the way."""
    for number, found in enumerate(blobs):
        progress(number / len(blobs))
        yield found


@dataclass(frozen=True, slots=True)
class Stats:
    """What a store holds. Sizes in bytes."""

    calls: int
    recipes: int
    runs: int
    events: int
    differences: int
    blobs: int
    blob_bytes: int
    database_bytes: int
    quarantined: int
    free_bytes: int


def stats(store: CallStore) -> Stats:
    """Count everything in a store."""
    with store.reading() as connection:

        def count(table: Table) -> int:
            return connection.execute(select(func.count()).select_from(table)).scalar_one()

        counts = [count(table) for table in (calls, recipes, runs, events, differences)]
        database_bytes = store.dialect.size(connection)
    sizes = [facts.st_size for _, facts in store.blobs.digests()]
    return Stats(
        calls=counts[0],
        recipes=counts[1],
        runs=counts[2],
        events=counts[3],
        differences=counts[4],
        blobs=len(sizes),
        blob_bytes=sum(sizes),
        database_bytes=database_bytes,
        quarantined=sum(1 for _ in (store.root / "quarantine").iterdir()),
        free_bytes=shutil.disk_usage(store.root).free,
    )


@dataclass(frozen=True, slots=True)
class Collected:
    """What a collection removed."""

    calls: int
    blobs: int
    bytes: int
    temporary_files: int


def collect(
    store: CallStore,
    max_bytes: int | None = None,
    older_than_seconds: float | None = None,
    progress: Progress = no_progress,
) -> Collected:
    """Remove calls last used longer ago than `older_than_seconds`, then the longest unused until blobs fit `max_bytes`.

    Then every blob that nothing refers to is removed, but for young ones. Rows go before their blobs, so that a reader
    never finds a row whose blob this took away. What a run that has not ended needs stays, as do artefacts, the
    files of saved graphs, and what links show as long as they hold.
    """
    now = store.wall()
    with store.reading() as connection:
        kept = needs(connection, now)
    forgotten: set[Digest] = set()
    if older_than_seconds is not None:
        with store.reading() as connection:
            rows = connection.execute(select(calls.c.key).where(calls.c.used < now - older_than_seconds))
            forgotten.update(Digest(key) for (key,) in rows)
    if max_bytes is not None:
        forgotten |= _over(store, max_bytes, forgotten - kept.calls)
    forgotten -= kept.calls
    _forget(store, sorted(forgotten))
    removed, freed = _sweep(store, kept, min(now - YOUNG_SECONDS, kept.since), progress)
    return Collected(len(forgotten), removed, freed, store.blobs.sweep(now - YOUNG_SECONDS))


def _forget(store: CallStore, keys: Sequence[Digest]) -> None:
    """Take calls out, so many at a time that nobody waits for long."""
    for start in range(0, len(keys), QUERY_KEYS):
        with store.writing() as connection:
            connection.execute(delete(calls).where(calls.c.key.in_(keys[start : start + QUERY_KEYS])))
    if keys:
        with store.writing() as connection:
            connection.execute(delete(recipes).where(recipes.c.key.not_in(select(calls.c.key))))


def _over(store: CallStore, max_bytes: int, gone: Iterable[Digest]) -> set[Digest]:
    """The longest unused calls whose blobs are beyond the bound; a blob that several share is counted once."""
    kept_bytes, seen, over = 0, set[Digest](), set[Digest]()
    skipped = set(gone)
    with store.reading() as connection:
        rows = connection.execute(select(calls.c.key, calls.c.outputs).order_by(calls.c.used.desc())).all()
    for key, outputs in rows:
        if key in skipped:
            continue
        blobs = {blob.digest: blob.size for blob in _blobs_of(Digest(key), outputs) or ()}
        added = sum(size for digest, size in blobs.items() if digest not in seen)
        if added and kept_bytes + added > max_bytes:
            over.add(Digest(key))
            continue
        kept_bytes += added
        seen.update(blobs)
    return over


def _sweep(store: CallStore, kept: Needs, before: float, progress: Progress) -> tuple[int, int]:
    """Remove the blobs that nothing refers to and that nobody wanted since a moment."""
    wanted = set(kept.blobs)
    with store.reading() as connection:
        for key, outputs in connection.execute(select(calls.c.key, calls.c.outputs)):
            wanted.update(blob.digest for blob in _blobs_of(Digest(key), outputs) or ())
    removed, freed = 0, 0
    for digest, facts in _told_of(list(store.blobs.digests()), progress):
        if digest not in wanted and store.blobs.remove(digest, before):
            removed += 1
            freed += facts.st_size
    return removed, freed


def _blobs_of(key: Digest, kept: bytes) -> list[Blob] | None:
    """Every blob that a row refers to, or None where the row is damaged."""
    row = unsealed(key, kept)
    return None if row is None else [blob for ref in from_row(row).values() for blob in blobs_in(ref)]


@dataclass(frozen=True, slots=True)
class Verified:
    """What verification read and what it found damaged (now quarantined, its calls forgotten)."""

    blobs: int
    damaged: tuple[str, ...]
    calls_forgotten: int
    database: str


def verify(store: CallStore, progress: Progress = no_progress) -> Verified:
    """Read every blob and every row; what is damaged is quarantined or forgotten, so that it is made again."""
    damaged: list[str] = []
    found_damaged: set[Digest] = set()
    gone: set[Digest] = set()
    count = 0
    for digest, _ in _told_of(list(store.blobs.digests()), progress):
        count += 1
        try:
            store.blobs.get(digest)
        except Damaged as error:
            damaged.append(str(error))
            found_damaged.add(digest)
    forgotten: list[Digest] = []
    with store.reading() as connection:
        database = store.dialect.check(connection)
        rows = connection.execute(select(calls.c.key, calls.c.outputs)).all()
    for key, outputs in rows:
        blobs = _blobs_of(Digest(key), outputs)
        if blobs is None:
            damaged.append(f"call {key.hex()}: its row is not what was written")
        missing = {blob.digest for blob in blobs or () if not store.blobs.path(blob.digest).is_file()}
        gone |= missing
        if blobs is None or missing:
            forgotten.append(Digest(key))
    store.forget(forgotten)
    damaged.extend(f"blob {digest.hex()} is missing" for digest in sorted(gone) if digest not in found_damaged)
    return Verified(count, tuple(damaged), len(forgotten), database)
