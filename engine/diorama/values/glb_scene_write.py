"""How a scene's placements, figures, lights and camera become nodes of a GLB."""

from __future__ import annotations

import math
from dataclasses import asdict

import numpy as np

from diorama.faults import BadInput
from diorama.values.glb_file import JsonObject
from diorama.values.glb_look import look_rotations, look_times, shine_rotation
from diorama.values.glb_motion import Animation, is_still, kept_keys, motion_facts, write_motion
from diorama.values.glb_rigs import NO_TURN, Pose, bind_pose, write_figure
from diorama.values.glb_shapes import finite, finite_row, write_shape
from diorama.values.glb_tables import Tables
from diorama.values.scene import Actor, Camera, Light, Placement, Scene

NEAR, FAR = 0.05, 2000.0
"""Metres between which a camera sees."""


class SceneWriter:
    """Writes one scene; its nodes stand in the order placements, figures, lights, camera."""

    def __init__(self, scene: Scene) -> None:
        self._scene = scene
        self._tables = Tables()
        self._animation = Animation(self._tables)
        self._lights: list[JsonObject] = []

    def glb(self) -> bytes:
        """The scene as GLB."""
        scene, tables = self._scene, self._tables
        shapes = self._shapes()
        nodes = [self._placement(placement, shapes) for placement in scene.placements]
        for actor in scene.actors:
            nodes += self._actor(actor)
        nodes += [self._light(light) for light in scene.lights]
        nodes += self._camera(scene.camera)
        self._animation.add_to(tables, scene.title or "scene")
        facts: JsonObject = {
            "diorama": "scene",
            "seconds": finite("a scene's length in seconds", scene.seconds),
            "environment": _finite_facts("the environment", asdict(scene.environment)),
            "meshes": shapes,
        }
        return tables.glb({"name": scene.title, "nodes": nodes, "extras": facts}, self._lights)

    def _shapes(self) -> list[int]:
        """The number of each mesh in the file, named as the first placement that shows it."""
        names: dict[int, str] = {}
        for placement in self._scene.placements:
            names.setdefault(placement.mesh, placement.name)
        meshes = enumerate(self._scene.meshes)
        return [write_shape(self._tables, names.get(number, "mesh"), mesh.parts) for number, mesh in meshes]

    def _placement(self, placement: Placement, shapes: list[int]) -> int:
        if not 0 <= placement.mesh < len(shapes):
            raise BadInput(f"{placement.name!r} shows mesh {placement.mesh}, but the scene has {len(shapes)}")
        what = f"the placement of {placement.name!r}"
        node: JsonObject = {"name": placement.name, "mesh": shapes[placement.mesh]}
        translation, scale = finite_row(what, placement.translation), finite_row(what, placement.scale)
        rotation = finite_row(what, placement.rotation)
        if any(translation):
            node["translation"] = translation
        if rotation != list(NO_TURN):
            node["rotation"] = rotation
        if scale != [1.0, 1.0, 1.0]:
            node["scale"] = scale
        # Equal meshes are written once, so that the number in the scene is told as well.
        node["extras"] = {"diorama": "placement", "kind": placement.kind, "mesh": placement.mesh}
        return self._tables.add("nodes", node)

    def _actor(self, actor: Actor) -> list[int]:
        ours, theirs, motion = actor.rig.skeleton, actor.motion.skeleton, actor.motion
        is_same = ours.names == theirs.names and ours.parents == theirs.parents
        if not is_same or not np.array_equal(ours.offsets, theirs.offsets):
            raise BadInput(f"the motion of {actor.name!r} moves another skeleton than its figure has")
        pose = Pose(motion.root[0], motion.rotations[0]) if len(motion.root) else bind_pose(ours)
        if not np.isfinite(pose.root).all() or not np.isfinite(pose.rotations).all():
            raise BadInput(f"the motion of {actor.name!r} starts at a number that is not finite")
        facts: JsonObject = {"diorama": "actor", **motion_facts(motion)}
        nodes, joints = write_figure(self._tables, actor.name, actor.rig, pose, facts)
        if len(motion.root):
            write_motion(self._animation, joints, motion)
        return nodes

    def _light(self, light: Light) -> int:
        facts = _finite_facts(f"the light {light.name!r}", asdict(light))
        self._lights.append(_punctual(light))
        node: JsonObject = {
            "name": light.name,
            "translation": facts["position"],
            "rotation": list(shine_rotation(light.direction)),
            "extensions": {"KHR_lights_punctual": {"light": len(self._lights) - 1}},
            "extras": {"diorama": "light", "light": facts},
        }
        return self._tables.add("nodes", node)

    def _camera(self, camera: Camera) -> list[int]:
        _check_camera(camera)
        moments = look_times(camera)
        rotations = look_rotations(camera, moments)
        lens: JsonObject = {"yfov": finite("the camera's field of view", camera.fov_y), "znear": NEAR, "zfar": FAR}
        place = self._tables.add("cameras", {"name": "camera", "type": "perspective", "perspective": lens})
        eye: JsonObject = {"name": "camera", "camera": place, "translation": camera.positions[0].tolist()}
        eye |= {"rotation": rotations[0].tolist(), "extras": {"diorama": "camera"}}
        aim: JsonObject = {"name": "camera target", "translation": camera.targets[0].tolist()}
        aim |= {"extras": {"diorama": "target"}}
        nodes = [self._tables.add("nodes", eye), self._tables.add("nodes", aim)]
        self._animation.follow(nodes[0], "translation", camera.times, camera.positions)
        self._animation.follow(nodes[1], "translation", camera.times, camera.targets)
        if not is_still(rotations):
            kept = kept_keys(rotations)
            self._animation.follow(nodes[0], "rotation", moments[kept], rotations[kept])
        return nodes


def _punctual(light: Light) -> JsonObject:
    """The light as KHR_lights_punctual has it: colours up to one, cones that hold one another."""
    brightest = max(*light.color, 1.0)
    entry: JsonObject = {
        "name": light.name,
        "type": light.kind,
        "color": [max(float(part), 0.0) / brightest for part in light.color],
        "intensity": max(float(light.intensity), 0.0) * brightest,
    }
    if light.reach is not None and light.kind != "directional":
        if light.reach <= 0:
            raise BadInput(f"the light {light.name!r} reaches {light.reach} metres, but more than nought is wanted")
        entry["range"] = float(light.reach)
    if light.kind == "spot":
        outer = min(max(float(light.outer_cone), 1e-3), math.pi / 2)
        entry["spot"] = {
            "innerConeAngle": min(max(float(light.inner_cone), 0.0), outer * 0.999),
            "outerConeAngle": outer,
        }
    return entry


def _check_camera(camera: Camera) -> None:
    keys = len(camera.times)
    if not keys or camera.positions.shape != (keys, 3) or camera.targets.shape != (keys, 3):
        raise BadInput(
            f"the camera has {keys} keys, but one position and one target for each of one or more are wanted"
        )
    arrays = (camera.times, camera.positions, camera.targets)
    if not all(np.isfinite(array).all() for array in arrays):
        raise BadInput("the camera's keys hold a number that is not finite")
    if float(camera.times[0]) < 0 or (np.diff(camera.times) <= 0).any():
        raise BadInput("the camera's keys are not in order of time, from nought on")
    if not 0 < camera.fov_y < math.pi:
        raise BadInput(
            f"the camera's field of view is {camera.fov_y} radians, but more than 0 and less than pi is wanted"
        )


def _finite_facts(what: str, facts: dict[str, object]) -> JsonObject:
    """The facts with every number a finite float, and tuples as lists."""
    plain: JsonObject = {}
    for name, fact in facts.items():
        if isinstance(fact, (list, tuple)):
            plain[name] = finite_row(f"{name} of {what}", fact)
        else:
            plain[name] = fact if fact is None or isinstance(fact, str) else _number(f"{name} of {what}", fact)
    return plain


def _number(what: str, given: object) -> float:
    if not isinstance(given, (int, float, np.floating, np.integer)):
        raise BadInput(f"{what} is {given!r}, but a number is wanted")
    return finite(what, float(given))
