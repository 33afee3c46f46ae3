"""Every template run once by the command line, shared by all tests that look at what came out."""

from __future__ import annotations

import fcntl
import json
import os
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType

ROOT = Path(__file__).parents[2]
DRAFT: Mapping[str, tuple[str, ...]] = {
    "image_to_mesh": (),
    "image_to_splat": ("count=2000",),
    "text_to_image": ("width=512", "height=288"),
    "text_to_image_to_mesh": ("prompt=a white teapot",),
    "text_to_mesh": (),
    "text_to_motion": (),
    "text_to_music": ("prompt=piano waltz in D minor at 96 bpm, 8 seconds",),
    "text_to_scene": ("quality=draft", "prompt=a red car and a blue house at noon; a man walking; rain; piano waltz."),
}
"""The templates with settings that let them cost little."""
WITH_MODELS = frozenset({"text_to_scene_models"})
"""Templates that need weights; they are run where tiny ones are at hand, in tests/nodes/models."""
NO_MORE: Mapping[str, str] = MappingProxyType({})


@dataclass(frozen=True)
class Run:
    """A finished command: its exit code, what it printed, and the folder it wrote to."""

    code: int
    out: str
    err: str
    folder: Path

    @property
    def summary(self) -> dict[str, object]:
        """The document that it printed."""
        read: dict[str, object] = json.loads(self.out)
        return read

    @property
    def manifest(self) -> dict[str, object]:
        """What it left on record."""
        read: dict[str, object] = json.loads((self.folder / "run.json").read_bytes())
        return read

    def digests(self) -> dict[str, object]:
        """Of every result what tells its content: an artefact's digest, or the value itself."""
        results = self.manifest["results"]
        assert isinstance(results, dict)
        return results


def diorama(
    *arguments: str,
    home: Path,
    cwd: Path | None = None,
    seconds: float = 120,
    environment: Mapping[str, str] = NO_MORE,
) -> subprocess.CompletedProcess[str]:
    """Run a command as a user would, on a store of its own."""
    return subprocess.run(
        [sys.executable, "-m", "diorama", *arguments],
        env={**os.environ, "DIORAMA_HOME": str(home), "OMP_NUM_THREADS": "1", **environment},
        cwd=cwd or home.parent,
        capture_output=True,
        text=True,
        timeout=seconds,
    )


def run(
    graph: str,
    *settings: str,
    home: Path,
    out: Path,
    options: tuple[str, ...] = (),
    environment: Mapping[str, str] = NO_MORE,
) -> Run:
    """`diorama run`, its results in `out`."""
    given = [part for setting in settings for part in ("--set", setting)]
    done = diorama("run", graph, *given, "--json", "--out", str(out), *options, home=home, environment=environment)
    return Run(done.returncode, done.stdout, done.stderr, out)


def run_all(folder: Path) -> dict[str, Run]:
    """Every template's run; made by the first test process that comes, read by the others."""
    folder.mkdir(exist_ok=True)
    with (folder / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        kept = folder / "runs.json"
        if not kept.exists():
            made: dict[str, Mapping[str, object]] = {}
            for name, settings in DRAFT.items():
                one = run(name, *settings, home=folder / "home", out=folder / name, options=("--lock",))
                made[name] = {"code": one.code, "out": one.out, "err": one.err}
            kept.write_text(json.dumps(made))
        runs = json.loads(kept.read_text())
    return {name: Run(folder=folder / name, **told) for name, told in runs.items()}
