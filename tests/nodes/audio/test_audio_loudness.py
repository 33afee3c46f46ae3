"""Loudness and true peak against the figures of the recommendation, and the limiter against its promise."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pytest

from diorama_nodes.audio.limiter import limited, mastered
from diorama_nodes.audio.loudness import SILENCE, integrated_loudness, k_weighting, true_peak
from diorama_nodes.audio.signal import RATE, Wave, frames, generator, noise, slope_curve, white


def sine(hz: float, seconds: float, level_db: float, rate: int = 48_000, channels: int = 2) -> Wave:
    wave = 10 ** (level_db / 20) * np.sin(2 * np.pi * hz * np.arange(round(seconds * rate)) / rate)
    return np.repeat(wave[:, None], channels, axis=1).astype(np.float32)


def test_the_filter_has_the_coefficients_of_the_tables_at_48_khz() -> None:
    shelf = [1.53512485958697, -2.69169618940638, 1.19839281085285, 1.0, -1.69065929318241, 0.73248077421585]
    high_pass = [1.0, -2.0, 1.0, 1.0, -1.99004745483398, 0.99007225036621]
    assert np.allclose(k_weighting(48_000), [shelf, high_pass], atol=1e-6)


@dataclass(frozen=True)
class Tone:
    name: str
    wave: Wave
    lufs: float
    rate: int = 48_000


QUIET, LOUD = sine(1000, 10, -36), sine(1000, 20, -23)

TONES = [
    Tone("a full sine of 997 Hz in one channel is at -3.01 LUFS", sine(997, 4, 0, channels=1), -3.01),
    Tone("a sine at -23 dBFS in both channels is at -23 LUFS", sine(1000, 8, -23), -23.0),
    Tone("a sine at -33 dBFS in both channels is at -33 LUFS", sine(1000, 8, -33), -33.0),
    Tone("the rate changes nothing", sine(1000, 8, -23, RATE), -23.0, RATE),
    Tone("the relative gate leaves out what is much softer", np.concatenate([QUIET, LOUD, QUIET]), -23.0),
    Tone("the absolute gate leaves out what is all but silent", np.concatenate([sine(1000, 8, -72), LOUD]), -23.0),
]


@pytest.mark.parametrize("case", TONES, ids=lambda case: case.name)
def test_integrated_loudness(case: Tone) -> None:
    assert integrated_loudness(case.wave, case.rate) == pytest.approx(case.lufs, abs=0.1)


def test_silence_and_nothing_have_no_loudness() -> None:
    assert integrated_loudness(np.zeros((RATE, 2), np.float32), RATE) == SILENCE
    assert integrated_loudness(np.zeros((0, 2), np.float32), RATE) == SILENCE
    assert true_peak(np.zeros((0, 2), np.float32)) == SILENCE


def test_a_peak_between_the_samples_is_found() -> None:
    """A sine at a quarter of the rate, sampled 45 degrees off its peaks, never shows them."""
    wave = 0.5 * np.sin(np.pi / 2 * np.arange(RATE) + np.pi / 4)
    stereo = np.stack([wave, wave], axis=1).astype(np.float32)
    assert 20 * np.log10(np.abs(stereo).max()) == pytest.approx(-9.03, abs=0.02)
    assert true_peak(stereo) == pytest.approx(-6.02, abs=0.2)


LOUD_SOUNDS = {
    "white noise far too loud": white(generator(1), 2 * RATE, 2),
    "clicks in soft noise": 0.02 * white(generator(2), 2 * RATE, 2)
    + (np.arange(2 * RATE) % 9001 == 0).astype(np.float32)[:, None] * 3,
    "a sine at a quarter of the rate": np.repeat(
        np.sin(np.pi / 2 * np.arange(RATE) + np.pi / 4)[:, None] * 1.4, 2, axis=1
    ).astype(np.float32),
}


@pytest.mark.parametrize("name", LOUD_SOUNDS)
def test_the_limiter_keeps_true_peaks_below_the_ceiling(name: str) -> None:
    for ceiling in (-1.0, -6.0):
        assert true_peak(limited(LOUD_SOUNDS[name], ceiling)) < ceiling


def test_the_limiter_leaves_alone_what_is_soft_enough() -> None:
    soft = 0.05 * white(generator(3), RATE, 2)
    assert np.array_equal(limited(soft), soft)


@pytest.mark.parametrize("target", [-30.0, -23.0, -16.0, -12.0])
def test_mastering_meets_the_loudness_and_the_ceiling(target: float) -> None:
    made = mastered(noise(generator(4), frames(4), slope_curve(50, 8000, -3.0), 2), target)
    assert integrated_loudness(made, RATE) == pytest.approx(target, abs=0.5)
    assert true_peak(made) < -1.0
