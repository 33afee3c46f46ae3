"""What makes a genre: its harmony, its instruments, how each plays, its swing and its room."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

from diorama_nodes.audio.music.harmony import Manner
from diorama_nodes.audio.music.score import Role

Comping = Literal[
    "lofi", "held", "alberti", "arpeggio", "sparse", "sixteenths", "strum", "power", "oompah", "jazz", "march"
]
BassLine = Literal["lofi", "root", "fifths", "walking", "eighths", "offbeat", "pedal"]
Kit = Literal["none", "lofi", "electronic", "rock", "folk", "jazz", "march", "timpani", "waltz"]


@dataclass(frozen=True, slots=True)
class Genre:
    """How a genre is played. `voices` are its own instruments by role; levels are decibels."""

    manner: Manner
    chord_size: int
    voices: dict[Role, str]
    comping: Comping
    bass: BassLine
    kit: Kit
    swing: float = 0.5
    density: float = 0.5
    """How many notes the melody takes: 0 for long ones, 1 for runs."""
    room_seconds: float = 1.6
    room_wet: float = 0.2
    levels: dict[Role, float] = field(default_factory=dict)
    drums_level: float = 0.0
    looseness: float = 0.006
    """Standard deviation of the players' timing in seconds."""
    worn: bool = False
    """Whether it plays from an old tape over a dusty record."""


GENRES: dict[str, Genre] = {
    "lofi": Genre(
        "jazz",
        5,
        {"chords": "electric_piano", "bass": "soft_bass", "melody": "muted_keys"},
        "lofi",
        "lofi",
        "lofi",
        swing=0.58,
        density=0.42,
        room_seconds=1.1,
        room_wet=0.16,
        levels={"melody": -4.0, "chords": -6.0, "bass": -2.5},
        drums_level=0.5,
        looseness=0.007,
        worn=True,
    ),
    "ambient": Genre(
        "still",
        4,
        {"pad": "pad", "chords": "bells", "bass": "sub", "melody": "soft_piano"},
        "sparse",
        "pedal",
        "none",
        density=0.12,
        room_seconds=4.5,
        room_wet=0.55,
        levels={"pad": -9.0, "chords": -11.0, "bass": -5.0, "melody": -2.0},
    ),
    "classical": Genre(
        "classical",
        3,
        {"melody": "piano", "chords": "piano", "bass": "piano"},
        "alberti",
        "root",
        "none",
        density=0.6,
        room_seconds=1.9,
        room_wet=0.2,
        levels={"melody": 0.0, "chords": -5.5, "bass": -6.0},
    ),
    "electronic": Genre(
        "song",
        4,
        {"melody": "lead", "chords": "pluck", "bass": "synth_bass", "pad": "pad"},
        "sixteenths",
        "offbeat",
        "electronic",
        density=0.5,
        room_seconds=2.0,
        room_wet=0.22,
        levels={"melody": -2.0, "chords": -5.0, "pad": -12.0, "bass": -4.0},
        drums_level=-2.5,
        looseness=0.0,
    ),
    "rock": Genre(
        "song",
        3,
        {"melody": "lead_guitar", "chords": "electric_guitar", "bass": "bass_guitar"},
        "power",
        "eighths",
        "rock",
        density=0.5,
        room_seconds=1.2,
        room_wet=0.13,
        levels={"melody": 0.0, "chords": -12.0, "bass": -1.5},
        drums_level=1.0,
        looseness=0.004,
    ),
    "folk": Genre(
        "song",
        3,
        {"melody": "flute", "chords": "guitar", "bass": "double_bass"},
        "strum",
        "fifths",
        "folk",
        density=0.5,
        room_seconds=1.3,
        room_wet=0.16,
        levels={"melody": 0.0, "chords": -10.0, "bass": -4.0},
        drums_level=-2.0,
    ),
    "jazz": Genre(
        "jazz",
        5,
        {"melody": "vibraphone", "chords": "piano", "bass": "double_bass"},
        "jazz",
        "walking",
        "jazz",
        swing=0.64,
        density=0.6,
        room_seconds=1.3,
        room_wet=0.16,
        levels={"melody": 0.0, "chords": -8.0, "bass": -3.0},
        drums_level=2.5,
        looseness=0.008,
    ),
    "orchestral": Genre(
        "classical",
        3,
        {"melody": "violins", "chords": "harp", "bass": "cellos", "pad": "strings"},
        "arpeggio",
        "root",
        "timpani",
        density=0.4,
        room_seconds=2.8,
        room_wet=0.35,
        levels={"melody": 0.0, "pad": -7.0, "chords": -6.0, "bass": -1.0},
        drums_level=0.0,
        looseness=0.008,
    ),
    "waltz": Genre(
        "classical",
        3,
        {"melody": "violins", "chords": "piano", "bass": "double_bass"},
        "oompah",
        "root",
        "waltz",
        density=0.5,
        room_seconds=1.8,
        room_wet=0.22,
        levels={"melody": 0.0, "chords": -6.0, "bass": -2.0},
        drums_level=-6.0,
    ),
    "march": Genre(
        "classical",
        3,
        {"melody": "trumpet", "chords": "horns", "bass": "tuba"},
        "march",
        "fifths",
        "march",
        density=0.55,
        room_seconds=1.6,
        room_wet=0.2,
        levels={"melody": 0.0, "chords": -2.5, "bass": -1.0},
        drums_level=0.0,
        looseness=0.004,
    ),
}
"""Each genre that a plan can name."""
