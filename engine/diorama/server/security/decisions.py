"""Which scope each route wants. A server with a route that says nothing of it does not start."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

from fastapi import FastAPI, Security
from fastapi.dependencies.models import Dependant
from fastapi.openapi.models import HTTPBearer
from fastapi.params import Depends
from fastapi.routing import RouteContext, iter_route_contexts
from fastapi.security import SecurityScopes
from fastapi.security.base import SecurityBase
from starlette.requests import HTTPConnection
from starlette.routing import Router
from starlette.types import ASGIApp, Receive, Scope, Send

from diorama.faults import Fault
from diorama.server.problems import Refusal, problem
from diorama.server.security.admission import CALLER
from diorama.server.security.callers import AccessScope, Caller, Denied


class Admitted(SecurityBase):
    """A dependency that gives the caller of a request, or refuses it where the caller lacks the route's scope."""

    def __init__(self) -> None:
        self.model = HTTPBearer(description="An API key, `dio_...`; over loopback none is needed unless demanded.")
        self.scheme_name = "api_key"

    async def __call__(self, connection: HTTPConnection, scopes: SecurityScopes) -> Caller:
        """The caller; raises `Refusal` (A003 to A006)."""
        caller = caller_of(connection.scope)
        if isinstance(caller, Denied):
            raise Refusal(Fault(caller.code, "", caller.message), headers=challenge(caller))
        for scope in scopes.scopes:
            if not caller.may(scope):
                raise Refusal(Fault("A005", "", f"the API key lacks the scope `{scope}`"))
        return caller


async def anyone() -> None:
    """Let everybody in: for routes that tell nothing and change nothing."""


admitted: Final = Admitted()
PUBLIC: Final[Depends] = Depends(anyone)


def needs(scope: AccessScope) -> Any:
    """The decision that a route's callers need a scope; as a parameter's default or note it also gives the caller."""
    return Security(admitted, scopes=[scope])


READ: Final = needs("read")
RUN: Final = needs("run")
WRITE: Final = needs("write")
ADMIN: Final = needs("admin")


def caller_of(scope: Scope) -> Caller | Denied:
    """The caller that was found for a request; nobody where none was looked for."""
    caller = scope.get(CALLER)
    if isinstance(caller, Caller | Denied):
        return caller
    return Denied("A003", "an API key is wanted")


def challenge(denied: Denied) -> dict[str, str]:
    """The header that says which credentials are wanted, where other ones would help."""
    return {"WWW-Authenticate": 'Bearer realm="diorama"'} if denied.code in ("A003", "A004") else {}


class Guarded:
    """An ASGI app that is mounted beside the routes, behind a scope of its own; None lets everybody in."""

    def __init__(self, app: ASGIApp, scope: AccessScope | None) -> None:
        self.app = app
        self.wanted = scope

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on, or refuse it."""
        caller = caller_of(scope)
        if self.wanted is None:
            await self.app(scope, receive, send)
        elif isinstance(caller, Denied):
            await problem([Fault(caller.code, "", caller.message)], challenge(caller))(scope, receive, send)
        elif not caller.may(self.wanted):
            message = f"the API key lacks the scope `{self.wanted}`"
            await problem([Fault("A005", "", message)])(scope, receive, send)
        else:
            await self.app(scope, receive, send)


def undecided(app: FastAPI) -> list[str]:
    """Every route, mounted app and WebSocket that states no decision, by method and path."""
    found = iter_route_contexts(app.routes)
    missing = [f"{_methods(route)} {route.path}" for route in found if decision_of(route) is None]
    # What no route takes goes to the router's default: the framework's own answers 404.
    default = app.router.default
    is_own = getattr(default, "__func__", None) is Router.not_found
    return missing if is_own or isinstance(default, Guarded) else [*missing, "ANY whatever no route takes"]


def require_decisions(app: FastAPI) -> None:
    """Raise `RuntimeError` with every route that states no decision."""
    missing = undecided(app)
    if missing:
        raise RuntimeError(f"routes without a decision on who may use them: {', '.join(missing)}")


def decision_of(route: RouteContext) -> str | None:
    """What a route wants of its callers: scopes, or `public`; None where it says nothing."""
    dependant = getattr(route, "dependant", None)
    if isinstance(dependant, Dependant):
        return _stated(dependant)
    mounted = getattr(route, "app", None)
    if isinstance(mounted, Guarded):
        return mounted.wanted or "public"
    return None


def _stated(dependant: Dependant) -> str | None:
    calls = list(_all_of(dependant))
    scopes = {scope for one in calls if one.call is admitted for scope in (one.own_oauth_scopes or [])}
    if scopes:
        return " ".join(sorted(scopes))
    return "public" if any(one.call is anyone for one in calls) else None


def _all_of(dependant: Dependant) -> Iterator[Dependant]:
    for one in dependant.dependencies:
        yield one
        yield from _all_of(one)


def _methods(route: RouteContext) -> str:
    return ",".join(sorted(route.methods or ())) or "ANY"
