"""One call from a graph to its results: `diorama.run("text_to_scene", prompt="...")`."""

from __future__ import annotations

import asyncio
from pathlib import Path

from pydantic import JsonValue

from diorama.faults import DioramaError
from diorama.graph import Graph
from diorama.run.events import Event
from diorama.run.state import Listener, Run, no_listener
from diorama.session import Result, Session, load_graph, target_of
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

    def hear(event: Event) -> None:
        loop.call_soon_threadsafe(listener, event)

    def work() -> Result:
        with Session(store or home()) as session:
            loaded, folder = (graph, None) if isinstance(graph, Graph) else load_graph(graph)
            targets = [target_of(to, loaded)] if to else ()
            begun = session.begin(loaded, parameters, targets, folder, hear, use_cache)
            going.append((session, begun))
            session.scheduler.run_until_idle()
            result = session.result(begun)
            if result.state != "succeeded":
                raise DioramaError(result.faults)
            return result

    task = loop.run_in_executor(None, work)
    try:
        return await asyncio.shield(task)
    except asyncio.CancelledError:
        for session, begun in going:
            session.scheduler.cancel(begun.id)
        await asyncio.wait([task])
        raise
