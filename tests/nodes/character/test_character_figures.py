"""Figures: closed skins, weights that add up, clothes by role, things that stay in the hand."""

from __future__ import annotations

from functools import cache

import numpy as np
import pytest

from diorama.context import Context
from diorama.faults import BadInput
from diorama.values import Rig
from diorama_nodes.character.nodes import animate, make_character
from diorama_nodes.character.outfit import ROLES, outfit
from diorama_nodes.character.pose import skin
from diorama_nodes.character.props import PROPS
from diorama_nodes.character.swatches import linear
from diorama_nodes.plan.schema import Action, CharacterSpec, PathSpec

SHOWN = ("detective", "woman", "child", "knight", "robot", "wizard", "dancer", "farmer")


@cache
def plain(role: str) -> Rig:
    return made(role)


def made(role: str, seed: int = 1, **more: object) -> Rig:
    spec = CharacterSpec.model_validate({"id": role, "role": role, **more})
    return make_character(Context(), spec, seed).rig


@pytest.fixture(scope="module", params=SHOWN)
def rig(request: pytest.FixtureRequest) -> Rig:
    return plain(str(request.param))


def materials(rig: Rig) -> set[str]:
    return {part.part.material.name for part in rig.parts}


def test_weights_are_shares_of_joints_that_are_there(rig: Rig) -> None:
    for part in rig.parts:
        assert part.weights.shape == part.joints.shape == (len(part.part.positions), 4)
        assert part.weights.min() >= 0
        assert part.weights.sum(1) == pytest.approx(1, abs=1e-5)
        assert int(part.joints.max()) < len(rig.skeleton.names)
        assert (part.joints[part.weights == 0] == 0).all()


def test_normals_are_of_length_one_and_point_as_the_triangles_do(rig: Rig) -> None:
    for part in rig.parts:
        shape = part.part
        assert np.linalg.norm(shape.normals, axis=1) == pytest.approx(1, abs=1e-4)
        corners = shape.positions[shape.triangles]
        across = np.cross(corners[:, 1] - corners[:, 0], corners[:, 2] - corners[:, 0])
        agree = (across * shape.normals[shape.triangles].sum(1)).sum(1)
        assert (agree > -1e-12).mean() > 0.97, shape.material.name


def test_a_figure_stands_on_the_ground_and_is_as_tall_as_people_are(rig: Rig) -> None:
    points = np.concatenate([part.part.positions for part in rig.parts])
    assert points[:, 1].min() == pytest.approx(0.0, abs=0.012)
    assert 1.1 < points[:, 1].max() < 2.4
    body = np.concatenate([part.part.positions for part in rig.parts if part.part.material.name != "wood"])
    assert np.abs(body[:, 0]).max() < 0.9


@pytest.mark.parametrize("action", ["walk", "run", "wave", "sit", "dance", "spin"])
def test_the_skin_stays_about_the_hips(action: Action) -> None:
    rig = plain("detective")
    path = PathSpec(character="a", action=action, points=((0.0, 0.0), (0.0, 4.0)))
    motion = animate(Context(), rig, path, 8.0).motion
    for seconds in np.linspace(0, 8, 9):
        root = motion.root[round(seconds * 30)]
        for positions, normals in skin(rig, motion, float(seconds)):
            assert np.isfinite(positions).all()
            assert np.abs((positions - root)[:, [0, 2]]).max() < 1.1
            assert positions[:, 1].min() > -0.05
            assert positions[:, 1].max() < 2.5
            assert np.linalg.norm(normals, axis=1) == pytest.approx(1, abs=1e-3)


def test_the_bind_pose_is_what_no_rotation_gives() -> None:
    rig = plain("woman")
    still = np.zeros((len(rig.skeleton.names), 4), np.float32)
    still[:, 3] = 1
    from diorama_nodes.character.pose import skin_pose

    for part, (positions, _) in zip(rig.parts, skin_pose(rig, rig.skeleton.offsets[0], still), strict=True):
        assert positions == pytest.approx(part.part.positions, abs=1e-5)


WORN = [
    ("detective", {"felt", "cloth", "belt", "shirt", "buttons"}),
    ("knight", {"steel", "plume", "blade"}),
    ("robot", {"shell", "lights"}),
    ("wizard", {"hat", "stone", "hair"}),
    ("farmer", {"straw", "apron"}),
]


@pytest.mark.parametrize(("role", "wanted"), WORN)
def test_a_role_wears_what_belongs_to_it(role: str, wanted: set[str]) -> None:
    assert wanted <= materials(plain(role))


def test_the_colour_of_a_character_is_that_of_the_clothes() -> None:
    cloth = next(p.part.material for p in made("woman", color="#204080").parts if p.part.material.name == "cloth")
    assert cloth.base_color[:3] == pytest.approx(linear("#204080"))


@pytest.mark.parametrize("thing", sorted(PROPS))
def test_a_thing_is_held_by_its_hand_and_stays_there(thing: str) -> None:
    rig = made("man", attributes={"holds": f"a red {thing}"})
    name = f"held_{thing}_{PROPS[thing][1]}"
    assert name in rig.skeleton.names
    joint = rig.skeleton.names.index(name)
    motion = animate(
        Context(), rig, PathSpec(character="a", action="walk", points=((0.0, 0.0), (0.0, 3.0))), 3.0
    ).motion
    carried = [part for part in rig.parts if (part.joints[:, 0] == joint).any()]
    assert carried
    places = skin(rig, motion, 1.5)
    near = min(
        float(np.linalg.norm(positions[part.joints[:, 0] == joint] - motion.root[45], axis=1).min())
        for part, (positions, _) in zip(rig.parts, places, strict=True)
        if (part.joints[:, 0] == joint).any()
    )
    assert near < 0.8


WORDS = [
    ("a hat", "man", {"wears": "hat"}, "felt"),
    ("a coat", "man", {"wears": "coat"}, "belt"),
    ("glasses", "woman", {"wears": "glasses"}, "glasses"),
    ("a crown", "child", {"wears": "crown"}, "gold"),
]


@pytest.mark.parametrize(("name", "role", "told", "wanted"), WORDS, ids=[case[0] for case in WORDS])
def test_what_a_character_is_said_to_wear_is_worn(name: str, role: str, told: dict[str, str], wanted: str) -> None:
    assert wanted not in materials(plain(role))
    assert wanted in materials(made(role, attributes=told))


def test_an_unknown_role_wears_plain_clothes_coloured_by_the_seed() -> None:
    assert outfit("quartermaster") is None
    rigs = [made("quartermaster", seed) for seed in range(4)]
    colors = {next(p.part.material.base_color for p in rig.parts if p.part.material.name == "cloth") for rig in rigs}
    assert len(colors) > 1


def test_a_role_is_known_by_its_last_word_and_by_other_words_for_it() -> None:
    assert outfit("tired old detective") is ROLES["detective"]
    assert outfit("Police Officer") is ROLES["police"]
    assert outfit("boy") is ROLES["child"]


def test_an_animal_is_refused_with_what_is_possible() -> None:
    with pytest.raises(BadInput, match=r"'black dog' is an animal.*detective"):
        made("black dog")


def test_the_same_seed_gives_the_same_bytes_and_another_other_ones() -> None:
    one, again, other = (made("person", seed) for seed in (5, 5, 6))
    for first, second in zip(one.parts, again.parts, strict=True):
        assert first.part.positions.tobytes() == second.part.positions.tobytes()
        assert first.weights.tobytes() == second.weights.tobytes()
        assert first.part.material.base_color == second.part.material.base_color
    assert any(
        first.part.positions.tobytes() != second.part.positions.tobytes()
        for first, second in zip(one.parts, other.parts, strict=False)
    )
