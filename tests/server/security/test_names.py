"""T18: names that would leave a folder, on any system and in any encoding, are refused as they come in."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from diorama.faults import DioramaError
from diorama.server.names import MOST_NAME_BYTES, disposition, read_name

BAD = {
    "nothing": "",
    "the folder itself": ".",
    "the folder above": "..",
    "a way up": "../etc/passwd",
    "a way up for Windows": "..\\boot.ini",
    "a folder": "a/b.png",
    "an absolute path": "/etc/passwd",
    "a drive": "C:boot.ini",
    "a share": "\\\\server\\share",
    "another stream of a file": "a.png:evil",
    "a way up, encoded": "%2e%2e%2fpasswd",
    "a way up, encoded in capitals": "%2E%2E%5Cpasswd",
    "a way up, encoded twice": "%252e%252e%252fpasswd",
    "a way up, encoded three times": "%25252e%25252e%25252fpasswd",
    "a full-width solidus": "a／b",
    "an overlong solidus": "a%c0%afb/",
    "a NUL": "a.png\0.exe",
    "a NUL, encoded": "a.png%00.exe",
    "a line break": "a\r\nSet-Cookie: b",
    "a line break, encoded": "a%0d%0aSet-Cookie: b",
    "half a surrogate pair": "a\ud800.png",
    "writing turned about": "a\u202egnp.exe",
    "a space of no width": "a\u200b.png",
    "a device": "CON",
    "a device with an ending": "nul.png",
    "a device with a number": "Com1.txt",
    "a device with a raised number": "LPT².txt",
    "a dot at the end": "a.png.",
    "a space at the end": "a.png ",
    "a hidden file": ".htaccess",
    "a pattern": "*.png",
    "markup": '<img src=x onerror="alert(1)">',
    "overlong": "a" * (MOST_NAME_BYTES + 1),
    "overlong in bytes": "é" * MOST_NAME_BYTES,
}


@pytest.mark.parametrize("name", BAD.values(), ids=BAD)
def test_t18_the_name_is_refused(name: str) -> None:
    with pytest.raises(DioramaError) as refused:
        read_name(name)
    assert [fault.code for fault in refused.value.faults] == ["U001"]
    assert str(refused.value).isprintable()


GOOD = [
    "boat.png",
    "a red boat (2).glb",
    "灯台.webp",
    "Ünïcode.wav",
    "100% done.png",
    "a..b.png",
    "console.txt",
    "_x.png",
]


@pytest.mark.parametrize("name", GOOD)
def test_a_plain_name_is_kept(name: str) -> None:
    assert read_name(name) == name


def test_one_name_has_one_form() -> None:
    assert read_name("e\u0301.png") == read_name("é.png") == "é.png"


def test_a_name_is_told_to_old_and_new_browsers() -> None:
    assert disposition("灯台.png", True) == "inline; filename=\"__.png\"; filename*=UTF-8''%E7%81%AF%E5%8F%B0.png"
    assert disposition("a boat.html", False) == "attachment; filename=\"a boat.html\"; filename*=UTF-8''a%20boat.html"


@given(st.text(max_size=60))
def test_what_a_name_becomes_in_a_header_stays_in_its_quotes(name: str) -> None:
    try:
        kept = read_name(name)
    except DioramaError:
        return
    told = disposition(kept, False)
    assert told.isascii()
    assert told.isprintable()
    assert told.count('"') == 2
    assert "/" not in kept
    assert "\\" not in kept
