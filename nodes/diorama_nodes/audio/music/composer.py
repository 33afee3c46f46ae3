"""A score from a genre, a tempo, a key, a metre and a mood."""

from __future__ import annotations

from dataclasses import dataclass

from diorama_nodes.audio.music.bassline import LOWEST, bassline
from diorama_nodes.audio.music.comping import comped, struck
from diorama_nodes.audio.music.drumming import drumming
from diorama_nodes.audio.music.genres import GENRES, Comping, Genre
from diorama_nodes.audio.music.harmony import KEYS, Key, Slot, chord_of, numerals, voicings
from diorama_nodes.audio.music.instruments import cast_voices, has_drums
from diorama_nodes.audio.music.melody import melody
from diorama_nodes.audio.music.score import Note, Part, Role, Score
from diorama_nodes.audio.signal import Generator, generator
from diorama_nodes.plan.schema import MusicSpec

TAIL_BEATS = 2.0
"""The last chord rings for at least so many beats, where the length allows."""


LONG_BARS = 16
INTRO_BARS = 4
"""A piece of so many bars begins without its tune and its drums, which then come in."""


@dataclass(frozen=True, slots=True)
class Mood:
    """What a mood changes: the melody's density, how high it lies (semitones), and the force of every note."""

    density: float = 0.0
    lift: int = 0
    force: float = 1.0


MOODS: tuple[tuple[tuple[str, ...], Mood], ...] = (
    (("sad", "melanchol", "lonely", "wistful", "mourn", "nostalg"), Mood(-0.15, -3, 0.88)),
    (("dark", "tense", "ominous", "myster", "noir", "eerie", "spooky", "grim"), Mood(-0.12, -5, 0.92)),
    (("calm", "peace", "quiet", "gentle", "soft", "dream", "relax", "serene", "chill"), Mood(-0.15, 0, 0.82)),
    (("romantic", "tender", "love", "warm"), Mood(-0.08, 2, 0.9)),
    (("happy", "joy", "cheer", "bright", "playful", "upbeat", "merry", "fun"), Mood(0.15, 4, 1.05)),
    (("epic", "heroic", "triumph", "energetic", "power", "fast", "intense", "driving"), Mood(0.12, 2, 1.15)),
)
"""Moods by the words that begin like one of these."""

MELODY_CENTER: dict[str, int] = {
    "flute": 77,
    "bells": 84,
    "vibraphone": 74,
    "violins": 74,
    "cellos": 55,
    "trumpet": 69,
    "saxophone": 63,
    "muted_keys": 70,
    "lead_guitar": 69,
    "electric_guitar": 64,
    "guitar": 69,
    "horns": 60,
    "choir": 69,
}
"""Where a voice's tunes lie at their best, as a MIDI pitch; 72 for others."""

CHORDS_CENTER: dict[str, int] = {
    "bells": 76,
    "ukulele": 67,
    "koto": 64,
    "harp": 64,
    "guitar": 57,
    "horns": 60,
    "pluck": 64,
    "electric_guitar": 52,
}


def mood_of(name: str | None) -> Mood:
    """The mood that a word means, or none at all."""
    plain = (name or "").lower()
    return next((mood for words, mood in MOODS if any(word in plain for word in words)), Mood())


def beats_of(spec: MusicSpec) -> int:
    """Beats of a bar as asked, but of a waltz three."""
    return 3 if spec.genre == "waltz" and spec.beats_per_bar % 3 else spec.beats_per_bar


def composed(spec: MusicSpec, seconds: float, seed: int) -> Score:
    """A score for `spec` that lasts `seconds` and comes to rest on the tonic."""
    genre, key = GENRES[spec.genre], Key(KEYS.index(spec.key), spec.mode)
    beats = beats_of(spec)
    end = seconds * spec.bpm / 60
    bars = max(int((end - min(TAIL_BEATS, end / 2)) // beats), 0)
    final_beat = float(bars * beats)
    rng = generator(seed, 1)
    slots = _slots(rng, genre, key, bars, beats, spec.bpm)
    final = Slot(final_beat, end - final_beat, chord_of(key, "1", genre.chord_size))
    voices = cast_voices(spec.genre, genre.voices, spec.instruments)
    parts = [_part(role, voices[role], spec, slots, final, seed) for role in voices]
    opening = float(INTRO_BARS * beats) if bars >= LONG_BARS else 0.0
    kit = genre.kit if genre.kit != "none" or not has_drums(spec.instruments) else "folk"
    if spec.instruments and spec.genre in ("folk", "waltz", "orchestral") and not has_drums(spec.instruments):
        kit = "none"
    hits = drumming(kit, bars, beats, final_beat, generator(seed, 2))
    parts = [_from(part, opening) if part.role == "melody" and len(parts) > 1 else part for part in parts]
    hits = [hit for hit in hits if hit.beat >= opening and not _rests(hit.beat / beats, bars)]
    return Score(spec.bpm, beats, final_beat, end, tuple(parts), tuple(hits), genre.swing)


def _from(part: Part, beat: float) -> Part:
    return Part(part.role, part.voice, tuple(note for note in part.notes if note.beat >= beat))


def _rests(bar: float, bars: int) -> bool:
    """Whether the drums pause here: for the seventh phrase of every eight, so that they may come in again."""
    return bars >= LONG_BARS and bar < bars and int(bar) // 4 % 8 == 6


def _slots(rng: Generator, genre: Genre, key: Key, bars: int, beats: int, bpm: float) -> list[Slot]:
    """The chords: one a bar, or two where bars are long or few, so that even a short piece goes somewhere."""
    bar_seconds = beats * 60 / bpm
    halves = beats % 2 == 0 and beats >= 4 and (bar_seconds > 3.2 or bars < 4) and genre.manner != "still"
    length = beats / 2 if halves else float(beats)
    count = bars * 2 if halves else bars
    chords = [chord_of(key, numeral, genre.chord_size) for numeral in numerals(rng, key.mode, genre.manner, count)]
    return [Slot(number * length, length, chord) for number, chord in enumerate(chords)]


def _part(role: Role, voice: str, spec: MusicSpec, slots: list[Slot], final: Slot, seed: int) -> Part:
    genre, key, mood = GENRES[spec.genre], Key(KEYS.index(spec.key), spec.mode), mood_of(spec.mood)
    rng = generator(seed, {"melody": 3, "chords": 4, "bass": 5, "pad": 6}[role])
    if role == "melody":
        density = min(max(genre.density + mood.density - (0.2 if spec.bpm > 150 else 0.0), 0.05), 0.95)
        center = MELODY_CENTER.get(voice, 72) + mood.lift
        notes = melody(rng, key, slots, final, beats_of(spec), density, center)
    elif role == "bass":
        notes = bassline(genre.bass, slots, final, key, rng, LOWEST - 5 if voice == "sub" else LOWEST)
    else:
        notes = _harmony(role, voice, genre, slots, final, rng)
    return Part(role, voice, tuple(_forced(note, mood.force) for note in notes))


def _harmony(role: Role, voice: str, genre: Genre, slots: list[Slot], final: Slot, rng: Generator) -> list[Note]:
    """Chords or pad, the last chord rolled a little where it is plucked."""
    center = CHORDS_CENTER.get(voice, 60)
    voiced = voicings([*slots, final], min(genre.chord_size, 4), center)
    comping: Comping = "held" if role == "pad" else genre.comping
    if comping == "power" and voice != "electric_guitar":
        comping = "strum"
    notes = comped(comping, slots, voiced[:-1], rng)
    roll = 0.0 if role == "pad" else 0.03
    return notes + struck(voiced[-1], final.beat, final.length, 0.62, roll)


def _forced(note: Note, force: float) -> Note:
    return Note(note.beat, note.length, note.pitch, min(note.force * force, 1.0), note.strum)
