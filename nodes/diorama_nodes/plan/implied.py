"""What a scene has without being told: the things of a place, its colours, sounds and lights."""

from __future__ import annotations

from diorama_nodes.plan.ledger import Ledger
from diorama_nodes.plan.lexicon import Implied, lexicon
from diorama_nodes.plan.surroundings import Surroundings

PALETTES: dict[str, tuple[str, ...]] = {
    "cyberpunk": ("#0b1030", "#d6249f", "#22d3ee", "#2a1b5c", "#f2e24a"),
    "medieval": ("#5b4a3a", "#8c7a5c", "#7a2b26", "#34452f", "#c9a24b"),
    "fantasy": ("#2c1f4a", "#6a4fb3", "#4fc3a1", "#e0b35a", "#e88fc0"),
    "sci_fi": ("#101a26", "#3d7ea6", "#9fd3e6", "#e6edf2", "#f2803a"),
    "steampunk": ("#3a2a1e", "#8c5a2b", "#c08a3e", "#5c6b63", "#e0c48a"),
    "noir": ("#111216", "#3a3c42", "#7d8087", "#c9ccd1", "#6b1f22"),
    "rustic": ("#6b4a2f", "#b5834f", "#e2cfa8", "#5f7a4c", "#a33d2e"),
    "modern": ("#f0efeb", "#c9c5bd", "#3c4148", "#8fa7a0", "#d99a5b"),
    "japanese": ("#2d2a32", "#b7362c", "#e8dfcf", "#5d7a52", "#c99a3f"),
    "lowpoly": ("#7ec8a4", "#f2c14e", "#ef7b5a", "#4d7ea8", "#f5efe0"),
    "horror": ("#0d1210", "#27382f", "#5c6e52", "#7a1616", "#b9b49a"),
    "tropical": ("#1fa3a6", "#f7e3ae", "#f28c5b", "#2f8f5b", "#ef5d8a"),
    "post_apocalyptic": ("#4a4238", "#8a7556", "#b59a6b", "#5c5f58", "#a3482a"),
    "western": ("#a8643a", "#d9b382", "#6b3f24", "#7fa3b8", "#e8d8b8"),
    "retro": ("#2b1b4d", "#ff6f91", "#ffc75f", "#5bc0be", "#f2e9dc"),
    "night": ("#0e1530", "#24345c", "#4a5f8c", "#c9b67a", "#8a94b0"),
    "dawn": ("#3c4a6b", "#e8a598", "#f5d3a8", "#8fa9c4", "#5f6f5c"),
    "dusk": ("#2e2a52", "#d9694a", "#f0a35e", "#7a4a6e", "#3d4a66"),
    "golden_hour": ("#e8a33d", "#f2cf8a", "#a8622e", "#6b7f5a", "#4a5a78"),
    "snow": ("#e8eef5", "#b5c7db", "#6f87a3", "#3d4f66", "#d9a05b"),
    "rain": ("#3a4654", "#6b7b8a", "#9fb0bd", "#4f5f52", "#c9a76b"),
    "autumn": ("#a8532a", "#d98c3a", "#e8c15a", "#6b4a2e", "#7d8a6b"),
    "spring": ("#a8d08a", "#f5c6d6", "#f7efcf", "#7fb5d9", "#6b9a5c"),
    "indoor": ("#d9c9b0", "#8c6a4a", "#5f7480", "#b5533c", "#efe6d8"),
    "desert": ("#d99a5b", "#f0d2a0", "#a8562e", "#7fa8c9", "#6b7a4a"),
    "water": ("#4a86b0", "#a3cfe0", "#e6dcc0", "#2e5a78", "#7fa383"),
    "outdoor": ("#7fb069", "#a8d0e6", "#e8dcb5", "#4f7a4a", "#b5835a"),
}
"""sRGB colours by style, hour, weather, season or place, the leading one first."""

_EXTRA: dict[str, tuple[Implied, ...]] = {
    "cyberpunk": (Implied("neon_sign", 4, "on_wall"), Implied("billboard", 1, None), Implied("vent", 2, "on_wall")),
    "medieval": (Implied("torch", 2, None), Implied("barrel", 2, None)),
    "fantasy": (Implied("mushroom", 4, None), Implied("lantern", 2, None)),
    "japanese": (Implied("stone_lantern", 2, None),),
}
_VARIETIES: dict[tuple[str, str], dict[str, str]] = {
    ("", "lamp"): {"kind": "floor"},
    ("shrine", "temple"): {"kind": "pagoda"},
}
"""What is said of things that a place, or any place (""), brings along."""
_OUTDOOR_ONLY = frozenset({"medieval", "fantasy", "japanese"})
_WATER = frozenset({"lake_shore", "beach", "coast", "sea", "harbor", "underwater"})


def palette_of(found: Surroundings, is_indoor: bool, time: str) -> tuple[str, ...]:
    """The colours of the scene: those of its style, else of its hour, weather, season or place."""
    place = found.place.name if found.place else ""
    night = "night" if time in ("night", "midnight", "evening") else time
    candidates = [found.style or "", "snow" if "snow" in found.weather and time != "night" else "", night]
    candidates += [*found.weather, found.season or "", "desert" if place in ("desert", "canyon") else ""]
    candidates += ["water" if place in _WATER else "", "indoor" if is_indoor else "outdoor"]
    return next(PALETTES[name] for name in candidates if name in PALETTES)


def add_implied(ledger: Ledger, found: Surroundings) -> None:
    """Add what the place and style bring along, but nothing that was named, denied, or shut out."""
    if found.place is None or found.is_closed:
        return
    style = found.style or ""
    wanted = list(found.place.implied)
    named_style = style in _EXTRA and not (found.place.is_indoor and style in _OUTDOOR_ONLY)
    if named_style and not (found.place.is_indoor and style == "cyberpunk"):
        names = {one.kind for one in wanted}
        wanted += [one for one in _EXTRA[style] if one.kind not in names]
    for one in wanted:
        if _is_wanted(ledger, one.kind):
            thing = ledger.create(one.kind)
            thing.count, thing.is_implied = one.count, True
            thing.attributes.update(_VARIETIES.get((found.place.name, one.kind), _VARIETIES.get(("", one.kind), {})))
            if one.relation is not None:
                ledger.link(one.relation, thing, is_implied=True)


def _is_wanted(ledger: Ledger, kind: str) -> bool:
    known = lexicon()
    if any(known.is_kind_of(kind, denied) for denied in ledger.forbidden):
        return False
    return not ledger.named(kind) and not ledger.named(kind, is_figure=True)


def stand_by_habit(ledger: Ledger, is_indoor: bool) -> None:
    """Give furniture its usual place at the wall, and pictures theirs on it, where the text gives none."""
    placed = {"on", "in", "on_wall", "hanging_from", "hanging_from_ceiling", "under", "stacked_on"}
    at_rest = placed | {
        "against_wall",
        "in_corner",
        "center_of_room",
        "center_of_scene",
        "around",
        "behind",
        "between",
        "in_front_of",
        "facing",
        "grid",
        "aligned_row",
        "left_of",
        "right_of",
    }
    for thing in ledger.things:
        if thing.is_figure:
            continue
        kinds = {
            link.kind
            for link in ledger.links
            if link.subject is thing and not (link.kind == "on" and link.object is None)
        }
        if "wall" in thing.traits and is_indoor and not kinds & (placed | {"behind", "leaning_against"}):
            ledger.link("on_wall", thing, is_implied=True)
        elif "edge" in thing.traits and is_indoor and not kinds & at_rest:
            ledger.link("against_wall", thing, is_implied=True)
        elif "ceiling" in thing.traits and is_indoor and not kinds & placed:
            ledger.link("hanging_from_ceiling", thing, is_implied=True)


def fall_freely(ledger: Ledger) -> None:
    """Let a waterfall beside an island in the air fall off its edge, without a cliff of its own."""
    if any(thing.attributes.get("state") == "floating" for thing in ledger.named("island")):
        for thing in ledger.named("waterfall"):
            thing.attributes["kind"] = "free"
            ledger.link("in_front_of", thing, ledger.named("island")[0], is_implied=True)


SEATS = frozenset(("chair", "armchair", "bench", "sofa", "stool", "deck_chair"))


def sit_on_seats(ledger: Ledger) -> None:
    """Let figures that are on a seat, and of whom nothing else is said, sit."""
    for link in ledger.links:
        if link.kind == "on" and link.subject.is_figure and link.object is not None and link.object.kind in SEATS:
            link.subject.action = "sit" if link.subject.action == "idle" else link.subject.action


def clear_shelves(ledger: Ledger) -> None:
    """Leave racks without plants of their own where the text says what is on them."""
    for link in ledger.links:
        if link.kind == "on" and link.object is not None and link.object.kind == "growth_rack":
            link.object.attributes["plants"] = "none"


def stand_before_castle(ledger: Ledger) -> None:
    """Put a gate before its castle and a drawbridge before the gate, where the text does not say otherwise."""
    for kind, behind in (("gate", "castle"), ("drawbridge", "gate"), ("drawbridge", "castle")):
        front, back = ledger.named(kind), ledger.named(behind)
        if front and back and not ledger.has("in_front_of", front[0]):
            ledger.link("in_front_of", front[0], back[0], is_implied=True)


def sounds_of(found: Surroundings, ledger: Ledger, is_indoor: bool, time: str) -> dict[str, str]:
    """Sounds by kind with their level: those asked for, and those of weather, place and hour."""
    if found.is_silent:
        return {}
    sounds = dict(found.sounds)
    implied: list[str] = []
    for weather, kind in (
        ("rain", "rain"),
        ("storm", "rain"),
        ("storm", "thunder"),
        ("wind", "wind"),
        ("snow", "wind"),
    ):
        if weather in found.weather:
            implied.append(kind)
    if found.place and (heard := found.place.settings.get("sound")):
        implied.append("night" if heard == "birds" and time in ("night", "midnight", "evening") else heard)
    if any(thing.kind in ("campfire", "fireplace") for thing in ledger.things):
        implied.append("fire")
    if any(thing.kind in ("waterfall", "fountain") for thing in ledger.things):
        implied.append("water")
    for kind in implied:
        if kind not in found.absent:
            sounds.setdefault(kind, "soft" if is_indoor or kind == "wind" else "normal")
    return sounds
