"""Secrets taken out of whatever is logged."""

from __future__ import annotations

import os
import re
from collections.abc import Mapping
from typing import Final

HIDDEN: Final = "[hidden]"
SHORTEST: Final = 8
"""Characters: a shorter value of the environment is no secret worth the words it would be found in by chance."""
PATTERNS: Final = (
    ("dio_", re.compile(r"\bdio_[A-Za-z0-9_-]{6,}")),
    ("tkt_", re.compile(r"\btkt_[A-Za-z0-9_-]{6,}")),
    ("ticket=", re.compile(r"(?<=[?&]ticket=)[^&\s\"']+")),
    ("bearer ", re.compile(r"(?i)(?<=\bbearer )[^\s\"',]{6,}")),
    ("basic ", re.compile(r"(?i)(?<=\bbasic )[A-Za-z0-9+/=]{8,}")),
    ("://", re.compile(r"(?<=://)[^\s/@:\"']*:[^\s/@\"']+(?=@)")),
    ("sk-", re.compile(r"\bsk-[A-Za-z0-9_-]{12,}")),
    ("hf_", re.compile(r"\bhf_[A-Za-z0-9]{12,}")),
)
"""API keys and tickets of this server, credentials of headers and addresses, and keys as other services give them:
each with what it holds in any case, in small letters."""
NAMED: Final = re.compile(r"(?i)(key|token|secret|password|passwd|credential)s?$")
"""Variables of the environment whose values are secrets, whatever they look like."""


class Redactor:
    """Hides secrets in texts: those of a known form, and the values that the environment names as secret."""

    def __init__(self, environment: Mapping[str, str] | None = None) -> None:
        found = os.environ if environment is None else environment
        values = {value for name, value in found.items() if NAMED.search(name) and len(value) >= SHORTEST}
        self._values = sorted(values, key=lambda value: (-len(value), value))

    def clean(self, text: str) -> str:
        """The text with every secret hidden."""
        for value in self._values:
            if value in text:
                text = text.replace(value, HIDDEN)
        # Looking for the marks costs a microsecond, for the patterns fifty.
        lower = text.lower()
        for mark, pattern in PATTERNS:
            if mark in lower:
                text = pattern.sub(HIDDEN, text)
        return text
