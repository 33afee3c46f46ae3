"""JSON as it comes in and as it is hashed: nothing lost, nothing that two readers would read differently."""

from __future__ import annotations

import json
import math
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass

import orjson
from pydantic import JsonValue

from diorama.faults import DioramaError, Fault, failure, note, pointer
from diorama.limits import limits

LARGEST_INTEGER = 2**53


@dataclass(frozen=True, slots=True)
class BadNumber:
    """Stands where the text had a number that JSON cannot carry exactly."""

    text: str


class Twice(dict[str, object]):
    """An object whose text named keys twice; `repeated` are those keys."""

    repeated: tuple[str, ...] = ()


def read_json(content: bytes) -> object:
    """The tree that `content` holds; raises `DioramaError` with every fault of the text (G001 to G006)."""
    most = limits().max_graph_bytes
    if len(content) > most:
        raise failure("G004", "", f"the file has {len(content):,} bytes, but at most {most:,} are read")
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise failure("G001", "", f"byte {error.start:,} is not UTF-8") from error
    reader = _Reader()
    try:
        tree = json.loads(
            text,
            object_pairs_hook=reader.join,
            parse_int=reader.integer,
            parse_float=reader.number,
            parse_constant=reader.constant,
        )
    except json.JSONDecodeError as error:
        place = f"line {error.lineno}, column {error.colno}"
        raise failure("G001", "", f"not JSON at {place}: {error.msg}") from error
    except RecursionError as error:
        raise failure("G005", "", f"nested deeper than {limits().max_depth} levels") from error
    if reader.is_suspect or "\\u" in text:
        faults: list[Fault] = []
        for fault in _faults_of(tree):
            note(faults, fault)
        if faults:
            raise DioramaError(faults)
    return tree


MEMBERS_A_NODE = 2
"""No object of a document has more members than so many for each node that a graph may have: one is joined in a
single stretch, in which no other thread runs."""


class _Reader:
    """The hooks of the standard reader; they mark what is wrong in place, so that its pointer can be told."""

    def __init__(self) -> None:
        self.is_suspect = False
        self.most_members = MEMBERS_A_NODE * limits().max_nodes

    def join(self, pairs: list[tuple[str, object]]) -> dict[str, object]:
        if len(pairs) > self.most_members:
            said = f"an object has {len(pairs):,} members, but at most {self.most_members:,} are taken"
            raise failure("G004", "", said)
        joined = dict(pairs)
        if len(joined) == len(pairs):
            return joined
        self.is_suspect = True
        seen: set[str] = set()
        twice = Twice(joined)
        twice.repeated = tuple(dict.fromkeys(key for key, _ in pairs if key in seen or seen.add(key)))  # type: ignore[func-returns-value]
        return twice

    def integer(self, text: str) -> int | BadNumber:
        if len(text) < 16:
            return int(text)
        # A text of thousands of digits is refused by its length: reading it would cost quadratic time.
        if len(text) < 20 and abs(int(text)) <= LARGEST_INTEGER:
            return int(text)
        return self._bad(text)

    def number(self, text: str) -> float | BadNumber:
        value = float(text)
        return self._bad(text) if math.isinf(value) else value

    def constant(self, text: str) -> BadNumber:
        return self._bad(text)

    def _bad(self, text: str) -> BadNumber:
        self.is_suspect = True
        return BadNumber(text if len(text) <= 40 else f"{text[:20]}... ({len(text):,} digits)")


def _faults_of(tree: object) -> Iterator[Fault]:
    waiting: list[tuple[str, object]] = [("", tree)]
    while waiting:
        at, branch = waiting.pop()
        if isinstance(branch, BadNumber):
            yield Fault("G003", at, f"{branch.text} is no number that JSON can carry exactly")
        elif isinstance(branch, str):
            if not is_clean(branch):
                yield Fault("G006", at, "the text holds half a surrogate pair")
        elif isinstance(branch, dict):
            if isinstance(branch, Twice):
                for key in branch.repeated:
                    place = at + pointer(key) if is_clean(key) else at
                    yield Fault("G002", place, f"the key {key!r:.100} stands twice in this object")
            for key, child in reversed(branch.items()):
                if not is_clean(key):
                    yield Fault("G006", at, "a key holds half a surrogate pair")
                else:
                    waiting.append((at + pointer(key), child))
        elif isinstance(branch, list):
            numbered = list(enumerate(branch))
            waiting.extend((at + pointer(number), child) for number, child in reversed(numbered))


def is_clean(text: str) -> bool:
    """Whether the text can be written as UTF-8."""
    if text.isascii():
        return True
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True


def depth_of(value: object, most: int) -> int:
    """How deep lists and objects are nested, counted up to one more than `most`."""
    depth, level = 0, [value]
    while level and depth <= most:
        nested: list[object] = []
        for branch in level:
            if isinstance(branch, dict):
                nested.extend(branch.values())
            elif isinstance(branch, list | tuple):
                nested.extend(branch)
        if not any(isinstance(branch, dict | list | tuple) for branch in level):
            break
        depth += 1
        level = nested
    return depth


class NotNormal(ValueError):
    """Raised for what has no normal form; `code` is that of the fault."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code


def normal(value: object) -> JsonValue:
    """The one form of a JSON value: text in NFC, no negative zero. Raises `NotNormal` for what JSON has not."""
    if isinstance(value, dict | list | tuple):
        most = limits().max_depth
        if depth_of(value, most) > most:
            raise NotNormal("G005", f"it is nested deeper than {most} levels")
    return _normal(value)


def _normal(value: object) -> JsonValue:
    match value:
        case bool() | None:
            return value
        case str():
            if value.isascii():
                return value
            if not is_clean(value):
                raise NotNormal("G006", "the text holds half a surrogate pair")
            return unicodedata.normalize("NFC", value)
        case int():
            if abs(value) > LARGEST_INTEGER:
                raise NotNormal("G003", f"{_shortened(value)} is beyond 2^53, which JSON readers do not agree on")
            return value
        case float():
            if not math.isfinite(value):
                raise NotNormal("G003", f"{value} is no JSON number")
            return value + 0.0
        case dict():
            read = {str(_normal(str(key))): _normal(child) for key, child in value.items()}
            if len(read) < len(value):
                raise NotNormal("G002", "two keys of an object are the same text")
            return read
        case list() | tuple():
            return [_normal(child) for child in value]
    raise NotNormal("G009", f"{type(value).__name__} is no JSON")


def _shortened(value: int) -> str:
    # An integer of more than 4,300 digits cannot even be written out.
    return str(value) if value.bit_length() < 128 else f"an integer of {value.bit_length():,} bits"


def kind_of(given: object) -> str:
    """What a JSON value is, in the words of a fault."""
    match given:
        case None:
            return "null"
        case bool():
            return "true" if given else "false"
        case str():
            return "a text"
        case int() | float():
            return "a number"
        case list():
            return "a list"
        case dict():
            return "an object"
    return type(given).__name__


def canonical(value: JsonValue) -> bytes:
    """The canonical bytes of a value in normal form: UTF-8, keys sorted, no spaces."""
    return fitted(orjson.dumps(value, option=orjson.OPT_SORT_KEYS))


def fitted(text: bytes) -> bytes:
    """A text of orjson's that is to be kept, in as much memory as it is long: what orjson gives takes 4 kB at least."""
    return b"".join((text, b""))
