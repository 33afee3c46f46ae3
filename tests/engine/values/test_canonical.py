from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays

from diorama.values import Material, Part, SkinnedPart
from diorama.values.canonical import clean_weights, unit_quaternion, unit_rows

WEIGHTS = [
    ("weights that fit stay", [3, 1, 0, 0], [0.5, 0.5, 0, 0], [3, 1, 0, 0], [0.5, 0.5, 0, 0]),
    ("too much is shared out", [3, 1, 0, 0], [3, 1, 0, 0], [3, 1, 0, 0], [0.75, 0.25, 0, 0]),
    ("twins are merged", [2, 2, 1, 0], [0.25, 0.25, 0.5, 0], [2, 0, 1, 0], [0.5, 0, 0.5, 0]),
    ("a joint without weight becomes the first", [4, 5, 6, 7], [1, 0, 0, 0], [4, 0, 0, 0], [1, 0, 0, 0]),
    ("no weight at all goes to the first named", [4, 5, 6, 7], [0, 0, 0, 0], [4, 0, 0, 0], [1, 0, 0, 0]),
    ("less than nothing counts as nothing", [4, 5, 0, 0], [1, -1, 0, 0], [4, 0, 0, 0], [1, 0, 0, 0]),
]


@pytest.mark.parametrize(
    ("name", "joints", "weights", "clean_joints", "clean"), WEIGHTS, ids=[weights[0] for weights in WEIGHTS]
)
def test_weights_become_what_the_format_asks_for(
    name: str, joints: list[int], weights: list[float], clean_joints: list[int], clean: list[float]
) -> None:
    given_joints, given_weights = np.array([joints], np.uint16), np.array([weights], np.float32)
    mended = clean_weights(given_joints, given_weights)
    assert mended[0].tolist() == [clean_joints]
    assert mended[1].tolist() == [clean]
    assert given_weights.tolist() == np.array([weights], np.float32).tolist()


@settings(max_examples=100, deadline=None)
@given(
    joints=arrays.arrays(np.uint16, (5, 4), elements=st.integers(0, 5)),
    weights=arrays.arrays(np.float32, (5, 4), elements=st.floats(-1, 4, width=32)),
)
def test_mending_weights_twice_changes_nothing_more(
    joints: np.ndarray[tuple[int, ...], np.dtype[np.uint16]], weights: np.ndarray[tuple[int, ...], np.dtype[np.float32]]
) -> None:
    once = clean_weights(joints, weights)
    again = clean_weights(*once)
    assert once[0].tolist() == again[0].tolist()
    assert once[1].tobytes() == again[1].tobytes()
    np.testing.assert_allclose(once[1].sum(axis=1), 1, atol=1e-6)
    assert (once[1] >= 0).all()


def test_rows_of_length_one_stay_to_the_bit_and_others_are_brought_there() -> None:
    rows = np.array([[0.6, 0.8, 0], [3, 0, 4], [0, 0, 0]], np.float32)
    mended = unit_rows(rows, (0.0, 1.0, 0.0))
    assert mended[0].tobytes() == rows[0].tobytes()
    assert np.round(mended[1:], 6).tolist() == np.array([[0.6, 0, 0.8], [0, 1, 0]], np.float32).tolist()
    assert unit_rows(rows[:1], (0.0, 1.0, 0.0)) is not mended
    assert unit_rows(mended, (0.0, 1.0, 0.0)) is mended


def test_a_turn_has_length_one() -> None:
    assert unit_quaternion((0.0, 3.0, 0.0, 4.0)) == (0.0, 0.6, 0.0, 0.8)
    assert unit_quaternion((0.0, 0.0, 0.0, 0.0)) == (0.0, 0.0, 0.0, 1.0)


def test_a_material_shines_the_same_with_its_factors_in_range() -> None:
    material = Material(base_color=(1.5, -1, 0.5, 1), metallic=-1, roughness=2, emissive=(4, 2, 0), emissive_strength=3)
    assert material.base_color == (1, 0, 0.5, 1)
    assert (material.metallic, material.roughness) == (0, 1)
    assert material.emissive == (1, 0.5, 0)
    assert material.emissive_strength == 12


def test_a_part_holds_arrays_of_the_types_that_it_says() -> None:
    part = Part(np.zeros((3, 3)), np.eye(3), np.array([[0, 1, 2]]), np.zeros((3, 2)))  # type: ignore[arg-type]
    assert part.uvs is not None
    assert [array.dtype.name for array in (part.positions, part.normals, part.triangles, part.uvs)] == [
        "float32",
        "float32",
        "uint32",
        "float32",
    ]


def test_a_skinned_part_has_joints_and_weights_for_each_vertex() -> None:
    part = Part(np.zeros((3, 3), np.float32), np.eye(3, dtype=np.float32), np.array([[0, 1, 2]], np.uint32))
    with pytest.raises(ValueError, match=r"must both be \(3, 4\)"):
        SkinnedPart(part, np.zeros((2, 4), np.uint16), np.zeros((3, 4), np.float32))
