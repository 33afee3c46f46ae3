"""The commands that ask a server, each in a process of its own as people call them."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest
from tests.support.child import ROOT
from tests.support.served import Serving, serving

from diorama.run.service import Service


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Serving]:
    with Service(tmp_path_factory.mktemp("store")) as service, serving(service) as one:
        yield one


def diorama(served: Serving, *words: str, code: int = 0, **environment: str) -> str:
    """What a command prints."""
    done = subprocess.run(
        [sys.executable, "-m", "diorama", *words],
        cwd=ROOT,
        env={**os.environ, "DIORAMA_SERVER": served.address, **environment},
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert done.returncode == code, done.stderr
    return done.stdout if code == 0 else done.stderr


def asked(served: Serving, *words: str) -> Mapping[str, object]:
    """What a command prints with --json."""
    read: Mapping[str, object] = json.loads(diorama(served, *words, "--json"))
    return read


def test_a_run_is_submitted_watched_and_its_results_written(served: Serving, tmp_path: Path) -> None:
    run = diorama(served, "submit", "text_to_mesh", "--set", "prompt=a blue boat", "--to", "mesh").strip()
    told = diorama(served, "watch", run, "--out", str(tmp_path))
    assert f"{run} succeeded" in told
    assert (tmp_path / "mesh.glb").read_bytes().startswith(b"glTF")
    # What was written carries its graph, so that it can be run again anywhere.
    graph = json.loads(diorama(served, "graph", str(tmp_path / "mesh.glb")))
    assert graph["parameters"]["prompt"]["default"] == "a blue boat"
    events = [json.loads(line) for line in diorama(served, "watch", run, "--json").splitlines()]
    assert [events[0]["kind"], events[-1]["kind"]] == ["run_queued", "run_ended"]


def test_the_queue_is_paused_moved_in_and_cleared(served: Serving) -> None:
    assert asked(served, "queue", "pause")["paused"] is True
    first, second = (
        diorama(served, "submit", "text_to_mesh", "--set", f"prompt=a {color} boat", "--to", "object").strip()
        for color in ("red", "green")
    )
    assert asked(served, "runs", "move", second, "--before", first)["place_in_queue"] == 0
    assert "cancelled" in diorama(served, "runs", "cancel", first)
    assert asked(served, "queue", "clear")["states"].get("queued", 0) == 0  # type: ignore[attr-defined]
    assert asked(served, "queue", "resume")["paused"] is False
    limits = {"max_running": 3, "max_running_per_client": 2}
    assert asked(served, "queue", "limit", "--running", "3", "--per-client", "2").items() >= limits.items()
    assert (
        asked(served, "queue", "limit", "--per-client", "0").items()
        >= {**limits, "max_running_per_client": None}.items()
    )
    listed = diorama(served, "runs", "list", "--state", "cancelled")
    assert first in listed
    assert second in listed
    assert first in diorama(served, "runs", "retry", first)


def test_a_batch_is_a_run_for_each_value(served: Serving) -> None:
    batch = asked(served, "submit", "text_to_mesh", "--to", "object", "--each", "prompt=a mug,a vase,a lamp")
    assert batch["runs"] == 3
    listed = json.loads(diorama(served, "runs", "list", "--batch", str(batch["id"]), "--json"))
    assert {run["parameters"]["prompt"] for run in listed} == {"a mug", "a vase", "a lamp"}


def test_devices_are_shown(served: Serving) -> None:
    assert "used" in diorama(served, "devices")


def test_what_the_server_refuses_ends_the_command_with_its_sentence(served: Serving) -> None:
    assert "there is no run 'nowhere'" in diorama(served, "runs", "show", "nowhere", code=1)
    assert "no parameter 'promt'" in diorama(served, "submit", "text_to_mesh", "--set", "promt=x", code=3)


def test_a_command_without_a_server_says_how_to_start_one(served: Serving) -> None:
    told = diorama(served, "queue", code=2, DIORAMA_SERVER="http://127.0.0.1:1")
    assert "`diorama serve` starts one" in told
