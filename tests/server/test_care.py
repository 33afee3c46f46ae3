"""Looking after a server over HTTP: the cache, chores in the background, settings, models, the log."""

from __future__ import annotations

import threading
from pathlib import Path

import orjson
import pytest
from tests.support.served import Serving, Told, serving
from tests.support.service_nodes import catalogue, graph_of

from diorama.faults import failure
from diorama.keys import digest_of
from diorama.logs.setup import LogOptions, logging_to
from diorama.run.service import Service
from diorama.server.chores import KEPT, Chores

BOUND = 20.0


def over(served: Serving, chore: Told) -> Told:
    """A chore once it has ended."""
    assert served.app.chores.wait(BOUND)
    found: Told = served.client.get(f"/api/v1/cache/chores/{chore['id']}").json()
    return found


def test_the_cache_tells_what_it_holds(served: Serving) -> None:
    before = served.client.get("/api/v1/cache").json()
    served.ended(graph_of("picture", "another", side=77))
    after = served.client.get("/api/v1/cache").json()
    assert (after["calls"], after["runs"]) == (before["calls"] + 1, before["runs"] + 1)
    assert after["blob_bytes"] > before["blob_bytes"]


def test_verification_finds_what_is_damaged_and_says_so(served: Serving) -> None:
    digest = served.service.store.blobs.put(b"soon to be damaged")
    served.service.store.blobs.path(digest).write_bytes(b"damaged meanwhile!")
    begun = served.client.post("/api/v1/cache/verify")
    assert begun.status_code == 202
    assert begun.headers["location"] == f"/api/v1/cache/chores/{begun.json()['id']}"
    ended = over(served, begun.json())
    assert (ended["kind"], ended["state"], ended["progress"]) == ("verify", "succeeded", 1.0)
    assert [line for line in ended["result"]["damaged"] if digest.hex() in line]
    assert ended["result"]["blobs"] >= 1
    assert ended["id"] == served.client.get("/api/v1/cache/chores").json()["items"][0]["id"]


def test_collection_takes_what_nobody_wants_and_leaves_results(served: Serving) -> None:
    run = served.ended(graph_of("picture", "kept", side=66))
    begun = served.client.post("/api/v1/cache/collect", json={"max_bytes": 0})
    ended = over(served, begun.json())
    assert ended["state"] == "succeeded"
    assert ended["result"].keys() == {"calls", "blobs", "bytes", "temporary_files"}
    assert served.client.get(f"/api/v1/runs/{run['id']}/results/out").status_code == 200


@pytest.mark.parametrize("asked", [{"max_bytes": -1}, {"older_than_seconds": "soon"}, {"everything": True}])
def test_a_collection_of_something_else_is_refused(served: Serving, asked: Told) -> None:
    assert served.client.post("/api/v1/cache/collect", json=asked).status_code == 422


def test_one_chore_goes_on_at_a_time_and_tells_how_far_it_is(served: Serving) -> None:
    gate, told = threading.Event(), threading.Event()

    def slow(progress: object) -> dict[str, object]:
        progress(0.25)  # type: ignore[operator]
        told.set()
        assert gate.wait(BOUND)
        return {}

    chore = served.app.chores.start("verify", slow)  # type: ignore[arg-type]
    try:
        assert told.wait(BOUND)
        shown = served.client.get(f"/api/v1/cache/chores/{chore.id}").json()
        assert (shown["state"], shown["progress"], shown["ended"]) == ("running", 0.25, None)
        refused = served.client.post("/api/v1/cache/verify")
        assert (refused.status_code, refused.json()["faults"][0]["code"]) == (409, "H010")
    finally:
        gate.set()
    assert over(served, {"id": chore.id})["state"] == "succeeded"


FAILING = {
    "a fault": (lambda progress: (_ for _ in ()).throw(failure("S001", "/secret/place", "gone /secret")), "S001"),
    "a bug": (lambda progress: {"x": 1 / 0}, "H009"),
}


@pytest.mark.parametrize(("work", "code"), FAILING.values(), ids=FAILING)
def test_t13_a_chore_that_fails_says_why_without_a_word_of_the_inside(served: Serving, work: object, code: str) -> None:
    chore = served.app.chores.start("verify", work)  # type: ignore[arg-type]
    ended = over(served, {"id": chore.id})
    assert (ended["state"], ended["fault"]["code"]) == ("failed", code)
    assert "secret" not in str(ended)
    assert "ZeroDivision" not in str(ended)


def test_chores_do_not_pile_up() -> None:
    chores = Chores()
    for _ in range(KEPT + 5):
        chores.start("collect", lambda progress: {})
        assert chores.wait(BOUND)
    assert len(chores.all()) == KEPT


def test_an_unknown_chore_is_not_there(served: Serving) -> None:
    assert served.client.get("/api/v1/cache/chores/nothing").status_code == 404


def settings(served: Serving) -> dict[str, Told]:
    return {one["name"]: one for one in served.client.get("/api/v1/settings").json()["items"]}


def test_settings_say_what_they_are_and_which_need_a_restart(served: Serving) -> None:
    found = settings(served)
    assert (found["max_running"]["default"], found["max_running"]["needs_restart"]) == (8, False)
    assert found["DIORAMA_MAX_PIXELS"] == {
        "name": "DIORAMA_MAX_PIXELS",
        "value": 64_000_000,
        "default": 64_000_000,
        "help": "a limit on what comes from outside; docs/limits.md tells of each",
        "wanted": "a whole number above zero",
        "needs_restart": True,
    }


def test_a_setting_is_changed_and_given_its_default_again(served: Serving) -> None:
    changed = served.client.patch("/api/v1/settings", json={"max_running": 3, "recovery": "resume"}).json()["items"]
    values = {one["name"]: one["value"] for one in changed}
    assert (values["max_running"], values["recovery"]) == (3, "resume")
    assert served.client.get("/api/v1/queue").json()["max_running"] == 3
    served.client.patch("/api/v1/settings", json={"max_running": None, "recovery": None})
    assert (settings(served)["max_running"]["value"], settings(served)["recovery"]["value"]) == (8, "ask")


BAD = {
    "an unknown one": {"max_runing": 3},
    "a limit, which needs a restart": {"DIORAMA_MAX_PIXELS": 10**12},
    "a number of another kind": {"max_running": "many"},
    "a number below one": {"max_running": 0},
    "a word that is none of those": {"recovery": "pray"},
    "a number for a flag": {"require_keys": 1},
    "one good and one bad": {"max_running": 5, "paused": "perhaps"},
}


@pytest.mark.parametrize("asked", BAD.values(), ids=BAD)
def test_a_setting_that_cannot_be_is_refused_and_none_is_changed(served: Serving, asked: Told) -> None:
    before = settings(served)
    reply = served.client.patch("/api/v1/settings", json=asked)
    assert (reply.status_code, reply.json()["faults"][0]["code"]) == (422, "Q005")
    assert settings(served) == before


def test_models_are_listed_with_how_to_get_them(real: Serving) -> None:
    models = real.client.get("/api/v1/models").json()["items"]
    assert models
    for one in models:
        assert one["nodes"]
        assert one["license"]
        assert one["state"] == "present" or one["how_to_get"]


def until_logged(served: Serving, run: str, message: str) -> list[dict[str, object]]:
    """The lines of a run once one says this: the log is written a little after what it tells of."""
    waiting = threading.Event()
    for _ in range(200):
        lines: list[dict[str, object]] = served.client.get("/api/v1/log", params={"run": run}).json()["items"]
        if message in {line["message"] for line in lines}:
            return lines
        waiting.wait(0.05)
    raise AssertionError(f"{message!r} was not logged: {lines}")


def test_the_end_of_the_log_is_had_by_run_and_without_secrets(tmp_path: Path) -> None:
    with (
        logging_to(LogOptions(file=tmp_path / "log", level="debug")) as tail,
        Service(tmp_path / "store", catalogue=catalogue()) as service,
        serving(service) as served,
    ):
        served.app.state.tail = tail
        run = served.ended(graph_of("doubled", "logged", x=1))
        served.client.get("/api/v1/runs/dio_0123456789ab_canary0123456789")
        of_run = until_logged(served, run["id"], "run succeeded")
        everything = served.client.get("/api/v1/log", params={"lines": 2000})
    assert everything.status_code == 200
    assert "canary" not in everything.text
    assert {line["run"] for line in of_run} == {run["id"]}
    assert "run queued" in {line["message"] for line in of_run}


def test_a_result_is_had_by_its_name(served: Serving) -> None:
    run = served.ended(graph_of("picture", "named", side=20))
    address = f"/api/v1/runs/{run['id']}/results/out"
    reply = served.client.get(address)
    assert reply.headers["content-type"] == "image/png"
    assert 'filename="out.png"' in reply.headers["content-disposition"]
    assert reply.headers["etag"] == f'"blake3:{digest_of(reply.content).hex()}"'
    part = served.client.get(address, headers={"Range": "bytes=1-3"})
    assert (part.status_code, part.content) == (206, b"PNG")
    number = served.ended(graph_of("doubled", "number", x=4))
    told = served.client.get(f"/api/v1/runs/{number['id']}/results/out")
    assert orjson.loads(told.content) == {"kind": "value", "value": 8}
    assert served.client.get(f"/api/v1/runs/{run['id']}/results/nothing").status_code == 404
    assert served.client.get("/api/v1/runs/nothing/results/out").status_code == 404
