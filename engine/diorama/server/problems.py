"""What an error looks like over HTTP: problem documents (RFC 9457), each with the faults that led to it."""

from __future__ import annotations

import logging
from collections.abc import Mapping, Sequence
from http import HTTPStatus
from typing import Any, Final

import orjson
from fastapi import FastAPI, Request, Response
from fastapi.exceptions import RequestValidationError
from fastapi.routing import iter_route_contexts
from pydantic import BaseModel, ConfigDict, Field
from starlette.exceptions import HTTPException

from diorama.faults import CODES, DioramaError, Fault, faults_json

log = logging.getLogger(__name__)

MEDIA_TYPE: Final = "application/problem+json"
MOST_FAULTS: Final = 1000
"""A problem lists no more faults than this; its detail says how many there are."""
RETRY_SECONDS: Final = 1
IN_DOCUMENTS: Final = ("/nodes", "/parameters", "/results")
"""How places in a graph begin; other places of a full disk are folders of this machine."""

STATUS: Final[Mapping[str, int]] = {
    **dict.fromkeys(("G001", "G002", "G003", "G005", "G006"), 400),
    **dict.fromkeys(("S001", "S002", "S003", "S004", "S005"), 503),
    "R006": 507,
    **dict.fromkeys(("R001", "R004"), 500),
    "R003": 504,
    **dict.fromkeys(("R012", "R013"), 503),
    **dict.fromkeys(("A003", "A004"), 401),
    **dict.fromkeys(("A002", "A005", "A008"), 403),
    "A001": 421,
    "U002": 413,
    "U003": 409,
    "U006": 410,
    "U008": 416,
    "U007": 404,
    "A006": 503,
    "Q001": 404,
    **dict.fromkeys(("Q002", "Q007"), 409),
    "Q006": 412,
    "H002": 404,
    "H003": 405,
    "H004": 412,
    "H005": 428,
    "H006": 413,
    "H007": 415,
    "H008": 503,
    "H009": 500,
    "H010": 409,
}
"""The status of an error by the code of its first fault; 422 for codes that are not here."""

CODE_OF_STATUS: Final[Mapping[int, str]] = {
    404: "H002",
    405: "H003",
    413: "H006",
    415: "H007",
    500: "H009",
    503: "H008",
}
"""The code of an error that comes from the layers below, by its status."""


class FaultModel(BaseModel, title="Fault"):
    """One thing that is wrong."""

    model_config = ConfigDict(from_attributes=True)

    code: str = Field(description="Stable code; docs/faults.md lists them.", examples=["G103"])
    at: str = Field(
        description="JSON pointer into the graph document or the request, or the place in words.",
        examples=["/nodes/mesh/inputs/image"],
    )
    message: str = Field(examples=["mesh needs an image, but none is given"])


class Problem(BaseModel):
    """Why a request was refused (RFC 9457)."""

    type: str = Field(description="A URN that names the first fault's code.", examples=["urn:diorama:fault:G103"])
    title: str = Field(examples=["missing input"])
    status: int = Field(examples=[422])
    detail: str = Field(examples=["mesh needs an image, but none is given"])
    faults: list[FaultModel]


def raises(*statuses: int) -> dict[int | str, dict[str, Any]]:
    """What a route's `responses` say of errors with these statuses."""
    schema = {"$ref": "#/components/schemas/Problem"}
    return {
        status: {"description": HTTPStatus(status).phrase, "content": {MEDIA_TYPE: {"schema": schema}}}
        for status in statuses
    }


class Refusal(Exception):
    """Raised by a handler to refuse a request; the status follows from the first fault's code."""

    def __init__(self, *faults: Fault, headers: Mapping[str, str] | None = None) -> None:
        super().__init__("; ".join(str(fault) for fault in faults))
        self.faults = faults
        self.headers = dict(headers or {})


def refused(code: str, at: str, message: str) -> Refusal:
    """A refusal with a single fault."""
    return Refusal(Fault(code, at, message))


def status_of(faults: Sequence[Fault]) -> int:
    """The HTTP status that faults lead to: that of the first."""
    return STATUS.get(faults[0].code, 422) if faults else 500


def problem(faults: Sequence[Fault], headers: Mapping[str, str] | None = None) -> Response:
    """The reply to a request that is refused with these faults."""
    status = status_of(faults)
    told = [outward(fault) for fault in faults[:MOST_FAULTS]]
    first = told[0]
    others = len(faults) - 1
    document = {
        "type": f"urn:diorama:fault:{first.code}",
        "title": CODES[first.code][0],
        "status": status,
        "detail": f"{first.message} (and {others:,} more)" if others else first.message,
        "faults": faults_json(told),
    }
    given = dict(headers or {})
    if status == HTTPStatus.SERVICE_UNAVAILABLE:
        given.setdefault("Retry-After", str(RETRY_SECONDS))
    return Response(orjson.dumps(document), status, given, MEDIA_TYPE)


def outward(fault: Fault) -> Fault:
    """A fault as strangers may hear it: those of the store name folders, hosts and users; the log has them whole."""
    if fault.code[0] == "S":
        return Fault(fault.code, "store", CODES[fault.code][1])
    if fault.code == "R006" and not fault.at.startswith(IN_DOCUMENTS):
        return Fault(fault.code, "store", fault.message)
    return fault


def install(app: FastAPI) -> None:
    """Let every error of the app be told as a problem."""
    app.add_exception_handler(DioramaError, _of_faults)
    app.add_exception_handler(Refusal, _of_faults)
    app.add_exception_handler(RequestValidationError, _of_validation)
    app.add_exception_handler(HTTPException, _of_http)
    app.add_exception_handler(Exception, _of_bug)


async def _of_faults(request: Request, error: Exception) -> Response:
    assert isinstance(error, DioramaError | Refusal)
    for fault in error.faults:
        if outward(fault) != fault:
            log.error(str(fault), extra={"fields": {"code": fault.code}})
    return problem(error.faults, error.headers if isinstance(error, Refusal) else None)


async def _of_validation(request: Request, error: Exception) -> Response:
    assert isinstance(error, RequestValidationError)
    return problem([_fault_of(one["loc"], one["msg"]) for one in error.errors()])


def _fault_of(place: Sequence[str | int], message: str) -> Fault:
    where, *steps = place
    return Fault("H001", f"{where} {'.'.join(map(str, steps))}".strip(), message)


async def _of_http(request: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)
    code = CODE_OF_STATUS.get(error.status_code, "H001")
    at = request.url.path
    messages = {
        "H002": f"there is nothing at {at:.200}",
        "H003": f"{request.method} is not taken at {at:.200}",
    }
    headers = dict(error.headers or {})
    if code == "H003":
        headers["Allow"] = ", ".join(methods_at(request.app, at))
    return problem([Fault(code, at[:200], messages.get(code, str(error.detail)))], headers)


def methods_at(app: FastAPI, path: str) -> list[str]:
    """Every method that is taken at a path: the framework tells those of one route alone."""
    found: set[str] = set()
    for route in iter_route_contexts(app.routes):
        expression = getattr(route, "path_regex", None)
        if expression is not None and expression.match(path):
            found |= route.methods or set()
    return sorted(found)


async def _of_bug(request: Request, error: Exception) -> Response:
    # The traceback goes to the log; whoever asked is told nothing of the inside.
    return problem([Fault("H009", request.url.path[:200], "the server met an error of its own; its log has more")])
