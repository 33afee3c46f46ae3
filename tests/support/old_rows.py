"""A row or two for every table, by the revision of the database that brought it."""

from __future__ import annotations

from collections.abc import Mapping

from diorama.keys import digest_of
from diorama.refs import inline, to_row
from diorama.store.known import sealed

KEY = digest_of(b"a call")
RECIPE = digest_of(b"a recipe")
OUTPUTS = {"value": inline(7)}
EVENT = b'{"run":"r1","seq":1,"kind":"run_ended"}'
RUN: dict[str, object] = {"id": "r1", "state": "succeeded", "title": "old", "graph": b"{}", "parameters": b'{"x":1}'}
RUN |= {"manifest": b'{"run":"r1"}', "started": 5.0, "ended": 6.0}
QUEUED: dict[str, object] = {
    "state": "queued",
    "manifest": None,
    "ended": None,
    "options": b"{}",
    "faults": b"[]",
    "client": "ann",
}
QUEUED |= {"priority": 3, "position": 1.5, "token": 2, "attempt": 1, "created": 4.0, "owner": None, "wish": None}
ROWS: dict[str, dict[str, list[Mapping[str, object]]]] = {
    "0001": {
        "calls": [
            {
                "key": KEY,
                "node": "t/n",
                "document": b"{}",
                "outputs": sealed(KEY, to_row(OUTPUTS)),
                "seconds": 0.5,
                "size": 0,
                "run": "r1",
                "made": 1.0,
                "used": 2.0,
            }
        ],
        "recipes": [{"recipe": RECIPE, "key": KEY}],
        "differences": [{"key": KEY, "count": 2, "last": 3.0}],
        "timings": [{"node": "t/n", "count": 4, "seconds": 0.25}],
        "claims": [{"key": KEY, "owner": "one", "boot": "b", "token": 1, "expires": 1.0}],
        "runs": [RUN, RUN | {"id": "r2", "state": "running", "manifest": None, "ended": None}],
        "events": [{"run": "r1", "seq": 1, "event": EVENT}, {"run": "r2", "seq": 1, "event": b"{}"}],
    },
    "0002": {
        "projects": [{"id": "p", "name": "mine", "description": "", "created": 1.0}],
        "batches": [{"id": "b", "title": "", "client": "ann", "graph": b"{}", "runs": 1, "created": 1.0}],
        "runs": [RUN | QUEUED | {"id": "q1", "project": "p", "batch": "b", "saved": "g", "saved_version": 1}],
        "events": [{"run": "q1", "seq": 1, "event": b"{}"}],
        "promises": [
            {"client": "a", "idempotency_key": "k", "request": KEY, "kind": "run", "id": "q1", "created": 1.0}
        ],
        "servers": [
            {"id": "s", "host": "h", "boot": "b", "pid": 1, "born": 1.0, "address": "", "beat": 1},
        ],
        "settings": [{"name": "paused", "value": b"true"}],
        "graphs": [{"name": "g", "version": 1, "title": "", "project": "p", "created": 1.0, "updated": 1.0}],
        "graph_versions": [
            {
                "name": "g",
                "version": 1,
                "document": b"{}",
                "digest": KEY,
                "note": "",
                "author": "",
                "created": 1.0,
            }
        ],
        "artefacts": [
            {
                "id": "a",
                "digest": KEY,
                "type": "image",
                "media_type": "image/png",
                "size": 2**40,
                "facts": b"{}",
                "name": "picture",
                "run": "q1",
                "project": "p",
                "created": 1.0,
            }
        ],
        "api_keys": [{"id": "k", "name": "ci", "hash": KEY, "scopes": "read", "created": 1.0}],
        "peaks": [{"node": "t/n", "sizes": "64", "bytes": 2**35, "count": 1}],
        "logs": [{"run": "q1", "number": 1, "at": 1.0, "step": "a", "item": None, "text": "told"}],
    },
    "0003": {
        "shares": [
            {
                "id": "0" * 16,
                "secret": KEY,
                "title": "alley",
                "client": "ann",
                "scene": KEY,
                "sounds": KEY + RECIPE,
                "created": 1.0,
                "expires": 2.0,
                "revoked": None,
            }
        ],
    },
}
"""Rows of every table by the revision that brought it; later ones come on top."""


ADDED: dict[str, object] = {
    "options": b"{}",
    "faults": b"[]",
    "client": "local",
    "priority": 0,
    "position": 5.0,
    "token": 0,
}
ADDED |= {"attempt": 1, "created": 5.0}
"""What a run of the first version has in the columns that came later."""
