"""What can be heard in a sound without knowing how it was made: loudness, tempo, key."""

from __future__ import annotations

from typing import Literal

import numpy as np
from pydantic import BaseModel, ConfigDict

from diorama_nodes.audio.loudness import integrated_loudness, true_peak
from diorama_nodes.audio.music.harmony import KEYS
from diorama_nodes.audio.signal import RATE, Numbers, Wave

KeyMode = Literal["major", "minor"]

PROFILES: dict[KeyMode, tuple[float, ...]] = {
    "major": (6.35, 2.23, 3.48, 2.33, 4.38, 4.09, 2.52, 5.19, 2.39, 3.66, 2.29, 2.88),
    "minor": (6.33, 2.68, 3.52, 5.38, 2.60, 3.53, 2.54, 4.75, 3.98, 2.69, 3.34, 3.17),
}
"""How well each note fits a key, from the tonic up, as listeners judged (Krumhansl and Kessler, 1982)."""

SLOWEST, FASTEST = 50.0, 200.0
HOP = 256
WINDOW = 1024
LEAST_SECONDS = 3.0
LAGS = ((0.5, 0.6), (1.0, 2.0), (2.0, 1.0), (4.0, 1.0), (8.0, 0.6), (16.0, 0.4))
"""Beats over which onsets are compared, and the weight of each."""
LOWEST_PITCH = 33
HARMONICS = ((19, 0.6), (28, 0.5), (31, 0.4), (34, 0.3))
"""Semitones from a pitch to its third, fifth, sixth and seventh harmonic, and the share that each may have."""


class AudioReport(BaseModel):
    """The measures of a sound. Tempo and key are estimates, and None where the sound is too short or too quiet."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    seconds: float
    loudness: float
    """Integrated, in LUFS."""
    true_peak: float
    """In dBTP."""
    bpm: float | None = None
    """The pulse; as for listeners, half or twice of it may be meant."""
    key: str | None = None
    mode: KeyMode | None = None


def measured(wave: Wave) -> AudioReport:
    """The report on a stereo sound at the pack's rate."""
    seconds, loudness = len(wave) / RATE, integrated_loudness(wave, RATE)
    key: str | None = None
    mode: KeyMode | None = None
    bpm: float | None = None
    if loudness > -70 and seconds >= LEAST_SECONDS:
        tonic, mode, _ = key_of(chroma(wave))
        key, bpm = KEYS[tonic], round(tempo(onsets(wave)), 1)
    return AudioReport(
        seconds=round(seconds, 3),
        loudness=round(loudness, 2),
        true_peak=round(true_peak(wave), 2),
        bpm=bpm,
        key=key,
        mode=mode,
    )


def _magnitudes(mono: Wave, window: int, hop: int) -> Numbers:
    """Spectra of Hann windows, (windows, bins)."""
    import scipy.fft

    padded = np.pad(mono, (window // 2, window))
    places = np.lib.stride_tricks.sliding_window_view(padded, window)[::hop]
    return np.asarray(np.abs(scipy.fft.rfft(places * np.hanning(window).astype(np.float32), axis=1)))


def onsets(wave: Wave) -> Numbers:
    """How much begins at each moment: the rise of the compressed spectrum, every 256 frames."""
    spectrum = np.log1p(100 * _magnitudes(wave.mean(axis=1), WINDOW, HOP))
    rise = np.maximum(np.diff(spectrum, axis=0, prepend=spectrum[:1]), 0).sum(axis=1)
    local = np.convolve(rise, np.ones(87) / 87, "same")
    return np.asarray(np.maximum(rise - local, 0))


def tempo(strength: Numbers, around: float = 118.0) -> float:
    """The beats a minute at which onsets agree best with themselves, a tempo near `around` being preferred.

    The autocorrelation is summed over half a beat and one, two, four and more beats: the parts of a beat tell a tempo
    from one that is two thirds of it, and the long lags make a long piece decide finely.
    """
    import scipy.fft

    size = scipy.fft.next_fast_len(2 * len(strength), real=True)
    agreement = scipy.fft.irfft(np.abs(scipy.fft.rfft(strength - strength.mean(), size)) ** 2, size)[: len(strength)]
    agreement = agreement / np.maximum(len(strength) - np.arange(len(strength)), len(strength) / 8)
    candidates = np.arange(SLOWEST, FASTEST, 0.1)
    beat = 60 / candidates * RATE / HOP
    score = np.zeros(len(candidates))
    for multiple, weight in LAGS:
        score += weight * np.interp(beat * multiple, np.arange(len(agreement)), agreement, right=0.0)
    preference = np.exp(-0.5 * (np.log2(candidates / around) / 0.9) ** 2)
    return float(candidates[int(np.argmax(score * preference))])


def chroma(wave: Wave) -> Numbers:
    """How much of each pitch class sounds, (12,), C first.

    Peaks of the spectrum are gathered by pitch; then, from low to high, each pitch takes back what its own harmonics
    brought to the pitches above it: a third harmonic is a fifth that nobody plays.
    """
    window = 16_384
    magnitudes = _magnitudes(wave.mean(axis=1), window, window // 2)
    hertz = np.fft.rfftfreq(window, 1 / RATE)
    within = (hertz > 54) & (hertz < 1600)
    energy = np.sqrt(magnitudes[:, within])
    top = np.pad(energy, ((0, 0), (1, 1)))
    energy = energy * ((energy >= top[:, :-2]) & (energy >= top[:, 2:]))
    pitch = np.round(69 + 12 * np.log2(hertz[within] / 440)).astype(np.int64) - LOWEST_PITCH
    salience = np.stack([np.bincount(pitch, weights=row) for row in energy])
    for low in range(salience.shape[1]):
        for above, share in HARMONICS:
            if low + above < salience.shape[1]:
                left = salience[:, low + above] - share * salience[:, low]
                salience[:, low + above] = np.maximum(left, 0.0)
    total = salience.sum(axis=0)
    return np.asarray(np.bincount((np.arange(len(total)) + LOWEST_PITCH) % 12, weights=total, minlength=12))


def key_of(classes: Numbers) -> tuple[int, KeyMode, float]:
    """The key whose profile correlates best with the pitch classes: tonic, mode, and the correlation."""
    best: tuple[int, KeyMode, float] = (0, "major", -2.0)
    for mode, profile in PROFILES.items():
        for tonic in range(12):
            fit = float(np.corrcoef(np.roll(classes, -tonic), profile)[0, 1])
            if fit > best[2]:
                best = (tonic, mode, fit)
    return best
