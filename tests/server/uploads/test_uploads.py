"""Uploads in parts: resumed after a break, whole or not there, and never more than was announced."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.support import bombs
from tests.support.sample_values import a_picture

from diorama.faults import DioramaError
from diorama.keys import digest_of
from diorama.limits import limits
from diorama.refusals import NoSuch
from diorama.server.inspection.inspector import Inspector
from diorama.server.uploads import KEPT_SECONDS, Arrived, Upload, Uploads
from diorama.store.blobs import BlobStore

PICTURE = a_picture().encode()


class Wall:
    """A clock that is turned by hand."""

    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture(scope="module")
def inspector() -> Iterator[Inspector]:
    one = Inspector()
    yield one
    one.close()


@pytest.fixture
def wall(tmp_path: Path) -> Wall:
    wall = Wall()
    wall.now = tmp_path.stat().st_mtime
    return wall


@pytest.fixture
def uploads(tmp_path: Path, inspector: Inspector, wall: Wall) -> Uploads:
    return Uploads(BlobStore(tmp_path), inspector, wall)


def announced(content: bytes, name: str = "boat.png", digest: str | None = None, type_: str | None = None) -> Upload:
    return Upload("", name, len(content), digest, type_, None, "local")


def send(uploads: Uploads, upload: str, content: bytes, offset: int = 0) -> None:
    with uploads.appending(upload, offset) as part:
        part.write(content)


def code_of(error: pytest.ExceptionInfo[DioramaError]) -> str:
    return error.value.faults[0].code


def left_in(uploads: Uploads) -> list[str]:
    return sorted(path.name for path in uploads.folder.iterdir())


def test_a_file_that_came_in_parts_is_in_the_store_with_what_was_found(uploads: Uploads) -> None:
    upload = uploads.begin(announced(PICTURE, digest=f"blake3:{digest_of(PICTURE).hex()}")).id
    send(uploads, upload, PICTURE[:100])
    assert uploads.finish(upload) == uploads.get(upload)
    assert uploads.get(upload).offset == 100
    send(uploads, upload, PICTURE[100:], 100)
    arrived = uploads.finish(upload)
    assert isinstance(arrived, Arrived)
    assert arrived.found.type == "image"
    assert uploads.blobs.get(arrived.digest) == PICTURE
    assert left_in(uploads) == []
    with pytest.raises(NoSuch):
        uploads.get(upload)


def test_an_upload_outlives_the_server(uploads: Uploads, inspector: Inspector) -> None:
    upload = uploads.begin(announced(PICTURE)).id
    send(uploads, upload, PICTURE[:300])
    later = Uploads(uploads.blobs, inspector)
    assert later.get(upload).offset == 300
    send(later, upload, PICTURE[300:], 300)
    assert isinstance(later.finish(upload), Arrived)


@pytest.mark.parametrize("offset", [0, 99, 101, -1])
def test_a_part_that_begins_elsewhere_is_refused_and_changes_nothing(uploads: Uploads, offset: int) -> None:
    upload = uploads.begin(announced(PICTURE)).id
    send(uploads, upload, PICTURE[:100])
    with pytest.raises(DioramaError, match="go on from there") as refused:
        send(uploads, upload, b"x", offset)
    assert code_of(refused) == "U003"
    assert uploads.get(upload).offset == 100


def test_two_that_write_at_once_do_not_mix(uploads: Uploads) -> None:
    upload = uploads.begin(announced(PICTURE)).id
    with uploads.appending(upload, 0) as part:
        part.write(PICTURE[:10])
        with pytest.raises(DioramaError) as refused, uploads.appending(upload, 10):
            pass
        assert code_of(refused) == "U003"
        part.write(PICTURE[10:])
    assert isinstance(uploads.finish(upload), Arrived)


def test_more_than_was_announced_is_refused_and_not_kept(uploads: Uploads) -> None:
    upload = uploads.begin(announced(b"12345", "a.txt")).id
    with pytest.raises(DioramaError) as refused:
        send(uploads, upload, b"123456")
    assert code_of(refused) == "U002"
    assert uploads.get(upload).offset == 0


@pytest.mark.parametrize("algorithm", ["blake3", "sha256"])
def test_a_file_that_hashes_to_something_else_is_refused_and_gone(uploads: Uploads, algorithm: str) -> None:
    upload = uploads.begin(announced(PICTURE, digest=f"{algorithm}:{'0' * 64}")).id
    send(uploads, upload, PICTURE)
    with pytest.raises(DioramaError, match=f"hashes to {algorithm}:") as refused:
        uploads.finish(upload)
    assert code_of(refused) == "U004"
    assert left_in(uploads) == []
    assert list(uploads.blobs.digests()) == []


def test_a_sha256_is_taken_as_browsers_can_make_it(uploads: Uploads) -> None:
    digest = f"sha256:{hashlib.sha256(PICTURE).hexdigest()}"
    upload = uploads.begin(announced(PICTURE, digest=digest)).id
    send(uploads, upload, PICTURE)
    assert isinstance(uploads.finish(upload), Arrived)


def test_t30_a_bomb_is_refused_and_gone(uploads: Uploads) -> None:
    bomb = bombs.png(50_000, 50_000)
    upload = uploads.begin(announced(bomb)).id
    send(uploads, upload, bomb)
    with pytest.raises(DioramaError, match="at most 64,000,000") as refused:
        uploads.finish(upload)
    assert code_of(refused) == "U005"
    assert left_in(uploads) == []
    assert list(uploads.blobs.digests()) == []


def test_a_file_that_is_not_what_it_is_announced_as_is_refused(uploads: Uploads) -> None:
    upload = uploads.begin(announced(PICTURE, type_="mesh")).id
    send(uploads, upload, PICTURE)
    with pytest.raises(DioramaError, match="mesh is wanted") as refused:
        uploads.finish(upload)
    assert code_of(refused) == "U005"


BAD = {
    "nothing": (Upload("", "a.png", 0, None, None, None, "local"), "U002"),
    "less than nothing": (Upload("", "a.png", -1, None, None, None, "local"), "U002"),
    "more than the limit": (Upload("", "a.png", 2**31 + 1, None, None, None, "local"), "U002"),
    "a way out": (Upload("", "../../etc/passwd", 5, None, None, None, "local"), "U001"),
    "an unknown digest": (Upload("", "a.png", 5, "md5:00", None, None, "local"), "H001"),
}


@pytest.mark.parametrize(("upload", "code"), BAD.values(), ids=BAD)
def test_what_cannot_be_taken_is_refused_before_any_of_it_comes(uploads: Uploads, upload: Upload, code: str) -> None:
    assert limits().max_file_bytes == 2**31
    with pytest.raises(DioramaError) as refused:
        uploads.begin(upload)
    assert code_of(refused) == code
    assert left_in(uploads) == []


def test_what_has_no_room_on_the_disk_is_refused(uploads: Uploads, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("shutil.disk_usage", lambda path: type("Usage", (), {"free": 2**28 + 4})())
    assert uploads.begin(Upload("", "a.png", 4, None, None, None, "local"))
    with pytest.raises(DioramaError) as refused:
        uploads.begin(Upload("", "a.png", 5, None, None, None, "local"))
    assert code_of(refused) == "R006"


@pytest.mark.parametrize(
    "name",
    [
        "",
        "..",
        "../x",
        "0" * 31,
        "g" * 32,
        "0" * 33,
        "A" * 32,
        "%2e%2e",
        "0" * 31 + "\n",
        "/etc/passwd",
        "0" * 31 + "/",
    ],
)
def test_t18_an_upload_is_named_by_its_id_alone(uploads: Uploads, name: str) -> None:
    for ask in (uploads.get, uploads.cancel, uploads.finish):
        with pytest.raises(NoSuch):
            ask(name)
    with pytest.raises(NoSuch), uploads.appending(name, 0):
        pass


def test_t18_an_upload_is_never_looked_for_outside_its_folder(uploads: Uploads) -> None:
    upload = uploads.begin(announced(PICTURE)).id
    outside = uploads.folder.parent
    for ending in (".json", ".part"):
        (uploads.folder / f"{upload}{ending}").rename(outside / f"outside{ending}")
    for ask in (uploads.get, uploads.cancel, uploads.finish):
        with pytest.raises(NoSuch):
            ask("../outside")
    uploads.forget("../outside")
    assert (outside / "outside.part").exists()
    assert (outside / "outside.json").exists()


def test_what_nobody_goes_on_with_is_removed_and_the_rest_is_not(uploads: Uploads, wall: Wall) -> None:
    left = uploads.begin(announced(PICTURE)).id
    wall.now += KEPT_SECONDS / 2
    going = uploads.begin(announced(PICTURE)).id
    wall.now += KEPT_SECONDS / 2 + 10
    assert uploads.sweep() == 1
    assert uploads.get(going).id == going
    with pytest.raises(NoSuch):
        uploads.get(left)
    uploads.cancel(going)
    assert left_in(uploads) == []


def test_t21_two_names_that_a_file_system_may_take_for_one_are_two_files(uploads: Uploads) -> None:
    names = ["Boat.png", "boat.png", "bóat.png", "bo\u0301at.png"]
    found = set()
    for number, name in enumerate(names):
        content = a_picture(20 + number).encode()
        upload = uploads.begin(announced(content, name)).id
        send(uploads, upload, content)
        arrived = uploads.finish(upload)
        assert isinstance(arrived, Arrived)
        found.add(arrived.digest)
    assert len(found) == len(names)


def test_the_same_file_again_is_the_same_blob(uploads: Uploads) -> None:
    for _ in range(2):
        upload = uploads.begin(announced(PICTURE)).id
        send(uploads, upload, PICTURE)
        assert isinstance(uploads.finish(upload), Arrived)
    assert [digest for digest, _ in uploads.blobs.digests()] == [digest_of(PICTURE)]
    assert left_in(uploads) == []
