"""Commands that only look: check, plan, explain, nodes, graphs, graph."""

from __future__ import annotations

import dataclasses
import sys
from collections.abc import Mapping
from pathlib import Path

import orjson
from pydantic import JsonValue

from diorama.catalogue import bounds_of, installed
from diorama.cli.codes import GRAPH_FAULTS, OK, USAGE, tell
from diorama.cli.progress import seconds_text
from diorama.cli.settings import read_settings, read_target
from diorama.explain import Reason, reasons
from diorama.faults import DioramaError, Fault, did_you_mean, failure, faults_json
from diorama.files import FilesOnDisk
from diorama.graph import read_graph
from diorama.library import Library
from diorama.preparation import settled_and_checked
from diorama.session import Session, load_graph
from diorama.templates import find_graph, home, saved_graphs


def print_json(document: object) -> None:
    """Print a JSON document, two spaces a level."""
    print(orjson.dumps(document, option=orjson.OPT_INDENT_2).decode())


def check_graph(name: str, settings: tuple[str, ...], target: str | None, as_json: bool) -> int:
    """Print the faults of a graph; gives the exit code."""
    graph, folder = load_graph(name)
    values = read_settings(settings, graph) if settings else None
    library = Library(installed(), find_graph)
    faults = settled_and_checked(graph, library, values, read_target(target, graph), FilesOnDisk(folder))[1].faults
    if as_json:
        print_json(faults_json(faults))
    else:
        tell(faults)
        print(f"{len(graph.nodes)} nodes, {len(faults)} faults", file=sys.stderr if faults else sys.stdout)
    return GRAPH_FAULTS if faults else OK


def plan_graph(name: str, settings: tuple[str, ...], target: str | None, store: Path | None, as_json: bool) -> None:
    """Print what a run would do."""
    graph, folder = load_graph(name)
    with Session(store or home()) as session:
        plan = session.plan(graph, read_settings(settings, graph), read_target(target, graph), folder)
        told = reasons(plan, session.store)
    running = [one for one in told if one.will_run]
    seconds, least = sum(one.seconds for one in running), sum(one.is_certain for one in running)
    if as_json:
        print_json(
            {
                "to_run": len(running),
                "least": least,
                "seconds": round(seconds, 3),
                "steps": [one.json() for one in told],
            }
        )
        return
    width = max((len(one.step) for one in told), default=0)
    for one in told:
        print(_line(one, width))
    count = f"{len(running)}" if least == len(running) else f"{least} to {len(running)}"
    print(f"{count} of {len(told)} steps run, at most about {seconds_text(seconds)} of work")


def _line(reason: Reason, width: int) -> str:
    mark = "cached " if not reason.will_run else "run    " if reason.is_certain else "may run"
    time = f"~{seconds_text(reason.seconds)}" if reason.will_run else ""
    return f"{mark} {reason.step:<{width}}  {time:>9}  {reason.text}"


def explain_node(name: str, node: str, settings: tuple[str, ...], store: Path | None, as_json: bool) -> int:
    """Print why a node would run; gives the exit code."""
    graph, folder = load_graph(name)
    with Session(store or home()) as session:
        plan = session.plan(graph, read_settings(settings, graph), (), folder)
        told = {one.step: one for one in reasons(plan, session.store)}
        known = [step.id for step in plan.steps]
    if node not in known:
        tell([Fault("C001", node, f"the graph has no node {node!r:.100}{did_you_mean(node, known)}")])
        return USAGE
    reason = told.get(node) or Reason(node, "", False, "not looked at: what is asked for is cached below it", 0.0)
    if as_json:
        print_json(reason.json())
    else:
        verdict = "does not run" if not reason.will_run else "runs" if reason.is_certain else "may run"
        print(f"{reason.step}: {verdict}: {reason.text}")
    return OK


def list_nodes(name: str | None, as_json: bool) -> None:
    """Print the catalogue, or one node of it."""
    catalogue = installed()
    if name is None and as_json:
        print_json(catalogue.json())
        return
    if name is None:
        width = max((len(entry.id) for entry in catalogue.entries.values()), default=0)
        for id_, listed in sorted(catalogue.entries.items()):
            print(f"{id_:<{width}}  {listed.node.summary}")
        return
    names = {entry.node.name: id_ for id_, entry in catalogue.entries.items()} | {id_: id_ for id_ in catalogue.entries}
    entry = catalogue.entries.get(names.get(name, ""))
    if entry is None:
        raise failure("C001", name, f"no node {name!r:.100} was found{did_you_mean(name, names)}")
    if as_json:
        print_json(entry.json())
        return
    settings = entry.node.settings
    print(f"{entry.id}  version {settings.version}\n{entry.node.summary}\n\ninputs")
    for port in entry.node.inputs.values():
        given = "required" if port.is_required else f"default {port.default!r}"
        unit = f" {port.unit}" if port.unit else ""
        bounds = "".join(f", {key} {value}" for key, value in bounds_of(port).items())
        choices = f", one of {', '.join(map(str, port.choices))}" if port.choices else ""
        print(f"  {port.name}: {port.type}{unit}, {given}{bounds}{choices}  {port.help}")
    print("outputs")
    for output in entry.node.outputs.values():
        print(f"  {output.name}: {output.type}")


def list_graphs(as_json: bool) -> int:
    """Print the saved graphs, and the faults of those that cannot be read; gives the exit code."""
    described: list[dict[str, JsonValue]] = []
    faults: list[Fault] = []
    for name, path in saved_graphs().items():
        try:
            graph = read_graph(path.read_bytes())
        except DioramaError as error:
            faults += [dataclasses.replace(fault, at=f"{path}{fault.at}") for fault in error.faults]
            continue
        described.append(
            {
                "name": name,
                "title": graph.title,
                "description": graph.description,
                "parameters": graph.document().get("parameters", {}),
            }
        )
    tell(faults)
    code = GRAPH_FAULTS if faults else OK
    if as_json:
        print_json(described)
        return code
    for one in described:
        print(f"{one['name']}  {one['description'] or one['title']}")
        parameters = one["parameters"]
        for parameter, facts in parameters.items() if isinstance(parameters, dict) else ():
            if isinstance(facts, dict):
                print(f"    --set {parameter}=...  {_parameter_line(facts)}")
    return code


def _parameter_line(facts: Mapping[str, JsonValue]) -> str:
    """What a parameter takes, in one line."""
    parts = [str(facts["type"])]
    choices = facts.get("choices")
    if isinstance(choices, list):
        parts.append(f"one of {', '.join(map(str, choices))}")
    parts += [f"{key} {facts[key]}" for key in ("minimum", "maximum", "unit") if key in facts]
    if "default" in facts:
        parts.append(f"default {facts['default']!r}")
    return f"{', '.join(parts)}. {facts.get('help', '')}".strip()


def print_graph(name: str | None, schema: bool) -> None:
    """Print a graph document, or the schema of all of them."""
    if schema:
        from diorama.schema import graph_schema

        print_json(graph_schema())
        return
    if name is None:
        raise failure("C001", "GRAPH", "nothing is given, but the name or file of a graph is wanted")
    graph, _ = load_graph(name)
    sys.stdout.write(graph.text())
