from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import numpy as np

from diorama.embed import embed_graph
from diorama.values import Camera, Material, Mesh, Part, Placement, Rig, Scene, Value

Same = Callable[[object, object], None]
Validate = Callable[[dict[str, bytes]], dict[str, dict[str, object]]]


def _mesh_cases(mesh: Mesh) -> dict[str, Value]:
    part = mesh.parts[0]
    picture = mesh.parts[1].material.base_color_image
    nothing = Part(np.zeros((0, 3), np.float32), np.zeros((0, 3), np.float32), np.zeros((0, 3), np.uint32))
    many = Part(np.ones((70_000, 3), np.float32), np.tile(part.normals[:1], (70_000, 1)), part.triangles)
    return {
        "a mesh with a picture": mesh,
        "a mesh without parts": Mesh(()),
        "a part without anything": Mesh((nothing, part)),
        "vertices without triangles": Mesh((replace(part, triangles=nothing.triangles),)),
        "normals that are too long, or none": Mesh(
            (replace(part, normals=part.normals * np.arange(12)[:, None] * 0.5),)
        ),
        "a picture without uvs": Mesh((replace(part, uvs=None, material=Material(base_color_image=picture)),)),
        "a strength where nothing shines": Mesh((replace(part, material=Material(emissive_strength=4.0)),)),
        "factors out of range": Mesh(
            (replace(part, material=Material(base_color=(2.0, -1.0, 0.5, 1.0), roughness=3.0, emissive=(4.0, 0, 0))),)
        ),
        "more vertices than 16 bits count": Mesh((many,)),
    }


def _rig_cases(rig: Rig) -> dict[str, Value]:
    part = rig.parts[0]
    twins = np.array(part.joints)
    twins[:, 1] = twins[:, 0]
    idle = np.array(part.weights)
    idle[:, 2:] = 0
    roots = replace(rig, skeleton=replace(rig.skeleton, parents=(-1, 0, 1, -1, 3, 4)))
    return {
        "a figure": rig,
        "a figure with two roots": roots,
        "weights that sum to more than one": replace(rig, parts=(replace(part, weights=part.weights * 3),)),
        "one joint named twice": replace(rig, parts=(replace(part, joints=twins),)),
        "joints that have no weight": replace(rig, parts=(replace(part, weights=idle),)),
        "no weights": replace(rig, parts=(replace(part, weights=np.zeros_like(part.weights)),)),
        "a figure without a body": replace(rig, parts=()),
    }


def _scene_cases(scene: Scene) -> dict[str, Value]:
    still = Camera(scene.camera.times[:1], scene.camera.positions[:1], scene.camera.targets[:1])
    steep = Camera(
        np.array([0, 1, 2], np.float32),
        np.array([[0, 5, 0], [0, 5, 0], [0, -5, 0]], np.float32),
        np.zeros((3, 3), np.float32),
    )
    lights = tuple(replace(light, direction=(0.0, 0.0, 1.0)) for light in scene.lights)
    return {
        "a scene with everything": scene,
        "a scene with nothing": Scene("", 1.0, (), (), (), still),
        "a camera that looks straight down and up": replace(scene, camera=steep),
        "lights that shine backwards": replace(scene, lights=lights),
        "a turn that is too long": replace(scene, placements=(Placement("a", 0, rotation=(0.0, 3.0, 0.0, 4.0)),)),
        "a mesh that no placement shows": replace(scene, placements=()),
        "many figures of one rig": replace(scene, actors=scene.actors * 3),
    }


def test_the_khronos_validator_finds_neither_errors_nor_warnings(
    validate: Validate, textured_mesh: Mesh, figure: Rig, full_scene: Scene
) -> None:
    cases = _mesh_cases(textured_mesh) | _rig_cases(figure) | _scene_cases(full_scene)
    files = {name: value.encode() for name, value in cases.items()}
    files["a scene that keeps its graph"] = embed_graph(full_scene.encode(), ".glb", b'{"format":1}')
    found = {
        name: report["messages"]
        for name, report in validate(files).items()
        if report["numErrors"] != 0 or report["numWarnings"] != 0
    }
    assert found == {}


def test_the_khronos_validator_does_find_errors(validate: Validate, textured_mesh: Mesh) -> None:
    broken = textured_mesh.encode().replace(b'"VEC3"', b'"VEC2"')
    assert validate({"broken": broken})["broken"]["numErrors"] != 0


def test_what_was_mended_is_the_same_before_writing_and_after_reading(
    textured_mesh: Mesh, figure: Rig, full_scene: Scene, same: Same
) -> None:
    for value in (_mesh_cases(textured_mesh) | _rig_cases(figure) | _scene_cases(full_scene)).values():
        content = value.encode()
        read = type(value).decode(content)
        same(read, value)
        assert read.encode() == content
