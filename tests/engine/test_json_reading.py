from __future__ import annotations

import json
import tracemalloc
import unicodedata
from collections.abc import Iterator
from typing import NamedTuple

import pytest
from hypothesis import given
from hypothesis import strategies as st

from diorama.faults import MOST_FOUND, DioramaError, Fault
from diorama.json_text import LARGEST_INTEGER, NotNormal, canonical, depth_of, normal, read_json
from diorama.limits import limits


@pytest.fixture
def small_limit(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setenv("DIORAMA_MAX_GRAPH_BYTES", "100")
    limits.cache_clear()
    yield
    limits.cache_clear()


def faults_of(content: bytes) -> tuple[Fault, ...]:
    with pytest.raises(DioramaError) as caught:
        read_json(content)
    return caught.value.faults


class Case(NamedTuple):
    content: bytes
    told: list[tuple[str, str, str]]
    """Code, pointer, and words of the sentence."""


CASES = {
    "an empty file is not JSON": Case(b"", [("G001", "", "line 1, column 1")]),
    "a comma too many is told with its line and column": Case(
        b'{\n  "a": 1,\n  "b": [1,, 2]\n}', [("G001", "", "line 3, column 11")]
    ),
    "a text that does not end is told": Case(b'{"a": "b', [("G001", "", "line 1, column 7")]),
    "a control character in a text is told": Case(b'{"a": "\x01"}', [("G001", "", "column 8")]),
    "something behind the document is told": Case(b"{} {}", [("G001", "", "line 1, column 4")]),
    "bytes that are no UTF-8 are told with their place": Case(b'{"a": "\xff"}', [("G001", "", "byte 7 ")]),
    "UTF-16 is not read": Case('{"a": 1}'.encode("utf-16"), [("G001", "", "byte 0 ")]),
    "half a character encoded as UTF-8 is told": Case(b'"\xed\xa0\x80"', [("G001", "", "byte 1 ")]),
    "a key that stands twice is told": Case(b'{"a": {"b": 1, "b": 2}}', [("G002", "/a/b", "'b' stands twice")]),
    "a key that stands three times is told once": Case(b'{"b": 1, "b": 2, "b": 3}', [("G002", "/b", "'b'")]),
    "a key that stands twice by an escape is told": Case(b'{"b": 1, "\\u0062": 2}', [("G002", "/b", "'b'")]),
    "a broken key that stands twice keeps the place printable": Case(
        b'{"\\ud800": 1, "\\ud800": 2}', [("G002", "", "stands twice"), ("G006", "", "half a surrogate pair")]
    ),
    "NaN is refused": Case(b'{"a": [NaN]}', [("G003", "/a/0", "NaN")]),
    "infinities are refused, each at its place": Case(
        b"[Infinity, -Infinity]", [("G003", "/0", "Infinity"), ("G003", "/1", "-Infinity")]
    ),
    "a number beyond any float is refused": Case(b'{"a": 1e999}', [("G003", "/a", "1e999")]),
    "the first integer that readers do not agree on is refused": Case(b"9007199254740993", [("G003", "", "90071992")]),
    "an integer of 5,000 digits is refused and shortened": Case(b"9" * 5000, [("G003", "", "5,000 digits")]),
    "half a surrogate pair is refused": Case(b'{"a": "\\ud83d"}', [("G006", "/a", "half a surrogate pair")]),
    "half a surrogate pair in a key is refused": Case(b'{"\\udc00x": 1}', [("G006", "", "a key holds half")]),
    "a place is written as a JSON pointer": Case(b'{"a/b": {"c~d": NaN}}', [("G003", "/a~1b/c~0d", "NaN")]),
    "lists nested 100,000 deep are refused": Case(b"[" * 100_000, [("G005", "", "nested deeper than 64")]),
    "objects nested 100,000 deep are refused": Case(
        b'{"a":' * 100_000 + b"1" + b"}" * 100_000, [("G005", "", "nested deeper than 64")]
    ),
    "all that is wrong is told, in the order of the text": Case(
        b'{"a": NaN, "b": [1e999, "\\ud800"], "c": {"d": 1, "d": 2}}',
        [("G003", "/a", "NaN"), ("G003", "/b/0", "1e999"), ("G006", "/b/1", "half"), ("G002", "/c/d", "'d'")],
    ),
}


@pytest.mark.parametrize("case", CASES.values(), ids=CASES)
def test_what_is_refused(case: Case) -> None:
    faults = faults_of(case.content)
    assert [(fault.code, fault.at) for fault in faults] == [(code, at) for code, at, _ in case.told]
    for fault, (_, _, words) in zip(faults, case.told, strict=True):
        assert words in fault.message
        assert str(fault).encode(), "a fault can be printed"
        assert len(str(fault)) < 500


@pytest.mark.usefixtures("small_limit")
def test_a_file_beyond_the_limit_is_refused_before_it_is_read() -> None:
    assert read_json(b"[" + b"1" * 8 + b" " * 90 + b"]") == [11111111]
    (fault,) = faults_of(b"[" + b"x" * 100)
    assert fault == Fault("G004", "", "the file has 101 bytes, but at most 100 are read")


TAKEN = {
    "a byte order mark is passed over": (b'\xef\xbb\xbf{"a": 1}', {"a": 1}),
    "the largest integer that readers agree on": (b"9007199254740992", LARGEST_INTEGER),
    "the smallest one": (b"-9007199254740992", -LARGEST_INTEGER),
    "a whole surrogate pair": (b'"\\ud83d\\ude00"', "\U0001f600"),
    "a number too small to tell from nought": (b"1e-999", 0.0),
    "names that are special elsewhere": (b'{"__proto__": 1, "constructor": 2}', {"__proto__": 1, "constructor": 2}),
    "nought with a sign": (b"-0.0", 0.0),
}


@pytest.mark.parametrize("case", TAKEN.values(), ids=TAKEN)
def test_what_is_taken(case: tuple[bytes, object]) -> None:
    content, tree = case
    assert read_json(content) == tree


KEYS = st.text(st.characters(exclude_categories=["Cs"]), max_size=5).map(lambda key: unicodedata.normalize("NFC", key))
JSON = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-LARGEST_INTEGER, LARGEST_INTEGER)
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(st.characters(exclude_categories=["Cs"])),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(KEYS, inner, max_size=4),
    max_leaves=12,
)


@given(JSON)
def test_a_normal_form_is_its_own_normal_form_and_survives_writing(value: object) -> None:
    once = normal(value)
    assert normal(once) == once
    assert canonical(normal(read_json(canonical(once)))) == canonical(once)


REFUSED: dict[str, tuple[object, str]] = {
    "not a number": (float("nan"), "G003"),
    "an infinity inside a list": ([float("inf")], "G003"),
    "an integer beyond 2^53": (2**53 + 1, "G003"),
    "an integer too long to be written out": (10**5000, "G003"),
    "half a surrogate pair": ("\ud800", "G006"),
    "half a surrogate pair in a key": ({"\ud800": 1}, "G006"),
    "two keys that are one in NFC": ({"\u00e9": 1, "e\u0301": 2}, "G002"),
    "something that JSON has not": ({1, 2}, "G009"),
    "a value nested too deeply": (json.loads("[" * 70 + "]" * 70), "G005"),
}


@pytest.mark.parametrize("case", REFUSED.values(), ids=REFUSED)
def test_what_has_no_normal_form(case: tuple[object, str]) -> None:
    value, code = case
    with pytest.raises(NotNormal) as caught:
        normal(value)
    assert caught.value.code == code
    assert len(str(caught.value)) < 200


def test_negative_nought_is_nought_and_text_is_composed() -> None:
    assert canonical(normal([-0.0, "e\u0301", {"o\u0308": (1, 2)}])) == '[0.0,"\u00e9",{"\u00f6":[1,2]}]'.encode()


@pytest.mark.parametrize(
    ("value", "depth"), [(1, 0), ([], 1), ({}, 1), ([[1], 2], 2), ({"a": [{"b": 1}]}, 3), (("x", [1]), 2)]
)
def test_depth_counts_lists_and_objects(value: object, depth: int) -> None:
    assert depth_of(value, 64) == depth


def test_depth_is_counted_no_further_than_asked() -> None:
    assert depth_of(json.loads("[" * 500 + "]" * 500), 10) == 11


def test_canonical_text_takes_no_more_memory_than_it_is_long() -> None:
    tracemalloc.start()
    try:
        kept = [canonical(number) for number in range(1000)]
        held, _ = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert held < 1000 * 100, f"{len(kept)} texts of 3 bytes take {held:,} bytes"


def test_a_text_of_very_many_faults_is_told_with_the_first_and_that_there_are_more() -> None:
    found = faults_of(b'{"a": [' + b",".join([b"NaN"] * (MOST_FOUND + 5)) + b"]}")
    assert len(found) == MOST_FOUND + 1
    assert {fault.code for fault in found[:-1]} == {"G003"}
    assert (found[-1].code, found[-1].at) == ("G004", "")


def test_an_object_of_more_members_than_any_graph_has_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DIORAMA_MAX_NODES", "4")
    limits.cache_clear()
    try:
        members = {str(number): number for number in range(8)}
        assert read_json(json.dumps({"a": members}).encode()) == {"a": members}
        (fault,) = faults_of(json.dumps({"a": members | {"8": 8}}).encode())
    finally:
        limits.cache_clear()
    assert (fault.code, fault.message) == ("G004", "an object has 9 members, but at most 8 are taken")
