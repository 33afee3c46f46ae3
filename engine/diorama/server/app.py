"""The application: every resource over one service."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fastapi import FastAPI
from starlette.types import ASGIApp

from diorama.run.service import Service
from diorama.server import problems
from diorama.server.chores import Chores
from diorama.server.documents import documents_of
from diorama.server.editor import Editor
from diorama.server.observe.meter import Meter
from diorama.server.observe.requests import Requests
from diorama.server.observe.traces import RunTraces
from diorama.server.observe.watch import Watch
from diorama.server.openapi import describe
from diorama.server.options import ServerOptions
from diorama.server.routes import (
    artefacts,
    batches,
    cache,
    calls,
    checks,
    devices,
    events,
    figures,
    generate,
    generations,
    graphs,
    machine,
    nodes,
    probes,
    projects,
    queue,
    result_bytes,
    run_records,
    runs,
    scene_pages,
    settings,
    shared,
    shares,
    status,
    templates,
    tickets,
    uploads,
)
from diorama.server.security.decisions import Guarded, require_decisions
from diorama.server.security.guards import Guards
from diorama.server.stored import Stored
from diorama.version import VERSION

if TYPE_CHECKING:
    from opentelemetry.trace import Tracer

API = "/api/v1"
CLOSE_SECONDS = 5.0
"""How long an app that closes waits for what it does in the background."""
RESOURCES = (
    runs,
    run_records,
    events,
    queue,
    batches,
    checks,
    graphs,
    projects,
    nodes,
    templates,
    artefacts,
    scene_pages,
    uploads,
    result_bytes,
    shares,
    cache,
    calls,
    settings,
    devices,
    machine,
    tickets,
    probes,
)
"""Modules under /api/v1, each with a `router`."""
AT_THE_ROOT = (figures, generations, generate, status, shared)
"""Modules that programs of other makers expect without a version before them."""


class Application(FastAPI):
    """An app that nothing reaches but through its guards, and nothing leaves, answers to errors included."""

    guards: Guards
    meter: Meter
    watch: Watch
    stored: Stored
    chores: Chores
    tracer: Tracer | None = None

    def open(self) -> None:
        """Begin to watch what the service does; for whoever serves the app."""
        self.watch.open()

    def close(self) -> None:
        """Let threads and processes of the app's own go."""
        self.watch.close()
        self.chores.wait(CLOSE_SECONDS)
        self.stored.close()

    def build_middleware_stack(self) -> ASGIApp:
        """The framework's layers with the guards around them; what they refuse is logged and counted too."""
        guarded = self.guards.around(super().build_middleware_stack())
        return Requests(guarded, self.meter, self.tracer, self.state.service.right_of_way)

    def trace_to(self, tracer: Tracer) -> None:
        """Make spans of requests, runs and calls; before the app is served."""
        self.tracer = tracer
        self.watch.traces = RunTraces(tracer)


def create_app(service: Service, options: ServerOptions | None = None) -> Application:
    """The ASGI application; the service is started and closed by whoever made it."""
    chosen = options or ServerOptions()
    app = Application(
        title="Diorama",
        version=VERSION,
        docs_url=None,
        redoc_url=None,
        openapi_url=None,
        redirect_slashes=False,
        # The framework's own traces would tell queries, where tickets are; `observe` makes others.
        telemetry={"tracing": False, "metrics": False, "logs": False},
    )
    app.guards = Guards.of(service, chosen)
    app.meter = app.state.meter = Meter(service)
    app.watch = Watch(service, app.meter)
    app.stored = app.state.stored = Stored.of(service)
    app.state.tickets = app.guards.tickets
    app.chores = app.state.chores = Chores(service.wall)
    app.state.tail = None
    app.state.service = service
    app.state.options = chosen
    app.state.editor = Editor(chosen.editor)
    app.state.documents = documents_of(service.library.catalogue)
    problems.install(app)
    for resource in RESOURCES:
        app.include_router(resource.router, prefix=API)
    for resource in AT_THE_ROOT:
        app.include_router(resource.router)
    describe(app)
    app.router.default = Guarded(app.state.editor, None)
    require_decisions(app)
    return app
