"""Where things of a kind stand when nothing was said: on walls, along them, at the kerb, on tables, in the sky."""

from __future__ import annotations

from typing import Literal

Habit = Literal[
    "wall",
    "doorway",
    "at_wall",
    "corner",
    "kerb",
    "ceiling",
    "at_table",
    "on_table",
    "flat",
    "water",
    "sky",
    "center",
    "back",
    "free",
]


def _kinds(names: str) -> frozenset[str]:
    return frozenset(names.split())


KINDS: dict[Habit, frozenset[str]] = {
    "wall": _kinds(
        "neon_sign neon sign ac_unit "
        "awning signboard billboard painting picture poster mirror clock wall_clock blackboard "
        "whiteboard chalkboard window screen television tv torch sconce wall_lamp banner air_conditioner flag "
        "frame wall_shelf hologram holographic_sign mask antlers graffiti towel_rack notice_board vent"
    ),
    "doorway": _kinds("door doorway entrance gate_door archway_door shoji"),
    "at_wall": _kinds(
        "dumpster crate barrel trash_can trash_bag garbage_bin bin bookshelf bookcase wardrobe cabinet "
        "cupboard fridge refrigerator stove oven kitchen_counter washing_machine sink sofa couch bed counter "
        "desk dresser fireplace vending_machine piano toilet bathtub shower shelf shelves server_rack rack "
        "workbench nightstand box cardboard_box pallet bicycle bike pipe ladder locker filing_cabinet "
        "radiator generator control_panel console display_case food_stall stall market_stall weapon_rack "
        "altar arcade_machine tool_chest sarcophagus skeleton market_stand newsstand"
    ),
    "corner": _kinds("telescope plant potted_plant floor_lamp coat_rack water_tank umbrella_stand broom"),
    "kerb": _kinds(
        "street_lamp lamp_post power_pole "
        "utility_pole streetlight street_light lamppost traffic_light traffic_cone fire_hydrant "
        "hydrant bench mailbox parking_meter bollard bus_stop phone_booth kiosk newspaper_kiosk planter "
        "motorcycle scooter"
    ),
    "ceiling": _kinds(
        "chandelier ceiling_light ceiling_lamp pendant pendant_lamp emergency_light hook disco_ball fan "
        "ceiling_fan hanging_lamp paper_lantern light_bulb spotlight stage_light"
    ),
    "at_table": _kinds("chair stool dining_chair bar_stool wooden_chair office_chair"),
    "on_table": _kinds(
        "cup teacup tea_cup mug bowl plate apple fruit bread loaf book books candle bottle globe laptop knife "
        "vase orange pear banana scroll crystal_ball potion teapot kettle lamp table_lamp computer monitor "
        "keyboard glass wine_glass goblet cake egg cheese coin key letter radio phone quill pot pan jar skull "
        "pizza"
    ),
    "flat": _kinds("rug carpet puddle stain oil_stain mat doormat manhole manhole_cover pond leaf_pile"),
    "water": _kinds("boat rowing_boat ship sailboat duck swan heron fish buoy water_lily raft canoe jetty pier"),
    "sky": _kinds("moon sun cloud bird balloon hot_air_balloon airship drone kite planet star spaceship ufo comet"),
    "center": _kinds(
        "fountain statue campfire well monument table dining_table pedestal island stage podium throne lift "
        "bonfire coffee_table billiard_table pool_table anvil"
    ),
    "back": _kinds(
        "castle tower house cabin hut tree pine pine_tree oak mountain lighthouse temple church windmill barn "
        "building waterfall clock_tower skyscraper gate torii arch pyramid hill cliff shrine pagoda wall "
        "ruins tent"
    ),
}
"""Kinds by habit, as planners name them."""

TABLES = _kinds(
    "table desk counter dining_table coffee_table kitchen_counter workbench nightstand bar altar pedestal "
    "side_table writing_desk teachers_desk teacher_desk"
)
SEATS = _kinds("chair bench sofa couch armchair stool deck_chair throne bed wooden_chair log")
MOUNTED_LOW = {
    "door": 0.0,
    "window": 0.95,
    "torch": 1.6,
    "sconce": 1.6,
    "wall_lamp": 1.7,
    "neon_sign": 2.7,
    "neon": 2.7,
    "mirror": 1.1,
    "clock": 1.9,
    "blackboard": 0.9,
    "air_conditioner": 3.55,
    "hook": 1.9,
    "ac_unit": 3.55,
    "unit": 3.55,
    "vent": 2.9,
    "awning": 2.62,
    "pipe": 3.0,
    "lantern": 2.2,
    "billboard": 4.0,
    "fireplace": 0.0,
}
"""Metres from the ground to the bottom of what hangs on a wall, where it is not the common 1.2."""
BLADES = frozenset({"neon_sign", "neon", "signboard", "sign", "hologram", "holographic_sign"})
"""Signs that, in a street, stand out from the wall so that who walks along it can read them."""


def habit(kind: str) -> Habit:
    """The habit of a kind; the last word of a compound name decides where the whole is not known."""
    for name in (kind, kind.rpartition("_")[2]):
        for found, kinds in KINDS.items():
            if name in kinds:
                return found
    return "free"


def is_one_of(kind: str, kinds: frozenset[str]) -> bool:
    """Whether a kind, or the last word of its name, is among `kinds`."""
    return kind in kinds or kind.rpartition("_")[2] in kinds
