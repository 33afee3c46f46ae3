"""Networks that listen for a cancel while they compute, between one layer and the next."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    import torch

LAYERS_AHEAD: Final = 2
"""How far the processor may be ahead of a GPU: what is queued there cannot be taken back."""


@contextmanager
def listening(layers: Iterable[torch.nn.Module], check: Callable[[], None]) -> Iterator[None]:
    """Call `check` before each of these layers computes, for the length of the block; what it raises ends the call.

    A GPU is given work ahead of time. So that a cancel takes effect within a few layers there too, the processor
    waits for the layer before the last one each time; the queue never runs empty, so that nothing gets slower.
    """
    queued: deque[Any] = deque()

    def before(layer: torch.nn.Module, inputs: tuple[Any, ...]) -> None:
        check()
        if inputs and getattr(inputs[0], "is_cuda", False):
            _wait_for_earlier(queued)

    handles = [layer.register_forward_pre_hook(before) for layer in layers]
    try:
        yield
    finally:
        for handle in handles:
            handle.remove()


def _wait_for_earlier(queued: deque[Any]) -> None:
    import torch

    mark = torch.cuda.Event()
    mark.record()
    queued.append(mark)
    if len(queued) > LAYERS_AHEAD:
        queued.popleft().synchronize()


def unet_layers(unet: Any) -> list[torch.nn.Module]:
    """The layers inside every block of a UNet: residual ones, attention, and those that change the size."""
    blocks = [*unet.down_blocks, *([unet.mid_block] if unet.mid_block is not None else []), *unet.up_blocks]
    return [layer for block in blocks for layer in block_layers(block)]


def decoder_layers(vae: Any) -> list[torch.nn.Module]:
    """The layers inside every block of a VAE's decoder."""
    blocks = [vae.decoder.mid_block, *vae.decoder.up_blocks]
    return [layer for block in blocks for layer in block_layers(block)]


def block_layers(block: Any) -> list[torch.nn.Module]:
    """The layers that a block is made of."""
    names = ("resnets", "attentions", "downsamplers", "upsamplers")
    return [layer for name in names for layer in getattr(block, name, None) or () if layer is not None]
