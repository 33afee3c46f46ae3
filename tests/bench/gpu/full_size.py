"""SDXL and a language model of full size with random weights, built straight on the device and laid down as published.

What a network computes takes the same time and memory whatever its numbers are, so that speed, memory and the cost of
loading are those of the real weights. The pictures show nothing.
"""

from __future__ import annotations

import shutil
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, Final

from tests.support.tiny_models import WORDS, tiny_language_model, tiny_sdxl

SDXL_NUMBERS: Final[Mapping[str, int]] = {
    "unet": 2_567_463_684,
    "vae": 83_653_863,
    "text_encoder": 123_060_480,
    "text_encoder_2": 694_659_840,
}
QWEN_NUMBERS: Final = 1_543_714_304


def sdxl_parts() -> Mapping[str, Callable[[], Any]]:
    """The networks of SDXL base 1.0 by the configuration that it is published with."""
    from diffusers import AutoencoderKL, UNet2DConditionModel
    from transformers import CLIPTextConfig, CLIPTextModel, CLIPTextModelWithProjection

    small = {"hidden_size": 768, "intermediate_size": 3072, "num_hidden_layers": 12, "num_attention_heads": 12}
    large = {"hidden_size": 1280, "intermediate_size": 5120, "num_hidden_layers": 32, "num_attention_heads": 20}
    return {
        "unet": lambda: UNet2DConditionModel(
            sample_size=128,
            down_block_types=("DownBlock2D", "CrossAttnDownBlock2D", "CrossAttnDownBlock2D"),
            up_block_types=("CrossAttnUpBlock2D", "CrossAttnUpBlock2D", "UpBlock2D"),
            block_out_channels=(320, 640, 1280),
            attention_head_dim=(5, 10, 20),
            cross_attention_dim=2048,
            transformer_layers_per_block=(1, 2, 10),
            use_linear_projection=True,
            addition_embed_type="text_time",
            addition_time_embed_dim=256,
            projection_class_embeddings_input_dim=2816,
        ),
        "vae": lambda: AutoencoderKL(
            block_out_channels=(128, 256, 512, 512),
            layers_per_block=2,
            down_block_types=("DownEncoderBlock2D",) * 4,
            up_block_types=("UpDecoderBlock2D",) * 4,
            sample_size=1024,
            scaling_factor=0.13025,
            force_upcast=True,
        ),
        "text_encoder": lambda: CLIPTextModel(CLIPTextConfig(projection_dim=768, vocab_size=49408, **small)),
        "text_encoder_2": lambda: CLIPTextModelWithProjection(
            CLIPTextConfig(projection_dim=1280, vocab_size=49408, hidden_act="gelu", **large)
        ),
    }


def qwen() -> Any:
    """Qwen2.5 1.5B by the configuration that it is published with."""
    from transformers import Qwen2Config, Qwen2ForCausalLM

    return Qwen2ForCausalLM(
        Qwen2Config(
            vocab_size=151_936,
            hidden_size=1536,
            intermediate_size=8960,
            num_hidden_layers=28,
            num_attention_heads=12,
            num_key_value_heads=2,
            max_position_embeddings=32_768,
            bos_token_id=256,
            eos_token_id=258,
            pad_token_id=256,
            tie_word_embeddings=True,
        )
    )


def materialised(make: Callable[[], Any], device: str, dtype: Any, seed: int = 0) -> Any:
    """A network whose numbers are drawn on the device itself, small enough for what it gives to stay finite."""
    import torch

    with torch.device("meta"):
        module = make()
    module = module.to(dtype).to_empty(device=device)
    generator = torch.Generator(device).manual_seed(seed)
    with torch.no_grad():
        for name, parameter in module.named_parameters():
            if parameter.ndim > 1:
                parameter.normal_(0, min(0.02, parameter[0].numel() ** -0.5), generator=generator)
            elif name.endswith("weight"):
                parameter.fill_(1.0)
            else:
                parameter.zero_()
        for name, buffer in module.named_buffers():
            # Buffers are left as they were found in memory; these count positions, and others are made when loaded.
            if name.endswith("position_ids"):
                buffer.copy_(torch.arange(buffer.shape[-1], device=device).expand_as(buffer))
    return module.eval()


def lay_down_sdxl(folder: Path, device: str) -> None:
    """SDXL with random weights in the files that it is published in, 16 bits a number."""
    import torch

    # Tokenizers and noise schedule come from the tiny one: the former knows letters only, which changes no cost.
    tiny_sdxl(folder)
    for name, make in sdxl_parts().items():
        shutil.rmtree(folder / name)
        materialised(make, device, torch.float16).save_pretrained(folder / name, variant="fp16")
        if device.startswith("cuda"):
            torch.cuda.empty_cache()
    assert len(WORDS) < 49408


def lay_down_qwen(folder: Path, device: str) -> None:
    """Qwen2.5 1.5B with random weights; its tokenizer knows bytes only."""
    import torch

    tiny_language_model(folder)
    made = materialised(qwen, device, torch.bfloat16)
    made.generation_config.eos_token_id = [258, 256]
    made.save_pretrained(folder)
