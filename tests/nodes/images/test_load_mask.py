"""load_mask reads grey and coloured pictures as masks, and refuses in a sentence what is none."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest

from diorama.context import Context
from diorama.faults import BadInput
from diorama.types import File
from diorama.values import Image, Mask
from diorama_nodes.images.nodes import load_mask, mask_image

Write = Callable[[bytes, str], File]


def test_a_grey_png_comes_back_pixel_for_pixel(as_file: Write) -> None:
    coverage = np.arange(4 * 5, dtype=np.uint8).reshape(4, 5) * 12
    assert np.array_equal(load_mask(Context(), as_file(Mask(coverage).encode(), "mask.png")).mask.coverage, coverage)


def test_colours_are_weighed_to_grey(as_file: Write) -> None:
    pixels = np.zeros((2, 2, 4), np.uint8)
    pixels[0, 0] = 255
    pixels[:, :, 3] = 255
    mask = load_mask(Context(), as_file(Image(pixels).encode(), "painted.png")).mask
    assert mask.coverage.tolist() == [[255, 0], [0, 0]]


def test_what_was_painted_black_is_taken_out_of_the_picture(as_file: Write) -> None:
    picture = Image(np.full((2, 2, 3), 200, np.uint8))
    mask = load_mask(Context(), as_file(Mask(np.array([[255, 0], [0, 255]], np.uint8)).encode(), "mask.png")).mask
    assert mask_image(Context(), picture, mask).image.pixels[:, :, 3].tolist() == [[255, 0], [0, 255]]


def test_what_is_no_picture_is_refused_by_its_name(as_file: Write) -> None:
    with pytest.raises(BadInput, match=r"notes\.txt"):
        load_mask(Context(), as_file(b"no picture", "notes.txt"))
