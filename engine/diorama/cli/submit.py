"""`diorama submit` and `diorama watch`: a run on a server, queued and followed."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

import orjson
from pydantic import JsonValue

from diorama.cli.codes import CANCELLED, OK, RUN_FAILED, code_of, tell
from diorama.cli.look import print_json
from diorama.cli.progress import Progress
from diorama.cli.settings import read_settings
from diorama.client.asks import Asked
from diorama.client.sync import Client
from diorama.export import make_folder
from diorama.faults import failure
from diorama.graph import Graph
from diorama.run.events import event_json
from diorama.session import load_graph
from diorama.types import base_of


@dataclass(frozen=True, slots=True)
class SubmitOptions:
    """What was given on the command line."""

    graph: str
    settings: tuple[str, ...]
    axes: tuple[str, ...]
    is_zipped: bool
    target: str | None
    title: str | None
    project: str | None
    priority: int
    no_cache: bool
    once: str | None
    wait: bool
    out: Path | None
    server: str | None
    key: str | None
    as_json: bool


def submit_graph(options: SubmitOptions) -> int:
    """Queue a run, or one for each value of the axes; gives the exit code."""
    with Client(options.server, options.key) as client:
        asked, graph = _graph(client, options.graph)
        values = _with_files(read_settings(options.settings, graph), graph)
        if options.axes:
            return _submit_batch(client, options, asked, graph, values)
        run = client.submit(
            asked,
            values,
            targets=[options.target] if options.target else (),
            title=options.title,
            project=options.project,
            priority=options.priority,
            use_cache=not options.no_cache,
            idempotency_key=options.once,
        )
        if options.wait or options.out is not None:
            return watch_run(client, run.id, 0, options.out, options.as_json)
        if options.as_json:
            print_json(asdict(run))
        else:
            print(run.id)
        return OK


def _graph(client: Client, given: str) -> tuple[Asked, Graph]:
    """A graph as it is asked for, and its document: that of a file, or of what the server has saved."""
    if Path(given).suffix:
        graph, _ = load_graph(given)
        return graph, graph
    name, _, version = given.partition("@")
    if version and not version.isdecimal():
        raise failure("C001", given, "NAME or NAME@VERSION is wanted, VERSION a whole number")
    return given, client.saved_graph(name, int(version) if version else None)


def _with_files(values: dict[str, JsonValue], graph: Graph) -> dict[str, JsonValue | Path]:
    """The values with files that lie here as paths, so that they are uploaded."""
    files = {name for name, one in graph.parameters.items() if base_of(one.type) == "file"}
    return {
        name: Path(value) if name in files and isinstance(value, str) and not value.startswith("blake3:") else value
        for name, value in values.items()
    }


def _submit_batch(
    client: Client, options: SubmitOptions, asked: Asked, graph: Graph, values: dict[str, JsonValue | Path]
) -> int:
    if options.wait or options.out is not None:
        raise failure("C001", "--each", "the runs of a batch are not followed; `diorama runs list --batch` shows them")
    batch = client.submit_batch(
        asked,
        _axes(options.axes, graph),
        values,
        mode="zip" if options.is_zipped else "product",
        targets=[options.target] if options.target else (),
        title=options.title,
        project=options.project,
        priority=options.priority,
        idempotency_key=options.once,
    )
    if options.as_json:
        print_json(asdict(batch))
    else:
        print(f"{batch.id}: {batch.runs:,} runs")
    return OK


def _axes(given: Sequence[str], graph: Graph) -> dict[str, list[JsonValue]]:
    """Lists of values by parameter; what is no JSON list is split at commas and read by the parameter's type."""
    axes: dict[str, list[JsonValue]] = {}
    for text in given:
        name, sign, listed = text.partition("=")
        if not sign:
            raise failure("C001", "--each", f"{text!r:.100} is given, but NAME=VALUE,VALUE or NAME=[...] is wanted")
        if listed.startswith("["):
            try:
                axes[name] = list(orjson.loads(listed))
            except orjson.JSONDecodeError as error:
                raise failure("C001", "--each", f"{listed!r:.100} is no JSON list: {error}") from error
        else:
            axes[name] = [read_settings([f"{name}={one}"], graph)[name] for one in listed.split(",")]
    return axes


def watch_run(client: Client, run: str, since: int, out: Path | None, as_json: bool) -> int:
    """Follow a run to its end and write its results; gives the exit code."""
    if out is not None:
        make_folder(out)
    with Progress(is_shown=sys.stderr.isatty() and not as_json) as progress:
        for event in client.watch(run, since):
            progress.hear(event)
            if as_json:
                print(event_json(event).decode(), flush=True)
    view = client.status(run)
    paths = client.download(run, out) if out is not None else []
    if not as_json:
        print(f"{view.id} {view.state}")
        for path in paths:
            print(f"  {path}")
    tell(view.faults)
    if view.state == "succeeded":
        return OK
    return CANCELLED if view.state == "cancelled" else code_of(view.faults) if view.faults else RUN_FAILED
