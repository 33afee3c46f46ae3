"""Lights that objects and the plan bring along: lamps, neon, candles, fires, spotlights."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from diorama.values import Light, Mesh
from diorama.values.mesh import Rgb
from diorama.values.scene import Vector
from diorama_nodes.plan.schema import LightSpec
from diorama_nodes.scene.items import Stood
from diorama_nodes.scene.place import Place
from diorama_nodes.scene.textures import linear
from diorama_nodes.scene.weather import STRENGTHS

MOST = 14
"""Lights that a scene has at most: viewers on phones shade each pixel for every one of them."""


@dataclass(frozen=True, slots=True)
class Shine:
    """How a kind of object shines: sRGB colour, candela, how far up on it, metres before its front."""

    color: str
    candela: float
    height: float
    ahead: float = 0.0
    reach: float = 10.0


SHINES: dict[str, Shine] = {
    "neon": Shine("#ff3d8b", 8.0, 0.5, 0.6, 13.0),
    "hologram": Shine("#40d8ff", 8.0, 0.5, 0.4),
    "street_lamp": Shine("#ffc680", 55.0, 0.92, 0.35, 22.0),
    "lamppost": Shine("#ffc680", 45.0, 0.92, 0.0, 22.0),
    "lamp": Shine("#ffca85", 9.0, 0.85, 0.12),
    "lantern": Shine("#ffb35c", 6.0, 0.6, 0.3),
    "chandelier": Shine("#ffd59a", 22.0, 0.1, 0.0, 16.0),
    "ceiling_light": Shine("#fff0d8", 18.0, -0.3, 0.0, 14.0),
    "pendant": Shine("#ffdba6", 12.0, -0.2),
    "candle": Shine("#ffa54a", 2.2, 1.25, 0.05, 7.0),
    "candelabra": Shine("#ffa54a", 4.0, 1.1, 0.05, 8.0),
    "torch": Shine("#ff8f3a", 11.0, 1.1, 0.15, 11.0),
    "sconce": Shine("#ffb066", 7.0, 1.0, 0.2),
    "campfire": Shine("#ff8a35", 30.0, 0.9, 0.0, 16.0),
    "bonfire": Shine("#ff8a35", 50.0, 0.7, 0.0, 22.0),
    "fire": Shine("#ff8a35", 24.0, 0.8, 0.0, 14.0),
    "fireplace": Shine("#ff8a3c", 18.0, 0.35, 0.5, 11.0),
    "stove": Shine("#ff8a3c", 1.5, 0.5, 0.3, 4.0),
    "vending_machine": Shine("#9fe8ff", 7.0, 0.6, 0.5, 7.0),
    "traffic_light": Shine("#3dff7a", 5.0, 0.85, 0.4, 9.0),
    "emergency_light": Shine("#ff2a1e", 16.0, -0.4, 0.0, 14.0),
    "screen": Shine("#7fc4ff", 4.0, 0.5, 0.4, 6.0),
    "television": Shine("#7fb4ff", 4.0, 0.5, 0.4, 6.0),
    "crystal_ball": Shine("#b58cff", 1.5, 0.9, 0.25, 4.0),
    "brazier": Shine("#ff8a35", 20.0, 1.1, 0.0, 13.0),
    "lighthouse": Shine("#fff2c8", 120.0, 0.93, 1.5, 60.0),
    "jellyfish": Shine("#6fd8ff", 5.0, 0.5),
    "mushroom": Shine("#6fffd0", 1.0, 0.8, 0.2, 4.0),
}
DWELLINGS = Shine("#ffb765", 14.0, 0.34, 1.3, 14.0)
"""Houses, whose windows shine when it is dark."""
NEVER = frozenset(["mushroom", "stove", "screen"])
"""Kinds that shine only where something on them glows."""


def shine_of(kind: str, mesh: Mesh | None) -> Shine | None:
    """How a kind shines, or None; its mesh's own glow gives the colour where there is one."""
    found = next((SHINES[name] for name in SHINES if kind == name), None)
    if found is None:
        found = next((SHINES[name] for name in SHINES if name in kind.split("_") or kind.endswith(name)), None)
    if found is not None and kind in NEVER and (mesh is None or _glow(mesh) is None):
        return None
    return found


def _glow(mesh: Mesh) -> Rgb | None:
    """The colour of the mesh's brightest shining part, its greatest channel 1."""
    best: tuple[float, Rgb] | None = None
    for part in mesh.parts:
        color, strength = part.material.emissive, part.material.emissive_strength
        power = max(color) * strength * len(part.triangles) ** 0.25
        if max(color) > 0.01 and (best is None or power > best[0]):
            best = power, color
    if best is None:
        return None
    top = max(best[1])
    return best[1][0] / top, best[1][1] / top, best[1][2] / top


def lamps(
    things: Sequence[Stood], plan_lights: Sequence[LightSpec], place: Place, is_dark: bool, subject: Vector
) -> list[Light]:
    """The lights of what stands there, the strongest first, and those that the plan names without an object."""
    found: list[Light] = []
    for thing in things:
        shine = shine_of(thing.item.kind, thing.item.mesh)
        if (
            shine is None
            and is_dark
            and thing.item.kind.rpartition("_")[2] in ("cabin", "house", "hut", "cottage", "tower")
        ):
            shine = DWELLINGS
        if shine is not None:
            factor = 1.0 if is_dark or place.is_indoor else 0.35
            if place.name == "alley" and shine.candela > 20:
                # Between close walls a street lamp at full strength would outshine every sign.
                factor *= 0.28
            found.append(_lamp(thing, shine, factor))
    found.sort(key=lambda light: -light.intensity)
    # The strongest stay; the rest still glow as surfaces.
    return found[:MOST] + _named(plan_lights, things, place, subject)


def _lamp(thing: Stood, shine: Shine, factor: float) -> Light:
    box = thing.box
    ahead = shine.ahead + float(box.depth[0]) / 2 if shine.ahead else 0.0
    front = box.front()[0]
    low, height = float(box.low[0]), float(box.high[0] - box.low[0])
    color = _glow(thing.item.mesh) if thing.item.mesh is not None else None
    at = (float(box.x[0] + front[0] * ahead), low + height * shine.height, float(box.z[0] + front[1] * ahead))
    if any(word in thing.item.kind for word in ("lamp", "lantern", "lighthouse")):
        at = _lit_part(thing) or at
    return Light(
        f"{thing.item.name}_light", "point", color or linear(shine.color), shine.candela * factor, at, reach=shine.reach
    )


def _lit_part(thing: Stood) -> Vector | None:
    """The middle of what shines most on a thing: the bulb of a lamp; None where nothing does."""
    shining = [
        part for part in (thing.item.mesh.parts if thing.item.mesh else ()) if max(part.material.emissive) > 0.01
    ]
    if not shining:
        return None
    part = max(shining, key=lambda one: max(one.material.emissive) * one.material.emissive_strength)
    x, y, z = ((part.positions.min(axis=0) + part.positions.max(axis=0)) / 2 * thing.scale).astype(float)
    origin, _ = thing.transform()
    cos, sin = float(np.cos(thing.box.yaw[0])), float(np.sin(thing.box.yaw[0]))
    return origin[0] + x * cos + z * sin, origin[1] + y, origin[2] + z * cos - x * sin


def _named(plan_lights: Sequence[LightSpec], things: Sequence[Stood], place: Place, subject: Vector) -> list[Light]:
    """Lights that the sentence names and no object brings."""
    found: list[Light] = []
    top = place.ceiling - 0.25 if place.ceiling is not None else 4.2
    center = (place.center[0], top, place.center[1])
    shining = " ".join(thing.item.kind for thing in things)
    for number, light in enumerate(plan_lights):
        factor = STRENGTHS[light.strength]
        name = f"{light.kind}_{number + 1}"
        if light.kind in ("sun", "moon") or (light.kind != "spot" and light.kind in shining):
            continue
        if light.kind == "spot":
            at = (subject[0], subject[1] + max(top - subject[1], 3.2), subject[2] + 1.6)
            way = np.array(subject) + np.array([0.0, 0.9, 0.0]) - np.array(at)
            way /= np.linalg.norm(way)
            direction = (float(way[0]), float(way[1]), float(way[2]))
            found.append(
                Light(name, "spot", linear(light.color or "#fff2da"), 420.0 * factor, at, direction, None, 0.2, 0.3)
            )
            continue
        shine = SHINES.get(light.kind, SHINES["ceiling_light" if place.is_indoor else "lamp"])
        if light.kind == "emergency":
            shine = SHINES["emergency_light"]
        at = center if place.is_indoor else (place.focus[0] + 1.2, 2.4, place.focus[2] + 1.0)
        found.append(
            Light(name, "point", linear(light.color or shine.color), max(shine.candela, 8.0) * factor, at, reach=14.0)
        )
    return found
