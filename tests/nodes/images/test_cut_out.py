"""cut_out separates a subject from a background that can be told apart, and says so where it cannot."""

from __future__ import annotations

import numpy as np
import pytest
from PIL import Image as pil
from PIL import ImageDraw

from diorama.context import Context
from diorama.faults import BadInput
from diorama.values import Image
from diorama_nodes.images.nodes import cut_out

SIZE = 160
Pixels = np.ndarray[tuple[int, ...], np.dtype[np.uint8]]


def drawing(background: tuple[int, int, int] = (235, 238, 240)) -> Image:
    """A green ring around a hole, and a small red disc apart from it."""
    large = pil.new("RGB", (SIZE * 4, SIZE * 4), background)
    draw = ImageDraw.Draw(large)
    draw.ellipse((80, 120, 440, 480), fill=(40, 150, 80))
    draw.ellipse((190, 230, 330, 370), fill=background)
    draw.ellipse((520, 60, 600, 140), fill=(190, 50, 50))
    return Image(np.asarray(large.reduce(4)))


def shaded(image: Image) -> Image:
    """The same with a background that grows darker downward."""
    ramp = np.linspace(0, 40, SIZE)[:, None, None]
    return Image(np.clip(image.pixels - ramp, 0, 255).astype(np.uint8))


def noisy(image: Image) -> Image:
    grain = np.random.default_rng(3).normal(0, 3, image.pixels.shape)
    return Image(np.clip(image.pixels + grain, 0, 255).astype(np.uint8))


BACKGROUNDS = {
    "a light background": drawing(),
    "a dark background": drawing((20, 24, 40)),
    "a background that shades": shaded(drawing()),
    "a background with grain": noisy(drawing()),
}


@pytest.mark.parametrize("case", BACKGROUNDS)
def test_the_subject_stays_and_the_background_and_hole_go(case: str) -> None:
    alpha = cut_out(Context(), BACKGROUNDS[case]).image.pixels[:, :, 3]
    assert alpha[75, 30] == 255, "the ring"
    assert alpha[5, 5] == 0, "the background"
    assert alpha[75, 65] == 0, "the hole"
    assert alpha[25, 140] == 0, "the smaller part"


def test_all_parts_are_kept_when_asked() -> None:
    alpha = cut_out(Context(), drawing(), parts="all").image.pixels[:, :, 3]
    assert alpha[25, 140] == 255


def test_holes_are_filled_when_asked() -> None:
    alpha = cut_out(Context(), drawing(), holes=False).image.pixels[:, :, 3]
    assert alpha[75, 65] == 255


def test_the_area_is_that_of_the_drawing() -> None:
    mask = cut_out(Context(), drawing(), feather=0).mask
    wanted = np.pi * (45**2 - 17.5**2)
    assert float(mask.coverage.sum()) / 255 == pytest.approx(wanted, rel=0.03)


def test_the_edge_is_soft_and_free_of_the_background_colour() -> None:
    pixels = cut_out(Context(), drawing((255, 0, 255))).image.pixels.astype(int)
    edge = (pixels[:, :, 3] > 20) & (pixels[:, :, 3] < 235)
    assert edge.sum() > 100
    assert (pixels[edge][:, 0] < 90).all(), "no magenta is left in the half-transparent pixels"


def test_the_mask_is_the_alpha() -> None:
    result = cut_out(Context(), drawing())
    assert np.array_equal(result.mask.coverage, result.image.pixels[:, :, 3])


def test_alpha_that_is_there_is_respected() -> None:
    pixels = np.full((20, 20, 4), 200, np.uint8)
    pixels[:, :10, 3] = 0
    image = Image(pixels)
    assert cut_out(Context(), image).image is image


def test_an_input_is_left_as_it_was() -> None:
    image = drawing()
    before = image.pixels.copy()
    cut_out(Context(), image)
    assert np.array_equal(image.pixels, before)


def test_a_large_picture_keeps_its_size_and_colours() -> None:
    large = Image(np.asarray(pil.fromarray(drawing().pixels).resize((1200, 1200), pil.Resampling.BICUBIC)))
    pixels = cut_out(Context(), large).image.pixels
    assert pixels.shape == (1200, 1200, 4)
    assert np.array_equal(pixels[560, 225, :3], large.pixels[560, 225])


def striped() -> Image:
    return Image(np.random.default_rng(0).integers(0, 255, (80, 80, 3)).astype(np.uint8))


REFUSED = {
    "one even colour": (Image(np.full((60, 60, 3), 120, np.uint8)), "everything in the picture is background"),
    "noise up to the border": (striped(), "border has no even colour"),
    "nothing but transparency": (Image(np.zeros((20, 20, 4), np.uint8)), "transparent everywhere"),
    "a picture of 2 x 2": (Image(np.zeros((2, 2, 3), np.uint8)), "at least 4 x 4"),
}


@pytest.mark.parametrize("case", REFUSED)
def test_what_cannot_be_cut_is_refused(case: str) -> None:
    image, says = REFUSED[case]
    with pytest.raises(BadInput, match=says):
        cut_out(Context(), image)
