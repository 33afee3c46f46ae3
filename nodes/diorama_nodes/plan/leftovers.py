"""The words of a text that nothing took up, and why."""

from __future__ import annotations

from collections.abc import Sequence

from diorama_nodes.plan.reading import Item

_UNKNOWN = "not a word that the planner knows"
_LEFT = "nothing in the scene that this could be said of"
_QUIET = frozenset({"relation", "det", "pron", "only", "by", "lens", "stop", "axis", "quote", "struct", "number"})
_QUIET_SHAPES = frozenset({"second", "unit", "rows", "columns", "ring", "grid"})
"""Roles of words that carry a meaning only together with others: prepositions, articles, units."""


def left_over(items: Sequence[Item]) -> list[tuple[list[Item], str]]:
    """Words that nothing took up, neighbours with one reason together."""
    runs: list[tuple[list[Item], str]] = []
    last: Item | None = None
    for item in items:
        roles = {sense.role for sense in item.senses}
        if item.reason and not (item.is_used and not item.reason):
            reason = item.reason
        elif (
            item.is_used
            or not item.is_content
            or (roles and roles <= _QUIET | _QUIET_SHAPES)
            or (item.value is not None and not roles - _QUIET - _QUIET_SHAPES and item.form != "number")
        ):
            last = None if item.form in ("pause", "end") else last
            continue
        else:
            reason = _LEFT if item.is_known else _UNKNOWN
        if runs and last is not None and runs[-1][1] == reason and item.sentence == last.sentence:
            runs[-1][0].append(item)
        else:
            runs.append(([item], reason))
        last = item
    return runs
