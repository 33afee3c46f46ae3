"""Every template runs and gives what it says: sound files, whole pictures, valid models; run again it makes no call."""

from __future__ import annotations

import io
import shutil
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest
from tests.support.template_runs import DRAFT, WITH_MODELS, Run, run

from diorama.graph import read_graph
from diorama.session import Session
from diorama.templates import saved_graphs
from diorama.values import Audio, Image, Mesh, Motion, Scene, Splat
from diorama.values.value import Value
from diorama_nodes.splats.files import SplatRows, Spz

Issues = dict[str, object]
Validate = Callable[[dict[str, bytes]], dict[str, Issues]]


TYPES: dict[str, dict[str, type[Value]]] = {
    "image_to_mesh": {"mesh": Mesh, "picture": Image, "cutout": Image},
    "image_to_splat": {"splat": Splat, "splat_spz": Spz, "splat_rows": SplatRows, "picture": Image},
    "text_to_image": {"image": Image},
    "text_to_image_to_mesh": {"image": Image, "mesh": Mesh, "cutout": Image},
    "text_to_mesh": {"mesh": Mesh, "picture": Image},
    "text_to_motion": {"scene": Scene, "motion": Motion, "picture": Image},
    "text_to_music": {"audio": Audio, "audio_mp3": Audio, "audio_ogg": Audio},
    "text_to_scene": {
        "scene": Scene,
        "picture": Image,
        "reference": Image,
        "audio": Audio,
        "audio_mp3": Audio,
        "audio_ogg": Audio,
    },
}


def test_every_template_is_among_those_that_are_run() -> None:
    in_repository = {path.stem for path in (Path(__file__).parents[2] / "graphs").glob("*.json")}
    assert set(DRAFT) | WITH_MODELS == in_repository
    assert set(DRAFT) == set(TYPES)
    assert in_repository <= set(saved_graphs())


@pytest.mark.parametrize("name", DRAFT)
def test_it_has_no_fault_and_is_written_as_it_was_read(name: str, tmp_path: Path) -> None:
    content = saved_graphs()[name].read_text()
    with Session(tmp_path) as session:
        assert session.check(read_graph(content)) == []
    assert read_graph(content).text() == content


@pytest.mark.parametrize("name", DRAFT)
def test_it_runs_and_gives_what_its_graph_promises(runs: dict[str, Run], name: str) -> None:
    one = runs[name]
    assert (one.code, one.summary["state"]) == (0, "succeeded"), one.err
    graph = read_graph(saved_graphs()[name].read_bytes())
    assert set(one.digests()) == set(graph.results)
    for result, wanted in TYPES[name].items():
        suffix = {"audio": ".wav", "audio_mp3": ".mp3", "audio_ogg": ".ogg"}.get(result, wanted.suffix)
        value = wanted.decode((one.folder / f"{result}{suffix}").read_bytes())
        assert isinstance(value, wanted)
        if isinstance(value, Image):
            assert min(value.width, value.height) >= 256
        if isinstance(value, Audio):
            seconds = len(value.samples) / value.rate
            assert 5 <= seconds <= 60, result
        if isinstance(value, Mesh):
            assert value.face_count > 20
        if isinstance(value, Splat):
            assert value.count > 1000


def test_every_model_is_valid_gltf(runs: dict[str, Run], validate: Validate) -> None:
    files = {str(path): path.read_bytes() for one in runs.values() for path in one.folder.glob("*.glb")}
    with zipfile.ZipFile(io.BytesIO((runs["text_to_scene"].folder / "bundle.zip").read_bytes())) as bundle:
        assert bundle.testzip() is None
        files["bundle"] = bundle.read("scene.glb")
    assert len(files) == 6
    for path, issues in validate(files).items():
        assert (issues["numErrors"], issues["numWarnings"]) == (0, 0), f"{path}: {issues}"


@pytest.mark.parametrize("name", DRAFT)
def test_run_again_it_makes_no_call_and_gives_the_same(runs: dict[str, Run], name: str, tmp_path: Path) -> None:
    again = run(name, *DRAFT[name], home=runs[name].folder.parent / "home", out=tmp_path / "out")
    assert (again.code, again.summary["calls_made"]) == (0, 0)
    assert again.digests() == runs[name].digests()
    for path in again.folder.iterdir():
        if path.name != "run.json":
            assert path.read_bytes() == (runs[name].folder / path.name).read_bytes(), path.name


def test_one_objects_colour_reruns_that_object_and_what_hangs_on_it(runs: dict[str, Run], tmp_path: Path) -> None:
    quality, prompt = DRAFT["text_to_scene"]
    shutil.copytree(runs["text_to_scene"].folder.parent / "home", tmp_path / "home")
    first = runs["text_to_scene"]
    assert "red car" in prompt
    changed = run(
        "text_to_scene", quality, prompt.replace("red car", "green car"), home=tmp_path / "home", out=tmp_path / "out"
    )
    assert changed.code == 0, changed.err
    made = [call for call in calls(changed) if not call["cached"]]
    objects = [spec["kind"] for spec in plan_objects(first)]
    meshes = [call["item"] for call in made if call["step"] == "meshes"]
    assert meshes == [objects.index("car")]
    # Figures, their motions, music and sounds do not hang on a colour.
    allowed = {"plan", "reference", "meshes", "layout", "scene", "picture", "timeline", "package"}
    assert {str(call["step"]) for call in made} <= allowed
    assert {"plan", "meshes", "layout", "scene", "picture", "package"} <= {str(call["step"]) for call in made}


def calls(one: Run) -> list[dict[str, object]]:
    found = one.manifest["calls"]
    assert isinstance(found, list)
    return found


def plan_objects(one: Run) -> list[dict[str, object]]:
    import json

    plan = json.loads((one.folder / "plan.json").read_bytes())
    found: list[dict[str, object]] = plan["objects"]
    return found
