"""One call, one file: a picture in and a mesh out, words in and a picture or a mesh out."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any, Final

from fastapi import APIRouter, Depends, Query, Request, Response
from fastapi.concurrency import run_in_threadpool
from pydantic import BaseModel, Field, JsonValue

from diorama.keys import written
from diorama.refs import Blob
from diorama.run.service import Service
from diorama.server.bodies import JsonBody
from diorama.server.content import Content, reply_with
from diorama.server.doors.door import DOORS, Asked, Door, submit
from diorama.server.doors.picture import MOST_FORM_BYTES, received_picture
from diorama.server.doors.shown import GenerationModel, OutcomeModel, generation_model, outcome_model
from diorama.server.doors.stages import standing
from diorama.server.doors.waiting import is_over
from diorama.server.problems import Refusal, raises
from diorama.server.replies import reply
from diorama.server.routes.runs import IdempotencyKey
from diorama.server.security.callers import Caller
from diorama.server.security.decisions import RUN
from diorama.server.served import TheService
from diorama.server.stored import Stored, TheStored
from diorama.server.words import Line, Prose

router = APIRouter(prefix="/generate", tags=["doors"])

WAIT_SECONDS: Final = 30.0
MOST_WAIT: Final = 300.0
Wait = Annotated[
    float,
    Query(ge=0, le=MOST_WAIT, description="Seconds to wait for the file; then 202 says where to ask for it."),
]
GraphName = Annotated[Line | None, Query(description="A saved graph to take instead of the usual one.")]
Seed = Annotated[int | None, Query(ge=0, le=2**53 - 1)]


class PromptRequest(BaseModel, extra="forbid"):
    """Words, and what else the graph takes."""

    prompt: Prose = Field(min_length=1, examples=["a red wooden rowing boat"])
    seed: int | None = Field(default=None, ge=0, le=2**53 - 1, strict=True, examples=[7])
    parameters: dict[str, JsonValue] = Field(default_factory=dict, description="Further parameters of the graph.")
    graph: Line | None = Field(default=None, description="A saved graph to take instead of the usual one.")

    def values(self) -> dict[str, JsonValue]:
        """The values of the graph's parameters."""
        seed: dict[str, JsonValue] = {} if self.seed is None else {"seed": self.seed}
        return {"prompt": self.prompt, **seed, **self.parameters}


AskedPrompt = Annotated[PromptRequest, Depends(JsonBody(PromptRequest))]


def answers(*media_types: str) -> dict[str, Any]:
    """What the routes here answer with: the file, or where to ask for it."""
    files = {media: {"schema": {"type": "string", "format": "binary"}} for media in media_types}
    told = {"application/json": {"schema": {"$ref": "#/components/schemas/GenerationResult"}}}
    return {
        "response_class": Response,
        "responses": {
            200: {"description": "The file; JSON where `Accept` asks for it.", "content": {**files, **told}},
            202: {"model": GenerationModel, "description": "Not done yet: `Location` says where to ask."},
            **raises(404, 409, 410),
        },
    }


@router.post("/image", summary="Words to a picture", operation_id="generate_image", **answers("image/png"))
async def generate_image(
    request: Request,
    service: TheService,
    stored: TheStored,
    caller: Annotated[Caller, RUN],
    asked: AskedPrompt,
    wait: Wait = WAIT_SECONDS,
    idempotency_key: IdempotencyKey = None,
) -> Response:
    """A sentence in, a PNG out."""
    given = Asked(DOORS["image"], asked.values(), asked.graph, caller.id, idempotency_key)
    return await answered(request, service, stored, given, wait)


@router.post(
    "/full", summary="Words to a picture to a mesh", operation_id="generate_full", **answers("model/gltf-binary")
)
async def generate_full(
    request: Request,
    service: TheService,
    stored: TheStored,
    caller: Annotated[Caller, RUN],
    asked: AskedPrompt,
    wait: Wait = WAIT_SECONDS,
    idempotency_key: IdempotencyKey = None,
) -> Response:
    """A few words in, a GLB out; the status shows the picture as a first stage and the mesh as a second."""
    given = Asked(DOORS["full"], asked.values(), asked.graph, caller.id, idempotency_key)
    return await answered(request, service, stored, given, wait)


PICTURE: Final = {
    "required": True,
    "content": {
        "*/*": {"schema": {"type": "string", "format": "binary"}},
        "multipart/form-data": {
            "schema": {
                "type": "object",
                "required": ["image"],
                "properties": {"image": {"type": "string", "format": "binary"}},
            }
        },
    },
}


@router.post(
    "/mesh",
    summary="A picture to a mesh",
    operation_id="generate_mesh",
    openapi_extra={"requestBody": PICTURE},
    max_body_size=MOST_FORM_BYTES,
    **answers("model/gltf-binary"),
)
async def generate_mesh(
    request: Request,
    service: TheService,
    stored: TheStored,
    caller: Annotated[Caller, RUN],
    height: Annotated[float | None, Query(gt=0, le=1000, description="Metres.")] = None,
    graph: GraphName = None,
    wait: Wait = WAIT_SECONDS,
    idempotency_key: IdempotencyKey = None,
) -> Response:
    """A PNG, JPEG or WebP in, as the body or as the field `image` of a form; a GLB out."""
    picture = await received_picture(request, service, stored, caller.id)
    tall: Mapping[str, JsonValue] = {} if height is None else {"height": height}
    given = Asked(DOORS["mesh"], {"image": written(picture), **tall}, graph, caller.id, idempotency_key)
    return await answered(request, service, stored, given, wait)


async def answered(request: Request, service: Service, stored: Stored, asked: Asked, wait: float) -> Response:
    """The file that a door gives, where it is there in time; else where to ask for it."""
    view, _ = await run_in_threadpool(submit, service, asked)
    await is_over(service, view.id, wait)
    return await run_in_threadpool(_outcome, request, service, stored, asked.door, view.id)


def _outcome(request: Request, service: Service, stored: Stored, door: Door, run: str) -> Response:
    stands = standing(service, run)
    links = {"X-Run-Id": run, "Link": f'</v1/generations/{run}/result>; rel="describedby"'}
    if stands.status == "failed":
        raise Refusal(*stands.view.faults, headers=links)
    if stands.status != "done":
        headers = {"Location": f"/v1/generations/{run}/status", **links}
        return reply(generation_model(stands), 202, headers)
    if wants_json(request.headers.get("accept", "")):
        return reply(outcome_model(service, run), headers=links)
    ref = service.results(run)[door.result]
    assert isinstance(ref, Blob)
    response = reply_with(stored.verifier, Content(ref.digest, ref.size, ref.media_type, door.result), request)
    response.headers.update(links)
    return response


def wants_json(accept: str) -> bool:
    """Whether an `Accept` asks for JSON before anything else."""
    return accept.partition(",")[0].partition(";")[0].strip() == "application/json"


__all__ = ["OutcomeModel", "router"]
