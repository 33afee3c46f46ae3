"""Voices that are bowed, blown or sung."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from diorama_nodes.audio.signal import RATE, Numbers, Wave, bandpass, generator, white
from diorama_nodes.audio.tone import tone
from diorama_nodes.audio.voices.voice import Player, band_of, envelope

Formant = Callable[[Numbers], Numbers]


def sustained(
    formant: Formant,
    *,
    attack: float,
    release: float,
    tilt: float = 1.0,
    edge: float = 4000.0,
    swell: float = 0.5,
    cents: tuple[float, ...] = (0.0,),
    vibrato: float = 10.0,
    odd: float = 1.0,
    breath: float = 0.0,
    slide: float = 0.0,
    level: float = 0.5,
) -> Player:
    """A held tone: harmonics that fall by `number ** -tilt`, coloured by `formant`, above `edge` hertz far less.

    The edge opens with the attack by the share `swell`, as a bow or a breath does; `odd` is the level of the even
    harmonics beside the odd ones; `breath` adds noise around the pitch.
    """

    def play(hz: float, seconds: float, force: float) -> Wave:
        top = edge * (0.5 + 0.7 * force)
        rise = min(attack, 0.6 * seconds + 0.01)

        def levels(number: Numbers, moment: Numbers) -> Numbers:
            pitch = number * hz
            opened = top * (1 - swell + swell * np.minimum(moment / (1.5 * rise), 1.0))
            even = np.where(number % 2 == 0, odd, 1.0)
            return np.asarray(even * number**-tilt * formant(pitch) * np.exp(-((pitch / opened) ** 1.5)))

        shape = envelope(seconds, rise, release, sag=0.2)
        long = len(shape) / RATE
        made = tone(hz, long, levels, cents=cents, vibrato=vibrato, slide=slide)[: len(shape)]
        if breath:
            air = bandpass(white(generator(9, round(hz)), len(shape)), hz * 0.9, min(hz * 5, 9000))
            made = made + np.float32(breath) * air
        return np.asarray(made * shape * np.float32(level * force), np.float32)

    return play


def _plain(hz: Numbers) -> Numbers:
    return np.ones_like(hz)


def _peaks(*peaks: tuple[float, float, float]) -> Formant:
    """A floor and resonances, each given by hertz, width in octaves and height."""

    def formant(hz: Numbers) -> Numbers:
        made = np.full_like(hz, 0.25)
        for center, width, height in peaks:
            made += height * band_of(hz, center, width)
        return made

    return formant


VIOLIN_BODY = _peaks((290, 0.4, 0.8), (480, 0.4, 0.9), (1000, 0.7, 0.8), (2700, 0.6, 0.9))
ENSEMBLE = (-9.0, -3.0, 4.0, 10.0)

violins = sustained(VIOLIN_BODY, attack=0.09, release=0.25, edge=5200, cents=(-7.0, 0.0, 6.0), vibrato=13, level=0.36)
strings = sustained(VIOLIN_BODY, attack=0.28, release=0.5, tilt=1.1, edge=3600, cents=ENSEMBLE, vibrato=9, level=0.34)
cellos = sustained(
    _peaks((180, 0.5, 1.0), (400, 0.5, 0.8), (900, 0.7, 0.6)),
    attack=0.08,
    release=0.25,
    edge=2600,
    cents=(-5.0, 5.0),
    level=0.42,
)
flute = sustained(
    _plain, attack=0.055, release=0.1, tilt=2.0, edge=3200, vibrato=12, breath=0.035, slide=18, level=0.55
)
clarinet = sustained(
    _peaks((500, 0.9, 0.8), (1500, 0.6, 0.8)), attack=0.04, release=0.08, edge=3500, odd=0.12, vibrato=4, level=0.45
)
saxophone = sustained(
    _peaks((450, 0.6, 0.9), (1200, 0.6, 1.0), (2600, 0.5, 0.5)),
    attack=0.04,
    release=0.09,
    edge=4200,
    vibrato=16,
    breath=0.02,
    slide=40,
    level=0.38,
)
trumpet = sustained(
    _peaks((1100, 0.8, 1.2), (2400, 0.6, 0.9)),
    attack=0.03,
    release=0.08,
    tilt=0.8,
    edge=4600,
    swell=0.65,
    vibrato=7,
    slide=20,
    level=0.26,
)
horns = sustained(
    _peaks((420, 0.8, 1.2), (1000, 0.5, 0.4)), attack=0.05, release=0.14, edge=1700, swell=0.6, level=0.45
)
tuba = sustained(_peaks((200, 0.9, 1.0)), attack=0.03, release=0.1, edge=800, swell=0.5, vibrato=0, level=0.6)
choir = sustained(
    _peaks((650, 0.35, 1.6), (1080, 0.25, 0.9), (2650, 0.25, 0.5)),
    attack=0.22,
    release=0.5,
    tilt=1.2,
    edge=3800,
    cents=ENSEMBLE,
    vibrato=14,
    breath=0.01,
    level=0.4,
)
