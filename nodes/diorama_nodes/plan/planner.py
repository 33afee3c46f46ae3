"""The embedded planner: from a sentence to a scene plan, by a lexicon and rules of grammar."""

from __future__ import annotations

from dataclasses import replace

from diorama.faults import BadInput
from diorama_nodes.plan.implied import (
    add_implied,
    clear_shelves,
    fall_freely,
    palette_of,
    sit_on_seats,
    sounds_of,
    stand_before_castle,
    stand_by_habit,
)
from diorama_nodes.plan.ledger import Ledger, Link
from diorama_nodes.plan.leftovers import left_over
from diorama_nodes.plan.lexicon import lexicon
from diorama_nodes.plan.measures import Measure, arrangements, take_measures, take_seconds
from diorama_nodes.plan.music import fitting_music, take_music
from diorama_nodes.plan.reader import WALKWAY, Reader
from diorama_nodes.plan.reading import language_of, read
from diorama_nodes.plan.safety import addressed, refusal
from diorama_nodes.plan.schema import LONGEST_PROMPT, MusicSpec, ScenePlan
from diorama_nodes.plan.specs import figure_of, object_of, relation_of
from diorama_nodes.plan.surroundings import Surroundings, take_surroundings

PLANNER = "rules"
_LONGEST_SECONDS = 600.0
_LIGHT_KINDS = {
    "spotlight": "spot",
    "neon_sign": "neon",
    "candle": "candle",
    "torch": "fire",
    "campfire": "fire",
    "fireplace": "fire",
    "lamp": "lamp",
    "street_lamp": "lamp",
    "lantern": "lamp",
    "stone_lantern": "lamp",
    "ceiling_light": "ceiling",
    "chandelier": "ceiling",
}


def plan_of(prompt: str, seed: int = 0) -> ScenePlan:
    """The plan of a scene that a sentence describes; raises `BadInput` for one that is refused."""
    checked(prompt)
    reading = Reading(prompt, seed)
    return reading.plan()


def checked(prompt: str) -> None:
    """Raise `BadInput` where a prompt is empty, too long, or asks for what is refused."""
    if not prompt.strip():
        raise BadInput("the prompt is empty; a sentence of 1 to 4,000 characters is wanted")
    if len(prompt) > LONGEST_PROMPT:
        raise BadInput(f"the prompt has {len(prompt):,} characters; 1 to 4,000 are wanted")
    reason = refusal(prompt)
    if reason is not None:
        raise BadInput(reason)


class Reading:
    """A prompt read once: what it says, step by step from air to things."""

    def __init__(self, prompt: str, seed: int) -> None:
        self.prompt = prompt
        self.seed = seed
        self.language = language_of(prompt)
        self.items = read(prompt, self.language)
        self.ledger = Ledger()
        self._set_aside()
        self.music = take_music(self.items, seed)
        self.seconds = take_seconds(self.items)
        self.surroundings: Surroundings = take_surroundings(self.items, self.ledger)
        measures = take_measures(self.items)
        place = self.surroundings.place
        self.reader = Reader(self.items, self.language, self.ledger, measures, arrangements(self.items))
        self.ledger.place = place
        self.reader.is_indoor = place.is_indoor if place else True
        self.reader.read()
        self._add_brought()
        self._bring_to_life()
        self._settle_place()
        self._find_conflicts()

    @property
    def is_indoor(self) -> bool:
        """Whether the scene is inside."""
        return self.surroundings.place is not None and self.surroundings.place.is_indoor

    def _set_aside(self) -> None:
        """Take sentences that address the program out of the reading, and say so."""
        for sentence in sorted({item.sentence for item in self.items}):
            items = [item for item in self.items if item.sentence == sentence]
            text = self.prompt[items[0].start : items[-1].end]
            if addressed(text):
                for item in items:
                    item.is_used = True
                self.ledger.report(
                    text.strip(" .!?\n"),
                    "reads as an order to the program and not as part of a scene; it was not followed",
                )

    def _add_brought(self) -> None:
        """A place that is a thing as well: the bus stop, where no shelter was named."""
        for item in self.items:
            sense = item.sense("place")
            kind = sense.attribute("brings") if sense and item.is_used else None
            if kind and not self.ledger.named(kind):
                self.ledger.create(kind).said = item.text

    def _bring_to_life(self) -> None:
        """Robots are figures, and stars that no one counted are those of the sky."""
        for thing in self.ledger.things:
            if thing.kind == "robot" and thing.attributes.get("kind") != "drone" and thing.size != "huge":
                thing.is_figure = True
        stars = [thing for thing in self.ledger.things if thing.kind == "star" and not thing.is_counted]
        self.has_stars = bool(stars)
        self.ledger.things = [thing for thing in self.ledger.things if thing not in stars]

    def _settle_place(self) -> None:
        """Where no place was named, let the things decide."""
        known = lexicon()
        found = self.surroundings
        if found.place is not None and not found.place.is_generic:
            return
        for thing in self.ledger.things:
            kind = known.kinds.get(thing.kind)
            state = "sky" if thing.attributes.get("state") == "floating" and thing.kind == "island" else None
            name = state or (kind.place if kind else None)
            if (
                name
                and not thing.is_implied
                and (found.place is None or known.places[name].is_indoor == found.place.is_indoor)
            ):
                found.place = known.places[name]
                return
        if found.place is None and any("indoor" in thing.traits for thing in self.ledger.things):
            found.place = known.places["room"]
            found.is_closed = True

    def _find_conflicts(self) -> None:
        for kind, said in self.ledger.forbidden.items():
            for thing in self.ledger.named(kind) + self.ledger.named(kind, is_figure=True):
                statement = thing.said or thing.kind
                self.ledger.report(said, f"contradicts {statement!r}, which was kept")

    def plan(self) -> ScenePlan:
        """Everything that was read, as a plan."""
        found = self.surroundings
        add_implied(self.ledger, found)
        stand_by_habit(self.ledger, self.is_indoor)
        stand_before_castle(self.ledger)
        fall_freely(self.ledger)
        clear_shelves(self.ledger)
        sit_on_seats(self.ledger)
        time = self._time()
        lights = self._lights()
        plan = ScenePlan.model_validate(
            {
                "title": self._title(),
                "prompt": self.prompt,
                "language": self.language if any(item.is_known for item in self.items) else "unknown",
                "planner": PLANNER,
                "environment": self._environment(time),
                "objects": [object_of(thing) for thing in self.ledger.things if not thing.is_figure],
                "characters": [figure_of(thing) for thing in self.ledger.things if thing.is_figure],
                "relations": [relation_of(link) for link in self._links()],
                "camera": self._camera(),
                "lights": lights,
                "sounds": [
                    {"kind": kind, "level": level}
                    for kind, level in sounds_of(found, self.ledger, self.is_indoor, time).items()
                ],
                "seconds": min(max(self.seconds or 12.0, 1.0), _LONGEST_SECONDS),
                "notes": sorted({f"read {item.text!r} as {item.reading!r}" for item in self.items if item.reading})[
                    :50
                ],
            }
        )
        return plan.model_copy(update={"music": self._score(plan), "unplaced": self._unplaced()})

    def _time(self) -> str:
        if self.surroundings.time is not None:
            return self.surroundings.time
        kinds = {thing.kind for thing in self.ledger.things if not thing.is_implied}
        if self.reader.lights and any(kind in ("candle", "fire") for kind, _, _ in self.reader.lights):
            return "evening"
        if self.surroundings.place is not None and "time" in self.surroundings.place.settings:
            return self.surroundings.place.settings["time"]
        is_dark = self.has_stars or kinds & {"moon", "star"} or self.surroundings.style == "cyberpunk"
        return "night" if is_dark else "noon"

    def _environment(self, time: str) -> dict[str, object]:
        found = self.surroundings
        weather = list(found.weather)
        if not weather and found.place and (usual := found.place.settings.get("weather")) and usual not in found.absent:
            weather.append(usual)
        style = found.style or (found.place.settings.get("style") if found.place else None)
        found.style = style
        width, depth = self._room()
        return {
            "setting": "indoor" if self.is_indoor else "outdoor",
            "place": found.place.name if found.place else "field",
            "time_of_day": time,
            "weather": weather,
            "season": found.season or ("winter" if "snow" in weather else None),
            "style": style,
            "mood": found.mood,
            "palette": palette_of(found, self.is_indoor, time),
            "width": width,
            "depth": depth,
        }

    def _room(self) -> tuple[float | None, float | None]:
        measure: Measure | None = self.reader.room
        place = self.surroundings.place
        usual = place.settings if place else {}
        width, depth = (float(usual[name]) if name in usual else None for name in ("width", "depth"))
        if measure is not None:
            plain = measure.plain
            width = measure.along("width") or (plain[0] if plain else width)
            depth = measure.along("depth") or (plain[1] if len(plain) > 1 else plain[0] if plain else depth)
        return tuple(min(size, 1000.0) if size else None for size in (width, depth))  # type: ignore[return-value]

    def _links(self) -> list[Link]:
        present = set(map(id, self.ledger.things))
        links = []
        for link in self.ledger.links:
            if id(link.subject) not in present or any(
                one is not None and id(one) not in present for one in (link.object, link.other)
            ):
                continue
            links.append(self._with_walkway(link))
        return links

    def _with_walkway(self, link: Link) -> Link:
        """Rows that face each other stand apart by a walkway where the text speaks of one."""
        if self.reader.walkway and link.kind in ("facing", "aligned_row") and link.object in (None, link.subject):
            return replace(link, distance=link.distance or WALKWAY)
        return link

    def _camera(self) -> dict[str, object]:
        found = self.surroundings
        mentioned = [thing for thing in self.ledger.things if not thing.is_implied]
        figures = [thing for thing in mentioned if thing.is_figure]
        subject = next(iter(figures or [thing for thing in mentioned if thing.said]), None)
        camera: dict[str, object] = {"subject": subject.id if subject else None}
        if found.shot:
            camera["shot"] = found.shot
        if found.movement:
            camera["movement"] = found.movement
        return camera

    def _lights(self) -> list[dict[str, object]]:
        lights: list[dict[str, object]] = []
        for thing in self.ledger.things:
            kind = _LIGHT_KINDS.get(thing.kind)
            if kind and not thing.is_figure and not thing.is_implied:
                kind = "emergency" if thing.attributes.get("kind") == "emergency" else kind
                lights.append(
                    {"kind": kind, "color": thing.color, "strength": thing.attributes.get("brightness", "normal")}
                )
        lights += [{"kind": kind, "color": color, "strength": strength} for kind, color, strength in self.reader.lights]
        return [light for index, light in enumerate(lights) if light not in lights[:index]]

    def _score(self, plan: ScenePlan) -> MusicSpec | None:
        if self.surroundings.is_without_music or self.surroundings.is_silent:
            return None
        return self.music or fitting_music(plan, self.surroundings.mood, self.seed)

    def _title(self) -> str:
        first = next((part for part in self.prompt.replace("\n", ".").split(";") if part.strip()), self.prompt)
        words = " ".join(first.split(".")[0].split(":")[0].split()) or "Scene"
        short = words if len(words) <= 60 else words[:60].rsplit(" ", 1)[0] + " …"
        return short[:1].upper() + short[1:]

    def _unplaced(self) -> tuple[object, ...]:
        for run, reason in left_over(self.items):
            text = self.prompt[run[0].start : run[-1].end]
            self.ledger.report(text, reason)
        return tuple(self.ledger.unplaced)
