"""How a group lies in the database: its rows put in, in one order everywhere."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from operator import itemgetter

from sqlalchemy import Connection, bindparam, insert, select, update

from diorama.keys import Digest
from diorama.refs import blobs_in, to_row
from diorama.store.by_keys import asked, parts
from diorama.store.group import Group, Made
from diorama.store.known import sealed
from diorama.store.plain import Plain, inserting
from diorama.store.tables import artefacts, calls, differences, events, logs, recipes, runs, timings
from diorama.store.upserts import replacing


class Taken:
    """Seconds that calls took, by node, until they are folded into the averages: once a run is soon enough, and for
    each group that would cost more than its rows."""

    def __init__(self) -> None:
        self._nodes: dict[str, tuple[int, float]] = {}

    def note(self, made: Iterable[Made]) -> None:
        """Note what calls took."""
        for call in made:
            count, seconds = self._nodes.get(call.node, (0, 0.0))
            self._nodes[call.node] = (count + 1, seconds + call.seconds)

    def fold(self, connection: Connection) -> None:
        """Fold what was noted into the averages, one row a node."""
        noted, self._nodes = self._nodes, {}
        if noted:
            rows = [(node, count, seconds / count) for node, (count, seconds) in sorted(noted.items())]
            _LEARN.many(connection, rows)


def put(connection: Connection, group: Group, taken: Taken, now: float) -> list[Digest]:
    """Put a group's rows in; gives the keys of calls that are refused since their claim was lost.

    What it says of runs that are another server's by now is taken out of it, and they are named in `group.lost`.
    """
    refused: list[Digest] = []
    if group.tokens and (lost := _lost_runs(connection, group.tokens)):
        group.lost = lost
        group.drop(lost)
    if group.run_rows:
        # What a user was told is accepted must survive a power cut; the rest may be made again.
        _ADD_RUNS.many(connection, [[row[name] for name in _RUN] for row in group.run_rows])
    if group.made:
        refused = _put_calls(connection, group.made, taken, now)
    if group.led:
        _ADD_RECIPES.many(connection, sorted(group.led, key=itemgetter(0)))
    if group.told:
        _ADD_EVENTS.many(connection, group.told)
    if group.logs:
        connection.execute(insert(logs), group.logs)
    if group.artefacts:
        connection.execute(insert(artefacts), group.artefacts)
        connection.execute(_PLACE_ARTEFACTS, {"wanted": [row["run"] for row in group.artefacts]})
    if group.run_ends:
        _END_RUN.many(connection, [[end[name] for name in _END] for end in group.run_ends])
        taken.fold(connection)
    return refused


def _put_calls(connection: Connection, made: Sequence[tuple[str, Made]], taken: Taken, now: float) -> list[Digest]:
    refused = _lost_claims(connection, [call for _, call in made if call.claim is not None])
    rows = {call.key: _row_of(run, call, now) for run, call in made if call.key not in refused}
    if rows:
        # In one order everywhere: two servers whose groups wait for each other's rows would both lose them.
        if _ADD_CALLS.many(connection, [rows[key] for key in sorted(rows)]) != len(rows):
            _count_differences(connection, {key: row[_OUTPUTS] for key, row in rows.items()}, now)
        taken.note(call for _, call in made)
    claimed = sorted(call.key for _, call in made if call.claim is not None and call.key not in refused)
    if claimed:
        _RELEASE.many(connection, [(key,) for key in claimed])
    return list(refused)


def _row_of(run: str, call: Made, now: float) -> Sequence[object]:
    """The columns `_CALL` of a call."""
    outputs = sealed(call.key, to_row(call.outputs))
    size = sum(blob.size for ref in call.outputs.values() for blob in blobs_in(ref))
    return call.key, call.node, call.document, outputs, call.seconds, size, run, now, now


def _lost_runs(connection: Connection, tokens: Mapping[str, int]) -> set[str]:
    """Runs that were taken from their owner, or that were deleted: a late owner must not write a word of them."""
    return {run for run, token in sorted(tokens.items()) if _TOKEN.rows(connection, run) != [(token, "running", True)]}


def _lost_claims(connection: Connection, claimed: Sequence[Made]) -> set[Digest]:
    """Keys whose claim was taken over: a late result of the old owner must not come in."""
    keys = [call.key for call in claimed]
    held = {key: (owner, token) for key, owner, token in asked(connection, _HELD, keys)}
    return {call.key for call in claimed if held.get(call.key) != call.claim}


def _count_differences(connection: Connection, made: Mapping[Digest, object], now: float) -> None:
    """Count the calls that were there already with other outputs than were `made`: the first ones stay."""
    for part in parts(sorted(made)):
        statement = select(calls.c.key, calls.c.outputs).where(calls.c.key.in_(part)).order_by(calls.c.key)
        for known in connection.execute(statement).all():
            if known.outputs == made[Digest(known.key)]:
                continue
            row = {"key": known.key, "count": 1, "last": now}
            again = replacing(connection, differences, "key", count=differences.c.count + 1, last=now)
            connection.execute(again, row)


_RUN = (
    *("id", "state", "title", "graph", "parameters", "options", "faults", "client", "priority", "position"),
    *("owner", "token", "attempt", "created", "started"),
)
_ADD_RUNS = inserting(runs, _RUN)
_RELEASE = Plain("DELETE FROM claims WHERE key = ?")
_HELD = "SELECT key, owner, token FROM claims WHERE key IN"
_TOKEN = Plain("SELECT token, state, owner IS NOT NULL FROM runs WHERE id = ?", locks=True)
"""The row stays as it is until the group is written."""
_CALL = ("key", "node", "document", "outputs", "seconds", "size", "run", "made", "used")
_OUTPUTS = _CALL.index("outputs")
_ADD_CALLS = inserting(calls, _CALL, "ON CONFLICT DO NOTHING")
_ADD_RECIPES = inserting(recipes, ("recipe", "key"), "ON CONFLICT (recipe) DO UPDATE SET key = excluded.key")
_ADD_EVENTS = inserting(events, ("run", "seq", "event"))
_PLACE_ARTEFACTS = (
    update(artefacts)
    .where(artefacts.c.run.in_(bindparam("wanted", expanding=True)))
    .values(project=select(runs.c.project).where(runs.c.id == artefacts.c.run).scalar_subquery())
)
_END = ("new_state", "new_faults", "new_manifest", "new_results", "new_ended", "wanted")
_END_RUN = Plain(
    "UPDATE runs SET state = ?, faults = ?, manifest = ?, results = ?, ended = ?, owner = NULL, wish = NULL "
    "WHERE id = ?"
)
LATEST_WEIGHT = 0.3
"""Share of the newest call in the average of a node's seconds."""
_LEARN = inserting(
    timings,
    ("node", "count", "seconds"),
    "ON CONFLICT (node) DO UPDATE SET count = timings.count + excluded.count, "
    f"seconds = timings.seconds * {1 - LATEST_WEIGHT} + excluded.seconds * {LATEST_WEIGHT}",
)
