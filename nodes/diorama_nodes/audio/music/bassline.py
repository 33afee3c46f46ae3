"""The lowest voice: roots, fifths, and the steps that lead from one chord to the next."""

from __future__ import annotations

from collections.abc import Sequence

from diorama_nodes.audio.music.genres import BassLine
from diorama_nodes.audio.music.harmony import Key, Slot
from diorama_nodes.audio.music.score import Note
from diorama_nodes.audio.signal import Generator

LOWEST = 34
"""A# 1: low, and still heard on small loudspeakers."""


def root_of(slot: Slot, lowest: int = LOWEST) -> int:
    """The chord's root in the octave above `lowest`."""
    return lowest + (slot.chord.root - lowest) % 12


def bassline(
    manner: BassLine, slots: Sequence[Slot], final: Slot, key: Key, rng: Generator, lowest: int = LOWEST
) -> list[Note]:
    """The bass under `slots` and the root under the last chord."""
    notes: list[Note] = []
    for number, slot in enumerate(slots):
        following = slots[number + 1] if number + 1 < len(slots) else final
        notes += _under(manner, slot, root_of(following, lowest), key, rng, lowest)
    return [*notes, Note(final.beat, final.length, root_of(final, lowest), 0.8)]


def _under(manner: BassLine, slot: Slot, toward: int, key: Key, rng: Generator, lowest: int) -> list[Note]:
    root = root_of(slot, lowest)
    if manner == "walking":
        return _walk(slot, root, toward, rng)
    if manner == "pedal":
        tonic = lowest + (key.tonic - lowest) % 12
        return [Note(slot.beat, slot.length, tonic, 0.6)]
    if manner == "fifths" and slot.length >= 2:
        fifth = _fifth(slot, root)
        fifth = fifth if fifth < lowest + 16 else fifth - 12
        half = slot.length / 2 if slot.length != 3 else 2.0
        return [Note(slot.beat, half * 0.8, root, 0.8), Note(slot.beat + half, half * 0.75, fifth, 0.68)]
    if manner == "eighths":
        strokes = range(round(slot.length * 2))
        return [Note(slot.beat + stroke / 2, 0.46, root, 0.8 if stroke % 2 == 0 else 0.68) for stroke in strokes]
    if manner == "offbeat":
        strokes = range(round(slot.length * 2))
        return [
            Note(slot.beat + stroke / 2, 0.4, root + 12 * (stroke % 2), 0.85 - 0.1 * (stroke % 2)) for stroke in strokes
        ]
    if manner == "lofi" and slot.length >= 2:
        return _lofi(slot, root, toward, rng)
    return [Note(slot.beat, slot.length * 0.95, root, 0.75)]


def _fifth(slot: Slot, root: int) -> int:
    """The chord's own fifth above `root`, which may be a flat one."""
    return root + (slot.chord.notes[min(2, len(slot.chord.notes) - 1)] - root) % 12


def _lofi(slot: Slot, root: int, toward: int, rng: Generator) -> list[Note]:
    """The root, late and long, and a step towards the next root."""
    notes = [Note(slot.beat, slot.length - 0.6, root, 0.8)]
    if toward != root:
        step = toward - 1 if toward > root else toward + 2
        notes.append(Note(slot.end - 0.5, 0.42, _fifth(slot, root) if rng.random() < 0.6 else step, 0.55))
    elif slot.length >= 4:
        notes.append(Note(slot.beat + slot.length / 2 + 0.5, 0.9, root, 0.6))
    return notes


def _walk(slot: Slot, root: int, toward: int, rng: Generator) -> list[Note]:
    """A note a beat: through the chord, and by a half step into the next root."""
    tones = [root + (note - root) % 12 for note in slot.chord.notes[:4]]
    beats = round(slot.length)
    notes = [Note(slot.beat, 0.92, root, 0.8)]
    for beat in range(1, beats):
        if beat == beats - 1:
            pitch = toward - 1 if rng.random() < 0.55 else toward + 1
        else:
            pitch = tones[min(beat, len(tones) - 1)] if rng.random() < 0.75 else tones[int(rng.integers(len(tones)))]
        notes.append(Note(slot.beat + beat, 0.9, pitch, 0.72))
    return notes
