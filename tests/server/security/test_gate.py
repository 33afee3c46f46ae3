"""T01 to T10: what a browser is made to send by pages of others does not come in. Each request comes in where the
defence is taken out, so that a test cannot pass for another reason."""

from __future__ import annotations

from dataclasses import dataclass, field

import pytest
from starlette.testclient import TestClient, WebSocketDenialResponse
from tests.support.guarded_app import guarded

from diorama.server.security.gate import GatePolicy
from diorama.server.security.hosts import AllowedHosts

OWN = {"host": "127.0.0.1:8321"}


@dataclass(frozen=True)
class Case:
    headers: dict[str, str]
    code: str = "A002"
    method: str = "POST"
    path: str = "/api/v1/things"
    policy: GatePolicy = field(default_factory=GatePolicy)


def named(*names: str) -> GatePolicy:
    return GatePolicy(hosts=AllowedHosts.of(names))


REFUSED = {
    **{
        f"T01 a foreign origin with {method}": Case(OWN | {"origin": "http://evil.example"}, method=method)
        for method in ("GET", "POST", "PUT", "PATCH", "DELETE")
    },
    "T01 another port of this machine": Case(OWN | {"origin": "http://127.0.0.1:3000"}),
    "T01 another name of this machine": Case(OWN | {"origin": "http://localhost:8321"}),
    "T01 a name that begins like ours": Case(OWN | {"origin": "http://127.0.0.1:8321.evil.example"}),
    "T01 our name as the user of another": Case(OWN | {"origin": "http://127.0.0.1:8321@evil.example"}),
    "T01 a file's origin": Case(OWN | {"origin": "file://"}),
    "T01 an extension's origin": Case(OWN | {"origin": "chrome-extension://abcdef"}),
    "T02 the origin null": Case(OWN | {"origin": "null"}),
    "T02 an empty origin": Case(OWN | {"origin": ""}),
    "T03 no origin, but a cross-site page": Case(OWN | {"sec-fetch-site": "cross-site"}),
    "T03 a cross-site page that only reads": Case(OWN | {"sec-fetch-site": "cross-site"}, method="GET"),
    "T03 a page of another port": Case(OWN | {"sec-fetch-site": "same-site"}),
    "T03 our origin, but a cross-site page": Case(
        OWN | {"origin": "http://127.0.0.1:8321", "sec-fetch-site": "cross-site"}
    ),
    "T06 a stream for a foreign page": Case(OWN | {"origin": "http://evil.example"}, "A002", "GET", "/api/v1/stream"),
    "T07 a foreign name": Case({"host": "evil.com"}, "A001"),
    "T07 a foreign name with our port": Case({"host": "evil.com:8321"}, "A001"),
    "T07 a foreign name and an origin to match": Case(
        {"host": "evil.com:8321", "origin": "http://evil.com:8321", "sec-fetch-site": "same-origin"}, "A001"
    ),
    "T07 a foreign name with a trailing dot": Case({"host": "evil.com.:8321"}, "A001"),
    "T07 our name with a trailing dot": Case({"host": "localhost.:8321"}, "A001"),
    "T07 our name with another port": Case({"host": "localhost:9999"}, "A001"),
    "T07 our name without the port": Case({"host": "localhost"}, "A001"),
    "T07 a name that ends like ours": Case({"host": "evil.localhost:8321"}, "A001"),
    "T07 an IPv6 address that is not ours": Case({"host": "[2001:db8::1]:8321"}, "A001"),
    "T07 a mapped IPv4 address": Case({"host": "[::ffff:127.0.0.1]:8321"}, "A001"),
    "T07 no IPv6 address at all": Case({"host": "[::1:8321"}, "A001"),
    "T07 an address as one number": Case({"host": "2130706433:8321"}, "A001"),
    "T07 an address as an octal number": Case({"host": "0177.0.0.1:8321"}, "A001"),
    "T07 any address": Case({"host": "0.0.0.0:8321"}, "A001"),
    "T07 a user before our name": Case({"host": "evil.com@127.0.0.1:8321"}, "A001"),
    "T07 an impossible port": Case({"host": "127.0.0.1:99999"}, "A001"),
    "T07 an empty name": Case({"host": ""}, "A001"),
    "T07 a configured name with another port": Case({"host": "studio:81"}, "A001", policy=named("studio:80")),
    "T10 a preflight into the private network": Case(
        OWN
        | {
            "origin": "http://127.0.0.1:8321",
            "access-control-request-method": "POST",
            "access-control-request-private-network": "true",
        }
    ),
}


@pytest.mark.parametrize("case", REFUSED.values(), ids=REFUSED)
def test_it_is_refused_at_the_gate_and_comes_in_without_one(case: Case) -> None:
    with TestClient(guarded(case.policy)) as client:
        refused = client.request(case.method, case.path, headers=case.headers)
    with TestClient(guarded(gate=False, admission=False)) as client:
        let_in = client.request(case.method, case.path, headers=case.headers)
    assert (refused.status_code, let_in.status_code) == ({"A001": 421, "A002": 403}[case.code], 200)
    assert refused.json()["faults"][0]["code"] == case.code
    assert refused.headers["content-type"] == "application/problem+json"
    assert "changed" not in refused.text


TAKEN = {
    "T04 a program, without any of these headers": Case(OWN),
    "our own page": Case(OWN | {"origin": "http://127.0.0.1:8321", "sec-fetch-site": "same-origin"}),
    "an address that was typed": Case(OWN | {"sec-fetch-site": "none"}, method="GET"),
    "localhost": Case({"host": "localhost:8321"}),
    "localhost in capitals": Case({"host": "LOCALHOST:8321"}),
    "IPv6": Case({"host": "[::1]:8321", "origin": "http://[::1]:8321"}),
    "IPv6 written at length": Case({"host": "[0:0:0:0:0:0:0:1]:8321"}),
    "a configured name, whatever its port": Case({"host": "studio.example"}, policy=named("studio.example")),
    "a configured name and port": Case({"host": "studio:80"}, policy=named("studio:80")),
    "a page that came by TLS through a proxy": Case(
        {"host": "studio.example", "origin": "https://studio.example", "sec-fetch-site": "same-origin"},
        policy=named("studio.example"),
    ),
    "a configured origin": Case(
        OWN | {"origin": "http://localhost:5173", "sec-fetch-site": "same-site"},
        policy=GatePolicy(origins=frozenset({"http://localhost:5173"})),
    ),
}


@pytest.mark.parametrize("case", TAKEN.values(), ids=TAKEN)
def test_it_comes_in(case: Case) -> None:
    with TestClient(guarded(case.policy, admission=False)) as client:
        assert client.request(case.method, case.path, headers=case.headers).status_code == 200


def test_the_address_that_a_request_came_in_on_is_a_name_of_ours_and_no_other_is() -> None:
    with TestClient(guarded(address="192.168.1.5", admission=False)) as client:
        assert client.get("/api/v1/things", headers={"host": "192.168.1.5:8321"}).status_code == 200
        assert client.get("/api/v1/things", headers={"host": "192.168.1.6:8321"}).status_code == 421


@pytest.mark.parametrize("origin", ["http://evil.example", "null", "http://127.0.0.1:3000"])
def test_t05_a_foreign_page_opens_no_websocket_and_is_told_nothing(origin: str) -> None:
    headers = OWN | {"origin": origin}
    with (
        TestClient(guarded()) as client,
        pytest.raises(WebSocketDenialResponse) as refused,
        client.websocket_connect("/api/v1/events", headers=headers),
    ):
        pass
    assert refused.value.status_code == 403
    assert refused.value.json()["faults"][0]["code"] == "A002"
    with (
        TestClient(guarded(gate=False)) as client,
        client.websocket_connect("/api/v1/events", headers=headers) as open_,
    ):
        assert open_.receive_text() == "hello"


def test_t07_a_websocket_by_a_foreign_name_is_refused() -> None:
    with (
        TestClient(guarded()) as client,
        pytest.raises(WebSocketDenialResponse) as refused,
        client.websocket_connect("/api/v1/events", headers={"host": "evil.com:8321"}),
    ):
        pass
    assert refused.value.status_code == 421


PREFLIGHT = {"access-control-request-method": "DELETE", "access-control-request-headers": "authorization"}


@pytest.mark.parametrize("path", ["/api/v1/things", "/api/v1/stream", "/api/v1/nothing"])
@pytest.mark.parametrize("origin", ["http://evil.example", "http://127.0.0.1:8321", "null", None])
def test_t06_t09_no_answer_grants_anything_to_other_sites(path: str, origin: str | None) -> None:
    headers = OWN | PREFLIGHT | ({"origin": origin} if origin else {})
    with TestClient(guarded()) as client:
        answers = [client.request(method, path, headers=headers) for method in ("OPTIONS", "GET", "POST")]
    granted = [name for answer in answers for name in answer.headers if name.startswith("access-control-")]
    assert granted == []
    assert answers[0].status_code >= 400


def test_t09_a_grant_that_a_route_sets_does_not_go_out() -> None:
    for served, granted in ((guarded(), []), (guarded(gate=False), ["*", "true"])):
        with TestClient(served) as client:
            told = client.get("/api/v1/generous", headers=OWN)
        assert told.status_code == 200
        assert [value for name, value in told.headers.items() if name.startswith("access-control-")] == granted


def test_t17_every_answer_says_that_it_is_data() -> None:
    with TestClient(guarded()) as client, TestClient(guarded(gate=False)) as bare:
        for path in ("/api/v1/things", "/api/v1/nothing"):
            told = client.get(path, headers=OWN).headers
            assert told["x-content-type-options"] == "nosniff"
            assert "frame-ancestors 'none'" in told["content-security-policy"]
            assert "default-src 'none'" in told["content-security-policy"]
            assert told["cross-origin-resource-policy"] == "same-origin"
            assert "x-content-type-options" not in bare.get(path, headers=OWN).headers
