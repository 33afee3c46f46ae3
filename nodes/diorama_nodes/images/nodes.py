"""Nodes for pictures and for what comes from files: load, paint, cut out, mask, resize, inflate to a mesh."""

from __future__ import annotations

from typing import Annotated, Literal, NamedTuple

import numpy as np
from pydantic import Field

from diorama.context import Context
from diorama.faults import BadInput
from diorama.node import Advanced, Cost, Unit, node
from diorama.types import Color, File, Seed
from diorama.values import Image, Mask, Mesh
from diorama_nodes.images.inflate import Profile
from diorama_nodes.images.resize import Fit
from diorama_nodes.images.skin import Back
from diorama_nodes.images.stand import UnitOfLength, Up
from diorama_nodes.plan.schema import ScenePlan


class Picture(NamedTuple):
    """One picture."""

    image: Image


class Cutout(NamedTuple):
    """A picture with a transparent background, and its alpha as a mask."""

    image: Image
    mask: Mask


class Masked(NamedTuple):
    """One mask."""

    mask: Mask


class Palette(NamedTuple):
    """Colours, the one that covers most first."""

    colors: list[Color]


class Loaded(NamedTuple):
    """The mesh of a file."""

    mesh: Mesh


class Inflated(NamedTuple):
    """A closed, textured mesh."""

    mesh: Mesh


@node(version=1, cost=Cost(seconds=0.05), category="image")
def load_image(
    ctx: Context,
    file: Annotated[File, Field(description="a PNG, JPEG or WebP file")],
) -> Picture:
    """Read a picture, turned upright by its EXIF orientation."""
    from diorama_nodes.images import files

    ctx.progress(0.0, f"reading {file.name}")
    return Picture(files.read_picture(file))


@node(version=1, cost=Cost(seconds=0.05), category="image")
def load_mask(
    ctx: Context,
    file: Annotated[File, Field(description="a PNG, JPEG or WebP file: white is inside, black outside")],
) -> Masked:
    """Read a mask, colours weighed to grey."""
    from diorama_nodes.images import files

    ctx.progress(0.0, f"reading {file.name}")
    return Masked(files.read_mask(file))


@node(version=1, cost=Cost(seconds=0.8), category="image")
def paint_reference(
    ctx: Context,
    plan: Annotated[ScenePlan, Field(description="the scene to picture")],
    width: Annotated[int, Field(ge=64, le=2048, description="width of the picture"), Unit("px")] = 768,
    height: Annotated[int, Field(ge=64, le=2048, description="height of the picture"), Unit("px")] = 432,
    seed: Seed = 0,
) -> Picture:
    """Paint a reference picture of a scene plan: its place, light and weather, its things and figures in outline."""
    from diorama_nodes.images.paint.picture import painted

    return Picture(painted(plan, width, height, seed, ctx.progress))


@node(version=1, cost=Cost(seconds=0.5), category="image")
def cut_out(
    ctx: Context,
    image: Annotated[Image, Field(description="one thing before a plain or gently shaded background")],
    tolerance: Annotated[
        float, Field(gt=0, le=60, description="how far a colour may stray from the background's (CIELAB)")
    ] = 9.0,
    feather: Annotated[float, Field(ge=0, le=20, description="softness of the edge"), Unit("px"), Advanced] = 1.0,
    parts: Annotated[
        Literal["largest", "all"], Field(description="keep the largest connected thing, or all of them"), Advanced
    ] = "largest",
    holes: Annotated[bool, Field(description="cut background seen through the subject out too"), Advanced] = True,
) -> Cutout:
    """Remove the background of a picture; alpha that is already there is kept as it is."""
    from diorama_nodes.images.cutout import Cutting, cut, has_cut

    ctx.progress(0.0, "telling subject from background")
    if not has_cut(image):
        image = Image(cut(image.pixels[:, :, :3], Cutting(tolerance, feather, parts, holes)))
    elif not (image.pixels[:, :, 3] > 127).any():
        raise BadInput("the picture is transparent everywhere; one that shows something is wanted")
    return Cutout(image, Mask(np.ascontiguousarray(image.pixels[:, :, 3])))


@node(version=1, cost=Cost(seconds=0.02), category="image")
def mask_image(
    ctx: Context,
    image: Annotated[Image, Field(description="the picture that becomes a mask")],
    mask: Annotated[Mask, Field(description="white where the picture stays; of the picture's size")],
    invert: Annotated[bool, Field(description="keep what the mask leaves out instead")] = False,
) -> Picture:
    """Make a picture transparent where a mask is black."""
    ctx.check_cancelled()
    if mask.coverage.shape != image.pixels.shape[:2]:
        height, width = mask.coverage.shape
        raise BadInput(
            f"the mask has {width} x {height} pixels, but the picture has {image.width} x {image.height}; "
            "both must be of one size"
        )
    kept = 255 - mask.coverage if invert else mask.coverage
    if image.has_alpha:
        kept = (kept.astype(np.uint16) * image.pixels[:, :, 3] // 255).astype(np.uint8)
    return Picture(Image(np.dstack([image.pixels[:, :, :3], kept])))


@node(version=1, cost=Cost(seconds=0.05), category="image")
def resize_image(
    ctx: Context,
    image: Annotated[Image, Field(description="the picture to resize")],
    width: Annotated[int, Field(ge=1, le=16384, description="width wanted"), Unit("px")] = 512,
    height: Annotated[int, Field(ge=1, le=16384, description="height wanted"), Unit("px")] = 512,
    fit: Annotated[
        Fit, Field(description="inside the size, covering it and cropped, padded to it, or stretched")
    ] = "inside",
) -> Picture:
    """Resize a picture, its proportions kept unless it is stretched."""
    from diorama_nodes.images.resize import resized

    ctx.check_cancelled()
    return Picture(resized(image, width, height, fit))


@node(version=1, cost=Cost(seconds=0.1), category="image")
def palette(
    ctx: Context,
    image: Annotated[Image, Field(description="the picture whose colours are counted")],
    count: Annotated[int, Field(ge=1, le=32, description="how many colours")] = 5,
) -> Palette:
    """Read the leading colours of a picture, the one that covers most first."""
    from diorama_nodes.images.quantize import leading_colours

    ctx.check_cancelled()
    return Palette(leading_colours(image, count))


@node(version=1, cost=Cost(seconds=0.8), category="image to 3D")
def inflate(
    ctx: Context,
    image: Annotated[Image, Field(description="a picture whose alpha gives an outline, as cut_out makes it")],
    depth: Annotated[float, Field(ge=0.05, le=3, description="thickness: 1 makes limbs as deep as wide")] = 0.8,
    height: Annotated[float, Field(gt=0, le=1000, description="height of the mesh"), Unit("m")] = 1.0,
    resolution: Annotated[int, Field(ge=16, le=512, description="cells along the longer side"), Advanced] = 128,
    profile: Annotated[
        Profile, Field(description="round swells to the middle; cushion rises at the rim, then stays level")
    ] = "round",
    back: Annotated[
        Back, Field(description="what is behind: the picture mirrored, or the colours of its outline"), Advanced
    ] = "mirror",
    texture: Annotated[
        int, Field(ge=64, le=4096, description="most pixels of the texture's side"), Unit("px"), Advanced
    ] = 1024,
) -> Inflated:
    """Inflate the outline of a picture to a closed, textured mesh that stands on the ground and faces +Z."""
    from diorama_nodes.images.inflate import inflated

    mesh = inflated(
        image,
        depth=depth,
        height=height,
        cells=resolution,
        profile=profile,
        back=back,
        texture=texture,
        progress=ctx.progress,
    )
    return Inflated(mesh)


@node(version=1, cost=Cost(seconds=0.4), category="mesh")
def load_mesh(
    ctx: Context,
    file: Annotated[File, Field(description="a GLB, OBJ, STL or PLY file")],
    up: Annotated[Up, Field(description="which axis points up in the file")] = "y",
    unit: Annotated[UnitOfLength, Field(description="what a length of 1 in the file is")] = "m",
    height: Annotated[
        float | None, Field(gt=0, le=1000, description="height to scale it to, whatever its unit"), Unit("m")
    ] = None,
) -> Loaded:
    """Read a mesh and stand it on the ground; files that it names are never opened."""
    from diorama_nodes.images.mesh_file import read_mesh_file
    from diorama_nodes.images.stand import stood

    ctx.progress(0.0, f"reading {file.name}")
    return Loaded(stood(read_mesh_file(file), up, unit, height))
