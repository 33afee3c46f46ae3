"""What already stands, and whether something more may stand there too."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

from diorama_nodes.scene.habits import habit, is_one_of
from diorama_nodes.scene.items import Item, Stood
from diorama_nodes.scene.place import Place
from diorama_nodes.scene.solids import Array, Bools, Boxes, box, collides, joined

WALKABLE = frozenset(
    ("bridge", "drawbridge", "jetty", "pier", "stage", "podium", "rug", "carpet", "platform", "road", "path")
)
"""Kinds that figures may walk over."""


WATERS = frozenset(("water", "lake", "sea", "river", "pond", "shallows", "ocean"))
"""Names of the water beside a place."""


@dataclass(slots=True)
class World:
    """A place and the things that stand in it so far."""

    place: Place
    keeps_way: bool
    """Whether a way is kept free for who walks."""
    stood: dict[str, list[Stood]] = field(default_factory=dict)

    def add(self, thing: Stood) -> None:
        """Let a thing stand."""
        self.stood.setdefault(thing.item.id, []).append(thing)

    def all(self) -> list[Stood]:
        """Everything that stands, in the order in which it was placed."""
        return [thing for things in self.stood.values() for thing in things]

    def named(self, name: str) -> list[Stood]:
        """What a name in a relation means: objects of the plan, or a part of the place."""
        if name in self.stood:
            return self.stood[name]
        region = self._region(name)
        return [region] if region is not None else []

    def _region(self, name: str) -> Stood | None:
        place = self.place
        word = name.rpartition("_")[2]
        size = (place.size[0], place.ceiling or 4.0, place.size[1])
        if word in WATERS and place.water is not None:
            return Stood(Item(name, 0, "water", None, (1.0, 1.0, 1.0)), place.water)
        if word in ("street", "road", "alley", "path", "way", "corridor", "aisle", "lane"):
            (x0, z0), (x1, z1) = place.way
            yaw = float(np.arctan2(x1 - x0, z1 - z0))
            width = min(place.way_width, place.size[0])
            way = box((x0 + x1) / 2, (z0 + z1) / 2, yaw, (width, 0.02, float(np.hypot(x1 - x0, z1 - z0))))
            return Stood(Item(name, 0, "way", None, (1.0, 1.0, 1.0)), way)
        if word in (
            "room",
            "scene",
            "floor",
            "ground",
            "square",
            "center",
            "centre",
            "field",
            "place",
            *place.name.split("_"),
        ):
            return Stood(Item(name, 0, "ground", None, (1.0, 1.0, 1.0)), box(*place.center, 0.0, size))
        return None

    def keep_free(self) -> Boxes:
        """What stays free of things that stand on the ground: the way, and the air before the eye."""
        place = self.place
        kept = [_stretch((place.eye[0], place.eye[2]), (place.focus[0], place.focus[2]), 1.0, 1.8)]
        if self.keeps_way:
            kept.append(_stretch(place.way[0], place.way[1], place.way_width, None))
        return joined(kept)

    def fits(self, item: Item, found: Boxes, passes: frozenset[str], strict: bool) -> Bools:
        """Whether the poses are within the bounds, clear of what stands, and (strictly) of what is kept free."""
        fine = self.is_within(found)
        solid = [thing.box for thing in self.all() if self._bars(thing, item, passes)]
        water = self.place.water
        if water is not None and habit(item.kind) != "water" and not passes & WATERS:
            solid.append(water.moved(high=water.high + 0.5))
        fine &= ~collides(found, joined([*solid, self.place.solid]), -0.001)
        if strict and not item.is_flat and not is_one_of(item.kind, WALKABLE):
            fine &= ~collides(found, self.keep_free(), 0.0)
        return fine

    def _bars(self, thing: Stood, item: Item, passes: frozenset[str]) -> bool:
        if thing.item.id in passes or item.id in thing.passes:
            return False
        return not (thing.item.is_flat and thing.box.low[0] < 0.1) and not item.is_flat

    def is_within(self, found: Boxes) -> Bools:
        """Whether whole footprints are within the bounds."""
        corners = found.footprints()
        low, high = np.array(self.place.low) - 0.02, np.array(self.place.high) + 0.02
        fine = ((corners >= low) & (corners <= high)).all(axis=(1, 2)) & (found.low >= -0.02)
        if self.place.ceiling is not None:
            fine &= found.high <= self.place.ceiling + 0.021
        return np.asarray(fine)


def _stretch(start: tuple[float, float], end: tuple[float, float], width: float, length: float | None) -> Boxes:
    """A strip of ground from `start` towards `end`, up to the height of a head."""
    whole = float(np.hypot(end[0] - start[0], end[1] - start[1]))
    part = min((length or whole) / max(whole, 1e-6), 1.0)
    x, z = (start[axis] + (end[axis] - start[axis]) * part / 2 for axis in (0, 1))
    yaw = float(np.arctan2(end[0] - start[0], end[1] - start[1]))
    return box(x, z, yaw, (width, 1.9, whole * part), 0.03)


def on_screen(place: Place, points: Array, nearer: float = 0.0) -> Array:
    """Where points (n, 3) are in the picture, from -1 to 1 across (at 16:9) and up, with depths: (n, 3).

    `nearer` brings the eye closer to its focus by a share of the way, as a dolly does.
    """
    focus = np.array(place.focus)
    eye = np.array(place.eye) + (focus - np.array(place.eye)) * nearer
    ahead = (focus - eye) / np.linalg.norm(focus - eye)
    right = np.cross(ahead, [0.0, 1.0, 0.0])
    right /= np.linalg.norm(right)
    up = np.cross(right, ahead)
    apart = points - eye
    depth = apart @ ahead
    tangent = np.tan(place.fov_y / 2) * np.maximum(depth, 1e-3)
    return np.stack([apart @ right / (tangent * 16 / 9), apart @ up / tangent, depth], axis=1)
