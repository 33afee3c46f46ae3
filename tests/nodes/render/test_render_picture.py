"""What is seen in a rendered picture is where geometry says, and looks as the material says."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import numpy as np
import pytest

from diorama.context import Cancelled, Context
from diorama.faults import BadInput
from diorama.values.image import Image, Pixels
from diorama.values.mesh import Material, Mesh, Part
from diorama.values.scene import Camera, Environment, Light, Placement, Scene
from diorama_nodes.render.nodes import Quality, render, render_mesh, render_strip

WIDE, HIGH = 96, 64
Doubles = np.ndarray[tuple[int, ...], np.dtype[np.float64]]
NIGHT = Environment(
    setting="outdoor",
    sky_zenith=(0.0, 0.0, 0.0),
    sky_horizon=(0.0, 0.0, 0.0),
    ambient=(0.0, 0.0, 0.0),
    fog_color=(0.0, 0.0, 0.0),
)
SUN = Light("sun", "directional", (1.0, 1.0, 1.0), 3.0, direction=(0.0, -1.0, 0.0))
WHITE = Material("white", (0.8, 0.8, 0.8, 1.0), roughness=1.0)
RED = Material("red", (0.8, 0.02, 0.02, 1.0), roughness=1.0)


def box(size: tuple[float, float, float], middle: tuple[float, float, float], material: Material = WHITE) -> Mesh:
    """A box with flat sides, each showing the whole picture upright."""
    half, centre = np.array(size) / 2, np.array(middle)
    sides = [((1, 0, 0), (0, 0, -1)), ((-1, 0, 0), (0, 0, 1)), ((0, 0, 1), (1, 0, 0)), ((0, 0, -1), (-1, 0, 0))]
    sides += [((0, 1, 0), (1, 0, 0)), ((0, -1, 0), (1, 0, 0))]
    positions, normals, uvs, triangles = [], [], [], []
    for number, (out, right) in enumerate(sides):
        up = np.cross(out, right)
        for u, v in ((0, 0), (1, 0), (1, 1), (0, 1)):
            corner = np.array(out) + np.array(right) * (2 * u - 1) + up * (1 - 2 * v)
            positions.append(corner * half + centre)
            normals.append(out)
            uvs.append((u, v))
        first = 4 * number
        triangles += [(first, first + 2, first + 1), (first, first + 3, first + 2)]
    return Mesh(
        (
            Part(
                np.array(positions, np.float32),
                np.array(normals, np.float32),
                np.array(triangles, np.uint32),
                np.array(uvs, np.float32),
                material,
            ),
        )
    )


def ground(material: Material = WHITE) -> Mesh:
    return box((40.0, 1.0, 40.0), (0.0, -0.5, 0.0), material)


def scene_of(
    *meshes: Mesh,
    lights: tuple[Light, ...] = (SUN,),
    environment: Environment = NIGHT,
    eye: tuple[float, float, float] = (0.0, 1.0, 6.0),
    target: tuple[float, float, float] = (0.0, 1.0, 0.0),
) -> Scene:
    camera = Camera(np.zeros(1, np.float32), np.array([eye], np.float32), np.array([target], np.float32), 0.8)
    placements = tuple(Placement(f"thing {number}", number) for number in range(len(meshes)))
    return Scene("test", 10.0, meshes, placements, lights, camera, environment)


def shown(scene: Scene, quality: Quality = "standard") -> Pixels:
    return render(Context(), scene, WIDE, HIGH, None, quality, 0).image.pixels


def mean(pixels: Pixels, left: float, top: float, right: float, bottom: float) -> Doubles:
    """The mean colour of a part of the picture, its sides as shares of the picture's."""
    part = pixels[int(top * HIGH) : int(bottom * HIGH), int(left * WIDE) : int(right * WIDE)]
    return np.asarray(part.reshape(-1, 3).mean(axis=0))


LAMP = Light("lamp", "point", (1.0, 1.0, 1.0), 40.0, (0.0, 3.0, 5.0))


@pytest.mark.parametrize("quality", ["draft", "standard", "fine"])
def test_a_red_box_is_red_where_it_stands_and_nowhere_else(quality: Quality) -> None:
    pixels = shown(scene_of(box((1.0, 1.0, 1.0), (0.0, 1.0, 0.0), RED), lights=(LAMP,)), quality)
    assert pixels.shape == (HIGH, WIDE, 3)
    red, green, blue = mean(pixels, 0.45, 0.42, 0.55, 0.58)
    assert red > 90
    assert red > 3 * green
    assert red > 3 * blue
    assert mean(pixels, 0.02, 0.02, 0.2, 0.9).max() < 3


def test_what_is_right_of_the_target_is_right_in_the_picture_and_what_is_high_is_high() -> None:
    pixels = shown(scene_of(box((0.8, 0.8, 0.8), (1.8, 2.0, 0.0)), lights=(LAMP,))).astype(float).sum(axis=2)
    rows, columns = np.nonzero(pixels > 60)
    assert columns.mean() > WIDE * 0.65
    assert rows.mean() < HIGH * 0.4


def test_the_sun_casts_a_shadow_straight_below_a_box_in_the_air() -> None:
    above = {"eye": (0.0, 9.0, 5.0), "target": (0.0, 0.0, 0.0)}
    scene = scene_of(ground(), box((2.0, 0.2, 2.0), (0.0, 12.0, 0.0)), **above)  # type: ignore[arg-type]
    pixels = shown(scene)
    assert mean(pixels, 0.47, 0.47, 0.53, 0.53).max() < 0.4 * mean(pixels, 0.05, 0.45, 0.15, 0.55).min()


def test_a_slanting_sun_moves_the_shadow_to_the_other_side() -> None:
    above = {"eye": (0.0, 9.0, 5.0), "target": (0.0, 0.0, 0.0)}
    slanting = replace(SUN, direction=(1.0, -1.0, 0.0))
    scene = scene_of(ground(), box((1.5, 3.0, 1.5), (0.0, 1.5, 0.0)), lights=(slanting,), **above)  # type: ignore[arg-type]
    pixels = shown(scene)
    assert mean(pixels, 0.62, 0.45, 0.68, 0.55).max() < 0.5 * mean(pixels, 0.3, 0.45, 0.36, 0.55).min()


def test_a_lamps_light_falls_with_the_square_of_its_distance_and_ends_at_its_reach() -> None:
    down = {"eye": (0.0, 10.0, 0.01), "target": (0.0, 0.0, 0.0)}
    lamp = Light("lamp", "point", (1.0, 1.0, 1.0), 4.0, (0.0, 1.0, 0.0), reach=3.0)
    pixels = shown(scene_of(ground(), lights=(lamp,), **down))  # type: ignore[arg-type]
    middle, near, far = (
        mean(pixels, *part)[1] for part in ((0.49, 0.48, 0.51, 0.52), (0.6, 0.48, 0.62, 0.52), (0, 0.1, 0.1, 0.9))
    )
    assert middle > near > far
    assert far < 2


def test_a_shining_part_is_bright_and_its_glow_spills_over() -> None:
    neon = Material("neon", (0.0, 0.0, 0.0, 1.0), emissive=(1.0, 0.05, 0.6), emissive_strength=12.0)
    pixels = shown(scene_of(box((0.5, 0.5, 0.1), (0.0, 1.0, 0.0), neon), lights=()))
    assert mean(pixels, 0.48, 0.47, 0.52, 0.53)[0] > 230
    beside = mean(pixels, 0.56, 0.45, 0.6, 0.55)
    assert beside[0] > 12
    assert beside[0] > 1.5 * beside[1]
    assert beside[0] > mean(pixels, 0.9, 0.45, 0.98, 0.55)[0]


def test_fog_hides_what_is_far_and_leaves_what_is_near() -> None:
    air = replace(NIGHT, fog_color=(0.3, 0.3, 0.3), fog_density=0.12)
    sun = replace(SUN, direction=(0.0, -0.3, -1.0))
    near, far = box((1.2, 1.2, 1.2), (-1.3, 1.0, 1.0), RED), box((14.0, 14.0, 1.0), (14.0, 1.0, -36.0), RED)
    pixels = shown(scene_of(near, far, lights=(sun,), environment=air))
    clear = shown(scene_of(near, far, lights=(sun,)))
    redness = [
        float(mean(picture, 0.7, 0.42, 0.76, 0.55)[0] - mean(picture, 0.7, 0.42, 0.76, 0.55)[2])
        for picture in (pixels, clear)
    ]
    assert redness[1] > 80
    assert abs(redness[0]) < 25
    close = mean(pixels, 0.2, 0.42, 0.28, 0.55)
    assert close[0] > close[2] + 25


def test_mist_glows_around_a_lamp_that_lights_nothing() -> None:
    mist = replace(NIGHT, fog_density=0.05)
    lamp = Light("lamp", "point", (0.05, 0.3, 1.0), 6.0, (0.0, 1.0, 0.0), reach=12.0)
    pixels = shown(scene_of(lights=(lamp,), environment=mist))
    middle, corner = mean(pixels, 0.45, 0.45, 0.55, 0.55), mean(pixels, 0.0, 0.0, 0.1, 0.1)
    assert middle[2] > 120
    assert middle[2] > 1.5 * middle[0]
    assert middle[2] > 2 * corner[2]


def test_wet_ground_mirrors_a_shining_box_and_dry_ground_does_not() -> None:
    neon = Material("neon", (0.0, 0.0, 0.0, 1.0), emissive=(0.1, 1.0, 0.9), emissive_strength=5.0)
    street = Material("street", (0.05, 0.05, 0.05, 1.0), roughness=0.9)
    things = (ground(street), box((1.6, 0.8, 0.2), (0.0, 1.9, -3.0), neon))
    dry, wet = (
        shown(scene_of(*things, lights=(), environment=replace(NIGHT, wetness=wetness))) for wetness in (0.0, 1.0)
    )
    where = (0.44, 0.85, 0.56, 0.91)
    assert mean(wet, *where)[1] > mean(dry, *where)[1] + 25
    assert mean(wet, *where)[1] > mean(wet, 0.02, 0.85, 0.15, 0.91)[1] + 25


def test_a_picture_on_a_side_is_the_right_way_up_and_not_mirrored() -> None:
    quarters = np.zeros((64, 64, 3), np.uint8)
    quarters[:32, :32], quarters[:32, 32:] = (255, 0, 0), (0, 255, 0)
    quarters[32:, :32], quarters[32:, 32:] = (0, 0, 255), (255, 255, 255)
    painted = Material("painted", roughness=1.0, base_color_image=Image(quarters))
    pixels = shown(scene_of(box((2.0, 2.0, 0.2), (0.0, 1.0, 0.0), painted), lights=(LAMP,)))
    red, green = mean(pixels, 0.4, 0.33, 0.46, 0.45), mean(pixels, 0.54, 0.33, 0.6, 0.45)
    blue, white = mean(pixels, 0.4, 0.55, 0.46, 0.67), mean(pixels, 0.54, 0.55, 0.6, 0.67)
    assert [int(part.argmax()) for part in (red, green, blue)] == [0, 1, 2]
    assert white.min() > 60


def test_a_far_chequered_wall_is_an_even_grey_without_glitter() -> None:
    chequers = np.zeros((256, 256, 3), np.uint8)
    chequers[::2, ::2] = chequers[1::2, 1::2] = 255
    painted = Material("painted", emissive=(0.8, 0.8, 0.8), emissive_image=Image(chequers))
    wall = scene_of(box((30.0, 30.0, 0.2), (0.0, 1.0, -30.0), painted), lights=())
    part = shown(wall)[20:44, 30:66].astype(float)
    assert part.mean() > 60
    assert part.std() < 6


ALPHA_CASES = [
    ("BLEND lets what is behind through by its share", "BLEND", 0.5, (30, 250), (30, 250)),
    ("BLEND at nought hides nothing", "BLEND", 0.0, (0, 40), (90, 255)),
    ("MASK below one half is not there", "MASK", 0.3, (0, 40), (90, 255)),
    ("MASK above one half is whole", "MASK", 0.7, (90, 255), (0, 60)),
    ("OPAQUE heeds no alpha", "OPAQUE", 0.1, (90, 255), (0, 60)),
]


@pytest.mark.parametrize(
    ("mode", "alpha", "reds", "greens"), [case[1:] for case in ALPHA_CASES], ids=[c[0] for c in ALPHA_CASES]
)
def test_alpha(mode: str, alpha: float, reds: tuple[int, int], greens: tuple[int, int]) -> None:
    pane = Material("pane", (0.8, 0.0, 0.0, alpha), roughness=1.0, alpha_mode=mode)  # type: ignore[arg-type]
    green = Material("green", (0.0, 0.8, 0.0, 1.0), roughness=1.0)
    scene = scene_of(
        box((2.0, 2.0, 0.02), (0.0, 1.0, 1.0), pane), box((3.0, 3.0, 0.1), (0.0, 1.0, -0.5), green), lights=(LAMP,)
    )
    red, seen, _ = mean(shown(scene), 0.47, 0.45, 0.53, 0.55)
    assert reds[0] <= red <= reds[1]
    assert greens[0] <= seen <= greens[1]


def test_a_scene_without_things_shows_the_sky_lighter_towards_the_horizon() -> None:
    day = Environment(sky_zenith=(0.02, 0.1, 0.5), sky_horizon=(0.6, 0.7, 0.8))
    pixels = shown(scene_of(lights=(), environment=day, target=(0.0, 2.6, 0.0)))
    top, bottom = mean(pixels, 0.0, 0.0, 1.0, 0.1), mean(pixels, 0.0, 0.85, 1.0, 0.95)
    assert top[2] > top[0] + 20
    assert bottom[0] > top[0] + 20


@pytest.mark.parametrize(("rain", "snow"), [(1.0, 0.0), (0.0, 1.0)], ids=["rain", "snow"])
def test_weather_is_seen_and_is_the_same_each_time(rain: float, snow: float) -> None:
    day = Environment(ambient=(0.3, 0.3, 0.3))
    clear = shown(scene_of(ground(), environment=day))
    first, again = (shown(scene_of(ground(), environment=replace(day, rain=rain, snow=snow))) for _ in range(2))
    assert (first == again).all()
    assert (np.abs(first.astype(int) - clear).max(axis=2) > 8).mean() > 0.05


def test_a_moment_shows_where_the_camera_is_then() -> None:
    camera = Camera(
        np.array([0, 10], np.float32),
        np.array([[0, 1, 6], [0, 1, 6]], np.float32),
        np.array([[-6, 1, 0], [6, 1, 0]], np.float32),
    )
    scene = replace(scene_of(box((1.0, 1.0, 1.0), (0.0, 1.0, 0.0)), lights=(LAMP,)), camera=camera)
    middles = []
    for moment in (4.0, 6.0):
        pixels = render(Context(), scene, WIDE, HIGH, moment).image.pixels.astype(float).sum(axis=2)
        middles.append(np.nonzero(pixels > 60)[1].mean())
    assert middles[0] > WIDE / 2 > middles[1]


def test_a_moment_beyond_the_end_is_refused_with_both_times() -> None:
    with pytest.raises(BadInput, match=r"11 s.*0 to 10 s"):
        render(Context(), scene_of(), WIDE, HIGH, 11.0)


@pytest.mark.parametrize(
    ("width", "height", "quality"), [(7680, 7680, "draft"), (4096, 4096, "standard"), (2000, 2000, "fine")]
)
def test_a_picture_beyond_the_limit_is_refused(width: int, height: int, quality: str) -> None:
    with pytest.raises(BadInput, match=f"{width} x {height} pixels"):
        render(Context(), scene_of(), width, height, None, quality)  # type: ignore[arg-type]


@pytest.mark.parametrize("size", [(16, 16), (17, 31), (31, 17)])
def test_the_smallest_and_odd_sizes_work(size: tuple[int, int]) -> None:
    qualities: tuple[Quality, ...] = ("draft", "standard", "fine")
    for quality in qualities:
        scene = scene_of(ground(), environment=replace(NIGHT, wetness=1.0, rain=1.0, fog_density=0.05))
        assert render(Context(), scene, *size, None, quality).image.pixels.shape == (size[1], size[0], 3)


def cancelling_after(count: int) -> Context:
    ctx = Context()
    calls: Iterator[int] = iter(range(1000))

    def told(fraction: float, message: str) -> None:
        if next(calls) >= count:
            ctx.cancelled.set()

    ctx.on_progress = told
    return ctx


@pytest.mark.parametrize("count", [0, 2, 5])
def test_a_cancel_takes_hold_between_stages(count: int) -> None:
    with pytest.raises(Cancelled):
        render(cancelling_after(count), scene_of(ground()), WIDE, HIGH)


@pytest.mark.parametrize("scale", [0.01, 1.0, 300.0])
def test_a_mesh_fills_its_studio_picture_whatever_its_size(scale: float) -> None:
    mesh = box((scale, scale * 1.5, scale), (5 * scale, 9 * scale, 2 * scale), RED)
    pixels = render_mesh(Context(), mesh, WIDE, HIGH).image.pixels.astype(int)
    red = pixels[..., 0] > pixels[..., 2] * 1.6
    rows, columns = np.nonzero(red)
    assert 0.55 * HIGH < rows.max() - rows.min() < HIGH - 2
    assert abs(columns.mean() - WIDE / 2) < 4


def test_a_mesh_without_faces_is_refused() -> None:
    with pytest.raises(BadInput, match="nothing to see"):
        render_mesh(Context(), Mesh(()), WIDE, HIGH)


def test_a_strip_holds_its_frames_in_the_order_of_time() -> None:
    camera = Camera(
        np.array([0, 10], np.float32),
        np.array([[0, 1, 3], [0, 1, 12]], np.float32),
        np.array([[0, 1, 0], [0, 1, 0]], np.float32),
    )
    scene = replace(
        scene_of(
            box((1.0, 1.0, 1.0), (0.0, 1.0, 0.0)),
            lights=(replace(LAMP, kind="directional", intensity=3.0, direction=(0, 0, -1)),),
        ),
        camera=camera,
    )
    strip = render_strip(Context(), scene, 3, 48, 32).image.pixels.astype(int)
    assert strip.shape == (32, 3 * 48 + 2 * 4, 3)
    areas = [(strip[:, start : start + 48].sum(axis=2) > 60).sum() for start in (0, 52, 104)]
    assert areas[0] > areas[1] > areas[2]


def test_a_slanting_edge_has_tones_between_its_sides() -> None:
    wall = scene_of(box((9.0, 9.0, 0.1), (0.0, -4.5, 0.0)), lights=(LAMP,))
    tilted = replace(wall, placements=(Placement("wall", 0, rotation=(0.0, 0.0, 0.087, 0.996)),))
    pixels = shown(tilted).astype(float).sum(axis=2)
    between = (pixels > 0.15 * pixels.max()) & (pixels < 0.6 * pixels.max())
    assert between[:, WIDE // 4 : 3 * WIDE // 4].sum() > WIDE / 8


def test_light_bounces_off_a_red_wall_onto_the_ground_beside_it() -> None:
    wall = box((0.2, 4.0, 6.0), (-1.0, 2.0, 0.0), RED)
    lamp = Light("lamp", "spot", (1.0, 1.0, 1.0), 200.0, (3.0, 2.0, 0.0), (-1.0, 0.0, 0.0), None, 0.1, 0.35)
    red, _, blue = mean(shown(scene_of(ground(), wall, lights=(lamp,))), 0.38, 0.66, 0.44, 0.72)
    assert red > 20
    assert red > 2 * blue


def test_a_corner_is_darker_than_open_ground_under_an_even_sky() -> None:
    even = Environment(ambient=(0.3, 0.3, 0.3))
    scene = scene_of(ground(), box((3.0, 3.0, 1.0), (0.0, 1.5, 0.0)), lights=(), environment=even)
    pixels = shown(replace(scene, camera=replace(scene.camera, positions=np.array([[0, 3, 7]], np.float32))))
    near, far = mean(pixels, 0.45, 0.62, 0.55, 0.65), mean(pixels, 0.45, 0.9, 0.55, 0.95)
    assert near.max() < far.min() - 10


@pytest.mark.parametrize("field", ["positions", "normals", "uvs"])
def test_numbers_that_are_none_in_a_mesh_spoil_no_more_than_that_mesh(field: str) -> None:
    broken = box((1.0, 1.0, 1.0), (2.0, 1.0, 0.0)).parts[0]
    arrays = {name: getattr(broken, name).copy() for name in ("positions", "normals", "uvs")}
    arrays[field][::2] = np.nan
    spoilt = Mesh((replace(broken, **arrays),))
    whole = shown(scene_of(box((1.0, 1.0, 1.0), (-1.0, 1.0, 0.0), RED), spoilt, lights=(LAMP,)))
    assert mean(whole, 0.33, 0.42, 0.4, 0.56)[0] > 90


def test_a_glass_pane_leaves_the_light_behind_and_adds_a_gleam() -> None:
    pane = Material("pane", (1.0, 1.0, 1.0, 0.1), roughness=0.05, alpha_mode="BLEND")
    day = Environment(sky_zenith=(0.3, 0.5, 0.9), sky_horizon=(0.8, 0.8, 0.8), ambient=(0.2, 0.2, 0.2))
    scene = scene_of(
        box((3.0, 3.0, 0.02), (0.0, 1.0, 1.0), pane), box((2.0, 2.0, 0.1), (0.0, 1.0, -0.5), RED), environment=day
    )
    red, _, blue = mean(shown(scene), 0.45, 0.45, 0.55, 0.55)
    assert red > 60
    assert red > blue + 20
