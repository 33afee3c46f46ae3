"""What a planning service's answers mean: a text, or a failure with one sentence and whether trying again may help."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Final
from urllib.parse import urlsplit

import orjson

from diorama.faults import BadInput, DioramaError
from diorama.json_text import read_json

PASSING: Final = frozenset({408, 409, 425, 429, 500, 502, 503, 504, 529})
"""States of a service that pass by themselves."""
MOST_SAID: Final = 300
"""Characters of a service's own words that are told."""
_FENCE: Final = re.compile(r"^\s*```[a-zA-Z]*\s*\n(.*)\n\s*```\s*$", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Answer:
    """What the model wrote."""

    text: str

    def document(self) -> object:
        """The JSON in it, also where it stands in a block of code; raises `BadInput` where there is none."""
        fenced = _FENCE.match(self.text)
        try:
            return read_json((fenced[1] if fenced else self.text).encode("utf-8", "replace"))
        except DioramaError as error:
            raise BadInput(error.faults[0].message) from error


@dataclass(frozen=True, slots=True)
class Failure:
    """What a service did instead of answering, as the end of a sentence that begins with its address."""

    what: str
    is_passing: bool = False
    """Whether it may go better the next time."""
    wait: float | None = None
    """Seconds that it asks to wait, where it does."""
    is_form: bool = False
    """Whether it may take the same question in another form."""


def read_answer(status: int, headers: Mapping[str, str], content: bytes) -> Answer | Failure:
    """What an HTTP answer means."""
    if status == 200:
        return _completion(content)
    words = _words(content)
    said = f': "{words}"' if words else ""
    if 300 <= status < 400:
        place = urlsplit(headers.get("location", ""))
        where = f"{place.scheme}://{place.netloc.rpartition('@')[2]}" if place.netloc else "another path"
        return Failure(f"sends on to {where} ({status}), which is not followed; set the address that answers itself")
    if status in (401, 403):
        return Failure(f"does not accept the key ({status}); set DIORAMA_PLANNER_KEY to one that it knows{said}")
    if status == 404:
        return Failure(f"knows no such path or model (404){said}")
    if status in (400, 415, 422):
        return Failure(f"does not take the question ({status}){said}", is_form=True)
    what = "has too many questions at the moment" if status == 429 else "fails at the moment"
    if status in PASSING:
        return Failure(f"{what} ({status}){said}", is_passing=True, wait=_wait(headers.get("retry-after", "")))
    return Failure(f"answers with status {status}{said}")


def _completion(content: bytes) -> Answer | Failure:
    try:
        document = orjson.loads(content)
    except orjson.JSONDecodeError:
        return Failure("answers with something that is not JSON" if content else "answers nothing", is_passing=True)
    match document:
        case {"choices": [{"message": {"refusal": str(refusal)}}, *_]} if refusal:
            return Failure(f'declines to plan this: "{_plain(refusal)}"')
        case {"choices": [{"finish_reason": "length"}, *_]}:
            return Failure("cut its answer off at its own limit; a model or setting with room for a plan is wanted")
        case {"choices": [{"finish_reason": "content_filter"}, *_]}:
            return Failure("declines to plan this")
        case {"choices": [{"message": {"content": str(text)}}, *_]}:
            return Answer(text)
    return Failure("answers with JSON that is no chat completion", is_passing=True)


def _words(content: bytes) -> str:
    """What a service says of an error, from the places where services put it."""
    try:
        document = orjson.loads(content)
    except orjson.JSONDecodeError:
        return _plain(content[: 4 * MOST_SAID].decode("utf-8", "replace"))
    match document:
        case {"error": {"message": str(text)}} | {"error": str(text)} | {"message": str(text)} | {"detail": str(text)}:
            return _plain(text)
    return ""


def _plain(text: str) -> str:
    """A text in one line, without markup and bounded."""
    bare = re.sub(r"<[^>]{0,200}>", " ", text)
    words = " ".join("".join(letter if letter.isprintable() else " " for letter in bare).split())
    return words if len(words) <= MOST_SAID else words[:MOST_SAID] + "..."


def _wait(text: str) -> float | None:
    """Seconds from a `Retry-After`, given as such or as a date."""
    if text.strip().isdecimal():
        return float(text)
    try:
        until = parsedate_to_datetime(text)
    except ValueError:
        return None
    aware = until if until.tzinfo is not None else until.replace(tzinfo=UTC)
    return max(0.0, (aware - datetime.now(UTC)).total_seconds())
