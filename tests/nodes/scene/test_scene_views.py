"""Views show what was asked for, and rooms look out of their windows."""

from __future__ import annotations

import numpy as np
import pytest

from diorama.context import Context
from diorama_nodes.objects.nodes import make_object
from diorama_nodes.plan.nodes import Planned, plan_scene
from diorama_nodes.scene.framing import SHOWN, Views
from diorama_nodes.scene.nodes import LaidOut, lay_out


def scene_of(prompt: str) -> tuple[Planned, LaidOut]:
    """The plan of a prompt and its layout, with the meshes of its objects."""
    planned = plan_scene(Context(), prompt, 7)
    meshes = [make_object(Context(), spec, seed=7).mesh for spec in planned.objects]
    return planned, lay_out(Context(), planned.plan, meshes, 7)


def on_picture(result: LaidOut, points: np.ndarray) -> np.ndarray:
    """Where points are in the picture that is rendered where no moment is given."""
    camera = result.scene.camera
    eye, target = camera.at(result.scene.seconds * SHOWN)
    view = Views(eye[None].astype(float), target[None].astype(float))
    return np.asarray(view.project(np.asarray(points, float), camera.fov_y)[0])


FIGURES = [
    ("a knight at a castle", "a castle on a hill at golden hour with a knight"),
    ("a walker in a street", "a woman with a red umbrella walks down a rainy street at night"),
    ("dancers in a field", "two robots dancing in a meadow"),
    ("a cook in a kitchen", "a chef in a kitchen"),
]


@pytest.mark.parametrize("prompt", [prompt for _, prompt in FIGURES], ids=[name for name, _ in FIGURES])
def test_a_figure_is_whole_in_the_picture_and_large_enough_to_be_looked_at(prompt: str) -> None:
    _, result = scene_of(prompt)
    line = np.array(result.paths[0].points)
    x, z = line[0] + (line[-1] - line[0]) * SHOWN
    foot = result.paths[0].height
    seen = on_picture(result, np.array([(x, foot, z), (x, foot + 1.75, z)]))
    assert (np.abs(seen[:, :2]) < 1.0).all()
    assert (seen[1, 1] - seen[0, 1]) / 2 > 0.15


def test_what_a_sentence_names_is_in_the_picture() -> None:
    planned, result = scene_of("a library with a leather armchair facing a fireplace and three bookshelves")
    asked = {spec.id for spec in planned.objects if not spec.is_implied}
    spots = [p.translation for p in result.scene.placements if p.name in asked]
    seen = on_picture(result, np.array(spots) + np.array([0.0, 0.4, 0.0]))
    assert len(spots) == len(asked)
    assert (np.abs(seen[:, :2]) < 1.05).all()
    assert (seen[:, 2] > 0).all()


def test_sunlight_falls_in_through_the_window_and_there_is_land_outside() -> None:
    _, result = scene_of("a living room at noon")
    window = next(p for p in result.scene.placements if p.kind == "window")
    inward = np.array([2 * window.rotation[1] * window.rotation[3], 0.0, 1 - 2 * window.rotation[1] ** 2])
    sun = next(light for light in result.scene.lights if light.name == "sun")
    assert float(np.dot(inward, sun.direction)) > 0.3
    assert sun.direction[1] < 0
    assert any(p.name.startswith("outside") for p in result.scene.placements)


def test_a_room_without_a_window_has_nothing_outside() -> None:
    _, result = scene_of("a dungeon with a chest")
    assert not any(p.name.startswith("outside") for p in result.scene.placements)


def test_nothing_hangs_on_the_wall_through_which_the_viewer_looks() -> None:
    _, result = scene_of("a dungeon with three torches and a chest")
    torches = [p for p in result.scene.placements if p.kind == "torch"]
    assert torches
    assert all(abs(torch.rotation[1]) < 0.95 for torch in torches)


def test_a_floor_lamp_stands_on_the_floor() -> None:
    _, result = scene_of("a study with a desk and a floor lamp")
    lamp = next(p for p in result.scene.placements if p.kind == "lamp")
    assert lamp.translation[1] == pytest.approx(0.0, abs=0.02)


def test_several_of_the_cast_stand_apart_in_the_picture() -> None:
    _, result = scene_of("a cafe with three people")
    spots = np.array([(path.points[0][0], 1.1, path.points[0][1]) for path in result.paths])
    across = np.sort(on_picture(result, spots)[:, 0])
    assert (np.diff(across) > 0.12).all()


def test_boats_and_jetties_are_in_the_water_and_trees_are_not() -> None:
    _, result = scene_of("a lake shore with a wooden jetty, a rowing boat and three pine trees")
    water = next(p for p in result.scene.placements if p.name == "water")
    shore = float(result.scene.meshes[water.mesh].bounds()[1, 2]) - 3.0
    assert all(p.translation[2] < shore for p in result.scene.placements if p.kind in ("jetty", "boat"))
    assert all(p.translation[2] > shore for p in result.scene.placements if p.kind == "pine_tree")


def test_the_light_of_a_street_lamp_is_in_its_lantern() -> None:
    _, result = scene_of("a street at night with a street lamp")
    lamp = next(p for p in result.scene.placements if p.kind == "street_lamp")
    light = next(light for light in result.scene.lights if light.name == f"{lamp.name}_light")
    reach = result.scene.meshes[lamp.mesh].bounds()
    assert np.hypot(light.position[0] - lamp.translation[0], light.position[2] - lamp.translation[2]) <= np.hypot(
        *np.abs(reach[:, [0, 2]]).max(axis=0)
    )
    assert 0.6 * reach[1, 1] < light.position[1] < reach[1, 1]


def test_every_head_of_lettuce_finds_room_on_its_rack() -> None:
    _, result = scene_of(
        "a corridor twelve metres long with growth racks along both walls, twenty lettuce heads per rack"
    )
    assert not any("lettuce" in line for line in result.report)


def test_who_sits_on_a_named_seat_sits_there() -> None:
    _, result = scene_of("a king on a throne in a throne room")
    throne = next(p for p in result.scene.placements if p.kind == "armchair")
    x, z = result.paths[0].points[0]
    assert result.paths[0].action == "sit"
    assert np.hypot(x - throne.translation[0], z - throne.translation[2]) < 0.4
    assert result.paths[0].height == pytest.approx(throne.translation[1], abs=0.02)
