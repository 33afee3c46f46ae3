"""Smoothing that stops at edges, and the change between full and half size, for (c, h, w) float32 pictures."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

from diorama_nodes.render.arrays import Floats

Slices = tuple[slice, slice]


def shifted(axis: int, step: int) -> tuple[Slices, Slices]:
    """Where a picture overlaps itself moved by `step` pixels: the earlier and the later of each pair."""
    every, early, late = slice(None), slice(None, -step), slice(step, None)
    return ((early, every), (late, every)) if axis == 0 else ((every, early), (every, late))


@dataclass(slots=True, eq=False)
class Guide:
    """What says which pixels belong together: position and normal (3, h, w), tolerance and hit (h, w).

    tolerance: metres that two pixels of one surface may lie off each other's plane; hit: 1.0 where there is a surface.
    """

    position: Floats
    normal: Floats
    tolerance: Floats
    hit: Floats
    _kinships: dict[tuple[int, int], Floats] = field(default_factory=dict)

    def kinship(self, axis: int, step: int) -> Floats:
        """How surely each pixel lies on the same surface as the one `step` further, 0..1."""
        key = (axis, step)
        if key not in self._kinships:
            early, late = shifted(axis, step)
            self._kinships[key] = self._compare(early, late)
        return self._kinships[key]

    def _compare(self, early: Slices, late: Slices) -> Floats:
        here, there = (slice(None), *early), (slice(None), *late)
        normal = self.normal[here]
        likeness = np.einsum("chw,chw->hw", normal, self.normal[there])
        np.maximum(likeness, np.float32(0.0), out=likeness)
        likeness *= likeness
        likeness *= likeness
        off_plane = np.abs(np.einsum("chw,chw->hw", self.position[there] - self.position[here], normal))
        off_plane /= self.tolerance[early]
        likeness *= np.maximum(1 - off_plane, np.float32(0.0))
        likeness *= self.hit[early]
        likeness *= self.hit[late]
        return np.asarray(likeness, np.float32)

    def halved(self) -> Guide:
        """The guide of every second pixel of every second row."""
        return Guide(
            np.ascontiguousarray(self.position[:, ::2, ::2]),
            np.ascontiguousarray(self.normal[:, ::2, ::2]),
            self.tolerance[::2, ::2] * 2,
            np.ascontiguousarray(self.hit[::2, ::2]),
        )


def smooth(picture: Floats, guide: Guide, steps: tuple[int, ...] = (1, 2)) -> Floats:
    """The picture with each pixel averaged with its kin, along rows and then along columns."""
    for axis in (1, 0):
        total = picture.copy()
        weight = np.ones(picture.shape[1:], np.float32)
        for step in steps:
            kinship = guide.kinship(axis, step)
            early, late = shifted(axis, step)
            total[(slice(None), *early)] += picture[(slice(None), *late)] * kinship
            total[(slice(None), *late)] += picture[(slice(None), *early)] * kinship
            weight[early] += kinship
            weight[late] += kinship
        picture = total / weight
    return picture


def enlarge(picture: Floats, small: Guide, large: Guide) -> Floats:
    """A half-size picture at full size, each pixel taken from the neighbours on its own surface."""
    height, width = large.hit.shape
    rows, columns = np.arange(height), np.arange(width)
    low, high = rows // 2, np.minimum((rows + 1) // 2, picture.shape[1] - 1)
    left, right = columns // 2, np.minimum((columns + 1) // 2, picture.shape[2] - 1)
    total = np.zeros((picture.shape[0], height, width), np.float32)
    weight = np.full((height, width), np.float32(1e-5))
    nearest = picture[:, low][:, :, left]
    total += nearest * np.float32(1e-5)
    for line, place in ((low, left), (low, right), (high, left), (high, right)):
        at = (slice(None), line[:, None], place[None, :])
        off_plane = np.abs(np.einsum("chw,chw->hw", small.position[at] - large.position, large.normal))
        likeness = np.maximum(np.einsum("chw,chw->hw", small.normal[at], large.normal), np.float32(0.0)) ** 4
        likeness *= np.maximum(1 - off_plane / (2 * large.tolerance), np.float32(0.0))
        likeness *= small.hit[at[1:]]
        total += picture[at] * likeness
        weight += likeness
    return np.asarray(total / weight, np.float32)


def halve(picture: Floats) -> Floats:
    """The mean of each two by two pixels of (c, h, w); an odd last row or column is doubled."""
    if picture.shape[1] % 2:
        picture = np.concatenate([picture, picture[:, -1:]], axis=1)
    if picture.shape[2] % 2:
        picture = np.concatenate([picture, picture[:, :, -1:]], axis=2)
    total = picture[:, ::2, ::2] + picture[:, 1::2, ::2]
    total += picture[:, ::2, 1::2]
    total += picture[:, 1::2, 1::2]
    total *= np.float32(0.25)
    return np.asarray(total, np.float32)


def double(picture: Floats, height: int, width: int) -> Floats:
    """The picture at twice its size, linear between pixels, cut to height x width."""
    for axis, length in ((1, height), (2, width)):
        before = np.concatenate([picture.take([0], axis), picture.take(range(picture.shape[axis] - 1), axis)], axis)
        after = np.concatenate([picture.take(range(1, picture.shape[axis]), axis), picture.take([-1], axis)], axis)
        even, odd = picture * np.float32(0.75), picture * np.float32(0.75)
        even += before * np.float32(0.25)
        odd += after * np.float32(0.25)
        picture = np.stack([even, odd], axis + 1)
        shape = (*picture.shape[:axis], -1, *picture.shape[axis + 2 :])
        picture = picture.reshape(shape).take(range(length), axis)
    return picture


BINOMIAL = (0.375, 0.25, 0.0625)


def blur(picture: Floats) -> Floats:
    """The picture (c, h, w) under a small bell, its edges carried on."""
    for axis in (1, 2):
        length = picture.shape[axis]
        padded = np.pad(picture, [(2, 2) if number == axis else (0, 0) for number in range(3)], mode="edge")
        parts = [np.take(padded, range(start, start + length), axis) for start in range(5)]
        total = parts[2] * np.float32(BINOMIAL[0])
        total += (parts[1] + parts[3]) * np.float32(BINOMIAL[1])
        total += (parts[0] + parts[4]) * np.float32(BINOMIAL[2])
        picture = total
    return picture
