"""Every command with its options on a small pack of its own: what it prints, and how it ends."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest
from tests.support.child import ROOT, has_ended
from tests.support.tally import GATE, TALLY, noted

from diorama.store.calls import CallStore

PACK = """
MODULES = ("tests.support.tally",)
"""
GRAPH = {
    "format": 1,
    "title": "Small",
    "parameters": {"x": {"type": "integer", "default": 3}},
    "nodes": {
        "one": {"type": "small/slow", "inputs": {"x": {"param": "x"}}},
        "two": {"type": "small/doubled", "inputs": {"x": {"wire": "one.value"}}},
        "long": {"type": "small/grown", "inputs": {"text": "", "by": {"wire": "two.value"}}},
    },
    "results": {"number": "two.value", "text": "long.value"},
}
GATED = {
    "format": 1,
    "nodes": {
        "done": {"type": "small/slow", "inputs": {"x": 1}},
        "held": {"type": "small/gated", "inputs": {"x": {"wire": "done.value"}}},
    },
    "results": {"out": "held.value"},
}


class Shell:
    """A user's folder with a pack installed beside Diorama's own, and two graphs."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.tally, self.gate = folder / "tally", folder / "gate"
        pack = folder / "site"
        (pack / "small_pack-1.0.dist-info").mkdir(parents=True)
        (pack / "small_pack.py").write_text(PACK)
        (pack / "small_pack-1.0.dist-info" / "METADATA").write_text("Name: small-pack\nVersion: 1.0\n")
        (pack / "small_pack-1.0.dist-info" / "entry_points.txt").write_text("[diorama.packs]\nsmall = small_pack\n")
        (folder / "small.json").write_text(json.dumps(GRAPH))
        (folder / "gated.json").write_text(json.dumps(GATED))
        self.environment = {
            **os.environ,
            "PYTHONPATH": f"{pack}{os.pathsep}{ROOT}",
            "DIORAMA_HOME": str(folder / "home"),
            TALLY: str(self.tally),
            GATE: str(self.gate),
        }

    def begin(self, *arguments: str) -> subprocess.Popen[str]:
        pipe = subprocess.PIPE
        command = [sys.executable, "-m", "diorama", *arguments]
        return subprocess.Popen(command, cwd=self.folder, env=self.environment, stdout=pipe, stderr=pipe, text=True)

    def run(self, *arguments: str, code: int = 0) -> str:
        child = self.begin(*arguments)
        out, err = child.communicate(timeout=60)
        assert child.returncode == code, err
        assert "Traceback" not in err
        return out

    def json(self, *arguments: str, code: int = 0) -> dict[str, object]:
        read: dict[str, object] = json.loads(self.run(*arguments, "--json", code=code))
        return read


@pytest.fixture
def shell(tmp_path: Path) -> Shell:
    return Shell(tmp_path)


def test_a_graph_is_run_planned_explained_and_run_again(shell: Shell) -> None:
    plan = shell.json("plan", "small.json")
    assert plan["to_run"] == 3
    first = shell.json("run", "small.json", "--set", "x=4", "--lock")
    assert (first["state"], first["calls_made"], first["faults"]) == ("succeeded", 3, [])
    assert first["results"]["number"] == 10  # type: ignore[index]
    out = shell.folder / "out" / "small"
    assert sorted(path.name for path in out.iterdir()) == ["number.json", "run.json", "small.lock.json", "text.json"]
    assert json.loads((out / "number.json").read_text()) == 10
    assert shell.json("run", "small.json", "--set", "x=4", "--locked")["calls_made"] == 0
    assert shell.json("plan", "small.json", "--set", "x=4")["to_run"] == 0
    reason = shell.json("explain", "small.json", "one", "--set", "x=5")
    assert (reason["will_run"], reason["reason"]) == (True, "x 4 -> 5")
    shell.run("run", "small.json", "--locked", "--set", "x=5", code=4)
    assert shell.json("run", "small.json", "--set", "x=4", "--no-cache")["calls_made"] == 3
    assert shell.json("run", "small.json", "--to", "one.value")["results"] == {"one.value": 4}
    assert noted(shell.tally).count("slow-3") == 1
    quiet = shell.run("run", "small.json", "--set", "x=4")
    assert quiet.startswith("succeeded in ")
    assert "2 from the cache" in quiet
    stats = shell.json("cache", "stats")
    assert (stats["calls"], stats["blobs"]) == (4, 1)
    assert shell.json("cache", "verify")["damaged"] == []
    (blob,) = (shell.folder / "home" / "blobs").glob("*/*")
    blob.write_bytes(b"[]")
    assert len(shell.json("cache", "verify", code=5)["damaged"]) == 1  # type: ignore[arg-type]
    assert shell.json("cache", "gc", "--max-size", "1G", "--older-than", "30d")["calls"] == 0
    assert shell.json("cache", "gc")["links"] == 0
    assert shell.json("run", "small.json", "--set", "x=4")["calls_made"] == 1


def test_records_of_old_runs_are_pruned_once_it_is_said_which(shell: Shell) -> None:
    for x in ("4", "5", "6"):
        shell.run("run", "small.json", "--set", f"x={x}")
    shell.run("prune", code=2)
    shell.run("prune", "--older-than", "long", code=2)
    would = shell.json("prune", "--keep", "1", "--dry-run")
    assert (would["runs"], would["dry_run"]) == (2, True)
    assert "would remove the records of 2 runs" in shell.run("prune", "--keep", "1", "--dry-run")
    assert shell.json("prune", "--older-than", "1d")["runs"] == 0
    assert "removed the records of 2 runs" in shell.run("prune", "--keep", "1")
    assert shell.json("prune", "--keep", "1")["runs"] == 0
    assert shell.json("cache", "stats")["runs"] == 3


def test_what_is_installed_is_listed(shell: Shell) -> None:
    listed = shell.json("nodes")
    assert {"small/slow", "diorama/make_object"} <= {node["id"] for node in listed["nodes"]}  # type: ignore[attr-defined]
    assert "small/slow" in shell.run("nodes")
    assert shell.json("nodes", "small/slow")["cost"] == {"seconds": 0.1, "vram_gib": 0.0}
    assert "x: integer, required" in shell.run("nodes", "small/slow")
    assert json.loads(shell.run("graph", "small.json")) == GRAPH
    schema = json.loads(shell.run("graph", "small.json", "--schema"))
    assert schema["title"] == "Diorama graph"
    assert "text_to_scene" in shell.run("graphs")
    assert "nodes, 0 faults" in shell.run("check", "small.json")
    doctor = json.loads(shell.run("doctor", "--json"))
    assert {finding["what"] for finding in doctor} >= {"python", "disk", "store", "device", "packs", "models"}
    assert shell.run("--version").startswith("python -m diorama") or "version" in shell.run("--version")


def test_ctrl_c_cancels_cleanly_and_the_same_command_goes_on(shell: Shell) -> None:
    child = shell.begin("run", "gated.json", "--json")
    for _ in range(1500):
        if "gated-2" in noted(shell.tally):
            break
        assert not has_ended(child, 0.02), child.communicate()[1]
    child.send_signal(signal.SIGINT)
    out, err = child.communicate(timeout=30)
    assert (child.returncode, json.loads(out)["state"]) == (130, "cancelled")
    assert "Traceback" not in err
    with closing(CallStore(shell.folder / "home")) as store, store.reading() as connection:
        assert connection.exec_driver_sql("SELECT count(*) FROM claims").scalar() == 0
        assert connection.exec_driver_sql("SELECT state FROM runs").scalars().all() == ["cancelled"]
    shell.gate.touch()
    again = shell.json("run", "gated.json")
    assert (again["state"], again["calls_made"], again["results"]) == ("succeeded", 1, {"out": 3})
    assert noted(shell.tally) == ["slow-1", "gated-2", "gated-2"]
