"""Motion: feet that stay where they stand, a pace that is kept, joints that never flip."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

import numpy as np
import pytest

from diorama.context import Context
from diorama.faults import BadInput
from diorama.values import Motion, Rig, Skeleton
from diorama_nodes.character.nodes import animate
from diorama_nodes.character.pose import global_transforms, pose_at, skin
from diorama_nodes.character.skeleton import Proportions, humanoid
from diorama_nodes.plan.schema import Action, PathSpec

BALL_HEIGHT = 0.03
SPEEDS = {("walk", "slow"): 0.8, ("walk", "normal"): 1.25, ("walk", "fast"): 1.75, ("run", "normal"): 3.1}


@dataclass(frozen=True)
class Case:
    name: str
    action: Action
    points: tuple[tuple[float, float], ...] = ((0.0, 0.0),)
    facing: tuple[float, float] | None = None
    clips: tuple[str, ...] = ()
    height: float = 1.78


STRAIGHT = ((0.0, 0.0), (0.0, 7.0))
BENDS = ((0.0, 0.0), (2.0, 3.0), (-1.0, 6.0), (4.0, 7.0))
CASES = [
    Case("someone idle stands", "idle", clips=("idle",)),
    Case("someone who waves stays", "wave", clips=("wave",)),
    Case("someone sits from the first", "sit", clips=("sit",)),
    Case("a dance steps on the beat", "dance", clips=("dance",)),
    Case("a spin turns on the spot", "spin", clips=("spin",)),
    Case("a walk ends in standing", "walk", STRAIGHT, clips=("walk", "turn", "idle")),
    Case("a walk turns to face what is asked", "walk", STRAIGHT, (-1.0, -0.5), clips=("walk", "turn", "idle")),
    Case("a winding walk", "walk", BENDS, clips=("walk",)),
    Case("a run ends in standing", "run", STRAIGHT, clips=("run", "turn", "idle")),
    Case("a winding run", "run", BENDS, clips=("run", "turn", "idle")),
    Case("a walk nowhere is standing", "walk", clips=("idle",)),
    Case("a single short step", "walk", ((0.0, 0.0), (0.2, 0.1)), clips=("walk", "turn", "idle")),
    Case("a walk to a dance", "dance", STRAIGHT, clips=("walk", "turn", "dance")),
    Case("a walk to a seat", "sit", STRAIGHT, clips=("walk", "turn", "sit")),
    Case("a child walks", "walk", STRAIGHT, clips=("walk", "turn", "idle"), height=1.16),
    Case("a child runs", "run", STRAIGHT, clips=("run", "turn", "idle"), height=1.16),
]


def rig_of(height: float = 1.78) -> Rig:
    return Rig("figure", humanoid(Proportions(height=height)).skeleton, ())


@cache
def moved(case: Case, seconds: float = 9.0, ground: float = 0.0) -> Motion:
    path = PathSpec(character="figure", action=case.action, points=case.points, facing=case.facing, height=ground)
    return animate(Context(), rig_of(case.height), path, seconds, seed=3).motion


@pytest.fixture(params=CASES, ids=lambda case: case.name)
def case(request: pytest.FixtureRequest) -> Case:
    chosen = request.param
    assert isinstance(chosen, Case)
    return chosen


def places(motion: Motion, joint: str) -> np.ndarray[tuple[int, ...], np.dtype[np.float32]]:
    transforms = global_transforms(motion.skeleton, motion.root, motion.rotations)
    return transforms[:, motion.skeleton.names.index(joint), :3, 3]


def phases(flags: np.ndarray[tuple[int, ...], np.dtype[np.bool_]]) -> list[slice]:
    edges = np.flatnonzero(np.diff(np.concatenate([[False], flags, [False]]).astype(int)))
    return [slice(int(start), int(end)) for start, end in zip(edges[::2], edges[1::2], strict=True)]


def test_feet_do_not_slide_while_they_stand(case: Case) -> None:
    motion = moved(case)
    for foot, side in enumerate("lr"):
        ball = places(motion, f"toes_{side}")
        for phase in phases(motion.contacts[:, foot]):
            middle = (ball[phase].min(0) + ball[phase].max(0)) / 2
            aside = np.linalg.norm((ball[phase] - middle)[:, [0, 2]], axis=1)
            assert aside.max() < 0.01


def test_a_standing_foot_is_on_the_ground_and_never_below_it(case: Case) -> None:
    motion = moved(case, ground=0.5)
    size = case.height / 1.78
    transforms = global_transforms(motion.skeleton, motion.root, motion.rotations)
    for foot, side in enumerate("lr"):
        joint = motion.skeleton.names.index(f"foot_{side}")
        heel = transforms[:, joint, :3, :3] @ (np.array([0.0, -0.085, -0.055]) * size) + transforms[:, joint, :3, 3]
        ball = places(motion, f"toes_{side}")[:, 1] - BALL_HEIGHT * size
        lowest = np.minimum(heel[:, 1], ball) - 0.5
        assert np.abs(lowest[motion.contacts[:, foot]]).max() < 0.02
        assert lowest.min() > -0.02


def test_a_lifted_foot_leaves_the_ground() -> None:
    motion = moved(CASES[5])
    ankle = places(motion, "foot_l")[:, 1]
    assert ankle[~motion.contacts[:, 0]].max() > 0.16


def test_no_joint_flips(case: Case) -> None:
    motion = moved(case)
    cosines = np.clip((motion.rotations[1:] * motion.rotations[:-1]).sum(-1), -1, 1)
    assert cosines.min() > 0, "a quaternion jumps to the other sign"
    assert (2 * np.arccos(cosines) * motion.fps).max() < 18
    assert np.abs(np.linalg.norm(motion.rotations, axis=-1) - 1).max() < 1e-5


def test_the_hips_move_without_a_jerk(case: Case) -> None:
    motion = moved(case)
    assert np.isfinite(motion.root).all()
    bound = {"run": 5.0}.get(case.action, 2.6)
    speeds = np.linalg.norm(np.diff(motion.root, axis=0), axis=1) * motion.fps
    assert speeds.max() < bound


def test_clips_tell_what_happens_and_cover_the_whole_time(case: Case) -> None:
    motion = moved(case)
    assert tuple(clip.name for clip in motion.clips) == case.clips
    assert motion.clips[0].start == 0
    assert motion.clips[-1].end == pytest.approx(9.0)
    assert all(one.end == other.start for one, other in zip(motion.clips, motion.clips[1:], strict=False))


@pytest.mark.parametrize(("action", "pace"), SPEEDS)
def test_the_pace_is_kept(action: Action, pace: str) -> None:
    path = PathSpec.model_validate({"character": "a", "action": action, "pace": pace, "points": [(0, 0), (0, 40)]})
    motion = animate(Context(), rig_of(), path, 8.0).motion
    gone = motion.root[210, 2] - motion.root[120, 2]
    assert gone / 3.0 == pytest.approx(SPEEDS[action, pace], rel=0.06)


def test_it_starts_at_the_first_point_and_ends_at_the_last_facing_as_asked() -> None:
    motion = moved(Case("", "walk", ((1.0, 2.0), (1.0, 6.0)), (1.0, 0.0)))
    assert motion.root[0, [0, 2]] == pytest.approx([1.0, 2.0], abs=0.05)
    assert motion.root[-1, [0, 2]] == pytest.approx([1.0, 6.0], abs=0.05)
    transforms = global_transforms(motion.skeleton, motion.root, motion.rotations)
    assert transforms[0, 0, :3, 2] @ [0, 0, 1] > 0.97
    assert transforms[-1, 0, :3, 2] @ [1, 0, 0] > 0.97


def test_walking_is_turned_along_the_path() -> None:
    motion = moved(Case("", "walk", BENDS))
    way = np.diff(motion.root[:, [0, 2]], axis=0)
    facing = global_transforms(motion.skeleton, motion.root, motion.rotations)[:-1, 0, [0, 2], 2]
    goes = np.linalg.norm(way, axis=1) * motion.fps > 0.6
    along = (way * facing).sum(1)[goes] / np.linalg.norm(way, axis=1)[goes] / np.linalg.norm(facing, axis=1)[goes]
    assert goes.sum() > 150
    assert along.mean() > 0.97
    assert along.min() > 0.75


def test_a_wave_lifts_the_right_hand_above_the_head_and_a_seat_lowers_the_hips() -> None:
    waving, seated = moved(CASES[1]), moved(CASES[2])
    assert places(waving, "hand_r")[:, 1].max() > places(waving, "head")[:, 1].max()
    assert places(waving, "hand_l")[:, 1].max() < 1.0
    assert np.abs(seated.root[:, 1] - 0.575).max() < 0.05


def test_a_spin_turns_all_the_way_round() -> None:
    motion = moved(CASES[4])
    facing = global_transforms(motion.skeleton, motion.root, motion.rotations)[:, 0, :3, 2]
    angle = np.unwrap(np.arctan2(facing[:, 0], facing[:, 2]))
    assert angle[-1] - angle[0] > 4 * np.pi


def test_the_frames_are_those_asked_for() -> None:
    path = PathSpec(character="a", points=((0.0, 0.0),))
    motion = animate(Context(), rig_of(), path, 2.5, fps=24.0).motion
    assert len(motion.root) == 61
    assert motion.seconds == pytest.approx(2.5)
    assert len(animate(Context(), rig_of(), path, 0.01).motion.root) == 1


def test_the_same_inputs_give_the_same_bytes_and_another_seed_others() -> None:
    path = PathSpec(character="a", action="wave", points=((0.0, 0.0),))
    one, again, other = (animate(Context(), rig_of(), path, 3.0, seed=seed).motion for seed in (1, 1, 2))
    assert one.encode() == again.encode()
    assert one.encode() != other.encode()


def test_a_pose_between_two_frames_lies_between_them() -> None:
    motion = moved(CASES[5])
    root, rotations = pose_at(motion, 40.5 / 30)
    assert root == pytest.approx((motion.root[40] + motion.root[41]) / 2, abs=1e-6)
    assert np.linalg.norm(rotations, axis=1) == pytest.approx(1, abs=1e-6)
    assert pose_at(motion, 99.0)[0] == pytest.approx(motion.root[-1])


def test_what_is_too_long_is_refused() -> None:
    still = PathSpec(character="a", points=((0.0, 0.0),))
    with pytest.raises(BadInput, match="more than 36,000 poses"):
        animate(Context(), rig_of(), still, 600.0, fps=120.0)
    with pytest.raises(BadInput, match="at most 5,000 m"):
        animate(Context(), rig_of(), PathSpec(character="a", action="walk", points=((0.0, 0.0), (0.0, 1e6))), 1.0)


def test_other_skeletons_are_refused() -> None:
    tail = Skeleton(("root", "tail"), (-1, 0), np.zeros((2, 3), np.float32))
    with pytest.raises(BadInput, match="humanoid"):
        animate(Context(), Rig("snake", tail, ()), PathSpec(character="a", points=((0.0, 0.0),)), 1.0)
    with pytest.raises(BadInput, match="animate this rig"):
        skin(Rig("snake", tail, ()), moved(CASES[0]), 0.0)
