"""Lists in pages: items, and the cursor that the next page is asked with."""

from __future__ import annotations

from typing import Annotated, Generic, TypeVar

from fastapi import Query
from pydantic import BaseModel, Field

T = TypeVar("T")

Cursor = Annotated[
    str | None, Query(max_length=512, description="`next` of the page before; without it the first page is given.")
]
Limit = Annotated[int, Query(ge=1, le=1000, description="How many items at most.")]
PAGE = 50


class Paged(BaseModel, Generic[T]):
    """A page of a list."""

    items: list[T]
    next: str | None = Field(
        default=None, description="The cursor of the next page; null where there is none.", examples=[None]
    )
