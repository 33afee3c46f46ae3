"""A models folder with tiny models, in force for every test here; no test here may reach for the network."""

from __future__ import annotations

import socket
from pathlib import Path

import pytest
from tests.support.tiny_models import tiny_language_model, tiny_sdxl

from diorama.model import Placement
from diorama_nodes.models.language import LanguageModel, load_language_model
from diorama_nodes.models.sdxl import Sdxl, load_sdxl
from diorama_nodes.models.weights import QWEN_WEIGHTS, SDXL_WEIGHTS


@pytest.fixture(scope="session")
def tiny(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of all tiny models."""
    folder = tmp_path_factory.mktemp("models")
    tiny_sdxl(folder / SDXL_WEIGHTS.name)
    tiny_language_model(folder / QWEN_WEIGHTS.name)
    return folder


@pytest.fixture(autouse=True)
def models(tiny: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("DIORAMA_MODELS", str(tiny))
    monkeypatch.setenv("DIORAMA_HOME", str(tmp_path / "home"))
    return tiny


@pytest.fixture(autouse=True)
def no_network(monkeypatch: pytest.MonkeyPatch) -> None:
    real = socket.socket.connect

    def local_only(self: socket.socket, address: object) -> None:
        where = address[0] if isinstance(address, tuple) else address
        assert self.family == socket.AF_UNIX or where in ("127.0.0.1", "::1", "localhost"), f"{address} was asked for"
        real(self, address)  # type: ignore[arg-type]

    monkeypatch.setattr(socket.socket, "connect", local_only)


@pytest.fixture(scope="session")
def sdxl(tiny: Path) -> Sdxl:
    """A loaded tiny SDXL in full precision."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("DIORAMA_MODELS", str(tiny))
        patch.setenv("DIORAMA_HOME", str(tiny / "home"))
        return load_sdxl(Placement("cpu", "float32"))


@pytest.fixture(scope="session")
def language(tiny: Path) -> LanguageModel:
    """A loaded tiny language model in full precision."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("DIORAMA_MODELS", str(tiny))
        patch.setenv("DIORAMA_HOME", str(tiny / "home"))
        return load_language_model(Placement("cpu", "float32"))
