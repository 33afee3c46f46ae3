"""How networks are read from a local folder: safetensors alone, quietly, and whole or not at all."""

from __future__ import annotations

import os
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from diorama.execute.perform import is_out_of_memory
from diorama.faults import BadInput
from diorama.model import Dtype, Placement
from diorama.models.found import Found
from diorama.models.registry import registry
from diorama.models.weights import Weights

if TYPE_CHECKING:
    import torch

MOST_NAMED: Final = 5
"""Tensors that a sentence names."""


def whole_model(weights: Weights) -> Found:
    """A model as it lies here; raises `BadInput` where files are missing or damaged."""
    from diorama.needs import what_is_wrong

    found = registry().look(weights)
    if found.state != "present":
        raise BadInput(f"this node needs {what_is_wrong(found)}")
    return found


def stay_local_and_quiet() -> None:
    """Keep the libraries from asking the network for anything, and from drawing bars and telling tales."""
    # Read when the libraries are first imported; everything is loaded from local folders in any case.
    os.environ.setdefault("HF_HUB_OFFLINE", "1")
    os.environ.setdefault("TRANSFORMERS_OFFLINE", "1")
    from diffusers.utils import logging as diffusers_logging
    from transformers.utils import logging as transformers_logging

    transformers_logging.set_verbosity_error()
    transformers_logging.disable_progress_bar()
    diffusers_logging.set_verbosity_error()
    diffusers_logging.disable_progress_bar()


def torch_dtype(dtype: Dtype, device: str) -> torch.dtype:
    """What torch calls a form of numbers; raises `BadInput` where the device cannot compute in it."""
    import torch

    if dtype == "bfloat16" and device.startswith("cuda") and torch.cuda.get_device_capability(device) < (8, 0):
        raise BadInput(f"{torch.cuda.get_device_name(device)} has no bfloat16; precision fp16 or fp32 is wanted")
    return {"float32": torch.float32, "float16": torch.float16, "bfloat16": torch.bfloat16}[dtype]


def network(class_: Any, folder: Path, dtype: torch.dtype, variant: str = "") -> Any:
    """A network of `class_` from its folder, in main memory, in `dtype`, ready to compute and never to learn.

    Raises `BadInput` where its weights lack a tensor that the configuration asks for, or have one of another shape.
    """
    try:
        loaded, told = class_.from_pretrained(
            folder,
            dtype=dtype,
            variant=variant or None,
            use_safetensors=True,
            local_files_only=True,
            output_loading_info=True,
        )
    except (OSError, ValueError, RuntimeError, KeyError, TypeError) as error:
        if is_out_of_memory(error):
            # That is no fault of the weights: there may be room the next time.
            raise
        raise BadInput(f"the weights in {folder} cannot be loaded: {_first_line(error)}") from error
    _hold_complete(folder, [str(name) for name in told.get("missing_keys", ())], "are missing")
    odd = [str(entry[0] if isinstance(entry, tuple) else entry) for entry in told.get("mismatched_keys", ())]
    _hold_complete(folder, odd, "have other shapes than the configuration says")
    hold_loaded(loaded, folder)
    return loaded.eval().requires_grad_(requires_grad=False)


def hold_loaded(loaded: Any, folder: Path) -> None:
    """Raise `BadInput` where a tensor was never read and would fail in the middle of a call."""
    tensors = [*loaded.named_parameters(), *loaded.named_buffers()]
    _hold_complete(folder, [name for name, tensor in tensors if tensor.is_meta], "have no numbers")


def _hold_complete(folder: Path, names: Iterable[str], why: str) -> None:
    listed = sorted(names)
    if listed:
        more = f" and {len(listed) - MOST_NAMED} more" if len(listed) > MOST_NAMED else ""
        raise BadInput(f"of the weights in {folder}, {', '.join(listed[:MOST_NAMED])}{more} {why}")


def _first_line(error: Exception) -> str:
    return str(error).strip().partition("\n")[0][:500] or type(error).__name__


def hold_plain(placement: Placement) -> None:
    """Raise `BadInput` for a form of weights that these loaders do not make."""
    if placement.quantization != "none":
        raise BadInput(f"weights in {placement.quantization} are asked for; this model is loaded in full numbers only")
