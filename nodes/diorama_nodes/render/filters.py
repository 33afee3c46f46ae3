"""Smoothing that stops at edges, and the change between full and half size, for (c, h, w) float32 pictures."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

from diorama_nodes.render.arrays import Floats, floats

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
        return floats(likeness)

    def halved(self) -> Guide:
        """The guide of every second pixel of every second row."""
        return Guide(
            np.ascontiguousarray(self.position[:, ::2, ::2]),
            np.ascontiguousarray(self.normal[:, ::2, ::2]),
            self.tolerance[::2, ::2] * 2,
            np.ascontiguousarray(self.hit[::2, ::2]),
        )


def smooth(picture: Floats, guide: Guide, steps: tuple[int, ...], axes: tuple[int, ...] = (1, 0)) -> Floats:
    """The picture with each pixel averaged with its kin so many pixels away, one step after the other.

    Axis 0 goes down, 1 across. Steps 1, 3, 9 together weigh every pixel up to 13 away alike.
    """
    for step in steps:
        for axis in axes:
            if step < picture.shape[axis + 1]:
                picture = _mixed_with_kin(picture, guide.kinship(axis, step), axis, step)
    return picture


def _mixed_with_kin(picture: Floats, kinship: Floats, axis: int, step: int) -> Floats:
    early, late = shifted(axis, step)
    total = picture.copy()
    total[(slice(None), *early)] += picture[(slice(None), *late)] * kinship
    total[(slice(None), *late)] += picture[(slice(None), *early)] * kinship
    weight = np.ones(picture.shape[1:], np.float32)
    weight[early] += kinship
    weight[late] += kinship
    total /= weight
    return total


def enlarge(picture: Floats, small: Guide, large: Guide) -> Floats:
    """A half-size picture at full size, each pixel taken from the neighbours on its own surface."""
    height, width = large.hit.shape
    count = picture.shape[0]
    stack = np.concatenate([picture, small.position, small.normal, small.hit[None]])
    # One row and column more than needed, so that each pixel's four neighbours are four cuts of one array.
    rows = np.minimum(np.arange(height + 1) // 2, picture.shape[1] - 1)
    columns = np.minimum(np.arange(width + 1) // 2, picture.shape[2] - 1)
    stack = stack.take(rows, axis=1).take(columns, axis=2)
    total = stack[:count, :height, :width] * np.float32(1e-5)
    weight = np.full((height, width), np.float32(1e-5))
    sharpness = np.float32(0.5) / large.tolerance
    for down in (0, 1):
        for across in (0, 1):
            near = stack[:, down : down + height, across : across + width]
            likeness = np.einsum("chw,chw->hw", near[count + 3 : count + 6], large.normal)
            np.maximum(likeness, np.float32(0.0), out=likeness)
            likeness *= likeness
            off_plane = np.abs(np.einsum("chw,chw->hw", near[count : count + 3] - large.position, large.normal))
            likeness *= np.maximum(1 - off_plane * sharpness, np.float32(0.0)) * near[-1]
            total += near[:count] * likeness
            weight += likeness
    total /= weight
    return total


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
    return floats(total)


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
