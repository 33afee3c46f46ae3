"""Which voice an instrument's name means, and what roles it can take."""

from __future__ import annotations

import re

from diorama_nodes.audio.music.score import Role

NAMED: tuple[tuple[str, str, tuple[Role, ...]], ...] = (
    (r"electric piano|rhodes|wurli|e-?piano", "electric_piano", ("chords", "melody")),
    (r"harpsichord|cembalo", "harpsichord", ("melody", "chords")),
    (r"piano|klavier|ピアノ", "piano", ("melody", "chords")),
    (r"organ|accordion|harmonium", "organ", ("chords", "melody")),
    (r"ukulele|uke|ウクレレ", "ukulele", ("chords", "melody")),
    (r"bass guitar|electric bass", "bass_guitar", ("bass",)),
    (r"synth bass|sub bass|808", "synth_bass", ("bass",)),
    (r"double bass|contrabass|upright|^bass$", "double_bass", ("bass",)),
    (r"electric guitar|distort", "electric_guitar", ("chords", "melody")),
    (r"guitar|gitarre|banjo|\blute|mandolin|ギター", "guitar", ("chords", "melody")),
    (r"harp|harfe", "harp", ("chords", "melody")),
    (r"koto|shamisen|sitar|guzheng|zither|琴|三味線", "koto", ("melody", "chords")),
    (r"violin|fiddle|geige|viola", "violins", ("melody", "pad")),
    (r"cello", "cellos", ("melody", "bass")),
    (r"string|orchestra|streicher", "strings", ("pad", "melody")),
    (r"flute|flöte|shakuhachi|whistle|recorder|pipe|尺八|笛", "flute", ("melody",)),
    (r"clarinet|oboe|reed|bassoon", "clarinet", ("melody",)),
    (r"sax", "saxophone", ("melody",)),
    (r"trumpet|cornet|bugle|trompete", "trumpet", ("melody",)),
    (r"horn|trombone|brass", "horns", ("chords", "melody")),
    (r"tuba", "tuba", ("bass",)),
    (r"choir|voice|vocal|chor", "choir", ("pad", "melody")),
    (r"vibraphone|marimba|xylophone|kalimba", "vibraphone", ("melody", "chords")),
    (r"bell|glocken|chime|celesta|music box|spieluhr", "bells", ("melody", "chords")),
    (r"bass", "bass_guitar", ("bass",)),
    (r"pad|drone", "pad", ("pad",)),
    (r"lead", "lead", ("melody",)),
    (r"synth|keyboard", "pluck", ("chords", "melody")),
)
"""Words, the voice they mean, and its roles, the likeliest first. The first row that fits is taken."""

DRUMS = r"drum|percussion|beat|taiko|schlagzeug|snare|ドラム|太鼓"

RHYTHMIC = ("lofi", "electronic", "rock", "jazz", "march")
"""Genres that keep their bass and drums when other instruments are named: without them they would be something else."""


LOWER = {
    "piano": "piano",
    "electric_piano": "electric_piano",
    "guitar": "guitar",
    "harp": "harp",
    "organ": "organ",
    "koto": "koto",
    "strings": "cellos",
    "violins": "cellos",
    "horns": "tuba",
}
"""What plays the bass under a voice, where no bass is named."""


def voice_named(name: str) -> tuple[str, tuple[Role, ...]] | None:
    """The voice and roles of an instrument's name, or None where it is no tuned instrument that is known."""
    plain = name.lower().replace("_", " ")
    if re.search(DRUMS, plain):
        return None
    for words, voice, roles in NAMED:
        if re.search(words, plain):
            return voice, roles
    return None


def has_drums(names: tuple[str, ...]) -> bool:
    """Whether drums are among the names."""
    return any(re.search(DRUMS, name.lower()) for name in names)


def cast_voices(genre: str, own: dict[Role, str], names: tuple[str, ...]) -> dict[Role, str]:
    """Voices by role: the genre's own, or those that are named, each in the likeliest role still free."""
    found = [voice for voice in map(voice_named, names) if voice]
    if genre in RHYTHMIC:
        # "Bass" alone means the bass that the genre has.
        found = [(own["bass"], roles) if roles == ("bass",) else (voice, roles) for voice, roles in found]
    if not found:
        return dict(own)
    chosen: dict[Role, str] = {}
    for voice, roles in sorted(found, key=lambda pair: len(pair[1])):
        free = [role for role in roles if role not in chosen]
        if free:
            chosen[free[0]] = voice
    if len(found) == 1 and len(found[0][1]) == 2 and "bass" not in found[0][1]:
        # One instrument alone plays both the tune and what goes with it.
        chosen = dict.fromkeys(found[0][1], found[0][0])
    if genre in RHYTHMIC:
        chosen.setdefault("bass", own["bass"])
        if "melody" not in chosen and "chords" not in chosen:
            chosen.setdefault("chords", own["chords"])
    if "chords" not in chosen and "pad" not in chosen and genre != "ambient":
        chosen.setdefault("chords", own["chords"])
    if "bass" not in chosen:
        lower = [LOWER[chosen[role]] for role in ("chords", "pad") if role in chosen and chosen[role] in LOWER]
        chosen.update({"bass": lower[0]} if lower else {})
    if genre == "ambient":
        chosen.setdefault("pad", own["pad"])
    return chosen
