"""Everything that stays the same while one picture is made, and light along any ray in it."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial

import numpy as np

from diorama.values.scene import Environment, Light
from diorama_nodes.render.arrays import Floats, Indices, column, dot, floats, luminance
from diorama_nodes.render.fog import SKY_DISTANCE, through_air
from diorama_nodes.render.geometry import Geometry
from diorama_nodes.render.lighting import Shadows, direct_light
from diorama_nodes.render.patterns import PATTERNS, ball_table, blue_noise
from diorama_nodes.render.sky import sky_radiance
from diorama_nodes.render.surface import Points, is_blocked, meet, points_of
from diorama_nodes.render.tracer import Hits
from diorama_nodes.render.view import View

FIRST_SHADOW_SHARE = 0.05
"""Share of a point's light below which a lamp casts no shadow there."""
SECOND_SHADOW_SHARE = 0.35
"""Beyond the first hit, only lights that give more than this share of a point's light cast a shadow."""


@dataclass(frozen=True, slots=True)
class Effort:
    """How much work is put into a picture."""

    scale: float
    """Pixels worked on for each pixel asked for, along a side."""
    shadow_rays: int
    bounce_rays: int
    mirror_rays: int
    mirrors_every_second: bool


@dataclass(frozen=True, slots=True, eq=False)
class Shot:
    """A scene at a moment, seen from one place."""

    geometry: Geometry
    environment: Environment
    lights: tuple[Light, ...]
    view: View
    seconds: float
    seed: int
    effort: Effort

    @property
    def tile(self) -> Floats:
        """The blue noise of this shot."""
        return blue_noise(self.seed % PATTERNS)

    def shadows(self, rays: int, share: float = FIRST_SHADOW_SHARE) -> Shadows:
        """How shadow rays are sent in this shot."""
        least = 0.003 / max(self.environment.exposure, 1e-6)
        return Shadows(
            partial(is_blocked, self.geometry), ball_table(self.seed % PATTERNS), self.view.width, rays, least, share
        )

    def origins(self, count: int) -> Floats:
        """The eye, (3, count)."""
        return np.ascontiguousarray(np.broadcast_to(column(self.view.eye), (3, count)))

    def sky(self, directions: Floats) -> Floats:
        """What is seen where nothing is met, through the air."""
        sky = sky_radiance(self.environment, self.lights, directions, self.seed)
        return self.through_air(self.origins(directions.shape[1]), directions, np.float32(SKY_DISTANCE), sky)

    def through_air(self, origins: Floats, directions: Floats, distance: Floats | np.float32, color: Floats) -> Floats:
        """What of a colour arrives through the air."""
        lengths = np.ascontiguousarray(np.broadcast_to(floats(distance), directions.shape[1:]))
        return through_air(self.environment, self.lights, origins, directions, lengths, color)

    def seen_along(
        self,
        origins: Floats,
        directions: Floats,
        pixels: Indices,
        spread: float,
        limit: float,
        sky: Floats | None = None,
    ) -> tuple[Floats, Floats]:
        """Light (3, n) along second rays and how far each went (n,); rays that meet nothing bring their own of `sky`.

        spread: radians that a ray stands for; limit: the most light it may bring, exposed, for one lucky ray must
        not leave a spark.
        """
        hits = meet(self.geometry, origins, directions)
        light = np.empty_like(directions)
        met = hits.triangle >= 0
        away, near = np.flatnonzero(~met), np.flatnonzero(met)
        if len(away):
            light[:, away] = self.sky(directions[:, away]) if sky is None else sky[:, away]
        if len(near):
            found = Hits(hits.triangle[near], hits.distance[near], hits.u[near], hits.v[near])
            start, way = np.ascontiguousarray(origins[:, near]), np.ascontiguousarray(directions[:, near])
            points = points_of(self.geometry, self.geometry.solid, start, way, found, spread)
            light[:, near] = self._shaded_simply(points, pixels[near])
        most = np.float32(limit / max(self.environment.exposure, 1e-6))
        light *= np.minimum(most / np.maximum(luminance(light), np.float32(1e-6)), np.float32(1.0))
        return light, hits.distance

    def _shaded_simply(self, points: Points, pixels: Indices) -> Floats:
        """Light of points seen by a second ray: no gleam, and shadows of the strongest lights only."""
        _, light = direct_light(points, self.lights, False, self.shadows(1, SECOND_SHADOW_SHARE), pixels)
        return light + points.color * (column(self.environment.ambient) * np.float32(0.6)) + points.emission


def mirrored(to_eye: Floats, normal: Floats) -> Floats:
    """Directions (3, n) that mirrors send the eye's rays to."""
    return floats(normal * (2 * dot(normal, to_eye)) - to_eye)
