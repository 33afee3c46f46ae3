"""Gaussian splats as .splat: 32 bytes each, and nothing else.

After the viewer that the format comes from (antimatter15/splat, MIT): position and scale in metres as six floats of
four bytes, colour with opacity as four bytes, and the quaternion (w, x, y, z) as four bytes around 128. The axes are
those of PLY: Y down.
"""

from __future__ import annotations

from typing import Final

import numpy as np

from diorama.faults import BadInput
from diorama.values.splat import HARMONIC, Splat, check_count, checked

ROW: Final = np.dtype([("place", "<f4", 3), ("scale", "<f4", 3), ("color", "u1", 4), ("turn", "u1", 4)])


def write_rows(splat: Splat) -> bytes:
    """The gaussians as .splat with the axes that they have, the largest and most opaque first, as viewers show them."""
    weight = splat.log_scales.sum(axis=1, dtype=np.float64) + np.log(splat.opacities.astype(np.float64))
    order = np.argsort(-weight, kind="stable")
    rows = np.zeros(splat.count, ROW)
    rows["place"] = splat.positions[order]
    rows["scale"] = splat.scales[order]
    rows["color"][:, :3] = np.rint(splat.shades[order] * 255)
    rows["color"][:, 3] = np.rint(splat.opacities[order] * 255)
    rows["turn"] = np.clip(np.rint(splat.rotations[order][:, [3, 0, 1, 2]] * 128 + 128), 0, 255)
    return rows.tobytes()


def read_rows(content: bytes) -> Splat:
    """The gaussians of a .splat with the axes that the file has; raises `BadInput` that says what is wrong with it."""
    if not content or len(content) % ROW.itemsize:
        raise BadInput(f"the .splat has {len(content):,} bytes, but {ROW.itemsize} for each gaussian are wanted")
    check_count(len(content) // ROW.itemsize, ".splat")
    rows = np.frombuffer(content, ROW)
    scales = rows["scale"].astype(np.float64)
    wrong = np.flatnonzero(~(scales >= 0).all(axis=1))
    if len(wrong):
        given = scales[wrong[0]].min()
        raise BadInput(f"the scale of gaussian {int(wrong[0]):,} is {given:g}, but nought or more is wanted")
    shares = np.clip(rows["color"][:, 3].astype(np.float64) / 255, 1e-6, 1 - 1e-6)
    turns = rows["turn"].astype(np.float32)[:, [1, 2, 3, 0]]
    with np.errstate(all="ignore"):
        logs = np.log(np.maximum(scales, 1e-8)).astype(np.float32)
    return checked(
        rows["place"],
        logs,
        (turns - np.float32(128)) / np.float32(128),
        np.log(shares / (1 - shares)).astype(np.float32),
        ((rows["color"][:, :3].astype(np.float64) / 255 - 0.5) / HARMONIC).astype(np.float32),
    )
