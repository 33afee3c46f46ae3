"""Records of the log as lines."""

from __future__ import annotations

import logging
import re
import time
import traceback
from datetime import UTC, datetime
from typing import Final

import orjson

from diorama.logs.secrets import Redactor

FIELDS: Final = "fields"
"""Where a record carries what it says besides its message: `log.info("...", extra={"fields": {"run": "..."}})`."""
MOST_TEXT: Final = 20_000
"""Characters of one text in a line; of a traceback the end is kept."""
DEEPEST: Final = 6
UNSEEN: Final = re.compile("[\x7f-\x9f\u00ad\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff]")
"""Characters that JSON leaves as they are and that end lines or turn the direction of writing."""
LEVELS: Final = {"DEBUG": "debug", "INFO": "info", "WARNING": "warning", "ERROR": "error", "CRITICAL": "error"}


class JsonLines(logging.Formatter):
    """One JSON object a line: `time` (UTC), `level`, `logger`, `message`, what the record carries, `traceback`."""

    def __init__(self, redactor: Redactor) -> None:
        super().__init__()
        self._redactor = redactor

    def format(self, record: logging.LogRecord) -> str:
        """The record as one line."""
        entry: dict[str, object] = {
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": LEVELS.get(record.levelname, record.levelname.lower()),
            "logger": record.name,
            "message": _fit(record.getMessage()),
        }
        fields = getattr(record, FIELDS, None)
        if isinstance(fields, dict):
            entry |= {name: _fit(value) for name, value in fields.items() if value is not None}
        told = traceback_of(record)
        if told:
            entry["traceback"] = _fit(told)
        written = orjson.dumps(entry).decode()
        # Some readers take more than a line feed for the end of a line.
        return self._redactor.clean(UNSEEN.sub(lambda found: f"\\u{ord(found[0]):04x}", written))


class PlainLines(logging.Formatter):
    """A line for people: time of day, level, message, and what the record carries behind it."""

    def __init__(self, redactor: Redactor) -> None:
        super().__init__()
        self._redactor = redactor

    def format(self, record: logging.LogRecord) -> str:
        """The record as a line, with its traceback below it."""
        at = time.strftime("%H:%M:%S", time.localtime(record.created))
        level = LEVELS.get(record.levelname, record.levelname.lower())
        fields = getattr(record, FIELDS, None) or {}
        shown = " ".join(f"{name}={_shown(value)}" for name, value in fields.items() if value is not None)
        # What a user wrote must not steer the terminal that shows it.
        line = _printable(f"{at} {level:<7} {record.getMessage()[:MOST_TEXT]}{'  ' if shown else ''}{shown}")
        told = "\n".join(map(_printable, traceback_of(record).splitlines()))
        return self._redactor.clean(f"{line}\n{told}" if told else line)


def traceback_of(record: logging.LogRecord) -> str:
    """The traceback that a record carries, its end where it is long."""
    if not record.exc_info or record.exc_info[1] is None:
        return ""
    return "".join(traceback.format_exception(record.exc_info[1])).rstrip()[-MOST_TEXT:]


def _shown(value: object) -> str:
    return f"{value:.4g}" if isinstance(value, float) else str(value)[:MOST_TEXT]


def _fit(value: object, depth: int = 0) -> object:
    """A value as JSON can hold it: texts cut and without halves of surrogate pairs, strangers by their text."""
    if value is None or isinstance(value, bool | float):
        return value
    if isinstance(value, int):
        return value if abs(value) < 2**63 else str(value)
    if isinstance(value, dict) and depth < DEEPEST:
        return {str(_fit(str(key))): _fit(one, depth + 1) for key, one in value.items()}
    if isinstance(value, list | tuple) and depth < DEEPEST:
        return [_fit(one, depth + 1) for one in value]
    return str(value)[:MOST_TEXT].encode("utf-8", "backslashreplace").decode()


def _printable(text: str) -> str:
    return "".join(one if one.isprintable() else repr(one)[1:-1] for one in text)
