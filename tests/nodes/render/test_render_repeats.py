"""A picture is the same to the byte in any process and with any count of threads."""

from __future__ import annotations

import subprocess
import sys
from hashlib import sha256

import numpy as np
import pytest

from diorama.context import Context
from diorama.values.mesh import Floats, Material, Mesh, Part
from diorama.values.scene import Camera, Environment, Light, Placement, Scene
from diorama_nodes.render import parallel
from diorama_nodes.render.nodes import render


def _crystals() -> Scene:
    """Many thin triangles of several materials in rain and mist: every stage has work."""
    random = np.random.default_rng(5)
    parts = []
    for number, mode in enumerate(("OPAQUE", "MASK", "BLEND")):
        middles = random.uniform((-4, 0, -12), (4, 5, 0), (2000, 1, 3))
        positions: Floats = (middles + random.normal(0, 0.25, (2000, 3, 3))).reshape(-1, 3).astype(np.float32)
        normals = np.tile(np.array([[0, 1, 0]], np.float32), (6000, 1))
        triangles = np.arange(6000, dtype=np.uint32).reshape(-1, 3)
        color = (0.7, 0.3 * number, 0.4, 0.6)
        material = Material(f"m{number}", color, 0.5 * number, 0.2, (0.2, 0.0, 0.3), alpha_mode=mode)  # type: ignore[arg-type]
        parts.append(Part(positions, normals, triangles, None, material))
    lights = tuple(
        Light(f"l{number}", "point", (1.0, 0.5, 0.2), 20.0, (number - 2.0, 3.0, -2.0 * number)) for number in range(5)
    )
    camera = Camera(np.zeros(1, np.float32), np.array([[0, 2, 6]], np.float32), np.array([[0, 1, -5]], np.float32))
    air = Environment(fog_density=0.03, wetness=0.8, rain=0.7, stars=1.0)
    return Scene("crystals", 4.0, (Mesh(tuple(parts)),), (Placement("crystals", 0),), lights, camera, air)


def digest() -> str:
    """The digest of a picture of the crystals."""
    return sha256(render(Context(), _crystals(), 160, 90, None, "standard", 3).image.pixels.tobytes()).hexdigest()


def test_one_and_two_threads_and_small_chunks_give_the_same_bytes(monkeypatch: pytest.MonkeyPatch) -> None:
    first = digest()
    for threads in (1, 2):
        monkeypatch.setattr(parallel, "MOST_THREADS", threads)
        assert digest() == first


def test_another_process_gives_the_same_bytes() -> None:
    code = (
        "import importlib.util, os, sys\n"
        "os.sched_setaffinity(0, {min(os.sched_getaffinity(0))})\n"
        f"spec = importlib.util.spec_from_file_location('repeats', {__file__!r})\n"
        "module = importlib.util.module_from_spec(spec)\n"
        "spec.loader.exec_module(module)\n"
        "print(module.digest())\n"
    )
    answer = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert answer.stdout.strip() == digest()


def test_another_seed_gives_another_grain() -> None:
    scene = _crystals()
    first, second = (render(Context(), scene, 64, 36, None, "draft", seed).image.pixels for seed in (0, 1))
    assert (first != second).any()
