"""Every command with its options. What a command does is loaded when it is called, so that help costs little."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from diorama.cli.codes import told_errors
from diorama.cli.remote import COMMANDS

GRAPH = click.argument("graph")
SETTINGS = click.option("--set", "settings", multiple=True, metavar="NAME=VALUE", help="Set a parameter of the graph.")
TARGET = click.option("--to", "target", metavar="NODE.PORT", help="Stop at this output or result.")
JSON = click.option("--json", "as_json", is_flag=True, help="Print one JSON document instead of text.")
STORE = click.option("--store", type=click.Path(path_type=Path), help="Folder of cache and runs [default: the user's].")


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="diorama")
def main() -> None:
    """Turn a sentence or a picture into a 3D scene by running a graph of nodes.

    GRAPH is the name of a saved graph (`diorama graphs` lists them), a JSON file, or a PNG or GLB that Diorama made.
    Exit codes: 0 done, 1 a node failed, 2 bad arguments, 3 the graph has faults, 4 the lock does not match, 5 the
    store cannot be used, 130 cancelled.
    """


@main.command()
@GRAPH
@SETTINGS
@TARGET
@STORE
@JSON
@click.option("--out", type=click.Path(path_type=Path), help="Folder for the results [default: out/TITLE].")
@click.option("--no-cache", is_flag=True, help="Make every call anew.")
@click.option("--lock", is_flag=True, help="Write GRAPH.lock.json beside the results.")
@click.option("--locked", is_flag=True, help="Refuse to run unless everything is as the lock file says.")
def run(
    graph: str,
    settings: tuple[str, ...],
    target: str | None,
    store: Path | None,
    as_json: bool,
    out: Path | None,
    no_cache: bool,
    lock: bool,
    locked: bool,
) -> None:
    """Run a graph and write its results.

    Ctrl-C cancels cleanly; the same command then goes on where it stopped.
    """
    from diorama.cli.run import RunOptions, run_graph

    with told_errors():
        options = RunOptions(graph, settings, target, store, as_json, out, not no_cache, lock, locked)
        raise SystemExit(run_graph(options))


@main.command()
@GRAPH
@SETTINGS
@TARGET
@JSON
def check(graph: str, settings: tuple[str, ...], target: str | None, as_json: bool) -> None:
    """Tell every fault of a graph."""
    from diorama.cli.look import check_graph

    with told_errors():
        raise SystemExit(check_graph(graph, settings, target, as_json))


@main.command()
@GRAPH
@SETTINGS
@TARGET
@STORE
@JSON
def plan(graph: str, settings: tuple[str, ...], target: str | None, store: Path | None, as_json: bool) -> None:
    """Tell what a run would do: what is cached, what would run and why, and how long it would take."""
    from diorama.cli.look import plan_graph

    with told_errors():
        plan_graph(graph, settings, target, store, as_json)


@main.command()
@GRAPH
@click.argument("node")
@SETTINGS
@STORE
@JSON
def explain(graph: str, node: str, settings: tuple[str, ...], store: Path | None, as_json: bool) -> None:
    """Tell why one node of a graph would run, or that it is cached."""
    from diorama.cli.look import explain_node

    with told_errors():
        raise SystemExit(explain_node(graph, node, settings, store, as_json))


@main.command()
@click.argument("name", required=False)
@JSON
def nodes(name: str | None, as_json: bool) -> None:
    """List the nodes that were found, or tell all about one."""
    from diorama.cli.look import list_nodes

    with told_errors():
        list_nodes(name, as_json)


@main.command()
@click.argument("name", required=False)
@JSON
def models(name: str | None, as_json: bool) -> None:
    """List the model weights that nodes can load, or tell all about one and how to get it."""
    from diorama.cli.models import list_models

    with told_errors():
        raise SystemExit(list_models(name, as_json))


@main.command()
@JSON
def graphs(as_json: bool) -> None:
    """List the saved graphs with their parameters."""
    from diorama.cli.look import list_graphs

    with told_errors():
        raise SystemExit(list_graphs(as_json))


@main.command()
@click.argument("graph", required=False)
@click.option("--schema", is_flag=True, help="Print the JSON Schema of graph documents instead.")
def graph(graph: str | None, schema: bool) -> None:
    """Print a graph: a saved one, a file's, or the one inside a PNG, GLB, WAV, MP3, MP4 or zip."""
    from diorama.cli.look import print_graph

    with told_errors():
        print_graph(graph, schema)


@main.command()
@click.argument("scene", type=click.Path(path_type=Path))
@click.option("--sound", "sounds", multiple=True, type=click.Path(path_type=Path), help="What is heard with it.")
@click.option("--title", help="What the page is called [default: the file's name].")
@click.option("--out", type=click.Path(path_type=Path), default="scene.html", show_default=True, help="The page.")
def page(scene: Path, sounds: tuple[Path, ...], title: str | None, out: Path) -> None:
    """Put a GLB, with sounds, into one HTML file that opens without a server."""
    from diorama.cli.page import write_page

    with told_errors():
        write_page(scene, sounds, title, out)


@main.group()
def cache() -> None:
    """Look after the cache."""


@cache.command()
@STORE
@JSON
def stats(store: Path | None, as_json: bool) -> None:
    """Tell how much the cache holds."""
    from diorama.cli.store import print_stats

    with told_errors():
        print_stats(store, as_json)


@cache.command()
@STORE
@JSON
@click.option("--max-size", metavar="SIZE", help="Keep at most this much, such as 500M or 20G, the latest used.")
@click.option("--older-than", metavar="AGE", help="Remove what was last used longer ago, such as 12h, 30d.")
def gc(store: Path | None, as_json: bool, max_size: str | None, older_than: str | None) -> None:
    """Remove what was not used for long; without options only what nothing refers to.

    What a run under way, an artefact, a saved graph or a link to a scene that holds still refers to stays.
    """
    from diorama.cli.store import collect

    with told_errors():
        collect(store, max_size, older_than, as_json)


@cache.command()
@STORE
@JSON
def verify(store: Path | None, as_json: bool) -> None:
    """Read everything in the cache and quarantine what is damaged."""
    from diorama.cli.store import verify_store

    with told_errors():
        raise SystemExit(verify_store(store, as_json))


@main.command()
@STORE
@JSON
@click.option("--older-than", metavar="AGE", help="Of runs that ended longer ago, such as 12h, 90d.")
@click.option("--keep", type=click.IntRange(min=0), metavar="COUNT", help="Of all but so many that ended last.")
@click.option("--dry-run", "is_dry", is_flag=True, help="Only tell what would go.")
def prune(store: Path | None, as_json: bool, older_than: str | None, keep: int | None, is_dry: bool) -> None:
    """Remove the records of old runs: their events, logs and manifests.

    The runs stay in the list with their results, but nobody can look any more at how they went. Runs that have not
    ended keep all.
    """
    from diorama.cli.store import prune_records

    with told_errors():
        prune_records(store, older_than, keep, is_dry, as_json)


@main.group()
def keys() -> None:
    """Make and revoke API keys, which a server wants of everybody who does not come over loopback."""


@keys.command()
@click.argument("name")
@STORE
@JSON
@click.option("--scopes", default="read,run,write", show_default=True, help="Of read, run, write, admin.")
@click.option("--expires", metavar="AGE", help="Let it hold no longer than this, such as 12h, 30d.")
def create(name: str, store: Path | None, as_json: bool, scopes: str, expires: str | None) -> None:
    """Make a key; it is printed this once."""
    from diorama.cli.keys import create_key

    with told_errors():
        create_key(store, name, scopes, expires, as_json)


@keys.command("list")
@STORE
@JSON
def list_keys(store: Path | None, as_json: bool) -> None:
    """List the keys."""
    from diorama.cli.keys import list_keys

    with told_errors():
        list_keys(store, as_json)


@keys.command()
@click.argument("key")
@STORE
@JSON
def revoke(key: str, store: Path | None, as_json: bool) -> None:
    """Let nobody in with a key any more; KEY is its id."""
    from diorama.cli.keys import revoke_key

    with told_errors():
        revoke_key(store, key, as_json)


@main.command()
@STORE
@click.option("--host", default="127.0.0.1", show_default=True, help="Where to listen; wider takes an API key.")
@click.option("--port", type=click.IntRange(0, 65535), default=8321, show_default=True, help="0 for any that is free.")
@click.option("--database", metavar="URL", help="A PostgreSQL database instead of a file in the store.")
@click.option("--workers", type=click.IntRange(1, 256), help="Most worker processes [default: as many as cores].")
@click.option("--open", "opens_browser", is_flag=True, help="Open it in a browser.")
@click.option("--allow-host", "hosts", multiple=True, metavar="NAME[:PORT]", help="Answer to this name too.")
@click.option("--allow-origin", "origins", multiple=True, metavar="URL", help="Let pages of this site use the API.")
@click.option("--log-file", type=click.Path(path_type=Path, dir_okay=False), help="[default: standard error]")
@click.option(
    "--log-level", type=click.Choice(["debug", "info", "warning", "error"]), default="info", show_default=True
)
def serve(store: Path | None, host: str, port: int, **given: Any) -> None:
    """Serve graphs over HTTP: the API under /api/v1, its description at /docs, the editor at /.

    SIGINT (Ctrl-C) and SIGTERM stop it: what is under way gets some seconds, and goes on when it is served again.
    """
    from diorama.cli.serve import options_of, serve_store

    with told_errors():
        raise SystemExit(serve_store(options_of(store, host, port, **given)))


@main.command()
@STORE
@JSON
def doctor(store: Path | None, as_json: bool) -> None:
    """Look over this machine: what is there, what is missing, and the command that mends it."""
    from diorama.cli.doctor import look_over

    with told_errors():
        raise SystemExit(look_over(store, as_json))


for one in COMMANDS:
    main.add_command(one)
