"""How a scene or a figure that was written here is read back, value for value."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import TypeVar

import numpy as np
import orjson
from pydantic import TypeAdapter, ValidationError

from diorama.limits import limits
from diorama.values.glb_document import Document
from diorama.values.glb_entry import Entry
from diorama.values.glb_motion import every_frame, read_clips, read_contacts
from diorama.values.glb_nodes import Node, scene_nodes
from diorama.values.glb_parts import PartReader, Primitive, real
from diorama.values.mesh import Floats, Mesh
from diorama.values.motion import Motion
from diorama.values.rig import Rig, Skeleton, SkinnedPart
from diorama.values.scene import Actor, Camera, Environment, Light, Placement, Scene

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class _Channel:
    times: Floats
    rows: Floats


class SceneReader:
    """Reads one GLB whose nodes say in `extras` what they stand for."""

    def __init__(self, content: bytes) -> None:
        self._document = Document(content)
        self._parts = PartReader(self._document)
        self._nodes = scene_nodes(self._document)
        self._by_place = {node.place: node for node in self._nodes}
        self._frames_left = limits().max_vertices

    def rig(self) -> Rig:
        """The figure; raises `BadInput` where there is none."""
        holders = self._playing("rig")
        if not holders:
            raise self._document.root.fault("holds no figure that was written by Diorama")
        return self._rig(holders[0])

    def scene(self) -> Scene:
        """The scene; raises `BadInput` where there is none."""
        scene = self._document.entry("scenes", self._document.root.whole("scene", 0))
        facts = scene.child("extras")
        if facts is None or facts.facts.get("diorama") != "scene":
            raise self._document.root.fault("holds no scene that was written by Diorama")
        meshes = self._meshes(facts.wholes("meshes", below=len(self._document.table("meshes"))))
        channels = self._channels()
        return Scene(
            title=scene.text("name"),
            seconds=facts.number("seconds"),
            meshes=meshes,
            placements=tuple(_placement(node.entry, len(meshes)) for node in self._playing("placement")),
            lights=tuple(
                _checked(_light_adapter(), _extras(node).required("light")) for node in self._playing("light")
            ),
            camera=self._camera(channels),
            environment=_checked(_environment_adapter(), facts.required("environment")),
            actors=tuple(self._actor(node, channels) for node in self._playing("actor")),
        )

    def _playing(self, role: str) -> list[Node]:
        """The nodes that stand for this, in their order."""
        nodes = []
        for node in self._nodes:
            extras = node.entry.facts.get("extras")
            if isinstance(extras, dict) and extras.get("diorama") == role:
                nodes.append(node)
        return nodes

    def _meshes(self, places: list[int]) -> tuple[Mesh, ...]:
        from diorama.values.glb_read import check_size

        entries = [self._document.entry("meshes", place) for place in places]
        check_size(self._document, entries)
        read: dict[str, Mesh] = {}
        for entry in entries:
            if entry.at not in read:
                read[entry.at] = Mesh(tuple(primitive.part for primitive in self._parts.primitives(entry)))
        return tuple(read[entry.at] for entry in entries)

    def _rig(self, holder: Node) -> Rig:
        from diorama.values.glb_read import check_size

        body = self._document.entry("nodes", _extras(holder).whole("body"))
        skin = self._document.named(body, "skin", "skins")
        mesh = self._document.named(body, "mesh", "meshes")
        if skin is None or mesh is None:
            raise body.fault("has no skin and mesh, but both are wanted of a figure's body")
        check_size(self._document, [mesh])
        skeleton = self._skeleton(skin)
        count = len(skeleton.names)
        parts = tuple(self._skinned(primitive, count) for primitive in self._parts.primitives(mesh))
        return Rig(body.text("name"), skeleton, parts)

    def _skeleton(self, skin: Entry) -> Skeleton:
        places = skin.wholes("joints", below=len(self._document.table("nodes")))
        numbers = {place: number for number, place in enumerate(places)}
        if not places or len(numbers) != len(places) or not numbers.keys() <= self._by_place.keys():
            raise skin.fault("has no joints, one that is named twice, or one that is not in the scene")
        nodes = [self._by_place[place] for place in places]
        parents = tuple(numbers.get(node.parent, -1) for node in nodes)
        if any(parent >= number for number, parent in enumerate(parents)):
            raise skin.fault("names a joint before its parent")
        binds = real(skin, self._document.array(skin.whole("inverseBindMatrices"), "MAT4"))
        if len(binds) != len(places):
            raise skin.fault(f"has {len(binds):,} inverse bind matrices for {len(places):,} joints")
        offsets = np.array([node.entry.numbers("translation", 3, (0.0, 0.0, 0.0)) for node in nodes])
        if (np.abs(offsets) > np.finfo(np.float32).max).any():
            raise skin.fault("has a joint beyond all metres")
        offsets = offsets.astype(np.float32)
        # A root joint's node stands where its motion starts; where it was bound, only its matrix tells.
        is_root = np.array(parents) == -1
        offsets[is_root] = -binds[is_root, 12:15]
        return Skeleton(tuple(node.entry.text("name") for node in nodes), parents, offsets)

    def _skinned(self, primitive: Primitive, count: int) -> SkinnedPart:
        attributes, kept = primitive.entry.required("attributes"), len(primitive.part.positions)
        joints = self._document.array(attributes.whole("JOINTS_0"), "VEC4")
        weights = real(attributes, self._document.array(attributes.whole("WEIGHTS_0"), "VEC4"), is_normalized=True)
        if primitive.vertices is not None or len(joints) < kept or len(weights) < kept or joints.dtype.kind != "u":
            raise primitive.entry.fault("has no normal, joints and weights for each vertex")
        if int(joints.max()) >= count:
            raise primitive.entry.fault(f"names joint {int(joints.max()):,} of {count:,}")
        return SkinnedPart(primitive.part, joints[:kept].astype(np.uint16), weights[:kept])

    def _channels(self) -> dict[tuple[int, str], _Channel]:
        """The keys of each node and property that the first animation moves."""
        channels: dict[tuple[int, str], _Channel] = {}
        if not self._document.table("animations"):
            return channels
        animation = self._document.entry("animations", 0)
        samplers = animation.items("samplers")
        for channel in animation.items("channels"):
            sampler = samplers[channel.whole("sampler", below=len(samplers))]
            target = channel.required("target")
            width = "VEC4" if target.text("path") == "rotation" else "VEC3"
            times = real(sampler, self._document.array(sampler.whole("input"), "SCALAR"))
            rows = real(sampler, self._document.array(sampler.whole("output"), width))
            if len(times) != len(rows):
                raise sampler.fault(f"has {len(times):,} times for {len(rows):,} keys")
            channels[target.whole("node"), target.text("path")] = _Channel(times, rows)
        return channels

    def _camera(self, channels: dict[tuple[int, str], _Channel]) -> Camera:
        eyes, aims = self._playing("camera"), self._playing("target")
        keys = [channels.get((node.place, "translation")) for node in (eyes[:1] + aims[:1])]
        if len(keys) != 2 or keys[0] is None or keys[1] is None or len(keys[0].times) != len(keys[1].times):
            raise self._document.root.fault("has no camera and target whose keys go together")
        lens = self._document.named(eyes[0].entry, "camera", "cameras")
        if lens is None:
            raise eyes[0].entry.fault("has no camera")
        fov_y = lens.required("perspective").number("yfov")
        return Camera(keys[0].times, keys[0].rows, keys[1].rows, fov_y)

    def _actor(self, holder: Node, channels: dict[tuple[int, str], _Channel]) -> Actor:
        rig, facts = self._rig(holder), _extras(holder)
        frames, fps = facts.whole("frames"), facts.number("fps")
        count = len(rig.skeleton.names)
        self._frames_left -= frames * count
        if self._frames_left < 0 or not 0 < fps < 100_000:
            raise facts.fault(f"claims {frames:,} frames of {count:,} joints at {fps} a second, beyond the limit")
        body = self._document.entry("nodes", facts.whole("body"))
        joints = self._document.entry("skins", body.whole("skin")).wholes("joints")
        root = np.zeros((frames, 3), np.float32)
        rotations = np.zeros((frames, count, 4), np.float32)
        if frames:
            root[:] = self._track(facts, channels, joints[0], "translation", fps, frames)
            for number, joint in enumerate(joints):
                rotations[:, number] = self._track(facts, channels, joint, "rotation", fps, frames)
        motion = Motion(rig.skeleton, fps, root, rotations, read_contacts(facts, frames), read_clips(facts))
        return Actor(holder.entry.text("name"), rig, motion)

    def _track(
        self, facts: Entry, channels: dict[tuple[int, str], _Channel], node: int, path: str, fps: float, frames: int
    ) -> Floats:
        """A property of a node in each frame: as its channel says, or as the node stands where it has none."""
        channel = channels.get((node, path))
        if channel is not None:
            return every_frame(facts, channel.times, channel.rows, fps, frames)
        still = self._document.entry("nodes", node).numbers(path, 4 if path == "rotation" else 3)
        with np.errstate(over="ignore"):
            return np.array(still).astype(np.float32)[None]


def _extras(node: Node) -> Entry:
    return node.entry.required("extras")


def _placement(entry: Entry, meshes: int) -> Placement:
    facts = entry.required("extras")
    x, y, z = entry.numbers("translation", 3, (0.0, 0.0, 0.0))
    turn_x, turn_y, turn_z, turn_w = entry.numbers("rotation", 4, (0.0, 0.0, 0.0, 1.0))
    width, height, depth = entry.numbers("scale", 3, (1.0, 1.0, 1.0))
    return Placement(
        name=entry.text("name"),
        mesh=facts.whole("mesh", below=meshes),
        translation=(x, y, z),
        rotation=(turn_x, turn_y, turn_z, turn_w),
        scale=(width, height, depth),
        kind=facts.text("kind"),
    )


@cache
def _light_adapter() -> TypeAdapter[Light]:
    return TypeAdapter(Light)


@cache
def _environment_adapter() -> TypeAdapter[Environment]:
    return TypeAdapter(Environment)


def _checked(adapter: TypeAdapter[T], facts: Entry) -> T:
    """The dataclass that the facts describe."""
    try:
        return adapter.validate_json(orjson.dumps(facts.facts), strict=True)
    except ValidationError as error:
        first = error.errors()[0]
        place = ".".join(str(step) for step in first["loc"])
        raise facts.fault(f"has something wrong at {place}: {first['msg']}") from error
