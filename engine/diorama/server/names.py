"""Names of files that come from outside. They never become paths here; they are kept and shown, and may become files
on whatever machine downloads them."""

from __future__ import annotations

import re
import unicodedata
from typing import Final
from urllib.parse import quote, unquote

from diorama.faults import failure
from diorama.json_text import is_clean

MOST_NAME_BYTES: Final = 200
"""Bytes of a name in UTF-8: file systems take 255, and browsers add ` (1)`."""
DEVICES: Final = re.compile(r"(con|prn|aux|nul|conin\$|conout\$|com[0-9¹²³]|lpt[0-9¹²³])(\..*)?", re.IGNORECASE)
"""Names that Windows gives to devices, whatever ending follows."""
FORBIDDEN: Final = frozenset('/\\:*?"<>|')
DECODINGS: Final = 3
"""How often a name may have been percent-encoded over itself before it is refused as it is."""


def read_name(text: str) -> str:
    """A file's name in NFC; raises `DioramaError` (U001) where it is none that every system takes."""
    why = _why_bad(text)
    if why is not None:
        raise failure("U001", "name", f"{text!a:.100} {why}; a plain file name such as boat.png is wanted")
    return unicodedata.normalize("NFC", text)


def _why_bad(text: str) -> str | None:
    if not text or not is_clean(text):
        return "is empty or no text"
    if len(text.encode()) > MOST_NAME_BYTES:
        return f"has more than {MOST_NAME_BYTES} bytes"
    for written in _decoded(text):
        # Compatibility forms too: a full-width solidus is a solidus for some of those that read it.
        for form in (written, unicodedata.normalize("NFKC", written)):
            why = _why_bad_form(form)
            if why is not None:
                return why
    return None


def _decoded(text: str) -> list[str]:
    """A name as it stands, and as it reads each time its percent signs are taken for codes."""
    forms = [text]
    for _ in range(DECODINGS):
        forms.append(unquote(forms[-1], errors="replace"))
    return list(dict.fromkeys(forms))


def _why_bad_form(text: str) -> str | None:
    if FORBIDDEN.intersection(text):
        return "holds a character that stands for folders, drives or patterns"
    # Control and format characters, among them those that turn the direction of writing and hide an ending.
    if any(unicodedata.category(one) in ("Cc", "Cf", "Co", "Cn", "Zl", "Zp") for one in text):
        return "holds a character that cannot be seen"
    if text.strip(". ") != text.rstrip() or text != text.strip():
        return "begins or ends with a dot or a space"
    if DEVICES.fullmatch(text):
        return "is a device's name on Windows"
    return None


def disposition(name: str, is_shown: bool) -> str:
    """A Content-Disposition that names a file, for browsers that know RFC 6266 and for those that do not."""
    kind = "inline" if is_shown else "attachment"
    plain = "".join(one if one.isascii() and (one.isalnum() or one in "._-() ") else "_" for one in name)
    return f"{kind}; filename=\"{plain}\"; filename*=UTF-8''{quote(name, safe='')}"
