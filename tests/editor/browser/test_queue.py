"""The queue: what waits, runs and is over; put in order, paused, cancelled, run again."""

from __future__ import annotations

from playwright.sync_api import Locator, Page, expect

from tests.support.editing import Window, until_ready
from tests.support.served import Serving
from tests.support.service_nodes import GATES, graph_of
from tests.support.services import until, waited_for

DOUBLED = graph_of("doubled", x="@x")


def queue_of(window: Window) -> Page:
    """A page with the queue open."""
    page = window.page()
    page.get_by_test_id("queue-pill").click()
    expect(page.get_by_test_id("queue")).to_be_visible()
    return page


def waiting(page: Page) -> Locator:
    """The titles of what waits, in order."""
    return page.get_by_role("list", name="Pending").locator(".run-title")


def submit_three(served: Serving) -> dict[str, str]:
    """Three runs that wait in a paused queue: their ids by title."""
    served.client.patch("/api/v1/queue", json={"paused": True})
    return {title: served.submit(DOUBLED, title=title, parameters={"x": 1})["id"] for title in ("one", "two", "three")}


def test_b37_the_queue_is_put_in_order_by_drag_and_by_keys_and_stays_so_over_a_reload(
    own_server: Serving, own_window: Window
) -> None:
    submit_three(own_server)
    page = queue_of(own_window)
    expect(waiting(page)).to_have_text(["one", "two", "three"])
    page.get_by_role("button", name="Move three").focus()
    with page.expect_response(lambda reply: reply.request.method == "PATCH"):
        page.keyboard.press("ArrowUp")
    expect(waiting(page)).to_have_text(["one", "three", "two"])
    expect(page.get_by_role("button", name="Move three")).to_be_focused()
    with page.expect_response(lambda reply: reply.request.method == "PATCH"):
        one = page.get_by_text("one", exact=True)
        page.get_by_text("two", exact=True).drag_to(one, target_position={"x": 20, "y": 1})
    expect(waiting(page)).to_have_text(["two", "one", "three"])
    in_order = own_server.client.get("/api/v1/queue/runs").json()["items"]
    assert [run["title"] for run in in_order] == ["two", "one", "three"]
    page.reload()
    until_ready(page)
    expect(page.get_by_test_id("queue-pill")).to_contain_text("3")
    page.get_by_test_id("queue-pill").click()
    expect(waiting(page)).to_have_text(["two", "one", "three"])


def test_b37_one_run_is_cancelled_then_all_and_one_is_run_again(own_server: Serving, own_window: Window) -> None:
    ids = submit_three(own_server)
    page = queue_of(own_window)
    page.get_by_test_id(f"run-line:{ids['two']}").get_by_role("button", name="Cancel").click()
    expect(waiting(page)).to_have_text(["one", "three"])
    page.get_by_test_id("queue-cancel-all").click()
    page.get_by_test_id("queue-cancel-sure").click()
    expect(page.get_by_text("Nothing waits.")).to_be_visible()
    page.get_by_test_id(f"run-line:{ids['one']}").get_by_role("button", name="Retry").click()
    expect(waiting(page)).to_have_text(["one"])
    page.get_by_test_id("queue-pause").click()
    done = page.get_by_role("list", name="Done").get_by_test_id(f"run-line:{ids['one']}")
    expect(done).to_have_accessible_name("one, done")
    done.get_by_role("button", name="Run again").click()
    expect(page.get_by_role("list", name="Done").get_by_role("group", name="one, done")).to_have_count(2)


def test_a_run_under_way_shows_how_far_it_is_and_is_paused_and_resumed(own_server: Serving, own_window: Window) -> None:
    page = queue_of(own_window)
    run = own_server.submit(graph_of("gated", gate="queue"), title="gate")["id"]
    active = page.get_by_role("list", name="Active").get_by_test_id(f"run-line:{run}")
    expect(active).to_have_accessible_name("gate, running")
    expect(active.get_by_role("progressbar")).to_be_visible()
    active.get_by_role("button", name="Pause").click()
    GATES["queue"].set()
    expect(page.get_by_role("list", name="Done").get_by_test_id(f"run-line:{run}")).to_be_visible()


def interrupted(served: Serving, *titles: str) -> dict[str, str]:
    """Runs whose server was given up for dead while they went on: their ids by title."""
    service = served.service
    runs = {title: served.submit(graph_of("gated", gate=f"dead {title}"), title=title)["id"] for title in titles}
    for run in runs.values():
        until(service, run, lambda view: view.state == "running")
    service.membership.servers.bury(service.id)
    service.membership.queue.interrupt(service.id)
    waited_for(lambda: not any(run in service.stage.going for run in runs.values()))
    for title in titles:
        GATES[f"dead {title}"].set()
    return runs


def test_what_was_interrupted_is_resumed_discarded_or_saved_as_failed(own_server: Serving, own_window: Window) -> None:
    ids = interrupted(own_server, "first", "second", "third")
    page = queue_of(own_window)
    expect(page.get_by_text("The server went away while these ran.")).to_be_visible()

    def choose(title: str, choice: str) -> None:
        row = page.get_by_role("listitem").filter(has=page.get_by_test_id(f"run-line:{ids[title]}"))
        row.get_by_role("button", name=choice).click()

    choose("first", "Resume")
    done = page.get_by_role("list", name="Done")
    expect(done.get_by_role("group", name="first, done")).to_be_visible()
    choose("second", "Save as failed")
    expect(done.get_by_role("group", name="second, failed")).to_be_visible()
    choose("third", "Discard")
    expect(page.get_by_text("Interrupted", exact=False)).to_have_count(0)
    assert own_server.client.get(f"/api/v1/runs/{ids['third']}").status_code == 404


def test_the_bar_counts_the_runs_that_are_under_way_and_wait(own_server: Serving, own_window: Window) -> None:
    page = own_window.page()
    pill = page.get_by_test_id("queue-pill")
    expect(pill).to_have_text("0")
    own_server.submit(graph_of("gated", gate="pill"), title="gate")
    expect(pill).to_have_accessible_name("Queue: 1 running, 0 waiting")
    expect(pill).to_have_text("1")
    GATES["pill"].set()
    expect(pill).to_have_text("0")
