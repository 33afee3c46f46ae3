"""Drum patterns by genre, in any metre."""

from __future__ import annotations

from collections.abc import Callable

from diorama_nodes.audio.music.genres import Kit
from diorama_nodes.audio.music.score import Hit
from diorama_nodes.audio.signal import Generator

Bar = Callable[[float, int, Generator], list[Hit]]


def backbeats(beats: int) -> list[int]:
    """The beats that the snare answers on: 2 and 4 of four, 3 of three, 4 of five."""
    return {2: [1], 3: [2], 5: [3], 6: [3], 7: [2, 5]}.get(beats, list(range(1, beats, 2)))


def _lofi(start: float, beats: int, rng: Generator) -> list[Hit]:
    hits = [Hit(start, "kick", 0.9)]
    for beat in backbeats(beats):
        hits.append(Hit(start + beat, "snare", 0.78))
        if rng.random() < 0.75:
            hits.append(Hit(start + beat + 0.5, "kick", 0.72))
    strokes = [stroke for stroke in range(beats * 2) if rng.random() < 0.94]
    hits += [Hit(start + stroke / 2, "hat", 0.8 if stroke % 2 == 0 else 0.58) for stroke in strokes]
    if rng.random() < 0.4:
        hits.append(Hit(start + beats - 0.25, "hat", 0.42))
    return hits


def _electronic(start: float, beats: int, rng: Generator) -> list[Hit]:
    hits = [Hit(start + beat, "kick", 0.95) for beat in range(beats)]
    hits += [Hit(start + beat, "clap", 0.7) for beat in backbeats(beats)]
    hits += [Hit(start + beat + 0.5, "open_hat", 0.42) for beat in range(beats)]
    hits += [Hit(start + step / 4, "hat", 0.3 if step % 2 else 0.4) for step in range(beats * 4) if step % 4 != 2]
    return hits


def _rock(start: float, beats: int, rng: Generator) -> list[Hit]:
    answers = backbeats(beats)
    hits = [Hit(start, "kick", 0.95), *(Hit(start + beat, "snare", 0.92) for beat in answers)]
    hits += [Hit(start + beat, "kick", 0.85) for beat in range(1, beats) if beat not in answers]
    if rng.random() < 0.6:
        hits.append(Hit(start + beats / 2 + 0.5, "kick", 0.75))
    hits += [Hit(start + step / 2, "hat", 0.6 if step % 2 == 0 else 0.42) for step in range(beats * 2)]
    return hits


def _folk(start: float, beats: int, rng: Generator) -> list[Hit]:
    hits = [Hit(start, "kick", 0.6), *(Hit(start + beat, "rim", 0.5) for beat in backbeats(beats))]
    return hits + [Hit(start + step / 2, "shaker", 0.6 if step % 2 == 0 else 0.4) for step in range(beats * 2)]


def _jazz(start: float, beats: int, rng: Generator) -> list[Hit]:
    answers = backbeats(beats)
    hits = [Hit(start + beat, "ride", 0.62) for beat in range(beats)]
    hits += [Hit(start + beat + 0.5, "ride", 0.45) for beat in answers]
    hits += [Hit(start + beat, "hat", 0.5) for beat in answers]
    hits += [Hit(start + beat, "brush", 0.4) for beat in range(beats)]
    if rng.random() < 0.4:
        hits.append(Hit(start + float(rng.integers(beats)) + 0.5, "snare", 0.3))
    return [*hits, Hit(start, "kick", 0.45)]


def _march(start: float, beats: int, rng: Generator) -> list[Hit]:
    hits = [Hit(start + beat, "kick", 0.8 if beat == 0 else 0.65) for beat in range(0, beats, 2)]
    for beat in range(beats):
        hits.append(Hit(start + beat, "snare", 0.7 if beat % 2 else 0.55))
        if beat % 2:
            hits += [Hit(start + beat + 0.5, "snare", 0.45), Hit(start + beat + 0.75, "snare", 0.4)]
    return [*hits, Hit(start, "crash", 0.25)] if rng.random() < 0.3 else hits


def _timpani(start: float, beats: int, rng: Generator) -> list[Hit]:
    hits = [Hit(start, "timpani", 0.6)]
    if rng.random() < 0.35:
        hits += [Hit(start + beats - 1 + part / 4, "timpani", 0.2 + 0.08 * part) for part in range(4)]
    return hits


def _waltz(start: float, beats: int, rng: Generator) -> list[Hit]:
    return [Hit(start, "kick", 0.5), *(Hit(start + beat, "brush", 0.6) for beat in range(1, beats))]


BARS: dict[Kit, Bar] = {
    "lofi": _lofi,
    "electronic": _electronic,
    "rock": _rock,
    "folk": _folk,
    "jazz": _jazz,
    "march": _march,
    "timpani": _timpani,
    "waltz": _waltz,
}


def drumming(kit: Kit, bars: int, beats: int, final_beat: float, rng: Generator) -> list[Hit]:
    """The drums for `bars` bars, with a fill every fourth, and a last stroke at `final_beat`."""
    if kit == "none":
        return []
    hits: list[Hit] = []
    for bar in range(bars):
        start = float(bar * beats)
        played = BARS[kit](start, beats, rng)
        if bar % 4 == 3 and kit in ("rock", "electronic"):
            played = [hit for hit in played if hit.beat < start + beats - 1 or hit.drum in ("kick", "hat")]
            played += [
                Hit(start + beats - 1 + part / 4, "snare" if part < 2 else "tom", 0.6 + 0.08 * part)
                for part in range(4)
            ]
        hits += played
    last: dict[Kit, tuple[Hit, ...]] = {
        "timpani": (Hit(final_beat, "timpani", 0.8),),
        "lofi": (Hit(final_beat, "kick", 0.8),),
        "jazz": (Hit(final_beat, "ride", 0.5), Hit(final_beat, "kick", 0.4)),
    }
    return [*hits, *last.get(kit, (Hit(final_beat, "kick", 0.8), Hit(final_beat, "crash", 0.4)))]
