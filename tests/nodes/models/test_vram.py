"""The estimate of memory: the figures that it was made from, and how it grows."""

from __future__ import annotations

import pytest

from diorama.model import Offload
from diorama_nodes.models.nodes import sdxl_image
from diorama_nodes.models.sdxl import WEIGHTS_GIB
from diorama_nodes.models.vram import decode_gib, need_gib, picture_gib, pictures_at_once


@pytest.mark.parametrize(
    ("pictures", "side", "gib"), [(1, 1024, 0.31), (2, 1024, 0.62), (4, 1024, 1.23), (8, 1024, 2.47), (1, 512, 0.08)]
)
def test_the_unet_takes_what_was_computed_for_it(pictures: int, side: int, gib: float) -> None:
    assert pictures * picture_gib(side, side) == pytest.approx(gib, abs=0.01)


def test_decoding_takes_a_picture_at_a_time_and_large_ones_in_tiles() -> None:
    assert decode_gib(1024, 1024, "float16") == 3.0
    assert decode_gib(1024, 1024, "bfloat16") == 1.5
    assert decode_gib(512, 512, "bfloat16") == 1.5 / 4
    assert decode_gib(2048, 2048, "bfloat16") == decode_gib(1024, 1024, "bfloat16")


@pytest.mark.parametrize(
    ("pictures", "offload", "gib"),
    [(1, "none", 9.46), (8, "none", 10.42), (1, "model", 6.6), (1, "sequential", 3.0), (8, "sequential", 4.2)],
)
def test_the_whole_need(pictures: int, offload: Offload, gib: float) -> None:
    assert need_gib(WEIGHTS_GIB, pictures, 1024, 1024, "bfloat16", offload) == pytest.approx(gib, abs=0.1)


@pytest.mark.parametrize(("free", "at_once"), [(0.0, 1), (1.0, 1), (2.5, 3), (4.0, 8), (70.0, 8)])
def test_as_many_pictures_at_once_as_there_is_room_for(free: float, at_once: int) -> None:
    assert pictures_at_once(free, 1024, 1024) == at_once


def test_a_call_is_declared_to_take_the_larger_of_its_two_stages() -> None:
    tell = sdxl_image.vram_function
    assert tell is not None
    given = {"prompt": "x", "width": 1024, "height": 1024, "guidance": 5.0, "precision": "bf16", "seed": 3}
    assert tell(**given) == 1.5
    assert tell(**{**given, "precision": "fp16"}) == 3.0
    assert tell(**{**given, "width": 512, "height": 512}) == 1.5 / 4
