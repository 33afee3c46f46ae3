"""Conditions on versions: `If-Match` and `If-None-Match`, so that nobody overwrites what another has saved."""

from __future__ import annotations

from typing import Annotated

from fastapi import Header

from diorama.server.problems import refused

IfMatch = Annotated[
    str | None,
    Header(alias="If-Match", max_length=100, description='The version that was changed, such as `"3"`; `*` for any.'),
]
IfNoneMatch = Annotated[
    str | None,
    Header(alias="If-None-Match", max_length=100, description="`*` where the name must be new."),
]


def etag_of(version: int) -> str:
    """The tag of a version."""
    return f'"{version}"'


def version_of(if_match: str | None) -> int | None:
    """The version that a condition names, None for any; raises `Refusal` (H004) for a tag that no version has."""
    if if_match is None or if_match.strip() == "*":
        return None
    digits = if_match.strip().removeprefix('"').removesuffix('"')
    if not (digits.isascii() and digits.isdecimal() and len(digits) < 10):
        raise refused("H004", "If-Match", f'{if_match!r:.100} is no version; one such as "3" is wanted')
    return int(digits)
