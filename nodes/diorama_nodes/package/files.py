"""Finished files: sound in the formats that players take, and the zip that holds everything."""

from __future__ import annotations

import io
import zipfile
from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from diorama.faults import BadInput
from diorama.values.container import Container

if TYPE_CHECKING:
    from pydantic import JsonValue


@dataclass(frozen=True, slots=True)
class Wav(Container):
    """A sound as WAV."""

    type_name: ClassVar[str] = "wav"
    media_type: ClassVar[str] = "audio/wav"
    suffix: ClassVar[str] = ".wav"

    @classmethod
    def check(cls, content: bytes) -> None:
        """Refuse what does not start as WAV does."""
        if content[:4] != b"RIFF" or content[8:12] != b"WAVE":
            raise BadInput(f"{len(content):,} bytes given are no WAV: `RIFF` and `WAVE` are missing at their start")


@dataclass(frozen=True, slots=True)
class Mp3(Container):
    """A sound as MP3."""

    type_name: ClassVar[str] = "mp3"
    media_type: ClassVar[str] = "audio/mpeg"
    suffix: ClassVar[str] = ".mp3"

    @classmethod
    def check(cls, content: bytes) -> None:
        """Refuse what starts with neither a tag nor the eleven bits that start a frame (ISO/IEC 11172-3)."""
        starts_frame = len(content) > 1 and content[0] == 0xFF and content[1] >= 0xE0
        if content[:3] != b"ID3" and not starts_frame:
            raise BadInput(f"{len(content):,} bytes given are no MP3: they start with neither a tag nor a frame")


@dataclass(frozen=True, slots=True)
class Ogg(Container):
    """A sound as Vorbis in OGG."""

    type_name: ClassVar[str] = "ogg"
    media_type: ClassVar[str] = "audio/ogg"
    suffix: ClassVar[str] = ".ogg"

    @classmethod
    def check(cls, content: bytes) -> None:
        """Refuse what does not start as OGG does."""
        if content[:4] != b"OggS":
            raise BadInput(f"{len(content):,} bytes given are no OGG: `OggS` is missing at their start")


@dataclass(frozen=True, slots=True)
class Bundle(Container):
    """A zip with a scene and everything that belongs to it."""

    type_name: ClassVar[str] = "bundle"
    media_type: ClassVar[str] = "application/zip"
    suffix: ClassVar[str] = ".zip"

    @classmethod
    def check(cls, content: bytes) -> None:
        """Refuse a zip whose list of files cannot be read; nothing is unpacked."""
        _names(content)

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
