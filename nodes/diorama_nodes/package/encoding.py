"""Sound as WAV, MP3 and OGG, the same bytes for the same sound."""

from __future__ import annotations

import io
from collections.abc import Callable
from typing import Literal

import numpy as np

from diorama.faults import BadInput
from diorama.values import Audio
from diorama_nodes.package.ogg import with_serial

DITHER_SEED = 16
SERIAL = 0x64696F72
"""Serial number of the one stream of an OGG; "dior" read as a number."""
BLOCK = 65_536
"""Frames that are encoded at once: a cancel takes hold between two blocks."""
MP3_RATES = (8_000, 11_025, 12_000, 16_000, 22_050, 24_000, 32_000, 44_100, 48_000)

Progress = Callable[[float], None]
Steps = np.ndarray[tuple[int, int], np.dtype[np.int16]]


def wav(audio: Audio, progress: Progress) -> bytes:
    """The sound as 16-bit WAV."""
    return _written(audio, "WAV", "PCM_16", None, progress, dithered(audio))


def dithered(audio: Audio) -> Steps:
    """The samples in 16 bits, (frames, channels), rounded with triangular noise of two steps; silence stays silent.

    The noise turns the distortion of rounding into an even hiss (Lipshitz, Wannamaker and Vanderkooy, 1992).
    """
    random = np.random.default_rng(DITHER_SEED)
    shape = audio.samples.shape
    noise = random.random(shape, np.float32) - random.random(shape, np.float32)
    steps = np.rint(audio.samples * np.float32(32_768) + noise)
    return np.where(audio.samples == 0, 0, np.clip(steps, -32_768, 32_767)).astype(np.int16)


def mp3(audio: Audio, kbps: int, progress: Progress) -> bytes:
    """The sound as MP3 of a constant bit rate; raises `BadInput` for a rate or channels that MP3 does not have."""
    if audio.rate not in MP3_RATES or audio.channels > 2:
        raise BadInput(
            f"the sound has {audio.channels} channels at {audio.rate:,} Hz, but MP3 takes one or two channels at "
            f"{', '.join(f'{rate:,}' for rate in MP3_RATES)} Hz"
        )
    least, most = (32, 320) if audio.rate >= 32_000 else (8, 160)
    level = (most - min(max(kbps, least), most)) / (most - least)
    return _written(audio, "MP3", "MPEG_LAYER_III", (level, "CONSTANT"), progress, audio.samples)


def ogg(audio: Audio, quality: float, progress: Progress) -> bytes:
    """The sound as Vorbis of a quality from 0 to 1, under a fixed serial number in place of a random one."""
    content = _written(audio, "OGG", "VORBIS", (1.0 - quality, None), progress, audio.samples)
    return with_serial(content, SERIAL)


def _written(
    audio: Audio,
    container: str,
    subtype: str,
    effort: tuple[float, Literal["CONSTANT"] | None] | None,
    progress: Progress,
    samples: np.ndarray[tuple[int, int], np.dtype[np.generic]],
) -> bytes:
    import soundfile

    buffer = io.BytesIO()
    level, mode = effort or (None, None)
    with soundfile.SoundFile(
        buffer,
        "w",
        audio.rate,
        audio.channels,
        subtype,
        format=container,
        compression_level=level,
        bitrate_mode=mode,
    ) as file:
        for start in range(0, len(samples), BLOCK):
            progress(start / len(samples))
            file.write(samples[start : start + BLOCK])
    return buffer.getvalue()
