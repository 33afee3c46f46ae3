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
from diorama.faults import DioramaError
from diorama.lease.device import GIB, LOW_BYTES, Device, Gone
from diorama.lease.found import found_devices
from diorama.models.views import model_views
from diorama.store.calls import CallStore
from diorama.templates import home, saved_graphs

LOW_DISK_BYTES = 5 * 10**9
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
    if free < LOW_DISK_BYTES:
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
    found, why_none = found_devices()
    if why_none:
        return [Finding("device", "note", f"no GPU: {why_none}; every node runs on the CPU")]
    return [_device(device) for device in found]


def _device(device: Device) -> Finding:
    try:
        memory = device.read().memory
    except Gone as error:
        return Finding("device", "bad", f"{device.title} does not answer: {error}", "start the machine again")
    if memory is None:
        return Finding("device", "ok", f"{device.title}; its driver does not tell its memory")
    shown = f"{device.title}, {memory.free / GIB:.1f} of {memory.total / GIB:.1f} GiB free"
    torch = _version("torch")
    if torch.endswith("+cpu"):
        return Finding("device", "note", f"{shown}; torch {torch} cannot use it", "install a torch built for CUDA")
    if memory.free < LOW_BYTES:
        return Finding("device", "note", f"{shown}; calls start from {LOW_BYTES / GIB:g}", "close other GPU programs")
    return Finding("device", "ok", shown)


def _version(package: str) -> str:
    try:
        return version(package)
    except PackageNotFoundError:
        return ""


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
