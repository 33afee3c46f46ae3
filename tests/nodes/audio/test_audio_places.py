"""The sounds of places: each known by its spectrum and its course, at its level, never twice the same."""

from __future__ import annotations

from functools import cache
from typing import get_args

import numpy as np
import pytest

from diorama.context import Context
from diorama_nodes.audio.loudness import integrated_loudness, true_peak
from diorama_nodes.audio.nodes import ambience
from diorama_nodes.audio.signal import RATE, Numbers, Wave
from diorama_nodes.plan.schema import SoundKind, SoundSpec

KINDS: tuple[SoundKind, ...] = get_args(SoundKind)
SECONDS = 9.0


@cache
def made(kind: SoundKind, seed: int = 2) -> Wave:
    return np.asarray(ambience(Context(), SoundSpec(kind=kind), SECONDS, seed).audio.samples)


def share(wave: Wave, low: float, high: float) -> float:
    """The part of the energy between two frequencies."""
    power = np.abs(np.fft.rfft(wave.astype(np.float64), axis=0)) ** 2
    hertz = np.fft.rfftfreq(len(wave), 1 / RATE)
    return float(power[(hertz >= low) & (hertz < high)].sum() / power.sum())


def course(wave: Wave, seconds: float = 0.05) -> Numbers:
    """The level of each stretch of `seconds`."""
    step = round(seconds * RATE)
    kept = wave[: len(wave) // step * step].reshape(-1, step, 2)
    return np.asarray(np.sqrt(np.mean(np.square(kept, dtype=np.float64), axis=(1, 2))))


@pytest.mark.parametrize("kind", KINDS)
def test_a_sound_has_its_length_level_and_width(kind: SoundKind) -> None:
    wave = made(kind)
    assert wave.shape == (round(SECONDS * RATE), 2)
    assert np.isfinite(wave).all()
    assert true_peak(wave) < -1.0
    assert np.corrcoef(wave[:, 0], wave[:, 1])[0, 1] < 0.95
    left, right = np.sqrt(np.mean(np.square(wave), axis=0))
    assert 0.4 < left / right < 2.5


@pytest.mark.parametrize("kind", KINDS)
def test_loud_is_twelve_decibels_above_soft(kind: SoundKind) -> None:
    soft, loud = (
        integrated_loudness(
            np.asarray(ambience(Context(), SoundSpec(kind=kind, level=level), 2.0, 2).audio.samples), RATE
        )
        for level in ("soft", "loud")
    )
    assert loud - soft == pytest.approx(12.0, abs=1.0)


@pytest.mark.parametrize("kind", KINDS)
def test_no_part_of_a_sound_is_a_copy_of_another(kind: SoundKind) -> None:
    """The autocorrelation has no second peak near 1 beyond half a second; a hum of steady tones is left out."""
    if kind == "hum":
        return
    mono = made(kind).mean(axis=1).astype(np.float64)
    spectrum = np.abs(np.fft.rfft(mono, 2 * len(mono))) ** 2
    agreement = np.fft.irfft(spectrum)[: len(mono)]
    assert np.abs(agreement[RATE // 2 :]).max() / agreement[0] < 0.6


@pytest.mark.parametrize("kind", KINDS)
def test_the_same_seed_gives_the_same_bytes_and_another_does_not(kind: SoundKind) -> None:
    first, again, other = (ambience(Context(), SoundSpec(kind=kind), 1.0, seed).audio.encode() for seed in (1, 1, 2))
    assert first == again
    assert first != other


SPECTRA: list[tuple[str, SoundKind, float, float, float, float]] = [
    ("birds sing between 2 and 8 kHz", "birds", 2000, 8000, 0.9, 1.0),
    ("crickets chirp between 3.5 and 5.5 kHz", "night", 3500, 5500, 0.3, 1.0),
    ("thunder is low", "thunder", 20, 300, 0.75, 1.0),
    ("wind is below 1.5 kHz", "wind", 20, 1500, 0.9, 1.0),
    ("traffic is mostly low", "city", 20, 500, 0.6, 1.0),
    ("a hum is the mains and its harmonics", "hum", 40, 700, 0.95, 1.0),
    ("voices lie between 80 Hz and 4 kHz", "crowd", 80, 4000, 0.95, 1.0),
    ("voices are neither all low nor all high", "crowd", 300, 2500, 0.3, 0.95),
    ("rain has lows", "rain", 50, 1000, 0.1, 0.6),
    ("rain has mids", "rain", 1000, 4000, 0.2, 0.7),
    ("rain has highs", "rain", 4000, 16_000, 0.1, 0.6),
    ("a stream bubbles between 300 Hz and 5 kHz", "water", 300, 5000, 0.8, 1.0),
    ("a fire has a low flutter", "fire", 20, 300, 0.15, 0.97),
]


@pytest.mark.parametrize(("name", "kind", "low", "high", "least", "most"), SPECTRA, ids=[case[0] for case in SPECTRA])
def test_a_sound_has_the_spectrum_of_its_kind(
    name: str, kind: SoundKind, low: float, high: float, least: float, most: float
) -> None:
    assert least <= share(made(kind), low, high) <= most


def test_the_sea_comes_and_goes_where_rain_stays() -> None:
    sea, rain = course(made("sea"), 0.25)[4:-4], course(made("rain"), 0.25)[4:-4]
    assert sea.max() / sea.min() > 4
    assert rain.max() / rain.min() < 2


def test_thunder_and_fire_come_in_strokes() -> None:
    thunder = course(made("thunder"))
    assert thunder.max() / np.median(thunder) > 4
    mono = np.abs(made("fire")).max(axis=1).reshape(-1, 441).max(axis=1)
    assert mono.max() / np.median(mono) > 4


def test_birds_pause_between_their_songs() -> None:
    level = course(made("birds"))
    assert np.quantile(level, 0.15) < 0.1 * level.max()


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("seconds", [0.01, 0.6])
def test_even_a_moment_of_a_place_is_made(kind: SoundKind, seconds: float) -> None:
    wave = ambience(Context(), SoundSpec(kind=kind), seconds, 1).audio.samples
    assert wave.shape == (round(seconds * RATE), 2)
