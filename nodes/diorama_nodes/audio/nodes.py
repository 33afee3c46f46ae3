"""The audio nodes: music, the sounds of a place, footsteps, and the mix of all three."""

from __future__ import annotations

from typing import Annotated, NamedTuple

import numpy as np
from pydantic import Field

from diorama.context import Context
from diorama.curve import Curve, Heights
from diorama.faults import BadInput
from diorama.limits import limits
from diorama.node import Advanced, Cost, Unit, node
from diorama.types import File, Seed
from diorama.values.audio import Audio, Samples
from diorama.values.motion import Motion
from diorama_nodes.audio.footfall import Surface
from diorama_nodes.audio.measurement import AudioReport
from diorama_nodes.audio.signal import Wave
from diorama_nodes.plan.schema import MusicSpec, SoundSpec

MUSIC_LUFS = -16.0
CEILING_DBTP = -1.0
LEVEL = Curve(points=((0.0, 1.0), (1.0, 1.0)))

Seconds = Annotated[float, Field(gt=0, le=600, description="how long the sound lasts"), Unit("s")]
Decibels = Annotated[float, Field(ge=-60, le=24, description="louder above 0, softer below"), Unit("dB")]


def _audio(wave: Wave) -> Audio:
    from diorama_nodes.audio.signal import RATE

    samples: Samples = np.clip(wave, -1.0, 1.0).reshape(len(wave), 2)
    return Audio(samples, RATE)


class Sound(NamedTuple):
    """A sound."""

    audio: Audio


class Measured(NamedTuple):
    """What a sound measures."""

    report: AudioReport


@node(version=1, cost=Cost(seconds=0.7), category="audio")
def compose(
    ctx: Context,
    music: Annotated[MusicSpec | None, Field(description="the score that is asked for; without one there is silence")],
    seconds: Seconds = 12.0,
    seed: Annotated[Seed, Field(description="another number, another piece")] = 0,
) -> Sound:
    """Compose and play a piece that comes to rest when its time is over.

    Genre, tempo, key, mode, metre, instruments and mood decide harmony, bass, tune and drums. The sound is stereo at
    -16 LUFS with true peaks below -1 dBTP. A waltz is in three whatever metre is asked for.
    """
    from diorama_nodes.audio.limiter import mastered
    from diorama_nodes.audio.music.composer import composed
    from diorama_nodes.audio.music.genres import GENRES
    from diorama_nodes.audio.music.performance import performed
    from diorama_nodes.audio.signal import frames, silence

    if music is None:
        return Sound(_audio(silence(frames(seconds))))
    ctx.progress(0.0, "writing the score")
    score = composed(music, seconds, seed)
    ctx.progress(0.05, "playing")
    played = performed(
        score, GENRES[music.genre], seconds, seed, lambda part: ctx.progress(0.05 + 0.8 * part, "playing")
    )
    ctx.progress(0.9, "mastering")
    return Sound(_audio(mastered(played, MUSIC_LUFS, CEILING_DBTP)))


@node(version=1, cost=Cost(seconds=0.3), category="audio")
def ambience(
    ctx: Context,
    sound: Annotated[SoundSpec, Field(description="which sound, and how loud")],
    seconds: Seconds = 12.0,
    seed: Annotated[Seed, Field(description="another number, another rain")] = 0,
) -> Sound:
    """Make the sound of a place or of the weather, without a loop, at the level that is asked for."""
    from diorama_nodes.audio.places.ambiences import place_sound

    ctx.progress(0.0, f"making {sound.kind}")
    return Sound(_audio(place_sound(sound, seconds, seed, lambda: ctx.progress(0.7, "setting the level"))))


@node(version=1, cost=Cost(seconds=0.1), category="audio")
def footsteps(
    ctx: Context,
    motion: Annotated[Motion, Field(description="the motion whose contacts with the ground are heard")],
    surface: Annotated[Surface, Field(description="what the feet come down on")] = "asphalt",
    seed: Annotated[Seed, Field(description="another number, other shoes")] = 0,
) -> Sound:
    """Make a step at each start of a contact: harder the faster the figure goes, and heard from where it is."""
    from diorama_nodes.audio.footfall import step_track
    from diorama_nodes.audio.limiter import limited

    ctx.progress(0.0, "setting the steps")
    track = step_track(motion, surface, seed, ctx.check_cancelled)
    return Sound(_audio(limited(track, CEILING_DBTP)))


@node(version=1, cost=Cost(seconds=0.4), category="audio")
def mix(
    ctx: Context,
    music: Annotated[Audio | None, Field(description="the score")] = None,
    ambience: Annotated[list[Audio], Field(description="the sounds of the place")] = [],  # noqa: B006
    effects: Annotated[list[Audio], Field(description="steps and other sounds of what happens")] = [],  # noqa: B006
    music_level: Decibels = 0.0,
    ambience_level: Decibels = 0.0,
    effects_level: Decibels = 0.0,
    loudness: Annotated[
        float, Field(ge=-40, le=-8, description="integrated loudness of the mix"), Unit("LUFS"), Advanced
    ] = -16.0,
    ceiling: Annotated[
        float, Field(ge=-12, le=-0.1, description="highest true peak"), Unit("dBTP"), Advanced
    ] = CEILING_DBTP,
) -> Sound:
    """Mix music, ambience and effects to one stereo sound of a given loudness, without clipping.

    Sounds of other rates are resampled, and shorter ones end in silence. A limiter that looks ahead keeps the peaks
    below the ceiling. Nothing given, or nothing but silence, gives silence.
    """
    from diorama_nodes.audio.limiter import mastered
    from diorama_nodes.audio.mixing import Voicing, mixed

    groups = [
        Voicing([music] if music is not None else [], music_level),
        Voicing(ambience, ambience_level),
        Voicing(effects, effects_level),
    ]
    ctx.progress(0.0, "mixing")
    together = mixed(groups, ctx.check_cancelled)
    ctx.progress(0.4, "mastering")
    return Sound(_audio(mastered(together, loudness, ceiling)))


@node(version=1, cost=Cost(seconds=0.1), category="audio")
def load_audio(
    ctx: Context,
    file: Annotated[File, Field(description="a FLAC, WAV, OGG or MP3 file")],
) -> Sound:
    """Read a sound from a file."""
    most = limits().max_file_bytes
    if file.size > most:
        raise BadInput(f"{file.name} has {file.size:,} bytes, but at most {most:,} are taken")
    try:
        return Sound(Audio.decode(file.read()))
    except BadInput:
        raise
    except ValueError as error:
        raise BadInput(f"the sound in {file.name} cannot be used: {error}") from error


@node(version=1, cost=Cost(seconds=0.02), category="audio")
def trim_audio(
    ctx: Context,
    audio: Annotated[Audio, Field(description="the sound to cut from")],
    start: Annotated[float, Field(ge=0, description="where the part begins"), Unit("s")] = 0.0,
    seconds: Annotated[float | None, Field(gt=0, description="how long it is; to the end without"), Unit("s")] = None,
    fade_in: Annotated[float, Field(ge=0, le=60, description="over how long it comes up"), Unit("s"), Advanced] = 0.005,
    fade_out: Annotated[
        float, Field(ge=0, le=60, description="over how long it dies away"), Unit("s"), Advanced
    ] = 0.02,
) -> Sound:
    """Cut a part out of a sound and fade its ends."""
    from diorama_nodes.audio.signal import RATE, ramp

    if start >= audio.seconds:
        raise BadInput(f"the part begins at {start:g} s, but the sound is only {audio.seconds:g} s long")
    first = round(start * audio.rate)
    last = len(audio.samples) if seconds is None else min(first + round(seconds * audio.rate), len(audio.samples))
    part = audio.samples[first:last]
    fades = ramp(len(part), fade_in * audio.rate / RATE, fade_out * audio.rate / RATE)
    samples: Samples = np.multiply(part, fades[:, None], dtype=np.float32).reshape(len(part), audio.channels)
    return Sound(Audio(samples, audio.rate))


@node(version=1, cost=Cost(seconds=0.1), category="audio")
def shape_loudness(
    ctx: Context,
    audio: Annotated[Audio, Field(description="the sound to shape")],
    curve: Annotated[
        Curve,
        Heights(0, 2),
        Field(description="how loud it is from its beginning to its end: 1 leaves it as it is, 0 is silence"),
    ] = LEVEL,
) -> Sound:
    """Make a sound louder and softer over its length; what becomes too loud is held without clipping."""
    from diorama_nodes.audio.limiter import limited
    from diorama_nodes.audio.shaping import shaped

    wave = shaped(audio.samples, curve, ctx.check_cancelled)
    # Nothing is touched that fits: a curve at rest gives back the very sound.
    if np.abs(wave).max(initial=0.0) > 1:
        wave = limited(wave, CEILING_DBTP).reshape(wave.shape)
    return Sound(Audio(wave, audio.rate))


@node(version=1, cost=Cost(seconds=0.5), category="audio")
def measure_audio(
    ctx: Context,
    audio: Annotated[Audio, Field(description="the sound to measure")],
) -> Measured:
    """Measure a sound: loudness and true peak (ITU-R BS.1770-4), and an estimate of its tempo and key."""
    from diorama_nodes.audio.measurement import measured
    from diorama_nodes.audio.mixing import stereo

    ctx.progress(0.0, "measuring")
    return Measured(measured(stereo(audio)))
