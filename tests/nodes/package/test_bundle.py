from __future__ import annotations

import io
import zipfile

import numpy as np
import orjson
import pytest
from blake3 import blake3
from pydantic import JsonValue
from tests.support.sample_values import a_splat

from diorama.context import Context
from diorama.faults import BadInput
from diorama.values import Actor, Audio, Camera, Clip, Image, Mesh, Motion, Part, Placement, Rig, Scene, Skeleton, Splat
from diorama.values.splat_rows import read_rows
from diorama_nodes.package.files import Bundle
from diorama_nodes.package.nodes import Packaged, encode_audio, package, timeline
from diorama_nodes.plan.schema import MusicSpec, ScenePlan, SoundSpec, Unplaced

PLAN = ScenePlan(
    title="Alley",
    prompt="an alley {with} rain",
    planner="rules",
    music=MusicSpec(bpm=80, beats_per_bar=4, key="A", mode="minor"),
    sounds=(SoundSpec(kind="rain", level="soft"),),
    unplaced=(Unplaced(text="smell of soup", reason="a scene has no smell"),),
    seconds=9.0,
)
TRIANGLE = Part(
    np.array([[0, 0, 0], [1, 0, 0], [0, 1, 0]], np.float32),
    np.tile(np.array([0, 0, 1], np.float32), (3, 1)),
    np.array([[0, 1, 2]], np.uint32),
)
SKELETON = Skeleton(("hips", "head"), (-1, 0), np.array([[0, 1, 0], [0, 0.6, 0]], np.float32))


def walker(contacts: list[tuple[bool, bool]], fps: float = 10.0) -> Motion:
    frames = len(contacts)
    rotations = np.tile(np.array([0, 0, 0, 1], np.float32), (frames, 2, 1))
    root = np.zeros((frames, 3), np.float32)
    return Motion(SKELETON, fps, root, rotations, np.array(contacts, np.bool_), (Clip("walk", 0.0, 0.4),))


STEPPING = walker([(True, False), (False, False), (False, True), (True, True), (True, False), (False, True)])


def alley(*motions: Motion) -> Scene:
    return Scene(
        title="Alley",
        seconds=9.0,
        meshes=(Mesh((TRIANGLE,)),),
        placements=(Placement("ground", 0),),
        lights=(),
        camera=Camera(
            np.array([0, 9], np.float32),
            np.array([[0, 2, 6], [0, 2, 3.00001]], np.float32),
            np.zeros((2, 3), np.float32),
        ),
        actors=tuple(
            Actor(f"walker {number}", Rig("walker", SKELETON, ()), motion) for number, motion in enumerate(motions)
        ),
    )


def packed(report: list[str] | None = None, splat: Splat | None = None) -> Packaged:
    scene = alley(STEPPING)
    audio = Audio(np.zeros((2000, 2), np.float32))
    files = encode_audio(Context(), audio)
    when = timeline(Context(), PLAN, scene).timeline
    picture = Image(np.zeros((4, 4, 3), np.uint8))
    return package(Context(), scene, picture, *files, when, PLAN, report, splat)


def opened(bundle: Bundle) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(bundle.content)) as archive:
        assert archive.testzip() is None
        return {name: archive.read(name) for name in archive.namelist()}


def test_the_zip_holds_every_file_and_the_manifest_tells_the_truth_about_each() -> None:
    result = packed()
    files = opened(result.bundle)
    assert list(files) == [
        "scene.glb",
        "audio.wav",
        "audio.mp3",
        "audio.ogg",
        "picture.png",
        "timeline.json",
        "plan.json",
        "README.txt",
        "manifest.json",
    ]
    assert orjson.loads(files["manifest.json"]) == result.manifest
    listed = result.manifest["files"]
    assert isinstance(listed, list)
    assert [entry["name"] for entry in listed] == list(files)[:-1]  # type: ignore[call-overload,index]
    for entry in listed:
        assert isinstance(entry, dict)
        content = files[str(entry["name"])]
        assert entry["bytes"] == len(content)
        assert entry["digest"] == f"blake3:{blake3(content).hexdigest()}"


def test_each_file_can_be_opened_as_what_it_is() -> None:
    files = opened(packed().bundle)
    assert Scene.decode(files["scene.glb"]).encode() == alley(STEPPING).encode()
    assert Image.decode(files["picture.png"]).width == 4
    assert all(Audio.decode(files[f"audio.{kind}"]).rate == 44_100 for kind in ("wav", "mp3", "ogg"))
    assert ScenePlan.model_validate_json(files["plan.json"]) == PLAN
    assert orjson.loads(files["timeline.json"])["seconds"] == 9
    assert files["README.txt"].startswith(b"Alley\n")


def test_what_could_not_be_taken_up_is_in_the_manifest() -> None:
    manifest = packed(["the lamp stands beside the wall, as there was no room on it"]).manifest
    assert manifest["unplaced"] == [{"text": "smell of soup", "reason": "a scene has no smell"}]
    assert manifest["layout"] == ["the lamp stands beside the wall, as there was no room on it"]
    assert manifest["prompt"] == "an alley {with} rain"


def test_the_same_inputs_give_the_same_bytes_without_the_time_of_packing() -> None:
    first, second = packed().bundle, packed().bundle
    assert first == second
    with zipfile.ZipFile(io.BytesIO(first.content)) as archive:
        assert {entry.date_time for entry in archive.infolist()} == {(1980, 1, 1, 0, 0, 0)}
        stored = {entry.filename for entry in archive.infolist() if entry.compress_type == zipfile.ZIP_STORED}
    assert stored == {"audio.wav", "audio.mp3", "audio.ogg", "picture.png"}
    assert Bundle.decode(first.encode()) == first


def _timeline(plan: ScenePlan, scene: Scene, motions: list[Motion] | None = None) -> dict[str, JsonValue]:
    return timeline(Context(), plan, scene, motions).timeline


def test_the_timeline_tells_camera_sounds_clips_and_steps() -> None:
    when = _timeline(PLAN, alley(STEPPING))
    assert when["camera"] == {
        "fov_y": 0.8,
        "keys": [
            {"time": 0.0, "position": [0, 2, 6], "target": [0, 0, 0]},
            {"time": 9.0, "position": [0, 2, 3], "target": [0, 0, 0]},
        ],
    }
    assert when["sounds"] == [{"kind": "rain", "level": "soft", "start": 0.0, "end": 9.0}]
    assert when["actors"] == [
        {
            "name": "walker 0",
            "seconds": 0.5,
            "clips": [{"name": "walk", "start": 0.0, "end": 0.4}],
            "steps": [
                {"time": 0.2, "foot": "right"},
                {"time": 0.3, "foot": "left"},
                {"time": 0.5, "foot": "right"},
            ],
        }
    ]


BARS = [
    ("80 beats a minute in fours", MusicSpec(bpm=80, beats_per_bar=4), [0, 3, 6]),
    ("a waltz", MusicSpec(bpm=90, beats_per_bar=3), [0, 2, 4, 6, 8]),
    ("one bar longer than the scene", MusicSpec(bpm=30, beats_per_bar=7), [0]),
]


@pytest.mark.parametrize(("name", "music", "bars"), BARS, ids=[bar[0] for bar in BARS])
def test_bars_start_where_the_tempo_puts_them(name: str, music: MusicSpec, bars: list[float]) -> None:
    when = _timeline(PLAN.model_copy(update={"music": music}), alley())["music"]
    assert isinstance(when, dict)
    assert when["bars"] == bars
    assert when["bpm"] == music.bpm


def test_without_music_there_is_none_in_the_timeline() -> None:
    assert _timeline(PLAN.model_copy(update={"music": None}), alley())["music"] is None


def test_motions_that_are_given_stand_for_those_of_the_scene() -> None:
    slower = walker([(False, False)] * 6, fps=5.0)
    actors = _timeline(PLAN, alley(STEPPING), [slower])["actors"]
    assert isinstance(actors, list)
    assert actors[0]["seconds"] == 1.0  # type: ignore[call-overload,index]


def test_motions_without_a_figure_are_refused() -> None:
    with pytest.raises(BadInput, match="2 motions are given for 1 figures"):
        _timeline(PLAN, alley(STEPPING), [STEPPING, STEPPING])


def test_a_splat_becomes_the_background_and_is_told_of() -> None:
    result = packed(splat=a_splat())
    files = opened(result.bundle)
    assert np.allclose(read_rows(files["background.splat"]).flipped().bounds(), a_splat().bounds(), atol=1e-5)
    assert b"background.splat" in files["README.txt"]
    listed = result.manifest["files"]
    assert isinstance(listed, list)
    told = next(one for one in listed if isinstance(one, dict) and one["name"] == "background.splat")
    assert told["digest"] == f"blake3:{blake3(files['background.splat']).hexdigest()}"
    without = opened(packed().bundle)
    assert "background.splat" not in without
    assert b"splat" not in without["README.txt"]
