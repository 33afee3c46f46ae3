"""Weights are loaded whole, from local safetensors alone, or refused with one sentence."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from safetensors.torch import load_file, save_file

from diorama.faults import BadInput
from diorama.model import Placement
from diorama_nodes.models.language import load_language_model
from diorama_nodes.models.loading import hold_loaded
from diorama_nodes.models.sdxl import load_sdxl
from diorama_nodes.models.weights import QWEN_WEIGHTS, SDXL_WEIGHTS

UNET = "unet/diffusion_pytorch_model.safetensors"
ENCODER = "text_encoder/model.safetensors"


def without_one_tensor(path: Path) -> None:
    tensors = load_file(path)
    del tensors[sorted(tensors)[0]]
    save_file(tensors, path)


def with_another_shape(path: Path) -> None:
    tensors = load_file(path)
    name = next(name for name in sorted(tensors) if tensors[name].ndim == 2)
    tensors[name] = tensors[name][:-1].clone()
    save_file(tensors, path)


def cut_short(path: Path) -> None:
    path.write_bytes(path.read_bytes()[:-1000])


def a_pickle(path: Path) -> None:
    path.write_bytes(b"\x80\x04}\x94.")


def gone(path: Path) -> None:
    path.unlink()


BROKEN = {
    "a tensor of the UNet is missing": (UNET, without_one_tensor, "are missing"),
    "a tensor of a text encoder is missing": (ENCODER, without_one_tensor, "are missing"),
    "a tensor of the VAE is missing": ("vae/diffusion_pytorch_model.safetensors", without_one_tensor, "are missing"),
    "a tensor has another shape": (UNET, with_another_shape, "cannot be loaded|other shapes"),
    "a tensor of a text encoder has another shape": (ENCODER, with_another_shape, "cannot be loaded|other shapes"),
    "a file is cut short": (UNET, cut_short, "cut short"),
    "a file is a pickle": (UNET, a_pickle, "a pickle"),
    "a file is gone": (UNET, gone, "is not in"),
}


@pytest.fixture
def copied(models: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The models in a folder that may be spoiled."""
    folder = tmp_path / "models"
    shutil.copytree(models, folder)
    monkeypatch.setenv("DIORAMA_MODELS", str(folder))
    return folder


@pytest.mark.parametrize(("name", "spoil", "words"), BROKEN.values(), ids=BROKEN)
def test_broken_weights_are_refused(copied: Path, name: str, spoil: Callable[[Path], None], words: str) -> None:
    spoil(copied / SDXL_WEIGHTS.name / name)
    with pytest.raises(BadInput, match=words) as refused:
        load_sdxl(Placement())
    assert "\n" not in str(refused.value)


def test_a_language_model_without_one_tensor_is_refused(copied: Path) -> None:
    without_one_tensor(copied / QWEN_WEIGHTS.name / "model.safetensors")
    with pytest.raises(BadInput, match="are missing"):
        load_language_model(Placement())


def test_a_configuration_that_is_none_is_refused(copied: Path) -> None:
    (copied / SDXL_WEIGHTS.name / "unet" / "config.json").write_text("{")
    with pytest.raises(BadInput, match="cannot be loaded"):
        load_sdxl(Placement())


def test_classes_that_a_folder_names_are_never_looked_for(copied: Path) -> None:
    folder = copied / SDXL_WEIGHTS.name
    (folder / "model_index.json").write_text(json.dumps({"_class_name": ["evil", "Pipeline"], "unet": ["evil", "Net"]}))
    (folder / "unet" / "evil.py").write_text("raise SystemExit('code of a model folder was run')")
    config = json.loads((folder / "unet" / "config.json").read_bytes())
    (folder / "unet" / "config.json").write_text(json.dumps(config | {"_class_name": "AutoencoderKL"}))
    assert type(load_sdxl(Placement()).pipeline.unet).__name__ == "UNet2DConditionModel"


def test_code_of_a_language_models_folder_is_never_run(copied: Path) -> None:
    folder = copied / QWEN_WEIGHTS.name
    config = json.loads((folder / "config.json").read_bytes())
    own = {"auto_map": {"AutoModelForCausalLM": "evil.Model", "AutoConfig": "evil.Config"}}
    (folder / "config.json").write_text(json.dumps(config | own))
    (folder / "evil.py").write_text("raise SystemExit('code of a model folder was run')")
    assert type(load_language_model(Placement()).model).__name__ == "Qwen2ForCausalLM"


def test_a_tensor_that_was_never_read_is_told_before_it_is_computed_with() -> None:
    import torch

    with torch.device("meta"):
        layer = torch.nn.Linear(2, 2)
    with pytest.raises(BadInput, match="bias, weight have no numbers"):
        hold_loaded(layer, Path("here"))


@pytest.mark.parametrize("load", [load_sdxl, load_language_model])
def test_forms_that_no_loader_makes_are_refused(load: Callable[[Placement], object]) -> None:
    with pytest.raises(BadInput, match="4bit"):
        load(Placement(quantization="4bit"))


def test_offloading_from_a_cpu_changes_nothing() -> None:
    for offload in ("model", "sequential"):
        loaded = load_sdxl(Placement(offload=offload))
        assert {one.device.type for one in loaded.pipeline.unet.parameters()} == {"cpu"}
        loaded.release()
