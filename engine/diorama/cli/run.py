"""`diorama run`: a graph run with live progress, its results written as files."""

from __future__ import annotations

import dataclasses
import signal
import sys
from dataclasses import dataclass
from pathlib import Path

import orjson
from pydantic import JsonValue

from diorama.cli.codes import CANCELLED, LOCK_MISMATCH, OK, RUN_FAILED, code_of, tell
from diorama.cli.progress import Progress, seconds_text
from diorama.cli.settings import read_settings, read_target
from diorama.export import export, make_folder
from diorama.faults import DioramaError, faults_json
from diorama.files import from_anywhere
from diorama.graph import Constant, Graph, GraphNode
from diorama.json_text import canonical, normal
from diorama.lock import differences, lock_of, read_lock, result_differences, write_lock
from diorama.refs import ref_json
from diorama.run.events import Event, ResultReady
from diorama.run.state import Listener, Run
from diorama.session import TRIES, Result, Session, load_graph
from diorama.store.blobs import BlobStore
from diorama.templates import home
from diorama.types import base_of


@dataclass(frozen=True, slots=True)
class RunOptions:
    """What was given on the command line."""

    graph: str
    settings: tuple[str, ...]
    target: str | None
    store: Path | None
    as_json: bool
    out: Path | None
    use_cache: bool
    lock: bool
    locked: bool


def run_graph(options: RunOptions) -> int:
    """Run and write; gives the exit code."""
    graph, folder = load_graph(options.graph)
    values = read_settings(options.settings, graph)
    name = Path(options.graph).stem
    out = options.out or Path("out") / name
    lock_path = out / f"{name}.lock.json"
    with Session(options.store or home()) as session:
        targets = read_target(options.target, graph)
        faults = session.check(graph, values, targets, folder)
        if faults:
            raise DioramaError(faults)
        make_folder(out)
        if options.locked:
            found = read_lock(lock_path)
            # A parameter that the graph has no more is a mismatch of the lock, no fault of the graph.
            values = {name: one for name, one in found.parameters.items() if name in graph.parameters} | values
            mismatch = differences(found, session.plan(graph, values, targets, folder), session.library)
            if mismatch:
                tell(mismatch)
                return LOCK_MISMATCH
        with Progress(is_shown=sys.stderr.isatty() and not options.as_json) as progress:
            writer = ResultWriter(session.store.blobs, out, progress.hear, folder)
            run = session.begin(graph, values, targets, folder, writer.hear, options.use_cache)
            writer.follow(run)
            _finish(session, run)
            for _ in range(TRIES):
                if not run.needs_plan:
                    break
                settled, chosen = run.plan.graph, dict(run.plan.values)
                run = session.begin(settled, chosen, targets, folder, writer.hear, options.use_cache)
                writer.follow(run)
                _finish(session, run)
        return _end(options, session, run, writer.paths(), out, lock_path)


def _finish(session: Session, run: Run) -> None:
    """Turn the scheduler until the run ends; Ctrl-C cancels it, and a second one leaves at once."""

    def on_interrupt(number: int, frame: object) -> None:
        signal.signal(signal.SIGINT, signal.SIG_DFL)
        session.scheduler.cancel(run.id)

    before = signal.signal(signal.SIGINT, on_interrupt)
    try:
        session.scheduler.run_until_idle()
    finally:
        signal.signal(signal.SIGINT, before)


def _end(options: RunOptions, session: Session, run: Run, paths: list[Path], out: Path, lock_path: Path) -> int:
    result = session.result(run)
    _write_record(out, result)
    code = OK if result.state == "succeeded" else CANCELLED if result.state == "cancelled" else RUN_FAILED
    if code == OK and options.lock:
        write_lock(lock_path, lock_of(run.plan, session.library, result.outputs))
        paths.append(lock_path)
    if code == OK and options.locked:
        mismatch = result_differences(read_lock(lock_path), result.outputs)
        if mismatch:
            tell(mismatch)
            return LOCK_MISMATCH
    if options.as_json:
        print(orjson.dumps(_summary(result, paths), option=orjson.OPT_INDENT_2).decode())
    else:
        _print(run, result, paths)
    tell(result.faults)
    return code if not result.faults or code != RUN_FAILED else code_of(result.faults)


class ResultWriter:
    """Writes each result of a run into a folder as soon as it is there."""

    def __init__(self, blobs: BlobStore, out: Path, listener: Listener, folder: Path | None = None) -> None:
        self.blobs = blobs
        self.out = out
        self.listener = listener
        self.folder = folder
        self.run: Run | None = None
        self.document = b""
        self.written: dict[str, list[Path]] = {}

    def follow(self, run: Run) -> None:
        """Write the results of this run, those that are there already at once."""
        self.run = run
        self.document = canonical(normal(dict(with_values(run, self.folder).document())))
        self._write(run)

    def hear(self, event: Event) -> None:
        """Pass an event on, and write the result that it tells of."""
        self.listener(event)
        if isinstance(event, ResultReady) and self.run is not None:
            self._write(self.run)

    def paths(self) -> list[Path]:
        """Every file that was written, in the order of the graph's results."""
        assert self.run is not None
        return [path for name in self.run.plan.results for path in self.written.get(name, ())]

    def _write(self, run: Run) -> None:
        for name, ref in run.results().items():
            if name in run.told_results and name not in self.written:
                self.written[name] = export({name: ref}, self.blobs, self.out, self.document)


def with_values(run: Run, folder: Path | None) -> Graph:
    """The graph with the values of this run as its parameters' defaults: run again, anywhere, it gives the same.

    `folder` is where the graph's relative file paths were taken from.
    """
    graph, values = run.plan.graph, run.plan.values
    parameters = {
        name: dataclasses.replace(one, default=_lasting(one.type, values[name], folder)) if name in values else one
        for name, one in graph.parameters.items()
    }
    nodes = {name: _with_lasting_files(node, run, folder) for name, node in graph.nodes.items()}
    return dataclasses.replace(graph, parameters=parameters, nodes=nodes)


def _with_lasting_files(node: GraphNode, run: Run, folder: Path | None) -> GraphNode:
    interface = run.library.declared(node.type)
    types = {port: one.type for port, one in interface.inputs.items()} if interface is not None else {}
    files = {
        port: Constant(_lasting(types[port], given.value, folder))
        for port, given in node.inputs.items()
        if isinstance(given, Constant) and base_of(types.get(port, "")) == "file"
    }
    return dataclasses.replace(node, inputs={**node.inputs, **files}) if files else node


def _lasting(type_: str, value: JsonValue, folder: Path | None) -> JsonValue:
    if base_of(type_) != "file":
        return value
    if isinstance(value, list):
        return [_lasting(type_, item, folder) for item in value]
    return from_anywhere(value, folder) if isinstance(value, str) else value


def _write_record(out: Path, result: Result) -> None:
    from diorama.atomic import write_whole

    write_whole(out / "run.json", orjson.dumps(result.manifest, option=orjson.OPT_INDENT_2) + b"\n")
    log = "\n".join(filter(None, result.tracebacks))
    if log:
        write_whole(out / "run.log", log.encode())
    else:
        (out / "run.log").unlink(missing_ok=True)


def _summary(result: Result, paths: list[Path]) -> dict[str, object]:
    calls = result.manifest.get("calls")
    made = [call for call in calls if isinstance(call, dict) and not call["cached"]] if isinstance(calls, list) else []
    return {
        "run": result.run,
        "state": result.state,
        "calls_made": len(made),
        "results": {name: ref_json(ref) for name, ref in result.outputs.items()},
        "files": [str(path) for path in paths],
        "faults": faults_json(result.faults),
    }


def _print(run: Run, result: Result, paths: list[Path]) -> None:
    made = [record for record in run.records if not record.is_cached]
    work = sum(record.seconds for record in made)
    cached = len(run.records) - len(made)
    whole = run.ended_wall - run.started_wall
    calls = f"{len(made)} calls made ({seconds_text(work)} of work), {cached} from the cache"
    print(f"{result.state} in {seconds_text(whole)}: {calls}")
    for path in paths:
        print(f"  {path}")
