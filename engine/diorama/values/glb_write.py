"""Meshes, rigs and scenes as GLB: the same value, the same bytes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from diorama.values.glb_shapes import write_shape
from diorama.values.glb_tables import Tables

if TYPE_CHECKING:
    from diorama.values.mesh import Mesh
    from diorama.values.rig import Rig
    from diorama.values.scene import Scene


def write_mesh(mesh: Mesh) -> bytes:
    """The mesh as GLB: one node, one primitive a part."""
    tables = Tables()
    shape = write_shape(tables, "mesh", mesh.parts)
    node = tables.add("nodes", {"name": "mesh", "mesh": shape})
    return tables.glb({"name": "mesh", "nodes": [node]})


def write_rig(rig: Rig) -> bytes:
    """The figure as GLB: joints, skin and body in the bind pose."""
    from diorama.values.glb_rigs import bind_pose, write_figure

    tables = Tables()
    nodes, _ = write_figure(tables, rig.name, rig, bind_pose(rig.skeleton), {"diorama": "rig"})
    return tables.glb({"name": rig.name, "nodes": nodes})


def write_scene(scene: Scene) -> bytes:
    """The scene as GLB: equal meshes and pictures once, one animation for all that moves, the rest in `extras`."""
    from diorama.values.glb_scene_write import SceneWriter

    return SceneWriter(scene).glb()
