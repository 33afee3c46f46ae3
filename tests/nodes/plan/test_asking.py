"""A planning service that answers rightly, wrongly, slowly and not at all: what comes of it, and what is told."""

from __future__ import annotations

import json
import socket
import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import pytest
from tests.support.planning_service import Reply, completion, error, planning_service

from diorama.context import Cancelled
from diorama.faults import BadInput
from diorama_nodes.plan.answers import Answer, Failure, read_answer
from diorama_nodes.plan.asking import Patience, Question, ServiceFailed, ask
from diorama_nodes.plan.service import PlanningService

KEY = "sk-secret-0123456789"
QUESTION = Question([{"role": "user", "content": "a red car"}], {"type": "object"}, 0.3, 7)
GOOD = completion('{"plan": 1}')


@dataclass
class FakeClock:
    """Time that passes only by waiting."""

    time: float = 0.0
    waits: list[float] = field(default_factory=list)

    def now(self) -> float:
        return self.time

    def wait(self, seconds: float) -> None:
        self.waits.append(seconds)
        self.time += seconds


def reads(document: object) -> Any:
    if not isinstance(document, dict) or "plan" not in document:
        raise BadInput("plan: field required")
    return document


def asked(
    address: str,
    key: str = KEY,
    clock: FakeClock | None = None,
    patience: Patience | None = None,
    check: Callable[[], None] = lambda: None,
    tell: Callable[[str], None] = lambda text: None,
) -> Any:
    service = PlanningService(address, "tiny", key)
    return ask(
        service,
        QUESTION,
        reads,
        patience=patience or Patience(30),
        clock=clock or FakeClock(),
        check=check,
        tell=tell,
    )


def test_a_good_answer_is_read_and_the_question_says_all() -> None:
    with planning_service(GOOD) as service:
        assert asked(service.address) == {"plan": 1}
    (body,) = service.asked
    assert service.paths == ["/v1/chat/completions"]
    assert service.headers[0]["authorization"] == f"Bearer {KEY}"
    assert (body["model"], body["temperature"], body["seed"], body["stream"]) == ("tiny", 0.3, 7, False)
    assert body["response_format"]["type"] == "json_schema"
    assert body["response_format"]["json_schema"]["schema"] == {"type": "object"}


def test_without_a_key_none_is_sent() -> None:
    with planning_service(GOOD) as service:
        asked(service.address, key="")
    assert "authorization" not in service.headers[0]


@pytest.mark.parametrize("text", ['```json\n{"plan": 1}\n```', '  {"plan": 1}\n'])
def test_a_plan_in_a_block_of_code_is_found(text: str) -> None:
    with planning_service(completion(text)) as service:
        assert asked(service.address) == {"plan": 1}


PASSES: dict[str, list[Reply]] = {
    "too many questions": [error(429, "slow down")],
    "an error of the service": [error(500, "oops")],
    "a service that is starting": [error(503, "loading")],
    "no JSON": [Reply(b"<html>bad gateway</html>")],
    "nothing at all": [Reply(b"")],
    "JSON that is no completion": [Reply(b'{"choices": []}')],
    "an answer that breaks off": [Reply(b'{"choices"', breaks_off=True)],
    "a text that is no JSON": [completion("Here is your plan!")],
    "JSON that is no plan": [completion('{"scene": 1}')],
    "a key twice": [completion('{"plan": 1, "plan": 2}')],
    "not a number": [completion('{"plan": NaN}')],
    "three failures, each another": [error(502, "x"), Reply(b""), completion("no")],
}


@pytest.mark.parametrize("replies", PASSES.values(), ids=PASSES)
def test_what_passes_is_asked_again(replies: list[Reply]) -> None:
    with planning_service(*replies, GOOD) as service:
        assert asked(service.address) == {"plan": 1}
    assert len(service.asked) == len(replies) + 1


def test_waits_double_unless_the_service_says_how_long() -> None:
    clock, told = FakeClock(), list[str]()
    replies = [error(500, "x"), error(429, "busy", Retry_After="7"), error(500, "x"), GOOD]
    with planning_service(*replies) as service:
        asked(service.address, clock=clock, tell=told.append)
    assert clock.waits == [1.0, 7.0, 4.0]
    assert told[1] == f'{service.address} has too many questions at the moment (429): "busy"; asking again in 7 s'


def test_an_answer_that_is_no_plan_is_sent_back_with_what_is_wrong() -> None:
    with planning_service(completion('{"scene": 1}'), GOOD) as service:
        asked(service.address)
    said = service.asked[1]["messages"]
    assert said[1] == {"role": "assistant", "content": '{"scene": 1}'}
    assert "plan: field required" in said[2]["content"]


def test_services_that_know_no_schemas_are_asked_in_other_forms() -> None:
    refused = error(400, "response_format is not supported")
    with planning_service(refused, refused, refused, GOOD) as service:
        assert asked(service.address) == {"plan": 1}
    formats = [body.get("response_format", {}).get("type") for body in service.asked]
    assert formats == ["json_schema", "json_schema", "json_object", None]
    assert ["temperature" in body for body in service.asked] == [True, False, True, False]


ENDS: dict[str, tuple[Reply, str, int]] = {
    "a wrong key": (error(401, "no such key"), "does not accept the key (401)", 1),
    "a key without a right": (error(403, "forbidden"), "does not accept the key (403)", 1),
    "no such model": (error(404, "model not found"), 'no such path or model (404): "model not found"', 1),
    "a redirect": (
        Reply(b"", 302, {"Location": "http://user:pw@10.0.0.1/v1/x?token=1"}),
        "sends on to http://10.0.0.1 (302), which is not followed",
        1,
    ),
    "a redirect to another path": (Reply(b"", 307, {"Location": "/v2"}), "sends on to another path (307)", 1),
    "a question that no form of is taken": (error(400, "bad"), 'does not take the question (400): "bad"', 4),
    "a refusal": (
        completion("", message={"role": "assistant", "content": None, "refusal": "I cannot"}),
        'declines to plan this: "I cannot"',
        1,
    ),
    "a filter": (completion("", finish_reason="content_filter"), "declines to plan this", 1),
    "an answer that is cut": (completion('{"pl', finish_reason="length"), "cut its answer off", 1),
    "a status that nobody uses": (Reply(b"teapot", 418), 'answers with status 418: "teapot"', 1),
    "failing for ever": (error(500, "oops"), 'fails at the moment (500): "oops" (asked 4 times)', 4),
    "no plan for ever": (completion("never"), "no scene plan: not JSON at line 1, column 1", 4),
    "nothing for ever": (Reply(b""), "answers nothing (asked 4 times)", 4),
    "more than is read": (Reply(b"x" * (5 * 2**20)), "answered with more than 4,194,304 bytes", 1),
    "a wait beyond the time": (error(429, "busy", Retry_After="3600"), "do not allow another try", 1),
    "markup and control letters": (
        Reply(b"<html><script>x</script>\x1b[31m bad\n gateway</html>", 418),
        'answers with status 418: "x [31m bad gateway"',
        1,
    ),
}


@pytest.mark.parametrize(("reply", "words", "times"), ENDS.values(), ids=ENDS)
def test_what_ends_the_asking_is_told_in_one_sentence(reply: Reply, words: str, times: int) -> None:
    with planning_service(reply) as service, pytest.raises(ServiceFailed) as failed:
        asked(service.address)
    assert words in str(failed.value)
    assert str(failed.value).startswith(service.address)
    assert "\n" not in str(failed.value)
    assert len(service.asked) == times


def test_a_service_that_is_not_there_is_told() -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    with pytest.raises(ServiceFailed, match=r"cannot be reached: .* \(asked 4 times\)"):
        asked(f"http://127.0.0.1:{port}/v1")


@pytest.mark.parametrize("reply", [Reply(holds=True), Reply(b"{", drips=True)], ids=["silent", "dripping"])
def test_a_slow_service_is_given_up_in_time(reply: Reply) -> None:
    with planning_service(reply) as service, pytest.raises(ServiceFailed, match=r"gave no answer within 0\.3 s"):
        asked(service.address, patience=Patience(0.3))


@pytest.mark.parametrize("reply", [Reply(holds=True), Reply(b"{", drips=True)], ids=["silent", "dripping"])
def test_a_cancel_ends_the_asking(reply: Reply) -> None:
    cancelled = threading.Event()

    def check() -> None:
        if service.came.is_set():
            cancelled.set()
            raise Cancelled

    with planning_service(reply) as service, pytest.raises(Cancelled):
        asked(service.address, check=check)
    assert cancelled.is_set()


@pytest.mark.parametrize(
    "reply",
    [
        error(401, f"Incorrect API key provided: {KEY}"),
        error(500, f"key {KEY} is over its budget"),
        Reply(b"", 302, {"Location": f"http://{KEY}@127.0.0.1/"}),
        Reply(f"<p>{KEY}</p>".encode(), 418),
    ],
)
def test_a_service_that_repeats_the_key_has_it_taken_out(reply: Reply) -> None:
    told: list[str] = []
    with planning_service(reply) as service, pytest.raises(ServiceFailed) as failed:
        asked(service.address, tell=told.append)
    shown: list[str] = [str(failed.value), *told]
    cause: BaseException | None = failed.value
    while cause is not None:
        shown += [str(cause), repr(cause.args)]
        cause = cause.__cause__ or cause.__context__
    assert not [text for text in shown if KEY in text]
    assert KEY not in repr(PlanningService("http://x", "m", KEY))


@pytest.mark.parametrize(
    ("text", "seconds"), [("3", 3.0), ("0", 0.0), ("Wed, 21 Oct 2015 07:28:00 GMT", 0.0), ("soon", None), ("-1", None)]
)
def test_how_long_a_service_asks_to_wait(text: str, seconds: float | None) -> None:
    found = read_answer(429, {"retry-after": text}, b"")
    assert isinstance(found, Failure)
    assert found.wait == seconds


def test_an_answers_text_is_bounded_where_it_is_told() -> None:
    found = read_answer(500, {}, json.dumps({"error": {"message": "long " * 1000}}).encode())
    assert isinstance(found, Failure)
    assert len(found.what) < 400
    assert read_answer(200, {}, b'{"choices": [{"message": {"content": "x"}}]}') == Answer("x")
