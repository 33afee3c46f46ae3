"""Brush strokes: the picture painted over in strokes that follow its forms, broad ones first."""

from __future__ import annotations

import numpy as np

from diorama_nodes.images.paint.canvas import Canvas, Field

PASSES = ((0.022, 0.5), (0.011, 0.6), (0.0055, 0.55))
"""Width of the strokes in heights, and the share of the picture that each pass covers."""


def brushed(canvas: Canvas) -> Field:
    """The canvas in strokes, coarse where little happens, fine where much does."""
    from PIL import Image as pil
    from scipy import ndimage

    source = canvas.rgb
    grey = ndimage.gaussian_filter(source.mean(axis=2), 0.006 * canvas.height)
    down, across = np.gradient(grey)
    angle = np.arctan2(across, -down)
    busy = ndimage.gaussian_filter(np.hypot(down, across), 0.004 * canvas.height)
    busy = np.clip(busy / max(float(np.quantile(busy, 0.9)), 1e-6), 0, 1)
    made = pil.fromarray((np.clip(source, 0, 1) * 255).astype(np.uint8))
    for number, (width, share) in enumerate(PASSES):
        _stroke(canvas, made, angle, busy, width, share, is_fine=number > 0)
    painted = np.asarray(made, np.float32) / np.float32(255)
    keep = (0.35 + 0.5 * busy)[:, :, None]
    mixed: Field = painted + (source - painted) * keep
    return mixed


def _stroke(
    canvas: Canvas, made: object, angle: Field, busy: Field, width: float, share: float, *, is_fine: bool
) -> None:
    from PIL import Image as pil
    from PIL import ImageDraw
    from scipy import ndimage

    assert isinstance(made, pil.Image)
    rng = canvas.rng
    across = max(width * canvas.height, 1.5)
    length = across * 3.2
    count = int(share * canvas.width * canvas.height / (across * length))
    x, y = rng.integers(0, canvas.width, count), rng.integers(0, canvas.height, count)
    wanted = busy[y, x] > 0.25 if is_fine else busy[y, x] < 0.6
    x, y = x[wanted], y[wanted]
    soft = ndimage.uniform_filter(canvas.rgb, (max(int(across), 2), max(int(across), 2), 1))
    colours = soft[y, x] * rng.uniform(0.95, 1.05, (len(x), 1)) + rng.normal(0, 0.008, (len(x), 3))
    bytes_ = (np.clip(colours, 0, 1) * 255).astype(np.uint8).tolist()
    turn = angle[y, x] + rng.normal(0, 0.25, len(x))
    reach = length / 2 * rng.uniform(0.6, 1.2, len(x))
    dx, dy = np.cos(turn) * reach, np.sin(turn) * reach
    draw = ImageDraw.Draw(made)
    ends = np.stack([x - dx, y - dy, x + dx, y + dy], axis=1).tolist()
    for line, colour in zip(ends, bytes_, strict=True):
        draw.line(line, fill=tuple(colour), width=round(across))
