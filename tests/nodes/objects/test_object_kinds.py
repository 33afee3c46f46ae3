"""Every kind of object: sound geometry, its size, its place, its colour, the same bytes each time."""

from __future__ import annotations

import hashlib
import subprocess
import sys
from functools import cache

import numpy as np
import pytest

from diorama.context import Context
from diorama.faults import BadInput
from diorama.values import Mesh, Part
from diorama_nodes.objects.kinds import KINDS
from diorama_nodes.objects.materials import linear_rgb
from diorama_nodes.objects.nodes import make_object
from diorama_nodes.objects.registry import CEILING_KINDS, WALL_KINDS, build, default_size, wish_for
from diorama_nodes.plan.schema import ObjectSpec

EVERY_KIND = sorted(KINDS)
FACES = (60, 6000)
GIVEN_COLOR = "#2fa87c"


def spec(kind: str, **wishes: object) -> ObjectSpec:
    return ObjectSpec.model_validate({"id": kind, "kind": kind, **wishes})


@cache
def usual(kind: str) -> Mesh:
    return build(spec(kind), "", 3)


def corners(part: Part) -> np.ndarray[tuple[int, ...], np.dtype[np.float64]]:
    return part.positions[part.triangles].astype(np.float64)


def digest(mesh: Mesh) -> str:
    seen = hashlib.sha256()
    for part in mesh.parts:
        for array in (part.positions, part.normals, part.triangles, part.uvs):
            assert array is not None
            seen.update(array.tobytes())
        seen.update(repr((part.material.name, part.material.base_color, part.material.emissive)).encode())
    return seen.hexdigest()


@pytest.mark.parametrize("kind", EVERY_KIND)
def test_geometry_is_finite_indexed_and_has_unit_normals(kind: str) -> None:
    mesh = usual(kind)
    assert FACES[0] <= mesh.face_count <= FACES[1]
    for part in mesh.parts:
        assert np.isfinite(part.positions).all()
        assert part.uvs is not None
        assert np.isfinite(part.uvs).all()
        assert part.triangles.max() < len(part.positions)
        assert np.abs(np.linalg.norm(part.normals, axis=1) - 1).max() < 1e-3


@pytest.mark.parametrize("kind", EVERY_KIND)
def test_triangles_wind_the_way_their_normals_point(kind: str) -> None:
    for part in usual(kind).parts:
        corner = corners(part)
        facing = np.cross(corner[:, 1] - corner[:, 0], corner[:, 2] - corner[:, 0])
        area = np.linalg.norm(facing, axis=1)
        against = (facing * part.normals[part.triangles].mean(axis=1)).sum(axis=1) < 0
        assert area[against].sum() <= 0.02 * area.sum(), part.material.name


@pytest.mark.parametrize("kind", EVERY_KIND)
def test_closed_parts_enclose_a_positive_volume(kind: str) -> None:
    for part in usual(kind).parts:
        is_flat = np.ptp(part.positions, axis=0).min() < 1e-6
        if part.material.double_sided or is_flat or kind in ("mountain", "island"):
            continue
        corner = corners(part) - corners(part).reshape(-1, 3).mean(axis=0)
        assert (corner[:, 0] * np.cross(corner[:, 1], corner[:, 2])).sum() > 0, part.material.name


@pytest.mark.parametrize("kind", EVERY_KIND)
def test_an_object_is_as_large_as_its_kind_and_stands_at_its_origin(kind: str) -> None:
    low, high = usual(kind).bounds()
    size = wish_for(spec(kind), "", 3).size
    assert np.allclose(high - low, size, rtol=1e-4, atol=1e-5)
    assert abs(low[0] + high[0]) < 1e-3 * size[0] + 1e-5
    if kind in CEILING_KINDS:
        assert abs(high[1]) < 1e-4
    else:
        assert abs(low[1]) < 1e-4
    if kind in WALL_KINDS:
        assert abs(low[2]) < 1e-4
    else:
        assert abs(low[2] + high[2]) < 1e-3 * size[2] + 1e-5


@pytest.mark.parametrize("kind", EVERY_KIND)
def test_a_given_color_is_seen_and_given_metres_are_met(kind: str) -> None:
    width, height, depth = (1.3 * side for side in default_size(kind))
    mesh = build(spec(kind, color=GIVEN_COLOR, dimensions=(width, height, depth)), "", 3)
    low, high = mesh.bounds()
    assert np.allclose(high - low, (width, height, depth), rtol=1e-4, atol=1e-5)
    tint = np.array(linear_rgb(GIVEN_COLOR))

    def has_tint(values: tuple[float, ...]) -> bool:
        shade = np.array(values[:3])
        return bool(shade.max() > 0 and np.argmax(shade) == np.argmax(tint) and shade[1] > 1.15 * shade[0])

    plain = {(part.material.base_color, part.material.emissive) for part in usual(kind).parts}
    fresh = [part.material for part in mesh.parts if (part.material.base_color, part.material.emissive) not in plain]
    assert any(has_tint(material.base_color) or has_tint(material.emissive) for material in fresh)


@pytest.mark.parametrize("kind", EVERY_KIND)
def test_the_same_wish_gives_the_same_bytes(kind: str) -> None:
    assert digest(build(spec(kind), "", 3)) == digest(usual(kind))


def test_another_process_gives_the_same_bytes() -> None:
    kinds = ["tree", "rock", "neon_sign", "bookshelf", "horse", "skyscraper"]
    program = (
        "from diorama_nodes.objects.registry import build\n"
        "from diorama_nodes.plan.schema import ObjectSpec\n"
        "import hashlib\n"
        f"for kind in {kinds!r}:\n"
        "    mesh = build(ObjectSpec(id=kind, kind=kind), '', 3)\n"
        "    print(hashlib.sha256(mesh.encode()).hexdigest())\n"
    )
    told = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert told.stdout.split() == [hashlib.sha256(usual(kind).encode()).hexdigest() for kind in kinds]


@pytest.mark.parametrize(
    ("given", "meant"),
    [("tabel", "table"), ("neon_sing", "neon_sign"), ("streetlamp", "street_lamp")],
)
def test_an_unknown_kind_is_refused_with_the_nearest_one(given: str, meant: str) -> None:
    with pytest.raises(BadInput, match=f"{given!r}.*did you mean {meant!r}"):
        make_object(Context(), spec(given))


def test_the_node_makes_what_the_registry_builds() -> None:
    assert digest(make_object(Context(), spec("chair"), "", 3).mesh) == digest(usual("chair"))


def test_the_layers_of_a_rug_lie_far_enough_apart_to_be_drawn_by_depth() -> None:
    upward = [part.positions[part.normals[:, 1] > 0.99][:, 1] for part in usual("rug").parts]
    heights = np.unique(np.concatenate(upward).round(5))
    assert np.diff(heights).min() > 0.0007
