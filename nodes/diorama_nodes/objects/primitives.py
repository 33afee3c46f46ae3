"""Simple shapes as `Part`s: outward winding, unit normals, and uvs in metres, so that a picture repeats every metre."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from itertools import combinations, product
from math import cos, pi, tau

import numpy as np

from diorama.values import Material, Part
from diorama.values.mesh import Floats, Triangles
from diorama_nodes.objects.surfaces import Array, grid_triangles, outward_normals, part_of

Point = Sequence[float]
ORIGIN = (0.0, 0.0, 0.0)
PLAIN = Material()
CREASE = 0.9
"""Radians between two neighbouring faces above which the edge between them stays sharp."""

# The six faces of a box: outward axis, then the two axes whose cross product points outward.
_FACES = ((0, 1, 1, 2), (0, -1, 2, 1), (1, 1, 2, 0), (1, -1, 0, 2), (2, 1, 0, 1), (2, -1, 1, 0))


def box(size: Point, at: Point = ORIGIN, material: Material = PLAIN, bevel: float = 0.0) -> Part:
    """A box of width, height and depth whose base has its middle `at`; `bevel` metres are cut off its edges."""
    width, height, depth = (float(length) for length in size)
    if bevel <= 0:
        return boxes(np.array([[width, height, depth]]), np.array([at], float), material)
    half = np.array([width, height, depth]) / 2
    cut = min(bevel, 0.49 * min(width, height, depth))
    corners = np.empty((24, 3))
    normals = np.zeros((24, 3))
    for face, (axis, sign, first, second) in enumerate(_FACES):
        rows = slice(4 * face, 4 * face + 4)
        corners[rows, axis] = sign * half[axis]
        corners[rows, first] = (half[first] - cut) * np.array([-1, 1, 1, -1])
        corners[rows, second] = (half[second] - cut) * np.array([-1, -1, 1, 1])
        normals[rows, axis] = sign
    # The strips between the faces are shaded from one face's normal to the other's, which looks rounded.
    uvs = _box_uvs(corners, normals, half, material)
    return part_of(corners + np.array(at, float) + [0, half[1], 0], normals, _bevel_triangles(), uvs, material)


def boxes(sizes: Array, places: Array, material: Material = PLAIN) -> Part:
    """Many boxes as one part: `sizes` (n, 3) in metres, `places` (n, 3) the middles of their bases."""
    sizes = np.asarray(sizes, float)
    places = np.asarray(places, float)
    signs = np.empty((24, 3))
    normals = np.zeros((24, 3))
    for face, (axis, sign, first, second) in enumerate(_FACES):
        rows = slice(4 * face, 4 * face + 4)
        signs[rows, axis] = sign
        signs[rows, first] = [-1, 1, 1, -1]
        signs[rows, second] = [-1, -1, 1, 1]
        normals[rows, axis] = sign
    corners = signs * (sizes / 2)[:, None, :]
    uvs = np.concatenate([_box_uvs(own, normals, half, material) for own, half in zip(corners, sizes / 2, strict=True)])
    middles = places + sizes * [0, 0.5, 0]
    quads = np.arange(6)[:, None, None] * 4 + np.array([[0, 1, 2], [0, 2, 3]])
    triangles = (np.arange(len(sizes))[:, None, None] * 24 + quads.reshape(1, 12, 3)).reshape(-1, 3)
    positions = (corners + middles[:, None, :]).reshape(-1, 3)
    return part_of(positions, np.tile(normals, (len(sizes), 1)), triangles, uvs, material)


def _box_uvs(corners: Array, normals: Array, half: Array, material: Material) -> Array:
    """Flat projections of each face; wood's grain, which runs along u, follows the box's longest edge."""
    axis = np.abs(normals).argmax(axis=1)
    across = np.array([2, 0, 0])[axis]
    down = np.array([1, 2, 1])[axis]
    if material.name.startswith("wood"):
        longest = int(half.argmax())
        swap = down == longest
        across, down = np.where(swap, down, across), np.where(swap, across, down)
    rows = np.arange(len(corners))
    return np.stack([corners[rows, across] + half.sum(), -corners[rows, down] + half[0]], axis=1)


@cache
def _bevel_triangles() -> Array:
    where: dict[tuple[int, tuple[int, int, int]], int] = {}
    for face, (axis, sign, first, second) in enumerate(_FACES):
        for corner, (u, v) in enumerate(((-1, -1), (1, -1), (1, 1), (-1, 1))):
            signs = [0, 0, 0]
            signs[axis], signs[first], signs[second] = sign, u, v
            where[axis, (signs[0], signs[1], signs[2])] = 4 * face + corner
    faces: list[tuple[int, int, int]] = []
    for face in range(6):
        faces += [(4 * face, 4 * face + 1, 4 * face + 2), (4 * face, 4 * face + 2, 4 * face + 3)]
    for along in range(3):
        one, other = (along + 1) % 3, (along + 2) % 3
        for s, t in product((-1, 1), repeat=2):
            low, high = [0, 0, 0], [0, 0, 0]
            low[along], high[along] = -1, 1
            for signs in (low, high):
                signs[one], signs[other] = s, t
            a, b = (where[one, (end[0], end[1], end[2])] for end in (low, high))
            c, d = (where[other, (end[0], end[1], end[2])] for end in (high, low))
            faces += [(a, c, b), (a, d, c)] if s * t > 0 else [(a, b, c), (a, c, d)]
    for x, y, z in product((-1, 1), repeat=3):
        corner3 = tuple(where[axis, (x, y, z)] for axis in range(3))
        faces.append((corner3[0], corner3[1], corner3[2]) if x * y * z > 0 else (corner3[0], corner3[2], corner3[1]))
    return np.array(faces)


def lathe(profile: Sequence[Point], at: Point = ORIGIN, material: Material = PLAIN, sides: int = 20) -> Part:
    """A profile of (radius, height) turned about the vertical; it runs up the outside, from the axis to the axis
    where the shape is to be closed. Going down again inside makes a hollow.
    """
    points = np.asarray(profile, float)
    steps = np.diff(points, axis=0)
    lengths = np.linalg.norm(steps, axis=1)
    keep = lengths > 1e-9
    points = np.concatenate([points[:1], points[1:][keep]])
    steps, lengths = steps[keep], lengths[keep]
    facing = np.stack([steps[:, 1], -steps[:, 0]], axis=1) / lengths[:, None]
    ends = np.repeat(facing[:, None, :], 2, axis=1)
    for k in range(len(facing) - 1):
        if facing[k] @ facing[k + 1] > cos(CREASE):
            ends[k, 1] = ends[k + 1, 0] = _unit(facing[k] + facing[k + 1])
    along = np.concatenate([[0.0], np.cumsum(lengths)])
    rings = np.stack([points[:-1], points[1:]], axis=1).reshape(-1, 2)
    normal = ends.reshape(-1, 2)
    angles = np.linspace(0, tau, sides + 1)
    angles[-1] = 0.0
    sin, cosine = np.sin(angles), np.cos(angles)
    high = np.ones(sides + 1)
    positions = np.stack([np.outer(rings[:, 0], sin), np.outer(rings[:, 1], high), np.outer(rings[:, 0], cosine)], -1)
    normals = np.stack([np.outer(normal[:, 0], sin), np.outer(normal[:, 1], high), np.outer(normal[:, 0], cosine)], -1)
    down = np.repeat(-along, 2)[1:-1]
    turns = np.linspace(0, tau * float(points[:, 0].max()), sides + 1)
    uvs = np.stack(np.meshgrid(turns, down), axis=-1)
    triangles = _ring_triangles(rings[:, 0], sides)
    return part_of(positions.reshape(-1, 3) + at, normals.reshape(-1, 3), triangles, uvs.reshape(-1, 2), material)


def _ring_triangles(radii: Array, sides: int) -> Array:
    """Quads between the rings 2k and 2k + 1; where a ring has shrunk to a point, triangles."""
    faces = []
    columns = np.arange(sides)
    for low in range(0, len(radii), 2):
        a = low * (sides + 1) + columns
        c = a + sides + 1
        if radii[low] > 1e-9:
            faces.append(np.stack([a, a + 1, c + 1], axis=1))
        if radii[low + 1] > 1e-9:
            faces.append(np.stack([a, c + 1, c], axis=1))
    return np.concatenate(faces) if faces else np.zeros((0, 3), int)


def cylinder(
    radius: float,
    height: float,
    at: Point = ORIGIN,
    material: Material = PLAIN,
    top: float | None = None,
    sides: int = 16,
) -> Part:
    """A closed cylinder standing `at`; with another radius at its `top` a frustum, with 0 a cone."""
    upper = radius if top is None else top
    return lathe([(0, 0), (radius, 0), (upper, height), (0, height)], at, material, sides)


def sphere(radius: float | Point, at: Point = ORIGIN, material: Material = PLAIN, sides: int = 16) -> Part:
    """A ball whose middle is `at`; three radii make an ellipsoid."""
    radii = np.array([radius] * 3 if isinstance(radius, int | float) else radius, float)
    angles = np.linspace(-pi / 2, pi / 2, max(sides // 2, 4) + 1)
    profile = np.stack([np.cos(angles), np.sin(angles)], axis=1)
    profile[[0, -1], 0] = 0.0
    ball = lathe([(float(r), float(y)) for r, y in profile], ORIGIN, material, sides)
    normals = _unit(ball.positions / radii)
    assert ball.uvs is not None
    return part_of(ball.positions * radii + np.array(at), normals, ball.triangles, ball.uvs * radii.max(), material)


def tube(
    points: Sequence[Point] | Array,
    radius: float | Sequence[float],
    material: Material = PLAIN,
    sides: int = 8,
    is_closed: bool = False,
) -> Part:
    """A round tube along points; one radius, or one a point. Ends are capped unless it closes on itself."""
    path = np.asarray(points, float)
    radii = np.broadcast_to(np.asarray(radius, float), (len(path),))
    if is_closed:
        path, radii = np.concatenate([path, path[:1]]), np.concatenate([radii, radii[:1]])
    first, second, miter = _frames(path, is_closed)
    angles = np.linspace(0, tau, sides + 1)
    angles[-1] = 0.0
    spokes = np.cos(angles)[None, :, None] * first[:, None] + np.sin(angles)[None, :, None] * second[:, None]
    positions = path[:, None] + spokes * (radii * miter)[:, None, None]
    along = np.concatenate([[0.0], np.cumsum(np.linalg.norm(np.diff(path, axis=0), axis=1))])
    uvs = np.stack(np.meshgrid(-np.linspace(0, tau, sides + 1) * float(radii.max()), along), axis=-1)[..., ::-1]
    triangles = grid_triangles(len(path), sides + 1)[:, ::-1]
    position, normal, uv = positions.reshape(-1, 3), spokes.reshape(-1, 3), uvs.reshape(-1, 2)
    if not is_closed:
        for ring, sign in ((0, -1.0), (len(path) - 1, 1.0)):
            start = len(position)
            face = sign * np.cross(first[ring], second[ring])
            position = np.concatenate([position, positions[ring, :-1]])
            normal = np.concatenate([normal, np.tile(face, (sides, 1))])
            uv = np.concatenate([uv, np.stack([np.cos(angles), np.sin(angles)], 1)[:-1] * radii[ring]])
            fan = np.stack([np.zeros(sides - 2, int), np.arange(1, sides - 1), np.arange(2, sides)], axis=1)
            triangles = np.concatenate([triangles, start + (fan if sign > 0 else fan[:, ::-1])])
    return part_of(position, normal, triangles, uv, material)


def _frames(path: Array, is_closed: bool) -> tuple[Array, Array, Array]:
    """Two unit vectors across the path at each point, carried along without twist, and how much a bend widens."""
    legs = _unit(np.diff(path, axis=0))
    before = np.concatenate([legs[-1:] if is_closed else legs[:1], legs])
    after = np.concatenate([legs, legs[:1] if is_closed else legs[-1:]])
    tangents = _unit(np.where(np.linalg.norm(before + after, axis=1, keepdims=True) > 1e-6, before + after, after))
    miter = 1 / np.clip((tangents * after).sum(axis=1), 0.75, 1.0)
    first = np.empty_like(path)
    guide = np.array([0.0, 1.0, 0.0]) if abs(tangents[0, 1]) < 0.9 else np.array([1.0, 0.0, 0.0])
    for k, tangent in enumerate(tangents):
        across = guide - tangent * (guide @ tangent)
        size = float(np.sqrt(across @ across))
        guide = first[k] = across / size if size > 1e-6 else guide
    if is_closed:
        first[-1] = first[0]
    return first, np.cross(tangents, first), miter


def extrude(
    outline: Sequence[Point] | Array,
    depth: float,
    at: Point = ORIGIN,
    material: Material = PLAIN,
    holes: Sequence[Sequence[Point] | Array] = (),
) -> Part:
    """A flat outline in x and y given a thickness along z, its middle `at`; `holes` go right through."""
    import mapbox_earcut

    rings = [_turning(np.asarray(outline, float), 1.0), *(_turning(np.asarray(hole, float), -1.0) for hole in holes)]
    flat = np.concatenate(rings)
    ends = np.cumsum([len(ring) for ring in rings]).astype(np.uint32)
    faces = mapbox_earcut.triangulate_float64(flat, ends).reshape(-1, 3).astype(int)
    a, b, c = flat[faces[:, 0]], flat[faces[:, 1]], flat[faces[:, 2]]
    turned = (b[:, 0] - a[:, 0]) * (c[:, 1] - a[:, 1]) - (b[:, 1] - a[:, 1]) * (c[:, 0] - a[:, 0]) < 0
    faces[turned] = faces[turned][:, ::-1]
    count, half = len(flat), depth / 2
    positions = [np.column_stack([flat, np.full(count, half)]), np.column_stack([flat, np.full(count, -half)])]
    normals = [np.tile([0.0, 0.0, 1.0], (count, 1)), np.tile([0.0, 0.0, -1.0], (count, 1))]
    uvs = [flat * [1, -1], flat * [-1, -1]]
    triangles = [faces, faces[:, ::-1] + count]
    start = 2 * count
    for ring in rings:
        wall, facing, uv = _ring_wall(ring, half)
        positions.append(wall)
        normals.append(facing)
        uvs.append(uv)
        first = start + 4 * np.arange(len(ring))[:, None]
        triangles.append(np.concatenate([first + np.array([0, 1, 2]), first + np.array([0, 2, 3])]))
        start += len(wall)
    joined = [np.concatenate(piece) for piece in (positions, normals, triangles, uvs)]
    return part_of(joined[0] + at, joined[1], joined[2], joined[3], material)


def _turning(ring: Array, sign: float) -> Array:
    """The ring running counter-clockwise for `sign` 1, clockwise for -1."""
    following = np.roll(ring, -1, axis=0)
    area = float((ring[:, 0] * following[:, 1] - ring[:, 1] * following[:, 0]).sum())
    return ring if area * sign > 0 else ring[::-1]


def _ring_wall(ring: Array, half: float) -> tuple[Array, Array, Array]:
    following = np.roll(ring, -1, axis=0)
    step = following - ring
    lengths = np.linalg.norm(step, axis=1, keepdims=True)
    facing = np.stack([step[:, 1], -step[:, 0]], axis=1) / np.maximum(lengths, 1e-12)
    previous, coming = np.roll(facing, 1, axis=0), np.roll(facing, -1, axis=0)
    start = np.where(((facing * previous).sum(1) > cos(CREASE))[:, None], _unit(facing + previous), facing)
    end = np.where(((facing * coming).sum(1) > cos(CREASE))[:, None], _unit(facing + coming), facing)
    corners = np.stack([ring, ring, following, following], axis=1)
    z = np.tile(np.array([half, -half, -half, half])[:, None], (len(ring), 1, 1))
    normals = np.stack([start, start, end, end], axis=1)
    along = np.concatenate([[0.0], np.cumsum(lengths[:, 0])])
    u = np.stack([along[:-1], along[:-1], along[1:], along[1:]], axis=1)[..., None]
    positions = np.concatenate([corners, z], axis=2).reshape(-1, 3)
    flat = np.concatenate([normals, np.zeros_like(z)], axis=2).reshape(-1, 3)
    return positions, flat, np.concatenate([u, z], axis=2).reshape(-1, 2)


@cache
def _icosphere(detail: int) -> tuple[Floats, Triangles]:
    golden = (1 + 5**0.5) / 2
    signs = [(-1, golden), (1, golden), (-1, -golden), (1, -golden)]
    points = [(a, b, 0.0) for a, b in signs] + [(0.0, a, b) for a, b in signs] + [(b, 0.0, a) for a, b in signs]
    positions = _unit(np.array(points))
    touching = (positions @ positions.T) > 0.4
    faces = np.array([face for face in combinations(range(12), 3) if touching[np.ix_(face, face)].all()])
    for _ in range(detail):
        edges = np.sort(np.concatenate([faces[:, [0, 1]], faces[:, [1, 2]], faces[:, [2, 0]]]), axis=1)
        unique, number = np.unique(edges, axis=0, return_inverse=True)
        ab, bc, ca = number.reshape(3, -1) + len(positions)
        positions = np.concatenate([positions, _unit(positions[unique].mean(axis=1))])
        a, b, c = faces.T
        faces = np.concatenate(
            [np.stack(quad, axis=1) for quad in ((a, ab, ca), (b, bc, ab), (c, ca, bc), (ab, bc, ca))]
        )
    corner = positions[faces]
    inward = (np.cross(corner[:, 1] - corner[:, 0], corner[:, 2] - corner[:, 0]) * corner[:, 0]).sum(axis=1) < 0
    faces[inward] = faces[inward][:, ::-1]
    return positions.astype(np.float32), faces.astype(np.uint32)


def blob(
    radii: Point,
    at: Point = ORIGIN,
    material: Material = PLAIN,
    rng: np.random.Generator | None = None,
    roughness: float = 0.2,
    detail: int = 2,
    is_faceted: bool = False,
) -> Part:
    """A ball with bumps: `roughness` is their height against the radius; facets are for rock, smooth for leaves.

    `detail` 1, 2, 3 gives 80, 320 and 1,280 triangles.
    """
    unit, triangles = _icosphere(detail)
    points = unit.astype(float)
    if rng is not None:
        waves = rng.normal(size=(9, 3)) * np.array([1.6, 1.6, 1.6, 3, 3, 3, 6, 6, 6])[:, None]
        phases = rng.uniform(0, tau, 9)
        weights = np.array([1, 1, 1, 0.6, 0.6, 0.6, 0.35, 0.35, 0.35]) / 3
        points = points * (1 + roughness * (np.sin(points @ waves.T + phases) @ weights))[:, None]
    points = points * np.array(radii, float)
    if is_faceted:
        points = points[triangles].reshape(-1, 3)
        triangles = np.arange(len(points), dtype=np.uint32).reshape(-1, 3)
    normals = outward_normals(points, triangles)
    uvs = np.stack([points[:, 0] + 0.5 * points[:, 2], -points[:, 1] + 0.5 * points[:, 2]], axis=1)
    return part_of(points + np.array(at, float), normals, triangles, uvs, material)


def plane(width: float, depth: float, at: Point = ORIGIN, material: Material = PLAIN) -> Part:
    """A level rectangle that faces up, its middle `at`."""
    x, z = width / 2, depth / 2
    flat = np.array([[-x, 0, z], [x, 0, z], [x, 0, -z], [-x, 0, -z]])
    up = np.tile([0.0, 1.0, 0.0], (4, 1))
    return part_of(flat + np.array(at, float), up, np.array([[0, 1, 2], [0, 2, 3]]), flat[:, [0, 2]], material)


def panel(
    width: float,
    height: float,
    at: Point = ORIGIN,
    material: Material = PLAIN,
    fit: bool = False,
) -> Part:
    """An upright rectangle that faces +Z, the middle of its lower edge `at`; `fit` shows a picture on it once."""
    x = width / 2
    flat = np.array([[-x, 0, 0], [x, 0, 0], [x, height, 0], [-x, height, 0]], float)
    forward = np.tile([0.0, 0.0, 1.0], (4, 1))
    once = np.array([[0, 1], [1, 1], [1, 0], [0, 0]], float)
    uvs = once if fit else flat[:, :2] * [1, -1]
    return part_of(flat + np.array(at, float), forward, np.array([[0, 1, 2], [0, 2, 3]]), uvs, material)


def sheet(grid: Array, material: Material = PLAIN) -> Part:
    """A smooth surface through a grid of points (rows, columns, 3), seen from where rows x columns points to."""
    rows, columns = grid.shape[:2]
    points = np.asarray(grid, float).reshape(-1, 3)
    triangles = grid_triangles(rows, columns)
    across = np.linalg.norm(np.diff(grid, axis=1), axis=2).mean() * np.arange(columns)
    down = np.linalg.norm(np.diff(grid, axis=0), axis=2).mean() * np.arange(rows)
    uvs = np.stack(np.meshgrid(across, down), axis=-1).reshape(-1, 2)
    return part_of(points, outward_normals(points, triangles), triangles, uvs, material)


def _unit(vectors: Array) -> Array:
    lengths = np.linalg.norm(vectors, axis=-1, keepdims=True)
    return np.asarray(vectors / np.maximum(lengths, 1e-12))
