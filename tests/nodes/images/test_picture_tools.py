"""resize_image, mask_image and palette do what their names say, and the sample picture goes the whole way to a mesh."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from diorama.context import Context
from diorama.faults import BadInput
from diorama.types import File
from diorama.values import Image, Mask
from diorama_nodes.images.nodes import cut_out, inflate, load_image, mask_image, palette, resize_image

SAMPLE = Path(__file__).parents[3] / "graphs" / "media" / "toy_rocket.png"


def halves() -> Image:
    """Red left, blue right; 80 x 40."""
    pixels = np.zeros((40, 80, 3), np.uint8)
    pixels[:, :50] = (200, 20, 20)
    pixels[:, 50:] = (20, 20, 200)
    return Image(pixels)


FITS = [("inside", (60, 30)), ("cover", (60, 60)), ("pad", (60, 60)), ("stretch", (60, 60))]


@pytest.mark.parametrize(("fit", "size"), FITS)
def test_each_fit_gives_its_size(fit: str, size: tuple[int, int]) -> None:
    image = resize_image(Context(), halves(), 60, 60, fit).image  # type: ignore[arg-type]
    assert (image.width, image.height) == size


def test_padding_is_transparent() -> None:
    alpha = resize_image(Context(), halves(), 60, 60, "pad").image.pixels[:, :, 3]
    assert alpha[0].max() == 0
    assert alpha[30].min() == 255


def test_hidden_colours_do_not_leak_when_resized() -> None:
    pixels = np.zeros((40, 40, 4), np.uint8)
    pixels[:, :, 1] = 255
    pixels[10:30, 10:30] = (255, 0, 0, 255)
    small = resize_image(Context(), Image(pixels), 13, 13).image.pixels.astype(int)
    seen = small[:, :, 3] > 30
    assert (small[seen][:, 1] < 20).all(), "no green from under the transparency"


def test_a_sliver_cannot_be_blown_up_beyond_the_limit() -> None:
    sliver = Image(np.zeros((1, 4000, 3), np.uint8))
    with pytest.raises(BadInput, match="too narrow"):
        resize_image(Context(), sliver, 16_000, 4_000, "cover")


def test_a_mask_makes_transparent_and_can_be_turned_round() -> None:
    coverage = np.zeros((40, 80), np.uint8)
    coverage[:20] = 255
    kept = mask_image(Context(), halves(), Mask(coverage)).image.pixels[:, :, 3]
    turned = mask_image(Context(), halves(), Mask(coverage), invert=True).image.pixels[:, :, 3]
    assert kept[5, 5] == 255
    assert kept[35, 5] == 0
    assert np.array_equal(turned, 255 - kept)


def test_a_mask_of_another_size_is_refused() -> None:
    with pytest.raises(BadInput, match="10 x 12 pixels, but the picture has 80 x 40"):
        mask_image(Context(), halves(), Mask(np.zeros((12, 10), np.uint8)))


def test_the_palette_leads_with_what_covers_most() -> None:
    assert palette(Context(), halves(), 2).colors == ["#c81414", "#1414c8"]


def test_a_palette_holds_no_more_colours_than_there_are() -> None:
    assert palette(Context(), Image(np.full((9, 9, 3), 77, np.uint8)), 6).colors == ["#4d4d4d"]


def test_transparent_pixels_have_no_say_in_the_palette() -> None:
    pixels = np.zeros((20, 20, 4), np.uint8)
    pixels[:10] = (10, 200, 30, 255)
    assert palette(Context(), Image(pixels), 3).colors == ["#0ac81e"]


def test_a_palette_of_nothing_is_refused() -> None:
    with pytest.raises(BadInput, match="no colours"):
        palette(Context(), Image(np.zeros((5, 5, 4), np.uint8)))


def test_the_sample_picture_becomes_a_mesh() -> None:
    file = File(SAMPLE.name, "blake3:sample", SAMPLE.stat().st_size, SAMPLE)
    cutout = cut_out(Context(), load_image(Context(), file).image)
    assert 0.2 < float((cutout.mask.coverage > 127).mean()) < 0.6
    mesh = inflate(Context(), cutout.image).mesh
    assert 8_000 < mesh.face_count < 30_000
    assert 0.2 < mesh.bounds()[1, 2] * 2 < 0.4
