"""Digests and keys. docs/design/keys-and-cache.md tells why they are built as they are."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NewType

from blake3 import blake3

Digest = NewType("Digest", bytes)
"""32 bytes of BLAKE3."""

KEY_SCHEMA = b"1"
"""Grows whenever the same call would get another key."""


def digest_of(content: bytes) -> Digest:
    """The digest of some bytes."""
    return Digest(blake3(content).digest())


def written(digest: Digest) -> str:
    """A digest as it stands in documents, with the name of its algorithm."""
    return f"blake3:{digest.hex()}"


def parse_digest(text: str) -> Digest:
    """The digest in a text `blake3:...`; raises `ValueError` for anything else."""
    algorithm, _, digits = text.partition(":")
    if algorithm != "blake3" or len(digits) != 64:
        raise ValueError(f"{text[:80]!r} is no digest; `blake3:` and 64 hexadecimal digits are wanted")
    return Digest(bytes.fromhex(digits))


def tagged(kind: str, *parts: bytes) -> Digest:
    """The digest of `parts` under a `kind`, so that two records of different kinds never share a key.

    Each part goes in with its length before it, so that no two rows of parts have the same bytes.
    """
    return digest_of(b"".join([kind.encode(), b"\0", KEY_SCHEMA, b"\0", *map(_sized, parts)]))


def _sized(part: bytes) -> bytes:
    return len(part).to_bytes(8, "little") + part


def code_prefix(kind: str, node: str, code: str, models: Iterable[str]) -> bytes:
    """What all keys of one node share; made once a node, so that a key costs one hash."""
    parts = [node.encode(), code.encode(), *(model.encode() for model in models)]
    return b"".join([kind.encode(), b"\0", KEY_SCHEMA, b"\0", *map(_sized, parts), b"\0"])


def key_of(prefix: bytes, inputs: Iterable[tuple[bytes, bytes]]) -> Digest:
    """The key of a call or recipe from its prefix and its inputs in the order of their names.

    Each input is the port's name and what identifies it: for a call the 32 bytes of the value's digest, for a
    recipe `constant_mark` or `wire_mark`.
    """
    return Digest(blake3(prefix + b"".join([b"%b\0%b" % pair for pair in inputs])).digest())


def constant_mark(digest: Digest) -> bytes:
    """What identifies a constant in a recipe: fixed length, and never the bytes of a wire."""
    return b"c" + digest


def wire_mark(recipe: Digest, port: str) -> bytes:
    """What identifies another step's output in a recipe; port names hold no NUL, so the end is plain."""
    return b"w" + recipe + port.encode() + b"\0"
