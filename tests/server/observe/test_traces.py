"""Traces: requests, runs and their calls as spans where they are wanted, and nothing at all where they are not."""

from __future__ import annotations

import http.server
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from opentelemetry.sdk.trace import ReadableSpan, TracerProvider
from opentelemetry.sdk.trace.export import SimpleSpanProcessor
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter
from tests.support.served import serving
from tests.support.service_nodes import catalogue, graph_of

from diorama.run.service import Service
from diorama.server.observe.traces import traces_wanted, tracing

WANTED = {
    "nothing said": ({}, False),
    "an address": ({"OTEL_EXPORTER_OTLP_ENDPOINT": "http://127.0.0.1:4318"}, True),
    "an address for traces": ({"OTEL_EXPORTER_OTLP_TRACES_ENDPOINT": "http://127.0.0.1:4318/v1/traces"}, True),
    "an address, but off": ({"OTEL_EXPORTER_OTLP_ENDPOINT": "http://x", "OTEL_SDK_DISABLED": "true"}, False),
    "an address, but no traces": ({"OTEL_EXPORTER_OTLP_ENDPOINT": "http://x", "OTEL_TRACES_EXPORTER": "none"}, False),
}


@pytest.mark.parametrize(("environment", "wanted"), WANTED.values(), ids=WANTED)
def test_traces_are_made_only_where_the_environment_says_where_to(environment: dict[str, str], wanted: bool) -> None:
    assert traces_wanted(environment) == wanted


def test_without_them_none_of_their_packages_is_loaded() -> None:
    code = (
        "import sys; from diorama.server.observe.traces import tracing\n"
        "with tracing() as tracer: assert tracer is None\n"
        "assert not [name for name in sys.modules if name.startswith(('opentelemetry.sdk', 'opentelemetry.exporter'))]"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=60, check=False)
    assert done.returncode == 0, done.stderr


def test_requests_runs_and_calls_are_spans_inside_each_other(tmp_path: Path) -> None:
    kept = InMemorySpanExporter()
    provider = TracerProvider()
    provider.add_span_processor(SimpleSpanProcessor(kept))
    with (
        Service(tmp_path, catalogue=catalogue()) as service,
        serving(service, tracer=provider.get_tracer("t")) as served,
    ):
        good = served.ended(graph_of("counted", "good", steps=2))
        bad = served.ended(graph_of("failing", "bad", why="no"))
        parent = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"
        served.client.get("/api/v1/nodes?ticket=tkt_canary", headers={"traceparent": parent})
    spans = list(kept.get_finished_spans())
    runs = {attribute(span, "diorama.run"): span for span in spans if span.name == "run"}
    calls = [span for span in spans if span.name.startswith("call ")]
    assert set(runs) == {good["id"], bad["id"]}
    assert {span.name for span in calls} == {"call counted", "call failing"}
    for call in calls:
        assert call.parent is not None
        context = runs[attribute(call, "diorama.run")].context
        assert context is not None
        assert call.parent.span_id == context.span_id
        assert None not in (call.start_time, call.end_time)
    assert attribute(next(span for span in calls if span.name == "call failing"), "error.type") == "R002"
    assert attribute(runs[bad["id"]], "error.type") == "failed"
    (asked,) = (span for span in spans if span.name == "GET list_nodes")
    assert asked.parent is not None
    assert f"{asked.parent.trace_id:032x}" in parent
    assert attribute(asked, "http.response.status_code") == 200
    assert not [span for span in spans if "canary" in str(dict(span.attributes or {}))]


def attribute(span: ReadableSpan, name: str) -> object:
    return (span.attributes or {}).get(name)


@contextmanager
def collector() -> Iterator[tuple[str, list[bytes]]]:
    """A server that takes whatever is posted to it."""
    taken: list[bytes] = []

    class Taking(http.server.BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            taken.append(self.path.encode() + self.rfile.read(int(self.headers["content-length"])))
            self.send_response(200)
            self.end_headers()

        def log_message(self, format: str, *given: object) -> None:  # noqa: A002
            pass

    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Taking)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_address[1]}", taken
    finally:
        server.shutdown()
        thread.join(20)
        server.server_close()


def test_what_was_made_is_sent_where_the_environment_says(monkeypatch: pytest.MonkeyPatch) -> None:
    with collector() as (address, taken):
        monkeypatch.setenv("OTEL_EXPORTER_OTLP_ENDPOINT", address)
        with tracing() as tracer:
            assert tracer is not None
            tracer.start_span("sent").end()
    assert len(taken) == 1
    assert taken[0].startswith(b"/v1/traces")
    assert b"sent" in taken[0]
    assert b"diorama" in taken[0]
