"""The mix, and the nodes that read and cut."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from diorama.context import Context
from diorama.curve import Curve
from diorama.faults import BadInput
from diorama.types import File
from diorama.values.audio import Audio
from diorama_nodes.audio.loudness import integrated_loudness, true_peak
from diorama_nodes.audio.nodes import load_audio, mix, shape_loudness, trim_audio
from diorama_nodes.audio.signal import RATE, Wave, generator, noise, slope_curve


def tone(hz: float, seconds: float, level: float = 0.3, rate: int = RATE, channels: int = 2) -> Audio:
    wave = level * np.sin(2 * np.pi * hz * np.arange(round(seconds * rate)) / rate)
    return Audio(np.repeat(wave[:, None], channels, axis=1).astype(np.float32), rate)


def hiss(seconds: float, seed: int) -> Audio:
    return Audio(0.1 * noise(generator(seed), round(seconds * RATE), slope_curve(80, 9000, -3.0), 2))


def amount(wave: Wave, hz: float) -> float:
    """How much of a frequency is in the sound."""
    turn = np.exp(-2j * np.pi * hz * np.arange(len(wave)) / RATE)
    return float(np.abs(np.mean(wave.mean(axis=1) * turn)) * 2)


@pytest.mark.parametrize("target", [-24.0, -16.0, -12.0])
def test_a_mix_meets_its_loudness_and_stays_below_its_ceiling(target: float) -> None:
    made = mix(Context(), hiss(4, 1), [hiss(4, 2), hiss(3, 3)], [tone(440, 2)], loudness=target).audio
    wave = np.asarray(made.samples)
    assert (made.rate, made.channels) == (RATE, 2)
    assert integrated_loudness(wave, RATE) == pytest.approx(target, abs=0.5)
    assert true_peak(wave) < -1.0
    assert np.abs(wave).max() < 1.0


def test_loud_clicks_are_held_without_clipping() -> None:
    wave = np.array(hiss(4, 1).samples)
    wave[::11_025] = 0.99
    made = np.asarray(mix(Context(), Audio(wave), [], [], loudness=-14.0).audio.samples)
    assert true_peak(made) < -1.0
    assert integrated_loudness(made, RATE) == pytest.approx(-14.0, abs=0.5)


def test_a_mix_is_as_long_as_its_longest_sound() -> None:
    made = mix(Context(), tone(200, 1.0), [tone(300, 3.0)], [tone(400, 2.0)]).audio
    assert len(made.samples) == 3 * RATE


def test_sounds_of_other_rates_keep_their_pitch_and_length() -> None:
    for rate in (8000, 22_050, 48_000):
        made = mix(Context(), tone(500, 2.0, rate=rate, channels=1)).audio
        assert len(made.samples) == 2 * RATE
        assert amount(np.asarray(made.samples), 500) > 100 * amount(np.asarray(made.samples), 650)


def test_levels_are_decibels() -> None:
    """The music is turned down by 12 dB beside the effects."""
    wave = np.asarray(
        mix(Context(), tone(400, 2), [], [tone(900, 2)], music_level=-12.0, effects_level=0.0).audio.samples
    )
    assert 20 * np.log10(amount(wave, 400) / amount(wave, 900)) == pytest.approx(-12.0, abs=0.1)


def test_one_channel_comes_from_the_middle_and_six_are_folded_to_two() -> None:
    mono = np.asarray(mix(Context(), tone(400, 1, channels=1)).audio.samples)
    assert np.array_equal(mono[:, 0], mono[:, 1])
    assert mix(Context(), tone(400, 1, channels=6)).audio.channels == 2


def test_nothing_and_silence_give_silence() -> None:
    assert len(mix(Context()).audio.samples) == 0
    quiet = mix(Context(), Audio(np.zeros((RATE, 2), np.float32))).audio
    assert len(quiet.samples) == RATE
    assert not quiet.samples.any()


def test_a_mix_leaves_its_inputs_as_they_were() -> None:
    music = hiss(1, 1)
    before = music.samples.copy()
    mix(Context(), music, [music], [music], music_level=6.0)
    assert np.array_equal(music.samples, before)


def test_a_file_is_read_and_what_is_no_sound_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "tone.wav"
    path.write_bytes(tone(440, 0.5, rate=48_000).write("WAV", "PCM_16"))
    read = load_audio(Context(), File("tone.wav", "blake3:0", path.stat().st_size, path)).audio
    assert (read.rate, len(read.samples)) == (48_000, 24_000)
    path.write_bytes(b"RIFF and then nothing")
    with pytest.raises(BadInput, match="no sound can be read"):
        load_audio(Context(), File("tone.wav", "blake3:0", 21, path))


def test_a_file_with_numbers_that_are_none_is_refused(tmp_path: Path) -> None:
    import soundfile

    path = tmp_path / "broken.wav"
    soundfile.write(path, np.full((100, 2), np.nan, np.float32), RATE, subtype="FLOAT")
    with pytest.raises(BadInput, match=r"the sound in broken\.wav cannot be used"):
        load_audio(Context(), File("broken.wav", "blake3:0", path.stat().st_size, path))


def test_a_part_is_cut_out_and_its_ends_are_faded() -> None:
    part = trim_audio(Context(), tone(100, 3.0, rate=48_000), 1.0, 0.5, fade_in=0.1, fade_out=0.1).audio
    assert (part.rate, part.seconds) == (48_000, 0.5)
    assert np.abs(part.samples[:48]).max() < 0.01
    assert np.abs(part.samples[-48:]).max() < 0.01
    assert np.abs(part.samples[12_000:13_000]).max() > 0.29


def test_a_cut_reaches_to_the_end_and_not_beyond_it() -> None:
    sound = tone(100, 2.0)
    assert trim_audio(Context(), sound, 0.5).audio.seconds == 1.5
    assert trim_audio(Context(), sound, 1.5, 9.0).audio.seconds == 0.5
    with pytest.raises(BadInput, match="begins at 2 s, but the sound is only 2 s long"):
        trim_audio(Context(), sound, 2.0)


@pytest.mark.parametrize("channels", [1, 2])
@pytest.mark.parametrize("rate", [8000, 48_000])
def test_a_sound_is_as_loud_as_its_curve_is_high(rate: int, channels: int) -> None:
    given = Audio(np.full((rate, channels), 0.4, np.float32), rate)
    made = shape_loudness(Context(), given, Curve(points=((0.0, 0.0), (0.5, 2.0), (1.0, 1.0)))).audio
    assert (made.rate, made.samples.shape) == (rate, given.samples.shape)
    for share, level in ((0.0, 0.0), (0.25, 0.4), (0.5, 0.8), (0.75, 0.6), (1.0, 0.4)):
        assert made.samples[round(share * (rate - 1))] == pytest.approx([level] * channels, abs=1e-3)


def test_a_curve_at_rest_gives_back_the_very_sound() -> None:
    given = hiss(1, 1)
    assert np.array_equal(shape_loudness(Context(), given).audio.samples, given.samples)
    assert len(shape_loudness(Context(), Audio(np.zeros((0, 2), np.float32), RATE)).audio.samples) == 0


def test_what_a_curve_makes_too_loud_is_held_without_clipping() -> None:
    made = shape_loudness(Context(), tone(300, 1, 0.8), Curve(points=((0.0, 1.0), (1.0, 2.0)))).audio
    assert true_peak(np.asarray(made.samples)) < -1.0
