"""`diorama cache`: how much is kept, collection, verification."""

from __future__ import annotations

import dataclasses
import re
from contextlib import closing
from pathlib import Path

from diorama.cli.codes import OK, STORE_UNUSABLE
from diorama.cli.look import print_json
from diorama.faults import failure
from diorama.store import care
from diorama.store.calls import CallStore
from diorama.store.retention import prunable, prune
from diorama.store.shares import Shares
from diorama.templates import home

SIZES = {"": 1, "k": 10**3, "m": 10**6, "g": 10**9, "t": 10**12}
AGES = {"s": 1.0, "m": 60.0, "h": 3600.0, "d": 86_400.0, "w": 604_800.0}


def bytes_text(count: float) -> str:
    """Bytes as people say them: `340 kB`, `1.2 GB`."""
    for unit in ("B", "kB", "MB", "GB"):
        if count < 1000:
            return f"{count:.0f} {unit}" if unit == "B" or count >= 100 else f"{count:.1f} {unit}"
        count /= 1000
    return f"{count:.1f} TB"


def read_size(text: str) -> int:
    """Bytes in a text like `500M`; raises `DioramaError` (C001)."""
    match = re.fullmatch(r"(\d+(?:\.\d+)?)\s*([kmgt]?)b?", text.strip().lower())
    if match is None:
        raise failure("C001", "--max-size", f"{text!r} is given, but a size such as 500M or 20G is wanted")
    return int(float(match[1]) * SIZES[match[2]])


def read_age(text: str) -> float:
    """Seconds in a text like `30d`; raises `DioramaError` (C001)."""
    match = re.fullmatch(r"(\d+(?:\.\d+)?)\s*([smhdw])", text.strip().lower())
    if match is None:
        raise failure("C001", "--older-than", f"{text!r} is given, but an age such as 12h or 30d is wanted")
    return float(match[1]) * AGES[match[2]]


def print_stats(store: Path | None, as_json: bool) -> None:
    """Print what the store holds."""
    with closing(CallStore(store or home())) as opened:
        found = care.stats(opened)
    if as_json:
        print_json(dataclasses.asdict(found) | {"path": str(opened.root)})
        return
    print(f"{opened.root}")
    print(f"  {found.calls:,} calls of {found.runs:,} runs, {found.events:,} events")
    print(f"  {found.blobs:,} blobs, {bytes_text(found.blob_bytes)}; database {bytes_text(found.database_bytes)}")
    print(f"  {found.quarantined:,} quarantined, {found.differences:,} calls that once gave other results")
    print(f"  {bytes_text(found.free_bytes)} free on the disk")


def collect(store: Path | None, max_size: str | None, older_than: str | None, as_json: bool) -> None:
    """Collect and print what was removed."""
    most = read_size(max_size) if max_size is not None else None
    age = read_age(older_than) if older_than is not None else None
    with closing(CallStore(store or home())) as opened:
        found, links = care.collect(opened, most, age), Shares(opened).count()
    if as_json:
        print_json(dataclasses.asdict(found) | {"links": links})
    else:
        print(f"removed {found.calls:,} calls and {found.blobs:,} blobs, {bytes_text(found.bytes)}")
        print("what was written in the last hour stays: a run under way may be about to use it")
        if links:
            print(
                f"what {links:,} link{'s' * (links > 1)} to scenes show{'s' * (links == 1)} stays as long as they hold"
            )


def prune_records(store: Path | None, older_than: str | None, keep: int | None, is_dry: bool, as_json: bool) -> None:
    """Take away the records of old runs, or print what would go. Raises `DioramaError` (C001)."""
    if older_than is None and keep is None:
        raise failure("C001", "--older-than", "which records are old is wanted: --older-than 90d, --keep 1000, or both")
    age = read_age(older_than) if older_than is not None else None
    with closing(CallStore(store or home())) as opened:
        found = (prunable if is_dry else prune)(opened, age, keep)
    if as_json:
        print_json(dataclasses.asdict(found) | {"dry_run": is_dry})
        return
    verb = "would remove" if is_dry else "removed"
    print(f"{verb} the records of {found.runs:,} runs with {found.events:,} events; the runs stay in the list")


def verify_store(store: Path | None, as_json: bool) -> int:
    """Verify and print what was damaged; gives the exit code."""
    with closing(CallStore(store or home())) as opened:
        found = care.verify(opened)
    if as_json:
        print_json(dataclasses.asdict(found))
    else:
        for line in found.damaged:
            print(f"damaged {line}")
        print(
            f"{found.blobs:,} blobs read, {len(found.damaged)} damaged, {found.calls_forgotten} calls to be made again"
        )
        print(f"database: {found.database}")
    return OK if not found.damaged and found.database == "ok" else STORE_UNUSABLE
