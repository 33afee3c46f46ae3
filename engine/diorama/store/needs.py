"""What a collection must leave: all that a run not yet ended, an artefact, a saved graph or a link refers to."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

import orjson
from sqlalchemy import Connection, or_, select

from diorama.keys import Digest
from diorama.store.blobs import FRESH_SECONDS
from diorama.store.run_rows import ENDED
from diorama.store.shares import digests_in
from diorama.store.tables import artefacts, batches, events, graph_versions, runs, shares

FORSAKEN_SECONDS = 86_400.0
"""A run that no server has, and that began longer ago, is taken for one whose process died."""
WRITTEN_DIGEST = re.compile(rb"blake3:([0-9a-f]{64})")


@dataclass(frozen=True, slots=True)
class Needs:
    """What must stay: calls by key, blobs by digest, and every blob that was wanted since a moment."""

    calls: set[Digest]
    blobs: set[Digest]
    since: float
    """Seconds since the epoch; runs under way may have looked for what was wanted since."""


def needs(connection: Connection, now: float) -> Needs:
    """What must stay as things are."""
    unfinished = runs.c.state.not_in(ENDED)
    has_process = or_(runs.c.state != "running", runs.c.owner.is_not(None), runs.c.started > now - FORSAKEN_SECONDS)
    going = select(runs.c.id).where(unfinished, has_process)
    return Needs(
        set(_calls(connection, [row.id for row in connection.execute(going)])),
        {*_blobs(connection), *_shown(connection, now)},
        _since(connection, now),
    )


def _calls(connection: Connection, going: list[str]) -> Iterator[Digest]:
    """Every call that a run's journal names as found or made: to go on is to find it again."""
    for run in going:
        for (content,) in connection.execute(select(events.c.event).where(events.c.run == run)):
            if b'"key"' not in content and b'"steps"' not in content:
                continue
            event = orjson.loads(content)
            keys = [event.get("key"), *(step[1] for step in event.get("steps", ()))]
            yield from (Digest(bytes.fromhex(key)) for key in keys if key)


def _blobs(connection: Connection) -> Iterator[Digest]:
    """Artefacts, and files that graphs and parameters name by digest."""
    unfinished = runs.c.state.not_in(ENDED)
    texts = (
        select(runs.c.graph, runs.c.parameters).where(unfinished),
        select(batches.c.graph).where(batches.c.id.in_(select(runs.c.batch).where(unfinished))),
        select(graph_versions.c.document),
    )
    for statement in texts:
        for row in connection.execute(statement):
            for content in row:
                yield from (Digest(bytes.fromhex(found.decode())) for found in WRITTEN_DIGEST.findall(content))
    yield from (Digest(digest) for (digest,) in connection.execute(select(artefacts.c.digest)))


def _shown(connection: Connection, now: float) -> Iterator[Digest]:
    """What links show that have neither run out nor been taken back."""
    holds = select(shares.c.scene, shares.c.sounds).where(shares.c.revoked.is_(None), shares.c.expires > now)
    for scene, sounds in connection.execute(holds):
        yield Digest(scene)
        yield from digests_in(sounds)


def _since(connection: Connection, now: float) -> float:
    """Since when runs under way may have wanted a blob: one that is fresh is not marked anew when it is wanted."""
    recent = or_(runs.c.owner.is_not(None), runs.c.started > now - FORSAKEN_SECONDS)
    begun = select(runs.c.started).where(runs.c.state == "running", recent, runs.c.started.is_not(None))
    oldest: float | None = connection.execute(begun.order_by(runs.c.started)).scalars().first()
    return now if oldest is None else min(now, oldest - FRESH_SECONDS)
