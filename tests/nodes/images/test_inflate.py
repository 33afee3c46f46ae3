"""inflate makes a closed, outward-wound, textured mesh of whatever outline a picture has."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest
import trimesh
from PIL import Image as pil
from PIL import ImageDraw

from diorama.context import Cancelled, Context
from diorama.faults import BadInput
from diorama.values import Image, Mesh
from diorama_nodes.images.nodes import inflate

SIDE = 200
Draw = Callable[[ImageDraw.ImageDraw], None]


def picture(draw: Draw) -> Image:
    """White where `draw` draws, on a magenta that is transparent."""
    image = pil.new("RGBA", (SIDE, SIDE), (255, 0, 255, 0))
    draw(ImageDraw.Draw(image))
    return Image(np.asarray(image))


def disc(d: ImageDraw.ImageDraw) -> None:
    d.ellipse((20, 20, 180, 180), fill="white")


def ring(d: ImageDraw.ImageDraw) -> None:
    disc(d)
    d.ellipse((70, 70, 130, 130), fill=(255, 0, 255, 0))


def pair(d: ImageDraw.ImageDraw) -> None:
    d.rectangle((20, 40, 80, 180), fill="white")
    d.ellipse((110, 60, 190, 140), fill="white")


def kite(d: ImageDraw.ImageDraw) -> None:
    d.polygon([(100, 10), (150, 70), (100, 120), (50, 70)], fill="white")
    d.line([(100, 115), (120, 150), (90, 190)], fill="white", width=2)


def checkers(d: ImageDraw.ImageDraw) -> None:
    for x in range(3):
        for y in range(3):
            if (x + y) % 2 == 0:
                d.rectangle((30 + 40 * x, 30 + 40 * y, 69 + 40 * x, 69 + 40 * y), fill="white")


def hairline(d: ImageDraw.ImageDraw) -> None:
    d.line([(10, 20), (190, 170)], fill="white", width=1)


def crumbs(d: ImageDraw.ImageDraw) -> None:
    spots = np.random.default_rng(5).integers(5, SIDE - 5, (150, 2)).tolist()
    for x, y in spots:
        d.ellipse((x - 3, y - 3, x + 3, y + 3), fill="white")


def full_width(d: ImageDraw.ImageDraw) -> None:
    d.rectangle((0, 0, SIDE, 100), fill="white")


SHAPES: dict[str, Draw] = {
    "a disc": disc,
    "a ring": ring,
    "two parts": pair,
    "a kite with a thin tail": kite,
    "squares that meet at corners": checkers,
    "a hairline": hairline,
    "crumbs": crumbs,
    "a shape that touches the border": full_width,
}


def solid(mesh: Mesh) -> trimesh.Trimesh:
    part = mesh.parts[0]
    shape = trimesh.Trimesh(part.positions, part.triangles, process=False)
    shape.merge_vertices(merge_tex=True, merge_norm=True)
    return shape


@pytest.mark.parametrize("back", ["mirror", "plain"])
@pytest.mark.parametrize("case", SHAPES)
def test_the_mesh_is_closed_and_wound_outward(case: str, back: str) -> None:
    shape = solid(inflate(Context(), picture(SHAPES[case]), resolution=64, back=back).mesh)  # type: ignore[arg-type]
    assert shape.is_watertight
    assert shape.is_winding_consistent
    assert all(part.volume > 0 for part in shape.split(only_watertight=False))


@pytest.mark.parametrize(
    ("case", "parts", "euler"),
    [("a disc", 1, 2), ("a ring", 1, 0), ("two parts", 2, 4), ("a kite with a thin tail", 1, 2)],
)
def test_holes_and_parts_are_those_of_the_picture(case: str, parts: int, euler: int) -> None:
    shape = solid(inflate(Context(), picture(SHAPES[case]), resolution=96).mesh)
    assert len(shape.split(only_watertight=False)) == parts
    assert shape.euler_number == euler


def test_it_stands_on_the_ground_over_the_origin() -> None:
    low, high = inflate(Context(), picture(disc), height=1.7).mesh.bounds()
    assert low[1] == pytest.approx(0, abs=1e-6)
    assert high[1] == pytest.approx(1.7, rel=1e-5)
    assert low[0] == pytest.approx(-high[0], abs=1e-5)
    assert low[2] == pytest.approx(-high[2], abs=1e-5)


def test_normals_are_unit_and_point_as_the_faces_do() -> None:
    part = inflate(Context(), picture(ring)).mesh.parts[0]
    assert np.allclose(np.linalg.norm(part.normals, axis=1), 1, atol=1e-4)
    a, b, c = (part.positions[part.triangles[:, corner]] for corner in range(3))
    faces = np.cross(b - a, c - a)
    along = (faces * part.normals[part.triangles].mean(axis=1)).sum(axis=1)
    assert (along > 0).mean() > 0.99


def test_a_disc_swells_to_a_round_lens() -> None:
    part = inflate(Context(), picture(disc), depth=1.0, resolution=128).mesh.parts[0]
    middle = part.positions - np.array([0, 0.5, 0])
    out = np.hypot(middle[:, 0], middle[:, 1])
    thickest = np.abs(middle[:, 2]).max()
    wanted = thickest * np.sqrt(np.clip(1 - (out / 0.5) ** 2, 0, 1))
    assert thickest == pytest.approx(0.5 / np.sqrt(2), rel=0.08), "the solution of Poisson's equation on a disc"
    assert np.abs(np.abs(middle[:, 2]) - wanted).max() < 0.05


def test_depth_scales_the_thickness() -> None:
    thin = inflate(Context(), picture(disc), depth=0.4).mesh.bounds()[1, 2]
    thick = inflate(Context(), picture(disc), depth=0.8).mesh.bounds()[1, 2]
    assert thick == pytest.approx(2 * thin, rel=1e-3)


def test_the_front_shows_the_picture_the_right_way_round() -> None:
    def flag(d: ImageDraw.ImageDraw) -> None:
        d.rectangle((20, 20, 180, 180), fill="white")
        d.rectangle((20, 20, 100, 100), fill="red")

    part = inflate(Context(), picture(flag)).mesh.parts[0]
    assert part.uvs is not None
    assert part.material.base_color_image is not None
    texture = part.material.base_color_image.pixels
    upper_left = int(np.argmin(np.linalg.norm(part.positions - np.array([-0.25, 0.75, 0.3]), axis=1)))
    u, v = part.uvs[upper_left] * [texture.shape[1], texture.shape[0]]
    assert texture[int(v), int(u)].tolist()[:3] == [255, 0, 0]


@pytest.mark.parametrize("back", ["mirror", "plain"])
def test_no_background_colour_shows_anywhere(back: str) -> None:
    part = inflate(Context(), picture(kite), back=back).mesh.parts[0]  # type: ignore[arg-type]
    assert part.uvs is not None
    assert part.material.base_color_image is not None
    texture = part.material.base_color_image.pixels
    assert part.uvs.min() >= 0
    assert part.uvs.max() <= 1
    at = (part.uvs * [texture.shape[1] - 1, texture.shape[0] - 1]).round().astype(int)
    assert (texture[at[:, 1], at[:, 0], 1] > 250).all(), "magenta holds no green, white does"


def test_the_default_holds_ten_to_thirty_thousand_triangles() -> None:
    assert 10_000 < inflate(Context(), picture(disc)).mesh.face_count < 30_000


def test_the_same_picture_gives_the_same_bytes_and_they_read_back() -> None:
    first, second = (inflate(Context(), picture(kite), resolution=48).mesh for _ in range(2))
    assert first.encode() == second.encode()
    assert Mesh.decode(first.encode()).face_count == first.face_count


def test_a_cancelled_call_stops() -> None:
    ctx = Context()
    ctx.cancelled.set()
    with pytest.raises(Cancelled):
        inflate(ctx, picture(disc))


REFUSED = {
    "a picture without alpha": (Image(np.zeros((40, 40, 3), np.uint8)), "cut_out"),
    "a picture that is opaque everywhere": (Image(np.full((40, 40, 4), 255, np.uint8)), "cut_out"),
    "a picture that is transparent everywhere": (Image(np.zeros((40, 40, 4), np.uint8)), "transparent everywhere"),
    "a single pixel": (picture(lambda d: d.point((50, 50), fill="white")), "under 3 pixels"),
}


@pytest.mark.parametrize("case", REFUSED)
def test_a_picture_without_an_outline_is_refused(case: str) -> None:
    image, says = REFUSED[case]
    with pytest.raises(BadInput, match=says):
        inflate(Context(), image)
