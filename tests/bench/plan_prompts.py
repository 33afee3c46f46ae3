"""How much of what the benchmark prompts ask for the embedded planner takes up.

Run with `python tests/bench/plan_prompts.py [FILE]`.

The file lists prompts with expectations. A relation counts where the plan states it; whether it then holds in the built
scene is the layout's to show. Nothing is counted that the plan does not say.
"""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from diorama.faults import BadInput
from diorama_nodes.plan.lexicon import key_of, kind_of, lexicon
from diorama_nodes.plan.planner import plan_of
from diorama_nodes.plan.schema import ObjectSpec, RelationSpec, ScenePlan

PROMPTS = Path(__file__).resolve().parents[3] / "shared" / "bench" / "scene_prompts.json"
COMPARE: dict[str, Callable[[float, float], bool]] = {
    "eq": lambda a, b: a == b,
    "ge": lambda a, b: a >= b,
    "le": lambda a, b: a <= b,
    "gt": lambda a, b: a > b,
    "lt": lambda a, b: a < b,
}
WIDER = {"light": ("lamp", "ceiling_light"), "rack": ("growth_rack", "server_rack"), "shelter": ("bus_stop",)}
DAY = ("morning", "noon", "afternoon")
SAME_ACTION = {"move": "walk", "wait": "idle"}
STATED = {"path_over": "on", "ends_in_front_of": "in_front_of"}


@dataclass
class Score:
    """Met and asked-for expectations by kind, and those that were missed."""

    met: dict[str, int] = field(default_factory=dict)
    asked: dict[str, int] = field(default_factory=dict)
    missed: list[str] = field(default_factory=list)

    def note(self, kind: str, is_met: bool, what: object) -> None:
        """Count one expectation."""
        self.asked[kind] = self.asked.get(kind, 0) + 1
        self.met[kind] = self.met.get(kind, 0) + is_met
        if not is_met:
            self.missed.append(f"{kind}: {what}")

    @property
    def is_whole(self) -> bool:
        """Whether every expectation was met."""
        return not self.missed


def kinds_called(name: str) -> set[str]:
    """The kinds that a class of the benchmark may be: `tree` is a pine_tree too."""
    known = lexicon()
    base = kind_of(name)
    kinds = {name, *WIDER.get(name, ())} | ({base[0]} if base else set())
    return kinds | {kind for kind, facts in known.kinds.items() if facts.wider in kinds}


def roles_called(name: str) -> set[str]:
    """The roles and kinds that a figure of the benchmark may have."""
    found = lexicon().find((name,), "en")
    return {name} | {sense.value for sense in (found[0] if found else ()) if sense.role == "figure"}


def find(plan: ScenePlan, name: str) -> list[ObjectSpec]:
    """The objects of a class."""
    kinds = kinds_called(name)
    return [spec for spec in plan.objects if spec.kind in kinds]


def count(plan: ScenePlan, name: str) -> int:
    """How many of a class there are, those that move by themselves or are held included."""
    roles = roles_called(name)
    cast = [spec for spec in plan.characters if spec.role in roles]
    held = [spec for spec in plan.characters if spec.attributes.get("holds") == name]
    return sum(spec.count for spec in find(plan, name)) + sum(spec.count for spec in [*cast, *held])


def color_of(word: str) -> str:
    """The hex value of a colour word."""
    found = lexicon().find((word,), "en")
    return next((s.value.partition("=")[2] for s in (found[0] if found else ()) if s.role == "color"), word)


def has_attribute(spec: ObjectSpec, name: str, value: object) -> bool:
    """Whether an object is said to be so."""
    said = str(value)
    if name == "color":
        return spec.color == color_of(said) or spec.attributes.get("light") == said
    if name in ("material", "shape"):
        return bool(getattr(spec, name) == said)
    if name == "size":
        return spec.size == said or spec.attributes.get("height") == said
    return spec.attributes.get(name) == said


def ids(plan: ScenePlan, name: str) -> set[str]:
    """The ids of all that are of a class."""
    roles = roles_called(name)
    return {spec.id for spec in find(plan, name)} | {spec.id for spec in plan.characters if spec.role in roles}


def relation_met(plan: ScenePlan, wanted: dict[str, Any]) -> bool:
    """Whether the plan states a relation, with its rows and columns."""
    if wanted["type"] == "clear":
        return any("clearance" in spec.attributes for spec in find(plan, wanted["subject"]))
    kind = STATED.get(wanted["type"], wanted["type"])
    subjects = ids(plan, wanted["subject"])
    targets = ids(plan, wanted["object"]) if "object" in wanted else None

    def fits(relation: RelationSpec) -> bool:
        if relation.kind != kind or relation.subject not in subjects:
            return False
        if ("rows" in wanted and relation.rows != wanted["rows"]) or (
            "cols" in wanted and relation.columns != wanted["cols"]
        ):
            return False
        if targets is None or relation.object in targets:
            return True
        own = relation.object is None and targets == subjects
        region = {relation.region, "corridor" if plan.environment.place in ("space_station", "hallway") else None}
        return own or (relation.object is None and wanted["object"] in region)

    return any(fits(relation) for relation in plan.relations)


def environment_met(plan: ScenePlan, name: str, value: str) -> bool:
    """Whether place, time, weather and so on are as asked, after folding synonyms."""
    environment = plan.environment
    if name == "place":
        found = lexicon().find(key_of(value, "en"), "en")
        folded = {sense.value for sense in (found[0] if found else ()) if sense.role in ("place", "object")}
        return environment.place in folded or value in environment.place.split("_")
    if name == "time_of_day":
        return environment.time_of_day in (DAY if value == "day" else (value.replace(" ", "_"),))
    if name == "weather":
        return value in environment.weather
    if name == "lighting":
        return any(light.color == color_of(value) for light in plan.lights)
    return getattr(environment, name, None) == value


def audio_met(plan: ScenePlan, name: str, value: Any) -> bool:
    """Whether the score and the sounds are as asked."""
    music = plan.music
    if name == "sfx":
        return {sound.kind for sound in plan.sounds} >= set(value)
    if music is None:
        return False
    if name == "bpm":
        return abs(music.bpm - float(value)) <= 1
    if name == "meter":
        return f"{music.beats_per_bar}/" == str(value)[:2]
    if name == "instruments":
        return set(music.instruments) >= set(value)
    if name == "genre":
        return music.genre in value
    return bool(getattr(music, name) == value)


def dimension_met(plan: ScenePlan, wanted: dict[str, Any]) -> bool:
    """Whether a length of the plan is as asked."""
    between: Any = wanted.get("between")
    if wanted["what"] == "distance":
        pairs = [r.distance for r in plan.relations if r.subject in ids(plan, between[0]) and r.distance is not None]
        return any(abs(distance - wanted["m"]) <= wanted["tol"] for distance in pairs)
    if wanted["what"] == "aisle_width":
        found = [r.distance for r in plan.relations if r.subject in ids(plan, between) and r.distance is not None]
        return any(distance >= wanted["m"] for distance in found)
    if wanted["of"] == "room":
        sizes = [plan.environment.width, plan.environment.depth]
        order = sorted(size for size in sizes if size)
        length = next(iter(order[::-1] if wanted["what"] == "length" else order), None)
    else:
        dimensions = find(plan, wanted["of"])[0].dimensions or (None, None, None)
        length = {"width": dimensions[0], "height": dimensions[1], "depth": dimensions[2]}.get(
            wanted["what"], max((size for size in dimensions if size), default=None)
        )
    return length is not None and bool(abs(length - wanted["m"]) <= wanted["tol"])


def character_met(plan: ScenePlan, wanted: dict[str, Any], score: Score) -> None:
    """Count role, number and action of the figures asked for."""
    roles = roles_called(wanted["role"])
    cast = [spec for spec in plan.characters if spec.role in roles]
    score.note("character", sum(spec.count for spec in cast) == wanted["count"], f"{wanted['count']} {wanted['role']}")
    action = SAME_ACTION.get(wanted["action"], wanted["action"])
    score.note("character", any(spec.action == action for spec in cast), wanted["action"])
    for name, value in (("pace", wanted.get("manner")),):
        if value:
            score.note("character", any(getattr(spec, name) == value for spec in cast), value)
    for name in ("holds", "then"):
        if name in wanted:
            score.note("character", any(spec.attributes.get(name) == wanted[name] for spec in cast), wanted[name])


def camera_met(plan: ScenePlan, wanted: dict[str, Any], score: Score) -> None:
    """Count shot and movement."""
    score.note("camera", plan.camera.shot.startswith(wanted["angle"]), wanted["angle"])
    score.note("camera", plan.camera.movement == wanted["motion"], wanted["motion"])


def scored(entry: dict[str, Any]) -> Score:
    """How a plan of one prompt does against what is expected."""
    expect, score = entry["expect"], Score()
    try:
        plan = plan_of(entry["prompt"])
    except BadInput:
        score.note("safety", expect["safety"] == "refuse", "refused, but harmless")
        return score
    score.note("safety", expect["safety"] == "allow", "not refused")
    for name, value in expect["environment"].items():
        score.note("environment", environment_met(plan, name, value), {name: value})
    for wanted in expect["objects"]:
        given = count(plan, wanted["class"])
        met = COMPARE[wanted["count"]["op"]](given, wanted["count"]["n"])
        score.note("object count", met, f"{wanted['class']} {wanted['count']}, given {given}")
        for name, value in wanted.get("attributes", {}).items():
            met = any(has_attribute(spec, name, value) for spec in find(plan, wanted["class"]))
            if name == "kind" and not met:
                met = any(spec.kind.startswith(str(value)) for spec in find(plan, wanted["class"]))
            score.note("attribute", met, f"{wanted['class']} {name}={value}")
    for wanted in expect["relations"]:
        score.note("relation", relation_met(plan, wanted), wanted)
    for name in expect.get("forbidden", ()):
        score.note("forbidden", count(plan, name) == 0, name)
    for name, value in expect.get("audio", {}).items():
        score.note("audio", audio_met(plan, name, value), {name: value})
    for wanted in expect.get("dimensions", ()):
        score.note("dimension", dimension_met(plan, wanted), wanted)
    _score_rest(plan, expect, score)
    return score


def _score_rest(plan: ScenePlan, expect: dict[str, Any], score: Score) -> None:
    if "character" in expect:
        character_met(plan, expect["character"], score)
    if "camera" in expect:
        camera_met(plan, expect["camera"], score)
    if any("report" in must for must in expect.get("must", ())):
        score.note("report", bool(plan.unplaced), "something must be reported")


def main(path: Path) -> int:
    """Print a line a prompt and the sums; 1 where the file is not there."""
    if not path.is_file():
        print(f"{path} is not there: give the path of a file of prompts")
        return 1
    entries = json.loads(path.read_text(encoding="utf-8"))["prompts"]
    lexicon()
    total, whole = Score(), 0
    begin = time.perf_counter()
    for entry in entries:
        score = scored(entry)
        whole += score.is_whole
        met, asked = sum(score.met.values()), sum(score.asked.values())
        print(f"{entry['id']}  {met:3d}/{asked:<3d} {'; '.join(score.missed)}")
        for kind, number in score.asked.items():
            total.asked[kind] = total.asked.get(kind, 0) + number
            total.met[kind] = total.met.get(kind, 0) + score.met[kind]
    took = time.perf_counter() - begin
    print()
    for kind, number in total.asked.items():
        print(f"{kind:<14} {total.met[kind]:3d}/{number:<3d} {total.met[kind] / number:6.1%}")
    print(f"{'whole prompts':<14} {whole:3d}/{len(entries):<3d} {whole / len(entries):6.1%}")
    print(f"{took / len(entries) * 1000:.1f} ms a prompt")
    return 0


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1]) if len(sys.argv) > 1 else PROMPTS))
