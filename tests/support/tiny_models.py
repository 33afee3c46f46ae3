"""Models with few random numbers, laid down as the real ones are published, for tests on one CPU core."""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any

os.environ.setdefault("HF_HUB_OFFLINE", "1")
os.environ.setdefault("OMP_NUM_THREADS", "1")


def byte_alphabet() -> list[str]:
    """The 256 letters that stand for bytes in vocabularies made after GPT-2's."""
    shown = [*range(33, 127), *range(161, 173), *range(174, 256)]
    hidden = [byte for byte in range(256) if byte not in shown]
    letters = {byte: chr(byte) for byte in shown} | {byte: chr(256 + n) for n, byte in enumerate(hidden)}
    return [letters[byte] for byte in (*shown, *hidden)]


WORDS = [*byte_alphabet(), *(letter + "</w>" for letter in byte_alphabet()), "<|startoftext|>", "<|endoftext|>"]
CHAT = (
    "{% for m in messages %}<|im_start|>{{ m['role'] }}\n{{ m['content'] }}<|im_end|>\n{% endfor %}"
    "{% if add_generation_prompt %}<|im_start|>assistant\n{% endif %}"
)
SCHEDULE: Mapping[str, object] = {
    "_class_name": "EulerDiscreteScheduler",
    "beta_start": 0.00085,
    "beta_end": 0.012,
    "beta_schedule": "scaled_linear",
    "timestep_spacing": "leading",
    "steps_offset": 1,
    "clip_sample": False,
    "interpolation_type": "linear",
    "num_train_timesteps": 1000,
    "prediction_type": "epsilon",
    "set_alpha_to_one": False,
    "skip_prk_steps": True,
}


def _write(path: Path, document: object) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(document))


def _clip_vocabulary(folder: Path, pad: str) -> None:
    """A tokenizer of CLIP's in the files that SDXL is published with."""
    _write(folder / "vocab.json", {word: number for number, word in enumerate(WORDS)})
    (folder / "merges.txt").write_text("#version: 0.2\n")
    marks = {"bos_token": "<|startoftext|>", "eos_token": "<|endoftext|>", "unk_token": "<|endoftext|>"}
    settings = {"model_max_length": 77, "pad_token": pad, "tokenizer_class": "CLIPTokenizer", "do_lower_case": True}
    _write(folder / "tokenizer_config.json", marks | settings)
    _write(folder / "special_tokens_map.json", {**marks, "pad_token": pad})


def tiny_sdxl(folder: Path, variant: str | None = None, **unet: Any) -> None:
    """Lay an SDXL of 1.6 million numbers into a folder; `unet` changes the configuration of its UNet."""
    import torch
    from diffusers import AutoencoderKL, UNet2DConditionModel
    from transformers import CLIPTextConfig, CLIPTextModel, CLIPTextModelWithProjection

    _be_quiet()
    torch.manual_seed(0)
    words = len(WORDS)
    text = CLIPTextConfig(
        vocab_size=words,
        hidden_size=32,
        intermediate_size=64,
        num_hidden_layers=3,
        num_attention_heads=4,
        projection_dim=32,
        bos_token_id=words - 2,
        eos_token_id=words - 1,
    )
    shape: dict[str, Any] = {
        "sample_size": 128,
        "in_channels": 4,
        "out_channels": 4,
        "block_out_channels": (32, 64),
        "layers_per_block": 1,
        "down_block_types": ("DownBlock2D", "CrossAttnDownBlock2D"),
        "up_block_types": ("CrossAttnUpBlock2D", "UpBlock2D"),
        "attention_head_dim": (2, 4),
        "use_linear_projection": True,
        "transformer_layers_per_block": (1, 2),
        "cross_attention_dim": 64,
        "norm_num_groups": 8,
        "addition_embed_type": "text_time",
        "addition_time_embed_dim": 8,
        "projection_class_embeddings_input_dim": 8 * 6 + 32,
    }
    parts = {
        "text_encoder": CLIPTextModel(text),
        "text_encoder_2": CLIPTextModelWithProjection(text),
        "unet": UNet2DConditionModel(**{**shape, **unet}),
        "vae": AutoencoderKL(
            block_out_channels=(16, 32),
            norm_num_groups=8,
            down_block_types=("DownEncoderBlock2D",) * 2,
            up_block_types=("UpDecoderBlock2D",) * 2,
            latent_channels=4,
            scaling_factor=0.13025,
            force_upcast=True,
            sample_size=1024,
        ),
    }
    for name, part in parts.items():
        (part.half() if variant == "fp16" else part).save_pretrained(folder / name, variant=variant)
    _clip_vocabulary(folder / "tokenizer", pad="<|endoftext|>")
    _clip_vocabulary(folder / "tokenizer_2", pad="!")
    _write(folder / "scheduler" / "scheduler_config.json", SCHEDULE)


def tiny_language_model(folder: Path) -> None:
    """Lay a Qwen2 of 27 thousand numbers into a folder; it reads and writes single bytes."""
    import torch
    from transformers import Qwen2Config, Qwen2ForCausalLM, Qwen2Tokenizer

    _be_quiet()
    torch.manual_seed(0)
    marks = ["<|endoftext|>", "<|im_start|>", "<|im_end|>"]
    vocabulary = {word: number for number, word in enumerate([*byte_alphabet(), *marks])}
    tokenizer = Qwen2Tokenizer(
        vocab=vocabulary, merges=[], eos_token=marks[2], pad_token=marks[0], unk_token=marks[0], model_max_length=32768
    )
    tokenizer.chat_template = CHAT
    model = Qwen2ForCausalLM(
        Qwen2Config(
            # As with the real ones, more numbers come out than there are tokens.
            vocab_size=288,
            hidden_size=32,
            intermediate_size=64,
            num_hidden_layers=2,
            num_attention_heads=4,
            num_key_value_heads=2,
            max_position_embeddings=16384,
            bos_token_id=256,
            eos_token_id=258,
            pad_token_id=256,
            tie_word_embeddings=True,
        )
    )
    model.generation_config.eos_token_id = [258, 256]
    model.save_pretrained(folder)
    tokenizer.save_pretrained(folder)


def _be_quiet() -> None:
    import torch

    from diorama_nodes.models.loading import stay_local_and_quiet

    stay_local_and_quiet()
    torch.set_num_threads(1)
