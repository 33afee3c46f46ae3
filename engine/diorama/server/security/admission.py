"""Who sends a request: told by an API key, by a ticket, or by coming over loopback."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable
from functools import partial
from http.cookies import CookieError, SimpleCookie
from typing import Final, Protocol
from urllib.parse import parse_qs

from starlette.concurrency import run_in_threadpool
from starlette.datastructures import Headers
from starlette.types import ASGIApp, Receive, Scope, Send

from diorama.server.security.callers import LOCAL, Caller, Denied
from diorama.server.security.hosts import is_loopback, read_host
from diorama.server.security.streams import HeldReceive, is_stream
from diorama.server.security.tickets import Tickets

log = logging.getLogger(__name__)

REMEMBERED_SECONDS: Final = 1.0
"""How long a key that was looked up is taken as it was: a key revoked by another process is refused within this."""
MOST_REMEMBERED: Final = 1000
MOST_TOKEN: Final = 200
"""Characters of a key or ticket; what is longer is none."""
FORWARDED: Final = ("forwarded", "x-forwarded-for", "x-forwarded-host", "x-real-ip", "via")
"""With one of these a proxy says that it asks for somebody else: that is not the user of this machine."""
COOKIE: Final = "diorama_key"
SHOWN: Final = ("/api/v1/artefacts/", "/api/v1/templates/")
"""What pages show by its address: pictures, sounds, models."""
CALLER: Final = "diorama.caller"
"""Where a request's scope holds its caller."""


class KeyRing(Protocol):
    """What is asked of the store of API keys. Either may raise: then nobody is let in."""

    def caller_of(self, token: str) -> Caller | None:
        """Whom a key stands for; None where it is unknown, expired or revoked."""

    def holds(self, caller: Caller) -> bool:
        """Whether the key of a caller who was let in is still known, neither expired nor revoked."""

    def are_wanted(self) -> bool:
        """Whether keys are demanded of everybody, the user of this machine included."""


class Admission:
    """Finds out who calls. Whatever goes wrong in that, the answer is nobody."""

    def __init__(
        self, keys: KeyRing, tickets: Tickets, *, is_wide: bool, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self.keys = keys
        self.tickets = tickets
        self.is_wide = is_wide
        """Whether the server is bound wider than loopback: then everybody needs a key."""
        self._clock = clock
        self._remembered: dict[str, tuple[Caller | Denied, float]] = {}

    async def caller(self, scope: Scope) -> Caller | Denied:
        """The caller of a request or WebSocket, or why there is none."""
        headers = Headers(scope=scope)
        given = headers.getlist("authorization")
        if given:
            return await self._looked_up(_token(given))
        ticket = _ticket(scope, headers)
        if ticket is not None:
            return self.tickets.redeem(ticket) or Denied("A004", "the ticket is unknown, used or too old")
        found: Caller | Denied = Denied("A003", "an API key is wanted: send it as `Authorization: Bearer dio_...`")
        if self._is_from_here(scope, headers):
            found = await self._looked_up("")
        if isinstance(found, Denied) and (shown := _key_of_picture(scope, headers)) is not None:
            return await self._looked_up(shown)
        return found

    async def holds(self, caller: Caller) -> bool:
        """Whether who was let in would be let in again; a store that cannot be read puts nobody out."""
        return await run_in_threadpool(self._still_holds, caller)

    def _still_holds(self, caller: Caller) -> bool:
        try:
            return not self.keys.are_wanted() if caller == LOCAL else self.keys.holds(caller)
        except Exception:
            log.exception("the store of API keys cannot be read")
            return True

    def forget(self) -> None:
        """Look every key up anew, as after one was revoked."""
        self._remembered.clear()

    def _is_from_here(self, scope: Scope, headers: Headers) -> bool:
        """Whether the user of this machine asks: over loopback, by a loopback name, and through no proxy."""
        client = scope.get("client")
        if self.is_wide or client is None or not is_loopback(client[0]):
            return False
        host = read_host(headers.get("host", ""))
        return host is not None and is_loopback(host.name) and not any(name in headers for name in FORWARDED)

    async def _looked_up(self, token: str) -> Caller | Denied:
        """Whom a key stands for; an empty one stands for the user of this machine."""
        now = self._clock()
        kept = self._remembered.get(token)
        if kept is not None and now < kept[1]:
            return kept[0]
        found = await run_in_threadpool(self._ask, token)
        if len(self._remembered) >= MOST_REMEMBERED:
            self._remembered.clear()
        if not isinstance(found, Denied) or found.code != "A006":
            self._remembered[token] = (found, now + REMEMBERED_SECONDS)
        return found

    def _ask(self, token: str) -> Caller | Denied:
        try:
            if not token:
                if self.keys.are_wanted():
                    return Denied("A003", "an API key is wanted here too: the setting `require_keys` is on")
                return LOCAL
            caller = self.keys.caller_of(token)
        except Exception:
            log.exception("the store of API keys cannot be read")
            return Denied("A006", "the store of API keys cannot be read, so nobody is let in")
        return caller or Denied("A004", "the API key is unknown, expired or revoked")


class Admit:
    """Around an app: finds the caller of each request and leaves it in the scope, where routes ask for it."""

    def __init__(self, app: ASGIApp, admission: Admission) -> None:
        self.app = app
        self.admission = admission

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on with its caller."""
        if scope["type"] in ("http", "websocket"):
            scope[CALLER] = caller = await self.admission.caller(scope)
            if isinstance(caller, Caller) and is_stream(scope):
                receive = HeldReceive(scope, receive, send, partial(self.admission.holds, caller))
        await self.app(scope, receive, send)


def _token(given: list[str]) -> str:
    """The key in an Authorization header; `-`, which is no key, where the header is of another form."""
    kind, _, token = given[0].partition(" ")
    token = token.strip()
    is_one = len(given) == 1 and kind.lower() == "bearer" and token.isascii()
    return token if is_one and 0 < len(token) <= MOST_TOKEN else "-"


def _key_of_picture(scope: Scope, headers: Headers) -> str | None:
    """The key in the cookie of a page that shows something: pictures and sounds can be asked for with no header.

    It counts for nothing but reading those, and browsers send it from the server's own pages alone.
    """
    if scope["type"] != "http" or scope["method"] not in ("GET", "HEAD") or not scope["path"].startswith(SHOWN):
        return None
    try:
        found = SimpleCookie(headers.get("cookie", "")).get(COOKIE)
    except CookieError:
        return None
    return None if found is None else _token([f"Bearer {found.value}"])


def _ticket(scope: Scope, headers: Headers) -> str | None:
    """The ticket in the address of a WebSocket or of a stream of events: where browsers can send no header."""
    query = scope.get("query_string", b"")
    is_stream = scope["type"] == "websocket" or headers.get("accept", "").startswith("text/event-stream")
    if not is_stream or b"ticket=" not in query:
        return None
    found = parse_qs(query.decode("latin-1"), max_num_fields=100).get("ticket", [])
    return found[0][:MOST_TOKEN] if len(found) == 1 else ""
