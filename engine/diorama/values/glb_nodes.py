"""The nodes of a GLB in the order of its scene, each with its place in the world."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from diorama.faults import BadInput
from diorama.limits import limits
from diorama.values.glb_document import Document
from diorama.values.glb_entry import Entry
from diorama.values.mesh import Floats, Part

Matrix = np.ndarray[tuple[int, ...], np.dtype[np.float64]]


@dataclass(frozen=True, slots=True)
class Node:
    """A node, its number, its parent's number or -1, and its 4 x 4 transform into the world."""

    place: int
    parent: int
    entry: Entry
    world: Matrix


def scene_nodes(document: Document) -> list[Node]:
    """The nodes of the default scene, parents before children; raises `BadInput` where they are no forest."""
    scenes = document.table("scenes")
    count = len(document.table("nodes"))
    if scenes:
        roots = document.entry("scenes", document.root.whole("scene", 0)).wholes("nodes", below=count)
    else:
        roots = _without_parent(document, count)
    found: list[Node] = []
    seen: set[int] = set()
    waiting = [(root, -1, 0, np.eye(4)) for root in reversed(roots)]
    while waiting:
        place, parent, depth, above = waiting.pop()
        entry = document.entry("nodes", place)
        if place in seen:
            raise entry.fault("is named twice: each node has one parent at most, and none is its own ancestor")
        if depth > limits().max_depth * 16:
            raise entry.fault(f"lies deeper than {limits().max_depth * 16:,} nodes")
        seen.add(place)
        with np.errstate(over="ignore", invalid="ignore"):
            world = above @ local_matrix(entry)
        if not np.isfinite(world).all():
            raise entry.fault("is moved or scaled beyond all numbers")
        found.append(Node(place, parent, entry, world))
        children = entry.wholes("children", below=count)
        waiting += [(child, place, depth + 1, world) for child in reversed(children)]
    return found


def _without_parent(document: Document, count: int) -> list[int]:
    children: set[int] = set()
    for place in range(count):
        children.update(document.entry("nodes", place).wholes("children", below=count))
    return [place for place in range(count) if place not in children]


def local_matrix(node: Entry) -> Matrix:
    """A node's own transform, from its matrix or from translation, rotation and scale."""
    if "matrix" in node:
        return np.array(node.numbers("matrix", 16), np.float64).reshape(4, 4).T
    matrix = np.eye(4)
    if "rotation" in node:
        matrix[:3, :3] = rotation_matrix(np.array(node.numbers("rotation", 4)))
    if "scale" in node:
        matrix[:3, :3] *= np.array(node.numbers("scale", 3))
    if "translation" in node:
        matrix[:3, 3] = node.numbers("translation", 3)
    return matrix


def rotation_matrix(quaternion: Matrix) -> Matrix:
    """The 3 x 3 rotation of a quaternion (x, y, z, w); no rotation where its length is nought."""
    length = float(np.linalg.norm(quaternion))
    if length < 1e-12:
        return np.eye(3)
    x, y, z, w = quaternion / length
    return np.array(
        [
            [1 - 2 * (y * y + z * z), 2 * (x * y - z * w), 2 * (x * z + y * w)],
            [2 * (x * y + z * w), 1 - 2 * (x * x + z * z), 2 * (y * z - x * w)],
            [2 * (x * z - y * w), 2 * (y * z + x * w), 1 - 2 * (x * x + y * y)],
        ]
    )


def moved(part: Part, world: Matrix) -> Part:
    """The part where the transform puts it; its very arrays where that is nowhere else."""
    if np.array_equal(world, np.eye(4)):
        return part
    turn = world[:3, :3]
    with np.errstate(over="ignore", invalid="ignore"):
        positions = (part.positions @ turn.T + world[:3, 3]).astype(np.float32)
        normals, is_mirrored = _turned(part.normals, turn)
    if not np.isfinite(positions).all():
        raise BadInput(f"the part of material {part.material.name[:40]!r} is moved or scaled beyond all numbers")
    triangles = part.triangles[:, ::-1].copy() if is_mirrored else part.triangles
    return Part(positions, normals, triangles, part.uvs, part.material)


def _turned(normals: Floats, turn: Matrix) -> tuple[Floats, bool]:
    """The normals under the upper left 3 x 3 of a transform, and whether that mirrors."""
    largest = float(np.abs(turn).max())
    turn = turn / largest if largest > 0 else turn
    # The cofactors turn normals as the inverse transpose does, and exist for a flattening transform too.
    cofactors = np.stack([np.cross(turn[1], turn[2]), np.cross(turn[2], turn[0]), np.cross(turn[0], turn[1])])
    is_mirrored = float(np.linalg.det(turn)) < 0
    turned = normals @ (-cofactors if is_mirrored else cofactors).T
    lengths = np.linalg.norm(turned, axis=1, keepdims=True)
    unit = np.where(lengths > 1e-30, turned / np.maximum(lengths, 1e-30), (0.0, 1.0, 0.0))
    return unit.astype(np.float32), is_mirrored
