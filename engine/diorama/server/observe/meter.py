"""Figures for Prometheus: counted as things happen where that costs next to nothing, else read when they are asked."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Iterator
from threading import Lock
from typing import TYPE_CHECKING, Final

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, ProcessCollector, generate_latest
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, Metric
from prometheus_client.registry import Collector

from diorama.execute.pool import Pool
from diorama.server.devices import device_views

if TYPE_CHECKING:
    from diorama.run.service import Service
    from diorama.run.state import Run

HTTP_SECONDS: Final = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 10, 60)
CALL_SECONDS: Final = (0.0001, 0.001, 0.01, 0.05, 0.1, 0.5, 1, 5, 10, 30, 60, 180, 600)
MOST_REMEMBERED: Final = 1000
"""Runs of which it is known how much of them is counted: those under way, and those that just ended."""
LAG_SECONDS: Final = (0.001, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 1, 5)


class Meter:
    """All figures of one server. `text` may be asked by any thread."""

    def __init__(self, service: Service) -> None:
        self.registry = CollectorRegistry()
        self.http = Histogram(
            "diorama_http_request_seconds",
            "Duration of HTTP requests.",
            ("method", "handler", "status"),
            buckets=HTTP_SECONDS,
            registry=self.registry,
        )
        self.sockets = Gauge("diorama_websockets", "WebSocket connections that are open.", registry=self.registry)
        self.runs = Counter("diorama_runs_ended", "Runs that ended here.", ("state",), registry=self.registry)
        self.calls = Counter("diorama_calls", "Calls of nodes.", ("node", "outcome"), registry=self.registry)
        self.seconds = Histogram(
            "diorama_call_seconds",
            "Duration of calls that were made, not taken from the cache.",
            ("node",),
            buckets=CALL_SECONDS,
            registry=self.registry,
        )
        self.lag = Histogram(
            "diorama_event_lag_seconds",
            "Time from when something happened until it was told.",
            buckets=LAG_SECONDS,
            registry=self.registry,
        )
        self._service = service
        self._counted: OrderedDict[tuple[str, int], int] = OrderedDict()
        """How many of the calls of the latest runs are counted, by run and the token that it was taken with."""
        self._lock = Lock()
        self.registry.register(_Standing(service))
        ProcessCollector(registry=self.registry)

    def text(self) -> bytes:
        """Every figure, in the text format of Prometheus."""
        for going in list(self._service.stage.going.values()):
            if going.run is not None:
                self.count_calls(going.run)
        return generate_latest(self.registry)

    def count_calls(self, run: Run) -> None:
        """Count the calls of a run that were not counted yet; the scheduler adds to its records meanwhile."""
        taken = run.id, run.token
        with self._lock:
            begun = self._counted.get(taken, 0)
            fresh = run.records[begun:]
            self._counted[taken] = begun + len(fresh)
            self._counted.move_to_end(taken)
            while len(self._counted) > MOST_REMEMBERED:
                self._counted.popitem(last=False)
        for record in fresh:
            self.calls.labels(record.node, "cached" if record.is_cached else "made").inc()
            if not record.is_cached:
                self.seconds.labels(record.node).observe(record.seconds)


class _Standing(Collector):
    """What is read when figures are asked for: the queue, workers, devices."""

    def __init__(self, service: Service) -> None:
        self._service = service

    def describe(self) -> list[Metric]:
        """Nothing beforehand: registering must not ask the database."""
        return []

    def collect(self) -> Iterator[Metric]:
        """The gauges as they stand."""
        queue = self._service.queue()
        runs = GaugeMetricFamily("diorama_runs", "Runs that have not ended, by state.", labels=("state",))
        for state, count in queue.states.items():
            runs.add_metric((state,), count)
        yield runs
        yield GaugeMetricFamily("diorama_queue_length", "Runs that wait.", value=queue.states.get("queued", 0))
        yield GaugeMetricFamily("diorama_queue_paused", "Whether the queue is paused.", value=float(queue.paused))
        yield GaugeMetricFamily("diorama_runs_here", "Runs under way on this server.", value=len(queue.running))
        yield from self._workers()
        yield from self._devices()

    def _workers(self) -> Iterator[Metric]:
        pool = getattr(self._service.executor, "pool", None)
        if isinstance(pool, Pool):
            said = "Worker processes that were started; those beyond the ones at work replaced others."
            yield CounterMetricFamily("diorama_workers_started", said, value=pool.started)
            yield GaugeMetricFamily("diorama_workers", "Worker processes.", value=len(pool.children))

    def _devices(self) -> Iterator[Metric]:
        memory = GaugeMetricFamily("diorama_device_bytes", "Memory of devices.", labels=("device", "kind"))
        busy = GaugeMetricFamily("diorama_device_utilisation", "Share of the time it computed.", labels=("device",))
        loads = CounterMetricFamily("diorama_model_loads", "Models that were loaded.", labels=("device",))
        for view in device_views(self._service):
            sizes = {"total": view.total_bytes, "used": view.used_bytes, "free": view.free_bytes}
            for kind, size in sizes.items():
                if size is not None:
                    memory.add_metric((view.name, kind), size)
            if view.utilisation is not None:
                busy.add_metric((view.name,), view.utilisation)
            loads.add_metric((view.name,), view.loads)
        yield memory
        yield busy
        yield loads
