"""Composed music as it sounds: tempo, key, loudness, peak, end."""

from __future__ import annotations

import numpy as np
import pytest

from diorama.context import Cancelled, Context
from diorama_nodes.audio.loudness import integrated_loudness, true_peak
from diorama_nodes.audio.measurement import PROFILES, KeyMode, chroma, key_of, onsets, tempo
from diorama_nodes.audio.music.genres import GENRES
from diorama_nodes.audio.music.harmony import KEYS, SCALES
from diorama_nodes.audio.nodes import compose, measure_audio
from diorama_nodes.audio.signal import RATE, Wave
from diorama_nodes.audio.tone import hertz
from diorama_nodes.audio.voices.catalogue import VOICES
from diorama_nodes.plan.schema import Mode, MusicSpec

SECONDS = 9.0

PIECES = [
    ("lofi", 80, "F", "minor"),
    ("lofi", 92, "D", "major"),
    ("ambient", 72, "A", "minor"),
    ("classical", 120, "G", "major"),
    ("classical", 104, "D", "minor"),
    ("electronic", 128, "A#", "minor"),
    ("electronic", 112, "C", "major"),
    ("rock", 120, "D", "major"),
    ("folk", 100, "E", "minor"),
    ("folk", 124, "C#", "major"),
    ("jazz", 132, "F#", "major"),
    ("orchestral", 96, "C", "minor"),
    ("waltz", 140, "G#", "major"),
    ("march", 112, "B", "major"),
]


def made(genre: str, bpm: float, key: str, mode: Mode, seconds: float = SECONDS, seed: int = 1) -> Wave:
    spec = MusicSpec(genre=genre, bpm=bpm, key=key, mode=mode)
    return np.asarray(compose(Context(), spec, seconds, seed).audio.samples)


@pytest.mark.parametrize(("genre", "bpm", "key", "mode"), PIECES)
def test_tempo_key_loudness_and_peak_are_those_asked_for(genre: str, bpm: float, key: str, mode: Mode) -> None:
    wave = made(genre, bpm, key, mode)
    assert wave.shape == (round(SECONDS * RATE), 2)
    # A pulse has octaves as a pitch has: half and twice of it are the same to a listener who taps along.
    heard = tempo(onsets(wave))
    assert min(abs(heard * octave - bpm) for octave in (0.5, 1.0, 2.0)) < 1.0
    tonic, heard_mode, _ = key_of(chroma(wave))
    assert (KEYS[tonic], heard_mode) == (key, mode)
    assert integrated_loudness(wave, RATE) == pytest.approx(-16.0, abs=0.5)
    assert true_peak(wave) < -1.0


@pytest.mark.parametrize("mode", ["dorian", "phrygian", "lydian", "mixolydian", "pentatonic"])
def test_a_mode_sounds_by_its_own_notes_around_its_own_tonic(mode: Mode) -> None:
    """The asked mode's notes hold most of what sounds, and no other scale on the tonic holds as much."""
    spec = MusicSpec(genre="folk", bpm=110, key="D", mode=mode, instruments=("flute", "guitar"))
    wave = np.asarray(compose(Context(), spec, 10.0, 1).audio.samples)
    heard = np.roll(chroma(wave), -KEYS.index("D"))
    held = {other: heard[list(steps)].sum() / heard.sum() for other, steps in SCALES.items() if len(steps) == 7}
    if mode == "pentatonic":
        assert heard[list(SCALES["pentatonic"])].min() > np.delete(heard, SCALES["pentatonic"]).max()
    else:
        assert max(held, key=lambda other: held[other]) == mode
        assert held[mode] > 0.75
    assert heard[0] >= np.sort(heard)[-3]


@pytest.mark.parametrize("genre", GENRES)
def test_a_piece_dies_away_at_its_end_and_not_before(genre: str) -> None:
    wave = made(genre, 96, "C", "major", 4.0)
    level = np.sqrt(np.mean(np.square(wave.reshape(-1, 441, 2)), axis=(1, 2)))
    assert np.abs(wave[-30:]).max() < 1e-3
    assert level[:250].mean() > 0.03
    assert level[220:260].mean() > 0.005


def test_no_music_is_silence_of_the_asked_length() -> None:
    audio = compose(Context(), None, 2.5, 7).audio
    assert audio.samples.shape == (round(2.5 * RATE), 2)
    assert not audio.samples.any()


def test_the_same_seed_gives_the_same_bytes_and_another_gives_another_piece() -> None:
    spec = MusicSpec(genre="lofi", bpm=80, mode="minor")
    first, again, other = (compose(Context(), spec, 3.0, seed).audio.encode() for seed in (4, 4, 5))
    assert first == again
    assert first != other


@pytest.mark.parametrize("seconds", [0.01, 0.7])
def test_even_a_moment_of_music_is_made(seconds: float) -> None:
    for genre in GENRES:
        wave = made(genre, 40, "C", "major", seconds)
        assert wave.shape == (round(seconds * RATE), 2)
        assert np.isfinite(wave).all()


def test_fast_and_slow_extremes_and_odd_metres_are_played() -> None:
    for bpm, beats in ((30.0, 7), (240.0, 5), (240.0, 2)):
        spec = MusicSpec(genre="jazz", bpm=bpm, beats_per_bar=beats)
        assert np.abs(compose(Context(), spec, 4.0, 1).audio.samples).max() > 0.05


def test_a_cancel_takes_hold_while_a_piece_is_played() -> None:
    ctx = Context()
    ctx.on_progress = lambda fraction, message: ctx.cancelled.set() if message == "playing" else None
    with pytest.raises(Cancelled):
        compose(ctx, MusicSpec(), 4.0, 1)


@pytest.mark.parametrize("voice", VOICES)
def test_a_voice_is_in_tune_and_ends_in_silence(voice: str) -> None:
    pitch = 45 if "bass" in voice or voice in ("sub", "tuba", "cellos") else 69
    wave = VOICES[voice].play(hertz(pitch), 0.8, 0.7)
    assert np.isfinite(wave).all()
    assert np.abs(wave).max() < 3.0
    assert np.abs(wave[-8:]).max() < 0.01
    spectrum = np.abs(np.fft.rfft(wave * np.hanning(len(wave)), 2**18))
    around = np.fft.rfftfreq(2**18, 1 / RATE)
    near = (around > hertz(pitch - 0.9)) & (around < hertz(pitch + 0.9))
    heard = around[near][int(np.argmax(spectrum[near]))]
    assert abs(1200 * np.log2(heard / hertz(pitch))) < 12


def test_the_report_tells_what_was_made() -> None:
    audio = compose(Context(), MusicSpec(genre="lofi", bpm=80, key="F", mode="minor"), SECONDS, 1).audio
    report = measure_audio(Context(), audio).report
    assert (report.key, report.mode, report.seconds) == ("F", "minor", SECONDS)
    assert report.bpm == pytest.approx(80, abs=1)
    assert report.loudness == pytest.approx(-16, abs=0.5)


def test_the_report_on_silence_claims_no_key() -> None:
    report = measure_audio(Context(), compose(Context(), None, 4.0, 0).audio).report
    assert report.key is None
    assert report.bpm is None


@pytest.mark.parametrize("mode", PROFILES)
@pytest.mark.parametrize("tonic", range(12))
def test_a_profile_is_recognised_as_its_own_key(tonic: int, mode: KeyMode) -> None:
    found = key_of(np.roll(np.array(PROFILES[mode], np.float64), tonic))
    assert found[:2] == (tonic, mode)
