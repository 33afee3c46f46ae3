"""Modes, chords and progressions: what follows what, for each mode and manner."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from typing import Literal

from diorama_nodes.audio.signal import Generator
from diorama_nodes.plan.schema import Mode

Manner = Literal["song", "classical", "jazz", "still"]

KEYS = ("C", "C#", "D", "D#", "E", "F", "F#", "G", "G#", "A", "A#", "B")

SCALES: dict[Mode, tuple[int, ...]] = {
    "major": (0, 2, 4, 5, 7, 9, 11),
    "minor": (0, 2, 3, 5, 7, 8, 10),
    "dorian": (0, 2, 3, 5, 7, 9, 10),
    "phrygian": (0, 1, 3, 5, 7, 8, 10),
    "lydian": (0, 2, 4, 6, 7, 9, 11),
    "mixolydian": (0, 2, 4, 5, 7, 9, 10),
    "pentatonic": (0, 2, 4, 7, 9),
}
"""Semitones above the tonic. The pentatonic is the major one."""

PROGRESSIONS: dict[tuple[Mode, Manner], tuple[str, ...]] = {
    ("major", "song"): ("1 5 6 4", "1 4 1 5", "1 6 4 5", "1 4 6 5"),
    ("major", "classical"): ("1 4 5 1", "1 6 2 5", "1 5 1 4", "1 4 2 5"),
    ("major", "jazz"): ("1 6 2 5", "1 4 2 5", "1 2 1 5"),
    ("major", "still"): ("1 4 1 6", "1 6 4 1", "1 3 4 1"),
    ("minor", "song"): ("1 6 4 5", "1 7 6 5", "1 4 1 7", "1 4 6 5"),
    ("minor", "classical"): ("1 4 5M 1", "1 6 4 5M", "1 5M 1 4", "1 2 5M 1"),
    ("minor", "jazz"): ("1 4 1 5", "1 6 4 5M", "1 6 2 5M"),
    ("minor", "still"): ("1 6 1 4", "1 4 1 6", "1 6 4 1"),
    ("dorian", "song"): ("1 4 1 7", "1 7 4 1", "1 4 7 1", "1 2 4 1"),
    ("phrygian", "song"): ("1 2 1 7", "1 2 3 2", "1 7 2 1"),
    ("lydian", "song"): ("1 2 1 2", "1 2 5 1", "1 2 7 2"),
    ("mixolydian", "song"): ("1 7 4 1", "1 4 7 4", "1 7 1 4"),
    ("pentatonic", "song"): ("1 6 1 5", "1 6 2 5", "1 5 6 1"),
}
"""Chords by their degree. An M makes the dominant of a minor key major, so that it leads home. The modes that know
no such dominant keep to the chords that show their own colour, in every manner alike."""

CADENCES: dict[tuple[Mode, Manner], str] = {
    ("major", "still"): "4",
    ("minor", "song"): "7",
    ("minor", "classical"): "5M",
    ("minor", "jazz"): "5M",
    ("minor", "still"): "4",
    ("dorian", "song"): "4",
    ("phrygian", "song"): "2",
    ("lydian", "song"): "2",
    ("mixolydian", "song"): "7",
}
"""The chord before the last tonic, where it is not the fifth."""


@dataclass(frozen=True, slots=True)
class Key:
    """A tonic (0 is C) and a mode."""

    tonic: int
    mode: Mode

    @property
    def pitch_classes(self) -> tuple[int, ...]:
        """The notes of the scale, from the tonic up, each from 0 to 11."""
        return tuple((self.tonic + step) % 12 for step in SCALES[self.mode])

    @property
    def sevens(self) -> tuple[int, ...]:
        """The seven steps from which chords are stacked; those of the pentatonic are the major scale's."""
        return SCALES["major" if self.mode == "pentatonic" else self.mode]


@dataclass(frozen=True, slots=True)
class Chord:
    """A chord: its root (pitch class), and the pitch classes of its notes from the root up."""

    root: int
    notes: tuple[int, ...]
    raised: tuple[int, int] | None = None
    """A step of the scale that gives way to the one above it, as the seventh does before a minor tonic."""

    def fitted(self, pitch: int) -> int:
        """`pitch` of the scale as it sounds over this chord."""
        return pitch + 1 if self.raised and pitch % 12 == self.raised[0] else pitch


@dataclass(frozen=True, slots=True)
class Slot:
    """A stretch of the piece, in beats, over which one chord holds."""

    beat: float
    length: float
    chord: Chord

    @property
    def end(self) -> float:
        """Where the next one begins."""
        return self.beat + self.length


def chord_of(key: Key, numeral: str, size: int) -> Chord:
    """The chord on a degree such as `4` or `5M`, stacked in thirds of the mode; `size` 3 is a triad, 5 a ninth."""
    steps, degree = key.sevens, int(numeral[0]) - 1
    stack = [(key.tonic + steps[(degree + 2 * third) % 7]) % 12 for third in range(size)]
    raised = None
    if numeral.endswith("M"):
        third = (stack[0] + 4) % 12
        raised = ((third - 1) % 12, third)
        stack[1] = third
        # A natural ninth over this dominant leaves the key; its seventh is enough.
        stack = stack[:4]
    elif size == 5 and (stack[4] - stack[0]) % 12 == 1:
        # A flat ninth over a chord that is no dominant grates.
        stack = stack[:4]
    if key.mode == "pentatonic":
        inside = [note for note in stack if note in key.pitch_classes]
        stack = inside if len(inside) > 1 else [stack[0], (stack[0] + 7) % 12]
    return Chord(stack[0], tuple(stack), raised)


def _manner(mode: Mode, manner: Manner) -> Manner:
    return manner if (mode, manner) in PROGRESSIONS else "song"


def cadence_of(mode: Mode, manner: Manner) -> str:
    """The numeral of the chord that leads to the last tonic."""
    return CADENCES.get((mode, _manner(mode, manner)), "5")


def numerals(rng: Generator, mode: Mode, manner: Manner, count: int) -> list[str]:
    """Degrees for `count` chords: phrases of four that begin on the tonic, A A B A, and lead home at the end."""
    choices = PROGRESSIONS[mode, _manner(mode, manner)]
    order = [int(number) for number in rng.permutation(len(choices))]
    first, second = choices[order[0]].split(), choices[order[1]].split()
    chosen: list[str] = []
    while len(chosen) < count:
        chosen += second if len(chosen) // 4 % 4 == 2 else first
    chosen = chosen[:count]
    if count > 1:
        chosen[-1] = cadence_of(mode, manner)
    if count > 2 and chosen[-2] == chosen[-1]:
        chosen[-2] = "1"
    return chosen


def voicings(slots: list[Slot], size: int, center: int) -> list[tuple[int, ...]]:
    """Pitches of each chord near `center`, so placed that the voices move as little as they can."""
    voiced: list[tuple[int, ...]] = []
    for slot in slots:
        classes = _kept(slot.chord, size)
        best = min(_placements(classes, center), key=lambda pitches: _effort(pitches, voiced[-1:], center))
        voiced.append(best)
    return voiced


def _kept(chord: Chord, size: int) -> tuple[int, ...]:
    """At most `size` notes of the chord; the fifth goes first, then the root, which the bass has."""
    notes = list(chord.notes)
    if len(notes) > size and len(notes) > 3:
        notes.pop(2)
    if len(notes) > size:
        notes.pop(0)
    return tuple(notes[:size])


def _placements(classes: tuple[int, ...], center: int) -> list[tuple[int, ...]]:
    """Close and open positions of the pitch classes within an octave and a half around `center`."""
    found = []
    for turn in range(len(classes)):
        order = classes[turn:] + classes[:turn]
        for low in range(center - 14, center + 4):
            if low % 12 != order[0]:
                continue
            pitches = [low]
            for note in order[1:]:
                pitches.append(pitches[-1] + ((note - pitches[-1] - 1) % 12) + 1)
            if pitches[-1] - low <= 19:
                found.append(tuple(sorted(pitches)))
    return found


def _effort(pitches: tuple[int, ...], before: list[tuple[int, ...]], center: int) -> float:
    """How far the voices go, how far from the middle they come to lie, and how much they rub low down."""
    off = abs(sum(pitches) / len(pitches) - center)
    rub = sum(2.0 for low, high in pairwise(pitches) if high - low == 1)
    if not before:
        return off + rub
    moved = sum(min(abs(pitch - old) for old in before[0]) for pitch in pitches)
    return moved + 0.5 * off + rub
