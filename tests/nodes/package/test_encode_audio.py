from __future__ import annotations

import io
import subprocess
import sys
from contextlib import suppress

import numpy as np
import pytest
import soundfile
from hypothesis import given, settings
from hypothesis import strategies as st

from diorama.context import Cancelled, Context
from diorama.faults import BadInput
from diorama.values import Audio
from diorama_nodes.package.encoding import SERIAL, dithered
from diorama_nodes.package.files import Bundle, Mp3, Ogg, Wav
from diorama_nodes.package.nodes import EncodedAudio, encode_audio
from diorama_nodes.package.ogg import checksum, with_serial


def tone(seconds: float = 1.0, rate: int = 44_100, channels: int = 2, level: float = 0.5) -> Audio:
    times = np.arange(int(seconds * rate)) / rate
    waves = [np.sin(2 * np.pi * (440 + 110 * channel) * times) * level for channel in range(channels)]
    return Audio(np.stack(waves, axis=1).astype(np.float32), rate)


SOUNDS = [
    ("stereo at 44.1 kHz", tone()),
    ("mono at 44.1 kHz", tone(channels=1)),
    ("stereo at 48 kHz", tone(rate=48_000)),
    ("mono at 22 kHz", tone(rate=22_050, channels=1)),
    ("a hundredth of a second", tone(0.01)),
]


@pytest.mark.parametrize(("name", "audio"), SOUNDS, ids=[sound[0] for sound in SOUNDS])
def test_every_format_plays_the_same_sound(name: str, audio: Audio) -> None:
    files = encode_audio(Context(), audio)
    for content, subtype in zip(_contents(files), ("PCM_16", "MPEG_LAYER_III", "VORBIS"), strict=True):
        facts = soundfile.info(io.BytesIO(content))
        assert (facts.samplerate, facts.channels, facts.subtype) == (audio.rate, audio.channels, subtype)
        assert Audio.decode(content).samples.shape == audio.samples.shape
    assert [Wav.decode(files.wav.encode()), Mp3.decode(files.mp3.encode()), Ogg.decode(files.ogg.encode())] == [*files]


def _contents(files: EncodedAudio) -> list[bytes]:
    return [files.wav.content, files.mp3.content, files.ogg.content]


@pytest.mark.parametrize(("name", "audio"), SOUNDS[:4], ids=[sound[0] for sound in SOUNDS[:4]])
def test_what_is_heard_is_the_sound_but_for_a_little_gain_and_noise(name: str, audio: Audio) -> None:
    meant = audio.samples[4096:-4096]
    for content, noise in zip(_contents(encode_audio(Context(), audio)), (2e-5, 2e-4, 4e-3), strict=True):
        heard = Audio.decode(content).samples[4096:-4096]
        gain = float((heard * meant).sum() / (meant * meant).sum())
        # The MP3 encoder turns the level down by up to 5 % against clipping.
        assert 0.94 < gain < 1.02
        assert np.sqrt(np.mean((heard - gain * meant) ** 2)) < noise


def test_the_same_sound_gives_the_same_bytes_in_another_process() -> None:
    audio = tone(0.3)
    program = (
        "import sys; from diorama.context import Context; from diorama.values import Audio\n"
        "from diorama_nodes.package.nodes import encode_audio\n"
        "files = encode_audio(Context(), Audio.decode(sys.stdin.buffer.read()))\n"
        "sys.stdout.buffer.write(b''.join(file.content for file in files))"
    )
    done = subprocess.run(
        [sys.executable, "-c", program], input=audio.encode(), capture_output=True, check=True, timeout=60
    )
    assert done.stdout == b"".join(_contents(encode_audio(Context(), audio)))


def test_bit_rate_and_quality_make_files_larger() -> None:
    audio = Audio((np.random.default_rng(1).normal(size=(88_200, 2)) * 0.1).astype(np.float32))
    small = encode_audio(Context(), audio, mp3_bitrate=64, ogg_quality=0.1)
    large = encode_audio(Context(), audio, mp3_bitrate=256, ogg_quality=0.9)
    assert abs(len(small.mp3.content) * 8 / 2000 - 64) < 5
    assert abs(len(large.mp3.content) * 8 / 2000 - 256) < 12
    assert len(large.ogg.content) > 2 * len(small.ogg.content)


def test_dither_keeps_what_rounding_would_lose() -> None:
    whisper = tone(level=0.4 / 32_768)
    steps = dithered(whisper)
    times = np.arange(len(steps)) / 44_100
    heard = 2 * np.mean(steps[:, 0] * np.sin(2 * np.pi * 440 * times))
    assert 0.3 < heard < 0.5
    assert np.rint(whisper.samples * 32_768).max() == 0


def test_silence_stays_silent_and_the_loudest_sample_does_not_turn_over() -> None:
    assert not dithered(Audio(np.zeros((100, 2), np.float32))).any()
    assert dithered(Audio(np.ones((1000, 1), np.float32))).min() > 32_000


@given(st.binary(max_size=300))
def test_the_checksum_is_that_of_the_format(page: bytes) -> None:
    wanted = 0
    for byte in page:
        wanted ^= byte << 24
        for _ in range(8):
            wanted = (wanted << 1 ^ 0x04C11DB7) & 0xFFFFFFFF if wanted & 0x80000000 else wanted << 1
    assert checksum(page) == wanted


def test_every_page_carries_the_fixed_serial_number_and_its_own_checksum() -> None:
    content = encode_audio(Context(), tone(3.0)).ogg.content
    assert content.count(b"OggS") > 2
    assert content[14:18] == SERIAL.to_bytes(4, "little")
    assert with_serial(content, SERIAL) == content
    assert with_serial(with_serial(content, 1), SERIAL) == content


@settings(max_examples=60)
@given(st.data())
def test_damaged_pages_are_refused_or_rewritten(draw: st.DataObject) -> None:
    content = bytearray(encode_audio(Context(), tone(0.02)).ogg.content)
    del content[draw.draw(st.integers(0, len(content))) :]
    if content:
        content[draw.draw(st.integers(0, len(content) - 1))] ^= draw.draw(st.integers(0, 255))
    with suppress(BadInput):
        assert len(with_serial(bytes(content), 5)) == len(content)


REFUSED = [
    ("no samples", Audio(np.zeros((0, 2), np.float32)), "no samples"),
    ("three channels", Audio(np.zeros((10, 3), np.float32)), "MP3 takes one or two channels"),
    ("a rate that MP3 does not have", Audio(np.zeros((10, 1), np.float32), 96_000), "MP3 takes"),
]


@pytest.mark.parametrize(("name", "audio", "said"), REFUSED, ids=[refused[0] for refused in REFUSED])
def test_a_sound_that_cannot_be_written_is_refused(name: str, audio: Audio, said: str) -> None:
    with pytest.raises(BadInput, match=said):
        encode_audio(Context(), audio)


def test_a_cancel_takes_hold_between_blocks() -> None:
    ctx = Context()
    ctx.on_progress = lambda fraction, message: ctx.cancelled.set() if message == "MP3" else None
    with pytest.raises(Cancelled):
        encode_audio(ctx, tone(2.0))


@pytest.mark.parametrize("kind", [Wav, Mp3, Ogg, Bundle])
def test_bytes_of_another_kind_are_refused(kind: type[Wav | Mp3 | Ogg | Bundle]) -> None:
    for content in (b"", b"GIF89a", bytes(64)):
        with pytest.raises(BadInput, match="bytes given are no"):
            kind.decode(content)
