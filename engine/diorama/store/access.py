"""API keys: who may come in and what for. Of each key the digest alone is kept."""

from __future__ import annotations

import hmac
import re
import secrets
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import insert, select, update

from diorama.keys import digest_of
from diorama.refusals import NoSuch
from diorama.store.calls import CallStore
from diorama.store.tables import api_keys

USED_SECONDS = 60.0
"""When a key was last used is written again only when it is older than this."""
TOKEN = re.compile(r"dio_(?P<id>[0-9a-f]{12})_[A-Za-z0-9_-]{43}")


@dataclass(frozen=True, slots=True)
class ApiKey:
    """A key as it is shown: all but its secret. Times are seconds since the epoch."""

    id: str
    name: str
    scopes: frozenset[str]
    created: float
    expires: float | None
    used: float | None
    revoked: float | None

    def holds(self, now: float) -> bool:
        """Whether who shows it is let in."""
        return self.revoked is None and (self.expires is None or now < self.expires)


class Access:
    """The API keys of a store. Any thread may ask."""

    def __init__(self, store: CallStore) -> None:
        self.store = store

    def create(self, name: str, scopes: Collection[str], expires: float | None = None) -> tuple[ApiKey, str]:
        """A new key, and its secret, which is nowhere to be had again."""
        key = secrets.token_hex(6)
        secret = f"dio_{key}_{secrets.token_urlsafe(32)}"
        row = {
            "id": key,
            "name": name,
            "hash": digest_of(secret.encode()),
            "scopes": " ".join(sorted(scopes)),
            "created": self.store.wall(),
            "expires": expires,
        }
        with self.store.promising() as connection:
            connection.execute(insert(api_keys), row)
        return self.get(key), secret

    def all(self) -> list[ApiKey]:
        """Every key, those that were revoked among them, the oldest first."""
        with self.store.reading() as connection:
            rows = connection.execute(select(*_COLUMNS).order_by(api_keys.c.created, api_keys.c.id)).all()
        return [_key_of(row) for row in rows]

    def get(self, key: str) -> ApiKey:
        """A key by its id; raises `NoSuch`."""
        with self.store.reading() as connection:
            row = connection.execute(select(*_COLUMNS).where(api_keys.c.id == key)).first()
        if row is None:
            raise NoSuch("API key", key)
        return _key_of(row)

    def revoke(self, key: str) -> ApiKey:
        """Let nobody in with a key any more; raises `NoSuch`."""
        statement = update(api_keys).where(api_keys.c.id == key, api_keys.c.revoked.is_(None))
        with self.store.promising() as connection:
            connection.execute(statement.values(revoked=self.store.wall()))
        return self.get(key)

    def holder(self, secret: str) -> ApiKey | None:
        """The key whose secret this is, or None where it is none, was revoked or has run out."""
        match = TOKEN.fullmatch(secret)
        if match is None:
            return None
        with self.store.reading() as connection:
            row = connection.execute(select(*_COLUMNS, api_keys.c.hash).where(api_keys.c.id == match["id"])).first()
        # Compared in the same time wherever they differ: how long an answer takes tells nothing of the digest.
        if row is None or not hmac.compare_digest(row.hash, digest_of(secret.encode())):
            return None
        key, now = _key_of(row[:-1]), self.store.wall()
        if not key.holds(now):
            return None
        if key.used is None or now - key.used > USED_SECONDS:
            with self.store.writing() as connection:
                connection.execute(update(api_keys).where(api_keys.c.id == key.id).values(used=now))
        return key


def _key_of(row: Sequence[Any]) -> ApiKey:
    key, name, scopes, *times = row
    return ApiKey(key, name, frozenset(scopes.split()), *times)


_COLUMNS = tuple(api_keys.c[name] for name in ApiKey.__dataclass_fields__)
