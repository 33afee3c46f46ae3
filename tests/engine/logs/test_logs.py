"""The log: whole lines whatever is logged, and no secret in any of them."""

from __future__ import annotations

import logging
import stat
from pathlib import Path

import orjson
import pytest

from diorama.logs.lines import JsonLines, PlainLines
from diorama.logs.secrets import HIDDEN, Redactor
from diorama.logs.setup import TAIL_LINES, LogOptions, logging_to

CANARY = "c4n4ry-v4lue"
SECRETS = {
    "an API key": "key dio_AbCdEf0123456789_-xyz was shown",
    "a ticket": "GET /events?ticket=tkt_0123456789abcdef",
    "a header of a key": f"Authorization: Bearer {CANARY}",
    "a header of a password": "authorization: basic dXNlcjpjNG40cnktdjRsdWU=",
    "a database's address": f"postgresql+psycopg://user:{CANARY}@db.example:5432/diorama",
    "a key of a language model": "401 for sk-proj-0123456789abcdef",
    "a key of a model hub": "token hf_0123456789abcdef",
    "a value of the environment": f"the planner said: {CANARY}",
}
CANARIES = (
    CANARY,
    "dio_AbCdEf0123456789_-xyz",
    "tkt_0123456789abcdef",
    "dXNlcjpjNG40cnktdjRsdWU=",
    "sk-proj-0123456789abcdef",
    "hf_0123456789abcdef",
)
ENVIRONMENT = {"OPENAI_API_KEY": CANARY, "SHORT_TOKEN": "abc", "HOME": "/home/someone-with-a-long-name"}


def record(message: str, **fields: object) -> logging.LogRecord:
    made = logging.makeLogRecord({"name": "diorama.test", "levelname": "INFO", "msg": message, "created": 0.5})
    made.fields = fields
    return made


@pytest.mark.parametrize("said", SECRETS.values(), ids=SECRETS)
@pytest.mark.parametrize("form", [JsonLines, PlainLines])
def test_t40_a_secret_is_hidden_wherever_it_stands_in_a_record(
    said: str, form: type[JsonLines] | type[PlainLines]
) -> None:
    raised = record("it failed")
    raised.exc_info = (ValueError, ValueError(said), None)
    lines = form(Redactor(ENVIRONMENT))
    for one in (record(said), record("words", about=said, deep={"in": [said]}), raised):
        written = lines.format(one)
        assert HIDDEN in written
        assert not [canary for canary in CANARIES if canary in written]


class Open(Redactor):
    """Hides nothing: what is left when the defence is taken out."""

    def clean(self, text: str) -> str:
        return text


@pytest.mark.parametrize("said", SECRETS.values(), ids=SECRETS)
@pytest.mark.parametrize("form", [JsonLines, PlainLines])
def test_t40_it_would_be_told_if_it_were_not_hidden(said: str, form: type[JsonLines] | type[PlainLines]) -> None:
    written = form(Open(ENVIRONMENT)).format(record(said))
    assert [canary for canary in CANARIES if canary in written]


def test_a_short_value_and_one_that_is_no_secret_stay() -> None:
    clean = Redactor(ENVIRONMENT).clean
    assert clean("abc /home/someone-with-a-long-name") == "abc /home/someone-with-a-long-name"


def test_a_line_of_json_says_when_what_and_of_which_run() -> None:
    line = JsonLines(Redactor({})).format(record("a call failed", run="r1", step="mesh", item=None, code="R001"))
    assert orjson.loads(line) == {
        "time": "1970-01-01T00:00:00.500+00:00",
        "level": "info",
        "logger": "diorama.test",
        "message": "a call failed",
        "run": "r1",
        "step": "mesh",
        "code": "R001",
    }


HOSTILE = ["two\nlines", "\x1b[31mred", "a\u2028b", "\0", "\ud800 half", "<img onerror=alert(1)>", "x" * 100_000]


@pytest.mark.parametrize("text", HOSTILE, ids=range(len(HOSTILE)))
@pytest.mark.parametrize("form", [JsonLines, PlainLines])
def test_t14_whatever_a_text_holds_it_is_one_line_that_steers_no_terminal(
    text: str, form: type[JsonLines] | type[PlainLines]
) -> None:
    line = form(Redactor({})).format(record(text, title=text))
    assert len(line.splitlines()) == 1
    assert not [one for one in line if not one.isprintable()]
    assert len(line) < 250_000


def test_lines_go_to_a_file_that_nobody_else_reads_and_the_last_stay_at_hand(tmp_path: Path) -> None:
    path = tmp_path / "logs" / "server.log"
    log = logging.getLogger("diorama.test.file")
    with logging_to(LogOptions(file=path)) as tail:
        for number in range(TAIL_LINES + 10):
            log.info("line %d", number, extra={"fields": {"run": "r1"}})
        log.debug("not at this level")
    written = [orjson.loads(line) for line in path.read_bytes().splitlines()]
    assert [entry["message"] for entry in written] == [f"line {number}" for number in range(TAIL_LINES + 10)]
    assert {entry["run"] for entry in written} == {"r1"}
    assert orjson.loads(tail.lines(1)[0])["message"] == f"line {TAIL_LINES + 9}"
    assert len(tail.lines(10**6)) == TAIL_LINES
    assert tail.lines(0) == []
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_after_the_block_nothing_is_logged_any_more(tmp_path: Path) -> None:
    before = list(logging.getLogger().handlers)
    with logging_to(LogOptions(file=tmp_path / "a.log", level="debug")):
        logging.getLogger("diorama.test.after").debug("inside")
    logging.getLogger("diorama.test.after").warning("outside")
    assert "outside" not in (tmp_path / "a.log").read_text()
    assert logging.getLogger().handlers == before


def test_people_read_lines_and_programs_json(capsys: pytest.CaptureFixture[str]) -> None:
    log = logging.getLogger("diorama.test.form")
    for as_json in (True, False):
        with logging_to(LogOptions(as_json=as_json)):
            log.warning("a run waits", extra={"fields": {"run": "r1", "seconds": 1.23456}})
    first, second = capsys.readouterr().err.splitlines()
    assert orjson.loads(first)["run"] == "r1"
    assert second.endswith("warning a run waits  run=r1 seconds=1.235")
