"""Each sound of a place that a plan can name, at the level that it asks for."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from diorama_nodes.audio.limiter import mastered
from diorama_nodes.audio.places.nature import birds, fire, night
from diorama_nodes.audio.places.town import city, crowd, hum
from diorama_nodes.audio.places.waters import sea, water
from diorama_nodes.audio.places.weather import rain, thunder, wind
from diorama_nodes.audio.signal import Generator, Wave, frames, generator, ramp
from diorama_nodes.plan.schema import SoundKind, SoundSpec

SOURCES: dict[SoundKind, Callable[[Generator, int], Wave]] = {
    "rain": rain,
    "wind": wind,
    "city": city,
    "birds": birds,
    "sea": sea,
    "fire": fire,
    "night": night,
    "crowd": crowd,
    "thunder": thunder,
    "water": water,
    "hum": hum,
}
"""Makers of each sound, from random numbers and a count of frames."""

LOUDNESS: dict[str, float] = {"soft": -33.0, "normal": -27.0, "loud": -21.0}
"""Integrated loudness in LUFS by the level that a plan gives."""

ABOVE: dict[SoundKind, float] = {"hum": -6.0, "night": -3.0, "thunder": 4.0, "city": 1.0}
"""Decibels by which a sound lies above the others at the same level, as it does in the world."""

FADE_SECONDS = 0.35


def place_sound(spec: SoundSpec, seconds: float, seed: int, ready: Callable[[], None]) -> Wave:
    """The sound of `spec` over `seconds`, stereo, with no part of it repeated.

    `ready` is called once it is there and only its level is to be set.
    """
    rng = generator(seed, 100 + list(SOURCES).index(spec.kind))
    made = SOURCES[spec.kind](rng, frames(seconds))
    ready()
    fade = min(FADE_SECONDS, seconds / 8)
    target = LOUDNESS[spec.level] + ABOVE.get(spec.kind, 0.0)
    return np.asarray(mastered(made * ramp(len(made), fade, fade)[:, None], target, -3.0), np.float32)
