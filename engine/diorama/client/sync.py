"""`diorama.Client`: a server driven as if it were this process. Written from `aio.py`."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TypeAlias, TypeVar

from pydantic import JsonValue

from diorama.client import asks
from diorama.client.address import address_of
from diorama.client.ask import Ask, Document
from diorama.client.asks import Asked
from diorama.client.errors import ServerError
from diorama.client.lines import Lines
from diorama.client.talk import Talk
from diorama.client.tries import pause
from diorama.client.values import Contents, blob_in, decoded, graph_with, learn_types, refs_of
from diorama.export import export
from diorama.faults import DioramaError, Fault
from diorama.graph import Graph
from diorama.json_text import canonical, normal
from diorama.keys import written
from diorama.refs import Ref, blobs_in, inline
from diorama.run.events import Event, RunEnded, State
from diorama.run.state import Listener, no_listener
from diorama.run.views import BatchView, Mode, QueueView, RunView

T = TypeVar("T")
_Faults: TypeAlias = list[Fault]
_Paths: TypeAlias = list[Path]
LOOKS = 20
LOOK_SECONDS = 0.05
"""How often, and after what time each, an interrupted run is looked at again."""


class Client:
    """A server's graphs, runs and artefacts. Use it in an `with` block.

    `server` is its address, else that of `DIORAMA_SERVER`, else the local one's; `key` an API key, else that of
    `DIORAMA_KEY`. Every method raises `ServerError` with the server's faults where it refuses, `Unreachable` where
    there is none; both are a `DioramaError`.
    """

    def __init__(self, server: str | None = None, key: str | None = None, *, seconds: float = 60.0) -> None:
        self.address = address_of(server, key)
        self._lines = Lines(self.address, seconds)

    def __enter__(self) -> Client:
        return self

    def __exit__(self, *raised: object) -> None:
        self.close()

    def close(self) -> None:
        """Let all connections go."""
        self._lines.close()

    def _ask(self, ask: Ask[T]) -> T:
        return ask.read(self._lines.ask(ask))

    # Runs to their end

    def run(
        self,
        graph: Asked,
        *,
        to: str | None = None,
        use_cache: bool = True,
        listener: Listener = no_listener,
        priority: int = 0,
        project: str | None = None,
        **parameters: JsonValue | Path,
    ) -> RemoteResult:
        """Run a graph to its end, as `diorama.run` does: raises `DioramaError` with every fault of graph or nodes.

        Ctrl-C, or anything that the listener raises, cancels the run.
        """
        submitted = self.submit(
            graph, parameters, targets=[to] if to else (), use_cache=use_cache, priority=priority, project=project
        )
        values: Mapping[str, JsonValue] | None = None
        try:
            for event in self.watch(submitted.id):
                values = event.values if isinstance(event, RunEnded) else None
                listener(event)
        except BaseException:
            with suppress(DioramaError):
                self.cancel(submitted.id)
            raise
        if values is None:
            result = self.result(submitted.id)
        else:
            told = {name: inline(value) for name, value in values.items()}
            result = RemoteResult(self, self.status(submitted.id), told)
        if result.state != "succeeded":
            raise DioramaError(result.faults or [Fault("R001", submitted.id, f"the run ended as {result.state}")])
        return result

    def submit(
        self,
        graph: Asked,
        parameters: Mapping[str, JsonValue | Path] | None = None,
        *,
        targets: Sequence[str] = (),
        title: str | None = None,
        project: str | None = None,
        priority: int = 0,
        use_cache: bool = True,
        retries: int | None = None,
        idempotency_key: str | None = None,
    ) -> RunView:
        """Queue a run; it is kept, whatever happens, once this returns.

        A `Path` among the parameters is uploaded first. The same `idempotency_key` twice is one run.
        """
        body = asks.wanted(
            graph,
            self._uploaded(parameters or {}),
            targets,
            title=title,
            project=project,
            priority=priority,
            use_cache=use_cache,
            retries=retries,
        )
        return self._ask(asks.submit(body, idempotency_key))

    def submit_batch(
        self,
        graph: Asked,
        axes: Mapping[str, Sequence[JsonValue]],
        parameters: Mapping[str, JsonValue | Path] | None = None,
        *,
        mode: Mode = "product",
        targets: Sequence[str] = (),
        title: str | None = None,
        project: str | None = None,
        priority: int = 0,
        idempotency_key: str | None = None,
    ) -> BatchView:
        """Queue a run for each combination of the values in `axes`, or, with `mode="zip"`, for each row of them."""
        how = {"title": title, "project": project, "priority": priority}
        body = asks.wanted(graph, self._uploaded(parameters or {}), targets, **how)
        return self._ask(asks.submit_batch(body, axes, mode, idempotency_key))

    def watch(self, run: str, since: int = 0) -> Iterator[Event]:
        """Every event of a run after `since`, as it comes, until the run ends, or is interrupted and left so.

        A connection that breaks is made anew and goes on where it was; raises `Unreachable` where that fails for a
        minute.
        """
        talk = Talk(f"run:{run}", since)
        goes_on = not asks.has_told_all(self.status(run), since)
        while goes_on:
            talk.is_over = False
            yield from self._lines.events(talk)
            goes_on = self._goes_on(run, talk)

    def _goes_on(self, run: str, talk: Talk) -> bool:
        """Whether a run that ended goes on: it was tried again, or its server resumes it within a moment."""
        for _ in range(LOOKS):
            view = self.status(run)
            if not asks.has_told_all(view, talk.since):
                return True
            if view.state != "interrupted":
                return False
            pause(LOOK_SECONDS)
        return False

    def listen(self, topic: str) -> Iterator[Event]:
        """What is told under `queue`, `devices` or `log`, without an end."""
        return self._lines.events(Talk(topic))

    def wait(self, run: str) -> RunView:
        """The run once it has ended."""
        for _ in self.watch(run):
            pass
        return self.status(run)

    # Runs

    def status(self, run: str) -> RunView:
        """A run as it stands."""
        return self._ask(asks.run(run))

    def runs(
        self,
        *,
        state: State | None = None,
        project: str | None = None,
        batch: str | None = None,
        saved: str | None = None,
        client: str | None = None,
        limit: int | None = None,
    ) -> Iterator[RunView]:
        """Runs, the newest first; fetched by the page as they are asked for. `limit` is of all, not of a page."""
        cursor, left = None, limit
        while left is None or left > 0:
            size = None if left is None else min(left, asks.PAGE)
            which = {"state": state, "project": project, "batch": batch, "saved": saved, "client": client}
            page = self._ask(asks.runs(cursor, size, **which))
            yield from page.items
            left = None if left is None else left - len(page.items)
            if page.next is None:
                return
            cursor = page.next

    def cancel(self, run: str) -> RunView:
        """Cancel a run that waits or is under way."""
        return self._ask(asks.act(run, "cancel"))

    def pause(self, run: str) -> RunView:
        """Begin no more calls of a run; those under way are finished and kept."""
        return self._ask(asks.act(run, "pause"))

    def resume(self, run: str) -> RunView:
        """Let a paused or interrupted run go on."""
        return self._ask(asks.act(run, "resume"))

    def retry(self, run: str) -> RunView:
        """Try a run again that failed, was cancelled or interrupted: what was finished is not made again."""
        return self._ask(asks.act(run, "retry"))

    def save_as_failed(self, run: str) -> RunView:
        """Give an interrupted run up, and keep it on record as failed."""
        return self._ask(asks.act(run, "fail"))

    def discard(self, run: str) -> None:
        """Give an interrupted run up, and delete it."""
        self._ask(asks.discard(run))

    def delete(self, run: str) -> None:
        """Take a run that is over off the record."""
        self._ask(asks.delete_run(run))

    def move(
        self, run: str, *, priority: int | None = None, before: str | None = None, after: str | None = None
    ) -> RunView:
        """Give a queued run another priority, or a place before or after another one."""
        return self._ask(asks.move(run, priority, before, after))

    def result(self, run: str) -> RemoteResult:
        """What a run gave, as far as it is there."""
        return RemoteResult(self, self.status(run), refs_of(self._ask(asks.part(run, "results"))))

    def graph_of(self, run: str) -> Graph:
        """The graph as it ran, random seeds drawn."""
        return self._ask(asks.run_graph(run))

    def manifest(self, run: str) -> Document:
        """What a run was made of: every call with its key, version and time, and the results."""
        return self._ask(asks.part(run, "manifest"))

    def log(self, run: str) -> Document:
        """What a run's calls printed, and the tracebacks of those that failed."""
        return self._ask(asks.part(run, "log"))

    # Batches and the queue

    def batch(self, batch: str) -> BatchView:
        """A batch as it stands."""
        return self._ask(asks.batch(batch))

    def cancel_batch(self, batch: str) -> BatchView:
        """Cancel every run of a batch that has not ended."""
        return self._ask(asks.cancel_batch(batch))

    def queue(self) -> QueueView:
        """The queue as a whole."""
        return self._ask(asks.queue())

    def pause_queue(self) -> QueueView:
        """Begin no more runs."""
        return self._ask(asks.change_queue({"paused": True}))

    def resume_queue(self) -> QueueView:
        """Begin runs again."""
        return self._ask(asks.change_queue({"paused": False}))

    def limit_queue(self, *, running: int | None = None, running_per_client: int | None = None) -> QueueView:
        """Change how many runs a server has under way at once; 0 gives a limit its default again, for a client none."""
        return self._ask(asks.limit_queue(running, running_per_client))

    def clear_queue(self) -> QueueView:
        """Cancel all runs that wait."""
        return self._ask(asks.clear_queue())

    # Graphs

    def check(self, graph: Asked, parameters: Mapping[str, JsonValue] | None = None) -> _Faults:
        """Every fault of a graph; none where it can run."""
        return asks.faults_in(self._ask(asks.look("check", asks.wanted(graph, parameters or {}))))

    def plan(
        self, graph: Asked, parameters: Mapping[str, JsonValue] | None = None, *, targets: Sequence[str] = ()
    ) -> Document:
        """What a run would do: which steps are cached, which would run and why, and what it would cost."""
        return self._ask(asks.look("plan", asks.wanted(graph, parameters or {}, targets)))

    def explain(self, graph: Asked, node: str, parameters: Mapping[str, JsonValue] | None = None) -> Document:
        """Why a node of a graph would run, or that it is cached."""
        return self._ask(asks.look("explain", asks.wanted(graph, parameters or {}, node=node)))

    def saved_graph(self, name: str, version: int | None = None) -> Graph:
        """A saved graph, the newest version or a given one; where none has the name, the template of that name."""
        try:
            return self._ask(asks.saved_graph(name, version))
        except ServerError as error:
            if error.status != 404 or version is not None:
                raise
            missing = error
        try:
            return self._ask(asks.template(name))
        except ServerError as error:
            raise missing if error.status == 404 else error from None

    def save_graph(self, name: str, graph: Graph, *, version: int | None = None, note: str = "") -> Document:
        """Save a graph; `version` is the one it was made from, None where the name is new.

        Raises `ServerError` (412) where somebody has saved another version meanwhile.
        """
        return self._ask(asks.save_graph(name, graph, version, note))

    def delete_graph(self, name: str) -> None:
        """Take a saved graph away."""
        self._ask(asks.delete_graph(name))

    # Artefacts

    def upload(self, path: Path) -> str:
        """Put a file into the server's store; gives its digest, which `file` parameters take."""
        return self._ask(asks.upload(path))

    def _uploaded(self, parameters: Mapping[str, JsonValue | Path]) -> dict[str, JsonValue]:
        return {name: self.upload(one) if isinstance(one, Path) else one for name, one in parameters.items()}

    def bytes(self, digest: str) -> bytes:
        """An artefact's bytes, verified; raises `ServerError` where the store has none of this digest."""
        return self._lines.content(digest)

    def download(self, run: str, folder: Path) -> _Paths:
        """Write the results of a run into a folder, pictures and models with their graph inside; gives the paths."""
        view, graph = self.status(run), self.graph_of(run)
        outputs = refs_of(self._ask(asks.part(run, "results")))
        embedded = canonical(normal(graph_with(graph, view.parameters).document()))
        learn_types(blob.type for ref in outputs.values() for blob in blobs_in(ref))
        paths: _Paths = []
        for name, ref in outputs.items():
            contents = Contents({blob.digest: self.bytes(written(blob.digest)) for blob in blobs_in(ref)})
            paths += export({name: ref}, contents, folder, embedded)
        return paths

    # The server

    def list(self, what: str, **which: str | int | None) -> Document:
        """What the server shows of a resource: `nodes`, `types`, `templates`, `graphs`, `projects`, `artefacts`,
        `batches`, `devices`, `models`, `cache`, `settings`, `health`, `ready`.
        """
        return self._ask(asks.listing(what, **which))

    def change_settings(self, **settings: JsonValue) -> Document:
        """Change settings of the server; None gives one its default again."""
        return self._ask(asks.change("settings", settings))


@dataclass(frozen=True, slots=True)
class RemoteResult:
    """What a run gave: the same as `Result` of a run in this process, its bytes fetched when they are asked for."""

    client: Client
    view: RunView
    outputs: Mapping[str, Ref]

    @property
    def run(self) -> str:
        """The run's id."""
        return self.view.id

    @property
    def state(self) -> State:
        """How the run stands."""
        return self.view.state

    @property
    def faults(self) -> Sequence[Fault]:
        """What went wrong."""
        return self.view.faults

    @property
    def manifest(self) -> Document:
        """What the run was made of."""
        return self.client.manifest(self.run)

    def __getitem__(self, name: str) -> object:
        """A result's value, decoded; raises `KeyError` where the run did not come to it."""
        ref = self.outputs[name]
        return decoded(ref, {blob.digest: self.client.bytes(written(blob.digest)) for blob in blobs_in(ref)})

    def bytes(self, name: str) -> bytes:
        """A result's bytes as they are stored; raises `TypeError` for one that is no artefact."""
        return self.client.bytes(written(blob_in(self.outputs, name).digest))

    def save(self, folder: Path) -> _Paths:
        """Write the results into a folder, pictures and models with their graph inside; gives the paths."""
        return self.client.download(self.run, folder)
