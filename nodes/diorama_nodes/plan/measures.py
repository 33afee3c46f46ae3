"""Lengths, seconds, grids and rows as they are written in a sentence."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from diorama_nodes.plan.lexicon import Sense
from diorama_nodes.plan.reading import Item

_CODES: tuple[tuple[str, str], ...] = (
    ("second", "S"), ("unit", "U"), ("axis", "A"), ("by", "x"), ("rows", "R"), ("columns", "C"), ("grid", "G"),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Measure:
    """Lengths in metres, each along `width`, `height`, `depth`, or no axis that was named."""

    lengths: tuple[tuple[float, str | None], ...]

    def along(self, axis: str) -> float | None:
        """The length along an axis that was named."""
        return next((metres for metres, name in self.lengths if name == axis), None)

    @property
    def plain(self) -> list[float]:
        """The lengths without an axis."""
        return [metres for metres, axis in self.lengths if axis is None]


@dataclass(frozen=True, slots=True)
class Arrangement:
    """Rows and columns, and where they are written."""

    start: int
    end: int
    rows: int
    columns: int | None
    is_grid: bool


def code_of(item: Item) -> str:
    """One letter for what an item is in a measure."""
    if item.is_used:
        return "_"
    if item.form == "number" or (item.value is not None and not (item.sense("det") and item.value == 1)):
        return "N" if item.value is not None else "?"
    if item.text.lower() in ("a", "an", "ein", "eine", "einer", "einem", "einen"):
        return "a"
    if item.form == "pause" and item.text in (",", "、"):
        return ","
    for role, code in _CODES:
        if item.sense(role):
            return "x" if code == "x" else code
    if item.text.lower() in ("and", "und"):
        return "&"
    if item.text.lower() in ("of", "von", "in", "with", "mit", "の", "the"):
        return "o"
    return "?"


def take_measures(items: Sequence[Item]) -> dict[int, Measure]:
    """The lengths of a text by the index of the item that stands for each; the rest of each counts as used."""
    codes = "".join(code_of(item) for item in items)
    found: dict[int, Measure] = {}
    for match in re.finditer(r"A?N(?:U?xN)?(?:U?xN)?UA?(?:[&,]?NUA)*", codes):
        lengths: list[list[object]] = []
        factor = 1.0
        for index in range(match.start(), match.end()):
            item = items[index]
            if codes[index] == "N":
                lengths.append([item.value or 0.0, None, None])
            elif codes[index] == "U":
                factor = float((item.value_of("unit") or "1").partition("=")[0])
                for length in lengths:
                    length[2] = length[2] or factor
            elif codes[index] == "A" and lengths:
                lengths[-1][1] = item.value_of("axis")
            elif codes[index] == "A":
                lengths.append([0.0, item.value_of("axis"), None])
            item.is_used = True
        if codes[match.start()] == "A" and len(lengths) > 1:
            lengths[1][1] = lengths.pop(0)[1]
        sizes = tuple((float(str(v)) * float(str(f or factor)), str(a) if a else None) for v, a, f in lengths)
        measure = Measure(tuple((metres, axis) for metres, axis in sizes if metres > 0))
        first = items[match.start()]
        first.is_used = False
        first.value = None
        first.senses = (Sense("measure", str(match.start())),)
        found[match.start()] = measure
    return found


def take_seconds(items: Sequence[Item]) -> float | None:
    """How long the scene lasts, where the text says."""
    codes = "".join(code_of(item) for item in items)
    match = re.search(r"[Na]S", codes)
    if match is None:
        return None
    number, unit = items[match.start()], items[match.start() + 1]
    seconds = (number.value or 1.0) * float(unit.value_of("second") or 1)
    for item in (number, unit):
        item.is_used = True
    return seconds


def arrangements(items: Sequence[Item]) -> list[Arrangement]:
    """Grids and rows of a text: `grid of three rows by four columns`, `two rows of five`, `3 x 3 grid`, `a row`."""
    codes = "".join(code_of(item) for item in items)
    rules: tuple[tuple[str, Callable[[list[int]], tuple[int, int | None, bool]]], ...] = (
        (r"oa?GoNRo?[x&]?o?NC", lambda n: (n[0], n[1], True)),
        (r"oa?GoNxN", lambda n: (n[0], n[1], True)),
        (r"o?a?NxNG", lambda n: (n[0], n[1], True)),
        (r"o?NR[x&o]NC", lambda n: (n[0], n[1], True)),
        (r"o?NRoN", lambda n: (n[0], n[1], False)),
        (r"oNR", lambda n: (n[0], None, False)),
        (r"o?aRoN", lambda n: (1, n[0], False)),
        (r"oa?G", lambda n: (0, None, True)),
        (r"oa?R", lambda n: (1, None, False)),
        (r"o?aRo", lambda n: (1, None, False)),
    )
    taken: set[int] = set()
    found = []
    for pattern, read in rules:
        for match in re.finditer(pattern, codes):
            span = range(match.start(), match.end())
            if taken.intersection(span) or any(
                items[i].sense("relation") and items[i].text.lower() == "the" for i in span
            ):
                continue
            numbers = [int(items[i].value or 1) for i in span if codes[i] == "N"]
            if any(number < 1 or number > 100 for number in numbers):
                continue
            taken.update(span)
            found.append(Arrangement(match.start(), match.end(), *read(numbers)))
    return sorted(found, key=lambda one: one.start)
