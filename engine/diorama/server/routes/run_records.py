"""What a run leaves: the graph as it ran, its manifest, results, events and log."""

from __future__ import annotations

from typing import Annotated, Final

from fastapi import APIRouter, Header, Query, Response
from pydantic import BaseModel, ConfigDict, Field, JsonValue

from diorama.server.asked import GRAPH_SCHEMA
from diorama.server.event_stream import MEDIA_TYPE, EventStream, read_position
from diorama.server.problems import raises
from diorama.server.replies import JSON, json_list, reply
from diorama.server.security.decisions import READ
from diorama.server.served import TheService
from diorama.server.shown import ResultsModel, results_of
from diorama.server.topics import RUN
from diorama.server.words import Id

router = APIRouter(prefix="/runs/{id}", tags=["runs"], dependencies=[READ])

PAGE: Final = 500


@router.get(
    "/graph",
    summary="The graph of a run",
    operation_id="get_run_graph",
    response_class=Response,
    responses={200: {"content": {JSON: {"schema": GRAPH_SCHEMA}}}, **raises(404)},
)
def get_graph(service: TheService, id: Id) -> Response:  # noqa: A002
    """The graph as it ran: its random seeds are drawn, so that it gives the same again."""
    return Response(service.graph_of(id), media_type=JSON)


@router.get(
    "/manifest",
    summary="The manifest of a run",
    operation_id="get_run_manifest",
    response_class=Response,
    responses={200: {"content": {JSON: {"schema": {"type": "object"}}}}, **raises(404, 409)},
)
def get_manifest(service: TheService, id: Id) -> Response:  # noqa: A002
    """What the run was made of: graph, parameters, every call with its key, version and time, the results."""
    return Response(service.manifest(id), media_type=JSON)


class ChangeModel(BaseModel, title="Change"):
    """A part of what went into a call that is another than the time before."""

    model_config = ConfigDict(from_attributes=True)

    text: str = Field(examples=["steps 20 -> 28"])
    port: str = Field(description="Empty where it is the node itself.", examples=["steps"])
    step: str = Field(description="The step that gives the port its value; empty where the graph does.", examples=[""])


class HindsightModel(BaseModel, title="Hindsight"):
    """What became of a step in a run, and why."""

    model_config = ConfigDict(from_attributes=True)

    step: str = Field(examples=["score"])
    node: str = Field(examples=["diorama/plan_music"])
    ran: bool = Field(description="False where it was cached.")
    made_by: str = Field(description="The run that made what it gave.")
    seconds: float = Field(description="What it took when it was made.")
    reason: str = Field(examples=["steps 20 -> 28"])
    changes: list[ChangeModel]


class HindsightsModel(BaseModel, title="Hindsights"):
    """Every step of a run that gave something."""

    items: list[HindsightModel]


@router.get(
    "/reasons",
    summary="Why a run ran what it ran",
    operation_id="get_run_reasons",
    response_model=HindsightsModel,
    responses=raises(404, 409),
)
def get_reasons(service: TheService, id: Id) -> Response:  # noqa: A002
    """For each step that ran what was another than the time before; for each cached one the run that made it."""
    return reply(HindsightsModel(items=[HindsightModel.model_validate(one) for one in service.reasons(id)]))


@router.get(
    "/results",
    summary="The results of a run",
    operation_id="get_run_results",
    response_model=ResultsModel,
    responses=raises(404),
)
def get_results(service: TheService, id: Id) -> Response:  # noqa: A002
    """The results that are there, also while others are still made or where they failed."""
    return reply(results_of(service.results(id)))


class LineModel(BaseModel, title="LogLine"):
    """What was written to the log of a run."""

    model_config = ConfigDict(from_attributes=True)

    number: int
    at: float = Field(description="Seconds since the epoch.")
    step: str
    item: int | None
    text: str


class LogModel(BaseModel, title="RunLog"):
    """The log of a run."""

    items: list[LineModel]


@router.get(
    "/log", summary="The log of a run", operation_id="get_run_log", response_model=LogModel, responses=raises(404)
)
def get_log(service: TheService, id: Id) -> Response:  # noqa: A002
    """The tracebacks of calls that failed."""
    return reply(LogModel(items=[LineModel.model_validate(line) for line in service.log(id)]))


class EventsModel(BaseModel, title="Events"):
    """Events of a run in their order; `GET /events/schema` has the schema of each kind."""

    items: list[dict[str, JsonValue]]
    next: str | None = Field(description="`since` for what comes after; null where nothing has been told yet.")


Since = Annotated[int, Query(ge=0, le=2**53, description="Number of the event after which to begin.")]


@router.get(
    "/events",
    summary="The events of a run",
    operation_id="get_run_events",
    response_model=EventsModel,
    responses={200: {"content": {MEDIA_TYPE: {"schema": {"type": "string"}}}}, **raises(404)},
)
def get_events(
    service: TheService,
    id: Id,  # noqa: A002
    since: Since = 0,
    limit: Annotated[int, Query(ge=1, le=5000)] = PAGE,
    accept: Annotated[str, Header()] = "",
    last_event_id: Annotated[str, Header(max_length=1000)] = "",
) -> Response:
    """What the run told. With `Accept: text/event-stream` it goes on as long as the run does, without a gap."""
    service.run(id)
    if MEDIA_TYPE in accept:
        return EventStream(service.hub, [RUN + id], {id: since} | read_position(last_event_id))
    events = service.events(id, since, limit)
    return json_list([event for _, event in events], str(events[-1][0]) if len(events) == limit else None)
