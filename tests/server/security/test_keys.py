"""API keys from their making to their revocation: by the command line, over a real store, at a real server."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner
from starlette.testclient import TestClient
from tests.support.guarded_app import Served
from tests.support.served import serving
from tests.support.service_nodes import catalogue

from diorama.cli.app import main
from diorama.faults import DioramaError
from diorama.logs.setup import LogOptions, logging_to
from diorama.run.service import Service
from diorama.server.app import create_app
from diorama.server.options import ServerOptions
from diorama.server.security.admission import REMEMBERED_SECONDS, Admission
from diorama.server.security.callers import Caller, Denied
from diorama.server.security.guards import StoredKeys
from diorama.server.security.tickets import Tickets
from diorama.server.serve import bound_socket, serve

OWN = {"host": "127.0.0.1:8321"}
WIDE = ServerOptions(host="0.0.0.0")


def bearer(secret: str) -> dict[str, str]:
    return OWN | {"authorization": f"Bearer {secret}"}


def command(store: Path, *words: str) -> str:
    done = CliRunner().invoke(main, ["keys", *words, "--store", str(store)])
    assert done.exit_code == 0, done.output
    return done.output


@pytest.fixture
def store(tmp_path: Path) -> Path:
    return tmp_path / "store"


@pytest.fixture
def service(store: Path) -> Iterator[Service]:
    with Service(store, catalogue=catalogue()) as one:
        yield one


def test_a_key_made_by_the_command_line_lets_in_until_it_is_revoked(store: Path, service: Service) -> None:
    made = json.loads(command(store, "create", "laptop", "--scopes", "read", "--json"))
    assert made["scopes"] == ["read"]
    app = create_app(service, WIDE)
    with TestClient(Served(app, client="203.0.113.9")) as client:
        assert client.get("/api/v1/runs", headers=OWN).status_code == 401
        assert client.get("/api/v1/runs", headers=bearer(made["secret"])).status_code == 200
        assert client.delete("/api/v1/runs/any", headers=bearer(made["secret"])).status_code == 403
        listed = json.loads(command(store, "list", "--json"))["keys"]
        assert [(key["id"], key["name"]) for key in listed] == [(made["id"], "laptop")]
        assert listed[0]["used"] is not None
        command(store, "revoke", made["id"])
        app.guards.admission.forget()
        assert client.get("/api/v1/runs", headers=bearer(made["secret"])).status_code == 401
    assert "revoked" in command(store, "list")


@pytest.mark.anyio
async def test_a_key_that_another_process_revoked_is_refused_within_a_second(store: Path, service: Service) -> None:
    made = json.loads(command(store, "create", "laptop", "--json"))
    now = [0.0]
    admission = Admission(StoredKeys(service), Tickets(), is_wide=True, clock=lambda: now[0])
    scope = {"type": "http", "query_string": b"", "headers": [(b"authorization", f"Bearer {made['secret']}".encode())]}
    assert await admission.caller(scope) == Caller(made["id"], frozenset({"read", "run", "write"}))
    command(store, "revoke", made["id"])
    now[0] = REMEMBERED_SECONDS
    assert isinstance(await admission.caller(scope), Denied)
    assert REMEMBERED_SECONDS <= 1.0


def test_a_key_lapses(store: Path) -> None:
    now = [1_800_000_000.0]
    with Service(store, catalogue=catalogue(), wall=lambda: now[0]) as service:
        key, secret = service.access.create("short", ["read"], expires=now[0] + 60)
        keys = StoredKeys(service)
        assert keys.caller_of(secret) == Caller(key.id, frozenset({"read"}))
        assert keys.any_holds()
        now[0] += 60
        assert keys.caller_of(secret) is None
        assert not keys.any_holds()


def test_no_secret_of_a_key_is_kept_or_logged(store: Path, service: Service, tmp_path: Path) -> None:
    secret = json.loads(command(store, "create", "laptop", "--json"))["secret"]
    path = tmp_path / "server.log"
    with logging_to(LogOptions(file=path, level="debug")), serving(service) as one:
        for given in (secret, secret[:-1] + "x"):
            one.client.get("/api/v1/runs", headers={"Authorization": f"Bearer {given}"})
            one.client.get("/api/v1/runs", params={"token": given})
            one.client.get(f"/api/v1/runs/{given}")
    service.close()
    assert len([line for line in path.read_text().splitlines() if "/api/v1/runs" in line]) == 6
    files = [path, *(file for file in store.rglob("*") if file.is_file())]
    assert [file for file in files if secret[17:].encode() in file.read_bytes()] == []


def test_t08_a_server_bound_wider_without_keys_is_not_even_made(service: Service) -> None:
    with pytest.raises(DioramaError, match="diorama keys create") as refused:
        create_app(service, WIDE)
    assert refused.value.faults[0].code == "A007"
    key, _ = service.access.create("laptop", ["read"])
    assert create_app(service, WIDE)
    service.access.revoke(key.id)
    with pytest.raises(DioramaError):
        create_app(service, WIDE)


def test_t08_an_app_made_for_loopback_is_not_served_wider(service: Service) -> None:
    options = ServerOptions()
    app = create_app(service, options)
    listening = bound_socket("0.0.0.0", 0)
    with listening, pytest.raises(DioramaError) as refused:
        serve(app, options, listening)
    assert refused.value.faults[0].code == "A007"


def test_once_there_are_keys_a_setting_demands_them_of_the_user_of_this_machine(service: Service) -> None:
    _, secret = service.access.create("laptop", ["admin"])
    app = create_app(service)
    with TestClient(Served(app)) as client:
        assert client.get("/api/v1/runs", headers=OWN).status_code == 200
        assert client.patch("/api/v1/settings", json={"require_keys": True}, headers=OWN).status_code == 200
        assert client.get("/api/v1/runs", headers=OWN).status_code == 401
        assert client.get("/api/v1/runs", headers=bearer(secret)).status_code == 200
        assert client.get("/api/v1/health", headers=OWN).status_code == 200


def test_t12_a_database_that_went_away_lets_nobody_in_with_a_key(
    service: Service, monkeypatch: pytest.MonkeyPatch
) -> None:
    _, secret = service.access.create("laptop", ["admin"])
    app = create_app(service)
    with TestClient(Served(app)) as client:
        monkeypatch.setattr(service.access, "holder", lambda token: (_ for _ in ()).throw(OSError("gone /secret")))
        answer = client.get("/api/v1/nodes", headers=bearer(secret))
        assert (answer.status_code, answer.json()["faults"][0]["code"]) == (503, "A006")
        monkeypatch.undo()
        assert client.get("/api/v1/nodes", headers=bearer(secret)).status_code == 200


BAD = {
    "an unknown scope": (["create", "a", "--scopes", "read,everything"], 2, "everything"),
    "no scope": (["create", "a", "--scopes", ""], 2, "--scopes"),
    "a name that is none": (["create", "a\nb"], 2, "NAME"),
    "an age that is none": (["create", "a", "--expires", "soon"], 2, "30d"),
    "an id that is none": (["revoke", "nothing"], 1, "API key"),
}


@pytest.mark.parametrize(("words", "code", "said"), BAD.values(), ids=BAD)
def test_what_cannot_be_is_told_in_a_line(store: Path, words: list[str], code: int, said: str) -> None:
    done = CliRunner().invoke(main, ["keys", *words, "--store", str(store)])
    assert done.exit_code == code
    assert said in done.output
    assert "Traceback" not in done.output


def test_a_page_shows_pictures_by_the_key_in_its_cookie_which_opens_nothing_else(service: Service) -> None:
    key, secret = service.access.create("laptop", ["read"])
    digest = service.store.blobs.put(b"bytes of no kind").hex()
    picture, cookie = f"/api/v1/artefacts/{digest}/content", OWN | {"cookie": f"other=1; diorama_key={secret}"}
    app = create_app(service, WIDE)
    with TestClient(Served(app, client="203.0.113.9")) as client:
        assert client.get(picture, headers=OWN).status_code == 401
        assert client.get(picture, headers=cookie).content == b"bytes of no kind"
        assert client.get("/api/v1/templates/text_to_mesh/picture", headers=cookie).status_code == 200
        assert client.get(picture, headers=cookie | {"sec-fetch-site": "cross-site"}).status_code == 403
        assert client.get(picture, headers=cookie | bearer("dio_wrong")).status_code == 401
        for path in ("/api/v1/runs", "/api/v1/settings", "/metrics"):
            assert client.get(path, headers=cookie).status_code == 401, path
        assert client.delete(picture, headers=cookie).status_code in (401, 405)
        assert client.post("/api/v1/runs", headers=cookie, json={}).status_code == 401
        for garbled in ("diorama_key=", "diorama_key=dio_wrong", "diorama_key", ";;=", f"diorama_key={'a' * 5000}"):
            assert client.get(picture, headers=OWN | {"cookie": garbled}).status_code == 401, garbled
        service.access.revoke(key.id)
        app.guards.admission.forget()
        assert client.get(picture, headers=cookie).status_code == 401


def test_a_cookie_that_is_no_good_takes_nothing_from_the_user_of_this_machine(service: Service) -> None:
    with TestClient(Served(create_app(service))) as client:
        answer = client.get("/api/v1/templates/text_to_mesh/picture", headers=OWN | {"cookie": "diorama_key=dio_old"})
        assert answer.status_code == 200
