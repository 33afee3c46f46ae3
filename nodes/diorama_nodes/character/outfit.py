"""Who wears what: a table from roles to outfits."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Literal

from diorama_nodes.character.skeleton import Proportions

Hat = Literal[
    "", "fedora", "wizard", "straw", "helmet", "cap", "crown", "toque", "hood", "beanie", "bowler", "halo", "peaked"
]
Hair = Literal["", "short", "bob", "long", "bun", "ponytail", "curly"]
Skirt = Literal["", "coat", "dress", "gown", "robe", "tunic", "tutu"]


STANDARD = Proportions()


@dataclass(frozen=True, slots=True)
class Outfit:
    """Clothes, hair and build. Colours are sRGB; an empty one is chosen by the seed."""

    top: str = ""
    bottom: str = "#2b3040"
    shoes: str = "#2a1d16"
    accent: str = "#c9b48a"
    """Belt, hat band, tie, plume."""
    hat: Hat = ""
    hat_color: str = ""
    hair: Hair = "short"
    hair_color: str = ""
    beard: bool = False
    skirt: Skirt = ""
    belt: bool = False
    collar: bool = False
    vest: str = ""
    """What shows between lapels, and that there are lapels."""
    tie: bool = False
    apron: str = ""
    sleeve: float = 0.96
    """Where sleeves end, as a share of the lower arm; bare arms from the elbow on at 0."""
    armour: str = ""
    robot: bool = False
    boots: float = 0.0
    """Metres of a boot's shaft above the ankle."""
    pad: float = 0.010
    """Thickness of the cloth in metres."""
    held: str = ""
    glasses: bool = False
    cape: str = ""
    build: Proportions = STANDARD


WOMAN = Proportions(height=1.68, shoulders=0.87, girth=0.93, is_curvy=True)
CHILD = Proportions(height=1.16, leg=0.92, torso=1.0, arm=0.92, head=1.38, shoulders=0.92, girth=1.06)
STOUT = Proportions(girth=1.10, belly=0.035)
TALL = Proportions(height=1.86, shoulders=1.06, girth=1.04)

ROLES: dict[str, Outfit] = {
    "person": Outfit(),
    "man": Outfit(top="#3f5f7f", collar=True, hair="short"),
    "woman": Outfit(
        top="#8f3f4f", hair="long", skirt="dress", build=WOMAN, bottom="#2b2530", accent="#2b2530", belt=True
    ),
    "child": Outfit(top="#d8882f", bottom="#37507a", shoes="#b03a3a", hair="short", sleeve=0.0, build=CHILD),
    "girl": Outfit(
        top="#d9657f", skirt="dress", hair="ponytail", shoes="#7a2f4a", sleeve=0.0, build=CHILD, bottom="#e9e2da"
    ),
    "detective": Outfit(
        top="#a98a5b",
        bottom="#33302f",
        shoes="#1d1613",
        accent="#5a4023",
        hat="fedora",
        hat_color="#4a3c2c",
        skirt="coat",
        belt=True,
        collar=True,
        vest="#d9d4c8",
        tie=True,
        pad=0.020,
        build=replace(TALL, girth=1.0),
    ),
    "knight": Outfit(
        top="#8f2f33",
        bottom="#4a4c52",
        shoes="#8b9098",
        accent="#b0333a",
        hat="helmet",
        hair="",
        skirt="tunic",
        belt=True,
        armour="#a9b0b8",
        boots=0.22,
        held="sword",
        build=TALL,
        pad=0.016,
    ),
    "dancer": Outfit(
        top="#b23a6f", bottom="#e8b9a6", shoes="#d98aa0", hair="bun", skirt="tutu", sleeve=-1.0, build=WOMAN, pad=0.005
    ),
    "robot": Outfit(top="#b7bec6", bottom="#8b939c", shoes="#5b626b", accent="#39d0ff", hair="", robot=True),
    "wizard": Outfit(
        top="#3b3a7a",
        bottom="#25244a",
        shoes="#3a2a20",
        accent="#d8b24a",
        hat="wizard",
        hair="long",
        hair_color="#d8d8d4",
        beard=True,
        skirt="robe",
        belt=True,
        held="staff",
        pad=0.022,
    ),
    "witch": Outfit(
        top="#33283f",
        bottom="#1d1824",
        shoes="#1d1824",
        accent="#7f3fa0",
        hat="wizard",
        hair="long",
        skirt="gown",
        belt=True,
        held="staff",
        build=WOMAN,
    ),
    "farmer": Outfit(
        top="#a8423a",
        bottom="#3f587f",
        shoes="#4a3322",
        accent="#3f587f",
        hat="straw",
        hat_color="#d9bd78",
        apron="#3f587f",
        boots=0.16,
        build=STOUT,
        sleeve=0.35,
    ),
    "teacher": Outfit(
        top="#5c6b4f",
        bottom="#3a3430",
        accent="#7a2f2f",
        collar=True,
        vest="#e6e1d6",
        tie=True,
        glasses=True,
        pad=0.014,
    ),
    "doctor": Outfit(
        top="#eef0ef",
        bottom="#3b4a5c",
        accent="#3b6ea5",
        skirt="coat",
        collar=True,
        vest="#a9c7d9",
        tie=True,
        glasses=True,
        pad=0.016,
    ),
    "scientist": Outfit(
        top="#eef0ef",
        bottom="#4a4650",
        accent="#7a3b7a",
        skirt="coat",
        collar=True,
        vest="#c9bfd9",
        hair="curly",
        glasses=True,
        pad=0.016,
    ),
    "chef": Outfit(
        top="#f0efec",
        bottom="#33363c",
        hat="toque",
        hat_color="#f5f4f1",
        apron="#f7f6f3",
        accent="#b0333a",
        build=STOUT,
    ),
    "police": Outfit(
        top="#27324f",
        bottom="#1e2536",
        accent="#c9a84a",
        hat="peaked",
        hat_color="#1e2740",
        belt=True,
        collar=True,
        tie=True,
        boots=0.1,
    ),
    "soldier": Outfit(
        top="#5b6042",
        bottom="#4c5138",
        shoes="#241d17",
        accent="#2f2a1c",
        hat="cap",
        hat_color="#4f553a",
        belt=True,
        boots=0.16,
        build=TALL,
    ),
    "king": Outfit(
        top="#8a1f3a",
        bottom="#3a2030",
        accent="#e0b84a",
        hat="crown",
        hat_color="#e0b84a",
        hair="long",
        beard=True,
        skirt="robe",
        belt=True,
        cape="#7a1530",
        build=STOUT,
        pad=0.018,
    ),
    "queen": Outfit(
        top="#5a2f8a",
        accent="#e0b84a",
        hat="crown",
        hat_color="#e0b84a",
        hair="long",
        skirt="gown",
        belt=True,
        cape="#45206f",
        build=WOMAN,
    ),
    "princess": Outfit(
        top="#e59ab5",
        accent="#f0d070",
        hat="crown",
        hat_color="#f0d070",
        hair="long",
        hair_color="#d9b060",
        skirt="gown",
        belt=True,
        build=WOMAN,
        sleeve=0.0,
    ),
    "monk": Outfit(top="#6b4a2f", bottom="#4a3220", accent="#d9c9a0", hair="", skirt="robe", belt=True, pad=0.022),
    "samurai": Outfit(
        top="#2f3440",
        bottom="#22252d",
        accent="#a8323a",
        hair="bun",
        hair_color="#161414",
        skirt="robe",
        belt=True,
        held="sword",
        pad=0.018,
    ),
    "ninja": Outfit(
        top="#22242c",
        bottom="#1c1e25",
        shoes="#16171c",
        accent="#8a2530",
        hat="hood",
        hat_color="#22242c",
        hair="",
        belt=True,
        held="sword",
    ),
    "pirate": Outfit(
        top="#7a2a2a",
        bottom="#2c2a33",
        accent="#c9a04a",
        hat="bowler",
        hat_color="#1d1b20",
        hair="long",
        beard=True,
        skirt="coat",
        belt=True,
        boots=0.24,
        held="sword",
        vest="#e3ddcf",
    ),
    "fisherman": Outfit(
        top="#d9a62f",
        bottom="#31465c",
        shoes="#28323a",
        hat="beanie",
        hat_color="#2f4a5f",
        beard=True,
        boots=0.26,
        pad=0.018,
        build=STOUT,
    ),
    "worker": Outfit(top="#5f7186", bottom="#4a4038", collar=True, belt=True, boots=0.08),
    "builder": Outfit(top="#d9772f", bottom="#3a465c", hat="bowler", hat_color="#e6c22f", boots=0.14, belt=True),
    "musician": Outfit(
        top="#2f3340",
        bottom="#23242b",
        accent="#a03a3a",
        hat="bowler",
        hat_color="#23242b",
        collar=True,
        vest="#c9c4b8",
    ),
    "astronaut": Outfit(
        top="#e8eaec",
        bottom="#dfe2e5",
        shoes="#8b939c",
        accent="#d9772f",
        hat="halo",
        hair="short",
        belt=True,
        pad=0.035,
        boots=0.2,
    ),
    "angel": Outfit(top="#f2efe6", accent="#e0c060", hair="long", skirt="gown", belt=True, build=WOMAN),
}
"""Outfits by role; `SAME` names further words for them."""

SAME: dict[str, str] = {
    "boy": "child",
    "kid": "child",
    "children": "child",
    "lady": "woman",
    "mother": "woman",
    "guy": "man",
    "father": "man",
    "gentleman": "man",
    "people": "person",
    "figure": "person",
    "human": "person",
    "pedestrian": "person",
    "stranger": "person",
    "traveler": "person",
    "traveller": "person",
    "inspector": "detective",
    "investigator": "detective",
    "spy": "detective",
    "warrior": "knight",
    "guard": "knight",
    "ballerina": "dancer",
    "android": "robot",
    "cyborg": "robot",
    "mage": "wizard",
    "sorcerer": "wizard",
    "peasant": "farmer",
    "gardener": "farmer",
    "professor": "teacher",
    "cook": "chef",
    "baker": "chef",
    "policeman": "police",
    "police_officer": "police",
    "cop": "police",
    "officer": "police",
    "emperor": "king",
    "priest": "monk",
    "nurse": "doctor",
    "sailor": "fisherman",
    "engineer": "builder",
    "miner": "builder",
    "teenager": "person",
    "guitarist": "musician",
    "singer": "musician",
    "student": "person",
    "businessman": "teacher",
    "waiter": "teacher",
    "fairy": "princess",
    "bride": "angel",
    "viking": "knight",
    "girls": "girl",
    "daughter": "girl",
    "son": "child",
    "old_man": "man",
    "old_woman": "woman",
    "grandmother": "woman",
    "grandfather": "man",
}

ANIMALS = frozenset(
    {
        "dog",
        "cat",
        "horse",
        "bird",
        "cow",
        "sheep",
        "wolf",
        "fox",
        "bear",
        "rabbit",
        "deer",
        "dragon",
        "fish",
        "duck",
        "pig",
        "goat",
        "lion",
        "tiger",
        "elephant",
        "mouse",
        "snake",
        "owl",
        "unicorn",
        "puppy",
        "kitten",
        "chicken",
    }
)


def outfit(role: str) -> Outfit | None:
    """The outfit of a role, or None for one that the table does not know."""
    word = role.strip().lower().replace(" ", "_").replace("-", "_")
    last = word.rsplit("_", 1)[-1]
    for candidate in (word, SAME.get(word, ""), last, SAME.get(last, "")):
        if candidate in ROLES:
            return ROLES[candidate]
    return None
