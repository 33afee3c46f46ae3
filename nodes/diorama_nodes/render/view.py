"""The camera at one moment: through which places of the picture its rays go."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from diorama.values.scene import Camera
from diorama_nodes.render.arrays import Floats, column, floats, normalized


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


def view_at(camera: Camera, seconds: float, width: int, height: int) -> View:
    """The camera's view at a moment."""
    eye, target = camera.at(seconds)
    forward = (target - eye).astype(np.float64)
    length = float(np.linalg.norm(forward))
    forward = forward / length if length > 1e-9 else np.array([0.0, 0.0, -1.0])
    # Straight up or down there is no level line of sight: the picture's top is then -Z.
    sky = np.array([0.0, 1.0, 0.0]) if abs(forward[1]) < 0.9999 else np.array([0.0, 0.0, -1.0])
    right = np.cross(forward, sky)
    right /= np.linalg.norm(right)
    up = np.cross(right, forward)
    return View(eye, floats(right), floats(up), floats(forward), width, height, float(np.tan(camera.fov_y / 2)))
