"""Tickets: what a browser shows where it can send no header."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Request, Response
from pydantic import BaseModel, Field

from diorama.server.problems import raises
from diorama.server.replies import reply
from diorama.server.security.callers import Caller
from diorama.server.security.decisions import READ
from diorama.server.security.tickets import TICKET_SECONDS, Tickets

router = APIRouter(tags=["events"])


class TicketModel(BaseModel, title="Ticket"):
    """Lets its holder in once, with what the key may do that it was asked for with."""

    ticket: str = Field(examples=["tkt_..."])
    seconds: float = Field(description="How long it can be used.", examples=[30.0])


@router.post(
    "/tickets",
    summary="Get a ticket",
    operation_id="create_ticket",
    status_code=201,
    response_model=TicketModel,
    responses=raises(401, 403),
)
async def create_ticket(request: Request, caller: Annotated[Caller, READ]) -> Response:
    """A ticket for one WebSocket or one stream of events: `/api/v1/events?ticket=...`."""
    tickets: Tickets = request.app.state.tickets
    return reply(TicketModel(ticket=tickets.issue(caller), seconds=TICKET_SECONDS), 201, {"Cache-Control": "no-store"})
