"""Plans laid out with boxes for meshes, and where the boxes then stand."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from diorama.context import Context
from diorama.values import Mesh, Part
from diorama_nodes.plan.schema import (
    CameraSpec,
    CharacterSpec,
    EnvironmentSpec,
    LightSpec,
    ObjectSpec,
    RelationSpec,
    ScenePlan,
)
from diorama_nodes.scene.nodes import LaidOut, lay_out
from diorama_nodes.scene.solids import Boxes, collides, joined

Size = tuple[float, float, float]
UNITS = np.array([(x, y, z) for x in (-0.5, 0.5) for y in (0.0, 1.0) for z in (-0.5, 0.5)])
QUADS = [(0, 1, 3, 2), (4, 6, 7, 5), (0, 4, 5, 1), (2, 3, 7, 6), (0, 2, 6, 4), (1, 5, 7, 3)]


def block(size: Size) -> Mesh:
    """A box of width, height and depth, standing on its origin."""
    triangles = [triangle for a, b, c, d in QUADS for triangle in ((a, b, c), (a, c, d))]
    positions = (UNITS * np.array(size)).astype(np.float32)
    normals = (UNITS - (0.0, 0.5, 0.0)) / np.linalg.norm(UNITS - (0.0, 0.5, 0.0), axis=1, keepdims=True)
    return Mesh((Part(positions, normals.astype(np.float32), np.array(triangles, np.uint32)),))


SIZES: dict[str, Size] = {
    "table": (1.2, 0.75, 1.2),
    "chair": (0.45, 0.9, 0.45),
    "bowl": (0.3, 0.12, 0.3),
    "bed": (1.6, 0.6, 2.0),
    "nightstand": (0.45, 0.5, 0.4),
    "desk": (1.2, 0.75, 0.6),
    "window": (1.2, 1.2, 0.1),
    "guitar": (0.4, 1.0, 0.12),
    "bookshelf": (0.9, 2.0, 0.3),
    "armchair": (0.9, 1.0, 0.9),
    "fireplace": (1.5, 1.2, 0.5),
    "lamp": (0.4, 1.6, 0.4),
    "server_rack": (0.6, 2.0, 0.9),
    "emergency_light": (0.3, 0.15, 0.3),
    "mirror": (0.6, 0.8, 0.05),
    "sink": (0.6, 0.85, 0.5),
    "telescope": (0.5, 1.4, 0.5),
    "painting": (0.9, 0.7, 0.05),
    "tree": (2.0, 5.0, 2.0),
    "cabin": (5.0, 3.5, 4.0),
    "fountain": (2.6, 1.5, 2.6),
    "bench": (1.5, 0.85, 0.5),
    "planter": (0.8, 0.5, 0.5),
    "lantern": (0.6, 1.5, 0.6),
    "torii": (4.0, 4.0, 0.6),
    "tyre": (0.65, 0.22, 0.65),
    "crate": (0.8, 0.7, 0.8),
    "dumpster": (1.8, 1.2, 1.0),
    "neon_sign": (0.8, 1.6, 0.2),
    "street_lamp": (0.5, 4.5, 0.5),
    "pedestal": (0.6, 0.9, 0.6),
    "tower": (5.0, 22.0, 5.0),
    "rug": (2.0, 0.01, 1.4),
    "globe": (0.3, 0.4, 0.3),
    "moon": (2.0, 2.0, 2.0),
}


def thing(kind: str, count: int = 1, identity: str | None = None) -> ObjectSpec:
    """An object of a kind of which the size is known."""
    return ObjectSpec(id=identity or kind, kind=kind, count=count)


def plan_of(
    place: str,
    objects: Sequence[ObjectSpec] = (),
    relations: Sequence[RelationSpec] = (),
    characters: Sequence[CharacterSpec] = (),
    camera: CameraSpec | None = None,
    lights: Sequence[LightSpec] = (),
    **environment: object,
) -> ScenePlan:
    """A plan of a place; places of rooms are indoor."""
    rooms = ("kitchen", "bedroom", "library", "classroom", "server_room", "bathroom", "study", "workshop", "room")
    setting = "indoor" if place in rooms else "outdoor"
    spec = EnvironmentSpec.model_validate({"setting": setting, "place": place, **environment})
    return ScenePlan(
        title="test",
        prompt="test",
        planner="test",
        environment=spec,
        objects=tuple(objects),
        relations=tuple(relations),
        characters=tuple(characters),
        camera=camera or CameraSpec(),
        lights=tuple(lights),
    )


def laid_out(plan: ScenePlan, seed: int = 3) -> LaidOut:
    """The plan laid out with boxes for meshes."""
    return lay_out(Context(), plan, [block(SIZES[spec.kind]) for spec in plan.objects], seed)


def boxes_of(result: LaidOut, plan: ScenePlan) -> dict[str, Boxes]:
    """The upright boxes of what was placed, by object id, measured from the scene's placements alone."""
    found: dict[str, list[Boxes]] = {spec.id: [] for spec in plan.objects}
    sizes = [SIZES[spec.kind] for spec in plan.objects]
    for placement in result.scene.placements:
        if placement.mesh < len(plan.objects):
            width, height, depth = np.array(sizes[placement.mesh]) * np.array(placement.scale)
            x, y, z = placement.translation
            _, turn, _, real = placement.rotation
            values = (x, z, 2 * np.arctan2(turn, real), width, depth, y, y + height)
            found[plan.objects[placement.mesh].id].append(Boxes(*(np.array([float(value)]) for value in values)))
    return {name: joined(group) for name, group in found.items()}


def rel(text: str, **more: object) -> RelationSpec:
    """A relation written as `bowl on table`, or `lantern both_sides torii`."""
    subject, kind, *rest = text.split()
    return RelationSpec.model_validate({"kind": kind, "subject": subject, "object": rest[0] if rest else None, **more})


def on_floor(box: Boxes) -> bool:
    """Whether all of some boxes stand on the ground."""
    return bool((np.abs(box.low) < 1e-3).all())


def crossings(boxes: Boxes) -> int:
    """Pairs of boxes that share more than a few millimetres."""
    shrunk = boxes.moved(
        width=boxes.width - 0.01, depth=boxes.depth - 0.01, low=boxes.low + 0.005, high=boxes.high - 0.005
    )
    return sum(int(collides(shrunk[n], shrunk[:n])[0]) for n in range(1, len(shrunk)))
