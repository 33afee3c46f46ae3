"""The template with models: without weights it says what is missing, with tiny ones it gives a whole scene."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from diorama.graph import Graph, read_graph
from diorama.session import Result, Session
from diorama.templates import saved_graphs
from diorama.values import Image, Scene
from diorama_nodes.models.weights import QWEN_WEIGHTS, SDXL_WEIGHTS

NAME = "text_to_scene_models"
SMALL: dict[str, Any] = {
    "prompt": "a chef at a table in a kitchen",
    "width": 64,
    "height": 64,
    "steps": 2,
    "tokens": 64,
    "precision": "fp32",
    "quality": "draft",
}


def template() -> Graph:
    return read_graph(saved_graphs()[NAME].read_bytes())


def test_without_weights_it_lacks_nothing_else(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DIORAMA_MODELS", str(tmp_path / "none"))
    with Session(tmp_path / "store") as session:
        faults = session.check(template())
    assert [(fault.code, fault.at) for fault in faults] == [("G115", "/nodes/plan"), ("G115", "/nodes/reference")]
    for fault, weights in zip(faults, (QWEN_WEIGHTS, SDXL_WEIGHTS), strict=True):
        for words in (weights.repository, weights.revision, weights.license, str(tmp_path / "none" / weights.name)):
            assert words in fault.message


def test_it_is_written_as_it_was_read() -> None:
    content = saved_graphs()[NAME].read_text()
    assert read_graph(content).text() == content


@pytest.fixture(scope="module")
def result(tiny: Path, tmp_path_factory: pytest.TempPathFactory) -> Any:
    folder = tmp_path_factory.mktemp("template")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("DIORAMA_MODELS", str(tiny))
        patch.setenv("DIORAMA_HOME", str(folder / "home"))
        with Session(folder / "store") as session:
            yield session, session.run(template(), SMALL)


def test_with_tiny_weights_it_gives_all_its_results(result: tuple[Session, Result]) -> None:
    _, run = result
    assert (run.state, run.faults) == ("succeeded", [])
    assert set(run.outputs) == set(template().results)
    assert isinstance(run["scene"], Scene)
    reference = run["reference"]
    assert isinstance(reference, Image)
    assert (reference.width, reference.height) == (64, 64)
    assert np.asarray(reference.pixels).std() > 5
    assert str(run["planner"]).startswith(f"local:{QWEN_WEIGHTS.repository}@")


def test_run_again_it_loads_and_calls_nothing(result: tuple[Session, Result]) -> None:
    session, first = result
    again = session.run(template(), SMALL)
    calls: Any = again.manifest["calls"]
    assert [call["step"] for call in calls if not call["cached"]] == []
    assert again.outputs == first.outputs


def test_the_manifest_names_models_and_licences_also_where_all_was_cached(result: tuple[Session, Result]) -> None:
    session, first = result
    for run in (first, session.run(template(), SMALL)):
        models: Any = run.manifest["models"]
        assert [(one["repository"], one["license"]) for one in models] == [
            (QWEN_WEIGHTS.repository, "Apache-2.0"),
            (SDXL_WEIGHTS.repository, "CreativeML Open RAIL++-M"),
        ]
        assert len(models[1]["files"]["unet/diffusion_pytorch_model.safetensors"]) == 64


def test_another_look_paints_anew_and_plans_nothing(result: tuple[Session, Result]) -> None:
    session, _ = result
    again = session.run(template(), {**SMALL, "look": "watercolour"})
    calls: Any = again.manifest["calls"]
    assert {call["step"] for call in calls if not call["cached"]} == {"words", "reference"}
