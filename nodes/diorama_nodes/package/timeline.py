"""What happens when: camera, figures, sounds and bars of the music, as one JSON document."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from pydantic import JsonValue

from diorama.faults import BadInput
from diorama.values import Camera, Motion, Scene
from diorama_nodes.plan.schema import MusicSpec, ScenePlan

FORMAT = 1
DIGITS = 4
"""Decimals of seconds and metres: a tenth of a millisecond and of a millimetre."""


def timeline_of(plan: ScenePlan, scene: Scene, motions: Sequence[Motion]) -> dict[str, JsonValue]:
    """The timeline; raises `BadInput` where there are not as many motions as figures in the scene."""
    names = [actor.name for actor in scene.actors]
    if len(names) != len(motions):
        raise BadInput(f"{len(motions)} motions are given for {len(names)} figures in the scene")
    actors: list[JsonValue] = [_actor(name, motion) for name, motion in zip(names, motions, strict=True)]
    sounds: list[JsonValue] = [
        {"kind": sound.kind, "level": sound.level, "start": 0.0, "end": _rounded(scene.seconds)}
        for sound in plan.sounds
    ]
    return {
        "format": FORMAT,
        "title": scene.title,
        "seconds": _rounded(scene.seconds),
        "camera": _camera(scene.camera),
        "actors": actors,
        "sounds": sounds,
        "music": None if plan.music is None else _music(plan.music, scene.seconds),
    }


def _rounded(number: float) -> float:
    return round(float(number), DIGITS)


def _row(numbers: Sequence[float]) -> list[JsonValue]:
    return [_rounded(number) for number in numbers]


def _camera(camera: Camera) -> JsonValue:
    keys: list[JsonValue] = [
        {"time": _rounded(time), "position": _row(position), "target": _row(target)}
        for time, position, target in zip(
            camera.times.tolist(), camera.positions.tolist(), camera.targets.tolist(), strict=True
        )
    ]
    return {"fov_y": _rounded(camera.fov_y), "keys": keys}


def _actor(name: str, motion: Motion) -> JsonValue:
    clips: list[JsonValue] = [
        {"name": clip.name, "start": _rounded(clip.start), "end": _rounded(clip.end)} for clip in motion.clips
    ]
    return {"name": name, "seconds": _rounded(motion.seconds), "clips": clips, "steps": _steps(motion)}


def _steps(motion: Motion) -> list[JsonValue]:
    """When which foot comes down, in order."""
    landings = [
        (int(frame), foot)
        for column, foot in enumerate(("left", "right"))
        for frame in np.flatnonzero(np.diff(motion.contacts[:, column].astype(np.int8)) > 0) + 1
    ]
    return [{"time": _rounded(frame / motion.fps), "foot": foot} for frame, foot in sorted(landings)]


def _music(music: MusicSpec, seconds: float) -> JsonValue:
    bar = music.beats_per_bar * 60.0 / music.bpm
    starts: list[JsonValue] = [_rounded(number * bar) for number in range(int(np.ceil(seconds / bar - 1e-9)))]
    return {
        "genre": music.genre,
        "bpm": music.bpm,
        "key": music.key,
        "mode": music.mode,
        "beats_per_bar": music.beats_per_bar,
        "seconds_per_bar": _rounded(bar),
        "bars": starts,
    }
