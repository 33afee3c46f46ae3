"""The scene plan: what a sentence says is in the scene, before anything is built."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

TimeOfDay = Literal["dawn", "morning", "noon", "afternoon", "golden_hour", "dusk", "evening", "night", "midnight"]
Weather = Literal["clear", "cloudy", "rain", "storm", "snow", "fog", "mist", "wind", "dust"]
Size = Literal["tiny", "small", "medium", "large", "huge"]
RelationKind = Literal[
    "on",
    "stacked_on",
    "under",
    "above",
    "below",
    "in",
    "next_to",
    "near",
    "far",
    "left_of",
    "right_of",
    "in_front_of",
    "behind",
    "facing",
    "around",
    "between",
    "against_wall",
    "on_wall",
    "in_corner",
    "center_of_room",
    "center_of_scene",
    "hanging_from_ceiling",
    "hanging_from",
    "leaning_against",
    "aligned_row",
    "grid",
    "along",
    "both_sides",
    "opposite_sides",
]
Action = Literal["idle", "walk", "run", "wave", "sit", "dance", "spin"]
Mode = Literal["major", "minor", "dorian", "phrygian", "lydian", "mixolydian", "pentatonic"]
SoundKind = Literal["rain", "wind", "city", "birds", "sea", "fire", "night", "crowd", "thunder", "water", "hum"]
LONGEST_PROMPT = 4000
Name = Annotated[str, Field(min_length=1, max_length=80)]


class Spec(BaseModel):
    """A piece of a plan: frozen, and without keys that it does not know."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class EnvironmentSpec(Spec):
    """Where and when the scene is, and what the air is like."""

    setting: Literal["indoor", "outdoor"] = "outdoor"
    place: Name = "field"
    """What the place is called: `alley`, `kitchen`, `lake_shore`."""
    time_of_day: TimeOfDay = "noon"
    weather: tuple[Weather, ...] = ()
    season: Literal["spring", "summer", "autumn", "winter"] | None = None
    style: Name | None = None
    """A look: `cyberpunk`, `medieval`, `fantasy`."""
    mood: Name | None = None
    """`mysterious`, `calm`, `cheerful`, `sad`, `tense`, `epic`, `romantic`."""
    palette: tuple[Annotated[str, Field(pattern=r"^#[0-9a-f]{6}$")], ...] = ()
    """sRGB colours, the leading one first."""
    width: float | None = Field(default=None, gt=0, le=1000, description="metres along x")
    depth: float | None = Field(default=None, gt=0, le=1000, description="metres along z")


class ObjectSpec(Spec):
    """Objects of one kind that look alike."""

    id: Name
    """A word that relations name, unlike every other in the plan."""
    kind: Name
    """What it is, singular, snake case: `street_lamp`."""
    count: int = Field(default=1, ge=1, le=200)
    color: Annotated[str, Field(pattern=r"^#[0-9a-f]{6}$")] | None = None
    material: Name | None = None
    """`wood`, `metal`, `stone`, `glass`, `leather`, `fabric`, `neon`, `plastic`, `ceramic`, `foliage`."""
    shape: Name | None = None
    size: Size = "medium"
    dimensions: tuple[float | None, float | None, float | None] | None = None
    """Width, height and depth in metres where the sentence gives them."""
    attributes: dict[str, str] = Field(default_factory=dict)
    """Everything else that was said of it: `{"contains": "fruit"}`, `{"text": "kanji"}`."""
    is_implied: bool = False
    """Whether the place brought it along rather than the sentence naming it."""


class RelationSpec(Spec):
    """How the objects of one id stand to those of another."""

    kind: RelationKind
    subject: Name
    object: Name | None = None
    other: Name | None = None
    """The second object of `between`."""
    count: int | None = Field(default=None, ge=1)
    """How many of the subjects it holds for; None for all."""
    rows: int | None = Field(default=None, ge=1)
    columns: int | None = Field(default=None, ge=1)
    distance: float | None = Field(default=None, ge=0)
    """Metres, where the sentence gives them."""
    region: Name | None = None
    """A part of the place instead of an object: `water`, `north edge`."""
    per_object: int | None = Field(default=None, ge=1)
    """How many of the subjects belong to each of the objects."""


class CharacterSpec(Spec):
    """Someone in the scene and what they do."""

    id: Name
    role: Name
    """`detective`, `woman`, `knight`, `robot`."""
    action: Action = "idle"
    pace: Literal["slow", "normal", "fast"] = "normal"
    count: int = Field(default=1, ge=1, le=20)
    color: Annotated[str, Field(pattern=r"^#[0-9a-f]{6}$")] | None = None
    """Colour of the clothes."""
    toward: Name | None = None
    """Id of what they go to or look at."""
    attributes: dict[str, str] = Field(default_factory=dict)
    """What they carry or wear: `{"holds": "umbrella"}`."""


class PathSpec(Spec):
    """Where one figure goes on the ground, and what it does: the layout gives one for each of the cast."""

    character: Name
    """Id of the figure."""
    action: Action = "idle"
    pace: Literal["slow", "normal", "fast"] = "normal"
    points: tuple[tuple[float, float], ...] = Field(min_length=1)
    """Places (x, z) in metres in the order they are passed; a single one for who stays."""
    height: float = 0.0
    """Metres of the ground under them."""
    facing: tuple[float, float] | None = None
    """Direction (x, z) looked in at the end, or all the time by who stays; None for that of the path."""


class CameraSpec(Spec):
    """How the scene is looked at."""

    shot: Literal["wide", "medium", "close", "low_angle", "high_angle", "overhead"] = "wide"
    movement: Literal["static", "dolly_in", "dolly_out", "orbit", "rise", "pan", "follow"] = "dolly_in"
    subject: Name | None = None


class LightSpec(Spec):
    """A light that the sentence names; the sun, moon and sky follow from the time of day."""

    kind: Literal["lamp", "spot", "neon", "fire", "candle", "emergency", "ceiling", "moon", "sun"] = "lamp"
    color: Annotated[str, Field(pattern=r"^#[0-9a-f]{6}$")] | None = None
    strength: Literal["dim", "normal", "bright"] = "normal"


class MusicSpec(Spec):
    """The score."""

    genre: Literal[
        "lofi", "ambient", "classical", "electronic", "rock", "folk", "jazz", "orchestral", "waltz", "march"
    ] = "ambient"
    bpm: float = Field(default=90.0, ge=30, le=240)
    key: Literal["C", "C#", "D", "D#", "E", "F", "F#", "G", "G#", "A", "A#", "B"] = "C"
    mode: Mode = "major"
    beats_per_bar: int = Field(default=4, ge=2, le=7)
    instruments: tuple[Name, ...] = ()
    mood: Name | None = None


class SoundSpec(Spec):
    """A sound of the place."""

    kind: SoundKind
    level: Literal["soft", "normal", "loud"] = "normal"


class Unplaced(Spec):
    """Words of the sentence that the plan could not take up, and why."""

    text: str
    reason: str


class ScenePlan(Spec):
    """Everything that the sentence asks for, and what it left open filled in."""

    title: Name
    prompt: str
    language: Literal["en", "de", "ja", "unknown"] = "en"
    planner: str
    """Which planner made it: `rules` for the embedded one."""
    environment: EnvironmentSpec = Field(default_factory=EnvironmentSpec)
    objects: tuple[ObjectSpec, ...] = ()
    relations: tuple[RelationSpec, ...] = ()
    characters: tuple[CharacterSpec, ...] = ()
    camera: CameraSpec = Field(default_factory=CameraSpec)
    lights: tuple[LightSpec, ...] = ()
    music: MusicSpec | None = None
    sounds: tuple[SoundSpec, ...] = ()
    seconds: float = Field(default=12.0, gt=0, le=600)
    unplaced: tuple[Unplaced, ...] = ()
    notes: tuple[str, ...] = ()
    """What was read otherwise than it was written: near misses of known words."""
