"""Standing a mesh on the ground, upright and at a height."""

from __future__ import annotations

from dataclasses import replace
from typing import Literal

import numpy as np

from diorama.faults import BadInput
from diorama.values import Mesh

Up = Literal["y", "z"]
UnitOfLength = Literal["m", "cm", "mm", "inch"]
METRES = {"m": 1.0, "cm": 0.01, "mm": 0.001, "inch": 0.0254}


def stood(mesh: Mesh, up: Up, unit: UnitOfLength, height: float | None) -> Mesh:
    """The mesh in metres with Y up, its origin on the ground under its middle; `height` metres tall where given."""
    low, high = (corner.astype(np.float64) for corner in mesh.bounds())
    if up == "z":
        low, high = np.array([low[0], low[2], -high[1]]), np.array([high[0], high[2], -low[1]])
    scale = METRES[unit]
    if height is not None:
        if high[1] - low[1] <= 0:
            raise BadInput(f"the mesh is flat along its up axis {up!r}, so it cannot be made {height} m tall")
        scale = height / float(high[1] - low[1])
    foot = np.array([(low[0] + high[0]) / 2, low[1], (low[2] + high[2]) / 2])
    turn = np.array([[1, 0, 0], [0, 0, 1], [0, -1, 0]], np.float64) if up == "z" else np.eye(3)
    return Mesh(
        tuple(
            replace(
                part,
                positions=((part.positions @ turn.T - foot) * scale).astype(np.float32),
                normals=(part.normals @ turn.T).astype(np.float32),
            )
            for part in mesh.parts
        )
    )
