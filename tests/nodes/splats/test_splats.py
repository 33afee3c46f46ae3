"""Splats are read from three formats, made from meshes, pictured, and written again."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest
from tests.support.sample_values import a_mesh, a_splat

from diorama.context import Context
from diorama.faults import BadInput
from diorama.types import File
from diorama.values import Image, Material, Mesh, Part, Splat
from diorama.values.mesh import Floats
from diorama.values.splat_rows import write_rows
from diorama.values.splat_spz import write_spz
from diorama_nodes.splats import picture
from diorama_nodes.splats.files import SplatRows, Spz, Up
from diorama_nodes.splats.nodes import encode_splat, load_splat, mesh_to_splat, render_splat

Write = Callable[[bytes, str], File]


def plate(
    image: Image | None = None, alpha_mode: str = "OPAQUE", emissive: tuple[float, float, float] = (0, 0, 0)
) -> Mesh:
    """A square of two metres that lies on the ground, its picture's top towards -Z."""
    corners = np.array([[-1, 0, -1], [-1, 0, 1], [1, 0, 1], [1, 0, -1]], np.float32)
    uvs = np.array([[0, 0], [0, 1], [1, 1], [1, 0]], np.float32)
    up = np.tile(np.array([0, 1, 0], np.float32), (4, 1))
    triangles = np.array([[0, 1, 2], [0, 2, 3]], np.uint32)
    assert alpha_mode in ("OPAQUE", "MASK", "BLEND")
    mode = next(known for known in ("OPAQUE", "MASK", "BLEND") if known == alpha_mode)
    material = Material("plate", base_color_image=image, alpha_mode=mode, emissive=emissive)
    return Mesh((Part(corners, up, triangles, uvs, material),))


def halves(left: tuple[int, ...], right: tuple[int, ...]) -> Image:
    pixels = np.zeros((8, 8, len(left)), np.uint8)
    pixels[:, :4], pixels[:, 4:] = left, right
    return Image(pixels)


def made(mesh: Mesh, count: int = 400, seed: int = 0, light: str = "none") -> Splat:
    return mesh_to_splat(Context(), mesh, count=count, light="soft" if light == "soft" else "none", seed=seed).splat


FORMATS: dict[str, Callable[[Splat], bytes]] = {
    "a.ply": lambda splat: splat.encode(),
    "a.SPLAT": lambda splat: write_rows(splat.flipped()),
    "a.spz": write_spz,
    "spz by its content.bin": write_spz,
}


@pytest.mark.parametrize("name", FORMATS)
def test_a_file_is_read_upright(as_file: Write, name: str) -> None:
    splat = load_splat(Context(), as_file(FORMATS[name](a_splat()), name)).splat
    assert splat.count == 40
    assert np.allclose(splat.bounds(), a_splat().bounds(), atol=1e-3)


TURNS: dict[Up, list[float]] = {"format": [1, 2, 3], "y": [1, -2, -3], "z": [1, -3, 2]}


@pytest.mark.parametrize("up", TURNS)
def test_what_points_up_in_the_file_is_for_the_reader_to_say(as_file: Write, up: Up) -> None:
    position = np.array([[1, 2, 3]], np.float32)
    # Long along Y in the file too, which a turn leaves along an axis.
    one = Splat(position, np.log([[0.1, 0.2, 0.3]]).astype(np.float32), np.array([[0.1, 0.2, 0.3, 0.9]]), *rest())
    read = load_splat(Context(), as_file(one.encode(), "a.ply"), up=up).splat
    assert np.allclose(read.positions, [TURNS[up]])
    # In the file stands (1, -2, -3): what is up in the splat is where the ball of each gaussian went as well.
    turned = {"format": np.diag([1, -1, -1]), "y": np.eye(3), "z": np.array([[1, 0, 0], [0, 0, 1], [0, -1, 0]])}[up]
    in_file = covariance(one.flipped())
    assert np.allclose(covariance(read), turned @ in_file @ turned.T, atol=1e-5)


def rest() -> tuple[Floats, Floats]:
    return np.zeros(1, np.float32), np.zeros((1, 3), np.float32)


def covariance(splat: Splat) -> Floats:
    from scipy.spatial.transform import Rotation

    axes = Rotation.from_quat(splat.rotations[0]).as_matrix() * splat.scales[0]
    found: Floats = axes @ axes.T
    return found


def test_a_length_of_the_file_may_be_other_than_a_metre(as_file: Write) -> None:
    splat = load_splat(Context(), as_file(a_splat().encode(), "a.ply"), metres=0.01).splat
    assert np.allclose(splat.positions, a_splat().positions * 0.01)
    assert np.allclose(splat.scales, a_splat().scales * 0.01, rtol=1e-4)


def test_beyond_all_bounds_it_is_refused(as_file: Write) -> None:
    far = Splat(np.full((1, 3), 9e5, np.float32), *(getattr(a_splat(1), name) for name in COLUMNS))
    with pytest.raises(BadInput, match=r"a\.ply: gaussian 0 is 9e\+08 m from the origin"):
        load_splat(Context(), as_file(far.encode(), "a.ply"), metres=1000.0)


COLUMNS = ("log_scales", "rotations", "opacity_logits", "colors")
REFUSED = {
    "a page.ply": (b"<html>", "a page.ply: 6 bytes given hold no splat that can be read; .ply, .splat or .spz"),
    "rows.txt": (bytes(64), "rows.txt: 64 bytes given hold no splat"),
    "cut.splat": (bytes(65), "cut.splat: the .splat has 65 bytes"),
    "none.ply": (a_splat(0).encode(), "none.ply: there are no gaussians in it"),
    "cut.ply": (a_splat().encode()[:-1], "cut.ply: the PLY's 40 gaussians take"),
}


@pytest.mark.parametrize("name", REFUSED)
def test_what_is_no_splat_is_refused_by_its_name(as_file: Write, name: str) -> None:
    content, says = REFUSED[name]
    with pytest.raises(BadInput) as caught:
        load_splat(Context(), as_file(content, name))
    assert str(caught.value).startswith(says)


def test_a_mesh_is_covered_evenly_by_discs_that_lie_on_it() -> None:
    splat = made(plate(), 400)
    assert splat.count == 400
    assert np.abs(splat.positions[:, 1]).max() == 0
    counts, _, _ = np.histogram2d(splat.positions[:, 0], splat.positions[:, 2], bins=4, range=[[-1, 1], [-1, 1]])
    assert counts.min() >= 18, "of 25 that each sixteenth of the plate has"
    assert counts.max() <= 32
    assert np.allclose(splat.scales[:, 0], np.sqrt(4 / 400 / np.pi), rtol=1e-4)
    upright = covariance(splat)
    assert upright[1, 1] < 0.01 * upright[0, 0]
    assert np.allclose(upright[0, 0], upright[2, 2])


def test_a_triangle_has_gaussians_by_its_area() -> None:
    small, large = plate().parts[0], a_mesh().parts[0]
    shifted = Part(small.positions * np.float32(0.1) + np.float32(5), small.normals, small.triangles)
    splat = made(Mesh((shifted, large)), 1000)
    share = (splat.positions[:, 0] > 3).mean()
    area = 0.04 / (0.04 + 4 * np.sqrt(2))
    assert abs(share - area) < 0.003


def test_the_seed_alone_decides_where_they_are() -> None:
    assert made(plate(), seed=1).encode() == made(plate(), seed=1).encode()
    assert made(plate(), seed=1).encode() != made(plate(), seed=2).encode()


def test_colours_are_those_of_the_picture_there() -> None:
    splat = made(plate(halves((200, 30, 30), (30, 30, 200))))
    # The picture repeats: at its rims, and in the middle, both colours mix.
    across = splat.positions[:, 0]
    left, right = (across > -0.8) & (across < -0.2), (across > 0.2) & (across < 0.8)
    assert np.allclose(splat.shades[left] * 255, [200, 30, 30], atol=1.5)
    assert np.allclose(splat.shades[right] * 255, [30, 30, 200], atol=1.5)


@pytest.mark.parametrize("mode", ["MASK", "BLEND"])
def test_where_the_picture_is_transparent_there_is_nothing(mode: str) -> None:
    splat = made(plate(halves((200, 30, 30, 255), (30, 30, 200, 0)), mode))
    across = splat.positions[:, 0]
    assert not ((across > 0.2) & (across < 0.8)).any()
    assert 150 < splat.count < 250


def test_what_glows_is_bright_though_its_colour_is_dark() -> None:
    black = halves((0, 0, 0), (0, 0, 0))
    assert made(plate(black)).shades.max() < 0.01
    assert made(plate(black, emissive=(1.0, 0.0, 0.0))).shades[:, 0].min() > 0.99


def test_light_from_above_is_painted_on() -> None:
    splat = made(a_mesh(), light="soft")
    flipped = made(
        Mesh(
            (
                Part(
                    -a_mesh().parts[0].positions,
                    -a_mesh().parts[0].normals,
                    a_mesh().parts[0].triangles,
                    None,
                    a_mesh().parts[0].material,
                ),
            )
        ),
        light="soft",
    )
    assert splat.shades.mean() > flipped.shades.mean()


NOTHING = {
    "no faces": Mesh(()),
    "no area": Mesh(
        (Part(np.zeros((3, 3), np.float32), np.zeros((3, 3), np.float32), np.array([[0, 1, 2]], np.uint32)),)
    ),
    "all transparent": plate(halves((1, 2, 3, 0), (1, 2, 3, 0)), "BLEND"),
}


@pytest.mark.parametrize("case", NOTHING)
def test_a_mesh_of_which_nothing_is_seen_is_refused(case: str) -> None:
    with pytest.raises(BadInput, match="wanted"):
        made(NOTHING[case])


def test_the_nearer_covers_the_farther() -> None:
    """A red disc stands before a blue one of the same size: from before it is red, from behind blue."""
    positions = np.array([[0, 0, -0.2], [0, 0, 0.2]], np.float32)
    scales = np.tile(np.array([[0.3, 0.3, 0.01]], np.float32), (2, 1))
    still = np.tile(np.array([[0, 0, 0, 1]], np.float32), (2, 1))
    pair = Splat.of(positions, scales, still, np.array([0.98, 0.98]), np.array([[0, 0, 1], [1, 0, 0]]))
    before = render_splat(Context(), pair, width=64, height=48, turn=0.0).image.pixels[24, 32].astype(int)
    behind = render_splat(Context(), pair, width=64, height=48, turn=180.0).image.pixels[24, 32].astype(int)
    assert before[0] > 150 > 90 > before[2]
    assert behind[2] > 150 > 90 > behind[0]


def test_up_in_the_splat_is_up_in_the_picture_and_right_is_right() -> None:
    marks = np.array([[0, 1, 0], [1, 0, 0], [0, 0, 0]], np.float32)
    colors = np.array([[1, 0, 0], [0, 1, 0], [0, 0, 1]], np.float32)
    scales, still = np.full((3, 3), 0.08), np.tile(np.array([[0, 0, 0, 1.0]]), (3, 1))
    splat = Splat.of(marks, scales, still, np.full(3, 0.98), colors)
    pixels = render_splat(Context(), splat, width=96, height=96, turn=0.0).image.pixels.astype(int)
    rows, columns = zip(*(middle(pixels, band) for band in range(3)), strict=True)
    assert rows[0] < rows[2] - 10
    assert columns[1] > columns[2] + 10


def middle(pixels: np.ndarray[tuple[int, ...], np.dtype[np.int64]], band: int) -> tuple[float, float]:
    others = [other for other in range(3) if other != band]
    found = np.argwhere(pixels[..., band] > 60 + pixels[..., others].max(axis=2))
    down, across = found.mean(axis=0)
    return float(down), float(across)


def test_a_splat_without_gaussians_has_no_picture() -> None:
    with pytest.raises(BadInput, match="nothing to see"):
        render_splat(Context(), a_splat(0))


def test_many_gaussians_are_pictured_by_some_of_them(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(picture, "MOST_GAUSSIANS", 300)
    count = 1000
    many = Splat.of(
        np.random.default_rng(1).uniform(-1, 1, (count, 3)).astype(np.float32),
        np.full((count, 3), 0.2),
        np.tile(np.array([[0, 0, 0, 1.0]]), (count, 1)),
        np.full(count, 0.5),
        np.tile(np.array([[0.9, 0.1, 0.1]]), (count, 1)),
    )
    red, green, _ = render_splat(Context(), many, width=64, height=48).image.pixels[24, 32]
    assert red > 200 > 60 > green


def test_it_is_written_in_formats_that_are_read_again(as_file: Write) -> None:
    encoded = encode_splat(Context(), a_splat())
    assert Spz.decode(encoded.spz.encode()) == encoded.spz
    assert SplatRows.decode(encoded.rows.encode()).describe() == {"bytes": 1280, "gaussians": 40}
    for value, name in ((encoded.spz, "a.spz"), (encoded.rows, "a.splat")):
        again = load_splat(Context(), as_file(value.encode(), name)).splat
        assert np.allclose(again.bounds(), a_splat().bounds(), atol=1e-3)


@pytest.mark.parametrize(("kind", "says"), [(Spz, "SPZ"), (SplatRows, r"\.splat")])
def test_bytes_of_other_kinds_are_none_of_these(kind: type[Spz] | type[SplatRows], says: str) -> None:
    with pytest.raises(BadInput, match=says):
        kind.decode(b"<html>")
