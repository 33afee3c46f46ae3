"""Which pixels of a picture in the studio show the mesh, and how much of each."""

from __future__ import annotations

import dataclasses

import numpy as np

from diorama.context import Context
from diorama.values.image import Mask
from diorama.values.mesh import Mesh
from diorama_nodes.render.arrays import Floats
from diorama_nodes.render.geometry import geometry_at
from diorama_nodes.render.parallel import in_stretches
from diorama_nodes.render.studio import studio_scene
from diorama_nodes.render.view import view_at

SIDE = 4
"""Rays along a pixel's side: sixteen of them tell how much of a pixel at an edge is covered."""


def mask_of(ctx: Context, mesh: Mesh, turn: float, width: int, height: int) -> Mask:
    """The share of each pixel that shows the mesh where it stands in the studio, without floor and shadows."""
    studio = studio_scene(mesh, turn, width / height)
    alone = dataclasses.replace(studio, placements=tuple(one for one in studio.placements if one.name == "mesh"))
    geometry = geometry_at(alone, 0.0)
    view = view_at(studio.camera, 0.0, width, height)
    tracers = [soup.tracer for soup in (geometry.solid, geometry.clear)]

    def covered(stretch: slice) -> Floats:
        rows, columns = np.divmod(np.arange(stretch.start, stretch.stop), width)
        share = np.zeros(len(rows), np.float32)
        for down, across in np.ndindex(SIDE, SIDE):
            x, y = ((one + 0.5) / SIDE for one in (across, down))
            way = view.rays(columns.astype(np.float32) + np.float32(x), rows.astype(np.float32) + np.float32(y))
            origins = np.repeat(view.eye[:, None], len(rows), axis=1)
            share += np.any([tracer.hits(origins, way).triangle >= 0 for tracer in tracers], axis=0)
        return share / np.float32(SIDE * SIDE)

    parts = in_stretches(ctx, width * height, covered, (0.1, 1.0, "outline"))
    coverage = np.rint(np.concatenate(parts) * 255).astype(np.uint8)
    return Mask(coverage.reshape(height, width))
