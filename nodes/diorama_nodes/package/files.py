"""Finished files: sound in the formats that players take, and the zip that holds everything."""

from __future__ import annotations

import io
import zipfile
from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar, Self

from diorama.faults import BadInput
from diorama.values.value import Value

if TYPE_CHECKING:
    from pydantic import JsonValue


@dataclass(frozen=True, slots=True)
class Wav(Value):
    """A sound as WAV."""

    type_name: ClassVar[str] = "wav"
    media_type: ClassVar[str] = "audio/wav"
    suffix: ClassVar[str] = ".wav"

    content: bytes

    def encode(self) -> bytes:
        """The file as it is."""
        return self.content

    @classmethod
    def decode(cls, content: bytes) -> Self:
        """The file, which must start as WAV does."""
        if content[:4] != b"RIFF" or content[8:12] != b"WAVE":
            raise BadInput(f"{len(content):,} bytes given are no WAV: `RIFF` and `WAVE` are missing at their start")
        return cls(content)

    def describe(self) -> dict[str, JsonValue]:
        """Bytes of the file."""
        return {"bytes": len(self.content)}


@dataclass(frozen=True, slots=True)
class Mp3(Value):
    """A sound as MP3."""

    type_name: ClassVar[str] = "mp3"
    media_type: ClassVar[str] = "audio/mpeg"
    suffix: ClassVar[str] = ".mp3"

    content: bytes

    def encode(self) -> bytes:
        """The file as it is."""
        return self.content

    @classmethod
    def decode(cls, content: bytes) -> Self:
        """The file, which must start with a tag or with the eleven bits that start a frame (ISO/IEC 11172-3)."""
        starts_frame = len(content) > 1 and content[0] == 0xFF and content[1] >= 0xE0
        if content[:3] != b"ID3" and not starts_frame:
            raise BadInput(f"{len(content):,} bytes given are no MP3: they start with neither a tag nor a frame")
        return cls(content)

    def describe(self) -> dict[str, JsonValue]:
        """Bytes of the file."""
        return {"bytes": len(self.content)}


@dataclass(frozen=True, slots=True)
class Ogg(Value):
    """A sound as Vorbis in OGG."""

    type_name: ClassVar[str] = "ogg"
    media_type: ClassVar[str] = "audio/ogg"
    suffix: ClassVar[str] = ".ogg"

    content: bytes

    def encode(self) -> bytes:
        """The file as it is."""
        return self.content

    @classmethod
    def decode(cls, content: bytes) -> Self:
        """The file, which must start as OGG does."""
        if content[:4] != b"OggS":
            raise BadInput(f"{len(content):,} bytes given are no OGG: `OggS` is missing at their start")
        return cls(content)

    def describe(self) -> dict[str, JsonValue]:
        """Bytes of the file."""
        return {"bytes": len(self.content)}


@dataclass(frozen=True, slots=True)
class Bundle(Value):
    """A zip with a scene and everything that belongs to it."""

    type_name: ClassVar[str] = "bundle"
    media_type: ClassVar[str] = "application/zip"
    suffix: ClassVar[str] = ".zip"

    content: bytes

    def encode(self) -> bytes:
        """The zip as it is."""
        return self.content

    @classmethod
    def decode(cls, content: bytes) -> Self:
        """The zip, whose list of files must be readable; nothing is unpacked."""
        _names(content)
        return cls(content)

    def describe(self) -> dict[str, JsonValue]:
        """Bytes, and the names of the files inside."""
        names: list[JsonValue] = list(_names(self.content))
        return {"bytes": len(self.content), "files": names}


def _names(content: bytes) -> list[str]:
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            return archive.namelist()
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError) as error:
        raise BadInput(f"{len(content):,} bytes given are no zip: {error}") from error
