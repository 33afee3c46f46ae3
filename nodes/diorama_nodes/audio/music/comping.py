"""How the chords are played: held, broken, strummed, struck between the beats."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from diorama_nodes.audio.music.genres import Comping
from diorama_nodes.audio.music.harmony import Slot
from diorama_nodes.audio.music.score import Note
from diorama_nodes.audio.signal import Generator

Pitches = tuple[int, ...]
STRUM_SECONDS = 0.014


def struck(pitches: Sequence[int], beat: float, length: float, force: float, strum: float = 0.0) -> list[Note]:
    """All notes of a chord at a beat, each `strum` seconds after the one before."""
    return [Note(beat, length, pitch, force, strum * number) for number, pitch in enumerate(pitches)]


def _held(slot: Slot, pitches: Pitches, rng: Generator) -> list[Note]:
    return struck(pitches, slot.beat, slot.length * 0.99, 0.6, 0.008)


def _lofi(slot: Slot, pitches: Pitches, rng: Generator) -> list[Note]:
    """A lazy chord on the beat, and the upper notes again before the next one."""
    if slot.length < 2:
        return struck(pitches, slot.beat, slot.length * 0.95, 0.62, STRUM_SECONDS)
    again = slot.length - (0.5 if slot.length <= 2 or rng.random() < 0.4 else 1.5)
    notes = struck(pitches, slot.beat, again * 0.97, 0.66, STRUM_SECONDS)
    return notes + struck(pitches[1:], slot.beat + again, (slot.length - again) * 0.9, 0.48, STRUM_SECONDS / 2)


def _broken(order: Callable[[int, int], int], step: float, ring: float) -> Callable[..., list[Note]]:
    """Single notes of the chord, `step` beats apart, in the `order` that a count and the number of notes give."""

    def play(slot: Slot, pitches: Pitches, rng: Generator) -> list[Note]:
        notes = []
        for number in range(round(slot.length / step)):
            beat = slot.beat + number * step
            force = 0.66 if number == 0 else 0.58 if beat == int(beat) else 0.5
            notes.append(
                Note(
                    beat, min(ring, slot.end - beat + 0.05), pitches[order(number, len(pitches)) % len(pitches)], force
                )
            )
        return notes

    return play


def _up_down(number: int, count: int) -> int:
    turn = max(2 * count - 2, 1)
    return min(number % turn, turn - number % turn)


def _alberti(number: int, count: int) -> int:
    return (0, count - 1, 1, count - 1)[number % 4]


def _rolling(number: int, count: int) -> int:
    return (0, 2, 1, 3, 2, 1, 3, 2)[number % 8]


STRUMS = (
    (0.0, True, 0.8),
    (1.0, True, 0.6),
    (1.5, False, 0.5),
    (2.5, False, 0.55),
    (3.0, True, 0.65),
    (3.5, False, 0.5),
)
"""Beats of a bar of four: when, whether downwards, and how hard."""


def _strum(slot: Slot, pitches: Pitches, rng: Generator) -> list[Note]:
    full = (*pitches, pitches[0] + 12)
    notes: list[Note] = []
    strokes = [stroke for stroke in STRUMS if stroke[0] < slot.length - 1e-6]
    for number, (offset, is_down, force) in enumerate(strokes):
        until = strokes[number + 1][0] if number + 1 < len(strokes) else slot.length
        order = full if is_down else full[:0:-1]
        notes += struck(order, slot.beat + offset, until - offset, force, STRUM_SECONDS * (0.8 if is_down else 0.5))
    return notes


def _power(slot: Slot, pitches: Pitches, rng: Generator) -> list[Note]:
    """Root, fifth and octave in eighths; over them the third, which says whether the chord is major or minor."""
    root = 40 + (slot.chord.root - 40) % 12
    third = root + 12 + (slot.chord.notes[1] - root) % 12
    notes = [Note(slot.beat, slot.length, third, 0.6)]
    for number in range(round(slot.length * 2)):
        beat = slot.beat + number / 2
        length = 0.5 if number == 0 else 0.42
        notes += struck((root, root + 7, root + 12), beat, length, 0.8 if beat == int(beat) else 0.62)
    return notes


def _oompah(slot: Slot, pitches: Pitches, rng: Generator) -> list[Note]:
    notes = []
    for number in range(1, round(slot.length)):
        notes += struck(pitches, slot.beat + number, 0.55, 0.55, 0.004)
    return notes


def _march(slot: Slot, pitches: Pitches, rng: Generator) -> list[Note]:
    notes = []
    for number in range(round(slot.length)):
        notes += struck(pitches, slot.beat + number + 0.5, 0.35, 0.55)
    return notes


JAZZ_STABS = ((0.0, 1.5), (0.0, 2.5), (0.5, 2.0), (1.5, 3.0), (0.0, 1.5, 3.5))


def _jazz(slot: Slot, pitches: Pitches, rng: Generator) -> list[Note]:
    notes: list[Note] = []
    stabs = [offset for offset in JAZZ_STABS[int(rng.integers(len(JAZZ_STABS)))] if offset < slot.length]
    for offset in stabs or [0.0]:
        length = 0.4 if rng.random() < 0.5 else min(1.2, slot.length - offset)
        notes += struck(pitches, slot.beat + offset, length, 0.5 + 0.15 * float(rng.random()), 0.003)
    return notes


PLAYERS: dict[Comping, Callable[[Slot, Pitches, Generator], list[Note]]] = {
    "held": _held,
    "lofi": _lofi,
    "alberti": _broken(_alberti, 0.5, 0.5),
    "arpeggio": _broken(_up_down, 0.5, 2.0),
    "sparse": _broken(_up_down, 1.0, 3.0),
    "sixteenths": _broken(_rolling, 0.25, 0.3),
    "strum": _strum,
    "power": _power,
    "oompah": _oompah,
    "jazz": _jazz,
    "march": _march,
}


def comped(manner: Comping, slots: Sequence[Slot], voiced: Sequence[Pitches], rng: Generator) -> list[Note]:
    """The chords of `slots`, in the pitches that `voiced` gives them, in one manner of playing."""
    player = PLAYERS[manner]
    return [note for slot, pitches in zip(slots, voiced, strict=True) for note in player(slot, pitches, rng)]
