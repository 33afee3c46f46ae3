"""The catalogue: nodes, types, and the schema of graph documents."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Path, Request, Response
from pydantic import BaseModel, Field, JsonValue

from diorama.refusals import NoSuch
from diorama.server.documents import Documents, TheDocuments
from diorama.server.problems import raises
from diorama.server.replies import Document
from diorama.server.security.decisions import READ

router = APIRouter(tags=["nodes"], dependencies=[READ])


class PackModel(BaseModel, title="Pack"):
    """A pack of nodes that was found."""

    name: str = Field(examples=["diorama"])
    version: str = Field(examples=["0.1.0"])


class InputModel(BaseModel, title="InputPort", extra="allow"):
    """An input of a node; `minimum`, `above`, `maximum`, `below`, `step`, `pattern`, lengths where they hold."""

    name: str
    type: str
    help: str
    unit: str | None = None
    default: JsonValue = None
    choices: list[JsonValue] | None = None
    cosmetic: bool = False
    lazy: bool = False
    advanced: bool = Field(default=False, description="Seldom touched: among the details of a node, not on it.")


class OutputModel(BaseModel, title="OutputPort"):
    """An output of a node."""

    name: str
    type: str


class CostModel(BaseModel, title="Cost"):
    """What a call is declared to cost."""

    seconds: float
    vram_gib: float


class NodeModel(BaseModel, title="NodeType", extra="allow"):
    """A node that graphs can use."""

    id: str = Field(examples=["diorama/cut_out"])
    version: int
    category: str
    help: str
    inputs: list[InputModel]
    outputs: list[OutputModel]
    cost: CostModel
    volatile: bool
    batched: bool
    time_limit: float = Field(description="Seconds.")


class TypesModel(BaseModel, title="Types"):
    """What fits what: for each type those that it may be used as, besides itself."""

    types: dict[str, list[str]] = Field(examples=[{"rig": ["mesh"], "mesh": []}])


class CatalogueModel(TypesModel, title="Catalogue"):
    """Every node, type and pack that was found."""

    packs: list[PackModel]
    nodes: list[NodeModel]
    broken: list[str] = Field(description="Modules that could not be loaded, each with why.")


@router.get("/nodes", summary="The catalogue of nodes", operation_id="list_nodes", response_model=CatalogueModel)
async def list_nodes(request: Request, documents: TheDocuments) -> Response:
    """Every node with its ports, ranges, defaults, help and cost; the same while the server runs."""
    return documents.catalogue.reply(request)


@router.get(
    "/nodes/{id:path}", summary="One node", operation_id="get_node", response_model=NodeModel, responses=raises(404)
)
async def get_node(
    request: Request,
    documents: TheDocuments,
    id: Annotated[str, Path(examples=["diorama/cut_out"])],  # noqa: A002
) -> Response:
    """A node by its id `pack/name`."""
    return _found(documents, id).reply(request)


def _found(documents: Documents, id_: str) -> Document:
    if id_ not in documents.nodes:
        raise NoSuch("node", id_)
    return documents.nodes[id_]


@router.get("/types", summary="The table of types", operation_id="list_types", response_model=TypesModel)
async def list_types(request: Request, documents: TheDocuments) -> Response:
    """What fits what, as the engine computes it."""
    return documents.types.reply(request)


@router.get(
    "/schema",
    summary="The JSON Schema of graph documents",
    operation_id="get_schema",
    responses={200: {"content": {"application/schema+json": {"schema": {"type": "object"}}}}},
    response_class=Response,
)
async def get_schema(request: Request, documents: TheDocuments) -> Response:
    """The schema (draft 2020-12) that graph documents keep to."""
    return documents.schema.reply(request)
