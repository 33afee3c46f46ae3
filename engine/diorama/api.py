"""One call from a graph to its results: `diorama.run("text_to_scene", prompt="...")`."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from pathlib import Path
from threading import Event

from pydantic import JsonValue

from diorama.faults import DioramaError
from diorama.graph import Graph
from diorama.run.events import Event as Told
from diorama.run.state import Listener, Run, no_listener
from diorama.session import TRIES, Result, Session, load_graph, target_of
from diorama.templates import home


def run(
    graph: str | Path | Graph,
    *,
    to: str | None = None,
    store: Path | None = None,
    use_cache: bool = True,
    listener: Listener = no_listener,
    **parameters: JsonValue,
) -> Result:
    """Run a graph - the name of a saved one, a file, or a `Graph` - with its parameters by name.

    `to` is a result or `node.port` to stop at; `store` a folder, None for the user's own. Raises `DioramaError` with
    every fault, of the graph or of the nodes that failed.
    """
    with Session(store or home()) as session:
        loaded, folder = (graph, None) if isinstance(graph, Graph) else load_graph(graph)
        targets = [target_of(to, loaded)] if to else ()
        result = session.run(loaded, parameters, targets=targets, folder=folder, listener=listener, use_cache=use_cache)
        if result.state != "succeeded":
            raise DioramaError(result.faults)
        return result


async def arun(
    graph: str | Path | Graph,
    *,
    to: str | None = None,
    store: Path | None = None,
    use_cache: bool = True,
    listener: Listener = no_listener,
    **parameters: JsonValue,
) -> Result:
    """As `run`, without holding up the event loop; cancelling the task cancels the run.

    `listener` is called on the event loop's thread.
    """
    loop = asyncio.get_running_loop()
    going: list[tuple[Session, Run]] = []
    is_cancelled = Event()

    def hear(event: Told) -> None:
        loop.call_soon_threadsafe(listener, event)

    def work() -> Result:
        with Session(store or home()) as session:
            loaded, folder = (graph, None) if isinstance(graph, Graph) else load_graph(graph)
            targets = [target_of(to, loaded)] if to else ()
            values: Mapping[str, JsonValue] = parameters
            for _ in range(1 + TRIES):
                begun = session.begin(loaded, values, targets, folder, hear, use_cache)
                going.append((session, begun))
                if is_cancelled.is_set():
                    session.scheduler.cancel(begun.id)
                session.scheduler.run_until_idle()
                if not begun.needs_plan:
                    break
                loaded, values = begun.plan.graph, dict(begun.plan.values)
            result = session.result(begun)
            if result.state != "succeeded":
                raise DioramaError(result.faults)
            return result

    task = loop.run_in_executor(None, work)
    try:
        return await asyncio.shield(task)
    except asyncio.CancelledError:
        # Set before the runs are looked at: one that begins after this look cancels itself.
        is_cancelled.set()
        for session, begun in going:
            session.scheduler.cancel(begun.id)
        await asyncio.wait([task])
        raise
