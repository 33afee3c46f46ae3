"""`diorama runs`, `queue` and `devices`: what a server does, shown and steered."""

from __future__ import annotations

import time
from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

from diorama.cli.look import print_json
from diorama.cli.progress import seconds_text
from diorama.cli.store import bytes_text
from diorama.client.sync import Client
from diorama.run.views import QueueView, RunView


def list_runs(server: str | None, key: str | None, as_json: bool, limit: int, which: Mapping[str, Any]) -> None:
    """Print the latest runs."""
    with Client(server, key) as client:
        runs = list(client.runs(limit=limit, **which))
    if as_json:
        print_json([asdict(run) for run in runs])
    for run in () if as_json else runs:
        print(_line(run))


def show_run(server: str | None, key: str | None, as_json: bool, run: str) -> None:
    """Print how a run stands."""
    with Client(server, key) as client:
        _print(client.status(run), as_json)


def move_run(server: str | None, key: str | None, as_json: bool, run: str, where: Mapping[str, Any]) -> None:
    """Move a queued run."""
    with Client(server, key) as client:
        _print(client.move(run, **where), as_json)


def steer_runs(server: str | None, key: str | None, as_json: bool, verb: str, runs: tuple[str, ...]) -> None:
    """Do one thing to each of some runs, and print how each stands."""
    with Client(server, key) as client:
        does = client.save_as_failed if verb == "fail" else getattr(client, verb)
        views = [does(run) for run in runs]
    if as_json:
        print_json([asdict(view) for view in views if view is not None])
    else:
        for run, view in zip(runs, views, strict=True):
            print(_line(view) if view is not None else f"{run}  deleted")


def show_queue(server: str | None, key: str | None, as_json: bool) -> None:
    """Print the queue: counts, what is under way, what comes next."""
    with Client(server, key) as client:
        view = client.queue()
        waiting = list(client.runs(state="queued", limit=20))
        running = [client.status(run) for run in view.running]
    if as_json:
        print_json(asdict(view))
        return
    _print_queue(view)
    for run in [*running, *waiting]:
        print(_line(run))


def change_queue(server: str | None, key: str | None, as_json: bool, verb: str) -> None:
    """Pause the queue, let it go on, or clear it."""
    with Client(server, key) as client:
        changes = {"pause": client.pause_queue, "resume": client.resume_queue, "clear": client.clear_queue}
        view = changes[verb]()
    if as_json:
        print_json(asdict(view))
    else:
        _print_queue(view)


def limit_queue(
    server: str | None, key: str | None, as_json: bool, running: int | None, per_client: int | None
) -> None:
    """Change how many runs are under way at once."""
    with Client(server, key) as client:
        view = client.limit_queue(running=running, running_per_client=per_client)
    if as_json:
        print_json(asdict(view))
    else:
        _print_queue(view)


def show_devices(server: str | None, key: str | None, as_json: bool) -> None:
    """Print the devices."""
    with Client(server, key) as client:
        found = client.list("devices")
    if as_json:
        print_json(found)
        return
    items = found["items"]
    assert isinstance(items, list)
    for device in items:
        assert isinstance(device, dict)
        print(_device_line(device))


def _device_line(device: Mapping[str, Any]) -> str:
    used, total = device["used_bytes"], device["total_bytes"]
    line = f"{device['name']} ({device['title']})"
    if used is not None and total:
        line += f": {bytes_text(used)} of {bytes_text(total)} used ({used / total:.0%})"
    if device["resident"]:
        line += f", holds {', '.join(sorted(device['resident']))}"
    if device["lease"]:
        line += f", makes {device['lease']['node']}"
    return f"{line}  {device['warning']}" if device["warning"] else line


def _print(run: RunView, as_json: bool) -> None:
    if as_json:
        print_json(asdict(run))
        return
    print(_line(run))
    for name, value in run.parameters.items():
        print(f"  {name} = {value!s:.200}")
    for fault in run.faults:
        print(f"  {fault}")


def _print_queue(view: QueueView) -> None:
    counts = ", ".join(f"{count:,} {state}" for state, count in view.states.items() if count)
    limits = f"at most {view.max_running} at once"
    if view.max_running_per_client is not None:
        limits += f", {view.max_running_per_client} of one client"
    print(f"{'paused' if view.paused else 'open'}: {counts or 'no runs'}; {limits}")


def _line(run: RunView) -> str:
    seconds = ""
    if run.started is not None:
        seconds = seconds_text((run.ended if run.ended is not None else time.time()) - run.started)
    share = f"{run.progress:4.0%}" if run.progress is not None and run.state == "running" else "    "
    place = f"{run.place_in_queue} before it" if run.place_in_queue else ""
    return f"{run.id}  {run.state:<11} {share} {seconds:>9}  {run.title[:60]}  {place}".rstrip()
