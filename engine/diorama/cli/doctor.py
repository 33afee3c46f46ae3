"""`diorama doctor`: what this machine has, what is missing, and the command that mends it."""

from __future__ import annotations

import importlib.util
import os
import platform
import shutil
import sys
from dataclasses import asdict, dataclass
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Literal

from diorama.catalogue import installed
from diorama.cli.codes import OK, RUN_FAILED
from diorama.cli.look import print_json
from diorama.cli.store import bytes_text
from diorama.devices import gpus
from diorama.faults import DioramaError
from diorama.models.views import model_views
from diorama.store.calls import CallStore
from diorama.templates import home, saved_graphs

LOW_BYTES = 5 * 10**9
NEEDED_PYTHON = (3, 11)


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that was looked at."""

    what: str
    state: Literal["ok", "note", "bad"]
    found: str
    mend: str = ""


def look_over(store: Path | None, as_json: bool) -> int:
    """Print every finding; gives the exit code, which is not 0 where something keeps graphs from running."""
    findings = [_python(), _disk(store or home()), _store(store or home()), *_devices(), _packs(), _graphs(), _models()]
    if as_json:
        print_json([asdict(finding) for finding in findings])
    else:
        for finding in findings:
            mend = f"\n          mend: {finding.mend}" if finding.mend else ""
            print(f"{finding.state:<4} {finding.what:<8} {finding.found}{mend}")
    return RUN_FAILED if any(finding.state == "bad" for finding in findings) else OK


def _python() -> Finding:
    found = f"Python {platform.python_version()}, diorama {version('diorama')}, {os.cpu_count()} cores"
    if sys.version_info < NEEDED_PYTHON:
        return Finding("python", "bad", found, "install Python 3.11 or newer")
    return Finding("python", "ok", found)


def _disk(folder: Path) -> Finding:
    there = next(parent for parent in (folder, *folder.absolute().parents) if parent.exists())
    free = shutil.disk_usage(there).free
    if free < LOW_BYTES:
        return Finding("disk", "note", f"{bytes_text(free)} free at {there}", "diorama cache gc --older-than 30d")
    return Finding("disk", "ok", f"{bytes_text(free)} free at {there}")


def _store(folder: Path) -> Finding:
    try:
        CallStore(folder).close()
    except DioramaError as error:
        fault = error.faults[0]
        return Finding("store", "bad", str(fault), "choose another folder: export DIORAMA_HOME=FOLDER")
    return Finding("store", "ok", f"{folder} can be used")


def _devices() -> list[Finding]:
    found, why_none = gpus()
    if not found:
        return [Finding("device", "note", f"no GPU: {why_none}; every embedded node runs on the CPU")]
    return [Finding("device", "ok", f"{gpu.name}, {gpu.free_gib:.1f} of {gpu.total_gib:.1f} GiB free") for gpu in found]


def _packs() -> Finding:
    catalogue = installed()
    packs = ", ".join(f"{pack.name} {pack.version}" for pack in catalogue.packs)
    if catalogue.broken:
        return Finding("packs", "bad", "; ".join(catalogue.broken), "mend or uninstall the pack that is named")
    if not catalogue.packs:
        return Finding("packs", "bad", "no node pack was found", "pip install --force-reinstall diorama")
    return Finding("packs", "ok", f"{packs}: {len(catalogue.entries)} nodes")


def _graphs() -> Finding:
    return Finding("graphs", "ok", ", ".join(saved_graphs()) or "none")


def _models() -> Finding:
    views = model_views(installed())
    told = ", ".join(f"{view.name} {view.state}" for view in views) or "no node loads any"
    missing = [name for name in ("torch", "diffusers", "transformers") if importlib.util.find_spec(name) is None]
    if missing:
        text = f"{', '.join(missing)} not installed; only nodes that need model weights would use them"
        return Finding("models", "note", text, "pip install 'diorama[models]'")
    try:
        found = f"torch {version('torch')}, diffusers {version('diffusers')}; {told}"
        lacks = next((view for view in views if view.state != "present"), None)
        return Finding(
            "models", "ok" if lacks is None else "note", found, f"diorama models {lacks.name}" if lacks else ""
        )
    except PackageNotFoundError as error:
        return Finding("models", "note", f"{error.name} was found without its version")
