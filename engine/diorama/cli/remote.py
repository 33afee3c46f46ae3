"""Commands that ask a server: submit, watch, runs, queue, devices."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import click

from diorama.cli.codes import told_errors

SERVER = click.option("--server", metavar="URL", help="The server [default: DIORAMA_SERVER, else the local one].")
KEY = click.option("--key", metavar="KEY", help="An API key [default: DIORAMA_KEY].")
JSON = click.option("--json", "as_json", is_flag=True, help="Print one JSON document instead of text.")
RUN = click.argument("run")
RUNS = click.argument("runs", nargs=-1, required=True)


def on_server(command: Callable[..., None]) -> Callable[..., None]:
    """Options that every command here has."""
    return SERVER(KEY(JSON(command)))


@click.command()
@click.argument("graph")
@click.option("--set", "settings", multiple=True, metavar="NAME=VALUE", help="Set a parameter of the graph.")
@click.option("--each", "axes", multiple=True, metavar="NAME=[V,...]", help="Queue a run for each of these values.")
@click.option("--zip", "is_zipped", is_flag=True, help="Take the lists of --each side by side, not each with each.")
@click.option("--to", "target", metavar="NODE.PORT", help="Stop at this output or result.")
@click.option("--title", help="What lists show [default: the graph's own].")
@click.option("--project", metavar="ID", help="The project that the run belongs to.")
@click.option("--priority", type=int, default=0, help="The greater goes first.")
@click.option("--no-cache", is_flag=True, help="Make every call anew.")
@click.option("--once", metavar="KEY", help="The same key twice is one submission.")
@click.option("--wait", is_flag=True, help="Follow the run to its end, as `diorama watch` does.")
@click.option("--out", type=click.Path(path_type=Path), help="Write the results into this folder; implies --wait.")
@on_server
def submit(**given: Any) -> None:
    """Queue a run on a server and print its id.

    GRAPH is a graph that the server has saved, or a file here. Files that --set names are uploaded.
    """
    from diorama.cli.submit import SubmitOptions, submit_graph

    with told_errors():
        raise SystemExit(submit_graph(SubmitOptions(**given)))


@click.command()
@RUN
@click.option("--since", type=int, default=0, help="Begin after the event of this number.")
@click.option("--out", type=click.Path(path_type=Path), help="Write the results into this folder.")
@on_server
def watch(run: str, since: int, out: Path | None, server: str | None, key: str | None, as_json: bool) -> None:
    """Follow a run to its end; with --json, one event a line.

    Ctrl-C stops watching, not the run.
    """
    from diorama.cli.submit import watch_run
    from diorama.client.sync import Client

    with told_errors(), Client(server, key) as client:
        raise SystemExit(watch_run(client, run, since, out, as_json))


@click.group()
def runs() -> None:
    """Look at a server's runs, and steer them."""


@runs.command("list")
@click.option("--state", help="Only those in this state.")
@click.option("--batch", metavar="ID", help="Only those of this batch.")
@click.option("--project", metavar="ID", help="Only those of this project.")
@click.option("--limit", type=click.IntRange(1), default=20, show_default=True, help="How many.")
@on_server
def list_(server: str | None, key: str | None, as_json: bool, limit: int, **which: str | None) -> None:
    """List runs, the latest first."""
    from diorama.cli.runs import list_runs

    with told_errors():
        list_runs(server, key, as_json, limit, which)


@runs.command()
@RUN
@on_server
def show(run: str, server: str | None, key: str | None, as_json: bool) -> None:
    """Tell how a run stands."""
    from diorama.cli.runs import show_run

    with told_errors():
        show_run(server, key, as_json, run)


@runs.command()
@RUN
@click.option("--priority", type=int, help="The greater goes first.")
@click.option("--before", metavar="RUN", help="Let it go right before this one.")
@click.option("--after", metavar="RUN", help="Let it go right after this one.")
@on_server
def move(run: str, server: str | None, key: str | None, as_json: bool, **where: Any) -> None:
    """Let a queued run go earlier or later."""
    from diorama.cli.runs import move_run

    with told_errors():
        move_run(server, key, as_json, run, where)


def _steering(name: str, does: str) -> None:
    """Add a command that does one thing to each of several runs."""

    @runs.command(name, help=does)
    @RUNS
    @on_server
    def steer(server: str | None, key: str | None, as_json: bool, runs: tuple[str, ...]) -> None:
        from diorama.cli.runs import steer_runs

        with told_errors():
            steer_runs(server, key, as_json, name, runs)


_steering("cancel", "Cancel runs that wait or are under way.")
_steering("pause", "Begin no more calls of runs; those under way are finished and kept.")
_steering("resume", "Let paused or interrupted runs go on.")
_steering("retry", "Try runs again that failed, were cancelled or interrupted; what was finished is kept.")
_steering("discard", "Give interrupted runs up and delete them.")
_steering("fail", "Give interrupted runs up and keep them on record as failed.")
_steering("delete", "Take runs that are over off the record.")


@click.group(invoke_without_command=True)
@on_server
@click.pass_context
def queue(context: click.Context, server: str | None, key: str | None, as_json: bool) -> None:
    """Tell how a server's queue stands: what is under way and what waits."""
    from diorama.cli.runs import show_queue

    if context.invoked_subcommand is None:
        with told_errors():
            show_queue(server, key, as_json)


def _queue_command(name: str, does: str) -> None:
    @queue.command(name, help=does)
    @on_server
    def change(server: str | None, key: str | None, as_json: bool) -> None:
        from diorama.cli.runs import change_queue

        with told_errors():
            change_queue(server, key, as_json, name)


_queue_command("pause", "Begin no more runs.")
_queue_command("resume", "Begin runs again.")
_queue_command("clear", "Cancel all runs that wait.")


@queue.command("limit")
@click.option("--running", type=click.IntRange(0), help="Runs that a server has under way at once; 0 for the default.")
@click.option("--per-client", type=click.IntRange(0), help="Of one client; 0 for no bound.")
@on_server
def limit_queue(
    server: str | None, key: str | None, as_json: bool, running: int | None, per_client: int | None
) -> None:
    """Change how many runs are under way at once."""
    from diorama.cli.runs import limit_queue as limit

    with told_errors():
        limit(server, key, as_json, running, per_client)


@click.command()
@on_server
def devices(server: str | None, key: str | None, as_json: bool) -> None:
    """Tell what a server's devices do: memory, load, models that are held."""
    from diorama.cli.runs import show_devices

    with told_errors():
        show_devices(server, key, as_json)


COMMANDS = (submit, watch, runs, queue, devices)
