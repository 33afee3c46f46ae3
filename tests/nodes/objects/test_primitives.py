"""Shapes: closed, outward, of the size that was asked for."""

from __future__ import annotations

from dataclasses import dataclass
from math import pi

import numpy as np
import pytest

from diorama.values import Part
from diorama_nodes.objects.materials import FINISHES, blended, is_material, linear_rgb, material, shaded
from diorama_nodes.objects.patterns import PATTERNS, pattern_image
from diorama_nodes.objects.primitives import blob, box, boxes, cylinder, extrude, lathe, panel, plane, sphere, tube
from diorama_nodes.objects.surfaces import fitted, merged, mirrored, moved, recoloured, scaled, turned

SQUARE = [(0.0, 0.0), (2.0, 0.0), (2.0, 2.0), (0.0, 2.0)]
HOLE = [(0.5, 0.5), (1.5, 0.5), (1.5, 1.5), (0.5, 1.5)]
BOX = box((1, 2, 3), (4, 0, 0))


@dataclass(frozen=True)
class Case:
    name: str
    part: Part
    volume: float
    tolerance: float = 1e-4
    """Share by which the volume may differ: round shapes are many-sided."""


CASES = [
    Case("a box", BOX, 6.0),
    Case("a bevelled box loses its edges", box((1, 2, 3), bevel=0.05), 5.971, 1e-3),
    Case("two boxes as one part", boxes(np.array([[1, 1, 1], [1, 2, 1]]), np.array([[0, 0, 0], [3, 0, 0]])), 3.0),
    Case("a cylinder", cylinder(1, 2, sides=64), 2 * pi, 0.01),
    Case("a cone", cylinder(1, 3, top=0.0, sides=64), pi, 0.01),
    Case("a ball", sphere(1, sides=48), 4 / 3 * pi, 0.02),
    Case("an ellipsoid", sphere((1, 2, 3), sides=48), 8 * pi, 0.02),
    Case(
        "a hollow vessel", lathe([(0, 0), (1, 0), (1, 1), (0.5, 1), (0.5, 0.5), (0, 0.5)], sides=64), 0.875 * pi, 0.01
    ),
    Case("a straight tube", tube([(0, 0, 0), (0, 0, 5)], 0.5, sides=48), 1.25 * pi, 0.01),
    Case("a bent tube", tube([(0, 0, 0), (2, 0, 0), (2, 2, 0)], 0.1, sides=32), 0.04 * pi, 0.15),
    Case("a hoop", tube([(np.cos(a), 0, np.sin(a)) for a in np.arange(64) * pi / 32], 0.1, is_closed=True), 0.18, 0.02),
    Case("a plate", extrude(SQUARE, 0.5), 2.0),
    Case("a plate given clockwise", extrude(SQUARE[::-1], 0.5), 2.0),
    Case("a plate with a hole", extrude(SQUARE, 0.5, holes=[HOLE]), 1.5),
    Case("a smooth stone without bumps", blob((1, 1, 1), detail=3), 4 / 3 * pi, 0.03),
    Case("a turned box", turned(BOX, "x", 1.0), 6.0),
    Case("a mirrored box", mirrored(BOX), 6.0),
    Case("a stretched box", scaled(BOX, (2, 1, 0.5)), 6.0),
]


def volume(part: Part) -> float:
    corner = part.positions[part.triangles].astype(np.float64)
    return float((corner[:, 0] * np.cross(corner[:, 1], corner[:, 2])).sum() / 6)


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_a_closed_shape_encloses_its_volume(case: Case) -> None:
    assert volume(case.part) == pytest.approx(case.volume, rel=case.tolerance)


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_every_edge_is_shared_by_two_faces(case: Case) -> None:
    points, number = np.unique(np.round(case.part.positions.astype(np.float64), 5), axis=0, return_inverse=True)
    faces = number.reshape(-1)[case.part.triangles]
    faces = faces[(faces[:, 0] != faces[:, 1]) & (faces[:, 1] != faces[:, 2]) & (faces[:, 2] != faces[:, 0])]
    one_way = np.concatenate([faces[:, [0, 1]], faces[:, [1, 2]], faces[:, [2, 0]]])
    keys, back = one_way @ [len(points), 1], one_way[:, ::-1] @ [len(points), 1]
    assert sorted(keys) == sorted(back)


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_normals_are_unit_and_point_the_way_faces_wind(case: Case) -> None:
    part = case.part
    corner = part.positions[part.triangles].astype(np.float64)
    facing = np.cross(corner[:, 1] - corner[:, 0], corner[:, 2] - corner[:, 0])
    assert ((facing * part.normals[part.triangles].mean(axis=1)).sum(axis=1) > -1e-9).all()
    assert np.allclose(np.linalg.norm(part.normals, axis=1), 1, atol=1e-4)


def test_flat_shapes_face_up_and_forward() -> None:
    assert (plane(2, 3).normals == [0, 1, 0]).all()
    assert (panel(2, 3).normals == [0, 0, 1]).all()


def test_a_picture_fits_a_panel_once_upright() -> None:
    poster = panel(2, 1, fit=True)
    assert poster.uvs is not None
    top_left = int(np.argmax(poster.positions[:, 1] - poster.positions[:, 0]))
    assert poster.uvs[top_left].tolist() == [0, 0]


def test_uvs_are_in_metres() -> None:
    assert BOX.uvs is not None
    assert np.ptp(BOX.uvs, axis=0).max() == pytest.approx(3.0)


def test_parts_of_one_material_are_merged_in_the_order_in_which_materials_come() -> None:
    wood, iron = material("wood"), material("iron")
    parts = merged([box((1, 1, 1), material=wood), box((1, 1, 1), material=iron), moved(BOX, (9, 0, 0))])
    assert [part.material.name.split(" ")[0] for part in parts] == ["wood", "iron", "material"]
    both = merged([box((1, 1, 1), material=wood), box((2, 1, 1), (5, 0, 0), wood)])
    assert len(both) == 1
    assert volume(both[0]) == pytest.approx(3.0)


def test_fitting_meets_the_size_and_stands_on_the_ground() -> None:
    (part,) = fitted([BOX], (2.0, 0.5, 1.0))
    assert np.allclose(part.positions.min(axis=0), (-1.0, 0.0, -0.5))
    assert np.allclose(part.positions.max(axis=0), (1.0, 0.5, 0.5))


@pytest.mark.parametrize("name", sorted(PATTERNS))
def test_a_pattern_is_small_light_and_repeats_without_a_seam(name: str) -> None:
    pixels = pattern_image(name).pixels.astype(float)[:, :, 0]
    assert pixels.shape[0] <= 256
    assert pixels.mean() > 140
    inside = np.abs(np.diff(pixels, axis=1)).mean(axis=0).max()
    assert np.abs(pixels[:, 0] - pixels[:, -1]).mean() <= inside + 8


@pytest.mark.parametrize("name", sorted(FINISHES))
def test_a_material_takes_a_color_and_is_one_object_for_one_wish(name: str) -> None:
    red = material(name, "#ff0000")
    assert red is material(name, "#ff0000")
    assert red.base_color[:3] == (1.0, 0.0, 0.0)
    assert is_material(name)


def test_words_for_materials_are_understood_and_others_are_not() -> None:
    assert material("steel").metallic == material("metal").metallic
    assert not is_material("unobtainium")


@pytest.mark.parametrize(("color", "green"), [("#000000", 0.0), ("#808080", 0.2158605), ("#ffffff", 1.0)])
def test_srgb_becomes_linear(color: str, green: float) -> None:
    assert linear_rgb(color)[1] == pytest.approx(green, abs=1e-6)


def test_shades_and_blends() -> None:
    assert shaded("#804020", 0.5) == "#402010"
    assert shaded("#804020", 2.0) == "#c0a090"
    assert blended("#000000", "#ff8000", 0.5) == "#804000"


def test_recolouring_keeps_the_shape() -> None:
    assert recoloured(BOX, material("gold")).positions is BOX.positions
