"""What stands for a value between nodes: its digest, and where its content is."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

import orjson
from pydantic import JsonValue

from diorama.json_text import canonical, fitted, normal
from diorama.keys import Digest, digest_of, tagged

INLINE_BYTES = 4096
"""JSON up to this size lies in the database row; what is larger lies in a file."""
JSON_MEDIA = "application/json"
BLOB_MARK = b'["b",'
"""What a row holds wherever it names a blob; found in a text by chance, it costs a closer look."""


@dataclass(frozen=True, slots=True)
class Inline:
    """A small JSON value; `text` is its canonical form."""

    digest: Digest
    text: bytes

    @property
    def value(self) -> JsonValue:
        """The value itself."""
        return orjson.loads(self.text)  # type: ignore[no-any-return]


@dataclass(frozen=True, slots=True)
class Blob:
    """Bytes in the blob store: an artefact, or JSON too large for a row (its type is then `json`)."""

    digest: Digest
    size: int
    type: str
    media_type: str
    facts: bytes = b"{}"
    """What the value tells of itself, as canonical JSON."""


@dataclass(frozen=True, slots=True)
class Many:
    """A list of values."""

    digest: Digest
    items: tuple[Ref, ...]


Ref = Inline | Blob | Many


def inline(value: JsonValue) -> Inline:
    """The stand-in of a small JSON value; raises `ValueError` for what JSON has not."""
    return _inline_text(canonical(normal(value)))


def inline_normal(value: JsonValue) -> Inline:
    """The stand-in of a JSON value that is in normal form already."""
    return _inline_text(canonical(value))


@lru_cache(maxsize=4096)
def _inline_text(text: bytes) -> Inline:
    return Inline(digest_of(text), text)


def many(items: Sequence[Ref]) -> Many:
    """The stand-in of a list."""
    return Many(tagged("list", *(item.digest for item in items)), tuple(items))


def blobs_in(ref: Ref) -> Iterator[Blob]:
    """Every blob that a value needs."""
    waiting: list[Ref] = [ref]
    while waiting:
        one = waiting.pop()
        if isinstance(one, Blob):
            yield one
        elif isinstance(one, Many):
            waiting.extend(one.items)


def to_row(outputs: Mapping[str, Ref]) -> bytes:
    """Values by port as they lie in a row."""
    return fitted(orjson.dumps({port: _row(ref) for port, ref in outputs.items()}))


def from_row(row: bytes) -> dict[str, Ref]:
    """Values by port from a row; raises `ValueError` for a damaged one."""
    try:
        return from_parsed(orjson.loads(row))
    except ValueError as error:
        raise ValueError(f"a row of outputs is damaged: {error}") from error


def from_parsed(row: Mapping[str, list[object]]) -> dict[str, Ref]:
    """Values by port from a row that was parsed; raises `ValueError` for a damaged one."""
    try:
        return {port: _ref(written) for port, written in row.items()}
    except (TypeError, AttributeError, IndexError) as error:
        raise ValueError(str(error)) from error


def _row(ref: Ref) -> object:
    match ref:
        case Inline():
            return ["j", orjson.Fragment(ref.text)]
        case Blob():
            return ["b", ref.digest.hex(), ref.size, ref.type, ref.media_type, orjson.Fragment(ref.facts)]
        case Many():
            return ["m", [_row(item) for item in ref.items]]


def _ref(written: list[object]) -> Ref:
    match written:
        case ["j", value]:
            return _inline_text(canonical(value))  # type: ignore[arg-type]  # read from JSON
        case ["b", str(digest), int(size), str(type_), str(media_type), facts]:
            return Blob(Digest(bytes.fromhex(digest)), size, type_, media_type, fitted(orjson.dumps(facts)))
        case ["m", list(items)]:
            return many([_ref(item) for item in items])
    raise ValueError(f"{written!r:.100} stands for no value")


def ref_json(ref: Ref) -> JsonValue:
    """A value for manifests and machine-readable output: small ones themselves, artefacts by digest."""
    match ref:
        case Inline():
            return ref.value
        case Blob():
            return {
                "digest": f"blake3:{ref.digest.hex()}",
                "type": ref.type,
                "media_type": ref.media_type,
                "size": ref.size,
                "facts": orjson.loads(ref.facts),
            }
        case Many():
            return [ref_json(item) for item in ref.items]
