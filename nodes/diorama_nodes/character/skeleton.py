"""The humanoid skeleton: its joints, and how tall and how built a figure is."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from diorama.values.rig import Skeleton
from diorama_nodes.character.arrays import Array

STANDARD_HEIGHT = 1.78
ANKLE = 0.085
"""Metres of the ankle above the sole for a figure of standard height."""

ARM = (0.60, -0.80, 0.0)
"""Direction of the left arm in the bind pose, half way between hanging and spread."""

Row = tuple[str, str, str, tuple[float, float, float]]

_SPINE: tuple[Row, ...] = (
    ("hips", "", "leg", (0.0, 0.97, 0.0)),
    ("spine", "hips", "torso", (0.0, 0.10, -0.005)),
    ("chest", "spine", "torso", (0.0, 0.16, -0.005)),
    ("neck", "chest", "torso", (0.0, 0.245, -0.012)),
    ("head", "neck", "head", (0.0, 0.085, 0.018)),
)
_LEFT: tuple[Row, ...] = (
    ("shoulder_l", "chest", "torso", (0.035, 0.185, -0.005)),
    ("upper_arm_l", "shoulder_l", "torso", (0.150, 0.0, -0.005)),
    ("lower_arm_l", "upper_arm_l", "arm", (ARM[0] * 0.285, ARM[1] * 0.285, 0.0)),
    ("hand_l", "lower_arm_l", "arm", (ARM[0] * 0.255, ARM[1] * 0.255, 0.012)),
    ("upper_leg_l", "hips", "hip", (0.092, -0.045, 0.0)),
    ("lower_leg_l", "upper_leg_l", "leg", (0.004, -0.425, 0.004)),
    ("foot_l", "lower_leg_l", "leg", (0.002, -0.415, -0.012)),
    ("toes_l", "foot_l", "foot", (0.008, -0.055, 0.135)),
)
_SKIRT: tuple[Row, ...] = (
    ("skirt_front_l", "hips", "hip", (0.07, -0.02, 0.03)),
    ("skirt_back_l", "hips", "hip", (0.07, -0.02, -0.03)),
)


@dataclass(frozen=True, slots=True)
class Proportions:
    """How a figure differs from the standard one; every factor is 1 for that one, height in metres."""

    height: float = STANDARD_HEIGHT
    leg: float = 1.0
    torso: float = 1.0
    arm: float = 1.0
    head: float = 1.0
    shoulders: float = 1.0
    girth: float = 1.0
    belly: float = 0.0
    """Metres that the waist bulges forward."""
    is_curvy: bool = False
    """Narrower waist and shoulders, wider hips."""


@dataclass(frozen=True, slots=True)
class Frame:
    """A skeleton in its bind pose with the measures that shapes around it need."""

    skeleton: Skeleton
    places: dict[str, Array]
    scale: float
    proportions: Proportions

    def joint(self, name: str) -> int:
        """The number of a joint."""
        return self.skeleton.names.index(name)


def _mirrored(rows: tuple[Row, ...]) -> tuple[Row, ...]:
    def other(name: str) -> str:
        return name[:-2] + "_r" if name.endswith("_l") else name

    return tuple((other(name), other(parent), group, (-x, y, z)) for name, parent, group, (x, y, z) in rows)


ROWS: tuple[Row, ...] = (*_SPINE, *_LEFT, *_mirrored(_LEFT), *_SKIRT, *_mirrored(_SKIRT))
NAMES: tuple[str, ...] = tuple(row[0] for row in ROWS)


def humanoid(proportions: Proportions) -> Frame:
    """The skeleton of a figure, feet on the ground, arms half spread, facing +Z."""
    p = proportions
    scale = p.height / STANDARD_HEIGHT
    factors = {"leg": p.leg, "torso": p.torso, "head": 1.0, "arm": p.arm, "hip": 1.0, "foot": 1.0}
    offsets = np.array([row[3] for row in ROWS], np.float64)
    offsets *= np.array([factors[row[2]] for row in ROWS])[:, None] * scale
    for joint, name in enumerate(NAMES):
        if name.startswith("upper_arm"):
            offsets[joint, 0] *= p.shoulders
    left_leg = [NAMES.index(name) for name in ("upper_leg_l", "lower_leg_l", "foot_l")]
    offsets[0, 1] = ANKLE * scale - offsets[left_leg, 1].sum()
    parents = tuple(NAMES.index(row[1]) if row[1] else -1 for row in ROWS)
    skeleton = Skeleton(NAMES, parents, offsets.astype(np.float32))
    places = skeleton.bind_positions()
    return Frame(skeleton, {name: places[joint] for joint, name in enumerate(NAMES)}, scale, p)
