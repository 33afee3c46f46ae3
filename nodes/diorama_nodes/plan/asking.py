"""Asking a planning service: one question, tried again while that may help, one sentence at the end."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Coroutine, Mapping, Sequence
from dataclasses import dataclass
from threading import Event
from typing import Any, Final, Protocol, TypeVar

import httpx
from pydantic import JsonValue

from diorama.faults import BadInput
from diorama_nodes.plan.answers import Answer, Failure, read_answer
from diorama_nodes.plan.service import PlanningService

T = TypeVar("T")

CONNECT_SECONDS: Final = 10.0
CHECK_SECONDS: Final = 0.05
"""How often a question under way looks whether it was cancelled."""
MOST_ANSWER: Final = 4 * 2**20
"""Bytes of an answer."""


class ServiceFailed(RuntimeError):
    """Raised where a service gave no plan; carries one sentence that says what it did instead."""


class Clock(Protocol):
    """Tells time and waits."""

    def now(self) -> float:
        """Seconds on a clock that only goes forward."""

    def wait(self, seconds: float) -> None:
        """Return after so long, or earlier where the call was cancelled."""


@dataclass(frozen=True, slots=True)
class CallClock:
    """The clock of a call: its waits end when it is cancelled."""

    cancelled: Event

    def now(self) -> float:
        """Seconds since some moment."""
        return time.monotonic()

    def wait(self, seconds: float) -> None:
        """Wait, but no longer than the call is wanted."""
        self.cancelled.wait(seconds)


@dataclass(frozen=True, slots=True)
class Patience:
    """How long and how often a service is asked."""

    seconds: float = 120.0
    tries: int = 4
    first_wait: float = 1.0
    """Before the second try; doubled before each further one, unless the service says how long."""


@dataclass(frozen=True, slots=True)
class Question:
    """What is asked: a conversation, the schema that the answer is to fit, and how boldly it may be written."""

    messages: Sequence[dict[str, JsonValue]]
    schema: Mapping[str, Any]
    temperature: float
    seed: int

    def forms(self) -> list[dict[str, JsonValue]]:
        """The ways to ask, the most exact first: not every service knows schemas, or takes a temperature."""
        plain: dict[str, JsonValue] = {"messages": list(self.messages), "stream": False}
        tuned: dict[str, JsonValue] = {**plain, "temperature": self.temperature, "seed": self.seed}
        named: dict[str, JsonValue] = {"name": "scene_plan", "strict": True, "schema": dict(self.schema)}
        schema: dict[str, JsonValue] = {"type": "json_schema", "json_schema": named}
        loose: dict[str, JsonValue] = {"type": "json_object"}
        return [
            {**tuned, "response_format": schema},
            {**plain, "response_format": schema},
            {**tuned, "response_format": loose},
            plain,
        ]

    def with_complaint(self, answer: str, why: str) -> Question:
        """The same question after an answer that was no plan."""
        said: list[dict[str, JsonValue]] = [
            {"role": "assistant", "content": answer[:20_000]},
            {"role": "user", "content": f"That is not a scene plan: {why}. Write the whole plan again as JSON."},
        ]
        return Question([*self.messages, *said], self.schema, self.temperature, self.seed)


def ask(
    service: PlanningService,
    question: Question,
    read: Callable[[object], T],
    *,
    patience: Patience,
    clock: Clock,
    check: Callable[[], None],
    tell: Callable[[str], None] = lambda text: None,
) -> T:
    """What `read` makes of the service's answer; raises `ServiceFailed` with what went wrong in the end.

    `read` raises `BadInput` for a document that is no plan: the service is told so and asked again. `check` is called
    all along and ends the asking with what it raises.
    """
    ends = clock.now() + patience.seconds
    forms, tried = 0, 0
    while True:
        left = ends - clock.now()
        found = _tried(service, question.forms()[forms], left, check) if left > 0 else Failure("gave no answer in time")
        check()
        if isinstance(found, Answer):
            try:
                return read(found.document())
            except BadInput as error:
                found_wrong = f"answered with something that is no scene plan: {error}"
                question = question.with_complaint(found.text, str(error))
                found = Failure(found_wrong, is_passing=True, wait=0.0)
        if found.is_form and forms + 1 < len(question.forms()):
            forms += 1
            continue
        tried += 1
        _give_up_or_wait(service, found, tried, ends - clock.now(), patience, clock, tell)
        check()


def _give_up_or_wait(
    service: PlanningService,
    failure: Failure,
    tried: int,
    left: float,
    patience: Patience,
    clock: Clock,
    tell: Callable[[str], None],
) -> None:
    sentence = service.without_key(f"{service.address} {failure.what}")
    wait = failure.wait if failure.wait is not None else patience.first_wait * 2 ** (tried - 1)
    tries = f" (asked {tried} times)" if tried > 1 else ""
    if not failure.is_passing or tried >= patience.tries:
        raise ServiceFailed(f"{sentence}{tries}")
    if wait >= left:
        raise ServiceFailed(f"{sentence}{tries}, and the {patience.seconds:g} s for asking do not allow another try")
    tell(f"{sentence}; asking again in {wait:g} s" if wait else f"{sentence}; asking again")
    clock.wait(wait)


def _tried(
    service: PlanningService, form: Mapping[str, JsonValue], seconds: float, check: Callable[[], None]
) -> Answer | Failure:
    try:
        return asyncio.run(_watched(_posted(service, form, seconds), check))
    except TimeoutError:
        return Failure(f"gave no answer within {seconds:.3g} s")
    except httpx.ConnectError as error:
        return Failure(f"cannot be reached: {_reason(error)}", is_passing=True)
    except httpx.TimeoutException:
        return Failure("cannot be reached: no connection in time", is_passing=True)
    except httpx.InvalidURL as error:
        return Failure(f"is no address that can be asked: {error}")
    except httpx.HTTPError as error:
        return Failure(f"broke off before its answer was whole: {_reason(error)}", is_passing=True)


def _reason(error: Exception) -> str:
    return str(error).strip().partition("\n")[0][:200] or type(error).__name__


async def _watched(asking: Coroutine[Any, Any, T], check: Callable[[], None]) -> T:
    """The result of `asking`, given up when `check` raises."""
    task = asyncio.ensure_future(asking)
    try:
        while not task.done():
            await asyncio.wait({task}, timeout=CHECK_SECONDS)
            check()
        return task.result()
    finally:
        task.cancel()


async def _posted(service: PlanningService, form: Mapping[str, JsonValue], seconds: float) -> Answer | Failure:
    headers = {"Authorization": f"Bearer {service.key}"} if service.key else {}
    timeout = httpx.Timeout(seconds, connect=min(CONNECT_SECONDS, seconds))
    async with asyncio.timeout(seconds):
        # Neither redirects nor proxies: the key and the prompt go to the address that was set and nowhere else.
        async with httpx.AsyncClient(follow_redirects=False, trust_env=False, timeout=timeout) as client:
            body = {**form, "model": service.model}
            async with client.stream("POST", service.completions, json=body, headers=headers) as response:
                content = bytearray()
                async for chunk in response.aiter_bytes():
                    content += chunk
                    if len(content) > MOST_ANSWER:
                        return Failure(f"answered with more than {MOST_ANSWER:,} bytes")
                return read_answer(response.status_code, response.headers, bytes(content))
