"""API keys: shown once, kept as a digest, and refused as soon as they are revoked or have run out."""

from __future__ import annotations

import pytest
from sqlalchemy import select
from tests.support.queued import Time

from diorama.refusals import NoSuch
from diorama.store.access import USED_SECONDS, Access
from diorama.store.calls import CallStore
from diorama.store.tables import api_keys


@pytest.fixture
def access(store: CallStore) -> Access:
    return Access(store)


def test_a_key_lets_in_who_shows_its_secret(access: Access, wall: Time) -> None:
    key, secret = access.create("ci", ["run", "read"])
    found = access.holder(secret)
    assert found is not None
    assert (found.id, found.name, found.scopes, found.created) == (key.id, "ci", frozenset({"read", "run"}), wall.now)
    assert secret.startswith(f"dio_{key.id}_")


def test_no_two_keys_have_the_same_secret(access: Access) -> None:
    assert len({access.create("one", ["read"])[1] for _ in range(20)}) == 20


def test_nothing_that_is_kept_shows_the_secret(access: Access, store: CallStore) -> None:
    _, secret = access.create("ci", ["run"])
    with store.reading() as connection:
        kept = connection.execute(select(api_keys)).one()
    hidden = secret.rpartition("_")[2] if secret.count("_") == 2 else secret.split("_", 2)[2]
    assert not any(hidden in str(value) or hidden.encode() in bytes(str(value), "utf-8") for value in kept)


def changed(secret: str) -> str:
    return secret[:-1] + ("A" if secret[-1] != "A" else "B")


@pytest.mark.parametrize(
    "spoil",
    [
        changed,
        str.upper,
        lambda secret: secret[:-1],
        lambda secret: secret + "A",
        lambda secret: f" {secret}",
        lambda _: "",
    ],
)
def test_what_is_not_the_secret_lets_nobody_in(access: Access, spoil: object) -> None:
    _, secret = access.create("ci", ["admin"])
    assert callable(spoil)
    assert access.holder(spoil(secret)) is None


def test_the_secret_of_one_key_is_not_anothers(access: Access) -> None:
    one, secret = access.create("one", ["read"])
    other, _ = access.create("other", ["admin"])
    assert access.holder(secret.replace(one.id, other.id)) is None


def test_a_revoked_key_lets_nobody_in(access: Access, wall: Time) -> None:
    key, secret = access.create("ci", ["run"])
    wall.now += 5
    assert access.revoke(key.id).revoked == wall.now
    assert access.holder(secret) is None
    wall.now += 5
    assert access.revoke(key.id).revoked == wall.now - 5, "it was revoked then"
    assert [one.id for one in access.all()] == [key.id]
    with pytest.raises(NoSuch, match="there is no API key 'gone'"):
        access.revoke("gone")


def test_a_key_that_has_run_out_lets_nobody_in(access: Access, wall: Time) -> None:
    _, secret = access.create("ci", ["run"], expires=wall.now + 10)
    assert access.holder(secret) is not None
    wall.now += 10
    assert access.holder(secret) is None


def test_when_a_key_was_used_is_written_once_a_minute(access: Access, wall: Time) -> None:
    key, secret = access.create("ci", ["run"])
    assert access.get(key.id).used is None
    began = wall.now
    access.holder(secret)
    assert access.get(key.id).used == began
    wall.now += USED_SECONDS
    access.holder(secret)
    assert access.get(key.id).used == began
    wall.now += 1
    access.holder(secret)
    assert access.get(key.id).used == wall.now
