"""Links to a scene: what they show, to whom, and for how long."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import httpx2
import pytest
from tests.support.sample_values import a_picture, a_scene, a_sound
from tests.support.served import Serving, Told, serving
from tests.support.service_nodes import catalogue

from diorama.run.service import Service
from diorama.server.options import ServerOptions
from diorama.values import Value

PAGE = b"<!doctype html><title>a scene</title>"
FOREIGN = {"Sec-Fetch-Site": "cross-site", "Sec-Fetch-Mode": "navigate", "Sec-Fetch-Dest": "iframe"}


class Wall:
    """A clock that a test sets."""

    now = 1_000_000.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def wall() -> Wall:
    return Wall()


@pytest.fixture
def shared(tmp_path: Path, wall: Wall) -> Iterator[Serving]:
    """A server with a page for links, on a clock that a test sets."""
    files = tmp_path / "editor"
    files.mkdir()
    (files / "share.html").write_bytes(PAGE)
    with (
        Service(tmp_path / "store", catalogue=catalogue(), wall=wall) as service,
        serving(service, ServerOptions(port=0, editor=files)) as one,
    ):
        yield one


def uploaded(served: Serving, value: Value, name: str, type_: str) -> str:
    reply = served.client.post("/api/v1/artefacts", params={"name": name, "type": type_}, content=value.encode())
    assert reply.status_code == 201, reply.text
    digest: str = reply.json()["digest"]
    return digest


def linked(served: Serving, **asked: object) -> Told:
    """A link to a scene with a sound."""
    scene = uploaded(served, a_scene(), "alley.glb", "scene")
    sound = uploaded(served, a_sound(), "rain.flac", "audio")
    reply = served.client.post("/api/v1/shares", json={"scene": scene, "sounds": [sound], "title": "Alley"} | asked)
    assert reply.status_code == 201, reply.text
    share: Told = reply.json()
    return share


def read(served: Serving, path: str) -> httpx2.Response:
    return served.client.get(path)


def codes(reply: httpx2.Response) -> list[str]:
    return [fault["code"] for fault in reply.json()["faults"]]


def test_whoever_has_the_link_sees_the_scene_and_hears_its_sounds(shared: Serving) -> None:
    share = linked(shared)
    shown = read(shared, f"{share['path']}/scene.json").json()
    assert shown == {name: share[name] for name in ("title", "scene", "sounds", "expires")}
    scene = read(shared, f"{share['path']}/content/{share['scene']}")
    assert (scene.status_code, scene.content) == (200, a_scene().encode())
    assert scene.headers["cache-control"] == "no-store"
    assert read(shared, f"{share['path']}/content/{share['sounds'][0]}").content == a_sound().encode()


def test_a_link_needs_no_key_where_all_else_does(shared: Serving) -> None:
    share = linked(shared)
    shared.service.set_setting("require_keys", True)
    shared.app.guards.admission.forget()
    assert read(shared, f"/api/v1/artefacts/{share['scene']}/content").status_code == 401
    assert read(shared, "/api/v1/shares").status_code == 401
    assert read(shared, f"{share['path']}/scene.json").status_code == 200
    assert read(shared, f"{share['path']}/content/{share['scene']}").status_code == 200


def test_a_link_shows_nothing_else_of_the_store(shared: Serving) -> None:
    share = linked(shared)
    other = uploaded(shared, a_picture(), "secret.png", "image")
    for named in (other, "blake3:" + "0" * 64, "nothing", "../shares", "%2e%2e"):
        reply = read(shared, f"{share['path']}/content/{named}")
        assert reply.status_code == 404, named
    assert read(shared, f"{share['path']}/thumbnail").status_code == 404


def later(share: Told) -> str:
    name, expires, signature = share["path"].split(".")
    return f"{name}.{int(expires) + 3600}.{signature}"


CHANGED: dict[str, Callable[[Told], str]] = {
    "another moment": later,
    "another signature": lambda share: share["path"][:-1] + ("A" if share["path"][-1] != "A" else "B"),
    "no signature": lambda share: share["path"].rpartition(".")[0],
    "another link's id": lambda share: share["path"].replace(share["id"], "f" * 16),
    "the id alone": lambda share: f"/s/{share['id']}",
    "something behind it": lambda share: share["path"] + "x",
    "a long text": lambda share: "/s/" + "a" * 190,
}


@pytest.mark.parametrize("change", CHANGED)
def test_a_link_that_was_changed_leads_nowhere(shared: Serving, change: str) -> None:
    share = linked(shared)
    path = CHANGED[change](share)
    for reply in (read(shared, f"{path}/scene.json"), read(shared, f"{path}/content/{share['scene']}")):
        assert (reply.status_code, codes(reply)) == (403, ["A008"])


def test_the_token_of_one_link_does_not_open_what_another_shows(shared: Serving) -> None:
    share = linked(shared)
    other = linked(shared, scene=uploaded(shared, a_scene_with_a_name("other"), "other.glb", "scene"))
    assert read(shared, f"{share['path']}/content/{other['scene']}").status_code == 404
    mixed = share["path"].rpartition(".")[0] + "." + other["path"].rpartition(".")[2]
    assert read(shared, f"{mixed}/scene.json").status_code == 403


def a_scene_with_a_name(name: str) -> Value:
    from dataclasses import replace

    return replace(a_scene(), title=name)


def test_a_link_expires(shared: Serving, wall: Wall) -> None:
    share = linked(shared, seconds=3600)
    wall.now += 3599
    assert read(shared, f"{share['path']}/scene.json").status_code == 200
    wall.now += 1
    assert codes(read(shared, f"{share['path']}/scene.json")) == ["A008"]
    assert codes(read(shared, f"{share['path']}/content/{share['scene']}")) == ["A008"]


def test_a_link_that_is_taken_back_leads_nowhere_and_stays_on_the_list(shared: Serving) -> None:
    share, kept = linked(shared), linked(shared, title="Kept")
    assert shared.client.delete(f"/api/v1/shares/{share['id']}").status_code == 204
    assert codes(read(shared, f"{share['path']}/scene.json")) == ["A008"]
    assert codes(read(shared, f"{share['path']}/content/{share['scene']}")) == ["A008"]
    assert read(shared, f"{kept['path']}/scene.json").status_code == 200
    listed = {one["id"]: one["holds"] for one in read(shared, "/api/v1/shares").json()["items"]}
    assert listed == {share["id"]: False, kept["id"]: True}
    assert shared.client.delete("/api/v1/shares/nothing").status_code == 404


def test_links_are_made_only_to_what_is_there_and_can_be_shown(shared: Serving) -> None:
    scene, picture = uploaded(shared, a_scene(), "a.glb", "scene"), uploaded(shared, a_picture(), "a.png", "image")
    cases: list[tuple[Told, int]] = [
        ({"scene": "blake3:" + "0" * 64}, 404),
        ({"scene": picture}, 404),
        ({"scene": scene, "sounds": [picture]}, 404),
        ({"scene": scene, "seconds": 59}, 422),
        ({"scene": scene, "seconds": 10**9}, 422),
        ({"scene": "../../etc/passwd"}, 422),
        ({}, 422),
    ]
    for asked, status in cases:
        assert shared.client.post("/api/v1/shares", json=asked).status_code == status, asked


def test_a_key_that_may_only_read_makes_and_sees_no_links(shared: Serving) -> None:
    scene = uploaded(shared, a_scene(), "a.glb", "scene")
    _, secret = shared.service.access.create("reader", ["read"])
    key = {"Authorization": f"Bearer {secret}"}
    assert shared.client.post("/api/v1/shares", json={"scene": scene}, headers=key).status_code == 403
    assert shared.client.get("/api/v1/shares", headers=key).status_code == 403


def test_t17_the_page_of_a_link_may_stand_in_pages_of_others_and_no_other_answer_may(shared: Serving) -> None:
    share = linked(shared)
    page = read(shared, share["path"])
    assert (page.status_code, page.content) == (200, PAGE)
    assert "frame-ancestors *" in page.headers["content-security-policy"]
    assert "x-frame-options" not in page.headers
    scene = f"{share['path']}/content/{share['scene']}"
    for path in ("/", f"{share['path']}/scene.json", scene, "/docs", "/api/v1/health", "/s/x/nothing"):
        headers = read(shared, path).headers
        assert "frame-ancestors 'none'" in headers["content-security-policy"], path
        assert headers["x-frame-options"] == "DENY", path


def test_a_link_is_followed_from_pages_of_other_sites_and_nothing_but_its_page_is(shared: Serving) -> None:
    share = linked(shared)
    assert shared.client.get(share["path"], headers=FOREIGN).status_code == 200
    for path in (f"{share['path']}/scene.json", f"{share['path']}/content/{share['scene']}", "/", "/api/v1/shares"):
        assert shared.client.get(path, headers=FOREIGN).status_code == 403, path
    assert shared.client.post(share["path"], headers=FOREIGN).status_code == 403
    named = {"Host": "evil.example"}
    assert shared.client.get(share["path"], headers=named).status_code == 421


def test_a_title_is_text_whatever_stands_in_it(shared: Serving) -> None:
    title = "</title><img src=x onerror=alert(1)>"
    share = linked(shared, title=title)
    assert read(shared, f"{share['path']}/scene.json").json()["title"] == title
    assert b"onerror" not in read(shared, share["path"]).content


def test_a_scene_is_given_as_a_page_that_is_saved_and_never_shown_from_here(shared: Serving) -> None:
    share = linked(shared)
    path = f"/api/v1/artefacts/{share['scene']}/scene.html"
    assert shared.client.get(path).status_code == 404, "there is no viewer beside this server"
    files = dict(shared.app.state.editor.files)
    template = files["share.html"].with_name("scene.html")
    template.write_bytes(b"<title><!--title--></title><!--held-->")
    shared.app.state.editor.files = files | {"scene.html": template}
    reply = shared.client.get(path, params={"sound": share["sounds"], "title": "<b>"})
    assert reply.status_code == 200
    assert reply.content.startswith(b"<title>&lt;b&gt;</title>")
    assert reply.content.count(b"<script") == 2
    assert reply.headers["content-disposition"].startswith("attachment")
    assert "sandbox" in reply.headers["content-security-policy"]
    assert shared.client.get(f"/api/v1/artefacts/{share['sounds'][0]}/scene.html").status_code == 404
