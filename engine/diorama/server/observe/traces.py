"""Traces for OpenTelemetry: of requests, of runs and of their calls. Off, and loading nothing, unless the environment
names where they go."""

from __future__ import annotations

import os
from collections import OrderedDict
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import TYPE_CHECKING, Final

from diorama.faults import failure
from diorama.run import events as told
from diorama.version import VERSION

if TYPE_CHECKING:
    from opentelemetry.trace import Span, Tracer

ENDPOINTS: Final = ("OTEL_EXPORTER_OTLP_TRACES_ENDPOINT", "OTEL_EXPORTER_OTLP_ENDPOINT")
MOST_OPEN: Final = 10_000
"""Spans that wait for their end: of a run that another server took, it never comes."""
NANO: Final = 1_000_000_000


def traces_wanted(environment: Mapping[str, str] | None = None) -> bool:
    """Whether the environment says where traces go."""
    found = os.environ if environment is None else environment
    is_off = found.get("OTEL_SDK_DISABLED", "").lower() == "true" or found.get("OTEL_TRACES_EXPORTER") == "none"
    return not is_off and any(found.get(name) for name in ENDPOINTS)


@contextmanager
def tracing() -> Iterator[Tracer | None]:
    """What makes spans, sent on in the background for the length of a block; None where no traces are wanted.

    Raises `DioramaError` (C001) where they are wanted and the packages are not installed.
    """
    if not traces_wanted():
        yield None
        return
    try:
        from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
        from opentelemetry.sdk.resources import Resource
        from opentelemetry.sdk.trace import TracerProvider
        from opentelemetry.sdk.trace.export import BatchSpanProcessor
    except ImportError as error:
        said = "traces are asked for, but their packages are missing; install them with `pip install 'diorama[otel]'`"
        raise failure("C001", ENDPOINTS[1], said) from error
    resource = Resource.create({"service.name": "diorama", "service.version": VERSION})
    provider = TracerProvider(resource=resource)
    provider.add_span_processor(BatchSpanProcessor(OTLPSpanExporter()))
    try:
        yield provider.get_tracer("diorama", VERSION)
    finally:
        provider.shutdown()


class RunTraces:
    """Makes a span of each run, and of each of its calls inside it, from what is told of them."""

    def __init__(self, tracer: Tracer) -> None:
        self._tracer = tracer
        self._open: OrderedDict[tuple[str, str, int | None], Span] = OrderedDict()

    def take(self, event: told.Event) -> None:
        """Begin or end a span."""
        match event:
            case told.RunStarted():
                self._begin((event.run, "", None), "run", event.at, {"to_run": event.to_run, "cached": event.cached})
            case told.CallStarted():
                about: dict[str, str | int] = {"step": event.step, "attempt": event.attempt}
                self._begin((event.run, event.step, event.item), f"call {event.step}", event.at, about)
            case told.CallFinished():
                self._end((event.run, event.step, event.item), event.at, "")
            case told.CallFailed():
                self._end((event.run, event.step, event.item), event.at, event.code)
            case told.RunEnded():
                for one in [one for one in self._open if one[0] == event.run and one[1]]:
                    self._end(one, event.at, "")
                self._end((event.run, "", None), event.at, "" if event.state == "succeeded" else event.state)
            case _:
                pass

    def _begin(self, name: tuple[str, str, int | None], title: str, at: float, about: Mapping[str, str | int]) -> None:
        from opentelemetry.trace import set_span_in_context

        parent = self._open.get((name[0], "", None))
        context = None if parent is None else set_span_in_context(parent)
        attributes = {"diorama.run": name[0], **{f"diorama.{key}": value for key, value in about.items()}}
        self._open[name] = self._tracer.start_span(title, context, attributes=attributes, start_time=int(at * NANO))
        while len(self._open) > MOST_OPEN:
            _, span = self._open.popitem(last=False)
            span.end()

    def _end(self, name: tuple[str, str, int | None], at: float, error: str) -> None:
        from opentelemetry.trace import StatusCode

        span = self._open.pop(name, None)
        if span is None:
            return
        if error:
            span.set_attribute("error.type", error)
            span.set_status(StatusCode.ERROR)
        span.end(int(at * NANO))
