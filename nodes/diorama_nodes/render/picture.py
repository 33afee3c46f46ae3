"""A picture of a scene at a moment, from first ray to last pixel."""

from __future__ import annotations

from typing import Literal

import numpy as np

from diorama.context import Context
from diorama.values.image import Image, Pixels
from diorama.values.scene import Scene
from diorama_nodes.render.canvas import look, shade
from diorama_nodes.render.clear import behind_glass
from diorama_nodes.render.edges import refine
from diorama_nodes.render.film import bloom, develop, safe_exposure
from diorama_nodes.render.geometry import geometry_at
from diorama_nodes.render.shot import Effort, Shot
from diorama_nodes.render.view import view_at
from diorama_nodes.render.weather import with_weather

Quality = Literal["draft", "standard", "fine"]

EFFORTS: dict[Quality, Effort] = {
    "draft": Effort(scale=0.6, shadow_rays=1, bounce_rays=1, mirror_rays=1, mirrors_every_second=True),
    "standard": Effort(scale=1.0, shadow_rays=1, bounce_rays=1, mirror_rays=1, mirrors_every_second=True),
    "fine": Effort(scale=2.0, shadow_rays=2, bounce_rays=3, mirror_rays=1, mirrors_every_second=False),
}


def picture_of(
    ctx: Context, scene: Scene, seconds: float, width: int, height: int, quality: Quality, seed: int
) -> Image:
    """The scene as its camera sees it at a moment."""
    with np.errstate(all="ignore"):
        return _picture(ctx, scene, seconds, width, height, quality, seed)


def _picture(ctx: Context, scene: Scene, seconds: float, width: int, height: int, quality: Quality, seed: int) -> Image:
    effort = EFFORTS[quality]
    wide, high = max(round(width * effort.scale), 1), max(round(height * effort.scale), 1)
    ctx.progress(0.0, "shapes")
    geometry = geometry_at(scene, seconds)
    ctx.progress(0.08, "light")
    view = view_at(scene.camera, seconds, wide, high)
    shot = Shot(geometry, scene.environment, scene.lights, view, seconds, seed, effort)
    canvas = look(ctx, shot)
    light = shade(ctx, canvas)
    light = behind_glass(ctx, canvas, refine(ctx, canvas, light)).reshape(3, high, wide)
    light = with_weather(canvas, light)
    ctx.progress(0.9, "film")
    # One broken number would spread with the glow over all.
    light = np.nan_to_num(light, copy=False, nan=0.0, posinf=0.0, neginf=0.0)
    light *= np.float32(safe_exposure(light, scene.environment))
    pixels = develop(bloom(light), shot.tile)
    return Image(_sized(pixels, width, height))


def _sized(pixels: Pixels, width: int, height: int) -> Pixels:
    from PIL import Image as pil

    if pixels.shape[:2] == (height, width):
        return pixels
    kind = pil.Resampling.BOX if pixels.shape[0] > height else pil.Resampling.BICUBIC
    return np.array(pil.fromarray(pixels).resize((width, height), kind))
