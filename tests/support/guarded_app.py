"""A small app with one route of each kind, with and without its guards: what a test of a defence is tried on."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Annotated

from fastapi import APIRouter, FastAPI, Response, WebSocket
from fastapi.responses import StreamingResponse
from starlette.types import ASGIApp, Receive, Scope, Send

from diorama.server import problems
from diorama.server.security.admission import Admission, Admit, KeyRing
from diorama.server.security.callers import LOCAL, Caller
from diorama.server.security.decisions import ADMIN, PUBLIC, READ, RUN, WRITE
from diorama.server.security.gate import Gate, GatePolicy
from diorama.server.security.tickets import Tickets

PORT = 8321


class Ring:
    """Keys by token, all of them known beforehand."""

    def __init__(self, keys: dict[str, Caller] | None = None, are_wanted: bool = False) -> None:
        self.keys = keys or {}
        self.wanted = are_wanted

    def caller_of(self, token: str) -> Caller | None:
        return self.keys.get(token)

    def holds(self, caller: Caller) -> bool:
        return caller in self.keys.values()

    def are_wanted(self) -> bool:
        return self.wanted


class Served:
    """An app as a server would serve it: the address a request came in on and who sent it, set by the test."""

    def __init__(self, app: ASGIApp, address: str = "127.0.0.1", port: int = PORT, client: str = "127.0.0.1") -> None:
        self.app = app
        self.server = (address, port)
        self.client = (client, 50_000)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] in ("http", "websocket"):
            scope = {**scope, "server": self.server, "client": self.client}
        await self.app(scope, receive, send)


def bare_app() -> FastAPI:
    """Routes that change something by each method, a stream, a WebSocket; each says what it wants of its callers."""
    app = FastAPI(openapi_url=None)
    problems.install(app)
    router = APIRouter()

    @router.api_route("/things", methods=["GET"], dependencies=[READ])
    @router.api_route("/things", methods=["POST"], dependencies=[RUN])
    @router.api_route("/things", methods=["PUT", "PATCH", "DELETE"], dependencies=[WRITE])
    async def things() -> dict[str, str]:
        return {"thing": "changed"}

    @router.get("/settings", dependencies=[ADMIN])
    async def settings() -> dict[str, str]:
        return {"setting": "told"}

    @router.get("/health", dependencies=[PUBLIC])
    async def health() -> dict[str, str]:
        return {"state": "alive"}

    @router.get("/whoami")
    async def whoami(caller: Annotated[Caller, READ]) -> dict[str, str]:
        return {"id": caller.id}

    @router.get("/generous", dependencies=[READ])
    async def generous() -> Response:
        grants = {"Access-Control-Allow-Origin": "*", "Access-Control-Allow-Credentials": "true"}
        return Response("granted", headers=grants)

    @router.get("/stream", dependencies=[READ])
    async def stream() -> StreamingResponse:
        async def lines() -> AsyncIterator[str]:
            yield "data: {}\n\n"

        return StreamingResponse(lines(), media_type="text/event-stream")

    @router.websocket("/events", dependencies=[READ])
    async def events(websocket: WebSocket) -> None:
        await websocket.accept()
        await websocket.send_text("hello")
        await websocket.close()

    app.include_router(router, prefix="/api/v1")
    return app


class AsLocal:
    """Takes everybody for the user of this machine: what is left when admission is taken out."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        await self.app({**scope, "diorama.caller": LOCAL}, receive, send)


def guarded(
    policy: GatePolicy | None = None,
    ring: KeyRing | None = None,
    *,
    gate: bool = True,
    admission: bool = True,
    is_wide: bool = False,
    address: str = "127.0.0.1",
    client: str = "127.0.0.1",
    tickets: Tickets | None = None,
) -> Served:
    """The app with its guards; `gate` or `admission` False is the app with that defence taken out."""
    bare = bare_app()
    found = Admission(ring or Ring(), tickets or Tickets(), is_wide=is_wide)
    app: ASGIApp = Admit(bare, found) if admission else AsLocal(bare)
    if gate:
        app = Gate(app, policy or GatePolicy())
    return Served(app, address=address, client=client)
