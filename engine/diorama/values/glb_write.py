"""Meshes, rigs and scenes as GLB."""

from __future__ import annotations

from diorama.values.glb_shapes import write_shape
from diorama.values.glb_tables import Tables
from diorama.values.mesh import Mesh


def write_mesh(mesh: Mesh) -> bytes:
    """The mesh as GLB: one node, one primitive a part."""
    tables = Tables()
    shape = write_shape(tables, "mesh", mesh.parts)
    node = tables.add("nodes", {"name": "mesh", "mesh": shape})
    return tables.glb({"name": "mesh", "nodes": [node]})
