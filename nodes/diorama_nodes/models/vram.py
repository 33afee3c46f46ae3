"""What SDXL takes of a device's memory, from the sizes of what is asked for.

The terms were computed with fake tensors for 1024 x 1024 pixels; they grow with the number of pixels.
"""

from __future__ import annotations

from typing import Final

from diorama.model import Dtype, Offload

GIB: Final = 2**30
SIDE: Final = 1024
UNET_GIB: Final = 0.154
"""Activations of the UNet for one element of its batch; guidance takes two elements a picture."""
DECODE_GIB: Final = {"float32": 3.0, "float16": 3.0, "bfloat16": 1.5}
"""Activations of the VAE for one picture; a float16 pipeline decodes in float32."""
RESERVE_GIB: Final = 1.5
"""CUDA's own context, its libraries' working space, and what an allocator holds back."""
UNET_SHARE: Final = 4.78 / 6.46
"""Of the weights that are the UNet's: the largest part, and the only one on the device while models are offloaded."""
LAYER_GIB: Final = 0.2
"""The largest single layer, all that lies on the device while layers are offloaded."""
MOST_AT_ONCE: Final = 8


def picture_gib(width: int, height: int, guided: bool = True) -> float:
    """What one more picture in a batch takes while the UNet computes."""
    return UNET_GIB * (2 if guided else 1) * width * height / SIDE**2


def decode_gib(width: int, height: int, dtype: Dtype) -> float:
    """What decoding takes, a picture at a time, in tiles of 1024 pixels where it is larger."""
    return DECODE_GIB[dtype] * min(width, SIDE) * min(height, SIDE) / SIDE**2


def call_gib(width: int, height: int, dtype: Dtype, guided: bool = True) -> float:
    """What one picture takes beyond the weights: the larger of sampling and decoding."""
    return max(picture_gib(width, height, guided), decode_gib(width, height, dtype))


def need_gib(
    weights_gib: float, pictures: int, width: int, height: int, dtype: Dtype = "bfloat16", offload: Offload = "none"
) -> float:
    """The most that making some pictures at once takes: weights, the larger of two stages, and a reserve."""
    sampling = pictures * picture_gib(width, height)
    decoding = decode_gib(width, height, dtype)
    held = {"none": weights_gib, "model": weights_gib * UNET_SHARE, "sequential": LAYER_GIB}[offload]
    if offload == "none":
        return held + max(sampling, decoding) + RESERVE_GIB
    return max(held + sampling, decoding) + RESERVE_GIB


def pictures_at_once(free_gib: float, width: int, height: int) -> int:
    """How many pictures fit into one batch, beside weights that are loaded already: from 1 to 8."""
    room = free_gib - RESERVE_GIB
    return max(1, min(MOST_AT_ONCE, int(room / picture_gib(width, height))))
