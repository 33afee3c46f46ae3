"""Scores: every note where key, chord and metre want it, in all modes and genres."""

from __future__ import annotations

from itertools import pairwise
from typing import get_args

import numpy as np
import pytest

from diorama_nodes.audio.music.composer import composed
from diorama_nodes.audio.music.genres import GENRES
from diorama_nodes.audio.music.harmony import (
    KEYS,
    PROGRESSIONS,
    SCALES,
    Key,
    Manner,
    Slot,
    cadence_of,
    chord_of,
    numerals,
    voicings,
)
from diorama_nodes.audio.music.instruments import NAMED, cast_voices
from diorama_nodes.audio.music.performance import seconds_at
from diorama_nodes.audio.signal import generator
from diorama_nodes.audio.voices.catalogue import VOICES
from diorama_nodes.audio.voices.drums import STROKES
from diorama_nodes.plan.schema import Mode, MusicSpec

MODES: tuple[Mode, ...] = get_args(Mode)

CHORDS = [
    ("the tonic of C major", Key(0, "major"), "1", 3, (0, 4, 7)),
    ("the fifth of C major with its seventh", Key(0, "major"), "5", 4, (7, 11, 2, 5)),
    ("the ninth on the tonic of A minor", Key(9, "minor"), "1", 5, (9, 0, 4, 7, 11)),
    ("the fifth of A minor made major", Key(9, "minor"), "5M", 3, (4, 8, 11)),
    ("the fourth of D dorian, which is major", Key(2, "dorian"), "4", 3, (7, 11, 2)),
    ("the second of E phrygian, a half step up", Key(4, "phrygian"), "2", 3, (5, 9, 0)),
    ("the second of F lydian, which is major", Key(5, "lydian"), "2", 3, (7, 11, 2)),
    ("the seventh of G mixolydian, a whole step down", Key(7, "mixolydian"), "7", 3, (5, 9, 0)),
    ("the fifth of C pentatonic without its leading note", Key(0, "pentatonic"), "5", 3, (7, 2)),
]


@pytest.mark.parametrize(("name", "key", "numeral", "size", "wanted"), CHORDS, ids=[case[0] for case in CHORDS])
def test_a_chord_has_the_notes_of_its_degree(
    name: str, key: Key, numeral: str, size: int, wanted: tuple[int, ...]
) -> None:
    assert chord_of(key, numeral, size).notes == wanted


@pytest.mark.parametrize(("mode", "manner"), PROGRESSIONS)
def test_a_progression_begins_at_home_and_ends_before_it(mode: Mode, manner: Manner) -> None:
    for count in (2, 3, 4, 7, 8, 16):
        chosen = numerals(generator(count), mode, manner, count)
        assert len(chosen) == count
        assert chosen[0] == "1"
        assert chosen[-1] == cadence_of(mode, manner)
        assert chosen[-2] != chosen[-1]


def test_voices_move_little_from_chord_to_chord() -> None:
    key = Key(0, "major")
    slots = [Slot(4.0 * n, 4.0, chord_of(key, numeral, 3)) for n, numeral in enumerate("164514251")]
    voiced = voicings(slots, 3, 60)
    for slot, pitches in zip(slots, voiced, strict=True):
        assert {pitch % 12 for pitch in pitches} == set(slot.chord.notes)
    moves = [abs(a - b) for low, high in pairwise(voiced) for a, b in zip(low, high, strict=True)]
    assert np.mean(moves) <= 2.5
    assert max(moves) <= 5


@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize("genre", ["ambient", "folk", "rock", "classical"])
def test_every_note_is_of_the_scale_or_leads_into_it(genre: str, mode: Mode) -> None:
    for seed in range(4):
        spec = MusicSpec(genre=genre, mode=mode, key="D", bpm=100)
        score = composed(spec, 24.0, seed)
        inside = {(2 + step) % 12 for step in SCALES["major" if mode == "pentatonic" else mode]}
        led = {(2 + 11) % 12} if mode == "minor" else set()
        notes = [note for part in score.parts for note in part.notes]
        assert {note.pitch % 12 for note in notes} <= inside | led
        if mode == "pentatonic":
            tune = [note.pitch % 12 for part in score.parts if part.role == "melody" for note in part.notes]
            assert set(tune) <= {(2 + step) % 12 for step in SCALES["pentatonic"]}


@pytest.mark.parametrize("genre", GENRES)
def test_a_piece_ends_on_the_tonic_at_the_start_of_a_bar(genre: str) -> None:
    for seconds, key in ((5.0, "C"), (12.0, "F#"), (31.7, "A")):
        spec = MusicSpec(genre=genre, key=key, mode="minor", bpm=92)
        score = composed(spec, seconds, 3)
        assert score.final_beat % score.beats_per_bar == 0
        assert score.end_beat == pytest.approx(seconds * 92 / 60)
        last = [note for part in score.parts for note in part.notes if note.beat >= score.final_beat]
        tonic = KEYS.index(key)
        lowest = min(note.pitch for note in last)
        assert lowest % 12 == tonic
        assert all(note.beat + note.length <= score.end_beat + 1e-6 for note in last)
        for part in score.parts:
            assert all(0 <= note.beat <= score.final_beat and note.length > 0 for note in part.notes)


@pytest.mark.parametrize("beats", [2, 3, 4, 5, 6, 7])
@pytest.mark.parametrize("genre", GENRES)
def test_the_metre_is_the_asked_one_but_for_the_waltz(genre: str, beats: int) -> None:
    score = composed(MusicSpec(genre=genre, beats_per_bar=beats, bpm=120), 16.0, 1)
    assert score.beats_per_bar == (3 if genre == "waltz" and beats % 3 else beats)
    assert all(0 <= hit.beat <= score.final_beat for hit in score.hits)
    assert all(hit.drum in STROKES for hit in score.hits)


def test_the_motif_comes_back() -> None:
    """The second bar of a phrase has the rhythm of the first."""
    score = composed(MusicSpec(genre="folk", bpm=120), 20.0, 5)
    tune = next(part for part in score.parts if part.role == "melody").notes
    bars = [[note.beat - 4 * bar for note in tune if 4 * bar <= note.beat < 4 * bar + 4] for bar in range(8)]
    assert bars[0] == bars[1] == bars[4]
    assert len(bars[3]) < 5


def test_swing_moves_the_off_beats_and_nothing_else() -> None:
    score = composed(MusicSpec(genre="jazz", bpm=60), 12.0, 1)
    assert seconds_at(score, 3.0) == pytest.approx(3.0)
    assert seconds_at(score, 3.5) == pytest.approx(3.0 + GENRES["jazz"].swing)


CASTS = [
    ("a piano alone plays tune, chords and bass", "classical", ("piano",), {"piano"}),
    ("a flute over a guitar", "folk", ("flute", "guitar"), {"flute", "guitar"}),
    ("a koto in ambient music has a pad under it", "ambient", ("koto",), {"koto", "pad"}),
    ("lofi keeps its bass under a named piano", "lofi", ("piano",), {"piano", "soft_bass"}),
    ("a ukulele alone plays tune and chords", "folk", ("ukulele",), {"ukulele"}),
    ("a bass drum is no bass", "folk", ("bass drum", "flute"), {"flute", "guitar"}),
    ("cellos are the bass of strings", "classical", ("strings",), {"strings", "cellos"}),
    ("rock's bass is a guitar", "rock", ("bass", "guitar"), {"guitar", "bass_guitar"}),
    ("words that name no instrument change nothing", "rock", ("noise",), set(GENRES["rock"].voices.values())),
]


@pytest.mark.parametrize(("name", "genre", "asked", "wanted"), CASTS, ids=[case[0] for case in CASTS])
def test_named_instruments_play(name: str, genre: str, asked: tuple[str, ...], wanted: set[str]) -> None:
    assert set(cast_voices(genre, GENRES[genre].voices, asked).values()) == wanted


def test_every_voice_that_is_named_anywhere_exists() -> None:
    named = {voice for genre in GENRES.values() for voice in genre.voices.values()} | {voice for _, voice, _ in NAMED}
    assert named <= set(VOICES)
