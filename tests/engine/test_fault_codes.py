from __future__ import annotations

import re
from pathlib import Path

import pytest

from diorama.faults import CODES, TITLES, DioramaError, Fault, did_you_mean, failure, page, pointer

ROOT = Path(__file__).parents[2]
SOURCES = [path for folder in ("engine", "nodes") for path in sorted((ROOT / folder).rglob("*.py"))]
CODE = re.compile(r'"([GRSQLCHAU]\d{3})"')


def raised() -> set[str]:
    texts = [path.read_text() for path in SOURCES if path.name != "faults.py" or path.parent.name != "diorama"]
    return {code for text in texts for code in CODE.findall(text)}


def test_every_code_that_is_raised_is_in_the_table() -> None:
    assert raised() - set(CODES) == set()


def test_every_code_in_the_table_is_raised() -> None:
    assert set(CODES) - raised() == set()


def test_the_page_of_faults_is_in_step_with_the_table() -> None:
    assert (ROOT / "docs" / "faults.md").read_text() == page()


def test_the_page_holds_every_code_once() -> None:
    written = page()
    assert re.findall(r"^\| ([A-Z]\d{3}) \|", written, re.MULTILINE) == sorted(CODES, key=list(CODES).index)
    assert {code[0] for code in CODES} == set(TITLES)


@pytest.mark.parametrize("code", CODES)
def test_a_code_has_a_name_and_a_sentence_of_its_own(code: str) -> None:
    name, meaning = CODES[code]
    assert name == name.strip().lower()
    assert meaning[0].isupper()
    assert meaning.endswith(".")
    assert [one[0] for one in CODES.values()].count(name) == 1


@pytest.mark.parametrize(
    ("steps", "written"),
    [((), ""), (("nodes", "a"), "/nodes/a"), (("a/b", "c~d", 0), "/a~1b/c~0d/0"), (("~1",), "/~01"), (("",), "/")],
)
def test_a_pointer_is_escaped(steps: tuple[str | int, ...], written: str) -> None:
    assert pointer(*steps) == written


def test_an_error_says_every_fault() -> None:
    error = DioramaError([Fault("G001", "", "one"), Fault("G101", "/nodes/a", "two")])
    assert str(error) == "G001 /: one\nG101 /nodes/a: two"
    assert failure("G001", "", "one").faults == (Fault("G001", "", "one"),)


HINTS = {
    "a near word is named": ("promt", ["prompt", "seed"], "; did you mean 'prompt'?"),
    "nothing near, nothing said": ("zzz", ["prompt", "seed"], ""),
    "nothing known, nothing said": ("a", [], ""),
    "a word without end is cut": ("prompt" * 100_000, ["prompt"], ""),
    "among thousands none is looked for": ("n1", [f"n{i}" for i in range(5000)], ""),
}


@pytest.mark.parametrize("case", HINTS.values(), ids=HINTS)
def test_hints(case: tuple[str, list[str], str]) -> None:
    given, known, hint = case
    assert did_you_mean(given, known) == hint
