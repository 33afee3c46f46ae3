"""What a file holds, found by decoding it whole: its type and facts. For the inspecting process alone."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from diorama.faults import BadInput
from diorama.limits import limits
from diorama.server.inspection.sniff import HEAD_BYTES, Sniffed, sniffed

if TYPE_CHECKING:
    from pydantic import JsonValue

    from diorama.values.value import Value

BLOCK_FRAMES = 65536
"""Frames of a sound that are decoded at a time: a second of silence may stand for hours."""
READ_AS = {
    **dict.fromkeys(("image/png", "image/jpeg", "image/webp"), ("image", "mask")),
    "model/gltf-binary": ("mesh", "rig", "scene"),
    "application/zip": ("motion",),
}
"""Types that files of a media type can be read as, where these are other than the one they are taken for."""


@cache
def classes() -> Mapping[str, type[Value]]:
    """The artefact classes of the engine, by type."""
    from diorama.values import Audio, Image, Mask, Mesh, Motion, Rig, Scene, Splat, Video

    found: tuple[type[Value], ...] = (Audio, Image, Mask, Mesh, Motion, Rig, Scene, Splat, Video)
    return {one.type_name: one for one in found}


def inspected(path: Path, name: str, wanted: str | None) -> dict[str, JsonValue]:
    """Type, media type and facts of a file; raises `BadInput` where it is not what it claims, or not what is wanted.

    `wanted` is a type to read it as; `file` takes it unopened.
    """
    with path.open("rb") as file:
        found = sniffed(file.read(HEAD_BYTES), name)
    type_ = wanted or found.type
    if type_ != "file":
        return {"type": type_, "media_type": found.media_type, "facts": _facts(path, type_, found)}
    return {"type": "file", "media_type": found.media_type, "facts": {"name": name}}


def _facts(path: Path, type_: str, found: Sniffed) -> dict[str, JsonValue]:
    class_ = classes().get(type_)
    if class_ is None:
        known = ", ".join(sorted([*classes(), "file"]))
        raise BadInput(f"{type_!r:.60} is no type that files are read as; {known} are")
    if type_ not in READ_AS.get(found.media_type, (found.type,)):
        raise BadInput(f"the file is {found.media_type}, but {type_} is wanted")
    if type_ == "audio":
        return audio_facts(path)
    return class_.decode(path.read_bytes()).describe()


def audio_facts(path: Path) -> dict[str, JsonValue]:
    """Seconds, rate in hertz, channels and peak in dBFS of a sound, counted block by block and not as it claims."""
    peak, frames = 0.0, 0

    def hear(block: np.ndarray[tuple[int, int], np.dtype[np.float32]]) -> None:
        nonlocal peak, frames
        frames += len(block)
        peak = max(peak, float(np.abs(block).max(initial=0.0)))

    rate, channels = each_block(path, hear)
    return {
        "seconds": round(frames / rate, 3),
        "rate": rate,
        "channels": channels,
        "peak_dbfs": round(20 * float(np.log10(max(peak, 1e-9))), 2),
    }


def each_block(
    path: Path, hear: Callable[[np.ndarray[tuple[int, int], np.dtype[np.float32]]], None]
) -> tuple[int, int]:
    """Decode a sound piece by piece, each of shape (frames, channels); gives rate and channels.

    Raises `BadInput` where nothing can be read, and once more was decoded than the limit of samples.
    """
    import soundfile

    most, heard = limits().max_audio_samples, 0
    try:
        with soundfile.SoundFile(path) as file:
            rate, channels = int(file.samplerate), int(file.channels)
            while len(block := file.read(BLOCK_FRAMES, dtype="float32", always_2d=True)):
                heard += block.size
                if heard > most:
                    raise BadInput(f"the sound has more than {most:,} samples")
                hear(block)
    except (soundfile.LibsndfileError, RuntimeError, ValueError) as error:
        if isinstance(error, BadInput):
            raise
        # The error's own text would tell where the file lies.
        why = getattr(error, "error_string", type(error).__name__)
        raise BadInput(f"no sound can be read: {why} FLAC, WAV, OGG or MP3 is wanted") from error
    if not heard:
        raise BadInput("the sound holds no samples")
    return rate, channels
