"""How motions are written as channels of an animation, and read back frame by frame."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from diorama.faults import BadInput
from diorama.values.glb_entry import Entry
from diorama.values.glb_file import JsonObject
from diorama.values.glb_tables import Tables
from diorama.values.mesh import Floats
from diorama.values.motion import Clip, Flags, Motion

Frames = np.ndarray[tuple[int, ...], np.dtype[np.intp]]


class Animation:
    """The one animation of a scene as it grows: every viewer plays at least the first."""

    def __init__(self, tables: Tables) -> None:
        self._tables = tables
        self._channels: list[JsonObject] = []
        self._samplers: list[JsonObject] = []

    def follow(self, node: int, path: str, times: Floats, rows: Floats) -> None:
        """Let a property of the node go through the rows at the times, linear between them."""
        what = f"keys of {path}"
        self._samplers.append(
            {
                "input": self._tables.accessor("times of keys", times, bounded=True),
                "interpolation": "LINEAR",
                "output": self._tables.accessor(what, rows),
            }
        )
        self._channels.append({"sampler": len(self._samplers) - 1, "target": {"node": node, "path": path}})

    def add_to(self, tables: Tables, name: str) -> None:
        """Write the animation where it moves anything."""
        if self._channels:
            tables.add("animations", {"name": name, "channels": self._channels, "samplers": self._samplers})


def kept_keys(rows: Floats) -> Frames:
    """The keys that say something: the first, the last, and each that differs from the one before or after it.

    What is left out comes back exactly, since between two equal keys nothing moves.
    """
    steps = _steps(rows)
    said = np.ones(len(rows), np.bool_)
    said[1:-1] = steps[:-1] | steps[1:]
    return np.flatnonzero(said)


def is_still(rows: Floats) -> bool:
    """Whether all rows are the same to the bit."""
    return not _steps(rows).any()


def _steps(rows: Floats) -> Flags:
    bits = np.ascontiguousarray(rows, np.float32).view(np.uint32)
    steps: Flags = (bits[1:] != bits[:-1]).any(axis=1)
    return steps


def write_motion(animation: Animation, joints: Sequence[int], motion: Motion) -> None:
    """Move the joints' nodes as the motion says; a joint that keeps its first pose needs no channel."""
    times = frame_times(motion)
    _follow(animation, joints[0], "translation", times, motion.root)
    for number, joint in enumerate(joints):
        _follow(animation, joint, "rotation", times, motion.rotations[:, number])


def _follow(animation: Animation, node: int, path: str, times: Floats, rows: Floats) -> None:
    if not is_still(rows):
        kept = kept_keys(rows)
        animation.follow(node, path, times[kept], rows[kept])


def frame_times(motion: Motion) -> Floats:
    """The second of each frame; raises `BadInput` where the frames are too close for 32 bits to tell apart."""
    if not 0 < motion.fps < 100_000:
        raise BadInput(f"a motion has {motion.fps} frames a second, but more than 0 and less than 100,000 are wanted")
    times = (np.arange(len(motion.root)) / motion.fps).astype(np.float32)
    if (np.diff(times) <= 0).any():
        raise BadInput(f"a motion of {len(times):,} frames at {motion.fps} a second is too long to be written")
    return times


def motion_facts(motion: Motion) -> JsonObject:
    """What channels cannot hold: frames, clips, and when each foot meets or leaves the ground."""
    toggles: dict[str, object] = {
        side: np.flatnonzero(np.diff(contacts.astype(np.int8), prepend=0)).tolist()
        for side, contacts in zip(("left", "right"), motion.contacts.T, strict=True)
    }
    clips = [{"name": clip.name, "start": float(clip.start), "end": float(clip.end)} for clip in motion.clips]
    return {"fps": float(motion.fps), "frames": len(motion.root), "clips": clips, "contacts": toggles}


def read_contacts(facts: Entry, frames: int) -> Flags:
    """Whether the left and the right foot stand on the ground, (frames, 2) bool."""
    contacts = np.zeros((frames, 2), np.bool_)
    toggles = facts.required("contacts")
    for column, side in enumerate(("left", "right")):
        changes = np.zeros(frames, np.bool_)
        changes[toggles.wholes(side, below=max(frames, 1)) if frames else []] = True
        contacts[:, column] = np.logical_xor.accumulate(changes)
    return contacts


def read_clips(facts: Entry) -> tuple[Clip, ...]:
    """The named stretches of a motion."""
    return tuple(Clip(clip.text("name"), clip.number("start"), clip.number("end")) for clip in facts.items("clips"))


def every_frame(facts: Entry, times: Floats, rows: Floats, fps: float, frames: int) -> Floats:
    """The rows of all frames, given those of the kept ones."""
    kept = np.rint(times.astype(np.float64) * fps)
    if len(kept) != len(rows) or kept[0] != 0 or kept[-1] != frames - 1 or (np.diff(kept) <= 0).any():
        raise facts.fault(f"has {frames:,} frames, but keys that do not lie on them")
    before = np.searchsorted(kept, np.arange(frames), side="right") - 1
    return rows[before]
