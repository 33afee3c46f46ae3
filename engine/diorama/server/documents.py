"""Documents that do not change while the server runs: written once, told by their tag from then on."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated, Final

from fastapi import Depends
from starlette.requests import HTTPConnection

from diorama.catalogue import Catalogue
from diorama.schema import graph_schema
from diorama.server.event_schema import event_schema
from diorama.server.replies import Document

SCHEMA: Final = "application/schema+json"


@dataclass(frozen=True, slots=True)
class Documents:
    """The catalogue, each node of it, the table of types, the schemas of graphs and of events."""

    catalogue: Document
    nodes: Mapping[str, Document]
    types: Document
    schema: Document
    events: Document


def documents_of(catalogue: Catalogue) -> Documents:
    """The documents of a server with these nodes."""
    tree = catalogue.json()
    nodes = {entry.id: Document(entry.json()) for entry in catalogue.entries.values() if not entry.why_unreadable}
    return Documents(
        Document(tree),
        nodes,
        Document({"types": tree["types"]}),
        Document(graph_schema(), SCHEMA),
        Document(event_schema(), SCHEMA),
    )


async def _documents(connection: HTTPConnection) -> Documents:
    documents: Documents = connection.app.state.documents
    return documents


TheDocuments = Annotated[Documents, Depends(_documents)]
