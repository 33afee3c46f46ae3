"""The models that the pack can load: where they come from, how large they are, under which licence.

No weights come with Diorama. Repositories, revisions and sizes are those of the Hugging Face hub.
"""

from __future__ import annotations

from typing import Final

from diorama.models.weights import Part, Weights

_TOKENIZER: Final = ("tokenizer.json | vocab.json + merges.txt", "tokenizer_config.json")
_TORCH: Final = ("torch", "diffusers", "transformers", "accelerate", "safetensors")

SDXL_WEIGHTS: Final = Weights(
    name="sdxl-base-1.0",
    title="Stable Diffusion XL base 1.0",
    repository="stabilityai/stable-diffusion-xl-base-1.0",
    revision="462165984030d82259a11f4367a4eed129e94a7b",
    license="CreativeML Open RAIL++-M",
    download_bytes=6_938_000_000,
    parts=(
        Part("scheduler", ("scheduler_config.json",)),
        Part("text_encoder", ("config.json",), "model.fp16.safetensors"),
        Part("text_encoder_2", ("config.json",), "model.fp16.safetensors"),
        Part("tokenizer", ("vocab.json + merges.txt | tokenizer.json", "tokenizer_config.json")),
        Part("tokenizer_2", ("vocab.json + merges.txt | tokenizer.json", "tokenizer_config.json")),
        Part("unet", ("config.json",), "diffusion_pytorch_model.fp16.safetensors"),
        Part("vae", ("config.json",), "diffusion_pytorch_model.fp16.safetensors"),
    ),
    packages=_TORCH,
)
QWEN_WEIGHTS: Final = Weights(
    name="qwen2.5-1.5b-instruct",
    title="Qwen2.5 1.5B Instruct",
    repository="Qwen/Qwen2.5-1.5B-Instruct",
    revision="989aa7980e4cf806f80c7fef2b1adb7bc71aa306",
    license="Apache-2.0",
    download_bytes=3_098_000_000,
    parts=(Part("", ("config.json", "generation_config.json", *_TOKENIZER), "model.safetensors"),),
    packages=("torch", "transformers", "accelerate", "safetensors", "llguidance"),
)
