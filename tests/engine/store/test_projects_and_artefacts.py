"""Projects, artefacts and settings: put in, listed, changed, taken away."""

from __future__ import annotations

import pytest
from tests.support.queued import Time

from diorama.keys import digest_of
from diorama.refs import Blob
from diorama.refusals import NoSuch, Taken
from diorama.store.artefacts import Artefacts
from diorama.store.calls import CallStore
from diorama.store.projects import Projects
from diorama.store.settings import Settings


@pytest.fixture
def projects(store: CallStore) -> Projects:
    return Projects(store)


@pytest.fixture
def artefacts(store: CallStore) -> Artefacts:
    return Artefacts(store)


def blob(content: bytes, type_: str = "image") -> Blob:
    return Blob(digest_of(content), len(content), type_, "image/png", b'{"width":1}')


def test_a_project_is_named_described_and_listed(projects: Projects, wall: Time) -> None:
    one = projects.create("one", "the first")
    wall.now += 1
    two = projects.create("two")
    assert projects.page().items == [two, one]
    assert projects.get(one.id) == one
    changed = projects.update(one.id, name="uno")
    assert (changed.name, changed.description) == ("uno", "the first")
    assert projects.update(one.id, description="").description == ""
    assert projects.update(one.id) == projects.get(one.id)


def test_two_projects_do_not_share_a_name(projects: Projects) -> None:
    one, two = projects.create("one"), projects.create("two")
    with pytest.raises(Taken, match=r"Q007.*there is another project of the name 'one'"):
        projects.create("one")
    with pytest.raises(Taken):
        projects.update(two.id, name="one")
    assert projects.update(one.id, name="one") == one


def test_a_project_that_is_not_there_is_told(projects: Projects) -> None:
    for ask in (projects.get, projects.update, projects.delete):
        with pytest.raises(NoSuch, match=r"Q001.*there is no project 'gone'"):
            ask("gone")


def test_uploads_are_found_by_what_they_are(artefacts: Artefacts, projects: Projects, wall: Time) -> None:
    project = projects.create("one").id
    first = artefacts.add(blob(b"1"), "cat.png")
    wall.now += 1
    second = artefacts.add(blob(b"2", "mesh"), "cat.glb", project)
    assert artefacts.page().items == [second, first]
    assert artefacts.page(types=["mesh"]).items == [second]
    assert artefacts.page(project=project).items == [second]
    assert artefacts.page(name="cat.png").items == [first]
    assert artefacts.page(run="none").items == []
    page = artefacts.page(limit=1)
    assert artefacts.page(cursor=page.next).items == [first]


def test_an_artefact_is_found_by_its_digest(artefacts: Artefacts, wall: Time) -> None:
    artefacts.add(blob(b"1"), "old.png")
    wall.now += 1
    again = artefacts.add(blob(b"1"), "new.png")
    assert artefacts.by_digest(digest_of(b"1")) == again
    assert again.blob == blob(b"1")
    with pytest.raises(NoSuch, match="there is no artefact 'blake3:"):
        artefacts.by_digest(digest_of(b"2"))


def test_an_upload_is_taken_away(artefacts: Artefacts) -> None:
    kept = artefacts.add(blob(b"1"), "cat.png")
    artefacts.delete(kept.id)
    with pytest.raises(NoSuch):
        artefacts.delete(kept.id)


def test_settings_are_shared_and_have_defaults(store: CallStore) -> None:
    settings = Settings(store)
    assert settings.get("paused", False) is False
    settings.set({"paused": True, "max_running": 4, "words": ["a", {"b": None}]})
    assert settings.all() == {"paused": True, "max_running": 4, "words": ["a", {"b": None}]}
    settings.set({"paused": None, "max_running": 5})
    assert Settings(store).all() == {"max_running": 5, "words": ["a", {"b": None}]}
    assert settings.get("paused", False) is False


def test_text_with_a_nul_is_kept_as_far_as_it_can_be(projects: Projects) -> None:
    assert projects.create("a\0b").name in ("a\0b", "a\N{REPLACEMENT CHARACTER}b")
    assert len(projects.page().items) == 1
