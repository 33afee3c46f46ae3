from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays

from diorama.faults import BadInput
from diorama.values import (
    Actor,
    Camera,
    Environment,
    Light,
    Material,
    Mesh,
    Motion,
    Part,
    Placement,
    Rig,
    Scene,
    SkinnedPart,
)
from diorama.values.glb_file import open_glb

Same = Callable[[object, object], None]
CALM = [HealthCheck.function_scoped_fixture, HealthCheck.too_slow]

metres = st.floats(-1e6, 1e6, width=32)
shares = st.floats(0, 1)
names = st.text(st.characters(exclude_categories=["Cs"]), max_size=12)


@st.composite
def materials(draw: st.DrawFn) -> Material:
    return Material(
        name=draw(names),
        base_color=draw(st.tuples(shares, shares, shares, shares)),
        metallic=draw(shares),
        roughness=draw(shares),
        emissive=draw(st.tuples(shares, shares, shares)),
        emissive_strength=draw(st.floats(0, 1000)),
        double_sided=draw(st.booleans()),
        alpha_mode=draw(st.sampled_from(("OPAQUE", "MASK", "BLEND"))),
    )


@st.composite
def parts(draw: st.DrawFn) -> Part:
    count = draw(st.integers(0, 6))
    positions = draw(arrays.arrays(np.float32, (count, 3), elements=metres))
    axes = draw(arrays.arrays(np.int64, count, elements=st.integers(0, 2)))
    triangles = draw(
        arrays.arrays(
            np.uint32, (draw(st.integers(0, 4)) if count else 0, 3), elements=st.integers(0, max(count - 1, 0))
        )
    )
    uvs = draw(st.none() | arrays.arrays(np.float32, (count, 2), elements=st.floats(-4, 4, width=32)))
    return Part(positions, np.eye(3, dtype=np.float32)[axes], triangles, uvs, draw(materials()))


@settings(max_examples=80, deadline=None, suppress_health_check=CALM)
@given(mesh=st.builds(Mesh, st.lists(parts(), max_size=3).map(tuple)))
def test_any_mesh_comes_back_to_the_bit(mesh: Mesh, same: Same) -> None:
    content = mesh.encode()
    read = Mesh.decode(content)
    same(read, mesh)
    assert read.encode() == content


@settings(max_examples=60, deadline=None, suppress_health_check=CALM)
@given(
    placed=st.lists(st.tuples(names, metres, st.floats(0.01, 100), names), max_size=4),
    lights=st.lists(
        st.builds(
            Light,
            names,
            st.sampled_from(("directional", "point", "spot")),
            st.tuples(*[st.floats(0, 4)] * 3),
            st.floats(0, 1e5),
            st.tuples(metres, metres, metres),
            st.tuples(*[st.floats(-1, 1)] * 3),
            st.none() | st.floats(0.1, 100),
            st.floats(0, 1.5),
            st.floats(0, 1.5),
        ),
        max_size=3,
    ),
    environment=st.builds(Environment, setting=st.sampled_from(("indoor", "outdoor")), fog_density=st.floats(0, 1)),
    times=st.lists(st.floats(0, 100, width=32), min_size=1, max_size=5, unique=True).map(sorted),
    draw=st.data(),
)
def test_any_scene_comes_back_to_the_bit(
    placed: list[tuple[str, float, float, str]],
    lights: list[Light],
    environment: Environment,
    times: list[float],
    draw: st.DataObject,
    textured_mesh: Mesh,
    same: Same,
) -> None:
    keys = arrays.arrays(np.float32, (len(times), 3), elements=metres)
    scene = Scene(
        title=draw.draw(names),
        seconds=draw.draw(st.floats(0.1, 600)),
        meshes=(textured_mesh,),
        placements=tuple(Placement(name, 0, (x, 0.0, x), scale=(s, s, s), kind=kind) for name, x, s, kind in placed),
        lights=tuple(lights),
        camera=Camera(np.array(times, np.float32), draw.draw(keys), draw.draw(keys)),
        environment=environment,
    )
    content = scene.encode()
    read = Scene.decode(content)
    same(read, scene)
    assert read.encode() == content


@settings(max_examples=40, deadline=None, suppress_health_check=CALM)
@given(frames=st.integers(0, 9), fps=st.sampled_from((1.0, 24.0, 29.97, 30.0, 120.0)), draw=st.data())
def test_any_motion_comes_back_to_the_bit(
    frames: int, fps: float, draw: st.DataObject, figure: Rig, full_scene: Scene, same: Same
) -> None:
    joints = len(figure.skeleton.names)
    turns = np.array([[0, 0, 0, 1], [0, 0.6, 0, 0.8], [0, -0.6, 0, -0.8], [1, 0, 0, 0], [-0.0, 0, 0, 1]], np.float32)
    chosen = draw.draw(arrays.arrays(np.int64, (frames, joints), elements=st.integers(0, len(turns) - 1)))
    motion = Motion(
        figure.skeleton,
        fps,
        draw.draw(arrays.arrays(np.float32, (frames, 3), elements=st.sampled_from((0.0, -0.0, 1.5, 2.25)))),
        turns[chosen],
        draw.draw(arrays.arrays(np.bool_, (frames, 2))),
    )
    scene = replace(full_scene, actors=(Actor("one", figure, motion), Actor("two", figure, motion)))
    content = scene.encode()
    read = Scene.decode(content)
    same(read, scene)
    assert read.encode() == content


def test_a_figure_and_a_full_scene_come_back_to_the_bit(figure: Rig, full_scene: Scene, same: Same) -> None:
    same(Rig.decode(figure.encode()), figure)
    same(Scene.decode(full_scene.encode()), full_scene)
    assert Scene.decode(full_scene.encode()).encode() == full_scene.encode()


def test_a_figure_with_an_empty_part_comes_back(figure: Rig, same: Same) -> None:
    nothing = Part(np.zeros((0, 3), np.float32), np.zeros((0, 3), np.float32), np.zeros((0, 3), np.uint32))
    empty = SkinnedPart(nothing, np.zeros((0, 4), np.uint16), np.zeros((0, 4), np.float32))
    rig = replace(figure, parts=(*figure.parts, empty))
    same(Rig.decode(rig.encode()), rig)
    same(Rig.decode(replace(figure, parts=()).encode()), replace(figure, parts=()))


def test_a_picture_that_was_read_is_not_compressed_again(textured_mesh: Mesh) -> None:
    read = Mesh.decode(textured_mesh.encode())
    image = read.parts[1].material.base_color_image
    assert image is not None
    assert image.png == textured_mesh.parts[1].material.base_color_image.encode()  # type: ignore[union-attr]


def test_bytes_are_the_same_in_a_fresh_process_with_another_hash_seed(full_scene: Scene) -> None:
    program = (
        "import sys; from diorama.values import Scene\n"
        "sys.stdout.buffer.write(Scene.decode(sys.stdin.buffer.read()).encode())"
    )
    done = subprocess.run(
        [sys.executable, "-c", program],
        input=full_scene.encode(),
        capture_output=True,
        check=True,
        timeout=60,
        env={"PYTHONHASHSEED": "77", "PATH": ""},
    )
    assert done.stdout == full_scene.encode()


def test_what_is_equal_is_written_once(full_scene: Scene) -> None:
    document, _ = open_glb(full_scene.encode())
    meshes, images = document["meshes"], document["images"]
    assert isinstance(meshes, list)
    assert isinstance(images, list)
    # Three in the scene, two of them alike but shown under other names; two figures.
    assert len(meshes) == 5
    assert len(images) == 2
    again = replace(full_scene, actors=full_scene.actors * 2)
    growth = len(again.encode()) - len(full_scene.encode())
    assert growth < 0.5 * len(full_scene.encode())
    twice, _ = open_glb(again.encode())
    assert len(twice["meshes"]) == 5  # type: ignore[arg-type]
    assert len(twice["bufferViews"]) == len(document["bufferViews"])  # type: ignore[arg-type]


REFUSED: dict[str, Callable[[Scene], Scene]] = {
    "a position that is infinite": lambda scene: _with_part(scene, positions=np.full((12, 3), np.inf, np.float32)),
    "a placement of a mesh that is not there": lambda scene: replace(scene, placements=(Placement("a", 9),)),
    "a placement at no number": lambda scene: replace(scene, placements=(Placement("a", 0, (np.nan, 0, 0)),)),
    "a name that is no text": lambda scene: replace(scene, title="\ud800"),
    "camera keys out of order": lambda scene: replace(
        scene, camera=replace(scene.camera, times=scene.camera.times[::-1])
    ),
    "a camera without keys": lambda scene: replace(
        scene, camera=Camera(np.zeros(0, np.float32), np.zeros((0, 3), np.float32), np.zeros((0, 3), np.float32))
    ),
    "a light that reaches nowhere": lambda scene: replace(scene, lights=(replace(scene.lights[1], reach=0.0),)),
    "a motion of another skeleton": lambda scene: replace(
        scene, actors=(replace(scene.actors[0], motion=scene.actors[1].motion),)
    ),
    "no frames a second": lambda scene: replace(
        scene, actors=(replace(scene.actors[0], motion=replace(scene.actors[0].motion, fps=0.0)),)
    ),
}


def _with_part(scene: Scene, **changes: object) -> Scene:
    part = replace(scene.meshes[0].parts[0], **changes)  # type: ignore[arg-type]
    return replace(scene, meshes=(Mesh((part,)), *scene.meshes[1:]))


@pytest.mark.parametrize("case", REFUSED)
def test_what_no_viewer_could_show_is_refused(case: str, full_scene: Scene) -> None:
    with pytest.raises(BadInput):
        REFUSED[case](full_scene).encode()
