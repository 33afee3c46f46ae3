"""The node that makes an object of a plan."""

from __future__ import annotations

from typing import Annotated, NamedTuple

from pydantic import Field

from diorama.context import Context
from diorama.node import Cost, node
from diorama.types import Seed
from diorama.values import Mesh
from diorama_nodes.plan.schema import ObjectSpec


class MadeObject(NamedTuple):
    """A mesh of the object, in metres: Y up, front towards +Z, standing on the ground under its middle."""

    mesh: Mesh


@node(version=1, cost=Cost(seconds=0.03), category="objects")
def make_object(
    ctx: Context,
    object: Annotated[ObjectSpec, Field(description="what is to be made: its kind, size, colour, material")],  # noqa: A002
    style: Annotated[str, Field(max_length=80, description="look of the scene, such as cyberpunk or medieval")] = "",
    seed: Annotated[Seed, Field(description="chooses among forms that fit the same words")] = 0,
) -> MadeObject:
    """Make a textured mesh of a parametric object."""
    from diorama_nodes.objects.registry import build

    ctx.progress(0.0, f"making {object.kind}")
    return MadeObject(build(object, style, seed))
