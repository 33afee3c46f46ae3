"""Sentences for the report."""

from __future__ import annotations

from diorama_nodes.plan.schema import RelationSpec


def plain(name: str) -> str:
    """A name as people write it."""
    return name.replace("_", " ")


def complaint(rel: RelationSpec, reason: str) -> str:
    """That a relation is not held as asked, and why."""
    asked = f"{plain(rel.subject)} {plain(rel.kind)}"
    if rel.object:
        asked += f" {plain(rel.object)}"
    if rel.other:
        asked += f" and {plain(rel.other)}"
    return f"{asked}: {reason}"
