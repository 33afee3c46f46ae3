"""Whatever is damaged in a store is found when it is read, never served, and made again with the same digest."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path

import pytest
from sqlalchemy import select, update
from tests.support.tally import calls_made, catalogue, graph_of

from diorama.graph import Graph
from diorama.keys import Digest
from diorama.refs import Blob
from diorama.session import Result, Session
from diorama.store import care
from diorama.store.blobs import BlobStore, Damaged
from diorama.store.calls import CallStore
from diorama.store.tables import calls

pytestmark = pytest.mark.usefixtures("database")

COUNT = 20


def flip(path: Path) -> None:
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 1
    path.write_bytes(content)


def become_a_folder(path: Path) -> None:
    path.unlink()
    path.mkdir()


DAMAGES: dict[str, Callable[[Path], object]] = {
    "a flipped bit": flip,
    "a byte cut off": lambda path: path.write_bytes(path.read_bytes()[:-1]),
    "a byte too many": lambda path: path.write_bytes(path.read_bytes() + b"\0"),
    "emptied": lambda path: path.write_bytes(b""),
    "deleted": lambda path: path.unlink(),
    "a folder in its place": become_a_folder,
    "the bytes of another": lambda path: path.write_bytes(b"[" + b"1," * (path.stat().st_size // 2 - 1) + b"]"),
}
"""Run as root, taking a file's permissions away changes nothing; a folder cannot be read by anyone."""


def wide() -> Graph:
    """Many large texts side by side, each with a small result below it."""
    nodes: dict[str, tuple[str, Mapping[str, object]]] = {}
    for number in range(COUNT):
        nodes[f"text{number}"] = ("grown", {"text": "", "by": number})
        nodes[f"size{number}"] = ("measured", {"text": f"@text{number}"})
    return graph_of(nodes, *nodes)


def digests(result: Result) -> dict[str, Digest]:
    return {name: ref.digest for name, ref in result.outputs.items()}


def blob_paths(result: Result, store: CallStore) -> dict[str, Path]:
    return {name: store.blobs.path(ref.digest) for name, ref in result.outputs.items() if isinstance(ref, Blob)}


@pytest.mark.parametrize("name", DAMAGES)
def test_a_damaged_blob_is_a_miss_and_is_made_again(tmp_path: Path, name: str) -> None:
    with Session(tmp_path, catalogue=catalogue(), executor="inline") as session:
        first = session.run(wide())
        hurt = dict(list(blob_paths(first, session.store).items())[::2])
        for path in hurt.values():
            DAMAGES[name](path)
    with Session(tmp_path, catalogue=catalogue(), executor="inline") as session:
        again = session.run(wide())
        assert again.state == "succeeded"
        assert digests(again) == digests(first)
        assert sorted(calls_made(again)) == sorted(hurt)
        assert care.verify(session.store).damaged == ()
        quarantined = len(list((tmp_path / "quarantine").iterdir()))
        assert quarantined == (0 if name == "deleted" else len(hurt))
        assert calls_made(session.run(wide())) == []


@pytest.mark.parametrize("name", DAMAGES)
def test_verify_lists_every_damaged_blob(tmp_path: Path, name: str) -> None:
    with Session(tmp_path, catalogue=catalogue(), executor="inline") as session:
        paths = list(blob_paths(session.run(wide()), session.store).values())[:7]
        for path in paths:
            DAMAGES[name](path)
        found = care.verify(session.store)
        assert sorted(line.split()[1] for line in found.damaged) == sorted(path.name for path in paths)
        assert (found.calls_forgotten, found.database) == (7, "ok")
        assert care.verify(session.store).damaged == ()


@pytest.mark.parametrize("name", DAMAGES)
def test_damaged_bytes_are_never_served(tmp_path: Path, name: str) -> None:
    blobs = BlobStore(tmp_path)
    content = b"[" + b"7," * 999 + b"7]"
    digest = blobs.put(content)
    DAMAGES[name](blobs.path(digest))
    with pytest.raises(Damaged):
        blobs.get(digest)
    with pytest.raises(Damaged):
        blobs.check(digest, len(content))
    assert blobs.put(content) == digest
    assert blobs.get(digest) == content


@pytest.mark.parametrize("name", DAMAGES)
def test_what_is_put_over_a_damaged_blob_is_whole(tmp_path: Path, name: str) -> None:
    blobs = BlobStore(tmp_path)
    content = b"[" + b"7," * 999 + b"7]"
    digest = blobs.put(content)
    DAMAGES[name](blobs.path(digest))
    assert blobs.put(content) == digest
    assert blobs.get(digest) == content


ROWS: dict[str, Callable[[bytes], bytes]] = {
    "a digit of the value changed": lambda kept: kept[:-2] + bytes([kept[-2] ^ 1]) + kept[-1:],
    "a flipped bit in its seal": lambda kept: bytes([kept[0] ^ 1]) + kept[1:],
    "cut short": lambda kept: kept[:-3],
    "emptied": lambda kept: b"",
    "no JSON any more": lambda kept: kept[:8] + b"\xff" * (len(kept) - 8),
}


@pytest.mark.parametrize("name", ROWS)
def test_a_damaged_row_is_a_miss_and_its_call_is_made_again(tmp_path: Path, name: str) -> None:
    with Session(tmp_path, catalogue=catalogue(), executor="inline") as session:
        first = session.run(wide())
        damage_rows(session.store, ROWS[name], most=10)
        again = session.run(wide())
        assert again.state == "succeeded"
        assert digests(again) == digests(first)
        assert len(calls_made(again)) == 10
        assert calls_made(session.run(wide())) == []


@pytest.mark.parametrize("name", ROWS)
def test_verify_lists_damaged_rows_and_collection_bears_them(tmp_path: Path, name: str) -> None:
    with Session(tmp_path, catalogue=catalogue(), executor="inline") as session:
        session.run(wide())
        damage_rows(session.store, ROWS[name], most=10)
        care.collect(session.store, max_bytes=10**9, older_than_seconds=3600)
        found = care.verify(session.store)
        assert len(found.damaged) == found.calls_forgotten == 10


def test_the_outputs_of_one_call_do_not_pass_for_those_of_another(tmp_path: Path) -> None:
    with Session(tmp_path, catalogue=catalogue(), executor="inline") as session:
        first = session.run(wide())
        with session.store.writing() as connection:
            other = connection.execute(select(calls.c.outputs).where(calls.c.node == "t/grown")).scalars().first()
            connection.execute(update(calls).where(calls.c.node == "t/measured").values(outputs=other))
        assert digests(session.run(wide())) == digests(first)


def test_a_damaged_key_document_explains_nothing_and_breaks_nothing(tmp_path: Path) -> None:
    from diorama.explain import reasons

    with Session(tmp_path, catalogue=catalogue(), executor="inline") as session:
        session.run(graph_of({"a": ("doubled", {"x": 1})}, "a"))
        with session.store.writing() as connection:
            connection.execute(update(calls).values(document=b"{not JSON"))
        plan = session.plan(graph_of({"a": ("doubled", {"x": 2})}, "a"))
        (reason,) = reasons(plan, session.store)
        assert reason.will_run


def damage_rows(store: CallStore, harm: Callable[[bytes], bytes], most: int) -> None:
    with store.writing() as connection:
        statement = select(calls.c.key, calls.c.outputs).where(calls.c.node == "t/measured").limit(most)
        for key, kept in connection.execute(statement).all():
            connection.execute(update(calls).where(calls.c.key == key).values(outputs=harm(kept)))
