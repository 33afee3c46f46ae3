"""What a run leaves on record: its row, and the manifest that names everything it made and from what."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import orjson
from pydantic import JsonValue

from diorama.faults import Fault, faults_json
from diorama.json_text import canonical, normal
from diorama.keys import digest_of, written
from diorama.refs import Blob, Inline, Many, Ref, ref_json
from diorama.run.state import Record, Run
from diorama.store.servers import this_process
from diorama.version import VERSION

CALLS_AT_A_TIME = 1000
SHORT_RESULTS = 20
SHORT_BYTES = 1000
"""Results of a run that are told with its end, where there are no more and they are no longer."""


def run_row(run: Run) -> dict[str, object]:
    """The row of a run that begins without having been queued."""
    return {
        "id": run.id,
        "state": "running",
        "title": run.plan.graph.title,
        "graph": run.graph_bytes,
        "parameters": canonical(normal(dict(run.plan.values))),
        "options": b"{}",
        "faults": b"[]",
        "client": "local",
        "priority": run.priority,
        "position": run.started_wall,
        "owner": this_process(),
        "token": 0,
        "attempt": 1,
        "created": run.started_wall,
        "started": run.started_wall,
    }


def artefact_rows(run: Run, results: Mapping[str, Ref]) -> list[dict[str, object]]:
    """A row for each artefact among a run's results; one in a list has its number after the result's name."""
    rows: list[dict[str, object]] = []
    waiting = list(reversed(list(results.items())))
    while waiting:
        name, ref = waiting.pop()
        if isinstance(ref, Many):
            waiting.extend((f"{name}[{number}]", item) for number, item in reversed(list(enumerate(ref.items))))
        elif isinstance(ref, Blob):
            row: dict[str, object] = {
                "id": digest_of(f"{run.id} {run.attempt} {name}".encode()).hex()[:16],
                "digest": ref.digest,
                "type": ref.type,
                "media_type": ref.media_type,
                "size": ref.size,
                "facts": ref.facts,
                "name": name,
                "run": run.id,
                "created": run.ended_wall,
            }
            rows.append(row)
    return rows


def manifest_of(run: Run) -> bytes:
    """The manifest of a run: graph, parameters, every call with key, version and time, and the results' digests."""
    manifest: dict[str, object] = {
        "diorama": VERSION,
        "run": run.id,
        "state": run.state,
        "title": run.plan.graph.title,
        "started": run.started_wall,
        "ended": run.ended_wall,
        "graph_digest": written(digest_of(run.graph_bytes)),
        "graph": orjson.Fragment(run.graph_bytes),
        "parameters": dict(run.plan.values),
        "calls": orjson.Fragment(_calls_json(run.records)),
        "models": _models_json(run),
        "faults": faults_json(run.faults),
        "results": {name: ref_json(ref) for name, ref in run.results().items()},
    }
    return orjson.dumps(manifest)


def _calls_json(records: Sequence[Record]) -> bytes:
    """All calls as JSON, written some at a time: of 100,000 that takes little memory, and lets other threads run."""
    starts = range(0, len(records), CALLS_AT_A_TIME)
    some = (orjson.dumps(list(map(_call_json, records[start : start + CALLS_AT_A_TIME])))[1:-1] for start in starts)
    return b"[%b]" % b",".join(some)


def left_behind(run: str) -> bytes:
    """The fault of a run that is saved as failed since its server ended, as its row has it."""
    message = "its server ended under it, and it was saved as failed; tried again, it repeats no finished call"
    return orjson.dumps(faults_json([Fault("R014", run, message)]))


def short_values(run: Run) -> dict[str, JsonValue] | None:
    """What a run gave, where each result is one JSON value and all are short; else None."""
    if not 0 < len(run.plan.results) <= SHORT_RESULTS:
        return None
    short = {name: ref for name, ref in run.results().items() if isinstance(ref, Inline)}
    if len(short) < len(run.plan.results) or sum(len(ref.text) for ref in short.values()) > SHORT_BYTES:
        return None
    return {name: ref.value for name, ref in short.items()}


def _models_json(run: Run) -> list[JsonValue]:
    """The weights that the graph's nodes load, each with its source, licence and files; also where all was cached."""
    entries = run.library.catalogue.entries
    names = {step.kind.name for step in run.plan.steps} | {record.node for record in run.records}
    declared = [entries[name].node.settings.models for name in names if name in entries]
    models = {model.name: model for models in declared for model in models}
    return [
        {
            "name": model.name,
            "repository": model.repository,
            "revision": model.revision,
            "license": model.license,
            "files": dict(model.files()),
        }
        for _, model in sorted(models.items())
    ]


def _call_json(record: Record) -> dict[str, JsonValue]:
    written_call: dict[str, JsonValue] = {"step": record.step}
    if record.item is not None:
        written_call["item"] = record.item
    written_call |= {
        "node": record.node,
        "code": record.code,
        "key": record.key.hex() if record.key else None,
        "cached": record.is_cached,
        "seconds": round(record.seconds, 6),
        "made_by": record.made_by,
        "outputs": {port: _output_digest(ref) for port, ref in record.outputs.items()},
    }
    return written_call


def _output_digest(ref: Ref) -> JsonValue:
    match ref:
        case Inline():
            return ref.digest.hex()
        case Blob():
            return {"digest": ref.digest.hex(), "type": ref.type, "size": ref.size}
        case Many():
            return [_output_digest(item) for item in ref.items]
