"""Events: what happens, as it happens, over a WebSocket or as server-sent events."""

from __future__ import annotations

from typing import Annotated, Final

from fastapi import APIRouter, Header, Query, Request, Response, WebSocket

from diorama.server.channel import Channel
from diorama.server.documents import TheDocuments
from diorama.server.event_stream import MEDIA_TYPE, EventStream, read_position
from diorama.server.problems import Refusal, raises
from diorama.server.security.callers import Caller
from diorama.server.security.decisions import READ
from diorama.server.served import TheService
from diorama.server.topics import Topic, why_closed

router = APIRouter(prefix="/events", tags=["events"])

MOST_TOPICS: Final = 20
"""Topics of one stream: its id names how far each run is."""


@router.websocket("")
async def hear(websocket: WebSocket, service: TheService, caller: Annotated[Caller, READ]) -> None:
    """Talk with a client that subscribes and is told."""
    try:
        await websocket.accept()
    except OSError:
        # It went away while it was being let in.
        return
    await Channel(websocket, service, caller).hold()


@router.get(
    "",
    summary="Events as they happen",
    operation_id="stream_events",
    response_class=Response,
    responses={200: {"content": {MEDIA_TYPE: {"schema": {"type": "string"}}}}, **raises(403)},
)
async def stream_events(
    service: TheService,
    caller: Annotated[Caller, READ],
    topic: Annotated[list[Topic], Query(min_length=1, max_length=MOST_TOPICS)],
    since: Annotated[str, Query(max_length=1000, description="How far a reader is, as an event's id says it.")] = "",
    last_event_id: Annotated[str, Header(max_length=1000)] = "",
) -> Response:
    """Server-sent events, each with JSON of the schema at `/events/schema`. Complete after any reconnect."""
    closed = [fault for fault in (why_closed(one, caller) for one in topic) if fault is not None]
    if closed:
        raise Refusal(*closed)
    return EventStream(service.hub, topic, read_position(last_event_id or since))


@router.get(
    "/schema",
    summary="The JSON Schema of events",
    operation_id="get_event_schema",
    response_class=Response,
    responses={200: {"content": {"application/schema+json": {"schema": {"type": "object"}}}}},
    dependencies=[READ],
)
async def get_event_schema(request: Request, documents: TheDocuments) -> Response:
    """The union of all kinds of events, with its version."""
    return documents.events.reply(request)
