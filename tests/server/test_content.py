"""The bytes of artefacts: ranges, tags, names, and nothing that runs in a browser."""

from __future__ import annotations

import os
from pathlib import Path

import httpx2
import pytest
from tests.support.sample_values import a_mesh, a_motion, a_picture, a_scene, a_sound
from tests.support.served import Serving, Told
from tests.support.service_nodes import graph_of

from diorama.keys import digest_of
from diorama.server.content import Content, read_range
from diorama.values.glb_bones import write_bones

PICTURE = a_picture().encode()


def uploaded(served: Serving, content: bytes, name: str, **asked: str) -> Told:
    reply = served.client.post("/api/v1/artefacts", params={"name": name, **asked}, content=content)
    assert reply.status_code == 201, reply.text
    artefact: Told = reply.json()
    return artefact


def content_of(served: Serving, digest: str, **headers: str) -> httpx2.Response:
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return served.client.get(f"/api/v1/artefacts/{digest}/content", headers=named)


def test_what_was_uploaded_is_given_back_with_all_that_is_known_of_it(served: Serving) -> None:
    made = uploaded(served, PICTURE, "boat.png")
    assert (made["type"], made["media_type"], made["size"]) == ("image", "image/png", len(PICTURE))
    assert made["facts"] == {"width": 300, "height": 200, "has_alpha": False}
    assert made["digest"] == f"blake3:{digest_of(PICTURE).hex()}"
    assert served.client.get(f"/api/v1/artefacts/{made['digest']}").json() == made
    reply = content_of(served, made["digest"])
    assert reply.content == PICTURE
    assert reply.headers["content-type"] == "image/png"
    assert reply.headers["etag"] == f'"{made["digest"]}"'
    assert "immutable" in reply.headers["cache-control"]
    assert reply.headers["content-disposition"] == "inline; filename=\"boat.png\"; filename*=UTF-8''boat.png"
    bare = made["digest"].removeprefix("blake3:")
    assert content_of(served, bare).content == PICTURE


RANGES = {
    "the beginning": ("bytes=0-9", 206, PICTURE[:10]),
    "a stretch": ("bytes=5-5", 206, PICTURE[5:6]),
    "from a place on": ("bytes=100-", 206, PICTURE[100:]),
    "the end": ("bytes=-10", 206, PICTURE[-10:]),
    "more than there is at the end": ("bytes=-99999999", 200, PICTURE),
    "beyond the end": (f"bytes=10-{10**9}", 206, PICTURE[10:]),
    "all of it": ("bytes=0-", 200, PICTURE),
    "several parts": ("bytes=0-1,5-6", 200, PICTURE),
    "another unit": ("lines=0-1", 200, PICTURE),
    "backwards": ("bytes=9-0", 200, PICTURE),
    "nothing": ("bytes=-", 200, PICTURE),
    "no range": ("bytes=a-b", 200, PICTURE),
    "what is not there": (f"bytes={10**9}-", 416, None),
    "nothing at the end": ("bytes=-0", 416, None),
    "a number without end": (f"bytes={'9' * 400}-", 200, PICTURE),
}


@pytest.mark.parametrize(("asked", "status", "wanted"), RANGES.values(), ids=RANGES)
def test_a_range_gives_these_bytes(served: Serving, asked: str, status: int, wanted: bytes | None) -> None:
    digest = uploaded(served, PICTURE, "boat.png")["digest"]
    reply = content_of(served, digest, range=asked)
    head = served.client.head(f"/api/v1/artefacts/{digest}/content", headers={"range": asked})
    assert (reply.status_code, head.status_code) == (status, status)
    assert head.content == b""
    assert reply.headers["accept-ranges"] == "bytes"
    if wanted is None:
        assert reply.json()["faults"][0]["code"] == "U008"
        assert reply.headers["content-range"] == f"bytes */{len(PICTURE)}"
        return
    assert reply.content == wanted
    assert head.headers["content-length"] == str(len(wanted))
    if status == 206:
        place = PICTURE.index(wanted)
        assert reply.headers["content-range"] == f"bytes {place}-{place + len(wanted) - 1}/{len(PICTURE)}"


@pytest.mark.parametrize("size", [0, 1, 1000])
def test_every_range_lies_within_the_bytes(size: int) -> None:
    for first in ("", "0", "1", "999", "1000", "1001"):
        for last in ("", "0", "1", "999", "1000", "1001"):
            found = read_range(f"bytes={first}-{last}", size)
            if found is not None:
                assert 0 <= found[0] <= found[1] <= size


def test_a_range_goes_on_only_with_the_same_bytes(served: Serving) -> None:
    digest = uploaded(served, PICTURE, "boat.png")["digest"]
    same = content_of(served, digest, range="bytes=10-", if_range=f'"{digest}"')
    other = content_of(served, digest, range="bytes=10-", if_range='"blake3:other"')
    assert (same.status_code, same.content) == (206, PICTURE[10:])
    assert (other.status_code, other.content) == (200, PICTURE)


def test_what_a_client_has_is_not_sent_again(served: Serving) -> None:
    digest = uploaded(served, PICTURE, "boat.png")["digest"]
    reply = content_of(served, digest, if_none_match=f'W/"x", "{digest}"')
    assert (reply.status_code, reply.content) == (304, b"")
    assert reply.headers["etag"] == f'"{digest}"'


ACTIVE = {
    "a page": (b"<html><script>alert(1)</script></html>", "page.html", "text/html"),
    "a page called a picture": (b"<html><script>alert(1)</script></html>", "page.png", "text/html"),
    "a drawing with a script": (
        b'<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>',
        "a.svg",
        "image/svg+xml",
    ),
    "a script": (b"alert(document.cookie)", "a.js", "text/javascript"),
    "XML with a style sheet": (b'<?xml version="1.0"?><?xml-stylesheet href="x.xsl"?><a/>', "a.xml", "application/xml"),
    "words": (b"plain words", "a.txt", "text/plain"),
    "bytes": (b"\0\1\2\3", "a.bin", "application/octet-stream"),
    "an archive": (b"PK\x03\x04....", "a.zip", "application/zip"),
}


@pytest.mark.parametrize(("content", "name", "media_type"), ACTIVE.values(), ids=ACTIVE)
def test_t15_what_could_run_is_saved_and_never_shown(
    served: Serving, content: bytes, name: str, media_type: str
) -> None:
    made = uploaded(served, content, name)
    assert (made["type"], made["media_type"]) == ("file", media_type)
    reply = content_of(served, made["digest"])
    assert reply.headers["content-disposition"].startswith("attachment;")
    assert reply.headers["content-type"].partition(";")[0] == media_type
    assert reply.headers["x-content-type-options"] == "nosniff"
    policy = reply.headers["content-security-policy"].split("; ")
    assert {"sandbox", "default-src 'none'", "frame-ancestors 'none'"} <= set(policy)
    assert served.client.get(f"/api/v1/artefacts/{made['digest']}/thumbnail").status_code == 404


STRANGE = ["../../../etc/passwd", "%2e%2e%2f%2e%2e%2fetc%2fpasswd", "..%5c..%5cboot.ini", "blake3:..", "%00", "CON"]
STRANGE += [
    "/etc/passwd",
    "blake3:" + "0" * 63,
    "sha256:" + "0" * 64,
    "A" * 64,
    "0" * 63 + "/",
    "0" * 65,
    "0" * 64 + "%00",
]


@pytest.mark.parametrize("digest", STRANGE)
def test_t18_nothing_but_a_digest_names_bytes(served: Serving, digest: str) -> None:
    for place in ("", "/content", "/thumbnail", "/bones.glb"):
        reply = served.client.get(f"/api/v1/artefacts/{digest}{place}")
        assert reply.status_code in (404, 422), (digest, place)
        assert b"root:" not in reply.content


def test_t19_a_link_in_the_store_is_not_followed(served: Serving, tmp_path: Path) -> None:
    content = b"what lies outside"
    digest = digest_of(content)
    outside = tmp_path / "outside"
    outside.write_bytes(content)
    path = served.service.store.blobs.path(digest)
    path.parent.mkdir(exist_ok=True)
    # Even one that leads to the very bytes: where it leads now says nothing of where it leads next.
    path.symlink_to(outside)
    try:
        reply = content_of(served, digest.hex())
        assert (reply.status_code, reply.json()["faults"][0]["code"]) == (410, "U006")
        path.unlink()
        path.write_bytes(content)
        assert content_of(served, digest.hex()).content == content
    finally:
        path.unlink()


def test_t19_a_file_put_in_the_place_of_a_blob_is_never_served(served: Serving) -> None:
    content = b"the very bytes of a blob"
    made = uploaded(served, content, "a.txt")
    path = served.service.store.blobs.path(digest_of(content))
    assert content_of(served, made["digest"]).content == content
    facts = path.stat()
    path.chmod(0o600)
    # Of the same size and time: what differs is the file itself.
    other = path.with_suffix(".other")
    other.write_bytes(b"the other bytes of blobs")
    os.utime(other, ns=(facts.st_atime_ns, facts.st_mtime_ns))
    other.replace(path)
    assert content_of(served, made["digest"]).status_code == 410


def test_a_result_of_a_run_is_an_artefact_with_a_picture(served: Serving) -> None:
    run = served.ended(graph_of("picture", "grey", side=40))
    (artefact,) = served.client.get("/api/v1/artefacts", params={"run": run["id"]}).json()["items"]
    assert (artefact["name"], artefact["type"], artefact["run"]) == ("out", "image", run["id"])
    reply = content_of(served, artefact["digest"])
    assert 'filename="out.png"' in reply.headers["content-disposition"]
    small = served.client.get(f"/api/v1/artefacts/{artefact['digest']}/thumbnail", params={"size": 64})
    assert (small.status_code, small.headers["content-type"]) == (200, "image/webp")
    assert small.content[8:12] == b"WEBP"


def test_values_that_are_no_results_are_had_by_their_digest_too(served: Serving) -> None:
    preview = a_picture(33, 22).encode()
    digest = served.service.store.blobs.put(preview).hex()
    reply = content_of(served, digest)
    assert (reply.status_code, reply.headers["content-type"], reply.content) == (200, "image/png", preview)
    assert f'filename="{digest[:12]}.png"' in reply.headers["content-disposition"]
    assert served.client.get(f"/api/v1/artefacts/{digest}/thumbnail").status_code == 200


def test_what_no_run_has_on_record_is_seen_as_the_type_that_is_named(served: Serving) -> None:
    digest = served.service.store.blobs.put(a_scene().encode()).hex()
    address = f"/api/v1/artefacts/{digest}/thumbnail"
    asked = [{}, {"type": "mesh"}, {"type": "scene"}]
    by_itself, as_mesh, as_scene = (served.client.get(address, params=one).content for one in asked)
    assert by_itself == as_mesh
    assert as_scene != as_mesh
    assert served.client.get(address, params={"type": "house"}).status_code == 422


@pytest.mark.parametrize("size", [64, 128, 256, 512])
@pytest.mark.parametrize("value", [a_picture(900, 700), a_sound(), a_mesh()], ids=lambda value: value.type_name)
def test_thumbnails_come_in_sizes_and_are_kept(served: Serving, size: int, value: object) -> None:
    content: bytes = value.encode()  # type: ignore[attr-defined]
    digest = uploaded(served, content, "a")["digest"]
    address = f"/api/v1/artefacts/{digest}/thumbnail"
    first, second = (served.client.get(address, params={"size": size, "form": "png"}) for _ in range(2))
    assert first.status_code == 200
    assert first.content == second.content
    width, height = (int.from_bytes(first.content[at : at + 4], "big") for at in (16, 20))
    assert max(width, height) == size
    assert "immutable" in first.headers["cache-control"]


@pytest.mark.parametrize("asked", [{"size": "100000"}, {"size": "0"}, {"form": "svg"}])
def test_other_thumbnails_are_refused(served: Serving, asked: dict[str, str]) -> None:
    digest = uploaded(served, PICTURE, "boat.png")["digest"]
    assert served.client.get(f"/api/v1/artefacts/{digest}/thumbnail", params=asked).status_code == 422


def test_a_motion_is_had_as_bones_that_move(served: Serving) -> None:
    motion = uploaded(served, a_motion().encode(), "lean.npz", type="motion")["digest"]
    first, second = (served.client.get(f"/api/v1/artefacts/{motion}/bones.glb") for _ in range(2))
    assert (first.status_code, first.headers["content-type"]) == (200, "model/gltf-binary")
    assert first.content == second.content == write_bones(a_motion())
    assert "immutable" in first.headers["cache-control"]


def test_what_is_no_motion_has_no_bones(served: Serving) -> None:
    picture = uploaded(served, PICTURE, "boat.png")["digest"]
    reply = served.client.get(f"/api/v1/artefacts/{picture}/bones.glb")
    assert (reply.status_code, reply.json()["faults"][0]["code"]) == (404, "U007")
    assert served.client.get(f"/api/v1/artefacts/{'0' * 64}/bones.glb").status_code == 404


def test_artefacts_are_listed_in_pages_and_by_what_they_are(served: Serving) -> None:
    project = served.service.projects.create("listed").id
    made = [uploaded(served, f"text {number}".encode(), f"{number}.txt", project=project) for number in range(5)]
    found: list[str] = []
    cursor: dict[str, str] = {}
    while True:
        page = served.client.get("/api/v1/artefacts", params={"project": project, "limit": 2, **cursor}).json()
        found += [one["id"] for one in page["items"]]
        if page["next"] is None:
            break
        cursor = {"cursor": page["next"]}
    assert found == [one["id"] for one in reversed(made)]
    named = served.client.get("/api/v1/artefacts", params={"name": "3.txt", "project": project}).json()["items"]
    assert [one["id"] for one in named] == [made[3]["id"]]
    assert served.client.delete(f"/api/v1/artefacts/{made[3]['digest']}").status_code == 204
    assert served.client.get(f"/api/v1/artefacts/{made[3]['digest']}").status_code == 404
    assert content_of(served, made[3]["digest"]).status_code == 200
    assert served.client.delete(f"/api/v1/artefacts/{made[3]['digest']}").status_code == 404


def test_artefacts_of_several_types_are_listed_together(served: Serving) -> None:
    project = served.service.projects.create("several").id
    for type_ in ("image", "mask"):
        uploaded(served, PICTURE, type_, project=project, type=type_)
    uploaded(served, a_sound().encode(), "audio", project=project)
    for asked, wanted in (("mask", ["mask"]), (["mask", "audio"], ["audio", "mask"]), ([], ["audio", "mask", "image"])):
        params = {"project": project, "type": asked}
        found = served.client.get("/api/v1/artefacts", params=params).json()["items"]
        assert [one["name"] for one in found] == wanted
    many = {"type": [str(number) for number in range(33)]}
    assert served.client.get("/api/v1/artefacts", params=many).status_code == 422


ENDINGS = {
    "boat": "boat.glb",
    "boat.png": "boat.png",
    "a.b": "a.b",
    ".glb": ".glb.glb",
    "version 1.2 of it": "version 1.2 of it.glb",
}


@pytest.mark.parametrize(("name", "saved"), ENDINGS.items())
def test_a_name_has_an_ending_where_it_is_saved(name: str, saved: str) -> None:
    assert Content(digest_of(b""), 0, "model/gltf-binary", name).file_name == saved
