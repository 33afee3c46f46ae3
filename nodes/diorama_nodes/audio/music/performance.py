"""A score played: every note at its time, by its voice, in its place, in one room."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from diorama_nodes.audio.music.genres import Genre
from diorama_nodes.audio.music.score import Drum, Note, Part, Score
from diorama_nodes.audio.music.tape import worn
from diorama_nodes.audio.reverb import reverberated
from diorama_nodes.audio.signal import RATE, Generator, Wave, frames, gain, generator, lay, lowpass, ramp, silence
from diorama_nodes.audio.tone import hertz
from diorama_nodes.audio.voices.catalogue import VOICES
from diorama_nodes.audio.voices.drums import PANS, VARIANTS, stroke
from diorama_nodes.audio.voices.voice import Voice

Progress = Callable[[float], None]
DRUM_SEND = 0.22
DUCKING = {"lofi": 0.28, "electronic": 0.42}
"""By how much the other instruments give way to a stroke of the bass drum."""


def seconds_at(score: Score, beat: float) -> float:
    """The moment of a beat, the off-beats moved by the swing."""
    whole = int(beat)
    part = beat - whole
    swing = score.swing
    moved = part * 2 * swing if part <= 0.5 else swing + (part - 0.5) * 2 * (1 - swing)
    return (whole + moved) * 60 / score.bpm


def performed(score: Score, genre: Genre, seconds: float, seed: int, progress: Progress) -> Wave:
    """The piece as stereo samples of exactly `seconds`, not yet brought to any loudness."""
    count = frames(seconds)
    dry, wet = silence(count), silence(count)
    duck = _ducking(score, genre, count)
    for number, part in enumerate(score.parts):
        progress(number / (len(score.parts) + 2))
        voice = VOICES[part.voice]
        track = _played(part, voice, score, genre, count, generator(seed, 20 + number))
        track *= np.float32(gain(voice.level + genre.levels.get(part.role, 0.0)))
        if part.role != "melody":
            track *= duck[:, None]
        dry += track
        wet += track * np.float32(voice.send)
    drums = _drummed(score, genre, count, generator(seed, 10))
    dry += drums
    wet += drums * np.float32(DRUM_SEND)
    progress(0.85)
    made = dry + (reverberated(wet, genre.room_seconds, genre.room_wet) - wet)
    if genre.worn:
        made = worn(made, generator(seed, 11))
    return (
        made * ramp(count, 0.002, min(1.6, 0.3 * seconds, 0.6 * (seconds - score.final_beat * 60 / score.bpm)))[:, None]
    )


def _played(part: Part, voice: Voice, score: Score, genre: Genre, count: int, rng: Generator) -> Wave:
    """All notes of a part. Notes alike in pitch, length and force are made once."""
    track = silence(count)
    made: dict[tuple[int, int, int], Wave] = {}
    for note in part.notes:
        looseness = float(np.clip(rng.normal(0.0, 1.0), -2, 2)) * genre.looseness
        force = min(max(note.force * (1 + 0.07 * float(np.clip(rng.normal(), -2, 2))), 0.15), 1.0)
        start = max(seconds_at(score, note.beat) + note.strum + (looseness if note.beat > 0 else 0.0), 0.0)
        held = seconds_at(score, note.beat + note.length) - seconds_at(score, note.beat)
        key = (note.pitch, max(round(held * 25), 1), round(force * 10))
        if key not in made:
            made[key] = voice.play(hertz(note.pitch), key[1] / 25, key[2] / 10)
        lay(track, made[key], frames(start), _place(voice, note))
    return _colored(track, voice)


def _place(voice: Voice, note: Note) -> float:
    return voice.pan + voice.spread * min(max((note.pitch - 62) / 24, -1.0), 1.0)


def _colored(track: Wave, voice: Voice) -> Wave:
    """What the voice does to the whole part: an amplifier that is driven, a slow swaying."""
    if voice.drive:
        track = lowpass(np.tanh(track * np.float32(voice.drive)) * np.float32(0.5), 4800)
    if voice.tremolo:
        moment = np.arange(len(track), dtype=np.float32) / RATE
        sway = np.float32(voice.tremolo) * np.sin(2 * np.pi * np.float32(3.1) * moment)
        track = track * np.stack([1 + sway, 1 - sway], axis=1)
    return track


def _drummed(score: Score, genre: Genre, count: int, rng: Generator) -> Wave:
    track = silence(count)
    made: dict[tuple[Drum, int], Wave] = {}
    for number, hit in enumerate(score.hits):
        key = (hit.drum, number % VARIANTS)
        if key not in made:
            made[key] = stroke(*key)
        loose = 0.0 if hit.drum == "kick" else 0.4 * genre.looseness * float(np.clip(rng.normal(), -2, 2))
        late = 0.010 if genre.worn and hit.drum == "snare" else 0.0
        start = max(seconds_at(score, hit.beat) + loose + late, 0.0)
        lay(track, made[key], frames(start), PANS.get(hit.drum, 0.0), hit.force**1.3)
    return track * np.float32(gain(genre.drums_level))


def _ducking(score: Score, genre: Genre, count: int) -> Wave:
    """How far the other instruments step back at each moment, as a factor."""
    depth = DUCKING.get("lofi" if genre.worn else genre.kit, 0.0)
    curve = np.zeros(count, np.float32)
    long = frames(0.32)
    moment = np.arange(long, dtype=np.float32) / RATE
    dip = np.minimum(moment / 0.004, 1) * np.exp(-moment / 0.09)
    for hit in score.hits:
        start = frames(seconds_at(score, hit.beat))
        if depth and hit.drum == "kick" and start < count:
            part = curve[start : start + long]
            np.maximum(part, dip[: len(part)] * np.float32(hit.force), out=part)
    return np.asarray(1 - np.float32(depth) * curve, np.float32)
