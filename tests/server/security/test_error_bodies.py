"""T13: what goes wrong is told in a sentence; no traceback, path or secret goes out with it."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from tests.support.served import Serving

from diorama.faults import DioramaError, Fault, failure
from diorama.server.problems import outward

SECRET = "c4n4ry"
PLACE = f"/srv/{SECRET}/store/diorama.db"

ERRORS: dict[str, tuple[Callable[[], Exception], int, str]] = {
    "a bug": (lambda: RuntimeError(f"cannot open {PLACE}"), 500, "H009"),
    "a file that is gone": (lambda: FileNotFoundError(2, "No such file", PLACE), 500, "H009"),
    "a store that cannot be used": (lambda: failure("S001", PLACE, f"it cannot be written: {PLACE}"), 503, "S001"),
    "a store that is held": (lambda: failure("S003", PLACE, "another process holds it"), 503, "S003"),
    "a database that is gone": (
        lambda: failure("S005", f"postgresql://u:{SECRET}@db/x", f'server at "{SECRET}" refused'),
        503,
        "S005",
    ),
    "a full disk": (lambda: failure("R006", PLACE, "the disk is full"), 507, "R006"),
}


@pytest.mark.parametrize(("error", "status", "code"), ERRORS.values(), ids=ERRORS)
def test_t13_it_is_told_without_a_word_of_the_inside(
    served: Serving, monkeypatch: pytest.MonkeyPatch, error: Callable[[], Exception], status: int, code: str
) -> None:
    def broken(*given: object, **named: object) -> None:
        raise error()

    assert SECRET in str(error())
    monkeypatch.setattr(served.service, "queue", broken)
    reply = served.client.get("/api/v1/queue")
    assert (reply.status_code, reply.json()["faults"][0]["code"]) == (status, code)
    for word in (SECRET, "/srv", "Traceback", 'File "', "Error("):
        assert word not in reply.text
        assert word not in str(reply.headers)


def test_t13_a_full_disk_that_a_graph_met_is_told_at_its_place() -> None:
    fault = Fault("R006", "/nodes/a/inputs/file", "the disk is full")
    assert outward(fault) == fault


STRANGE = {
    "an unknown address": ("GET", "/api/v1/%2e%2e/%2e%2e/etc/passwd", None),
    "markup in an address": ("GET", "/<img src=x onerror=alert(1)>", None),
    "no JSON": ("POST", "/api/v1/runs", b"{"),
    "not even UTF-8": ("POST", "/api/v1/runs", b"\xff\xfe\x00"),
    "a shape that is none": ("POST", "/api/v1/runs", b'{"graph": [1, 2]}'),
    "a page beyond all": ("GET", "/api/v1/runs?limit=-1", None),
    "a file of this machine": ("POST", "/api/v1/runs", b'{"saved": "../../../../etc/passwd"}'),
    "markup as a name": ("POST", "/api/v1/runs", b'{"saved": "<script>alert(1)</script>"}'),
}


@pytest.mark.parametrize(("method", "path", "body"), STRANGE.values(), ids=STRANGE)
def test_t13_t14_a_strange_request_is_answered_with_data_that_is_no_page(
    served: Serving, method: str, path: str, body: bytes | None
) -> None:
    headers = {"content-type": "application/json"} if body else {}
    reply = served.client.request(method, path, content=body, headers=headers)
    assert 400 <= reply.status_code < 500
    assert reply.headers["content-type"] == "application/problem+json"
    assert reply.headers["x-content-type-options"] == "nosniff"
    assert "default-src 'none'" in reply.headers["content-security-policy"]
    for word in ("Traceback", 'File "', "root:", str(served.service.store.root)):
        assert word not in reply.text


def test_t13_what_the_probes_tell_of_a_database_names_no_place(
    served: Serving, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*given: object) -> None:
        raise DioramaError([Fault("S005", PLACE, f"the server {SECRET} refused")])

    monkeypatch.setattr(served.service.kept_settings, "get", broken)
    reply = served.client.get("/api/v1/ready")
    assert reply.status_code == 503
    assert SECRET not in reply.text
