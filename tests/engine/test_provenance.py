"""A run leaves on record what it was made of, and its pictures and models can be run again to the same digests."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest
from tests.support.template_runs import DRAFT, WITH_MODELS, Run, diorama, run

from diorama.embed import extract_graph
from diorama.graph import read_graph
from diorama.keys import digest_of, written
from diorama.templates import saved_graphs

PROMPT = "prompt=a small green table"


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Run:
    folder = tmp_path_factory.mktemp("provenance")
    return run("text_to_mesh", PROMPT, "seed=random", home=folder / "home", out=folder / "out", options=("--lock",))


def test_the_manifest_names_graph_parameters_and_every_call(made: Run) -> None:
    manifest = made.manifest
    graph = read_graph(json.dumps(manifest["graph"]))
    assert manifest["graph_digest"] == written(digest_of(graph.canonical()))
    assert graph.nodes == read_graph(saved_graphs()["text_to_mesh"].read_bytes()).nodes
    parameters = manifest["parameters"]
    assert isinstance(parameters, dict)
    assert parameters["prompt"] == PROMPT.partition("=")[2]
    assert isinstance(parameters["seed"], int), "a random seed is on record as the number it was drawn as"
    calls = manifest["calls"]
    assert isinstance(calls, list)
    assert [call["step"] for call in calls] == ["object", "mesh", "picture"]
    for call in calls:
        assert set(call) == {"step", "node", "code", "key", "cached", "seconds", "made_by", "outputs"}
        assert len(bytes.fromhex(call["key"])) == 32
        assert call["node"].startswith("diorama/")
        assert call["code"].partition("+")[0].isdigit()
        assert call["made_by"] == manifest["run"]
        assert call["seconds"] >= 0
    assert float(str(manifest["started"])) <= float(str(manifest["ended"]))


def test_the_manifest_and_the_summary_name_the_digests_of_what_was_stored(made: Run) -> None:
    results = made.digests()
    assert made.summary["results"] == results
    calls = {call["step"]: call for call in made.manifest["calls"]}  # type: ignore[attr-defined]
    mesh = results["mesh"]
    assert isinstance(mesh, dict)
    assert mesh["digest"] == "blake3:" + calls["mesh"]["outputs"]["mesh"]["digest"]
    stored = made.folder.parent / "home" / "blobs" / mesh["digest"][7:9] / mesh["digest"][7:]
    assert written(digest_of(stored.read_bytes())) == mesh["digest"]


@pytest.mark.parametrize("name", ["mesh.glb", "picture.png"])
def test_a_result_carries_its_graph_with_the_values_of_its_run(made: Run, name: str) -> None:
    content = extract_graph((made.folder / name).read_bytes())
    assert content is not None
    graph = read_graph(content)
    parameters = made.manifest["parameters"]
    assert {key: one.default for key, one in graph.parameters.items()} == parameters
    printed = diorama("graph", str(made.folder / name), home=made.folder.parent / "home")
    assert printed.returncode == 0
    assert read_graph(printed.stdout) == graph


@pytest.mark.parametrize("name", ["mesh.glb", "picture.png"])
def test_a_result_run_again_gives_the_same_digests(made: Run, name: str, tmp_path: Path) -> None:
    shutil.copy(made.folder / name, tmp_path / name)
    again = run(str(tmp_path / name), home=made.folder.parent / "home", out=tmp_path / "out")
    assert again.code == 0, again.err
    assert again.digests() == made.digests()
    assert (again.folder / name).read_bytes() == (made.folder / name).read_bytes()


def test_a_result_made_from_a_file_finds_that_file_from_anywhere(tmp_path: Path) -> None:
    given = tmp_path / "given"
    given.mkdir()
    graph = json.loads(saved_graphs()["image_to_mesh"].read_bytes())
    (name, parameter), *_ = [item for item in graph["parameters"].items() if item[1]["type"] == "file"]
    shutil.copy(saved_graphs()["image_to_mesh"].parent / parameter["default"], given / "toy.png")
    graph["parameters"][name]["default"] = "toy.png"
    (given / "graph.json").write_text(json.dumps(graph))
    first = run(str(given / "graph.json"), home=tmp_path / "home", out=tmp_path / "out")
    assert first.code == 0, first.err
    again = run(str(first.folder / "mesh.glb"), home=tmp_path / "home", out=tmp_path / "elsewhere")
    assert again.code == 0, again.err
    assert (again.digests(), again.summary["calls_made"]) == (first.digests(), 0)


def test_the_record_of_a_failed_run_names_what_failed(tmp_path: Path) -> None:
    (tmp_path / "no.png").write_bytes(b"no picture")
    failed = run("image_to_mesh", f"image={tmp_path / 'no.png'}", home=tmp_path / "home", out=tmp_path / "out")
    assert failed.code == 1
    manifest = failed.manifest
    assert manifest["state"] == "failed"
    assert [fault["code"] for fault in manifest["faults"]] == ["R002"]  # type: ignore[attr-defined]


def test_every_template_is_listed_with_its_parameters(tmp_path: Path) -> None:
    listed = diorama("graphs", "--json", home=tmp_path / "home")
    assert {one["name"] for one in json.loads(listed.stdout)} == set(DRAFT) | WITH_MODELS
