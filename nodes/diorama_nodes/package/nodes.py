"""Nodes that turn a finished scene and its sound into files to take away."""

from __future__ import annotations

from typing import Annotated, NamedTuple

from pydantic import Field, JsonValue

from diorama.context import Context
from diorama.faults import BadInput
from diorama.node import Advanced, Cost, Unit, node
from diorama.values import Audio, Image, Motion, Scene, Splat
from diorama_nodes.package.bundle import PROCEDURAL
from diorama_nodes.package.files import Bundle, Mp3, Ogg, Wav
from diorama_nodes.plan.schema import ScenePlan
from diorama_nodes.splats.files import SplatRows


class EncodedAudio(NamedTuple):
    """One sound in three formats."""

    wav: Wav
    mp3: Mp3
    ogg: Ogg


@node(version=1, cost=Cost(seconds=0.7), category="package")
def encode_audio(
    ctx: Context,
    audio: Annotated[Audio, Field(description="the sound, one or two channels")],
    mp3_bitrate: Annotated[
        int, Field(ge=32, le=320, description="bit rate of the MP3"), Unit("kbit/s"), Advanced
    ] = 192,
    ogg_quality: Annotated[
        float, Field(ge=0, le=1, description="quality of the OGG; 0.5 is about 160 kbit/s"), Advanced
    ] = 0.5,
) -> EncodedAudio:
    """Write a sound as 16-bit WAV, MP3 and OGG."""
    from diorama_nodes.package import encoding

    if not len(audio.samples):
        raise BadInput("the sound has no samples, but one at least is wanted to write it as a file")
    wav = encoding.wav(audio, lambda part: ctx.progress(part * 0.1, "WAV"))
    mp3 = encoding.mp3(audio, mp3_bitrate, lambda part: ctx.progress(0.1 + part * 0.6, "MP3"))
    ogg = encoding.ogg(audio, ogg_quality, lambda part: ctx.progress(0.7 + part * 0.3, "OGG"))
    return EncodedAudio(Wav(wav), Mp3(mp3), Ogg(ogg))


class Timeline(NamedTuple):
    """What happens when."""

    timeline: dict[str, JsonValue]


@node(version=1, cost=Cost(seconds=0.02), category="package")
def timeline(
    ctx: Context,
    plan: Annotated[ScenePlan, Field(description="tells sounds and music")],
    scene: Annotated[Scene, Field(description="tells camera, figures and length")],
    motions: Annotated[
        list[Motion] | None, Field(description="one for each figure; without them, those that the scene holds")
    ] = None,
) -> Timeline:
    """List camera keys, each figure's clips and steps, sounds and bars of music by their seconds."""
    from diorama_nodes.package.timeline import timeline_of

    chosen = [actor.motion for actor in scene.actors] if motions is None else motions
    return Timeline(timeline_of(plan, scene, chosen))


class Packaged(NamedTuple):
    """Everything in one file, and the list of what it holds."""

    bundle: Bundle
    manifest: dict[str, JsonValue]


@node(version=1, cost=Cost(seconds=0.2), category="package")
def package(
    ctx: Context,
    scene: Annotated[Scene, Field(description="becomes scene.glb")],
    picture: Annotated[Image, Field(description="becomes picture.png")],
    wav: Annotated[Wav, Field(description="becomes audio.wav")],
    mp3: Annotated[Mp3, Field(description="becomes audio.mp3")],
    ogg: Annotated[Ogg, Field(description="becomes audio.ogg")],
    timeline: Annotated[dict[str, JsonValue], Field(description="becomes timeline.json")],
    plan: Annotated[
        ScenePlan, Field(description="becomes plan.json; what it could not take up goes into the manifest")
    ],
    report: Annotated[list[str] | None, Field(description="what the layout could not place as asked")] = None,
    splat: Annotated[Splat | None, Field(description="becomes background.splat: what stands around the scene")] = None,
    license_note: Annotated[
        str,
        Field(max_length=2000, description="terms of use; the default holds where no file of others was wired in"),
        Advanced,
    ] = PROCEDURAL,
) -> Packaged:
    """Pack scene, picture, sound, timeline, plan, and a splat where there is one, into a zip with a manifest."""
    from diorama_nodes.package.bundle import Member, json_member, manifest_of, readme_member, zipped

    members = [Member("scene.glb", Scene.media_type, scene.encode())]
    ctx.progress(0.3, "scene written")
    members += [
        Member("audio.wav", Wav.media_type, wav.content),
        Member("audio.mp3", Mp3.media_type, mp3.content),
        Member("audio.ogg", Ogg.media_type, ogg.content),
        Member("picture.png", Image.media_type, picture.encode()),
        json_member("timeline.json", timeline),
        json_member("plan.json", plan.model_dump(mode="json")),
        readme_member(scene.title, has_splat=splat is not None),
    ]
    if splat is not None:
        from diorama.values.splat_rows import write_rows

        members.append(Member("background.splat", SplatRows.media_type, write_rows(splat.flipped())))
    manifest = manifest_of(members, scene, plan, report or [], license_note)
    ctx.progress(0.5, "packing")
    return Packaged(Bundle(zipped([*members, json_member("manifest.json", manifest)])), manifest)
