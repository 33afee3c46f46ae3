"""Keyboards and bars that are struck: pianos, bells, vibraphone, organ."""

from __future__ import annotations

import numpy as np

from diorama_nodes.audio.signal import RATE, Numbers, Wave
from diorama_nodes.audio.tone import tone
from diorama_nodes.audio.voices.voice import Player, envelope, joined, tick


def struck_strings(*, bright: float, knock: float, ring: float) -> Player:
    """A piano: two strings a note that beat slowly, a fast first decay and a slow second one."""

    def play(hz: float, seconds: float, force: float) -> Wave:
        edge = bright * (0.35 + 0.95 * force) * (1 + hz / 2500)
        fast, slow = 2.6 / ring * (hz / 260) ** 0.5, 0.62 / ring * (hz / 260) ** 0.7

        def levels(number: Numbers, moment: Numbers) -> Numbers:
            pitch = number * hz
            start = np.exp(-pitch / edge) / number**0.75 * (0.25 + np.abs(np.sin(np.pi * number / 8.3)))
            highs = 1 + 0.55 * (pitch / 1000) ** 0.9
            return np.asarray(start * (0.68 * np.exp(-moment * fast * highs) + 0.32 * np.exp(-moment * slow * highs)))

        shape = envelope(seconds, 0.002, 0.22)
        made = tone(hz, len(shape) / RATE, levels, cents=(-0.6, 0.7))[: len(shape)] * shape
        return joined(made * np.float32(force**1.2), tick(0.03, 120, 900, knock * force))

    return play


def _electric_piano(hz: float, seconds: float, force: float) -> Wave:
    """A tine before a pickup: a sine bent by itself, more so the harder it is struck, and a short high ping."""
    shape = envelope(seconds, 0.0025, 0.16)
    moment = np.arange(len(shape), dtype=np.float32) / RATE
    cycles = (hz * np.arange(len(shape), dtype=np.float64) / RATE) % 1.0
    phase = (2 * np.pi * cycles).astype(np.float32)
    bend = (0.35 + 1.25 * force * force) * np.exp(-moment * np.float32(2.2 + hz / 300)) + 0.1
    body = np.sin(phase + bend * np.sin(phase)) + 0.16 * np.sin(2 * phase)
    ping = np.sin(7 * phase) * np.exp(-moment * 26) * (0.10 * force)
    fall = 0.8 * np.exp(-moment * np.float32(0.75 + hz / 700)) + 0.2 * np.exp(-moment * 5)
    return np.asarray((body * fall + ping) * shape * (0.5 * force), np.float32)


def _muted_keys(hz: float, seconds: float, force: float) -> Wave:
    """A felted, short-lived key between a music box and a kalimba."""
    shape = envelope(seconds, 0.003, 0.3)
    moment = np.arange(len(shape), dtype=np.float32) / RATE
    phase = (2 * np.pi * ((hz * np.arange(len(shape), dtype=np.float64) / RATE) % 1.0)).astype(np.float32)
    made = np.sin(phase) * np.exp(-moment * np.float32(1.6 + hz / 500))
    made += 0.28 * force * np.sin(2 * phase) * np.exp(-moment * 5) + 0.10 * np.sin(4 * phase) * np.exp(-moment * 14)
    return joined(np.asarray(made * shape * (0.55 * force), np.float32), tick(0.012, 500, 2500, 0.06 * force))


def bars(ratios: tuple[float, ...], levels: tuple[float, ...], ring: float, tremble: float = 0.0) -> Player:
    """A bar or bell whose partials stand at `ratios`, each dying away faster the higher it is."""

    def play(hz: float, seconds: float, force: float) -> Wave:
        shape = envelope(max(seconds, 0.25), 0.0015, min(ring, 0.9))
        count = np.arange(len(shape), dtype=np.float64)
        moment = (count / RATE).astype(np.float32)
        made = np.zeros(len(shape), np.float32)
        for ratio, level in zip(ratios, levels, strict=True):
            if hz * ratio < 14_000:
                phase = (2 * np.pi * ((hz * ratio * count / RATE) % 1.0)).astype(np.float32)
                soft = level * force ** (0.5 + 0.25 * ratio)
                made += np.float32(soft) * np.sin(phase) * np.exp(-moment * np.float32(ratio**0.8 / ring))
        if tremble:
            made *= 1 - tremble * (0.5 - 0.5 * np.cos(2 * np.pi * 4.8 * moment))
        return np.asarray(made * shape * 0.5, np.float32)

    return play


def _organ(hz: float, seconds: float, force: float) -> Wave:
    stops = {1: 1.0, 2: 0.7, 3: 0.45, 4: 0.35, 6: 0.2, 8: 0.16}

    def levels(number: Numbers, moment: Numbers) -> Numbers:
        row = np.array([stops.get(int(one), 0.0) for one in number[0]])
        return np.asarray(np.broadcast_to(row, (len(moment), len(row))))

    shape = envelope(seconds, 0.02, 0.09)
    return np.asarray(tone(hz, len(shape) / RATE, levels, cents=(-2.0, 3.0))[: len(shape)] * shape * 0.28 * force)


piano = struck_strings(bright=2300, knock=0.22, ring=1.5)
soft_piano = struck_strings(bright=900, knock=0.3, ring=2.2)
electric_piano: Player = _electric_piano
muted_keys: Player = _muted_keys
bells = bars((1.0, 2.0, 3.01, 4.17, 5.43), (1.0, 0.5, 0.25, 0.2, 0.12), 1.6)
vibraphone = bars((1.0, 4.0, 9.8), (1.0, 0.3, 0.1), 1.3, tremble=0.35)
organ: Player = _organ
