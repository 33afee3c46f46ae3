"""A whole scene: what stands where, who moves, what shines, and who looks on. Written as GLB."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, ClassVar, Literal, Self

import numpy as np

from diorama.values.canonical import unit_quaternion
from diorama.values.mesh import Floats, Mesh, Rgb
from diorama.values.motion import Motion
from diorama.values.rig import Rig
from diorama.values.value import Value

if TYPE_CHECKING:
    from pydantic import JsonValue

Vector = tuple[float, float, float]
Quaternion = tuple[float, float, float, float]


@dataclass(frozen=True, slots=True)
class Placement:
    """A mesh on its place. `mesh` is its number in `Scene.meshes`; `kind` what it is ("table", "ground")."""

    name: str
    mesh: int
    translation: Vector = (0.0, 0.0, 0.0)
    rotation: Quaternion = (0.0, 0.0, 0.0, 1.0)
    scale: Vector = (1.0, 1.0, 1.0)
    kind: str = "object"

    def __post_init__(self) -> None:
        object.__setattr__(self, "rotation", unit_quaternion(self.rotation))


@dataclass(frozen=True, slots=True, eq=False)
class Actor:
    """A figure and how it moves through the scene."""

    name: str
    rig: Rig
    motion: Motion


@dataclass(frozen=True, slots=True)
class Light:
    """A light as in KHR_lights_punctual: lux for a directional one, candela for the others, linear colour."""

    name: str
    kind: Literal["directional", "point", "spot"]
    color: Rgb
    intensity: float
    position: Vector = (0.0, 0.0, 0.0)
    direction: Vector = (0.0, -1.0, 0.0)
    reach: float | None = None
    """Metres after which the light is nought; None for no bound."""
    inner_cone: float = 0.0
    outer_cone: float = 0.7853981633974483
    """Half angles of a spot's cone in radians."""


@dataclass(frozen=True, slots=True, eq=False)
class Camera:
    """Who looks: times (k,) float32 in seconds, positions and targets (k, 3) float32 in metres; fov_y in radians."""

    times: Floats
    positions: Floats
    targets: Floats
    fov_y: float = 0.8

    def at(self, seconds: float) -> tuple[Floats, Floats]:
        """Position and target at a moment, each (3,), linear between the keys."""
        columns = [
            np.array([np.interp(seconds, self.times, keys[:, axis]) for axis in range(3)], np.float32)
            for keys in (self.positions, self.targets)
        ]
        return columns[0], columns[1]


@dataclass(frozen=True, slots=True)
class Environment:
    """Sky, air and weather, all colours linear RGB."""

    setting: Literal["indoor", "outdoor"] = "outdoor"
    sky_zenith: Rgb = (0.2, 0.4, 0.8)
    sky_horizon: Rgb = (0.7, 0.8, 0.9)
    ambient: Rgb = (0.2, 0.2, 0.25)
    """Light from everywhere, as radiance of a grey sky."""
    fog_color: Rgb = (0.7, 0.8, 0.9)
    fog_density: float = 0.0
    """Extinction a metre: what is `1 / fog_density` metres away keeps 37 % of its light."""
    wetness: float = 0.0
    """0 for dry ground to 1 for standing water."""
    rain: float = 0.0
    snow: float = 0.0
    stars: float = 0.0
    exposure: float = 1.0


@dataclass(frozen=True, slots=True, eq=False)
class Scene(Value):
    """Everything that a viewer needs to show the scene from its first second to its last."""

    type_name: ClassVar[str] = "scene"
    media_type: ClassVar[str] = "model/gltf-binary"
    suffix: ClassVar[str] = ".glb"

    title: str
    seconds: float
    meshes: tuple[Mesh, ...]
    placements: tuple[Placement, ...]
    lights: tuple[Light, ...]
    camera: Camera
    environment: Environment = field(default_factory=Environment)
    actors: tuple[Actor, ...] = ()

    def encode(self) -> bytes:
        """The scene as GLB: meshes, skins, animations, lights and cameras; air and weather in `extras`."""
        from diorama.values.glb_write import write_scene

        return write_scene(self)

    @classmethod
    def decode(cls, content: bytes) -> Self:
        """The scene in a GLB that `encode` wrote."""
        from diorama.values.glb_read import read_scene

        scene = read_scene(content)
        return cls(
            scene.title,
            scene.seconds,
            scene.meshes,
            scene.placements,
            scene.lights,
            scene.camera,
            scene.environment,
            scene.actors,
        )

    def describe(self) -> dict[str, JsonValue]:
        """Counts of what is in it, faces as drawn, and seconds."""
        faces = sum(self.meshes[placement.mesh].face_count for placement in self.placements)
        return {
            "placements": len(self.placements),
            "meshes": len(self.meshes),
            "actors": len(self.actors),
            "lights": len(self.lights),
            "faces": faces,
            "seconds": self.seconds,
        }
