"""Who gets a device, what it is granted, who lets go: one server, and several on one machine."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.support.simulated_fleet import CATALOGUE, Job, Machine, Server

from diorama.execute.devices import Grant, LeaseLost, Refused, Served
from diorama.lease.device import GIB
from diorama.lease.leases import Leases
from diorama.lease.ledger import LEASE_SECONDS
from diorama.lease.order import Order
from diorama.lease.simulated import SimulatedDevice
from diorama.lease.stand import LINGER_SECONDS, TURN_SECONDS, WISH_SECONDS


@pytest.fixture
def machine(tmp_path: Path) -> Machine:
    return Machine(tmp_path, [SimulatedDevice("sim0", gib=16.0)])


def grant_of(server: Server, job: Job) -> Grant | Refused | None:
    choice = server.leases.choose([job.waiting], ["sim0"])
    return None if choice is None else choice.grant


def test_a_call_is_granted_all_but_the_reserve_and_what_others_use(machine: Machine) -> None:
    server = machine.server()
    machine.devices[0].memory.foreign = 3 * GIB
    grant = grant_of(server, Job("a", gib=2.0, items=2))
    assert isinstance(grant, Grant)
    assert grant.budget_bytes == 12 * GIB, "16, less 1 in reserve, less 3 of others"
    assert grant.call_bytes == 4 * GIB
    assert (grant.offload, grant.is_alone, grant.wanted) == ("none", False, ())
    assert grant.lease.token == 1


def test_calls_run_one_after_the_other_and_find_their_models(machine: Machine) -> None:
    server = machine.server()
    jobs = [server.add(Job("a")) for _ in range(3)]
    machine.settle(60.0)
    assert [job.result for job in jobs] == ["done"] * 3
    (view,) = server.leases.views()
    assert (view.loads, view.evictions, view.swaps) == (1, 0, 0)
    assert view.resident == {"a": 6 * GIB}
    assert view.lease is None


def test_a_call_under_way_is_shown_with_its_lease(machine: Machine) -> None:
    server = machine.server()
    server.add(Job("a", seconds=10.0))
    machine.run(3.0)
    (view,) = server.leases.views()
    assert view.lease is not None
    assert (view.lease.node, view.lease.token, view.lease.since) == ("q/a", 1, 3.0)
    assert (view.title, view.level, view.warning) == ("Simulated GPU", "green", "")
    assert view.used_bytes == 7 * GIB


def test_models_are_swapped_where_both_do_not_fit(machine: Machine) -> None:
    server = machine.server()
    for name in ("a", "b", "a", "b", "ad"):
        server.add(Job(name, gib=2.0))
        machine.settle(60.0)
    (view,) = server.leases.views()
    assert view.swaps == 4
    assert set(view.resident) == {"a", "d"}


def test_what_was_measured_counts_the_next_time(machine: Machine) -> None:
    server = machine.server()
    job = Job("a", gib=1.0, truth=3.5)
    first = grant_of(server, job)
    assert isinstance(first, Grant)
    assert first.call_bytes == 1 * GIB
    server.add(job)
    machine.settle(60.0)
    again = grant_of(server, Job("a", gib=1.0))
    other = grant_of(server, Job("a", gib=1.5))
    assert isinstance(again, Grant)
    assert isinstance(other, Grant)
    assert (again.call_bytes, other.call_bytes) == (int(3.5 * GIB), int(1.5 * GIB))


def test_under_4_gib_free_a_call_is_refused_with_what_to_do(machine: Machine) -> None:
    server = machine.server()
    machine.devices[0].memory.foreign = int(13.5 * GIB)
    grant = grant_of(server, Job("d"))
    sentence = (
        "Simulated GPU (sim0) has 2.5 of 16.0 GiB of memory free, but a call is started with at least 4 GiB: "
        "close other programs that use the GPU, then run it again"
    )
    assert grant == Refused("R012", sentence)
    fault = server.leases.refusal()
    assert fault is not None
    assert (fault.code, fault.at, fault.message) == ("R012", "sim0", sentence)
    machine.devices[0].memory.foreign = 12 * GIB
    assert server.leases.refusal() is None


def test_the_server_s_own_idle_models_do_not_count_against_it(machine: Machine) -> None:
    server = machine.server()
    server.add(Job("ad", gib=1.0))
    machine.settle(60.0)
    machine.devices[0].memory.foreign = int(4.5 * GIB)
    assert machine.devices[0].memory.used == int(13.5 * GIB)
    assert isinstance(grant_of(server, Job("b", gib=0.1)), Grant)
    assert server.leases.refusal() is None


def test_a_call_waits_for_the_other_device_rather_than_be_refused(tmp_path: Path) -> None:
    machine = Machine(tmp_path, [SimulatedDevice("sim0", gib=16.0), SimulatedDevice("sim1", gib=16.0)])
    machine.devices[1].memory.foreign = 15 * GIB
    server = machine.server()
    jobs = [server.add(Job("a", seconds=5.0)) for _ in range(3)]
    machine.settle(60.0)
    assert [job.result for job in jobs] == ["done"] * 3
    assert machine.uses.keys() == {"sim0"}


def test_a_driver_that_tells_no_memory_bounds_nothing(machine: Machine) -> None:
    machine.devices[0].is_mute = True
    server = machine.server()
    grant = grant_of(server, Job("a"))
    assert isinstance(grant, Grant)
    assert grant.budget_bytes == 0
    assert server.leases.refusal() is None
    (view,) = server.leases.views()
    assert (view.total_bytes, view.level, view.celsius) == (None, None, None)


def test_calls_go_to_the_devices_that_answer(tmp_path: Path) -> None:
    machine = Machine(tmp_path, [SimulatedDevice("sim0"), SimulatedDevice("sim1")])
    server = machine.server()
    jobs = [server.add(Job("a", seconds=2.0)) for _ in range(4)]
    machine.run(1.0)
    machine.devices[0].is_gone = True
    machine.settle(60.0)
    assert [job.result for job in jobs] == ["done"] * 4
    assert server.leases.views()[0].warning == "the device no longer answers: GPU is lost"


def test_where_no_device_answers_calls_are_told_so_and_it_is_used_again_when_it_is_back(machine: Machine) -> None:
    server = machine.server()
    machine.devices[0].is_gone = True
    job = server.add(Job("a"))
    machine.settle(60.0)
    assert job.result == "R013"
    fault = server.leases.refusal()
    assert fault is not None
    assert fault.code == "R013"
    machine.devices[0].is_gone = False
    machine.run(machine.world.now + 30.0, [(machine.world.now + 29.0, lambda: None)])
    job = server.add(Job("a"))
    machine.settle(60.0)
    assert job.result == "done"


def test_without_devices_every_call_is_told_so() -> None:
    leases = Leases([])
    choice = leases.choose([Job("a").waiting], [])
    assert choice is not None
    assert choice.grant == Refused("R013", "there is no device")
    assert leases.served() == []


def test_a_device_is_served_as_a_worker_finds_it() -> None:
    assert Leases([SimulatedDevice("sim0")]).served() == [Served("sim0", "cpu", {})]


# Running out of memory


def test_out_of_memory_is_met_by_letting_idle_models_go(machine: Machine) -> None:
    server = machine.server()
    server.add(Job("c"))
    server.add(Job("d"))
    machine.settle(60.0)
    job = server.add(Job("a", gib=1.0, truth=7.0))
    machine.settle(60.0)
    assert (job.result, job.rung) == ("done", 1)


def test_out_of_memory_halves_a_batch(machine: Machine) -> None:
    server = machine.server()
    server.add(Job("a", gib=0.5, truth=4.0, items=8))
    machine.settle(120.0)
    assert [(job.items, job.result) for job in server.ended] == [
        (8, "halved"),
        (4, "halved"),
        (4, "halved"),
        *[(2, "done")] * 4,
    ]


def test_out_of_memory_offloads_and_the_next_call_of_its_size_does_so_at_once(machine: Machine) -> None:
    server = machine.server()
    job = server.add(Job("a", gib=1.0, truth=11.0))
    machine.settle(120.0)
    assert (job.result, job.rung) == ("done", 2)
    grant = grant_of(server, Job("a", gib=1.0))
    assert isinstance(grant, Grant)
    assert (grant.offload, grant.call_bytes) == ("model", 11 * GIB)
    other = grant_of(server, Job("a", gib=2.0))
    assert isinstance(other, Grant)
    assert other.offload == "none"


def test_what_fits_in_no_way_fails_and_the_next_call_runs(machine: Machine) -> None:
    server = machine.server()
    job = server.add(Job("a", gib=1.0, truth=20.0))
    after = server.add(Job("a", gib=1.0))
    machine.settle(120.0)
    assert (job.result, after.result) == ("R009", "done")


def test_a_call_that_needs_more_than_there_is_gets_all_there_is(machine: Machine) -> None:
    server = machine.server()
    grant = grant_of(server, Job("a", gib=100.0))
    assert isinstance(grant, Grant)
    assert grant.budget_bytes == grant.call_bytes == 15 * GIB


# Workers that die, devices that are taken


def test_the_lease_of_a_dead_worker_is_released_and_its_token_holds_no_more(machine: Machine) -> None:
    server = machine.server()
    job = server.add(Job("a", seconds=10.0))
    machine.run(1.0)
    zombie = server.workers["sim0"]
    assert zombie is not None
    lease = zombie.grant
    server.kill("sim0")
    machine.settle(60.0)
    assert job.result == "done"
    assert machine.uses["sim0"] == [1, 2, 2, 2]
    zombie.grant = lease
    with pytest.raises(LeaseLost, match="was given to another"):
        zombie.use()


def test_a_worker_whose_device_is_spent_goes(machine: Machine) -> None:
    server = machine.server()
    server.add(Job("a"))
    machine.settle(60.0)
    worker = server.workers["sim0"]
    assert worker is not None
    worker.meter.is_spent = lambda: True  # type: ignore[method-assign]
    server.add(Job("a"))
    machine.settle(60.0)
    assert server.workers["sim0"] is None
    assert server.leases.views()[0].resident == {}


# Several servers on one machine


def test_two_servers_share_a_device_call_by_call_where_neither_has_more(machine: Machine) -> None:
    first, second = machine.server("s0"), machine.server("s1")
    jobs = [server.add(Job("d", seconds=3.0)) for server in (first, second)]
    machine.settle(30.0)
    assert [job.result for job in jobs] == ["done", "done"]
    assert machine.uses["sim0"] == [1, 1, 1, 2, 2, 2]


def test_a_server_keeps_the_device_for_a_turn_while_another_waits(machine: Machine) -> None:
    first, second = machine.server("s0"), machine.server("s1")
    many = [first.add(Job("d", seconds=5.0)) for _ in range(10)]
    machine.run(1.0)
    one = second.add(Job("c", seconds=1.0))
    machine.settle(120.0)
    assert TURN_SECONDS <= one.began < TURN_SECONDS + 10.0
    assert [job.result for job in [*many, one]] == ["done"] * 11
    assert second.leases.views()[0].loads == first.leases.views()[0].loads == 1


def test_a_device_that_nobody_uses_is_free_for_the_other_server_at_once(machine: Machine) -> None:
    first, second = machine.server("s0"), machine.server("s1")
    first.add(Job("d", seconds=1.0))
    machine.settle(60.0)
    job = second.add(Job("d", seconds=1.0))
    begun = machine.world.now
    machine.settle(60.0)
    assert job.began - begun <= LINGER_SECONDS


def test_another_server_lets_go_of_idle_models_when_it_is_asked(machine: Machine) -> None:
    first, second = machine.server("s0"), machine.server("s1")
    first.add(Job("b"))
    machine.settle(60.0)
    assert machine.devices[0].memory.used == 8 * GIB
    job = second.add(Job("a", gib=2.0))
    asked = machine.world.now
    machine.settle(60.0)
    assert (job.result, job.rung) == ("done", 0)
    assert job.began - asked <= 1.5, "it asks once a second whether it is asked"
    assert first.workers["sim0"] is None
    assert machine.devices[0].memory.used == 6 * GIB


def test_a_server_that_does_not_let_go_is_waited_for_within_a_bound(machine: Machine) -> None:
    first, second = machine.server("s0"), machine.server("s1")
    first.add(Job("b"))
    machine.settle(60.0)
    first.kill = lambda device: None  # type: ignore[method-assign]
    job = second.add(Job("a", gib=2.0))
    asked = machine.world.now
    machine.run(asked + 60.0)
    assert (job.result, job.rung) == ("done", 2), "7 GiB are left to it, and 8 are needed"
    assert WISH_SECONDS <= job.began - asked <= 4 * WISH_SECONDS


def test_models_that_leave_room_enough_are_left_alone(machine: Machine) -> None:
    first, second = machine.server("s0"), machine.server("s1")
    first.add(Job("d"))
    machine.settle(60.0)
    second.add(Job("a", gib=2.0))
    machine.settle(60.0)
    assert first.workers["sim0"] is not None
    assert machine.devices[0].memory.used == 9 * GIB


def test_what_a_killed_server_had_is_free_at_once(machine: Machine) -> None:
    first, second = machine.server("s0"), machine.server("s1")
    first.add(Job("a", seconds=100.0))
    job = second.add(Job("a"))
    machine.run(5.0)
    first.die()
    machine.settle(10.0)
    assert job.result == "done"
    assert job.began <= 5.1


def test_a_server_that_was_stopped_for_a_minute_does_not_use_a_device_that_another_has(machine: Machine) -> None:
    first, second = machine.server("s0"), machine.server("s1")
    late = first.add(Job("a", seconds=4.0))
    machine.run(1.0)
    first.is_stopped = True
    # It holds its 7 GiB as long as it is stopped.
    job = second.add(Job("d", seconds=100.0))
    machine.run(60.0)
    assert LEASE_SECONDS <= job.began <= LEASE_SECONDS + 2.0
    assert late.result == ""
    first.resume()
    machine.settle(300.0)
    assert (job.result, late.result) == ("done", "done"), "it was made again when its turn came"
    assert machine.uses["sim0"] == sorted(machine.uses["sim0"])


def test_a_server_that_lost_its_lease_ends_the_worker_that_goes_on_without_a_word(machine: Machine) -> None:
    first, second = machine.server("s0"), machine.server("s1")
    late = first.add(Job("a", seconds=200.0))
    machine.run(1.0)
    worker = first.workers["sim0"]
    first.is_stopped = True
    second.add(Job("d", seconds=100.0))
    machine.run(20.0)
    first.resume()
    # Its call tells no progress for another minute and more.
    machine.run(25.0)
    assert first.workers["sim0"] is None
    assert worker is not None
    assert machine.devices[0].memory.held.get(worker.meter.holder, 0) == 0
    machine.settle(600.0)
    assert late.result == "done"


def test_closing_leaves_nothing_in_the_ledger(machine: Machine) -> None:
    server = machine.server()
    server.add(Job("a"))
    machine.settle(60.0)
    ledger = server.leases.stands["sim0"].ledger
    assert ledger is not None
    assert ledger.page().parties["s0"].idle_bytes == 6 * GIB
    server.leases.close()
    assert ledger.page().parties == {}


def test_an_idle_server_has_nothing_to_do(machine: Machine) -> None:
    server = machine.server()
    assert server.leases.pause() is None
    server.add(Job("bare"))
    machine.settle(60.0)
    assert server.leases.pause() is None


def test_the_order_is_kept_across_swaps(machine: Machine) -> None:
    server = machine.server(order=Order(turn_calls=3))
    for name in ("b", "a", "a", "a", "a", "b"):
        server.add(Job(name, gib=2.0))
        machine.world.now += 0.001
    machine.settle(120.0)
    assert server.started == ["b", "b", "a", "a", "a", "a"]


def test_the_catalogue_of_the_fleet_declares_what_it_takes() -> None:
    assert CATALOGUE.entries["q/ad"].node.settings.models[1].name == "d"
