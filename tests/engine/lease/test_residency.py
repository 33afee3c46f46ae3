"""Which models stay loaded, which go, and what is counted."""

from __future__ import annotations

import mmap
import sys
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.support.simulated_models import Shelf

from diorama.execute.devices import Grant, Lease, LeaseLost, Load
from diorama.lease.keeper import DeviceKeeper, keeper_for
from diorama.lease.ledger import Ledger
from diorama.lease.meter import ProcessMeter, SimulatedMeter, TorchMeter
from diorama.lease.owner import this_process
from diorama.lease.residency import Residency
from diorama.lease.simulated import OutOfMemoryError, SimulatedMemory
from diorama.model import Model, Placement

GIB = 2**30
PLAIN = Placement()


class Bench:
    """A residency on a simulated memory."""

    def __init__(self, gib: float = 24.0) -> None:
        self.memory = SimulatedMemory(int(gib * GIB))
        self.shelf = Shelf(self.memory)
        self.meter = SimulatedMeter(self.memory, "worker")
        self.residency = Residency(self.meter, "cuda:0", self.shelf.clock)
        self.residency.budget = int(gib * GIB)
        self.residency.restart()

    def use(self, *models: Model[Any], wanted: Placement = PLAIN) -> None:
        with ExitStack() as held:
            for model in models:
                held.enter_context(self.residency.hold(model, wanted))

    @property
    def resident(self) -> set[str]:
        return set(self.residency.sizes)


def test_a_model_stays_loaded_for_the_next_call() -> None:
    bench = Bench()
    model = bench.shelf.model("a", 4)
    bench.use(model)
    bench.use(model)
    assert bench.shelf.loaded == ["a"]
    assert bench.residency.sizes == {"a": 4 * GIB}


def test_a_model_is_loaded_onto_the_worker_s_device_in_the_form_that_is_wanted() -> None:
    bench = Bench()
    model = bench.shelf.model("a", 4)
    with bench.residency.hold(model, Placement("cpu", "float16", "4bit")) as weights:
        assert weights.placement == Placement("cuda:0", "float16", "4bit", "none")
    bench.use(model)
    assert bench.shelf.loaded == ["a", "a"], "another form is another model"
    assert bench.residency.sizes == {"a": 8 * GIB}


@dataclass(frozen=True)
class Case:
    uses: str
    gib: dict[str, float]
    seconds: dict[str, float]
    stays: str


EVICTIONS = {
    "where all fit, all stay": Case("abc", {"a": 8, "b": 8, "c": 8}, {}, "abc"),
    "the least recently used goes where all cost the same": Case("abc", {"a": 10, "b": 10, "c": 10}, {}, "bc"),
    "what was used again stays": Case("abac", {"a": 10, "b": 10, "c": 10}, {}, "ac"),
    "what is cheap to load again goes first": Case("abc", {"a": 10, "b": 10, "c": 10}, {"a": 60}, "ac"),
    "what costs little a GiB goes before what is small": Case(
        "abc", {"a": 4, "b": 16, "c": 8}, {"a": 8, "b": 8, "c": 8}, "ac"
    ),
    "as many go as have to": Case("abcd", {"a": 8, "b": 8, "c": 8, "d": 16}, {}, "cd"),
    "what is dear is given up too when it was not used for long": Case(
        "abcbcbcbc", {"a": 12, "b": 8, "c": 8}, {"a": 13}, "bc"
    ),
}


@pytest.mark.parametrize("case", EVICTIONS.values(), ids=EVICTIONS)
def test_who_goes_when_room_is_needed(case: Case) -> None:
    bench = Bench()
    models = {name: bench.shelf.model(name, gib, case.seconds.get(name)) for name, gib in case.gib.items()}
    for name in case.uses:
        bench.use(models[name])
    assert bench.resident == set(case.stays)
    assert bench.memory.used == sum(bench.residency.sizes.values())


def test_what_other_calls_wait_for_goes_last() -> None:
    bench = Bench()
    a, b, c = (bench.shelf.model(name, 10) for name in "abc")
    bench.use(a)
    bench.use(b)
    bench.residency.wanted = ("a",)
    bench.use(c)
    assert bench.resident == {"a", "c"}


def test_models_that_are_held_never_go() -> None:
    bench = Bench()
    a, b, c = (bench.shelf.model(name, 10) for name in "abc")
    with bench.residency.hold(a, PLAIN), bench.residency.hold(b, PLAIN), pytest.raises(OutOfMemoryError):
        bench.use(c)
    assert bench.resident == {"a", "b"}
    bench.use(c)
    assert bench.resident == {"b", "c"}


def test_room_is_kept_for_what_the_call_takes_itself() -> None:
    bench = Bench()
    a, b = bench.shelf.model("a", 8), bench.shelf.model("b", 8)
    bench.use(a)
    bench.residency.call_bytes = 9 * GIB
    bench.use(b)
    assert bench.resident == {"b"}


def test_models_are_swapped_one_after_the_other_and_memory_is_told_before_and_after() -> None:
    bench = Bench(10)
    a, b = bench.shelf.model("a", 8, 5.0), bench.shelf.model("b", 6, 3.0)
    for model in (a, b, a):
        bench.use(model)
    tally = bench.residency.finish()
    assert tally.evicted == ["a", "b"]
    assert tally.loads == [Load("a", 5.0, 0, 8 * GIB), Load("b", 3.0, 0, 6 * GIB), Load("a", 5.0, 0, 8 * GIB)]
    assert bench.memory.most_used == 8 * GIB, "both were there at once"


def test_a_failed_load_leaves_nothing_behind() -> None:
    bench = Bench()
    a, b = bench.shelf.model("a", 4), bench.shelf.model("b", 8)
    bench.use(a)
    bench.shelf.failing = {"b"}
    with pytest.raises(ValueError, match="b is broken") as raised:
        bench.use(b)
    assert raised.value.__traceback__ is not None, "even while somebody keeps the error"
    assert bench.memory.used == 4 * GIB
    assert bench.resident == {"a"}
    bench.shelf.failing = set()
    bench.use(b)
    assert bench.resident == {"a", "b"}


def test_the_same_weights_are_never_there_twice_for_another_offload() -> None:
    bench = Bench(10)
    model = bench.shelf.model("a", 8)
    bench.use(model)
    bench.residency.offload = "model"
    bench.use(model)
    assert bench.residency.sizes == {"a": 4 * GIB}
    bench.residency.offload = "none"
    bench.use(model, wanted=Placement(offload="sequential"))
    assert bench.residency.sizes == {"a": 1 * GIB}


def test_a_model_in_use_is_taken_as_it_is_whatever_offload_is_asked_for() -> None:
    bench = Bench(10)
    model = bench.shelf.model("a", 8)
    with bench.residency.hold(model, PLAIN), bench.residency.hold(model, Placement(offload="model")) as weights:
        assert weights.placement.offload == "none"


def test_what_a_call_takes_beyond_its_models_is_counted_by_itself() -> None:
    bench = Bench()
    a, b = bench.shelf.model("a", 4), bench.shelf.model("b", 6)
    bench.use(a)
    bench.residency.restart()
    with bench.residency.hold(a, PLAIN):
        bench.memory.take("worker", 3 * GIB)
        bench.memory.give("worker", 3 * GIB)
    with bench.residency.hold(b, PLAIN):
        bench.memory.take("worker", 1 * GIB)
        bench.memory.give("worker", 1 * GIB)
    tally = bench.residency.finish()
    assert (tally.call_bytes, tally.peak_bytes) == (3 * GIB, 11 * GIB)


USES = st.lists(
    st.tuples(st.sampled_from("abcde"), st.sampled_from(["use", "hold", "drop", "fail", "grow"])), max_size=60
)


@given(USES)
def test_sums_match_after_any_history(steps: list[tuple[str, str]]) -> None:
    bench = Bench(20)
    models = {name: bench.shelf.model(name, 3.0 + 2 * number) for number, name in enumerate("abcde")}
    held: dict[str, ExitStack] = {}
    for name, step in steps:
        bench.shelf.failing = {name} if step == "fail" else set()
        before = set(held)
        try:
            if step == "drop":
                held.pop(name, ExitStack()).close()
            elif step == "hold" and name not in held:
                stack = ExitStack()
                stack.enter_context(bench.residency.hold(models[name], PLAIN))
                held[name] = stack
            elif step == "grow":
                bench.memory.take("worker", GIB)
                bench.memory.give("worker", GIB)
            else:
                bench.use(models[name])
        except (OutOfMemoryError, ValueError):
            pass
        assert before <= bench.resident | ({name} if step == "drop" else set()), "a model that is held has gone"
        assert bench.memory.used == sum(bench.residency.sizes.values()), "memory is lost or counted twice"
        assert bench.memory.most_used <= bench.memory.total
    for stack in held.values():
        stack.close()
    bench.residency.restart(is_alone=True)
    assert bench.memory.used == 0


# The keeper: residency under a lease


def keeper(bench: Bench) -> DeviceKeeper:
    made = DeviceKeeper(bench.meter, "cuda:0")
    made.residency.clock = bench.shelf.clock
    return made


def test_a_keeper_tells_what_a_call_took(tmp_path: Path) -> None:
    bench = Bench()
    kept = keeper(bench)
    a, b = bench.shelf.model("a", 10), bench.shelf.model("b", 10)
    kept.begin(Grant("gpu0", 15 * GIB))
    with kept.hold(a, PLAIN):
        pass
    assert kept.end().resident == {"a": 10 * GIB}
    kept.begin(Grant("gpu0", 15 * GIB))
    with kept.hold(b, PLAIN):
        bench.memory.take("worker", 2 * GIB)
        bench.memory.give("worker", 2 * GIB)
    usage = kept.end()
    assert usage.resident == {"b": 10 * GIB}
    assert (usage.peak_bytes, usage.call_bytes, usage.held_bytes) == (12 * GIB, 2 * GIB, 10 * GIB)
    assert [load.model for load in usage.loads] == ["b"]
    assert usage.evicted == ("a",)


def test_a_call_cannot_take_more_than_it_is_granted() -> None:
    bench = Bench()
    kept = keeper(bench)
    kept.begin(Grant("gpu0", 5 * GIB))
    with pytest.raises(OutOfMemoryError):
        bench.memory.take("worker", 6 * GIB)
    kept.end()
    kept.begin(Grant("gpu0"))
    bench.memory.take("worker", 6 * GIB)


def test_a_call_that_is_made_alone_finds_the_device_empty() -> None:
    bench = Bench()
    kept = keeper(bench)
    kept.begin(Grant("gpu0"))
    with kept.hold(bench.shelf.model("a", 4), PLAIN):
        pass
    kept.end()
    kept.begin(Grant("gpu0", is_alone=True, offload="sequential"))
    assert bench.memory.used == 0
    with kept.hold(bench.shelf.model("b", 8), PLAIN) as weights:
        assert weights.placement.offload == "sequential"
    assert kept.end().evicted == ("a",)


def test_memory_is_given_back_before_it_is_reclaimed() -> None:
    bench = Bench()
    kept = keeper(bench)
    seen: list[int] = []
    bench.meter.reclaim = lambda: seen.append(bench.memory.used)  # type: ignore[method-assign]
    for model in (bench.shelf.model("a", 4), bench.shelf.model("b", 4)):
        kept.begin(Grant("gpu0"))
        with kept.hold(model, PLAIN):
            pass
    kept.begin(Grant("gpu0", is_alone=True))
    assert seen == [4 * GIB, 0, 0], "a driver gets back only what nobody refers to any more"
    assert kept.end().peak_bytes == 0


def test_a_worker_that_comes_back_from_the_dead_cannot_use_a_device_that_another_has(tmp_path: Path) -> None:
    path = tmp_path / "gpu0.json"
    mine = Ledger(path, this_process())
    token = mine.take()
    assert token is not None
    bench = Bench()
    kept = keeper(bench)
    grant = Grant("gpu0", lease=Lease(str(path), mine.owner.id, token))
    model = bench.shelf.model("a", 4)
    kept.begin(grant)
    kept.check()
    with kept.hold(model, PLAIN):
        pass
    mine.release()
    assert Ledger(path, this_process()).take() is not None
    for use in (kept.check, lambda: kept.hold(model, PLAIN), lambda: kept.begin(grant)):
        with pytest.raises(LeaseLost, match="the device gpu0 was given to another"):
            use()


def test_the_keeper_measures_by_what_the_device_is() -> None:
    assert isinstance(keeper_for("cpu").meter, ProcessMeter)
    assert isinstance(keeper_for("cuda:0").meter, TorchMeter)


def test_a_gpu_without_torch_has_nothing_to_measure() -> None:
    meter = TorchMeter("cuda:0")
    meter.restart()
    meter.bound(GIB)
    meter.reclaim()
    assert (meter.used(), meter.peak(), meter.held(), meter.is_spent()) == (0, 0, 0, False)


class FakeCuda:
    """What the meter asks of `torch.cuda`, with 16 GiB."""

    def __init__(self) -> None:
        self.is_up = False
        self.is_broken = False
        self.shares: list[float] = []
        self.now, self.most, self.blocks = 3 * GIB, 5 * GIB, 6 * GIB

    def is_initialized(self) -> bool:
        return self.is_up

    def get_device_properties(self, device: str) -> SimpleNamespace:
        return SimpleNamespace(total_memory=16 * GIB)

    def set_per_process_memory_fraction(self, share: float, device: str) -> None:
        self.shares.append(share)

    def memory_allocated(self, device: str) -> int:
        return self.now

    def max_memory_allocated(self, device: str) -> int:
        return self.most

    def memory_reserved(self, device: str) -> int:
        return self.blocks

    def reset_peak_memory_stats(self, device: str) -> None:
        self.most = self.now

    def empty_cache(self) -> None:
        self.blocks = self.now

    def synchronize(self, device: str) -> None:
        if self.is_broken:
            raise RuntimeError("CUDA error: an illegal memory access was encountered")


def test_a_gpu_is_measured_and_bound_as_torch_counts_it(monkeypatch: pytest.MonkeyPatch) -> None:
    cuda = FakeCuda()
    monkeypatch.setitem(sys.modules, "torch", SimpleNamespace(cuda=cuda))
    meter = TorchMeter("cuda:0")
    meter.bound(8 * GIB)
    assert (meter.used(), cuda.shares) == (0, []), "asking must not bring CUDA up"
    cuda.is_up = True
    assert (meter.used(), meter.peak(), meter.held()) == (3 * GIB, 5 * GIB, 6 * GIB)
    assert cuda.shares == [0.5], "the bound holds from when CUDA is up, and is told once"
    meter.restart()
    meter.reclaim()
    assert (meter.peak(), meter.held()) == (3 * GIB, 3 * GIB)
    meter.bound(0)
    meter.bound(99 * GIB)
    assert cuda.shares == [0.5, 1.0, 1.0]
    assert not meter.is_spent()
    cuda.is_broken = True
    assert meter.is_spent()


def test_the_memory_of_a_process_is_measured() -> None:
    meter = ProcessMeter()
    meter.restart()
    before = meter.used()
    # Pages of its own: what was allocated and let go before might be taken again, and add nothing.
    block = mmap.mmap(-1, 64 * 2**20)
    for page in range(0, len(block), mmap.PAGESIZE):
        block[page] = 1
    assert meter.used() >= before + 60 * 2**20
    block.close()
    meter.reclaim()
    assert meter.peak() >= before + 60 * 2**20
    assert meter.held() > 10**6
    meter.bound(GIB)
    assert not meter.is_spent()
