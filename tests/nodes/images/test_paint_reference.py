"""paint_reference paints any plan in any weather, the same for the same seed, and one can tell the plans apart."""

from __future__ import annotations

from typing import get_args

import numpy as np
import pytest

from diorama.context import Cancelled, Context
from diorama.values import Image
from diorama_nodes.images.nodes import paint_reference
from diorama_nodes.images.paint.figures import BLOCK, figure_of
from diorama_nodes.images.paint.places import FAR, family_of
from diorama_nodes.plan.schema import (
    CharacterSpec,
    EnvironmentSpec,
    ObjectSpec,
    RelationSpec,
    ScenePlan,
    TimeOfDay,
    Weather,
)

WIDTH, HEIGHT = 160, 90


def plan(environment: EnvironmentSpec, *objects: ObjectSpec, cast: int = 0) -> ScenePlan:
    return ScenePlan(
        title="test",
        prompt="test",
        planner="rules",
        environment=environment,
        objects=objects,
        characters=tuple(CharacterSpec(id=f"c{i}", role="detective") for i in range(cast)),
    )


def paint(environment: EnvironmentSpec, *objects: ObjectSpec, cast: int = 0, seed: int = 3) -> Image:
    return paint_reference(Context(), plan(environment, *objects, cast=cast), WIDTH, HEIGHT, seed).image


def brightness(image: Image) -> float:
    return float(image.pixels.mean())


def apart(first: Image, second: Image) -> float:
    return float(np.abs(first.pixels.astype(int) - second.pixels.astype(int)).mean())


ALLEY = EnvironmentSpec(place="alley", time_of_day="night", weather=("mist", "rain"), style="cyberpunk")


def test_the_same_plan_and_seed_give_the_same_bytes() -> None:
    sign = ObjectSpec(id="sign", kind="neon_sign")
    assert paint(ALLEY, sign, cast=1).encode() == paint(ALLEY, sign, cast=1).encode()


def test_another_seed_gives_another_picture() -> None:
    assert apart(paint(ALLEY, seed=1), paint(ALLEY, seed=2)) > 3


PLACES = ("alley", "city_rooftop", "forest", "lake", "mountain_pass", "desert", "village", "field")
SKIES: tuple[tuple[Weather, ...], ...] = tuple((weather,) for weather in get_args(Weather))
AIRS = [*[(place, ()) for place in PLACES], *[("alley", sky) for sky in SKIES]]


@pytest.mark.parametrize(("place", "weather"), AIRS)
def test_every_place_and_every_weather_can_be_painted(place: str, weather: tuple[Weather, ...]) -> None:
    environment = EnvironmentSpec(place=place, weather=weather, time_of_day="dusk")
    image = paint_reference(Context(), plan(environment), 96, 64, 0).image
    assert image.pixels.shape == (64, 96, 3)
    assert image.pixels.std() > 8, "there is something to see"


@pytest.mark.parametrize("hour", get_args(TimeOfDay))
def test_every_hour_can_be_painted_outside_and_inside(hour: TimeOfDay) -> None:
    outside = paint(EnvironmentSpec(place="field", time_of_day=hour))
    inside = paint(EnvironmentSpec(setting="indoor", place="kitchen", time_of_day=hour))
    assert apart(outside, inside) > 10


def test_night_is_darker_than_dusk_and_dusk_darker_than_noon() -> None:
    hours: tuple[TimeOfDay, ...] = ("midnight", "night", "dusk", "noon")
    levels = [brightness(paint(EnvironmentSpec(place="field", time_of_day=hour))) for hour in hours]
    assert levels == sorted(levels)


def test_fog_takes_contrast() -> None:
    clear = paint(EnvironmentSpec(place="mountain", time_of_day="noon"))
    foggy = paint(EnvironmentSpec(place="mountain", time_of_day="noon", weather=("fog",)))
    assert foggy.pixels.std() < 0.8 * clear.pixels.std()


def test_a_palette_colours_the_sky() -> None:
    red = paint(EnvironmentSpec(place="field", palette=("#ff0000",))).pixels[: HEIGHT // 2].mean(axis=(0, 1))
    blue = paint(EnvironmentSpec(place="field", palette=("#0000ff",))).pixels[: HEIGHT // 2].mean(axis=(0, 1))
    assert red[0] - blue[0] > 8
    assert blue[2] - red[2] > 8


def test_a_neon_sign_shines_in_its_colour() -> None:
    dark = EnvironmentSpec(place="field", time_of_day="midnight")
    green = paint(dark, ObjectSpec(id="s", kind="neon_sign", size="huge", color="#20ff40"))
    lit = green.pixels.astype(int)
    shining = (lit[:, :, 1] > 170) & (lit[:, :, 1] - lit[:, :, 0] > 60)
    assert shining.sum() > 40


def test_figures_change_the_picture() -> None:
    field = EnvironmentSpec(place="field")
    assert apart(paint(field, cast=1), paint(field)) > 0.5


def test_a_crowd_of_objects_is_painted_without_complaint() -> None:
    many = [ObjectSpec(id=f"o{i}", kind=kind, count=200) for i, kind in enumerate(("tree", "lamp", "gizmo"))]
    assert paint(EnvironmentSpec(place="park"), *many, cast=3).pixels.shape == (HEIGHT, WIDTH, 3)


def test_a_sign_on_the_wall_hangs_higher_than_one_on_the_ground() -> None:
    sign = ObjectSpec(id="s", kind="neon_sign", color="#20ff40")
    standing = plan(EnvironmentSpec(place="field", time_of_day="midnight"), sign)
    hung = standing.model_copy(update={"relations": (RelationSpec(kind="on_wall", subject="s"),)})

    def middle_of_green(scene: ScenePlan) -> float:
        pixels = paint_reference(Context(), scene, WIDTH, HEIGHT, 3).image.pixels.astype(int)
        return float(np.nonzero(pixels[:, :, 1] - pixels[:, :, 0] > 90)[0].mean())

    assert middle_of_green(hung) < middle_of_green(standing) - 10


def test_a_dark_palette_leaves_the_lights_bright() -> None:
    dark = ALLEY.model_copy(update={"palette": ("#0b1030",)})
    assert (paint(dark).pixels.max(axis=2) > 180).sum() > 50


@pytest.mark.parametrize(("width", "height"), [(64, 64), (64, 400), (500, 64)])
def test_any_format_can_be_asked_for(width: int, height: int) -> None:
    image = paint_reference(Context(), plan(ALLEY, cast=1), width, height, 0).image
    assert (image.width, image.height) == (width, height)


def test_a_cancelled_call_stops() -> None:
    ctx = Context()
    ctx.cancelled.set()
    with pytest.raises(Cancelled):
        paint_reference(ctx, plan(ALLEY))


KINDS = {
    "street_lamp": "lamp",
    "palm_tree": "palm",
    "pine_tree": "pine",
    "campfire": "campfire",
    "bookcase": "bookcase",
}


@pytest.mark.parametrize("kind", KINDS)
def test_a_kind_is_drawn_as_the_figure_that_names_it(kind: str) -> None:
    assert KINDS[kind] in figure_of(kind).words


def test_an_unknown_kind_is_drawn_as_a_block() -> None:
    assert figure_of("gizmo") is BLOCK


@pytest.mark.parametrize(
    ("place", "family"),
    [("lake_shore", "water"), ("back_alley", "street"), ("castle", "village"), ("nowhere", "field")],
)
def test_a_place_belongs_to_its_family(place: str, family: str) -> None:
    assert family_of(place) == family
    assert family == "street" or family in FAR
