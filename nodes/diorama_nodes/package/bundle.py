"""The zip and its manifest."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Sequence
from dataclasses import dataclass

import orjson
from blake3 import blake3
from pydantic import JsonValue

from diorama.values import Scene
from diorama_nodes.plan.schema import ScenePlan

FORMAT = 1
MOMENT = (1980, 1, 1, 0, 0, 0)
"""Time of every file in the zip, the earliest that zip has: the time of packing would make each zip another."""
SQUEEZE = 1
"""zlib level: on the scene of an alley, 6 takes twice as long and packs 4 % tighter."""
PACKED = frozenset({"image/png", "audio/mpeg", "audio/ogg", "audio/wav"})
"""Media types that are compressed already, or do not get smaller: a WAV loses 5 %, a scene 60 %."""

README = """\
{title}

scene.glb       the scene: shapes, figures, lights, camera and animation in one file.
                Drop it on https://threejs.org/editor or https://sandbox.babylonjs.com,
                or import it in Blender with File > Import > glTF 2.0.
audio.wav       the sound, lossless; audio.mp3 and audio.ogg are smaller copies of it.
picture.png     how the scene looks.
{more}timeline.json   when the camera moves, who does what, where each bar of the music starts.
plan.json       what was read out of the sentence that the scene was made from.
manifest.json   every file with its size and BLAKE3 digest, and what could not be taken up.

Picture, sound and animation start together: play audio and scene from second 0.
"""
SPLAT = """\
background.splat  gaussians around the scene, in its metres; Y points down, as in all such files.
                Drop it on https://superspl.at/editor or on another viewer of splats.
"""
PROCEDURAL = (
    "Everything here is computed from rules and noise: no recordings, scans, pictures or model weights of others "
    "went into it, and whoever made it may use it freely."
)


@dataclass(frozen=True, slots=True)
class Member:
    """A file of the zip."""

    name: str
    media_type: str
    content: bytes


def json_member(name: str, document: JsonValue) -> Member:
    """A file of readable JSON."""
    return Member(name, "application/json", orjson.dumps(document, option=orjson.OPT_INDENT_2) + b"\n")


def readme_member(title: str, *, has_splat: bool = False) -> Member:
    """A page on how to open the other files."""
    text = README.format(title=title, more=SPLAT if has_splat else "")
    return Member("README.txt", "text/plain", text.encode())


def manifest_of(
    members: Sequence[Member], scene: Scene, plan: ScenePlan, report: Sequence[str], license_note: str
) -> dict[str, JsonValue]:
    """What is in the zip and where it comes from."""
    files: list[JsonValue] = [
        {
            "name": member.name,
            "media_type": member.media_type,
            "bytes": len(member.content),
            "digest": f"blake3:{blake3(member.content).hexdigest()}",
        }
        for member in members
    ]
    unplaced: list[JsonValue] = [{"text": words.text, "reason": words.reason} for words in plan.unplaced]
    return {
        "format": FORMAT,
        "generator": "Diorama",
        "title": scene.title,
        "prompt": plan.prompt,
        "planner": plan.planner,
        "seconds": scene.seconds,
        "scene": scene.describe(),
        "files": files,
        "unplaced": unplaced,
        "layout": list(report),
        "license": license_note,
    }


def zipped(members: Sequence[Member]) -> bytes:
    """The files as zip, the same bytes for the same files."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for member in members:
            entry = zipfile.ZipInfo(member.name, MOMENT)
            entry.create_system = 3
            entry.external_attr = 0o100644 << 16
            entry.compress_type = zipfile.ZIP_STORED if member.media_type in PACKED else zipfile.ZIP_DEFLATED
            archive.writestr(entry, member.content, compresslevel=SQUEEZE)
    return buffer.getvalue()
