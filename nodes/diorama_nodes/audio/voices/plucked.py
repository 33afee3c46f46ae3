"""Strings that are plucked or picked: guitars, ukulele, koto, harp, harpsichord and basses."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from diorama_nodes.audio.signal import Numbers, Wave
from diorama_nodes.audio.tone import tone
from diorama_nodes.audio.voices.voice import Player, band_of, envelope, joined, tick

Body = Callable[[Numbers], Numbers]


def _wooden(low: float, high: float) -> Body:
    """The resonances of a sound box: one of the air, one of the top."""
    return lambda hz: 0.55 + 1.0 * band_of(hz, low, 0.35) + 0.8 * band_of(hz, high, 0.5)


def plucked(
    *,
    place: float,
    bright: float,
    ring: float,
    damping: float,
    body: Body | None = None,
    pick: float = 0.15,
    cents: tuple[float, ...] = (0.0,),
    slide: float = 0.0,
    release: float = 0.12,
) -> Player:
    """A string plucked at `place` (a share of its length), whose highs die away before its lows.

    `bright` is the frequency in hertz at which the pick's spectrum has fallen to 1/e, `ring` the seconds in which the
    fundamental of A3 falls to 1/e, `damping` how much faster that is for high harmonics.
    """

    def play(hz: float, seconds: float, force: float) -> Wave:
        edge = bright * (0.55 + 0.75 * force)
        rate = (1 / ring) * (hz / 220.0) ** 0.6

        def levels(number: Numbers, moment: Numbers) -> Numbers:
            pitch = number * hz
            start = np.abs(np.sin(np.pi * number * place)) / number**0.9 * np.exp(-pitch / edge)
            if body is not None:
                start = start * body(pitch)
            return np.asarray(start * np.exp(-moment * rate * (1 + damping * (pitch / 1000.0) ** 1.2)))

        shape = envelope(seconds, 0.0015, release)
        made = tone(hz, len(shape) / 44_100, levels, cents=cents, slide=slide)[: len(shape)] * shape
        loud = np.float32(0.9 * force**1.1)
        return joined(made * loud, tick(0.018, 900, 5000, pick * force * force)) if pick else made * loud

    return play


def _overdriven(hz: float, seconds: float, force: float) -> Wave:
    """A guitar through a driven amplifier: it sustains, sings, and comes with a little vibrato."""

    def levels(number: Numbers, moment: Numbers) -> Numbers:
        pitch = number * hz
        return np.asarray(np.abs(np.sin(np.pi * number * 0.13)) / number**0.8 * np.exp(-pitch / 3500 - moment * 0.5))

    shape = envelope(seconds, 0.003, 0.1)
    made = tone(hz, len(shape) / 44_100, levels, cents=(0.0, 3.0), vibrato=14.0)[: len(shape)]
    return np.asarray(np.tanh(3.0 * made) * shape * 0.55 * force, np.float32)


guitar = plucked(place=0.19, bright=2600, ring=0.95, damping=0.9, body=_wooden(105, 230), cents=(0.0, 1.5))
ukulele = plucked(place=0.24, bright=2300, ring=0.42, damping=1.1, body=_wooden(230, 420), release=0.08)
koto = plucked(place=0.08, bright=4200, ring=0.9, damping=0.6, body=_wooden(180, 500), pick=0.25, slide=-25.0)
harp = plucked(place=0.42, bright=2200, ring=1.1, damping=0.8, body=_wooden(170, 350), pick=0.04, release=0.5)
harpsichord = plucked(place=0.11, bright=7000, ring=0.8, damping=0.35, pick=0.3, cents=(0.0, -2.0))
electric_guitar = plucked(place=0.15, bright=3600, ring=1.6, damping=0.5, pick=0.1, cents=(0.0, 4.0), release=0.05)
bass_guitar = plucked(place=0.17, bright=1100, ring=1.5, damping=1.6, pick=0.06, release=0.07)
double_bass = plucked(place=0.3, bright=650, ring=0.75, damping=2.0, body=_wooden(65, 120), pick=0.05, slide=12.0)
lead_guitar: Player = _overdriven
