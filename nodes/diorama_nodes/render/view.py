"""The camera at one moment: through which places of the picture its rays go."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from diorama.values.scene import Camera
from diorama_nodes.render.arrays import Floats, column, normalized


@dataclass(frozen=True, slots=True, eq=False)
class View:
    """An eye and its three axes, each (3,) float32, for a picture of `width` x `height` pixels."""

    eye: Floats
    right: Floats
    up: Floats
    forward: Floats
    width: int
    height: int
    tangent: float
    """Of half the vertical field of view."""

    @property
    def pixel_angle(self) -> float:
        """Radians that a pixel in the middle covers."""
        return 2.0 * self.tangent / self.height

    def rays(self, x: Floats, y: Floats) -> Floats:
        """Unit directions (3, n) through places in pixels from the top left."""
        across = (x - np.float32(self.width / 2)) * np.float32(self.pixel_angle)
        upwards = (np.float32(self.height / 2) - y) * np.float32(self.pixel_angle)
        return normalized(column(self.right) * across + column(self.up) * upwards + column(self.forward))

    def project(self, points: Floats) -> tuple[Floats, Floats, Floats]:
        """Pixels across and down, and the depth along the axis in metres, of places (3, n)."""
        offset = points - column(self.eye)
        depth = self.forward @ offset
        scale = np.float32(1.0 / self.pixel_angle) / np.where(np.abs(depth) < 1e-6, np.float32(1e-6), depth)
        across = self.right @ offset * scale + np.float32(self.width / 2)
        down = np.float32(self.height / 2) - self.up @ offset * scale
        return across.astype(np.float32), down.astype(np.float32), depth.astype(np.float32)


def view_at(camera: Camera, seconds: float, width: int, height: int) -> View:
    """The camera's view at a moment."""
    eye, target = (place.astype(np.float64) for place in camera.at(seconds))
    forward = target - eye
    length = float(np.linalg.norm(forward))
    forward = forward / length if length > 1e-9 else np.array([0.0, 0.0, -1.0])
    # Straight up or down there is no level line of sight: the picture's top is then -Z.
    sky = np.array([0.0, 1.0, 0.0]) if abs(forward[1]) < 0.9999 else np.array([0.0, 0.0, -1.0])
    right = np.cross(forward, sky)
    right /= np.linalg.norm(right)
    up = np.cross(right, forward)
    eye, right, up, forward = (axis.astype(np.float32) for axis in (eye, right, up, forward))
    return View(eye, right, up, forward, width, height, float(np.tan(camera.fov_y / 2)))
