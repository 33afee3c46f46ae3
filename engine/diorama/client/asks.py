"""Everything that a server can be asked, as requests without a connection."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from urllib.parse import quote
from uuid import uuid4

import orjson
from pydantic import JsonValue, TypeAdapter

from diorama.client.address import API
from diorama.client.ask import JSON, Ask, Document, document, get, nothing, patch, reader, send, whole
from diorama.faults import Fault, failure
from diorama.graph import Graph, read_graph
from diorama.run.views import BatchView, Mode, Page, QueueView, RunView
from diorama.session import load_graph

Asked = str | Path | Graph
"""A graph: the name of one that the server has saved, with `@version` where not the newest; a local file; or itself."""

PAGE = 100
"""Runs that are fetched at once."""
RUN = reader(RunView)
RUNS = reader(Page[RunView])
_FAULTS: TypeAdapter[list[Fault]] = TypeAdapter(list[Fault])
BATCH = reader(BatchView)
QUEUE = reader(QueueView)


def wanted(
    graph: Asked, parameters: Mapping[str, JsonValue], targets: Sequence[str] = (), **how: object
) -> dict[str, object]:
    """The body that names a graph, its parameters, and how it is to be run."""
    body: dict[str, object] = {"parameters": dict(parameters), **how}
    if targets:
        body["targets"] = list(targets)
    if isinstance(graph, str):
        return {"saved": graph, **body}
    loaded = graph if isinstance(graph, Graph) else load_graph(graph)[0]
    return {"graph": orjson.Fragment(loaded.canonical()), **body}


def submit(body: Mapping[str, object], idempotency_key: str | None) -> Ask[RunView]:
    """Queue a run, once, however often it is sent."""
    return send("POST", "/runs", RUN, dict(body), _promised(idempotency_key))


def submit_batch(
    body: Mapping[str, object], axes: Mapping[str, Sequence[JsonValue]], mode: Mode, idempotency_key: str | None
) -> Ask[BatchView]:
    """Queue a run for each of the values, or of their combinations."""
    whole_body = {**body, "axes": {name: list(values) for name, values in axes.items()}, "mode": mode}
    return send("POST", "/batches", BATCH, whole_body, _promised(idempotency_key))


def _promised(key: str | None) -> dict[str, str]:
    return {"Idempotency-Key": key or uuid4().hex}


def has_told_all(view: RunView, since: int) -> bool:
    """Whether a run has come to an end and told nothing after an event."""
    return view.state in ("succeeded", "failed", "cancelled", "interrupted") and view.seq <= since


def run(name: str) -> Ask[RunView]:
    """A run as it stands."""
    return get(f"/runs/{_in_path(name)}", RUN)


def runs(cursor: str | None, limit: int | None, **which: str | None) -> Ask[Page[RunView]]:
    """Some of the runs, the newest first."""
    return get("/runs", RUNS, cursor=cursor, limit=limit, **which)


def act(name: str, verb: str) -> Ask[RunView]:
    """Cancel, pause, resume, retry or fail a run."""
    return send("POST", f"/runs/{_in_path(name)}/{verb}", RUN)


def delete_run(name: str) -> Ask[None]:
    """Take a run and its record away."""
    return send("DELETE", f"/runs/{_in_path(name)}", nothing)


def discard(name: str) -> Ask[None]:
    """Take an interrupted run away."""
    return send("POST", f"/runs/{_in_path(name)}/discard", nothing)


def move(name: str, priority: int | None, before: str | None, after: str | None) -> Ask[RunView]:
    """Let a queued run go earlier or later."""
    return send("PATCH", f"/runs/{_in_path(name)}", RUN, {"priority": priority, "before": before, "after": after})


def part(name: str, what: str) -> Ask[Document]:
    """A run's graph, manifest, results or log."""
    return get(f"/runs/{_in_path(name)}/{what}", document)


def batch(name: str) -> Ask[BatchView]:
    """A batch as it stands."""
    return get(f"/batches/{_in_path(name)}", BATCH)


def cancel_batch(name: str) -> Ask[BatchView]:
    """Cancel every run of a batch that has not ended."""
    return send("POST", f"/batches/{_in_path(name)}/cancel", BATCH)


def queue() -> Ask[QueueView]:
    """The queue as a whole."""
    return get("/queue", QUEUE)


def change_queue(body: Mapping[str, object]) -> Ask[QueueView]:
    """Pause the queue, let it go on, or change its limits; None gives one its default again."""
    return patch("/queue", QUEUE, body)


def limit_queue(running: int | None, running_per_client: int | None) -> Ask[QueueView]:
    """Change limits of the queue that are not None; 0 gives one its default again."""
    limits = {"max_running": running, "max_running_per_client": running_per_client}
    return change_queue({name: limit or None for name, limit in limits.items() if limit is not None})


def clear_queue() -> Ask[QueueView]:
    """Cancel all runs that wait."""
    return send("DELETE", "/queue", QUEUE)


def look(what: str, body: Mapping[str, object]) -> Ask[Document]:
    """Check, plan or explain a graph."""
    return send("POST", f"/{what}", document, dict(body))


def listing(what: str, **which: object) -> Ask[Document]:
    """Some resource as the server shows it: nodes, types, templates, graphs, projects, devices, models, settings."""
    return get(f"/{what}", document, **which)


def save_graph(name: str, graph: Graph, version: int | None, note: str) -> Ask[Document]:
    """Save a graph under a name; `version` is the one that it was made from, None for a new graph."""
    condition = {"If-None-Match": "*"} if version is None else {"If-Match": f'"{version}"'}
    headers = {"Content-Type": JSON, **condition}
    path = f"{API}/graphs/{_in_path(name)}"
    return Ask("PUT", path, document, {"note": note}, graph.canonical(), headers, is_once=True)


def delete_graph(name: str) -> Ask[None]:
    """Take a saved graph away."""
    return send("DELETE", f"/graphs/{_in_path(name)}", nothing)


def change(what: str, body: Mapping[str, object]) -> Ask[Document]:
    """Change some values of a resource, such as the settings; None gives one its default again."""
    return patch(f"/{what}", document, body)


def content(digest: str) -> Ask[bytes]:
    """The bytes of an artefact."""
    return get(f"/artefacts/{_in_path(digest)}/content", whole)


def hold_to_digest(wanted: str, found: str) -> None:
    """Raise `DioramaError` (C003) where bytes are not what was asked for."""
    if wanted != found:
        raise failure("C003", wanted, f"the server sent bytes whose digest is {found}")


def upload(path: Path) -> Ask[str]:
    """Put a file into the store; gives its digest."""
    headers = {"Content-Length": str(path.stat().st_size)}
    return Ask("POST", f"{API}/artefacts", _digest_in, {"name": path.name}, path, headers)


def _digest_in(reply: bytes) -> str:
    return str(document(reply)["digest"])


def faults_in(reply: Mapping[str, JsonValue]) -> list[Fault]:
    """The faults that a check found."""
    return _FAULTS.validate_python(reply["faults"])


def saved_graph(name: str, version: int | None) -> Ask[Graph]:
    """A saved graph, the newest version or a given one."""
    return get(f"/graphs/{_in_path(name)}", read_graph, version=version)


def template(name: str) -> Ask[Graph]:
    """A graph that came with the server."""
    return get(f"/templates/{_in_path(name)}", read_graph)


def run_graph(name: str) -> Ask[Graph]:
    """The graph as a run was made of it."""
    return get(f"/runs/{_in_path(name)}/graph", read_graph)


def health() -> Ask[Document]:
    """Whether the server is alive."""
    return get("/health", document)


def _in_path(name: str) -> str:
    return quote(name, safe="")
