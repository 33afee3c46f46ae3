"""The wheel holds all that a user needs: packages, migrations, saved graphs and their media, and it works installed."""

from __future__ import annotations

import os
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("wheel")
    build = (
        "-m",
        "pip",
        "wheel",
        "--no-deps",
        "--no-build-isolation",
        "--no-index",
        "--quiet",
        "--wheel-dir",
        str(folder),
    )
    done = subprocess.run([sys.executable, *build, str(ROOT)], capture_output=True, text=True, timeout=120)
    assert done.returncode == 0, done.stderr
    (made,) = folder.glob("*.whl")
    return made


def test_it_holds_every_file_of_both_packages_and_the_graphs(wheel: Path) -> None:
    names = set(zipfile.ZipFile(wheel).namelist())
    for folder, packed in (("engine/diorama", "diorama"), ("nodes/diorama_nodes", "diorama_nodes")):
        kept = {
            f"{packed}/{path.relative_to(ROOT / folder).as_posix()}"
            for path in (ROOT / folder).rglob("*")
            if path.is_file() and not any(part.endswith("cache__") or part.startswith(".") for part in path.parts)
        }
        assert kept <= names, kept - names
    graphs = {f"diorama/graphs/{path.relative_to(ROOT / 'graphs')}" for path in (ROOT / "graphs").rglob("*.*")}
    assert graphs <= names, graphs - names
    assert not [name for name in names if "__pycache__" in name or name.startswith(("tests/", "editor/src"))]


INSTALLED = """
import sys
site, root = sys.argv[1:]
# This environment has the repository's own packages on its path, which a user's has not.
sys.path[:] = [site] + [one for one in sys.path if one not in (f"{root}/engine", f"{root}/nodes")]
import diorama
from diorama.catalogue import installed
from diorama.templates import saved_graphs
assert diorama.__file__.startswith(site), diorama.__file__
assert all(str(path).startswith(site) for path in saved_graphs().values()), saved_graphs()
assert installed().broken == ()
print(len(saved_graphs()), len(installed().entries) > 20, diorama.run("image_to_mesh", to="image.image").state)
"""


def test_installed_it_finds_its_nodes_and_graphs_and_runs(wheel: Path, tmp_path: Path) -> None:
    site = tmp_path / "site"
    with zipfile.ZipFile(wheel) as packed:
        packed.extractall(site)
    done = subprocess.run(
        [sys.executable, "-c", INSTALLED, str(site), str(ROOT)],
        env={**os.environ, "DIORAMA_HOME": str(tmp_path / "home"), "PYTHONPATH": ""},
        cwd=tmp_path,
        capture_output=True,
        text=True,
        timeout=120,
    )
    templates = len(list((ROOT / "graphs").glob("*.json")))
    assert done.stdout == f"{templates} True succeeded\n", done.stderr
