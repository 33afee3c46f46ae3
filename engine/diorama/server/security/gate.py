"""The outermost door: refuses what browsers are made to send by pages of others, before anything else is looked at."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from starlette.datastructures import Headers
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from diorama.faults import Fault
from diorama.server.problems import problem
from diorama.server.security.headers import guarded_headers
from diorama.server.security.hosts import AllowedHosts
from diorama.server.security.origins import why_foreign

STARTS = frozenset({"http.response.start", "websocket.http.response.start"})
PRIVATE_NETWORK = ("access-control-request-private-network", "access-control-request-local-network")
"""With these a browser asks, for a page of the open web, whether it may reach into the local network."""


@dataclass(frozen=True, slots=True)
class GatePolicy:
    """Which names are answered to and which origins are taken besides the server's own."""

    hosts: AllowedHosts = field(default_factory=AllowedHosts)
    origins: frozenset[str] = frozenset()


class Gate:
    """Around a whole app: checks Host, Origin and Sec-Fetch-Site of every request whatever its method, and of every
    WebSocket; guards the headers of every answer."""

    def __init__(self, app: ASGIApp, policy: GatePolicy) -> None:
        self.app = app
        self.policy = policy

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on, or refuse it."""
        if scope["type"] not in ("http", "websocket"):
            await self.app(scope, receive, send)
            return

        async def guarded(message: Message) -> None:
            if message["type"] in STARTS:
                message = {**message, "headers": guarded_headers(message.get("headers", ()))}
            await send(message)

        fault = why_refused(scope, self.policy)
        if fault is None:
            await self.app(scope, receive, guarded)
        else:
            await problem([fault])(scope, receive, guarded)


SHARED_PAGE = re.compile(r"/s/[^/]+")


def is_shared_page(scope: Scope) -> bool:
    """Whether the page of a link is asked for: links are sent around, and lead here from pages of other sites. The page
    holds nothing; what it shows it fetches itself, as a page of this server."""
    is_read = scope["type"] == "http" and scope.get("method") in ("GET", "HEAD")
    return is_read and SHARED_PAGE.fullmatch(scope.get("path", "")) is not None


def why_refused(scope: Scope, policy: GatePolicy) -> Fault | None:
    """Why a request does not come in (A001, A002); None where it does."""
    headers = Headers(scope=scope)
    hosts = headers.getlist("host")
    if len(hosts) != 1:
        return Fault("A001", "Host", "exactly one Host header is wanted")
    server = scope.get("server")
    if not policy.hosts.allows(hosts[0], scope.get("scheme", "http"), (server[0], server[1]) if server else None):
        said = f"this server does not answer to the name {hosts[0]!r:.100}; --allow-host NAME[:PORT] lets it"
        return Fault("A001", "Host", said)
    if any(name in headers for name in PRIVATE_NETWORK):
        return Fault("A002", "Origin", "pages of other networks are not let in")
    if is_shared_page(scope):
        return None
    why = why_foreign(headers.getlist("origin"), headers.getlist("sec-fetch-site"), hosts[0], policy.origins)
    return None if why is None else Fault("A002", "Origin", why)
