"""A scene plan in the words of a picture's prompt: what matters most first, since a model reads only so far."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cache
from typing import Final

import numpy as np

from diorama_nodes.images.colour import lab
from diorama_nodes.plan.lexicon import lexicon
from diorama_nodes.plan.schema import CharacterSpec, ObjectSpec, ScenePlan

MOST_THINGS: Final = 7
"""Kinds of things that are named: SDXL reads 77 tokens, about 50 words."""
NUMBERS: Final = ("no", "a", "two", "three", "four", "five", "six")
WEATHER: Final = {
    "clear": "clear sky",
    "cloudy": "cloudy sky",
    "rain": "rain, wet ground",
    "storm": "storm, lightning",
    "snow": "falling snow",
    "fog": "dense fog",
    "mist": "mist",
    "wind": "wind",
    "dust": "dust in the air",
}
SHOTS: Final = {
    "wide": "wide shot",
    "medium": "medium shot",
    "close": "close-up",
    "low_angle": "low angle shot",
    "high_angle": "high angle shot",
    "overhead": "seen from above",
}
ACTIONS: Final = {
    "idle": "standing",
    "walk": "walking",
    "run": "running",
    "wave": "waving",
    "sit": "sitting",
    "dance": "dancing",
    "spin": "spinning around",
}
UNWANTED: Final = "blurry, deformed, watermark, signature, frame, collage"


def prompt_of(plan: ScenePlan, look: str) -> str:
    """One line that says who and what is there, where, when, in which air and look."""
    return ", ".join(part for part in _parts(plan, look) if part)


def unwanted_of(plan: ScenePlan) -> str:
    """What the picture is not to show: faults of pictures, and people where the plan has none."""
    return UNWANTED if plan.characters else f"people, {UNWANTED}"


def _parts(plan: ScenePlan, look: str) -> Iterator[str]:
    environment = plan.environment
    yield SHOTS[plan.camera.shot]
    yield from (_figure(one) for one in plan.characters[:MOST_THINGS])
    # What the sentence names comes before what the place brings along.
    things = sorted(plan.objects, key=lambda spec: spec.is_implied)
    yield from (_thing(one) for one in things[: max(MOST_THINGS - len(plan.characters), 1)])
    yield f"in a {_plain(environment.place)}" if environment.setting == "indoor" else _plain(environment.place)
    yield _plain(environment.time_of_day)
    yield from (WEATHER[one] for one in environment.weather)
    yield from (_plain(one) for one in (environment.season, environment.style, environment.mood) if one)
    yield look.strip()


def _figure(figure: CharacterSpec) -> str:
    held = figure.attributes.get("holds")
    carried = f" with a {_plain(held)}" if held else ""
    dressed = f" in {colour_name(figure.color)}" if figure.color else ""
    return f"{_counted(figure.role, figure.count)}{dressed} {ACTIONS[figure.action]}{carried}"


def _thing(spec: ObjectSpec) -> str:
    size = spec.size if spec.size not in ("medium", "small") else ""
    words = [size, colour_name(spec.color) if spec.color else "", spec.material or "", spec.kind]
    text = spec.attributes.get("text")
    return _counted(" ".join(filter(None, words)), spec.count) + (f" with the words {text}" if text else "")


def colour_name(colour: str) -> str:
    """The English word, among those that the planner reads, for the colour that looks most like `#rrggbb`."""
    names = _colours()
    apart = lab(_bytes([colour])) - lab(_bytes(list(names.values())))
    return list(names)[int(np.linalg.norm(apart, axis=-1).argmin())]


@cache
def _colours() -> Mapping[str, str]:
    """Colours by their names, as the planner's words give them: `red=#c62828`."""
    senses = [sense for found in lexicon().phrases["en"].values() for sense in found if sense.role == "color"]
    named = dict(sense.value.split("=") for sense in senses if "=" in sense.value)
    return dict(sorted(named.items()))


def _bytes(colours: list[str]) -> np.ndarray[tuple[int, ...], np.dtype[np.uint8]]:
    return np.array([list(bytes.fromhex(colour.removeprefix("#"))) for colour in colours], np.uint8)


def _counted(name: str, count: int) -> str:
    plain = _plain(name)
    if count == 1:
        return f"{'an' if plain[:1] in 'aeiou' else 'a'} {plain}"
    return f"{NUMBERS[count] if count < len(NUMBERS) else 'many'} {plain}{'' if plain.endswith('s') else 's'}"


def _plain(name: str) -> str:
    return name.replace("_", " ")
