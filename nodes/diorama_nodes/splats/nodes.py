"""Nodes that read, make, picture and write gaussian splats."""

from __future__ import annotations

from typing import Annotated, Literal, NamedTuple

from pydantic import Field

from diorama.context import Context
from diorama.node import Cost, Unit, node
from diorama.types import File, Seed
from diorama.values import Image, Mesh, Splat
from diorama_nodes.splats.files import SplatRows, Spz, Up


class Splatted(NamedTuple):
    """Soft coloured ellipsoids."""

    splat: Splat


class Pictured(NamedTuple):
    """A picture."""

    image: Image


class EncodedSplat(NamedTuple):
    """One splat in two more formats."""

    spz: Spz
    rows: SplatRows


@node(version=1, cost=Cost(seconds=0.3), category="splat")
def load_splat(
    ctx: Context,
    file: Annotated[File, Field(description="a .ply, .splat or .spz file of gaussians")],
    up: Annotated[
        Up, Field(description="which axis points up in the file; format: -Y in .ply and .splat, Y in .spz")
    ] = "format",
    metres: Annotated[float, Field(gt=0, le=1000, description="what a length of 1 in the file is"), Unit("m")] = 1.0,
) -> Splatted:
    """Read a gaussian splat; colours that change with the direction of view are taken as seen from all sides alike."""
    from diorama_nodes.splats.files import read_splat_file

    ctx.progress(0.0, f"reading {file.name}")
    return Splatted(read_splat_file(file, up, metres))


@node(version=1, cost=Cost(seconds=0.3), category="splat")
def mesh_to_splat(
    ctx: Context,
    mesh: Annotated[Mesh, Field(description="whose surface becomes gaussians, in the colours that it has")],
    count: Annotated[int, Field(ge=16, le=1_000_000, description="how many gaussians")] = 20_000,
    overlap: Annotated[
        float, Field(ge=0.2, le=3, description="radius of each; smaller shows single dots, larger is softer")
    ] = 1.0,
    light: Annotated[
        Literal["soft", "none"], Field(description="paint light from above on, or leave the colours as they are")
    ] = "soft",
    seed: Seed = 0,
) -> Splatted:
    """Cover the surface of a mesh evenly with flat gaussians."""
    from diorama_nodes.splats.surface import splat_of

    ctx.progress(0.0, "spreading gaussians")
    return Splatted(splat_of(mesh, count, overlap, light == "soft", seed))


@node(version=1, cost=Cost(seconds=0.6), category="splat")
def render_splat(
    ctx: Context,
    splat: Annotated[Splat, Field(description="what is seen")],
    width: Annotated[int, Field(ge=16, le=2048, description="pixels across"), Unit("px")] = 960,
    height: Annotated[int, Field(ge=16, le=2048, description="pixels down"), Unit("px")] = 540,
    turn: Annotated[
        float, Field(ge=-360, le=360, description="how far the splat is turned from facing the camera"), Unit("°")
    ] = -35.0,
) -> Pictured:
    """Picture a splat, framed to its size."""
    from diorama_nodes.splats.picture import picture_of_splat

    ctx.progress(0.0, "mixing gaussians")
    return Pictured(picture_of_splat(splat, width, height, turn))


@node(version=1, cost=Cost(seconds=0.2), category="package")
def encode_splat(
    ctx: Context,
    splat: Annotated[Splat, Field(description="what is written; as it is, it is a .ply already")],
) -> EncodedSplat:
    """Write a splat as .spz and .splat, which are smaller than .ply and rounded."""
    from diorama.values.splat_rows import write_rows
    from diorama.values.splat_spz import write_spz

    ctx.progress(0.0, "SPZ")
    spz = write_spz(splat)
    ctx.progress(0.6, ".splat")
    return EncodedSplat(Spz(spz), SplatRows(write_rows(splat.flipped())))
