"""Meshes, rigs and scenes out of GLB, checked before anything is allocated."""

from __future__ import annotations

from typing import TYPE_CHECKING

from diorama.faults import BadInput
from diorama.limits import limits
from diorama.values.glb_document import Document
from diorama.values.glb_entry import Entry
from diorama.values.glb_nodes import moved, scene_nodes
from diorama.values.glb_parts import PartReader
from diorama.values.mesh import Mesh, Part

if TYPE_CHECKING:
    from diorama.values.rig import Rig
    from diorama.values.scene import Scene


def read_mesh(content: bytes) -> Mesh:
    """The triangles of a GLB's default scene, its nodes' transforms applied.

    Lines, points, skins and animations are passed over. Raises `BadInput` where the file is damaged, points outside
    itself, or goes beyond a limit.
    """
    document = Document(content)
    placed = [(node, document.named(node.entry, "mesh", "meshes")) for node in scene_nodes(document)]
    shapes = [(node, mesh) for node, mesh in placed if mesh is not None]
    if not shapes:
        raise BadInput("the GLB's scene shows no mesh, but one at least is wanted")
    check_size(document, [mesh for _, mesh in shapes])
    reader = PartReader(document)
    read: dict[str, list[Part]] = {}
    parts: list[Part] = []
    for node, mesh in shapes:
        if mesh.at not in read:
            read[mesh.at] = [primitive.part for primitive in reader.primitives(mesh)]
        parts += [moved(part, node.world) for part in read[mesh.at]]
    return Mesh(tuple(parts))


def check_size(document: Document, meshes: list[Entry]) -> None:
    """Raise `BadInput` where the meshes, each as often as it stands there, claim more vertices than the limit."""
    most, total = limits().max_vertices, 0
    claims: dict[str, int] = {}
    for mesh in meshes:
        if mesh.at not in claims:
            claims[mesh.at] = sum(_claimed(document, primitive) for primitive in mesh.items("primitives"))
        total += claims[mesh.at]
        if total > most:
            raise BadInput(f"the GLB shows {total:,} vertices or more, but at most {most:,} are taken")


def _claimed(document: Document, primitive: Entry) -> int:
    """Vertices that a primitive may come to: without normals, each corner of a triangle becomes one."""
    vertices = document.count(primitive.required("attributes").whole("POSITION"))
    corners = document.count(primitive.whole("indices")) if "indices" in primitive else vertices
    spread = 1 if primitive.whole("mode", 4) == 4 else 3
    return max(vertices, corners * spread // (1 if "NORMAL" not in primitive.required("attributes") else 3))


def read_rig(content: bytes) -> Rig:
    """The figure in a GLB that `write_rig` wrote."""
    from diorama.values.glb_scene_read import SceneReader

    return SceneReader(content).rig()


def read_scene(content: bytes) -> Scene:
    """The scene in a GLB that `write_scene` wrote."""
    from diorama.values.glb_scene_read import SceneReader

    return SceneReader(content).scene()
