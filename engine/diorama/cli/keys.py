"""`diorama keys`: who may use a server from outside."""

from __future__ import annotations

import dataclasses
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

from pydantic import JsonValue

from diorama.cli.look import print_json
from diorama.cli.store import read_age
from diorama.faults import failure
from diorama.server.names import MOST_NAME_BYTES
from diorama.server.security.callers import SCOPES
from diorama.store.access import Access, ApiKey
from diorama.store.calls import CallStore
from diorama.templates import home


def create_key(store: Path | None, name: str, scopes: str, expires: str | None, as_json: bool) -> None:
    """Make a key and print it: it is shown this once. Raises `DioramaError` (C001)."""
    wanted = [scope.strip() for scope in scopes.split(",")]
    unknown = [scope for scope in wanted if scope not in SCOPES]
    if unknown:
        known = ", ".join(SCOPES)
        raise failure("C001", "--scopes", f"{unknown[0]!r:.60} is given, but some of {known} are wanted")
    if not name.isprintable() or not 0 < len(name.encode()) <= MOST_NAME_BYTES:
        raise failure("C001", "NAME", f"1 to {MOST_NAME_BYTES} bytes of text are wanted, such as `laptop`")
    with closing(CallStore(store or home())) as opened:
        ends = None if expires is None else opened.wall() + read_age(expires)
        key, secret = Access(opened).create(name, wanted, ends)
    if as_json:
        print_json(_key_json(key) | {"secret": secret})
        return
    print(secret)
    print(f"key {key.id} {key.name!r} may {', '.join(sorted(key.scopes))}; it is shown this once and kept nowhere")
    print("send it as  Authorization: Bearer " + secret[:12] + "...")


def list_keys(store: Path | None, as_json: bool) -> None:
    """Print every key, those that were revoked among them."""
    with closing(CallStore(store or home())) as opened:
        keys, now = Access(opened).all(), opened.wall()
    if as_json:
        print_json({"keys": [_key_json(key) for key in keys]})
        return
    if not keys:
        print("there are no API keys; `diorama keys create NAME` makes one")
    for key in keys:
        state = "revoked" if key.revoked is not None else "holds" if key.holds(now) else "expired"
        used = "never used" if key.used is None else f"used {_day(key.used)}"
        ends = "" if key.expires is None else f", until {_day(key.expires)}"
        print(f"{key.id}  {state:<8} {key.name:<20} {','.join(sorted(key.scopes)):<15} {used}{ends}")


def revoke_key(store: Path | None, key: str, as_json: bool) -> None:
    """Let nobody in with a key any more; raises `DioramaError` (Q001) where there is none of this id."""
    with closing(CallStore(store or home())) as opened:
        revoked = Access(opened).revoke(key)
    if as_json:
        print_json(_key_json(revoked))
    else:
        print(f"key {revoked.id} {revoked.name!r} lets nobody in any more; servers heed that within a second")


def _key_json(key: ApiKey) -> dict[str, JsonValue]:
    scopes: list[JsonValue] = [*sorted(key.scopes)]
    return {**dataclasses.asdict(key), "scopes": scopes}


def _day(at: float) -> str:
    return datetime.fromtimestamp(at, UTC).strftime("%Y-%m-%d %H:%M")
