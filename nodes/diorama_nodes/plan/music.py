"""The score that a sentence asks for."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from itertools import groupby

import numpy as np

from diorama_nodes.plan.reading import Item
from diorama_nodes.plan.schema import MusicSpec, ScenePlan

_STRONG = ("genre", "mode", "musical")
_TUNED = ("genre", "mode", "musical", "instrument")
_FLATS = {
    "db": "C#",
    "eb": "D#",
    "gb": "F#",
    "ab": "G#",
    "bb": "A#",
    "des": "C#",
    "es": "D#",
    "ges": "F#",
    "as": "G#",
    "fis": "F#",
    "cis": "C#",
    "gis": "G#",
    "dis": "D#",
    "ais": "A#",
    "h": "B",
    "b": "B",
}
_PLAYED_IN = {
    "synth": "electronic",
    "ukulele": "folk",
    "guitar": "folk",
    "drums": "march",
    "saxophone": "jazz",
    "choir": "orchestral",
    "trumpet": "orchestral",
    "strings": "orchestral",
    "bass": "jazz",
}
"""The genre that an instrument suggests where none is named."""
_KEYS = ("C", "D", "E", "F", "G", "A")
_TEMPO = {
    "lofi": 78,
    "ambient": 70,
    "classical": 96,
    "electronic": 118,
    "rock": 126,
    "folk": 104,
    "jazz": 112,
    "orchestral": 92,
    "waltz": 150,
    "march": 112,
}
_MOOD_MODE = {
    "sad": "minor",
    "tense": "phrygian",
    "mysterious": "dorian",
    "cheerful": "major",
    "epic": "minor",
    "romantic": "major",
    "calm": "lydian",
}
_MOOD_TEMPO = {"sad": 0.85, "calm": 0.85, "cheerful": 1.15, "epic": 1.05, "tense": 0.95}


def take_music(items: Sequence[Item], seed: int) -> MusicSpec | None:
    """The music that a text asks for, its words counted as used; None where it asks for none."""
    said: dict[str, object] = {}
    instruments: list[str] = []
    for part in _parts(items):
        if _is_musical(part):
            _take_part(part, said, instruments)
    if not said and not instruments:
        return None
    return _completed(said, instruments, seed)


def _parts(items: Sequence[Item]) -> Iterable[list[Item]]:
    """Stretches between pauses and `and`, so that `a cat on a piano and jazz` keeps the piano in the room."""
    number = 0

    def stretch(item: Item) -> int:
        nonlocal number
        if item.form in ("pause", "end") or item.text.lower() in ("with", "mit", "while", "and", "und"):
            number += 1
        return number

    for _, part in groupby(items, stretch):
        yield [item for item in part if not item.is_used]


def _is_musical(part: list[Item]) -> bool:
    if any(item.sense("det") and item.value_of("det") in ("no", "not_there") for item in part):
        return False
    strong = [item for item in part if item.sense(*_STRONG)]
    only = [item for item in part if item.sense("instrument") and not item.sense("object")]
    weak = {"time", "key", "tempo"}
    sure = [
        item for item in strong if item.value_of("musical") not in weak and not item.sense("action", "object", "attr")
    ]
    ambiguous = any(item.text.lower() in ("playing", "plays", "spielt", "loop", "march", "marsch") for item in sure)
    if ambiguous and len(sure) == 1:
        return any(item.sense("instrument") for item in part)
    played = any(item.sense("instrument") for item in part) and any(item.sense("mood") for item in part)
    if played and not any(item.sense("det", "number", "relation", "figure") for item in part):
        return True
    return bool(sure or (only and not any(item.sense("figure") for item in part)) or _meter(part))


def _meter(part: Sequence[Item]) -> int | None:
    for item in part:
        match = re.fullmatch(r"([2-7])/[248]", item.text)
        if match:
            return int(match[1])
    return None


def _take_part(part: list[Item], said: dict[str, object], instruments: list[str]) -> None:
    meter = _meter(part)
    if meter:
        said["beats_per_bar"] = meter
    for index, item in enumerate(part):
        before = part[index - 1] if index else None
        after = part[index + 1] if index + 1 < len(part) else None
        if item.value_of("musical") == "bpm" or item.value_of("musical") == "tempo":
            number = before if before and before.value else after
            if number is not None and number.value:
                said["bpm"] = float(min(max(number.value, 30), 240))
                number.is_used = True
        elif (key := _key(before, item, after)) is not None:
            said["key"] = key
            if len(item.text) == 1 and after is not None and after.text.lower() in ("flat", "sharp"):
                after.is_used = True
        else:
            _take_word(item, said, instruments)
        if (
            item.sense(*_TUNED, "mood", "pace", "level", "pitch")
            or re.fullmatch(r"[2-7]/[248]", item.text)
            or _key(before, item, after) is not None
        ):
            item.is_used = True
        if item.sense("sound") and not item.sense("weather"):
            item.is_used = False


def _take_word(item: Item, said: dict[str, object], instruments: list[str]) -> None:
    for role in ("genre", "mode", "mood", "pace"):
        if value := item.value_of(role):
            said.setdefault(role, value)
    if (player := item.value_of("instrument")) and player not in instruments:
        instruments.append(player)


def _key(before: Item | None, item: Item, after: Item | None) -> str | None:
    """The key that an item names, as the D of `in D minor` and the Bb of `in Bb`."""
    if (pitch := item.value_of("pitch")) is not None:
        return {"B#": "C", "E#": "F"}.get(pitch, pitch)
    word = item.text
    tuned = after is not None and (after.sense("mode") or after.text.lower() in ("flat", "sharp", "dur", "moll"))
    if not tuned or after is None:
        # An A with something behind it is the article of that.
        is_named = before is not None and before.text.lower() == "in" and (word != "A" or after is None)
        return _bare_key(word) if is_named else None
    if after.text.lower() == "flat":
        return _FLATS.get(word.lower() + "b")
    if after.text.lower() == "sharp":
        return word.upper() + "#" if word.upper() in ("C", "D", "F", "G", "A") else None
    if re.fullmatch(r"[A-Ga-g]", word) and (word.isupper() or not item.sense("det") or after.sense("mode")):
        return None if word == "a" and after.text.lower() in ("major", "minor") and not word.isupper() else word.upper()
    return _FLATS.get(word.lower()) if word.lower() in _FLATS else None


def _bare_key(word: str) -> str | None:
    if not re.fullmatch("[A-G]b?", word):
        return None
    return word if len(word) == 1 else _FLATS.get(word.lower())


def _completed(said: dict[str, object], instruments: list[str], seed: int) -> MusicSpec:
    """What was said, and the rest chosen to fit it."""
    rng = np.random.default_rng(seed)
    mood = str(said["mood"]) if said.get("mood") else None
    played = (_PLAYED_IN[player] for player in instruments if player in _PLAYED_IN)
    genre = str(said.get("genre") or next(played, "classical" if instruments else "ambient"))
    key = str(said.get("key") or _KEYS[int(rng.integers(len(_KEYS)))])
    pace = {"slow": 0.8, "fast": 1.25}.get(str(said.get("pace")), 1.0)
    bpm = said.get("bpm") or round(_TEMPO[genre] * _MOOD_TEMPO.get(mood or "", 1.0) * pace)
    mode = said.get("mode") or _MOOD_MODE.get(mood or "", "minor" if genre in ("lofi", "electronic") else "major")
    beats = said.get("beats_per_bar") or (3 if genre == "waltz" else 4)
    return MusicSpec.model_validate(
        {
            "genre": genre,
            "bpm": float(str(bpm)),
            "key": key,
            "mode": mode,
            "beats_per_bar": beats,
            "instruments": tuple(instruments),
            "mood": mood,
        }
    )


def fitting_music(plan: ScenePlan, mood: str | None, seed: int) -> MusicSpec:
    """A score for a scene that asks for none."""
    environment = plan.environment
    by_style = {
        "cyberpunk": "electronic",
        "sci_fi": "ambient",
        "medieval": "folk",
        "western": "folk",
        "noir": "jazz",
        "fantasy": "orchestral",
        "retro": "lofi",
        "modern": "lofi",
    }
    dark = environment.time_of_day in ("night", "midnight", "dusk", "evening") or bool(
        set(environment.weather) & {"rain", "storm", "fog"}
    )
    said: dict[str, object] = {
        "genre": by_style.get(environment.style or "", "ambient"),
        "mood": mood or ("calm" if not dark else "mysterious"),
    }
    return _completed(said, [], seed)
