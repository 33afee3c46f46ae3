"""Uploads over HTTP: in parts, after breaks, refused where they are not what they say, and without a growing server."""

from __future__ import annotations

import hashlib
import socket

import psutil
import pytest
from tests.support import bombs
from tests.support.sample_values import a_picture, a_sound
from tests.support.served import Serving, Told

from diorama.keys import digest_of

PICTURE = a_picture(700, 500).encode()


def begun(served: Serving, content: bytes, name: str = "boat.png", **asked: object) -> str:
    body = {"name": name, "size": len(content), **asked}
    reply = served.client.post("/api/v1/uploads", json=body)
    assert reply.status_code == 201, reply.text
    upload: str = reply.json()["id"]
    assert reply.headers["location"] == f"/api/v1/uploads/{upload}"
    return upload


def send(served: Serving, upload: str, content: bytes, offset: int) -> tuple[int, Told]:
    headers = {"Upload-Offset": str(offset)}
    reply = served.client.patch(f"/api/v1/uploads/{upload}", content=content, headers=headers)
    return reply.status_code, reply.json()


def test_a_file_comes_in_parts_and_becomes_an_artefact(served: Serving) -> None:
    digest = f"sha256:{hashlib.sha256(PICTURE).hexdigest()}"
    upload = begun(served, PICTURE, digest=digest)
    status, shown = send(served, upload, PICTURE[:100], 0)
    assert (status, shown["offset"], shown["digest"]) == (200, 100, digest)
    head = served.client.head(f"/api/v1/uploads/{upload}")
    assert (head.headers["upload-offset"], head.headers["upload-length"]) == ("100", str(len(PICTURE)))
    status, made = send(served, upload, PICTURE[100:], 100)
    assert status == 201
    assert (made["digest"], made["name"]) == (f"blake3:{digest_of(PICTURE).hex()}", "boat.png")
    assert served.client.get(f"/api/v1/artefacts/{made['digest']}/content").content == PICTURE
    assert served.client.get(f"/api/v1/uploads/{upload}").status_code == 404


def test_what_came_before_a_break_is_kept(served: Serving) -> None:
    upload = begun(served, PICTURE)
    address = served.address.removeprefix("http://")
    host, port = address.split(":")
    with socket.create_connection((host, int(port)), timeout=20) as line:
        head = f"PATCH /api/v1/uploads/{upload} HTTP/1.1\r\nHost: {address}\r\nUpload-Offset: 0\r\n"
        line.sendall(f"{head}Content-Length: {len(PICTURE)}\r\nExpect: 100-continue\r\n\r\n".encode())
        # The server asks for the body once the upload is open: from here on what is sent is received.
        assert b"100" in line.recv(1000)
        line.sendall(PICTURE[:2000])
        line.shutdown(socket.SHUT_WR)
        assert line.recv(1000) == b""
    offset = served.client.get(f"/api/v1/uploads/{upload}").json()["offset"]
    assert offset == 2000
    assert send(served, upload, PICTURE[offset:], offset)[0] == 201


REFUSED = {
    "a part that begins elsewhere": (PICTURE, b"x", 5, 409, "U003"),
    "more than was announced": (b"123", b"1234", 0, 413, "U002"),
    "another content than was announced": (PICTURE, b"\0" * len(PICTURE), 0, 422, "U004"),
    "a bomb": (bombs.png(50_000, 50_000), bombs.png(50_000, 50_000), 0, 422, "U005"),
    "a damaged file": (PICTURE, PICTURE[:-200] + b"\0" * 200, 0, 422, "U004"),
}


@pytest.mark.parametrize(("announced", "sent", "offset", "status", "code"), REFUSED.values(), ids=REFUSED)
def test_it_is_refused(served: Serving, announced: bytes, sent: bytes, offset: int, status: int, code: str) -> None:
    upload = begun(served, announced, digest=f"blake3:{digest_of(announced).hex()}")
    found, told = send(served, upload, sent, offset)
    assert (found, told["faults"][0]["code"]) == (status, code)
    assert str(served.service.store.root) not in str(told)


ANNOUNCED = {
    "a way out of the folder": ({"name": "../../evil.png"}, 422, "U001"),
    "a way out, encoded twice": ({"name": "%252e%252e%252fevil.png"}, 422, "U001"),
    "a drive": ({"name": "C:evil.png"}, 422, "U001"),
    "a device": ({"name": "NUL"}, 422, "U001"),
    "a folder": ({"name": "a/b.png"}, 422, "U001"),
    "a name with a NUL": ({"name": "a\0.png"}, 422, "H001"),
    "a name without end": ({"name": "a" * 5000}, 422, "H001"),
    "more than is taken": ({"size": 2**31 + 1}, 413, "U002"),
    "less than nothing": ({"size": -1}, 422, "H001"),
    "a type that is none": ({"type": "elephant"}, 422, "H001"),
    "a digest that is none": ({"digest": "md5:0"}, 422, "H001"),
    "a project that is not there": ({"project": "nowhere"}, 404, "Q001"),
    "an address to fetch it from": ({"url": "http://169.254.169.254/"}, 422, "H001"),
}


@pytest.mark.parametrize(("asked", "status", "code"), ANNOUNCED.values(), ids=ANNOUNCED)
def test_t18_what_cannot_be_is_refused_before_it_comes(
    served: Serving, asked: dict[str, object], status: int, code: str
) -> None:
    reply = served.client.post("/api/v1/uploads", json={"name": "a.png", "size": 5} | asked)
    assert (reply.status_code, reply.json()["faults"][0]["code"]) == (status, code)


@pytest.mark.parametrize("name", ["../../evil", "/etc/evil", "a/b", "..%5cevil", "CON", "%00"])
def test_t18_a_small_file_has_a_plain_name_too(served: Serving, name: str) -> None:
    reply = served.client.post("/api/v1/artefacts", params={"name": name}, content=b"x")
    assert reply.status_code == 422
    assert not [path for path in served.service.store.root.rglob("*") if "evil" in path.name or path.name == "CON"]


def test_t21_names_that_some_systems_take_for_one_are_two_artefacts(served: Serving) -> None:
    project = served.service.projects.create("names").id
    for number, name in enumerate(["Boat.txt", "boat.txt", "BOAT.TXT", "bóat.txt", "bo\u0301at.txt"]):
        asked = {"name": name, "project": project}
        assert served.client.post("/api/v1/artefacts", params=asked, content=b"%d" % number).status_code == 201
    listed = served.client.get("/api/v1/artefacts", params={"project": project}).json()["items"]
    assert sorted(one["name"] for one in listed) == sorted(["Boat.txt", "boat.txt", "BOAT.TXT", "bóat.txt", "bóat.txt"])
    contents = {served.client.get(f"/api/v1/artefacts/{one['digest']}/content").content for one in listed}
    assert contents == {b"0", b"1", b"2", b"3", b"4"}


def test_a_file_of_unknown_size_is_refused(served: Serving) -> None:
    reply = served.client.post("/api/v1/artefacts", params={"name": "a.txt"}, content=iter([b"a", b"b"]))
    assert (reply.status_code, reply.json()["faults"][0]["code"]) == (413, "U002")


def test_t20_an_archive_is_kept_and_given_back_and_nothing_of_it_is_unpacked(served: Serving) -> None:
    bomb = bombs.zip_bomb(200)
    before = {path for path in served.service.store.root.rglob("*") if "evil" in path.name}
    made = served.client.post("/api/v1/artefacts", params={"name": "bomb.zip"}, content=bomb).json()
    assert (made["type"], made["media_type"], made["size"]) == ("file", "application/zip", len(bomb))
    assert {path for path in served.service.store.root.rglob("*") if "evil" in path.name} == before


def test_t30_t33_the_server_does_not_grow_over_what_it_takes_in_or_refuses(served: Serving) -> None:
    def post(content: bytes, name: str) -> int:
        return served.client.post("/api/v1/artefacts", params={"name": name}, content=content).status_code

    assert post(a_sound(2).encode(), "warm.flac") == 201
    before = psutil.Process().memory_info().rss
    tried = {
        "large.bin": (b"\1" + b"\0" * (40 * 2**20), 201),
        "bomb.png": (bombs.png(50_000, 50_000), 422),
        "text.png": (bombs.text_bomb(), 422),
        "lies.glb": (bombs.glb(bombs.triangles(2**31), b"\0" * 36), 422),
        "lies.wav": (bombs.wav(0, 2**31), 422),
        "bomb.zip": (bombs.zip_bomb(300), 201),
    }
    for name, (content, status) in tried.items():
        assert post(content, name) == status, name
    assert psutil.Process().memory_info().rss - before < 130 * 2**20
    assert post(PICTURE, "next.png") == 201


def test_an_upload_can_be_cancelled(served: Serving) -> None:
    upload = begun(served, PICTURE)
    assert served.client.delete(f"/api/v1/uploads/{upload}").status_code == 204
    assert send(served, upload, PICTURE, 0)[0] == 404
    assert served.client.delete(f"/api/v1/uploads/{upload}").status_code == 404
