"""Messages over the wire: whole however they are cut, refused where they are none."""

from __future__ import annotations

import struct
import threading
from collections.abc import Sequence
from itertools import pairwise
from socket import socketpair

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.support.faulty_nodes import catalogue

from diorama.execute.call import Call, Done, Failed, Previewed, Progressed, Stopped
from diorama.execute.devices import Grant, Lease, Load, Usage
from diorama.execute.messages import (
    Asked,
    Ended,
    Hello,
    Order,
    Ready,
    asked_json,
    asked_of,
    ended_json,
    hello_json,
    hello_of,
    node_name,
    order_json,
    order_of,
    preview_json,
    progress_json,
    ready_json,
    said_of,
)
from diorama.execute.output import KEPT_LINES, LINE_BYTES, LINES, Output
from diorama.execute.wire import HEADER, MESSAGE_BYTES, Garbage, Inbox, framed, read_message
from diorama.keys import Digest, digest_of
from diorama.refs import Blob, Inline, Ref, inline, many

messages = st.lists(st.binary(max_size=300), max_size=8)


@given(messages, st.lists(st.integers(0, 2500), max_size=12))
def test_messages_come_out_as_they_went_in_however_they_are_cut(given_: Sequence[bytes], cuts: list[int]) -> None:
    stream = b"".join(framed(message) for message in given_)
    places = sorted({0, len(stream), *(cut for cut in cuts if cut < len(stream))})
    inbox = Inbox()
    heard = [message for start, end in pairwise(places) for message in inbox.feed(stream[start:end])]
    assert heard == list(given_)


@pytest.mark.parametrize("size", [0, 1, 4, 100_000, 3_000_000])
def test_a_blocking_reader_takes_whole_messages(size: int) -> None:
    left, right = socketpair()
    with left, right:
        threading.Thread(target=left.sendall, args=(framed(b"x" * size) + framed(b"last"),)).start()
        assert read_message(right) == b"x" * size
        assert read_message(right) == b"last"
        left.close()
        assert read_message(right) is None


def test_a_length_beyond_the_limit_is_refused_before_anything_else_comes() -> None:
    with pytest.raises(Garbage, match=r"4,294,967,295 bytes was announced"):
        list(Inbox().feed(struct.pack("<I", 0xFFFFFFFF)))
    with pytest.raises(Garbage, match="is longer than"):
        framed(bytes(MESSAGE_BYTES + 1))
    assert len(framed(bytes(MESSAGE_BYTES))) == MESSAGE_BYTES + HEADER.size


digests = st.binary(min_size=32, max_size=32).map(Digest)
blobs = st.builds(Blob, digests, st.integers(0, 2**40), st.sampled_from(["raw", "image"]), st.just("image/png"))
values = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(2**53), 2**53)
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=6,
)
small = values.map(inline)
refs: st.SearchStrategy[Ref] = st.recursive(
    small | blobs, lambda inner: st.lists(inner, max_size=3).map(many), max_leaves=5
)
rows = st.lists(st.dictionaries(st.sampled_from(["x", "y", "Länge"]), refs, max_size=3), min_size=1, max_size=3)
grants = st.builds(
    Grant,
    st.just("gpu0"),
    st.integers(0, 2**40),
    offload=st.sampled_from(["none", "model", "sequential"]),
    wanted=st.just(("sdxl",)),
    lease=st.builds(Lease, st.just("/run/ledger"), st.just("me"), st.integers(0, 9)),
)
usages = st.builds(
    Usage,
    st.integers(0, 2**40),
    resident=st.just({"sdxl": 7}),
    loads=st.just([Load("sdxl", 1.5, 0, 7)]),
    evicted=st.just(["other"]),
    is_spent=st.booleans(),
)


@given(rows, st.none() | grants, st.integers(0, 3), st.integers(0, 2**40))
def test_an_order_comes_as_it_was_given(
    inputs: list[dict[str, Ref]], grant: Grant | None, rung: int, most: int
) -> None:
    call = Call(7, catalogue().entries["t/next_of"], inputs, rung)
    order = Order(7, node_name(call), inputs, rung, most, grant)
    assert order_of(order_json(order)) == order


@given(rows, st.none() | usages, st.floats(0, 1e6))
def test_the_end_of_a_call_comes_as_it_was_said(
    outputs: list[dict[str, Ref]], usage: Usage | None, seconds: float
) -> None:
    ends: list[Done | Failed | Stopped] = [
        Done(3, outputs, seconds),
        Done(3, outputs, seconds, False),
        Failed(3, "R001", "no", "Traceback", True, digest_of(b"x"), "memory"),
        Failed(3, "R010", "died", cause="crash"),
        Stopped(3),
    ]
    for outcome in ends:
        assert said_of(ended_json(outcome, usage, 5)) == Ended(outcome, usage, 5)


def test_all_else_that_is_said_comes_as_it_was_said() -> None:
    blob = Blob(digest_of(b"x"), 1, "raw", "application/octet-stream", b'{"size":1}')
    assert said_of(ready_json()) == Ready()
    assert said_of(progress_json(1, 0.5, "half")) == Progressed(1, 0.5, "half")
    assert said_of(preview_json(1, blob)) == Previewed(1, blob)
    for asked in (Asked("cancel", 3), Asked("force", 3)):
        assert asked_of(asked_json(asked)) == asked
    hello = Hello(["/a"], "/store", "", "", "cpu", 1, 5)
    assert hello_of(hello_json(hello)) == hello


def test_a_value_that_is_small_keeps_its_digest_on_the_way() -> None:
    value = inline({"b": [1.0, -0.0, "é"], "a": None})
    (row,) = order_of(
        order_json(Order(1, node_name(Call(1, catalogue().entries["t/next_of"], [])), [{"x": value}], 0, 0, None))
    ).inputs
    assert isinstance(row["x"], Inline)
    assert row["x"] == value


@given(st.binary(max_size=200))
def test_anything_else_is_garbage(content: bytes) -> None:
    with pytest.raises(Garbage):
        said_of(content)


@given(st.lists(st.binary(max_size=40), max_size=30))
def test_output_is_cut_into_lines_however_it_comes(pieces: list[bytes]) -> None:
    output = Output()
    told = [line for piece in pieces for line in output.feed(piece)] + output.end()
    wanted = b"".join(pieces).split(b"\n")
    assert [line.rstrip("\r") for line in told] == [
        line.decode("utf-8", "replace").rstrip("\r") for line in (wanted if wanted[-1] else wanted[:-1])
    ]
    assert output.latest == told[-KEPT_LINES:]


def test_too_much_output_is_dropped_and_the_latest_lines_are_kept() -> None:
    output = Output()
    told = output.feed(b"".join(b"%d\n" % number for number in range(LINES + 500)))
    assert told[-2:] == ["999", f"(more than {LINES} lines: the rest is dropped)"]
    assert output.is_flooding
    assert output.feed(b"more\n") == []
    assert output.latest[-2:] == ["1499", "more"]
    output.begin()
    assert output.feed(b"x" * (3 * LINE_BYTES)) == ["x" * LINE_BYTES]
    assert not output.is_flooding
