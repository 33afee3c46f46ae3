"""Every voice by name."""

from __future__ import annotations

from diorama_nodes.audio.voices import keys, plucked, sustained, synths
from diorama_nodes.audio.voices.voice import Voice

VOICES: dict[str, Voice] = {
    "piano": Voice(keys.piano, -4.3, spread=0.5),
    "soft_piano": Voice(keys.soft_piano, -1.8, spread=0.4, send=1.2),
    "electric_piano": Voice(keys.electric_piano, -1.4, spread=0.3, tremolo=0.25),
    "muted_keys": Voice(keys.muted_keys, -1.1, pan=0.15, send=1.8),
    "bells": Voice(keys.bells, -6.4, spread=0.6, send=1.3),
    "vibraphone": Voice(keys.vibraphone, -3.7, pan=0.15, send=1.2),
    "organ": Voice(keys.organ, -2.0, spread=0.2),
    "harpsichord": Voice(plucked.harpsichord, -0.7, spread=0.4),
    "guitar": Voice(plucked.guitar, 1.0, pan=-0.15),
    "ukulele": Voice(plucked.ukulele, -1.2, pan=0.1),
    "koto": Voice(plucked.koto, 3.1, spread=0.3),
    "harp": Voice(plucked.harp, -6.1, spread=0.6, send=1.2),
    "electric_guitar": Voice(plucked.electric_guitar, -1.4, pan=-0.25, send=0.6, drive=6.0),
    "lead_guitar": Voice(plucked.lead_guitar, -6.1, pan=0.2, send=1.3),
    "bass_guitar": Voice(plucked.bass_guitar, -6.3, send=0.1),
    "double_bass": Voice(plucked.double_bass, -7.2, send=0.3),
    "violins": Voice(sustained.violins, 0.4, pan=-0.25, send=1.2),
    "strings": Voice(sustained.strings, 3.2, spread=0.7, send=1.2),
    "cellos": Voice(sustained.cellos, -1.6, pan=0.3),
    "flute": Voice(sustained.flute, -6.2, pan=0.12, send=1.3),
    "clarinet": Voice(sustained.clarinet, -3.9, pan=0.12, send=1.2),
    "saxophone": Voice(sustained.saxophone, -4.2, pan=0.1, send=1.2),
    "trumpet": Voice(sustained.trumpet, -1.3, pan=0.15, send=1.2),
    "horns": Voice(sustained.horns, -6.0, spread=0.4, send=1.2),
    "tuba": Voice(sustained.tuba, -4.4, pan=-0.1, send=0.6),
    "choir": Voice(sustained.choir, 4.6, spread=0.6, send=1.4),
    "lead": Voice(synths.lead, -1.1, pan=0.1, send=1.3),
    "pluck": Voice(synths.pluck, 2.1, spread=0.8, send=1.2),
    "pad": Voice(synths.pad, 1.1, spread=0.8, send=1.2),
    "synth_bass": Voice(synths.synth_bass, -7.0, send=0.05),
    "sub": Voice(synths.sub, -5.2, send=0.1),
    "soft_bass": Voice(synths.soft_bass, -4.2, send=0.05),
}
"""Levels are set by ear and by measurement, so that a note of middle force is about as loud on each."""
