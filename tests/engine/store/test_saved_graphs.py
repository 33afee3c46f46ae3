"""Saved graphs keep every version, and of two who save at once the later one is told."""

from __future__ import annotations

import pytest
from tests.support.queued import Time
from tests.support.tally import graph_of

from diorama.faults import DioramaError
from diorama.graph import Graph
from diorama.refusals import Changed, NoSuch
from diorama.store.calls import CallStore
from diorama.store.graphs import SavedGraphs
from diorama.store.projects import Projects


def drawn(x: int, title: str = "drawn") -> Graph:
    return graph_of({"a": ("doubled", {"x": x})}, "a", title=title)


@pytest.fixture
def saved(store: CallStore) -> SavedGraphs:
    return SavedGraphs(store)


def test_what_was_saved_is_read_back_to_the_byte(saved: SavedGraphs, wall: Time) -> None:
    made = saved.save("first", drawn(1), 0, note="a start", author="ann")
    assert saved.get("first") == made
    assert made.document == drawn(1).text().encode()
    assert (made.version, made.note, made.author, made.created) == (1, "a start", "ann", wall.now)
    assert made.graph == drawn(1)


def test_each_save_is_a_version_and_none_is_lost(saved: SavedGraphs, wall: Time) -> None:
    for number in range(1, 4):
        wall.now += 1
        saved.save("g", drawn(number, f"title {number}"), number - 1)
    assert [version.version for version in saved.versions("g").items] == [3, 2, 1]
    assert saved.get("g").graph == drawn(3, "title 3")
    assert saved.get("g", 1).graph == drawn(1, "title 1")
    (listed,) = saved.page().items
    assert (listed.name, listed.version, listed.title, listed.updated - listed.created) == ("g", 3, "title 3", 2)


def test_what_is_the_same_makes_no_new_version(saved: SavedGraphs) -> None:
    first = saved.save("g", drawn(1), 0)
    assert saved.save("g", drawn(1), 1, note="nothing new") == first
    assert saved.save("g", drawn(2), 1).version == 2
    assert saved.save("g", drawn(1), 2).version == 3


CONFLICTS = {
    "made new where there is one": (0, "it is at version 2, it was to be new"),
    "changed from an older version": (1, "it is at version 2, the change was made to version 1"),
    "changed from a version to come": (3, "it is at version 2, the change was made to version 3"),
}


@pytest.mark.parametrize("name", CONFLICTS)
def test_a_save_over_what_was_not_seen_is_refused(saved: SavedGraphs, name: str) -> None:
    expected, says = CONFLICTS[name]
    saved.save("g", drawn(1), 0)
    saved.save("g", drawn(2), 1)
    with pytest.raises(Changed, match=f"Q006.*{says}"):
        saved.save("g", drawn(9), expected)
    if expected:
        with pytest.raises(Changed):
            saved.delete("g", expected)
    assert saved.get("g").graph == drawn(2)
    assert saved.save("g", drawn(9), None).version == 3


def test_a_change_of_what_is_not_there_is_refused(saved: SavedGraphs) -> None:
    with pytest.raises(Changed, match="there is none, the change was made to version 2"):
        saved.save("g", drawn(1), 2)
    for ask in (saved.get, saved.delete, saved.versions):
        with pytest.raises(NoSuch, match=r"Q001.*there is no graph 'g'"):
            ask("g")
    saved.save("g", drawn(1), 0)
    with pytest.raises(NoSuch, match="'g@7'"):
        saved.get("g", 7)
    with pytest.raises(NoSuch):
        saved.restore("g", 7)


def test_a_deleted_graph_is_not_listed_and_can_be_had_back(saved: SavedGraphs) -> None:
    saved.save("g", drawn(1), 0)
    saved.save("g", drawn(2), 1)
    saved.delete("g", 2)
    assert saved.page().items == []
    assert saved.find("g") is None
    with pytest.raises(NoSuch):
        saved.get("g")
    with pytest.raises(NoSuch):
        saved.delete("g")
    back = saved.restore("g", 1, author="ann")
    assert (back.version, back.graph, back.note) == (3, drawn(1), "version 1 again")
    assert [version.version for version in saved.versions("g").items] == [3, 2, 1]


def test_a_name_that_was_deleted_may_be_new_again(saved: SavedGraphs) -> None:
    saved.save("g", drawn(1), 0)
    saved.delete("g")
    assert saved.save("g", drawn(2), 0).version == 2


@pytest.mark.parametrize("name", ["", "1st", "a b", "a/b", "../a", "a.json", "__proto__", "x" * 101])
def test_what_is_no_name_is_refused(saved: SavedGraphs, name: str) -> None:
    with pytest.raises(DioramaError, match="G010"):
        saved.save(name, drawn(1), 0)


def test_nodes_of_other_graphs_find_the_newest(saved: SavedGraphs) -> None:
    assert saved.find("g") is None
    saved.save("g", drawn(1), 0)
    assert saved.find("g") == drawn(1)
    assert saved.find("g") is saved.find("g"), "it is read once"
    saved.save("g", drawn(2), 1)
    assert saved.find("g") == drawn(2)


def test_graphs_are_listed_the_latest_first_in_parts(saved: SavedGraphs, store: CallStore, wall: Time) -> None:
    project = Projects(store).create("the project").id
    for number in range(5):
        wall.now += 1
        saved.save(f"g{number}", drawn(number), 0, project=project if number % 2 else None)
    wall.now += 1
    saved.save("g1", drawn(9), 1)
    first = saved.page(limit=2)
    second = saved.page(cursor=first.next, limit=2)
    third = saved.page(cursor=second.next, limit=2)
    assert [[one.name for one in page.items] for page in (first, second, third)] == [["g1", "g4"], ["g3", "g2"], ["g0"]]
    assert third.next is None
    assert [one.name for one in saved.page(project=project).items] == ["g1", "g3"]
    Projects(store).delete(project)
    assert len(saved.page().items) == 5
