"""Nodes that make pictures of scenes and meshes."""

from __future__ import annotations

from typing import Annotated, Literal, NamedTuple

from pydantic import Field

from diorama.context import Context
from diorama.faults import BadInput
from diorama.node import Cost, Unit, node
from diorama.types import Seed
from diorama.values.image import Image, Mask
from diorama.values.mesh import Mesh
from diorama.values.scene import Scene

Quality = Literal["draft", "standard", "fine"]
DEFAULT_MOMENT = 0.4
"""Share of the scene at which it is shown where no moment is given: things have begun, and not yet ended."""
MOST_PIXELS = {"draft": 16_000_000, "standard": 9_000_000, "fine": 2_500_000}
"""Pixels of the largest picture, which takes about 4 GiB of memory."""

Width = Annotated[int, Field(ge=16, le=7680, description="pixels across"), Unit("px")]
Height = Annotated[int, Field(ge=16, le=7680, description="pixels down"), Unit("px")]
QualityPort = Annotated[
    Quality, Field(description="draft: coarse and quick; standard: every pixel lit; fine: four times as many samples")
]


class Render(NamedTuple):
    """A picture."""

    image: Image


class Masked(NamedTuple):
    """What a picture shows of one thing."""

    mask: Mask


@node(version=1, cost=Cost(seconds=1.3), category="render")
def render(
    ctx: Context,
    scene: Annotated[Scene, Field(description="what is seen, with its camera and lights")],
    width: Width = 960,
    height: Height = 540,
    moment: Annotated[
        float | None, Field(ge=0, description="when the picture is taken; 40 % into the scene if left out"), Unit("s")
    ] = None,
    quality: QualityPort = "standard",
    seed: Seed = 0,
) -> Render:
    """Render a scene as its camera sees it at one moment, with lights, shadows, reflections, air and weather."""
    from diorama_nodes.render.picture import picture_of

    _check_size(width, height, quality)
    if moment is not None and not 0 <= moment <= scene.seconds:
        raise BadInput(f"the moment is {moment:g} s, but the scene lasts from 0 to {scene.seconds:g} s")
    seconds = scene.seconds * DEFAULT_MOMENT if moment is None else moment
    return Render(picture_of(ctx, scene, seconds, width, height, quality, seed))


@node(version=1, cost=Cost(seconds=0.8), category="render")
def render_mesh(
    ctx: Context,
    mesh: Annotated[Mesh, Field(description="what is seen")],
    width: Width = 960,
    height: Height = 540,
    turn: Annotated[
        float, Field(ge=-360, le=360, description="how far the mesh is turned from facing the camera"), Unit("°")
    ] = -35.0,
    quality: QualityPort = "standard",
    seed: Seed = 0,
) -> Render:
    """Render a single mesh in a studio, framed to its size."""
    from diorama_nodes.render.picture import picture_of
    from diorama_nodes.render.studio import studio_scene

    _check_size(width, height, quality)
    scene = studio_scene(mesh, turn, width / height)
    return Render(picture_of(ctx, scene, 0.0, width, height, quality, seed))


@node(version=1, cost=Cost(seconds=0.3), category="render")
def render_mask(
    ctx: Context,
    mesh: Annotated[Mesh, Field(description="what is seen")],
    width: Width = 960,
    height: Height = 540,
    turn: Annotated[
        float, Field(ge=-360, le=360, description="how far the mesh is turned from facing the camera"), Unit("°")
    ] = -35.0,
) -> Masked:
    """Tell how much of each pixel shows the mesh in the picture that render_mesh makes of it."""
    from diorama_nodes.render.mask import mask_of

    _check_size(width, height, "draft")
    return Masked(mask_of(ctx, mesh, turn, width, height))


@node(version=1, cost=Cost(seconds=2.0), category="render")
def render_strip(
    ctx: Context,
    scene: Annotated[Scene, Field(description="what is seen, with its camera and lights")],
    frames: Annotated[int, Field(ge=1, le=24, description="how many moments, evenly spread over the scene")] = 6,
    width: Annotated[int, Field(ge=16, le=1920, description="pixels across of one frame"), Unit("px")] = 320,
    height: Annotated[int, Field(ge=16, le=1920, description="pixels down of one frame"), Unit("px")] = 180,
    quality: QualityPort = "draft",
    seed: Seed = 0,
) -> Render:
    """Render several moments of a scene side by side, in the order of time."""
    from diorama_nodes.render.sheet import sheet_of

    _check_size(width, height, quality)
    return Render(sheet_of(ctx, scene, frames, width, height, quality, seed))


def _check_size(width: int, height: int, quality: Quality) -> None:
    most = MOST_PIXELS[quality]
    if width < 1 or height < 1 or width * height > most:
        raise BadInput(f"{width} x {height} pixels are asked for, but {quality} pictures have 1 to {most:,} pixels")
