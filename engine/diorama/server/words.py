"""Texts and names in requests: bounded, and without the one character that databases refuse."""

from __future__ import annotations

from typing import Annotated, Final

from fastapi import Path, Query
from pydantic import BeforeValidator, Field

NO_NUL: Final = r"^[^\x00]*$"


def _whole(given: object) -> object:
    return int(given) if isinstance(given, float) and given.is_integer() else given


WHOLE: Final = BeforeValidator(_whole)
"""Takes a whole number however it is written: `1.0` is one too, as JSON Schema says."""
Priority = Annotated[int, Field(ge=-1000, le=1000), WHOLE]
"""Which runs go first: the greater."""
Line = Annotated[str, Field(max_length=200, pattern=NO_NUL)]
"""A title or a name."""
Prose = Annotated[str, Field(max_length=10_000, pattern=NO_NUL)]
"""A description or a note."""
Id = Annotated[str, Path(max_length=200, pattern=NO_NUL)]
"""The part of an address that names a thing."""
Wanted = Annotated[str | None, Query(max_length=200, pattern=NO_NUL)]
"""A word that a list is narrowed by."""
