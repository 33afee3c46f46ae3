"""What the engine answers, as JSON for the editor's own tests: types, numbers, digests, checks, refused documents.

Written by `python -m tests.editor.vectors`; that the files are in step with the engine is tested.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Literal, NamedTuple, TypeVar

import orjson
from pydantic import Field

from diorama.catalogue import Catalogue, Pack, catalogue_of
from diorama.check import check
from diorama.context import Context
from diorama.curve import Curve
from diorama.graph import parse_graph, read_graph
from diorama.keys import digest_of, written
from diorama.library import Library
from diorama.node import Advanced, Lazy, Unit, node
from diorama.types import BASES, Color, Seed, fits, is_type
from diorama.values import Image, Mask, Mesh
from tests.support.bad_graphs import SHAPES
from tests.support.static_nodes import document

FOLDER = Path(__file__).parents[2] / "editor" / "tests" / "vectors"

T = TypeVar("T")


class Cut(NamedTuple):
    image: Image
    mask: Mask


@node(category="image")
def load(ctx: Context, file: Annotated[str, Field(min_length=1)] = "rocket.png") -> Image:
    """Read a picture."""
    raise AssertionError


@node(category="image")
def cut(ctx: Context, image: Image, tolerance: Annotated[float, Field(gt=0, le=60)] = 9.0) -> Cut:
    """Cut the thing out of its background."""
    raise AssertionError


@node(category="image")
def resize(
    ctx: Context,
    image: Image,
    width: Annotated[int, Field(ge=1, le=16384), Unit("px")] = 512,
    fit: Literal["inside", "cover", "pad"] = "inside",
) -> Image:
    """Resize a picture."""
    raise AssertionError


@node(category="plan")
def plan(ctx: Context, prompt: Annotated[str, Field(max_length=4000)], seed: Seed = 0) -> list[str]:
    """Plan things from a sentence."""
    raise AssertionError


@node(category="mesh")
def inflate(
    ctx: Context,
    image: Image,
    height: Annotated[float, Unit("m")] = 1.0,
    color: Color = "#ffffff",
    cells: Annotated[int, Field(ge=16, le=512), Advanced] = 128,
    mask: Annotated[Mask | None, Advanced] = None,
) -> Mesh:
    """Inflate a picture to a mesh."""
    raise AssertionError


@node(category="flow")
def pick(ctx: Context, items: list[T], index: int = 0) -> T:
    """Give one item of a list."""
    raise AssertionError


@node(category="flow")
def switch(ctx: Context, on: bool, yes: Annotated[T | None, Lazy] = None, no: Annotated[T | None, Lazy] = None) -> T:
    """Pass on one of two values."""
    raise AssertionError


NODES = (load, cut, resize, plan, inflate, pick, switch)


def catalogue() -> Catalogue:
    return catalogue_of(Pack("t", "1"), *NODES)


def wire(source: str) -> dict[str, str]:
    return {"wire": source}


PICTURE = {"type": "t/load"}
CHECKED: Mapping[str, dict[str, object]] = {
    "a chain": {
        "a": PICTURE,
        "b": {"type": "t/cut", "inputs": {"image": wire("a.value")}},
        "c": {"type": "t/inflate", "inputs": {"image": wire("b.image"), "height": 2}},
    },
    "a list into a node that takes one": {
        "a": {"type": "t/plan", "inputs": {"prompt": "boats"}},
        "b": {"type": "t/plan", "inputs": {"prompt": wire("a.value")}},
    },
    "a list run for each": {
        "a": {"type": "t/plan", "inputs": {"prompt": "boats"}},
        "b": {"type": "t/plan", "for_each": ["prompt"], "inputs": {"prompt": wire("a.value")}},
        "c": {"type": "t/pick", "inputs": {"items": wire("b.value")}},
        "d": {"type": "t/pick", "inputs": {"items": wire("c.value")}},
    },
    "one value where a list is taken": {
        "a": PICTURE,
        "b": {"type": "t/cut", "for_each": ["image"], "inputs": {"image": wire("a.value")}},
    },
    "a list of values run for each": {
        "a": {"type": "t/load", "for_each": ["file"], "inputs": {"file": ["a.png", "b.png"]}},
        "b": {
            "type": "t/resize",
            "for_each": ["image", "width"],
            "inputs": {"image": wire("a.value"), "width": [1, 0]},
        },
    },
    "a value that is no list run for each": {
        "a": {"type": "t/load", "for_each": ["file"], "inputs": {"file": "a.png"}},
    },
    "bypasses pass on what fits": {
        "a": PICTURE,
        "b": {"type": "t/cut", "bypass": True, "inputs": {"image": wire("a.value")}},
        "c": {"type": "t/resize", "inputs": {"image": wire("b.mask")}},
        "d": {"type": "t/inflate", "bypass": True, "inputs": {"image": wire("a.value")}},
        "e": {"type": "t/pick", "inputs": {"items": wire("d.value")}},
    },
    "a switch takes on the type of what it is given": {
        "a": PICTURE,
        "b": {"type": "t/inflate", "inputs": {"image": wire("a.value")}},
        "c": {"type": "t/switch", "inputs": {"on": True, "yes": wire("a.value"), "no": wire("b.value")}},
        "d": {"type": "t/resize", "inputs": {"image": wire("c.value")}},
        "e": {"type": "t/switch", "inputs": {"on": True}},
        "f": {"type": "t/resize", "inputs": {"image": wire("e.value")}},
    },
    "unknown things": {
        "a": {"type": "t/nothing"},
        "b": {"type": "t/resize", "inputs": {"image": wire("a.value"), "colour": 1}},
        "c": {"type": "t/resize", "inputs": {"image": wire("z.value")}},
        "d": {"type": "t/resize", "inputs": {"image": wire("b.image"), "width": {"param": "q"}}},
    },
    "missing and bad values": {
        "a": {"type": "t/resize", "inputs": {"width": 0, "fit": "round"}},
        "b": {"type": "t/cut", "inputs": {"image": wire("a.value"), "tolerance": 0}},
        "c": {"type": "t/inflate", "inputs": {"image": wire("a.value"), "height": "tall", "color": "red"}},
        "d": {"type": "t/plan", "inputs": {"prompt": 7, "seed": -1}},
    },
    "a circle with nodes before, between and behind": {
        "a": PICTURE,
        "b": {"type": "t/switch", "inputs": {"on": True, "yes": wire("a.value"), "no": wire("c.image")}},
        "c": {"type": "t/cut", "inputs": {"image": wire("b.value")}},
        "d": {"type": "t/resize", "inputs": {"image": wire("c.mask")}},
    },
    "parameters": {
        "a": {"type": "t/resize", "inputs": {"image": {"param": "n"}, "width": {"param": "n"}, "fit": {"param": "s"}}},
        "b": {
            "type": "t/inflate",
            "inputs": {"image": wire("a.value"), "color": {"param": "s"}, "height": {"param": "n"}},
        },
    },
}
PARAMETERS = {"n": {"type": "integer", "default": 3}, "s": {"type": "text"}}

NUMBERS = [
    "0",
    "1",
    "-1",
    "9007199254740991",
    "0.0",
    "-0.0",
    "1.0",
    "-3.0",
    "1.5",
    "0.1",
    "1e3",
    "1E3",
    "1e15",
    "1e16",
    "1.5e16",
    "123456789012345680.0",
    "1e21",
    "2.5e20",
    "1e22",
    "1e-4",
    "1e-5",
    "0.00012",
    "1e-6",
    "1.5e-7",
    "5e-324",
    "1.7976931348623157e308",
    "123456.789",
    "9007199254740993.0",
    "-1e-5",
    "-2.5e-9",
]


WORDS = [
    "any",
    "json",
    "text",
    "integer",
    "number",
    "boolean",
    "choice",
    "seed",
    "color",
    "file",
    "image",
    "mesh",
    "mask",
]


def numbers() -> object:
    """How a number in a graph is written into files and into what is hashed."""
    told: list[object] = []
    for text in NUMBERS:
        graph = read_graph('{"format": 1, "nodes": {"a": {"type": "t/x", "inputs": {"p": ' + text + "}}}}")
        value = orjson.loads(graph.canonical())["nodes"]["a"]["inputs"]["p"]
        canonical = graph.canonical().decode().partition('"p":')[2].partition("}")[0]
        saved = graph.text().partition('"p": ')[2].partition("\n")[0]
        told.append({"text": text, "canonical": canonical, "file": saved, "value": value})
    return told


def types() -> object:
    """Every answer of `fits` over bare, listed and optional words, as rows of what fits where."""
    catalogue().read_signatures()
    shapes = ("{}", "{}?", "list[{}]", "list[{}]?", "list[{}?]", "list[list[{}]]")
    all_types = [shape.format(word) for word in WORDS for shape in shapes]
    written_types = [*all_types, "list[", "list[]", "", "?", "a??", "$T", "list[$T]?", "a b", "1a", "a.b-c", "list[a]]"]
    return {
        "table": {word: sorted(BASES[word].fits & set(WORDS)) for word in WORDS},
        "types": list(all_types),
        "fits": [[wanted for wanted in all_types if fits(given, wanted)] for given in all_types],
        "isType": {text: is_type(text) for text in [*written_types, "a" * 101]},
    }


DOCUMENTS: Mapping[str, dict[str, object]] = {
    "nothing but the least": document({}),
    "words in any script": document(
        {"Häuser": {"type": "t/x", "inputs": {"p": "é und e\u0301 \U0001f600 \u2028 \x7f"}}}, title="Märchen"
    ),
    "every part": {
        **document(
            {
                "a": {"type": "t/x", "version": 2, "for_each": ["p"], "bypass": True, "inputs": {"p": [1, 2.0, None]}},
                "b": {
                    "type": "t/y",
                    "inputs": {"p": wire("a.q"), "q": {"param": "n"}, "r": {"value": {"z": 1, "a": {}}}},
                },
            },
            title="All",
            description="of it",
            parameters={"n": {"type": "integer", "default": 1.0, "unit": "m", "minimum": 0, "maximum": 1e300}},
            results={"r": "b.value"},
        ),
        "view": {"a": [1, 2.5], "$frames": {"f": {"title": "F", "nodes": ["a"]}}, "theirs": {"k": [True]}},
    },
    "keys in an order of their own": document(
        {"a": {"type": "t/x", "inputs": {"\ue000": {"value": {"\U0001f600": 1, "\ue000": 2, "10": 3, "9": 4}}}}}
    ),
}


def documents() -> object:
    """Documents as they are saved, with their digests."""
    told: dict[str, object] = {}
    for name, tree in DOCUMENTS.items():
        graph = parse_graph(tree)
        told[name] = {
            "given": json.dumps(tree),
            "text": graph.text(),
            "digest": written(digest_of(graph.canonical())),
        }
    return told


def checks() -> object:
    """What `check` finds in graphs: the types of outputs, and each fault's code and place."""
    told: dict[str, object] = {}
    for name, nodes in CHECKED.items():
        tree = document(nodes, parameters=PARAMETERS)
        found = check(parse_graph(tree), Library(catalogue()))
        told[name] = {
            "graph": json.dumps(tree),
            "types": {one: dict(outputs) for one, outputs in found.types.items()},
            "faults": sorted([fault.code, _place(fault.at)] for fault in found.faults if fault.code != "G112"),
        }
    # Other packs of the process bring other types.
    table = {word: [fit for fit in sorted(BASES[word].fits) if fit in WORDS] for word in WORDS}
    return {"catalogue": {**catalogue().json(), "types": table}, "checks": told}


def _place(at: str) -> str:
    """The node and port of a fault: how much further a pointer goes is the engine's own."""
    return "/".join(at.split("/")[:5])


CURVES: tuple[tuple[tuple[float, float], ...], ...] = (
    ((0.0, 1.0), (1.0, 1.0)),
    ((0.0, 0.0), (0.2, 1.5), (0.5, 1.6), (0.9, 0.1), (1.0, 2.0)),
    ((0.25, 0.5), (0.3, 2.0), (0.75, 0.0)),
)


def curves() -> object:
    """Heights of curves at places from 0 to 1."""
    import numpy as np

    places = np.linspace(0, 1, 21)
    drawn = [
        Curve(points=points, interpolation=interpolation)
        for points in CURVES
        for interpolation in ("linear", "monotone")
    ]
    return [{**curve.model_dump(mode="json"), "heights": curve.at(places).round(9).tolist()} for curve in drawn]


def refused() -> object:
    """Documents that are no graphs, with code and place of each fault."""
    return {
        name: {"text": json.dumps(bad.tree), "faults": [[code, at] for code, at, _ in bad.told]}
        for name, bad in SHAPES.items()
    }


def vectors() -> dict[str, str]:
    """Every file by its name."""
    made = {"numbers": numbers(), "types": types(), "documents": documents(), "checks": checks(), "refused": refused()}
    made["curves"] = curves()
    return {f"{name}.json": json.dumps(tree, indent=1, ensure_ascii=True) + "\n" for name, tree in made.items()}


def main() -> None:
    FOLDER.mkdir(parents=True, exist_ok=True)
    for name, text in vectors().items():
        (FOLDER / name).write_text(text)


if __name__ == "__main__":
    main()
