"""T04, T08, T11, T12: who is let in, with which scopes, and that nobody is where it cannot be told."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

import pytest
from fastapi import APIRouter, FastAPI
from starlette.responses import PlainTextResponse
from starlette.routing import Mount, Route, WebSocketRoute
from starlette.testclient import TestClient, WebSocketDenialResponse
from starlette.websockets import WebSocket
from tests.support.guarded_app import Ring, Served, bare_app, guarded
from tests.support.tally import catalogue

from diorama.faults import DioramaError
from diorama.run.service import Service
from diorama.server.app import create_app
from diorama.server.security.admission import REMEMBERED_SECONDS, Admission, Admit
from diorama.server.security.binding import check_binding
from diorama.server.security.callers import LOCAL, SCOPES, Caller, Denied
from diorama.server.security.decisions import PUBLIC, READ, Guarded, require_decisions, undecided
from diorama.server.security.tickets import MOST_TICKETS, TICKET_SECONDS, Tickets

OWN = {"host": "127.0.0.1:8321"}
KEYS = {
    "dio_read": Caller("reader", frozenset({"read"})),
    "dio_run": Caller("runner", frozenset({"run"})),
    "dio_write": Caller("writer", frozenset({"write"})),
    "dio_admin": Caller("boss", frozenset({"admin"})),
    "dio_none": Caller("nobody", frozenset()),
}


def bearer(token: str) -> dict[str, str]:
    return OWN | {"authorization": f"Bearer {token}"}


MATRIX = {
    ("GET", "/api/v1/things"): {"dio_read", "dio_run", "dio_write", "dio_admin"},
    ("GET", "/api/v1/stream"): {"dio_read", "dio_run", "dio_write", "dio_admin"},
    ("POST", "/api/v1/things"): {"dio_run", "dio_admin"},
    ("PUT", "/api/v1/things"): {"dio_write", "dio_admin"},
    ("PATCH", "/api/v1/things"): {"dio_write", "dio_admin"},
    ("DELETE", "/api/v1/things"): {"dio_write", "dio_admin"},
    ("GET", "/api/v1/settings"): {"dio_admin"},
    ("GET", "/api/v1/health"): set(KEYS),
}


@pytest.mark.parametrize(("method", "path"), MATRIX, ids=str)
def test_t04_a_key_reaches_as_far_as_its_scopes_and_no_further(method: str, path: str) -> None:
    with TestClient(guarded(ring=Ring(KEYS))) as client:
        told = {token: client.request(method, path, headers=bearer(token)) for token in KEYS}
    assert {token for token, answer in told.items() if answer.status_code == 200} == MATRIX[method, path]
    for answer in told.values():
        if answer.status_code != 200:
            assert answer.status_code == 403
            assert answer.json()["faults"][0]["code"] == "A005"
    with TestClient(guarded(admission=False)) as client:
        assert client.request(method, path, headers=bearer("dio_none")).status_code == 200


def test_a_websocket_wants_a_key_as_a_request_does() -> None:
    with TestClient(guarded(ring=Ring(KEYS, are_wanted=True))) as client:
        with client.websocket_connect("/api/v1/events", headers=bearer("dio_read")) as opened:
            assert opened.receive_text() == "hello"
        for headers, status in ((OWN, 401), (bearer("dio_other"), 401), (bearer("dio_none"), 403)):
            with (
                pytest.raises(WebSocketDenialResponse) as refused,
                client.websocket_connect("/api/v1/events", headers=headers),
            ):
                pass
            assert refused.value.status_code == status


@dataclass(frozen=True)
class Case:
    headers: dict[str, str]
    code: str
    wanted: bool = False
    is_wide: bool = False
    client: str = "127.0.0.1"
    address: str = "127.0.0.1"
    spoilt: dict[str, str] = field(default_factory=dict)


NOBODY = {
    "no key where keys are demanded": Case(OWN, "A003", wanted=True),
    "no key from another machine": Case(OWN, "A003", client="192.168.1.9"),
    "no key from another machine by a mapped address": Case(OWN, "A003", client="::ffff:192.168.1.9"),
    "no key where the server is bound wider": Case(OWN, "A003", is_wide=True),
    "no key through a proxy on this machine": Case(OWN | {"x-forwarded-for": "203.0.113.9"}, "A003"),
    "no key through a proxy that says so by the standard": Case(OWN | {"forwarded": "for=203.0.113.9"}, "A003"),
    "an unknown key": Case(bearer("dio_other"), "A004"),
    "an unknown key, though none is needed": Case(bearer(""), "A004"),
    "another kind of credentials": Case(OWN | {"authorization": "Basic dXNlcjpwYXNz"}, "A004"),
    "a key alone": Case(OWN | {"authorization": "dio_read"}, "A004"),
    "a key without end": Case(bearer("dio_" + "a" * 10_000), "A004"),
    "a ticket for a request that is no stream": Case(OWN | {"x": "y"}, "A003", wanted=True),
}


@pytest.mark.parametrize("case", NOBODY.values(), ids=NOBODY)
def test_t12_nobody_is_let_in(case: Case) -> None:
    served = guarded(ring=Ring(KEYS, case.wanted), is_wide=case.is_wide, client=case.client)
    with TestClient(served) as client:
        answer = client.get("/api/v1/things?ticket=tkt_some", headers=case.headers)
        assert answer.status_code == 401
        assert answer.json()["faults"][0]["code"] == case.code
        assert answer.headers["www-authenticate"].startswith("Bearer")
        assert client.get("/api/v1/health", headers=case.headers).status_code == 200
    with TestClient(guarded(admission=False, client=case.client)) as client:
        assert client.get("/api/v1/things", headers=case.headers).status_code == 200


def test_the_user_of_this_machine_needs_no_key_over_loopback() -> None:
    for client_address in ("127.0.0.1", "::1", "::ffff:127.0.0.1"):
        with TestClient(guarded(ring=Ring(KEYS), client=client_address)) as client:
            assert client.get("/api/v1/whoami", headers=OWN).json() == {"id": "local"}
            assert client.get("/api/v1/settings", headers=OWN).status_code == 200


def test_a_client_is_known_by_the_id_of_its_key() -> None:
    with TestClient(guarded(ring=Ring(KEYS), client="203.0.113.5", is_wide=True)) as client:
        assert client.get("/api/v1/whoami", headers=bearer("dio_run")).json() == {"id": "runner"}


class Broken(Ring):
    def caller_of(self, token: str) -> Caller | None:
        raise OSError("disk I/O error at /secret/place")

    def are_wanted(self) -> bool:
        raise OSError("disk I/O error at /secret/place")


@pytest.mark.parametrize("headers", [OWN, bearer("dio_admin")], ids=["no key", "a key"])
def test_t12_keys_that_cannot_be_read_let_nobody_in(headers: dict[str, str]) -> None:
    with TestClient(guarded(ring=Broken(KEYS))) as client:
        answer = client.get("/api/v1/things", headers=headers)
    assert answer.status_code == 503
    assert answer.json()["faults"][0]["code"] == "A006"
    assert "secret" not in answer.text
    with TestClient(guarded(ring=Ring(KEYS))) as client:
        assert client.get("/api/v1/things", headers=headers).status_code == 200


def test_t12_routes_let_nobody_in_where_nobody_was_looked_for() -> None:
    with TestClient(bare_app()) as client:
        assert client.get("/api/v1/things", headers=OWN).status_code == 401


@pytest.mark.anyio
async def test_a_key_that_was_revoked_lasts_no_longer_than_it_is_remembered() -> None:
    now = [0.0]
    ring = Ring(dict(KEYS))
    admission = Admission(ring, Tickets(), is_wide=False, clock=lambda: now[0])
    scope = {"type": "http", "headers": [(b"authorization", b"Bearer dio_read")], "query_string": b""}
    assert await admission.caller(scope) == KEYS["dio_read"]
    del ring.keys["dio_read"]
    assert await admission.caller(scope) == KEYS["dio_read"]
    now[0] = REMEMBERED_SECONDS
    assert isinstance(await admission.caller(scope), Denied)


@pytest.mark.anyio
async def test_a_key_revoked_here_is_refused_at_once() -> None:
    ring = Ring(dict(KEYS))
    admission = Admission(ring, Tickets(), is_wide=False)
    scope = {"type": "http", "headers": [(b"authorization", b"Bearer dio_read")], "query_string": b""}
    assert await admission.caller(scope) == KEYS["dio_read"]
    ring.keys.clear()
    admission.forget()
    assert isinstance(await admission.caller(scope), Denied)


def test_a_ticket_stands_for_its_caller_once() -> None:
    tickets = Tickets()
    served = guarded(ring=Ring(KEYS, are_wanted=True), tickets=tickets)
    with TestClient(served) as client:
        address = f"/api/v1/events?ticket={tickets.issue(KEYS['dio_read'])}"
        with client.websocket_connect(address, headers=OWN) as opened:
            assert opened.receive_text() == "hello"
        with pytest.raises(WebSocketDenialResponse) as refused, client.websocket_connect(address, headers=OWN):
            pass
        assert refused.value.status_code == 401
        stream = OWN | {"accept": "text/event-stream"}
        address = f"/api/v1/stream?ticket={tickets.issue(KEYS['dio_read'])}"
        assert [client.get(address, headers=stream).status_code for _ in range(2)] == [200, 401]


def test_a_ticket_lapses() -> None:
    now = [0.0]
    tickets = Tickets(lambda: now[0])
    ticket = tickets.issue(LOCAL)
    now[0] = TICKET_SECONDS
    assert tickets.redeem(ticket) is None


def test_tickets_that_nobody_uses_do_not_pile_up() -> None:
    tickets = Tickets()
    first, second, *_ = [tickets.issue(LOCAL) for _ in range(MOST_TICKETS + 1)]
    assert tickets.redeem(first) is None
    assert tickets.redeem(second) is LOCAL


@pytest.mark.parametrize("address", ["0.0.0.0", "::", "192.168.1.5", "studio.example", "10.0.0.1", "::ffff:10.0.0.1"])
def test_t08_a_wider_bind_without_keys_is_refused_with_a_sentence(address: str) -> None:
    with pytest.raises(DioramaError) as refused:
        check_binding(address, lambda: False)
    (fault,) = refused.value.faults
    assert fault.code == "A007"
    assert address in fault.message
    assert "diorama keys create" in fault.message
    check_binding(address, lambda: True)


@pytest.mark.parametrize("address", ["127.0.0.1", "::1", "localhost", "127.0.0.53"])
def test_t08_loopback_needs_no_keys(address: str) -> None:
    check_binding(address, lambda: False)


async def plain(request: object) -> PlainTextResponse:
    return PlainTextResponse("told")


async def socket(websocket: WebSocket) -> None:
    await websocket.accept()


def test_t11_a_route_without_a_decision_is_found_wherever_it_is() -> None:
    app = bare_app()
    require_decisions(app)
    assert undecided(app) == []
    inner = APIRouter()
    inner.add_api_route("/forgotten", plain, methods=["GET"], response_model=None)
    inner.add_api_websocket_route("/forgotten_events", socket)
    app.include_router(inner, prefix="/plugin")
    app.add_api_route("/alone", plain, methods=["DELETE"], response_model=None)
    app.routes.append(Route("/bare", plain))
    app.routes.append(WebSocketRoute("/bare_events", socket))
    app.mount("/files", PlainTextResponse("told"))
    found = undecided(app)
    assert {entry.partition(" ")[2] for entry in found} == {
        "/plugin/forgotten",
        "/plugin/forgotten_events",
        "/alone",
        "/bare",
        "/bare_events",
        "/files",
    }
    with pytest.raises(RuntimeError, match="/plugin/forgotten"):
        require_decisions(app)


def test_t11_a_decision_may_stand_at_the_route_its_router_or_where_it_is_included() -> None:
    app = FastAPI(openapi_url=None)
    for number, (at_router, at_include, at_route) in enumerate(
        [([READ], [], []), ([], [READ], []), ([], [], [READ]), ([], [], [PUBLIC])]
    ):
        router = APIRouter(dependencies=at_router)
        router.add_api_route(f"/{number}", plain, dependencies=at_route, response_model=None)
        app.include_router(router, dependencies=at_include)
    app.routes.append(Mount("/files", Guarded(PlainTextResponse("told"), "read")))
    assert undecided(app) == []


def test_a_mounted_app_is_behind_its_scope() -> None:
    app = bare_app()
    app.mount("/files", Guarded(PlainTextResponse("told"), "admin"))
    app.mount("/open", Guarded(PlainTextResponse("told"), None))
    served = Served(Admit(app, Admission(Ring(KEYS, are_wanted=True), Tickets(), is_wide=False)))
    with TestClient(served) as client:
        told = [client.get("/files/a", headers=headers).status_code for headers in (OWN, bearer("dio_run"))]
        assert [*told, client.get("/files/a", headers=bearer("dio_admin")).status_code] == [401, 403, 200]
        assert client.get("/open/a", headers=OWN).status_code == 200


def test_t11_every_route_of_the_server_says_who_may_use_it(tmp_path: Path) -> None:
    with Service(tmp_path, catalogue=catalogue()) as service:
        app = create_app(service)
        assert undecided(app) == []
        with TestClient(Served(app)) as client:
            assert client.get("/api/v1/nodes", headers=OWN).status_code == 200
            assert client.get("/api/v1/nodes", headers=OWN | {"origin": "http://evil.example"}).status_code == 403
            assert client.get("/api/v1/nodes", headers=bearer("dio_unknown")).status_code == 401
        with TestClient(Served(app, client="203.0.113.9")) as client:
            assert client.get("/api/v1/nodes", headers=OWN).status_code == 401
            assert client.get("/api/v1/health", headers=OWN).status_code == 200


def test_admin_is_every_scope_and_every_scope_reads() -> None:
    assert all(KEYS["dio_admin"].may(scope) for scope in SCOPES)
    assert [scope for scope in SCOPES if KEYS["dio_run"].may(scope)] == ["read", "run"]
    assert not any(KEYS["dio_none"].may(scope) for scope in SCOPES)
