"""The words of a score: notes, hits, parts."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Drum = Literal["kick", "snare", "rim", "brush", "clap", "hat", "open_hat", "ride", "crash", "shaker", "tom", "timpani"]
Role = Literal["melody", "chords", "bass", "pad"]


@dataclass(frozen=True, slots=True)
class Note:
    """A note: where it begins and how long it is (beats), its MIDI pitch, and its force from 0 to 1."""

    beat: float
    length: float
    pitch: int
    force: float = 0.7
    strum: float = 0.0
    """Seconds by which it comes after its beat, as the strings of a struck chord do."""


@dataclass(frozen=True, slots=True)
class Hit:
    """A stroke on a drum."""

    beat: float
    drum: Drum
    force: float = 0.8


@dataclass(frozen=True, slots=True)
class Part:
    """What one instrument plays."""

    role: Role
    voice: str
    notes: tuple[Note, ...]


@dataclass(frozen=True, slots=True)
class Score:
    """A piece: its parts, and its last chord at `final_beat`, which rings until the end."""

    bpm: float
    beats_per_bar: int
    final_beat: float
    end_beat: float
    parts: tuple[Part, ...]
    hits: tuple[Hit, ...]
    swing: float
    """Where in a beat the off-beat falls: 0.5 is straight, 0.66 a triplet."""
