"""Footsteps: when a foot meets the ground, and how each ground answers."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

import numpy as np

from diorama.values.motion import Motion
from diorama_nodes.audio.signal import (
    RATE,
    Generator,
    Wave,
    bandpass,
    decay,
    drift,
    frames,
    generator,
    lay,
    lowpass,
    silence,
    white,
)

Surface = Literal["asphalt", "stone", "wood", "grass", "gravel", "snow", "sand", "metal", "water"]

WALK, RUN = 1.4, 4.0
"""Metres a second at which a step sounds as a walk and as a run."""
HALF_WIDTH = 6.0
"""Metres to the side at which a step is heard wholly from that side."""


@dataclass(frozen=True, slots=True)
class Step:
    """A foot that comes down: when (seconds), which, how fast the figure goes (m/s), and where it is (x, metres)."""

    seconds: float
    foot: int
    speed: float
    x: float


def steps_of(motion: Motion) -> list[Step]:
    """The starts of contact in the order of time; a foot that stands from the first frame on makes none."""
    contacts = motion.contacts.astype(bool)
    begun = contacts[1:] & ~contacts[:-1]
    reach = max(round(0.25 * motion.fps), 1)
    found: list[Step] = []
    for row, foot in np.argwhere(begun):
        frame = int(row) + 1
        first, last = max(frame - reach, 0), min(frame + reach, len(motion.root) - 1)
        way = motion.root[last, [0, 2]] - motion.root[first, [0, 2]]
        speed = float(np.hypot(*way)) * motion.fps / max(last - first, 1)
        found.append(Step(frame / motion.fps, int(foot), speed, float(motion.root[frame, 0])))
    return found


@dataclass(frozen=True, slots=True)
class Ground:
    """How a ground answers: a thud, resonances that ring, and grains that shift under the sole."""

    thud: float
    """Level of the low blow of the heel."""
    thud_hz: float
    scrape: float
    """Level of the noise of sole on ground."""
    band: tuple[float, float]
    seconds: float
    modes: tuple[tuple[float, float, float], ...] = ()
    """Hertz, level, and seconds of ringing of each resonance."""
    grains: int = 0
    """Small shocks over the length of the step."""


GROUNDS: dict[Surface, Ground] = {
    "asphalt": Ground(0.55, 95, 0.5, (700, 4200), 0.09),
    "stone": Ground(0.4, 130, 0.6, (1100, 6500), 0.07, ((1850, 0.16, 0.05), (3100, 0.1, 0.035))),
    "wood": Ground(0.8, 105, 0.25, (300, 2200), 0.11, ((185, 0.5, 0.13), (330, 0.3, 0.09), (610, 0.18, 0.06))),
    "grass": Ground(0.3, 75, 0.45, (900, 5200), 0.16, grains=14),
    "gravel": Ground(0.3, 90, 0.25, (1400, 8000), 0.2, grains=46),
    "snow": Ground(0.25, 80, 0.35, (500, 3000), 0.22, grains=60),
    "sand": Ground(0.3, 70, 0.4, (500, 3600), 0.2, grains=30),
    "metal": Ground(
        0.45,
        120,
        0.35,
        (1200, 7000),
        0.08,
        ((410, 0.3, 0.35), (873, 0.25, 0.28), (1490, 0.2, 0.22), (2630, 0.12, 0.16)),
    ),
    "water": Ground(0.35, 80, 0.7, (350, 3800), 0.28, grains=20),
}


GRAIN_PITCHES = (1.0, 1.2, 1.45, 1.75, 2.1, 2.5)
"""Where grains lie above the lower edge of their ground's band; a few, as each costs the design of a filter."""


def step_sound(surface: Surface, speed: float, rng: Generator) -> Wave:
    """One step: the heel, then the ball of the foot, sooner after it and harder the faster the figure goes."""
    ground = GROUNDS[surface]
    pace = min(max((speed - 0.4) / (RUN - 0.4), 0.0), 1.0)
    heel = _blow(ground, surface, 1.0, pace, rng)
    ball = _blow(ground, surface, 0.55, pace * 0.7, rng)
    delay = frames((0.11 - 0.07 * pace) * float(rng.uniform(0.9, 1.1)))
    made = np.zeros(max(len(heel), delay + len(ball)), np.float32)
    made[: len(heel)] += heel
    made[delay : delay + len(ball)] += ball
    return made


def _blow(ground: Ground, surface: Surface, force: float, pace: float, rng: Generator) -> Wave:
    seconds = max(ground.seconds, *(2.5 * ring for _, _, ring in ground.modes)) if ground.modes else ground.seconds
    count = frames(seconds * 1.6)
    moment = np.arange(count, dtype=np.float32) / RATE
    pitch = ground.thud_hz * float(rng.uniform(0.92, 1.08))
    made = ground.thud * np.sin(2 * np.pi * pitch * moment * (1 + 0.5 * np.exp(-moment / 0.012))) * decay(count, 0.09)
    low, high = ground.band[0], ground.band[1] * (0.7 + 0.5 * pace)
    sole = bandpass(white(rng, count), low, high) * np.minimum(moment / 0.0015, 1)
    made += ground.scrape * sole * decay(count, ground.seconds)
    for hz, level, ring in ground.modes:
        made += level * np.sin(2 * np.pi * hz * float(rng.uniform(0.985, 1.015)) * moment) * decay(count, 2.5 * ring)
    if ground.grains:
        made += SPECKS.get(surface, _gritty)(rng, count, ground)
    return np.asarray(made * (force * (0.45 + 0.75 * pace)), np.float32)


def _gritty(rng: Generator, count: int, ground: Ground) -> Wave:
    """Short shocks of grains, dense at first: the first one falls with the heel."""
    track = np.zeros(count + frames(0.02), np.float32)
    long = frames(0.012)
    for number in range(ground.grains):
        start = 0 if number == 0 else min(int(rng.exponential(ground.seconds / 3.2) * RATE), count)
        low = ground.band[0] * GRAIN_PITCHES[int(rng.integers(len(GRAIN_PITCHES)))]
        grain = white(rng, long) * decay(long, float(rng.uniform(0.003, 0.012)))
        track[start : start + long] += bandpass(grain, low, low * 2.4) * np.float32(rng.uniform(0.15, 0.6))
    return track[:count]


def _squeaking(rng: Generator, count: int, ground: Ground) -> Wave:
    """Snow that is pressed together: noise in fine, quick crackles that come and go within the step."""
    moment = np.arange(count, dtype=np.float32) / RATE
    shape = np.minimum((moment + 0.006) / 0.04, 1) * np.exp(-((moment / 0.17) ** 2))
    rough = np.clip(drift(rng, count, 260.0) * 2.2 - 0.6, 0, 1.4)
    return np.asarray(bandpass(white(rng, count), 700, 3400) * shape * rough, np.float32)


def _splashing(rng: Generator, count: int, ground: Ground) -> Wave:
    """A splash, and the drops and bubbles that follow it."""
    moment = np.arange(count, dtype=np.float32) / RATE
    track = lowpass(white(rng, count), 2600) * 0.5 * np.minimum((moment + 0.003) / 0.02, 1) * decay(count, 0.3)
    for _ in range(ground.grains):
        start, hz = int(rng.uniform(0.01, 0.2) * RATE), float(rng.uniform(500, 2200))
        long = min(frames(0.05), count - start)
        if long > 0:
            time = np.arange(long, dtype=np.float32) / RATE
            note = np.sin(2 * np.pi * hz * (time + 4 * time**2)) * decay(long, 0.045)
            track[start : start + long] += note * np.float32(rng.uniform(0.03, 0.16))
    return np.asarray(track, np.float32)


SPECKS: dict[Surface, Callable[[Generator, int, Ground], Wave]] = {"snow": _squeaking, "water": _splashing}
"""Grounds whose grains are of a kind of their own."""


def step_track(motion: Motion, surface: Surface, seed: int, check: Callable[[], None]) -> Wave:
    """All steps of a motion, as long as the motion, stereo; `check` is called before each."""
    rng = generator(seed, 200)
    track = silence(frames(motion.seconds))
    for step in steps_of(motion):
        check()
        sound = step_sound(surface, step.speed, rng)
        lay(track, sound, frames(step.seconds), step.x / HALF_WIDTH * 0.9, 0.75 * float(rng.uniform(0.88, 1.0)))
    return track
