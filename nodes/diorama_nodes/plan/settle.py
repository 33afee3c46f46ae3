"""A plan that a model wrote, brought under the planner's own rules: what cannot be built is dropped and told."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from difflib import get_close_matches
from typing import Final

from pydantic import JsonValue, ValidationError

from diorama.faults import BadInput
from diorama.interface import said
from diorama_nodes.plan.ledger import MOST_FIGURES, MOST_OBJECTS
from diorama_nodes.plan.lexicon import lexicon, singulars
from diorama_nodes.plan.schema import (
    CharacterSpec,
    EnvironmentSpec,
    ObjectSpec,
    RelationSpec,
    ScenePlan,
    Unplaced,
)

ALONE: Final = frozenset(
    {"against_wall", "on_wall", "in_corner", "center_of_room", "center_of_scene", "hanging_from_ceiling"}
    | {"aligned_row", "grid", "both_sides", "opposite_sides", "far", "near"}
)
"""Relations that say something without a second thing."""
_OUTSIDE: Final = re.compile(r"://|^[/\\~]|\\\\|^[A-Za-z]:[\\/]|\.\.[/\\]|[<>]")
"""What looks like an address, a path or markup: no word of a scene does."""


def plan_from(document: object, prompt: str, planner: str) -> ScenePlan:
    """The plan that a model's document stands for; raises `BadInput` where it is none."""
    if not isinstance(document, dict):
        raise BadInput("a scene plan is a JSON object")
    whole = {**{name: _without_nulls(value) for name, value in document.items()}, "prompt": prompt, "planner": planner}
    try:
        plan = ScenePlan.model_validate(whole)
    except ValidationError as error:
        told = [f"{'.'.join(map(str, one['loc']))}: {said(one['msg'])}" for one in error.errors(include_url=False)[:5]]
        raise BadInput("; ".join(told)) from error
    return settled(plan)


def _without_nulls(value: JsonValue) -> JsonValue:
    """A value with the attributes that a model left empty taken out of it."""
    if isinstance(value, list):
        return [_without_nulls(one) for one in value]
    if not isinstance(value, dict):
        return value
    attributes = value.get("attributes")
    if isinstance(attributes, dict):
        value = {**value, "attributes": {name: one for name, one in attributes.items() if one is not None}}
    return value


def settled(plan: ScenePlan) -> ScenePlan:
    """The plan with every name known, every id unlike the others, every relation between things that are there."""
    return _Settling(plan).plan()


@dataclass(slots=True)
class _Settling:
    given: ScenePlan
    told: list[Unplaced] = field(default_factory=list)
    taken: dict[str, str] = field(default_factory=dict)
    """What a thing is called in the plan, by what the model called it first."""

    def plan(self) -> ScenePlan:
        objects = self._objects()
        characters = self._characters()
        relations = [self._related(one) for one in self.given.relations]
        camera = self.given.camera
        subject = self._named(camera.subject)
        return self.given.model_copy(
            update={
                "title": _title(self.given),
                "environment": self._environment(self.given.environment),
                "objects": tuple(objects),
                "characters": tuple(
                    one.model_copy(update={"toward": self._named(one.toward, but=one.id)}) for one in characters
                ),
                "relations": tuple(dict.fromkeys(one for one in relations if one is not None)),
                "camera": camera.model_copy(update={"subject": subject}),
                "unplaced": (*self.given.unplaced, *self.told),
            }
        )

    def _drop(self, text: str, reason: str) -> None:
        entry = Unplaced(text=text[:400], reason=reason)
        if entry not in self.told:
            self.told.append(entry)

    def _objects(self) -> list[ObjectSpec]:
        left = MOST_OBJECTS
        kept: list[ObjectSpec] = []
        for spec in self.given.objects:
            kind = known_word(spec.kind, lexicon().kinds)
            if kind is None:
                self._drop(spec.kind, "not a kind of object that can be made")
                continue
            count = min(spec.count, left)
            if count < spec.count:
                self._drop(f"{spec.count - count} x {spec.kind}", f"more than {MOST_OBJECTS} objects")
            if count > 0:
                left -= count
                settled = {"id": self._take(spec.id), "kind": kind, "count": count}
                kept.append(spec.model_copy(update={**settled, "attributes": self._said(spec.attributes)}))
        return kept

    def _characters(self) -> list[CharacterSpec]:
        left = MOST_FIGURES
        kept: list[CharacterSpec] = []
        for spec in self.given.characters:
            count = min(spec.count, left)
            if count < spec.count:
                self._drop(f"{spec.count - count} x {spec.role}", f"more than {MOST_FIGURES} figures")
            if count > 0:
                left -= count
                settled = {"id": self._take(spec.id), "count": count, "attributes": self._said(spec.attributes)}
                kept.append(spec.model_copy(update=settled))
        return kept

    def _take(self, wanted: str) -> str:
        """An id that nothing else has; the first that asks for a word is who is meant by it."""
        name = re.sub(r"[^a-z0-9_]+", "_", wanted.lower()).strip("_")[:60] or "thing"
        number, free = 1, name
        while free in self.taken.values():
            number += 1
            free = f"{name}_{number}"
        self.taken.setdefault(wanted, free)
        if self.taken[wanted] != free:
            self.taken[free] = free
        return free

    def _named(self, wanted: str | None, but: str | None = None) -> str | None:
        found = self.taken.get(wanted) if wanted is not None else None
        return found if found != but else None

    def _said(self, attributes: Mapping[str, str]) -> dict[str, str]:
        kept: dict[str, str] = {}
        for name, value in attributes.items():
            if _OUTSIDE.search(value) or _OUTSIDE.search(name):
                self._drop(value, "looks like an address, a path or markup, which no scene holds")
            elif shown := _line(value):
                kept[name] = shown
        return kept

    def _related(self, one: RelationSpec) -> RelationSpec | None:
        ends = {"subject": one.subject, "object": one.object, "other": one.other}
        named = {end: self._named(name) for end, name in ends.items()}
        text = " ".join(filter(None, (one.subject, one.kind, one.object, one.other)))
        lost = [name for end, name in ends.items() if name is not None and named[end] is None]
        if lost:
            self._drop(text, f"no thing of the plan is called {lost[0]!r:.100}")
            return None
        if named["object"] is None and one.kind not in ALONE:
            self._drop(text, "says of no second thing what the first is to it")
            return None
        if named["object"] == named["subject"] and one.kind not in ALONE | {"facing", "next_to", "stacked_on"}:
            self._drop(text, "relates a thing to itself")
            return None
        return one.model_copy(update=named)

    def _environment(self, given: EnvironmentSpec) -> EnvironmentSpec:
        places = lexicon().places
        place = known_word(given.place, places)
        if place is None:
            self._drop(given.place, "not a place that can be built; an open field or a room stands for it")
            return given.model_copy(update={"place": "room" if given.setting == "indoor" else "field"})
        setting = "indoor" if places[place].is_indoor else "outdoor"
        return given.model_copy(update={"place": place, "setting": setting})


def _title(plan: ScenePlan) -> str:
    """The plan's title as one line that can be shown anywhere; of one that has nothing to show, the prompt."""
    return _line(plan.title)[:60] or _line(plan.prompt)[:60] or "Scene"


def _line(text: str) -> str:
    """A text as one line, without letters that cannot be shown."""
    return " ".join("".join(letter if letter.isprintable() else " " for letter in text).split())


def known_word(wanted: str, known: Iterable[str]) -> str | None:
    """The known word that is meant: itself, its singular, or one that differs by a slip; None where none is near."""
    words = set(known)
    name = "_".join(wanted.lower().replace("-", " ").replace("_", " ").split())
    found = next((one for one in (name, *singulars(name)) if one in words), None)
    if found is None:
        near = get_close_matches(name, sorted(words), n=1, cutoff=0.8)
        found = near[0] if near else None
    return found
