"""A tune: a motif that is moved, varied and brought to rest, phrase by phrase."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from diorama_nodes.audio.music.harmony import Key, Slot
from diorama_nodes.audio.music.score import Note
from diorama_nodes.audio.signal import Generator

Rhythm = tuple[float, ...]
"""Lengths in beats; a negative one is a rest."""

CELLS: tuple[tuple[float, Rhythm], ...] = (
    (0.0, (2.0,)),
    (0.15, (1.5, 0.5)),
    (0.3, (1.0, 1.0)),
    (0.4, (-0.5, 0.5, 1.0)),
    (0.5, (1.0, 0.5, 0.5)),
    (0.6, (0.5, 0.5, 1.0)),
    (0.7, (0.5, 1.0, 0.5)),
    (0.9, (0.5, 0.5, 0.5, 0.5)),
)
"""Rhythms of two beats, each with the density that it suits."""


def rhythm_of_bar(rng: Generator, beats: int, density: float) -> Rhythm:
    """The rhythm of a bar: cells of two beats chosen near `density`, and a single beat where one is left."""
    fit = np.array([np.exp(-(((cell - density) / 0.22) ** 2)) for cell, _ in CELLS])
    lengths: list[float] = []
    for _ in range(beats // 2):
        lengths += CELLS[int(rng.choice(len(CELLS), p=fit / fit.sum()))][1]
    if beats % 2:
        lengths += (0.5, 0.5) if rng.random() < density * 0.7 else (1.0,)
    if density < 0.25 and len(lengths) > 1:
        lengths = [sum(abs(length) for length in lengths[:-1]), lengths[-1]]
    return tuple(lengths)


def contour(rng: Generator, count: int) -> tuple[int, ...]:
    """Steps of the scale from note to note: mostly by one, now and then a leap, which is turned back from."""
    steps: list[int] = [0]
    heading = 1 if rng.random() < 0.6 else -1
    for _ in range(count - 1):
        last = steps[-1]
        if abs(last) > 2:
            step = -int(np.sign(last))
        elif rng.random() < 0.16:
            step = heading * int(rng.integers(3, 5))
        else:
            step = heading * (2 if rng.random() < 0.25 else 1)
            heading = -heading if rng.random() < 0.35 else heading
        steps.append(step)
    return tuple(steps)


def melody(
    rng: Generator, key: Key, slots: Sequence[Slot], final: Slot, beats_per_bar: int, density: float, center: int
) -> list[Note]:
    """The tune over `slots`, bar by bar in phrases of four, and its last note over `final`.

    The first bar states the motif; the second moves it with the harmony; the third turns it about; the fourth
    comes to rest. Phrases follow each other as A A' B A', where B has a motif of its own and lies higher.
    """
    walker = _Walker(key, center)
    bars = max(round((final.beat - slots[0].beat) / beats_per_bar), 0) if slots else 0
    motifs = [_motif(rng, beats_per_bar, density) for _ in range(2)]
    notes: list[Note] = []
    for bar in range(bars):
        phrase, place = divmod(bar, 4)
        in_b = phrase % 4 == 2
        rhythm, steps = motifs[1 if in_b else 0]
        if place == 0:
            walker.return_to(center + (4 if in_b else 0), slots[0].chord.notes if bar == 0 else ())
        if place == 3 or bar == bars - 1:
            rhythm, steps = _closing(beats_per_bar, density), (0, -1, -1, 1)
        elif place == 2:
            steps = tuple(-step for step in steps)
            rhythm = rhythm if rng.random() < 0.5 else rhythm[::-1]
        elif place == 1 and phrase % 2:
            steps = (0, *(step + int(rng.integers(-1, 2)) for step in steps[1:]))
        notes += walker.bar(slots, bar * beats_per_bar, rhythm, steps)
    notes.append(walker.last(final))
    return notes


def _motif(rng: Generator, beats: int, density: float) -> tuple[Rhythm, tuple[int, ...]]:
    rhythm = rhythm_of_bar(rng, beats, density)
    return rhythm, contour(rng, sum(length > 0 for length in rhythm))


def _closing(beats: int, density: float) -> Rhythm:
    """The rhythm of a bar that ends a phrase: it moves, then waits."""
    if density < 0.25 or beats < 3:
        return (float(beats),)
    return (1.0, 1.0, float(beats - 2)) if density < 0.55 else (0.5, 0.5, 1.0, float(beats - 2))


class _Walker:
    """Goes up and down the scale within an octave and a half, and stands on notes of the chord where it counts."""

    def __init__(self, key: Key, center: int) -> None:
        self.key = key
        self.ladder = [pitch for pitch in range(center - 10, center + 13) if pitch % 12 in key.pitch_classes]
        self.place = self._nearest(center)

    def _nearest(self, pitch: int, classes: Sequence[int] = ()) -> int:
        fitting = [index for index, step in enumerate(self.ladder) if not classes or step % 12 in classes]
        return min(fitting or range(len(self.ladder)), key=lambda index: abs(self.ladder[index] - pitch))

    def return_to(self, pitch: int, classes: Sequence[int]) -> None:
        """Go to the step nearest to `pitch`, at best one of `classes`."""
        self.place = self._nearest(pitch, classes)

    def bar(self, slots: Sequence[Slot], start: float, rhythm: Rhythm, steps: Sequence[int]) -> list[Note]:
        """The notes of a bar that begins at beat `start`."""
        notes: list[Note] = []
        beat, number = start, 0
        for length in rhythm:
            if length > 0:
                slot = next(slot for slot in reversed(slots) if slot.beat <= beat + 1e-6)
                self._move(steps[number % len(steps)])
                strong = beat == start or (length >= 1.0 and beat == int(beat))
                if strong:
                    self.place = self._nearest(self.ladder[self.place], slot.chord.notes[:4])
                force = 0.78 if beat == start else 0.7 if beat == int(beat) else 0.6
                notes.append(Note(beat, length * 0.95, slot.chord.fitted(self.ladder[self.place]), force))
                number += 1
            beat += abs(length)
        return notes

    def _move(self, step: int) -> None:
        target = self.place + step
        if not 0 <= target < len(self.ladder):
            target = self.place - step
        self.place = min(max(target, 0), len(self.ladder) - 1)

    def last(self, final: Slot) -> Note:
        """The tonic nearest to where the tune stands, held to the end."""
        place = self._nearest(self.ladder[self.place], (self.key.tonic,))
        return Note(final.beat, final.length, self.ladder[place], 0.75)
