"""A figure's motion along a path: staging, gestures, legs that reach the ground, and cloth that gives way."""

from __future__ import annotations

import numpy as np

from diorama.faults import BadInput
from diorama.values.motion import Motion
from diorama.values.rig import Skeleton
from diorama_nodes.character import limbs
from diorama_nodes.character.arrays import Array
from diorama_nodes.character.gait import Side
from diorama_nodes.character.gestures import GESTURES, Channels, Moment, hold
from diorama_nodes.character.rotation import about, eased, euler, quaternions, smoothed
from diorama_nodes.character.skeleton import ANKLE, NAMES
from diorama_nodes.character.staging import SIDES, Staging, stage
from diorama_nodes.character.steps import Feet, follow
from diorama_nodes.plan.schema import PathSpec

HELD = "held_"
"""What the name of a joint begins with that carries a thing: `held_umbrella_r` hangs on the right hand."""

MOST_FRAMES = 36_000
"""Poses of one motion, 20 minutes at 30 a second."""

SEAT = 0.46
"""Metres of a seat above the ground."""


def perform(skeleton: Skeleton, path: PathSpec, seconds: float, fps: float, seed: int) -> Motion:
    """The motion of a humanoid skeleton for so many seconds; raises `BadInput` for other skeletons."""
    if skeleton.names[: len(NAMES)] != NAMES:
        raise BadInput("the rig has no humanoid skeleton; take one from make_character")
    if seconds * fps > MOST_FRAMES:
        raise BadInput(
            f"{seconds:g} s at {fps:g} poses a second are more than {MOST_FRAMES:,} poses; take fewer of either"
        )
    times = np.arange(round(seconds * fps) + 1) / fps
    size = float(skeleton.offsets[skeleton.names.index("toes_l"), 2]) / 0.135
    staging = stage(path, times, size)
    channels = _channels(skeleton, path, staging, times, seed)
    feet = {
        side: follow(staging.stands[side], staging.steps[side], times, size, ANKLE * size, path.height)
        for side in SIDES
    }
    pose = _Pose(skeleton, times, fps)
    hips = about(1, staging.headings) @ euler(channels["hips"])
    root = _root(skeleton, path, staging, channels, feet, hips, times, size)
    pose.set_world("hips", hips)
    for name in ("spine", "chest", "neck", "head"):
        pose.set_local(name, euler(channels[name]))
    for side in SIDES:
        _place_leg(pose, feet[side], side, root, hips, staging.headings)
        _place_arm(pose, channels, side)
    _place_skirt(pose, root, hips)
    _place_held(pose, staging.headings)
    rotations = quaternions(pose.local).astype(np.float32)
    contacts = np.stack([feet[side].contact for side in SIDES], 1)
    return Motion(skeleton, fps, root.astype(np.float32), rotations, contacts, staging.clips)


class _Pose:
    """Local and world turns (frames, joints, 3, 3) as they are filled in from the root outwards."""

    def __init__(self, skeleton: Skeleton, times: Array, fps: float) -> None:
        self.skeleton = skeleton
        self.fps = fps
        shape = (len(times), len(skeleton.names), 3, 3)
        self.local = np.broadcast_to(np.eye(3), shape).copy()
        self.world = self.local.copy()

    def joint(self, name: str) -> int:
        return self.skeleton.names.index(name)

    def parent(self, name: str) -> Array:
        above = self.skeleton.parents[self.joint(name)]
        return self.world[:, above] if above >= 0 else np.eye(3)[None]

    def set_local(self, name: str, turns: Array) -> None:
        self.local[:, self.joint(name)] = turns
        self.world[:, self.joint(name)] = self.parent(name) @ turns

    def set_world(self, name: str, turns: Array) -> None:
        self.local[:, self.joint(name)] = self.parent(name).transpose(0, 2, 1) @ turns
        self.world[:, self.joint(name)] = turns

    def offset(self, name: str) -> Array:
        place: Array = self.skeleton.offsets[self.joint(name)].astype(np.float64)
        return place


def _channels(skeleton: Skeleton, path: PathSpec, staging: Staging, times: Array, seed: int) -> Channels:
    """Gait and gesture mixed: the gait by its effort, the gesture from when the figure stands."""
    chances = np.random.default_rng(seed).random(8)
    going = staging.course
    effort = smoothed(np.clip(going.effort(times), 0, 1), 0.08 / _frame(times))
    begin = staging.clips[-1].start
    starts = 0.0 if going.track.length == 0 else begin
    action = path.action if path.action not in ("walk", "run") else "idle"
    gait = "run" if path.action == "run" else "walk"
    moment = Moment(times, going.phase(times), effort, chances)
    rest = GESTURES["idle"](moment)
    done = GESTURES[action](Moment(np.maximum(times - starts, 0), moment.phase, effort, chances))
    gone = GESTURES[gait](moment)
    fade = eased((times - starts) / 0.8) if going.track.length else np.ones_like(times)
    vigour = effort[:, None] * (0.55 + 0.45 * min(going.travel.speed / going.gait.speeds["normal"], 1.2))
    vigour = np.clip(vigour, 0, 1)
    mixed = {
        name: (rest[name] * (1 - fade[:, None]) + done[name] * fade[:, None]) * (1 - vigour) + gone[name] * vigour
        for name in rest
    }
    for name in skeleton.names:
        if name.startswith(HELD) and not (action == "sit" and name.startswith("held_sword")):
            thing, _, side = name.removeprefix(HELD).rpartition("_")
            hold(mixed, thing, side)
    return mixed


def _frame(times: Array) -> float:
    return float(times[1] - times[0]) if len(times) > 1 else 1.0


def _root(
    skeleton: Skeleton,
    path: PathSpec,
    staging: Staging,
    channels: Channels,
    feet: dict[Side, Feet],
    hips: Array,
    times: Array,
    size: float,
) -> Array:
    """Where the hips are (n, 3): over the path, as high as the gesture wants and as both legs allow."""
    standing = float(skeleton.offsets[0, 1])
    shift = (about(1, staging.headings) @ (channels["shift"] * size)[..., None])[..., 0]
    root = np.stack([staging.places[:, 0], np.full(len(times), path.height + standing), staging.places[:, 1]], 1)
    root += shift
    if path.action == "sit":
        seated = path.height + SEAT * min(size, 1.0) + 0.115 * size
        moves = staging.course.track.length > 0
        share = eased((times - staging.clips[-1].start) / 1.4) if moves else np.ones_like(times)
        root[:, 1] += (seated - root[:, 1]) * share
    room = np.full(len(times), np.inf)
    for side in SIDES:
        joint = skeleton.names.index(f"upper_leg_{side}")
        hip = root + hips @ skeleton.offsets[joint].astype(np.float64)
        room = np.minimum(room, limbs.reach_limit(hip, feet[side].ankle, skeleton.offsets[joint + 1 : joint + 3]))
    # The lowering is smoothed on its wide side, so that the legs always reach and the hips never jerk.
    reach = max(round(0.07 / _frame(times)), 1)
    drop = np.minimum(room, 0.0)
    wide = np.concatenate([np.repeat(drop[:1], reach), drop, np.repeat(drop[-1:], reach)])
    lowest = np.lib.stride_tricks.sliding_window_view(wide, 2 * reach + 1).min(1)
    root[:, 1] += np.minimum(smoothed(lowest, reach * 0.45), drop)
    return root


def _place_leg(pose: _Pose, feet: Feet, side: str, root: Array, hips: Array, headings: Array) -> None:
    upper, lower, foot = (pose.joint(f"{name}_{side}") for name in ("upper_leg", "lower_leg", "foot"))
    hip = root + hips @ pose.offset(f"upper_leg_{side}")
    toward = 0.5 * (headings + feet.heading)
    pole = np.stack([np.sin(toward), np.full_like(toward, 0.25), np.cos(toward)], 1)
    bones = pose.skeleton.offsets[[lower, foot]].astype(np.float64)
    thigh, shank = limbs.leg(hip, feet.ankle, pole, bones)
    pose.set_world(pose.skeleton.names[upper], thigh)
    pose.set_world(pose.skeleton.names[lower], shank)
    pose.set_world(pose.skeleton.names[foot], about(1, feet.heading) @ about(0, feet.pitch))
    pose.set_local(f"toes_{side}", about(0, feet.toes))


def _place_arm(pose: _Pose, channels: Channels, side: str) -> None:
    sign = 1.0 if side == "l" else -1.0
    lower, hand = pose.joint(f"lower_arm_{side}"), pose.joint(f"hand_{side}")
    bones = pose.skeleton.offsets[[lower, hand]].astype(np.float64)
    upper, fold = limbs.arm(channels[f"way_{side}"], channels[f"bend_{side}"], channels[f"elbow_{side}"][:, 0], bones)
    raised = np.clip(channels[f"shrug_{side}"][:, 0] / 0.15, -0.5, 0.5)
    # A shoulder follows an arm that rises above the horizontal, as the collar bone does.
    lifted = np.clip(channels[f"way_{side}"][:, 1] + 0.35, 0, 1) * 0.32
    pose.set_local(f"shoulder_{side}", about(2, sign * (raised + lifted)))
    back = pose.local[:, pose.joint(f"shoulder_{side}")].transpose(0, 2, 1)
    pose.set_local(f"upper_arm_{side}", back @ upper)
    pose.set_local(f"lower_arm_{side}", fold)
    pose.set_local(f"hand_{side}", np.eye(3)[None])


def _place_skirt(pose: _Pose, root: Array, hips: Array) -> None:
    """Let the four panels of a skirt give way to the legs: the front ones ahead, the back ones behind."""
    for side in SIDES:
        knee_joint, foot_joint = pose.joint(f"lower_leg_{side}"), pose.joint(f"foot_{side}")
        thigh, shank = pose.joint(f"upper_leg_{side}"), pose.joint(f"lower_leg_{side}")
        knee = pose.world[:, thigh] @ pose.skeleton.offsets[knee_joint].astype(np.float64)
        calf = knee + 0.6 * (pose.world[:, shank] @ pose.skeleton.offsets[foot_joint].astype(np.float64))
        inward = hips.transpose(0, 2, 1)
        knee, calf = ((inward @ place[..., None])[..., 0] for place in (knee, calf))
        swing_knee, swing_calf = (np.arctan2(place[:, 2], -place[:, 1]) for place in (knee, calf))
        # Beyond a step the panels lie on the thighs, as they do on the lap and on the seat of who sits.
        seated = eased((swing_knee - 0.9) / 0.4)
        ahead = np.maximum(np.maximum(swing_knee, swing_calf) - 0.12, 0.25 * np.minimum(swing_knee, swing_calf))
        behind = np.minimum(np.minimum(swing_knee, swing_calf) + 0.12, 0.25 * np.maximum(swing_knee, swing_calf))
        frames = 0.04 * pose.fps
        back = np.clip(behind, -1.2, 0.25) + 0.75 * seated * swing_knee
        pose.set_local(f"skirt_front_{side}", about(0, -smoothed(np.clip(ahead - 0.22 * seated, -0.3, 1.6), frames)))
        pose.set_local(f"skirt_back_{side}", about(0, -smoothed(back, frames)))


def _place_held(pose: _Pose, headings: Array) -> None:
    """Keep what is carried upright, leaning as it is carried, whatever the arm does."""
    for name in pose.skeleton.names:
        if not name.startswith(HELD):
            continue
        lean = LEANS.get(name.removeprefix(HELD).rpartition("_")[0], 0.0)
        pose.set_world(name, about(1, headings) @ about(0, np.full(len(headings), lean)))


LEANS = {"umbrella": 0.08, "sword": 0.75, "staff": 0.06}
"""Radians that a carried thing leans ahead."""
