"""The sheet of triangles over an outline: marching squares at the rim, larger triangles deep inside."""

from __future__ import annotations

from functools import cache

import numpy as np

from diorama_nodes.images.colour import Floats

Ints = np.ndarray[tuple[int, ...], np.dtype[np.int64]]
Bools = np.ndarray[tuple[int, ...], np.dtype[np.bool_]]

RING = "anbecsdw"
"""Corners a b c d of a cell and the edges n e s w between them, clockwise from the top left."""
FULL, TURNED = 15, 16
"""Kinds of a cell that lies inside: cut along one diagonal or, on every other cell, along the other."""

BLOCK_NODES = {
    "a": (0, 0),
    "n": (0, 1),
    "b": (0, 2),
    "e": (1, 2),
    "c": (2, 2),
    "s": (2, 1),
    "d": (2, 0),
    "w": (1, 0),
    "m": (1, 1),
}
"""Rows and columns of the nodes of a block of two by two cells, m its middle."""
NEIGHBOURS = {"n": (-1, 0), "e": (0, 1), "s": (1, 0), "w": (0, -1)}
SIDES = {"n": "ab", "e": "bc", "s": "cd", "w": "da"}
DEEP = 4.0
"""Cells from the outline on which four cells become one: the surface is nearly flat there."""


@cache
def _cases() -> tuple[tuple[tuple[str, ...], ...], ...]:
    """For each kind of cell its triangles as letters of RING; a saddle is joined, so thin parts hold together.

    Every fan starts at a corner inside, so two rim points share an edge only along the outline: front and back then
    meet there and nowhere else.
    """
    cases = []
    for code in range(16):
        held = {corner: bool(code >> bit & 1) for bit, corner in enumerate("abcd")}
        ring = [x for x in RING if (held[x] if x in held else held[SIDES[x][0]] != held[SIDES[x][1]])]
        start = next((i for i, x in enumerate(ring) if held.get(x)), 0)
        ring = ring[start:] + ring[:start]
        cases.append(tuple((ring[0], ring[i + 1], ring[i]) for i in range(1, len(ring) - 1)))
    cases.append((("b", "d", "c"), ("b", "a", "d")))
    return tuple(cases)


def sheet(field: Floats, across: Floats, down: Floats, rim: int) -> Ints:
    """Triangles (m, 3) over where `field` is positive, counter-clockwise for who looks at the picture.

    `across` and `down` say where the outline crosses the edges to the right of and below each node. Numbers are those
    of the `rim` contour points, first those across, then those down, and after them of the nodes inside, row by row.
    """
    inside = field > 0
    node = np.cumsum(inside).reshape(inside.shape) - 1 + rim
    crossed_across, crossed_down = ~np.isnan(across), ~np.isnan(down)
    right = np.cumsum(crossed_across).reshape(across.shape) - 1
    below = np.cumsum(crossed_down).reshape(down.shape) - 1 + int(crossed_across.sum())
    corner = {
        "a": node[:-1, :-1],
        "b": node[:-1, 1:],
        "c": node[1:, 1:],
        "d": node[1:, :-1],
        "n": right[:-1],
        "s": right[1:],
        "w": below[:, :-1],
        "e": below[:, 1:],
    }
    code = inside[:-1, :-1] + 2 * inside[:-1, 1:] + 4 * inside[1:, 1:] + 8 * inside[1:, :-1]
    odd = np.add.outer(np.arange(code.shape[0]), np.arange(code.shape[1])) % 2 == 1
    code = np.where(odd & (code == FULL), TURNED, code)
    blocks = _blocks(field)
    code[: 2 * blocks.shape[0], : 2 * blocks.shape[1]][np.kron(blocks, np.ones((2, 2), bool))] = 0
    found = [
        np.stack([corner[letter][code == number] for letter in triangle], axis=1)
        for number, triangles in enumerate(_cases())
        for triangle in triangles
    ]
    return np.concatenate(found + _merged(node, blocks))


def _blocks(field: Floats) -> Bools:
    """The squares of two by two cells that lie deep inside."""
    deep = field > DEEP
    rows, columns = ((size - 1) // 2 for size in field.shape)
    shifted = [deep[y : y + 2 * rows : 2, x : x + 2 * columns : 2] for y in range(3) for x in range(3)]
    blocks: Bools = np.logical_and.reduce(shifted)
    return blocks


def _merged(node: Ints, blocks: Bools) -> list[Ints]:
    """Triangles of the blocks: two where all neighbours are blocks, else a fan that meets the small cells' nodes."""
    rows, columns = np.nonzero(blocks)
    framed = np.pad(blocks, 1)
    y, x = 2 * rows, 2 * columns
    ring = {letter: node[y + dy, x + dx] for letter, (dy, dx) in BLOCK_NODES.items()}
    joined = {side: framed[rows + 1 + dy, columns + 1 + dx] for side, (dy, dx) in NEIGHBOURS.items()}
    whole = np.logical_and.reduce(list(joined.values()))
    found = [np.stack([ring[letter][whole] for letter in triangle], axis=1) for triangle in ("acb", "adc")]
    for side, ends in SIDES.items():
        first, last = ends[0], ends[1]
        plain, split = joined[side] & ~whole, ~joined[side]
        for which, triangles in ((plain, (f"m{last}{first}",)), (split, (f"m{side}{first}", f"m{last}{side}"))):
            found += [np.stack([ring[letter][which] for letter in triangle], axis=1) for triangle in triangles]
    return found
