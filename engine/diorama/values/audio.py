"""Sound, as float arrays that are written as 24-bit FLAC."""

from __future__ import annotations

import io
from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar, Self

import numpy as np

from diorama.faults import BadInput
from diorama.limits import limits
from diorama.values.value import Value

if TYPE_CHECKING:
    from pydantic import JsonValue

    from diorama.values.image import Image

Samples = np.ndarray[tuple[int, int], np.dtype[np.float32]]

STEPS = float(2**23)
"""Steps of a 24-bit sample between 0 and 1."""


@dataclass(frozen=True, slots=True, eq=False)
class Audio(Value):
    """A sound: `samples` of shape (frames, channels), float32 from -1 to 1, at `rate` frames a second.

    Samples are rounded to 24 bits when the sound is made, so that what is written is what was there.
    """

    type_name: ClassVar[str] = "audio"
    media_type: ClassVar[str] = "audio/flac"
    suffix: ClassVar[str] = ".flac"

    samples: Samples
    rate: int = 44_100

    def __post_init__(self) -> None:
        if self.samples.ndim != 2 or not 1 <= self.samples.shape[1] <= 8:
            raise ValueError(f"a sound takes samples of shape (frames, 1 to 8), not {self.samples.shape}")
        if self.rate <= 0:
            raise ValueError(f"a sound takes a rate above zero, not {self.rate}")
        peak = float(np.abs(self.samples).max(initial=0.0))
        if not peak <= 1.0:
            raise ValueError(f"samples reach {peak:.3f}, but a sound stays between -1 and 1")
        # +1.0 has no 24-bit code: the largest is one step below.
        stepped = np.minimum(np.rint(self.samples.astype(np.float64) * STEPS), STEPS - 1) / STEPS
        object.__setattr__(self, "samples", stepped.astype(np.float32))

    @property
    def seconds(self) -> float:
        """How long the sound lasts."""
        return self.samples.shape[0] / self.rate

    @property
    def channels(self) -> int:
        """1 for mono, 2 for stereo."""
        return self.samples.shape[1]

    def encode(self) -> bytes:
        """The sound as 24-bit FLAC."""
        return self.write("FLAC", "PCM_24")

    def write(self, container: str, subtype: str) -> bytes:
        """The sound in another format that libsndfile knows, such as ("WAV", "PCM_16") or ("OGG", "VORBIS")."""
        import soundfile

        buffer = io.BytesIO()
        soundfile.write(buffer, self.samples, self.rate, format=container, subtype=subtype)
        return buffer.getvalue()

    @classmethod
    def decode(cls, content: bytes) -> Self:
        """The sound that FLAC, WAV, OGG or MP3 `content` holds."""
        import soundfile

        most = limits().max_audio_samples
        try:
            with soundfile.SoundFile(io.BytesIO(content)) as file:
                if file.frames * file.channels > most:
                    raise BadInput(f"the sound claims {file.frames:,} frames, but at most {most:,} samples are taken")
                samples = file.read(dtype="float32", always_2d=True)
                rate = int(file.samplerate)
        except (soundfile.LibsndfileError, RuntimeError, ValueError) as error:
            raise BadInput(f"no sound can be read: {error}; FLAC, WAV, OGG or MP3 is wanted") from error
        return cls(np.clip(samples, -1.0, 1.0), rate)

    def describe(self) -> dict[str, JsonValue]:
        """Seconds, rate in hertz, channels and peak in dBFS."""
        peak = float(np.abs(self.samples).max(initial=0.0))
        return {
            "seconds": round(self.seconds, 3),
            "rate": self.rate,
            "channels": self.channels,
            "peak_dbfs": round(20 * float(np.log10(max(peak, 1e-9))), 2),
        }

    def thumbnail(self) -> Image | None:
        """The wave form, 236 x 140 pixels, or None for a sound with nothing in it."""
        from diorama.values.image import THUMBNAIL_SIZE, Image

        width, height = THUMBNAIL_SIZE
        if self.samples.shape[0] < width:
            return None
        columns = np.array_split(np.abs(self.samples).max(axis=1), width)
        reach = np.array([column.max() for column in columns]) * (height / 2 - 2)
        distance = np.abs(np.arange(height)[:, None] - height / 2)
        ink = distance <= np.maximum(reach, 0.5)[None, :]
        pixels = np.where(ink[:, :, None], np.array([170, 141, 222]), np.array([31, 35, 43]))
        return Image(pixels.astype(np.uint8))
