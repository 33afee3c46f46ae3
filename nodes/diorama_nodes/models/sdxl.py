"""Stable Diffusion XL: loaded from a local folder in the public layout, onto one device, offloaded where wanted."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from diorama.model import Placement
from diorama.models.found import Found
from diorama.models.registry import model_of
from diorama_nodes.models.loading import hold_plain, network, stay_local_and_quiet, torch_dtype, whole_model
from diorama_nodes.models.weights import SDXL_WEIGHTS

if TYPE_CHECKING:
    import torch

WEIGHTS_GIB: Final = 6.46
"""Of 3,468,837,867 numbers in 16 bits."""


@dataclass(frozen=True, slots=True)
class Sdxl:
    """A loaded SDXL: the pipeline of diffusers, and the device that it computes on."""

    pipeline: Any
    device: str

    @property
    def is_on_cpu(self) -> bool:
        """Whether it computes without a GPU."""
        return self.device == "cpu"

    def unread(self, prompt: str) -> str:
        """The end of a prompt that is beyond the 77 tokens that SDXL's encoders read; nothing for most."""
        tokenizer = self.pipeline.tokenizer
        tokens = tokenizer(prompt, add_special_tokens=False)["input_ids"]
        # Two of the tokens mark beginning and end.
        rest = tokens[tokenizer.model_max_length - 2 :]
        return str(tokenizer.decode(rest)).strip() if rest else ""

    def release(self) -> None:
        """Bring back to main memory what offloading left on the device, also after a call that was cut short."""
        self.pipeline.maybe_free_model_hooks()


def load_sdxl(placement: Placement) -> Sdxl:
    """Load SDXL from the models folder; raises `BadInput` where its files are missing, damaged or incomplete."""
    hold_plain(placement)
    stay_local_and_quiet()
    return _placed(_pipeline(whole_model(SDXL_WEIGHTS), placement), placement)


def _pipeline(found: Found, placement: Placement) -> Any:
    """The pipeline in main memory. Classes are fixed here: what a folder says of its own classes is not believed."""
    from diffusers import AutoencoderKL, EulerDiscreteScheduler, StableDiffusionXLPipeline, UNet2DConditionModel
    from transformers import CLIPTextModel, CLIPTextModelWithProjection, CLIPTokenizer

    dtype = torch_dtype(placement.dtype, placement.device)

    def part(class_: Any, name: str, form: torch.dtype = dtype) -> Any:
        return network(class_, found.folder / name, form, found.variants[name])

    pipeline = StableDiffusionXLPipeline(
        vae=part(AutoencoderKL, "vae", vae_dtype(found.folder / "vae", dtype)),
        text_encoder=part(CLIPTextModel, "text_encoder"),
        text_encoder_2=part(CLIPTextModelWithProjection, "text_encoder_2"),
        tokenizer=CLIPTokenizer.from_pretrained(found.folder / "tokenizer", local_files_only=True),
        tokenizer_2=CLIPTokenizer.from_pretrained(found.folder / "tokenizer_2", local_files_only=True),
        unet=part(UNet2DConditionModel, "unet"),
        scheduler=EulerDiscreteScheduler.from_pretrained(found.folder / "scheduler", local_files_only=True),
        add_watermarker=False,
    )
    pipeline.set_progress_bar_config(disable=True)
    # Decoding one picture at a time takes as much memory for eight as for one; tiles do the same for large ones.
    pipeline.vae.enable_slicing()
    pipeline.vae.enable_tiling()
    return pipeline


def vae_dtype(folder: Path, dtype: torch.dtype) -> torch.dtype:
    """The form that a VAE decodes in: SDXL's own overflows in float16 and says so in its configuration."""
    import torch
    from diffusers import AutoencoderKL

    config = AutoencoderKL.load_config(folder, local_files_only=True)
    return torch.float32 if dtype == torch.float16 and config.get("force_upcast", True) else dtype


def _placed(pipeline: Any, placement: Placement) -> Sdxl:
    """The pipeline where it will compute. Without a GPU there is nothing to offload from."""
    if placement.device == "cpu" or placement.offload == "none":
        pipeline.to(placement.device)
    elif placement.offload == "model":
        pipeline.enable_model_cpu_offload(device=placement.device)
    else:
        pipeline.enable_sequential_cpu_offload(device=placement.device)
    return Sdxl(pipeline, placement.device)


SDXL: Final = model_of(SDXL_WEIGHTS, load_sdxl, gib=WEIGHTS_GIB, dtype="bfloat16")
