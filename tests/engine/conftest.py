"""What several parts of the engine's tests use: the Khronos validator, and a run of every template."""

from __future__ import annotations

import fcntl
import json
import shutil
import subprocess
import tempfile
from collections.abc import Callable
from pathlib import Path

import pytest
from tests.support.template_runs import Run, run_all

VALIDATOR = Path(__file__).parents[1] / "validator"
Issues = dict[str, object]


@pytest.fixture(scope="session")
def installed_validator() -> Path:
    """The folder of the Khronos validator, installed from its lock file where it is not there yet."""
    if shutil.which("node") is None or shutil.which("npm") is None:
        pytest.skip("the Khronos validator needs node and npm")
    # Test processes that run side by side install once, one after the other.
    with (Path(tempfile.gettempdir()) / "diorama-validator.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not (VALIDATOR / "node_modules" / "gltf-validator" / "package.json").is_file():
            subprocess.run(
                ["npm", "ci", "--omit=optional", "--no-audit", "--no-fund"],
                cwd=VALIDATOR,
                check=True,
                capture_output=True,
                timeout=120,
            )
    return VALIDATOR


@pytest.fixture
def validate(installed_validator: Path, tmp_path: Path) -> Callable[[dict[str, bytes]], dict[str, Issues]]:
    """What the validator says of each GLB, by name."""

    def run(files: dict[str, bytes]) -> dict[str, Issues]:
        paths = [tmp_path / f"{number}.glb" for number in range(len(files))]
        for path, content in zip(paths, files.values(), strict=True):
            path.write_bytes(content)
        command = ["node", "validate.mjs", *map(str, paths)]
        done = subprocess.run(command, cwd=installed_validator, check=True, capture_output=True, timeout=120, text=True)
        reports = [json.loads(line) for line in done.stdout.splitlines()]
        return dict(zip(files, reports, strict=True))

    return run


@pytest.fixture(scope="session")
def runs(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Run]:
    """A cold run of every template, made once for all test processes."""
    base = tmp_path_factory.getbasetemp()
    shared = base.parent if base.name.startswith("popen-") else base
    return run_all(shared / "templates")
