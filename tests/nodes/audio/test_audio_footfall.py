"""Footsteps: one for each foot that comes down, when and where it does."""

from __future__ import annotations

from itertools import pairwise
from typing import get_args

import numpy as np
import pytest

from diorama.context import Context
from diorama.values.motion import Motion
from diorama.values.rig import Skeleton
from diorama_nodes.audio.footfall import Surface, steps_of
from diorama_nodes.audio.nodes import footsteps
from diorama_nodes.audio.signal import RATE, Numbers, Wave

SURFACES: tuple[Surface, ...] = get_args(Surface)
FPS = 30.0


def walk(
    seconds: float = 3.0, speed: float = 1.4, x: float = 0.0, cycle: int = 32, stance: int = 20, stands: bool = False
) -> Motion:
    """A figure that goes along z; a foot stands for `stance` of `cycle` frames, the right half a cycle later."""
    frames = round(seconds * FPS) + 1
    number = np.arange(frames)
    contacts = np.stack([(number + 4) % cycle < stance, (number + 4 + cycle // 2) % cycle < stance], axis=1)
    root = np.stack([np.full(frames, x), np.full(frames, 0.95), number * speed / FPS], axis=1)
    rotations = np.tile(np.array([0, 0, 0, 1], np.float32), (frames, 1, 1))
    skeleton = Skeleton(("hips",), (-1,), np.zeros((1, 3), np.float32))
    return Motion(skeleton, FPS, root.astype(np.float32), rotations, np.ones_like(contacts) if stands else contacts)


def heard(motion: Motion, surface: Surface = "asphalt", seed: int = 1) -> Wave:
    return np.asarray(footsteps(Context(), motion, surface, seed).audio.samples)


def starts(motion: Motion) -> Numbers:
    return np.array([step.seconds for step in steps_of(motion)])


def level(wave: Wave) -> float:
    return float(np.sqrt(np.mean(np.square(wave))))


def test_a_step_is_a_contact_that_begins_and_standing_is_none() -> None:
    motion = walk()
    wanted = [
        frame / FPS
        for frame in range(1, len(motion.root))
        for foot in (0, 1)
        if motion.contacts[frame, foot] and not motion.contacts[frame - 1, foot]
    ]
    assert starts(motion).tolist() == pytest.approx(wanted)
    assert len(wanted) == 5
    assert not heard(walk(stands=True)).any()


@pytest.mark.parametrize("surface", SURFACES)
def test_each_step_is_heard_within_10_ms_of_its_contact(surface: Surface) -> None:
    """A fifth of the blow's height is reached within 10 ms, and just before the step it is quieter by far."""
    motion = walk()
    wave = np.abs(heard(motion, surface)).max(axis=1)
    assert len(wave) == round(motion.seconds * RATE)
    for moment in starts(motion):
        at = round(moment * RATE)
        after = wave[at : at + RATE // 10]
        if len(after) < RATE // 10:
            continue
        first = int(np.argmax(after > 0.2 * after.max()))
        assert first < 0.010 * RATE
        assert wave[max(at - 200, 0) : at].max() < 0.15 * after.max()


def test_nothing_is_heard_before_the_first_step() -> None:
    motion = walk()
    assert not heard(motion)[: round(starts(motion)[0] * RATE)].any()


@pytest.mark.parametrize("surface", SURFACES)
def test_a_run_is_louder_and_brighter_than_a_slow_walk(surface: Surface) -> None:
    slow, fast = heard(walk(speed=0.8), surface), heard(walk(speed=4.0), surface)
    assert level(fast) > 1.25 * level(slow)


def test_a_figure_is_heard_from_its_side() -> None:
    for x, louder in ((-4.0, 0), (4.0, 1)):
        wave = heard(walk(x=x))
        assert level(wave[:, louder]) > 2 * level(wave[:, 1 - louder])
    middle = heard(walk(x=0.0))
    assert level(middle[:, 0]) == pytest.approx(level(middle[:, 1]), rel=0.01)


def test_each_surface_has_a_spectrum_of_its_own() -> None:
    bands = np.geomspace(60, 14_000, 13)
    spectra = []
    for surface in SURFACES:
        power = np.abs(np.fft.rfft(heard(walk(), surface).mean(axis=1).astype(np.float64))) ** 2
        hertz = np.fft.rfftfreq(round(3.0 * RATE), 1 / RATE)
        held = np.array([power[(hertz >= low) & (hertz < high)].sum() for low, high in pairwise(bands)])
        spectra.append(10 * np.log10(held / held.sum()))
    for one in range(len(SURFACES)):
        for other in range(one):
            assert np.abs(spectra[one] - spectra[other]).max() > 2.0, (SURFACES[one], SURFACES[other])


def test_steps_are_alike_but_never_the_same() -> None:
    motion = walk()
    wave = heard(motion)
    cut = [wave[round(moment * RATE) :][: RATE // 8, 0] for moment in starts(motion)[:4]]
    assert not any(np.array_equal(one, other) for number, one in enumerate(cut) for other in cut[:number])
    assert np.array_equal(wave, heard(motion))
    assert not np.array_equal(wave, heard(motion, seed=2))


def test_a_motion_of_a_single_frame_makes_an_empty_sound() -> None:
    assert len(heard(walk(seconds=0.0))) == 0
