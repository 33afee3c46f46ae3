"""Links by which others see a scene: signed, for a time, and taken back at will."""

from __future__ import annotations

import base64
import hmac
import re
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import func, insert, select, update

from diorama.keys import Digest
from diorama.refusals import NoSuch
from diorama.store.calls import CallStore
from diorama.store.pages import Page, newest_first, page_of
from diorama.store.tables import shares

TOKEN = re.compile(r"(?P<id>[0-9a-f]{16})\.(?P<expires>[0-9]{1,11})\.(?P<signature>[A-Za-z0-9_-]{43})")
DIGEST_BYTES = 32


@dataclass(frozen=True, slots=True)
class Share:
    """A link: what it shows, and as long as when. Times are whole seconds since the epoch, but for `created`."""

    id: str
    secret: bytes
    title: str
    client: str
    scene: Digest
    sounds: tuple[Digest, ...]
    created: float
    expires: float
    revoked: float | None

    @property
    def token(self) -> str:
        """The part of the link that only who was given it knows."""
        return f"{self.id}.{int(self.expires)}.{_signature(self.secret, self.id, int(self.expires))}"

    def holds(self, now: float) -> bool:
        """Whether who has the link sees the scene."""
        return self.revoked is None and now < self.expires

    def shows(self, digest: Digest) -> bool:
        """Whether an artefact is part of what is shown."""
        return digest == self.scene or digest in self.sounds


class Shares:
    """The links of a store. Any thread may ask."""

    def __init__(self, store: CallStore) -> None:
        self.store = store

    def create(self, title: str, client: str, scene: Digest, sounds: Sequence[Digest], seconds: float) -> Share:
        """A new link that holds for so many seconds."""
        now = self.store.wall()
        row = {
            "id": secrets.token_hex(8),
            "secret": secrets.token_bytes(32),
            "title": title,
            "client": client,
            "scene": scene,
            "sounds": b"".join(sounds),
            "created": now,
            "expires": float(int(now + seconds)),
            "revoked": None,
        }
        with self.store.promising() as connection:
            connection.execute(insert(shares), row)
        return self.get(row["id"])  # type: ignore[arg-type]

    def page(self, cursor: str | None = None, limit: int = 50) -> Page[Share]:
        """Links that were made, also those that no longer hold, the newest first."""
        statement = newest_first(select(*_COLUMNS), shares.c.created, shares.c.id, cursor, limit)
        with self.store.reading() as connection:
            rows = connection.execute(statement).all()
        return page_of(rows, limit, _share_of, lambda share: (share.created, share.id))

    def count(self) -> int:
        """How many links lead to their scene as things are."""
        holds = (shares.c.revoked.is_(None), shares.c.expires > self.store.wall())
        with self.store.reading() as connection:
            return connection.execute(select(func.count()).select_from(shares).where(*holds)).scalar_one()

    def get(self, share: str) -> Share:
        """A link by its id; raises `NoSuch`."""
        with self.store.reading() as connection:
            row = connection.execute(select(*_COLUMNS).where(shares.c.id == share)).first()
        if row is None:
            raise NoSuch("link", share)
        return _share_of(row)

    def revoke(self, share: str) -> None:
        """Let the link lead nowhere from now on; raises `NoSuch`."""
        statement = update(shares).where(shares.c.id == share, shares.c.revoked.is_(None))
        with self.store.promising() as connection:
            connection.execute(statement.values(revoked=self.store.wall()))
        self.get(share)

    def of_token(self, token: str) -> Share | None:
        """What a token lets see; None where it was changed, has run out or was taken back."""
        match = TOKEN.fullmatch(token)
        if match is None:
            return None
        try:
            share = self.get(match["id"])
        except NoSuch:
            return None
        # The moment in the token is signed with it, and compared in the same time wherever it differs.
        signed = _signature(share.secret, share.id, int(match["expires"]))
        is_signed = hmac.compare_digest(signed, match["signature"]) and int(match["expires"]) == int(share.expires)
        return share if is_signed and share.holds(self.store.wall()) else None


def _signature(secret: bytes, share: str, expires: int) -> str:
    signed = hmac.digest(secret, f"diorama share {share} {expires}".encode(), "sha256")
    return base64.urlsafe_b64encode(signed).decode().rstrip("=")


def _share_of(row: Sequence[Any]) -> Share:
    share, secret, title, client, scene, sounds, *times = row
    return Share(share, secret, title, client, Digest(scene), digests_in(sounds), *times)


def digests_in(joined: bytes) -> tuple[Digest, ...]:
    """Digests that stand one after the other."""
    return tuple(Digest(joined[at : at + DIGEST_BYTES]) for at in range(0, len(joined), DIGEST_BYTES))


_COLUMNS = tuple(shares.c[name] for name in Share.__dataclass_fields__)
