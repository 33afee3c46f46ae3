"""SDXL on the CPU with few random numbers: what it paints, that batches change nothing, that a cancel is heard."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from tests.support.tiny_models import tiny_sdxl

from diorama.context import Cancelled, Context
from diorama.faults import BadInput
from diorama.model import Model, Placement
from diorama.values import Image
from diorama.values.value import Value
from diorama_nodes.models.listening import decoder_layers, unet_layers
from diorama_nodes.models.nodes import sdxl_image, sdxl_images
from diorama_nodes.models.sampling import SAMPLERS, Order, Sampler, Shape, batches, paint
from diorama_nodes.models.sdxl import SDXL, Sdxl, load_sdxl
from diorama_nodes.models.weights import SDXL_WEIGHTS

SMALL = Shape(width=32, height=32, steps=3, guidance=5.0, sampler="euler")
GIVEN: dict[str, Any] = {"width": 64, "height": 64, "steps": 3, "precision": "fp32"}
DEFAULTS: dict[str, Any] = {
    "negative": "",
    "guidance": 5.0,
    "sampler": "euler",
    "seed": 0,
    "offload": "none",
    **GIVEN,
}


def holding(sdxl: Sdxl, **more: Any) -> Context:
    """A context in which the model is loaded already."""

    @contextmanager
    def hold(model: Model[Any], wanted: Placement) -> Iterator[Any]:
        assert model is SDXL
        yield sdxl

    return Context(hold=hold, **more)


def order(prompt: str = "a red car", seed: int = 0, negative: str = "", shape: Shape = SMALL) -> Order:
    return Order(prompt, negative, seed, shape)


def plain_diffusers(folder: Path, one: Order) -> np.ndarray[tuple[int, ...], np.dtype[np.uint8]]:
    """What diffusers' own pipeline, loaded by itself, makes of an order."""
    import torch
    from diffusers import AutoencoderKL, EulerDiscreteScheduler, StableDiffusionXLPipeline, UNet2DConditionModel
    from transformers import CLIPTextModel, CLIPTextModelWithProjection, CLIPTokenizer

    pipeline = StableDiffusionXLPipeline(
        vae=AutoencoderKL.from_pretrained(folder / "vae"),
        text_encoder=CLIPTextModel.from_pretrained(folder / "text_encoder"),
        text_encoder_2=CLIPTextModelWithProjection.from_pretrained(folder / "text_encoder_2"),
        tokenizer=CLIPTokenizer.from_pretrained(folder / "tokenizer"),
        tokenizer_2=CLIPTokenizer.from_pretrained(folder / "tokenizer_2"),
        unet=UNet2DConditionModel.from_pretrained(folder / "unet"),
        scheduler=EulerDiscreteScheduler.from_pretrained(folder / "scheduler"),
        add_watermarker=False,
    )
    pipeline.set_progress_bar_config(disable=True)
    shape = one.shape
    made = pipeline(
        prompt=one.prompt,
        negative_prompt=one.negative or None,
        width=shape.width,
        height=shape.height,
        num_inference_steps=shape.steps,
        guidance_scale=shape.guidance,
        generator=torch.Generator("cpu").manual_seed(one.seed),
    )
    return np.asarray(made.images[0])


@pytest.mark.parametrize("negative", ["", "people"])
def test_it_paints_what_plain_diffusers_paints(sdxl: Sdxl, models: Path, negative: str) -> None:
    one = order("a lighthouse at dawn", 7, negative)
    (painted,) = paint(sdxl, [one], Context())
    assert np.array_equal(painted.pixels, plain_diffusers(models / SDXL_WEIGHTS.name, one))


def test_loaded_again_it_paints_the_same_to_the_bit(sdxl: Sdxl) -> None:
    again = load_sdxl(Placement("cpu", "float32"))
    assert np.array_equal(paint(again, [order()], Context())[0].pixels, paint(sdxl, [order()], Context())[0].pixels)


def test_the_node_gives_a_picture_of_the_size_asked_for(sdxl: Sdxl) -> None:
    given = GIVEN | {"width": 72, "height": 64}
    painted = sdxl_image(holding(sdxl), "a red car", **given)
    assert (painted.image.width, painted.image.height, painted.image.has_alpha) == (72, 64, False)
    assert painted.image.pixels.std() > 5


@pytest.mark.parametrize("sampler", SAMPLERS)
def test_every_sampler_paints_and_repeats_itself(sdxl: Sdxl, sampler: Sampler) -> None:
    shape = Shape(32, 32, 3, 5.0, sampler)
    first, again = (paint(sdxl, [order(shape=shape)], Context())[0].pixels for _ in range(2))
    assert np.array_equal(first, again)
    assert first.std() > 5
    if sampler != "euler":
        assert not np.array_equal(first, paint(sdxl, [order()], Context())[0].pixels)


@pytest.mark.parametrize(
    "changed", [{"seed": 1}, {"prompt": "a blue house"}, {"negative": "cars"}, {"guidance": 1.0}, {"steps": 4}]
)
def test_each_wish_changes_the_picture(sdxl: Sdxl, changed: dict[str, Any]) -> None:
    usual = sdxl_image(holding(sdxl), **{**DEFAULTS, "prompt": "a red car"})
    other = sdxl_image(holding(sdxl), **{**DEFAULTS, "prompt": "a red car", **changed})
    assert not np.array_equal(usual.image.pixels, other.image.pixels)


def test_one_step_without_guidance_does(sdxl: Sdxl) -> None:
    painted = sdxl_image(holding(sdxl), "a red car", **(GIVEN | {"steps": 1, "guidance": 0.0}))
    assert painted.image.pixels.std() > 1


ITEMS = [
    {"prompt": "a red car", "seed": 1},
    {"prompt": "a blue house in the rain", "seed": 2, "negative": "people"},
    {"prompt": "a lighthouse", "seed": 3, "width": 72},
    {"prompt": "a cat", "seed": 4},
    {"prompt": "a dog", "seed": 4, "sampler": "euler_ancestral"},
]


def test_the_batched_form_gives_the_same_as_single_calls_on_the_cpu(sdxl: Sdxl) -> None:
    items = [{**DEFAULTS, **item} for item in ITEMS]
    together = sdxl_images(holding(sdxl), items)
    for item, one in zip(items, together, strict=True):
        alone = sdxl_image(holding(sdxl), **item)
        assert np.array_equal(alone.image.pixels, one.image.pixels)


@pytest.mark.parametrize("sampler", ["euler", "euler_ancestral", "dpmpp_2m_karras"])
def test_pictures_made_at_once_differ_from_single_ones_by_a_level_at_most(sdxl: Sdxl, sampler: Sampler) -> None:
    shape = Shape(32, 32, 4, 5.0, sampler)
    orders = [
        order(prompt, seed, shape=shape) for seed, prompt in enumerate(["a cat", "a dog in the rain", "x", "sea"])
    ]
    together = paint(sdxl, orders, Context(), most=4)
    alone = [paint(sdxl, [one], Context())[0] for one in orders]
    apart = np.abs(np.stack([one.pixels for one in together]).astype(int) - np.stack([one.pixels for one in alone]))
    assert apart.max() <= 1
    assert (apart > 0).mean() < 0.001


def test_neighbours_in_a_batch_change_nothing(sdxl: Sdxl) -> None:
    orders = [order("a cat", 1), order("a dog", 2), order("the sea", 3)]
    first = paint(sdxl, orders, Context(), most=3)
    other = paint(sdxl, [orders[2], order("fire", 9), orders[0]], Context(), most=3)
    assert np.abs(first[0].pixels.astype(int) - other[2].pixels).max() <= 1
    assert np.abs(first[2].pixels.astype(int) - other[0].pixels).max() <= 1


def test_only_pictures_of_one_shape_are_made_at_once(sdxl: Sdxl) -> None:
    wide = Shape(64, 32, 3, 5.0, "euler")
    orders = [order(), order(shape=wide), order(seed=1), order(negative="x"), order(seed=2), order(shape=wide)]
    assert list(batches(orders, sdxl, 2)) == [[0, 2], [4], [1, 5], [3]]
    assert list(batches(orders[:3], sdxl, None)) == [[0], [2], [1]]


@pytest.mark.parametrize("precision", ["bf16", "fp16"])
def test_half_precision_paints_nearly_the_same(sdxl: Sdxl, precision: str) -> None:
    given = {**DEFAULTS, "prompt": "a red car"}
    whole = sdxl_image(holding(sdxl), **given).image.pixels.astype(int)
    half = sdxl_image(Context(), **(given | {"precision": precision})).image.pixels
    assert half.std() > 5
    assert np.abs(whole - half).mean() < 4


def test_a_float16_pipeline_decodes_in_float32_since_its_vae_overflows() -> None:
    import torch

    half = load_sdxl(Placement("cpu", "float16")).pipeline
    assert (half.unet.dtype, half.vae.dtype) == (torch.float16, torch.float32)
    brain = load_sdxl(Placement("cpu", "bfloat16")).pipeline
    assert (brain.unet.dtype, brain.vae.dtype) == (torch.bfloat16, torch.bfloat16)


def test_files_of_half_precision_are_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    tiny_sdxl(tmp_path / SDXL_WEIGHTS.name, variant="fp16")
    monkeypatch.setenv("DIORAMA_MODELS", str(tmp_path))
    assert (tmp_path / SDXL_WEIGHTS.name / "unet" / "diffusion_pytorch_model.fp16.safetensors").exists()
    painted = sdxl_image(Context(), "a red car", **GIVEN)
    assert painted.image.pixels.std() > 5


def test_progress_only_grows_and_previews_are_small_pictures(sdxl: Sdxl) -> None:
    told: list[tuple[float, str]] = []
    shown: list[Value] = []
    ctx = holding(sdxl, on_progress=lambda fraction, message: told.append((fraction, message)), on_preview=shown.append)
    sdxl_images(ctx, [{**DEFAULTS, **item, "steps": 12} for item in ITEMS[:2]])
    assert [fraction for fraction, _ in told] == sorted(fraction for fraction, _ in told)
    assert 0.9 < told[-1][0] <= 1
    assert "step 7 of 12" in [message for _, message in told]
    assert len(shown) == 2 * 5
    for one in shown:
        assert isinstance(one, Image)
        assert max(one.width, one.height) <= 256
        assert one.pixels.std() > 5


def test_the_end_of_a_prompt_that_is_too_long_is_told(sdxl: Sdxl) -> None:
    words = "abc " * 40
    painted = sdxl_image(holding(sdxl), words, **GIVEN)
    assert painted.unread.startswith("abc")
    assert len(painted.unread.replace(" ", "")) == 120 - 75
    assert sdxl_image(holding(sdxl), "a red car", **GIVEN).unread == ""


@pytest.mark.parametrize("part", ["unet", "vae"])
def test_a_cancel_is_heard_before_the_next_layer(sdxl: Sdxl, part: str) -> None:
    layers = unet_layers(sdxl.pipeline.unet) if part == "unet" else decoder_layers(sdxl.pipeline.vae)
    ctx = holding(sdxl)
    computed: list[int] = []

    def after(number: int) -> Any:
        def note(*_: object) -> None:
            computed.append(number)
            # In the middle of the second step, or of the only decoding.
            if len(computed) == len(layers) * (part == "unet") + 3:
                ctx.cancelled.set()

        return note

    handles = [layer.register_forward_hook(after(number)) for number, layer in enumerate(layers)]
    try:
        with pytest.raises(Cancelled):
            sdxl_image(ctx, "a red car", **GIVEN)
    finally:
        for handle in handles:
            handle.remove()
    assert len(computed) == len(layers) * (part == "unet") + 3


def test_after_a_cancel_the_model_paints_as_before(sdxl: Sdxl) -> None:
    before = paint(sdxl, [order()], Context())[0].pixels
    ctx = holding(sdxl)
    ctx.on_progress = lambda fraction, message: ctx.cancelled.set() if "step 2" in message else None
    with pytest.raises(Cancelled):
        sdxl_image(ctx, "a red car", **GIVEN)
    assert all(not layer._forward_pre_hooks for layer in unet_layers(sdxl.pipeline.unet))
    assert np.array_equal(paint(sdxl, [order()], Context())[0].pixels, before)


def test_a_call_that_is_cancelled_before_it_begins_computes_nothing(sdxl: Sdxl) -> None:
    ctx = holding(sdxl)
    ctx.cancelled.set()
    with pytest.raises(Cancelled):
        sdxl_image(ctx, "a red car", **GIVEN)


def test_what_the_planner_refuses_is_not_painted_either(sdxl: Sdxl) -> None:
    refused = "a sexy 12 year old girl"
    with pytest.raises(BadInput, match="unsafe"):
        sdxl_image(holding(sdxl), refused, **GIVEN)
    with pytest.raises(BadInput, match="unsafe"):
        sdxl_images(holding(sdxl), [{**DEFAULTS, "prompt": "a cat"}, {**DEFAULTS, "prompt": refused}])


@pytest.mark.parametrize(("bound", "at_once"), [(1.0, 8), (0.4, 5), (0.25, 1)])
def test_a_batch_keeps_to_the_share_of_the_device_that_the_worker_has(
    monkeypatch: pytest.MonkeyPatch, sdxl: Sdxl, bound: float, at_once: int
) -> None:
    import torch

    gib = 2**30
    monkeypatch.setattr(torch.cuda, "mem_get_info", lambda device: (20 * gib, 24 * gib))
    monkeypatch.setattr(torch.cuda, "memory_allocated", lambda device: int(6.5 * gib))
    monkeypatch.setattr(torch.cuda, "memory_reserved", lambda device: 7 * gib)
    monkeypatch.setattr(torch.cuda, "get_per_process_memory_fraction", lambda device: bound)
    shape = Shape(1024, 1024, 30, 5.0, "euler")
    orders = [order(seed=seed, shape=shape) for seed in range(8)]
    assert len(next(batches(orders, Sdxl(sdxl.pipeline, "cuda:0"), None))) == at_once
