"""Place, time, weather, style, camera and sounds of a sentence."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from diorama_nodes.plan.ledger import Ledger
from diorama_nodes.plan.lexicon import Place, lexicon
from diorama_nodes.plan.reading import Item

_NEAR = 2
ROADS = frozenset(("road", "street", "path", "highway", "straße", "weg", "道", "道路"))
LANDS = frozenset(
    ("desert", "canyon", "forest", "field", "mountains", "snowfield", "beach", "coast", "village", "park")
)


@dataclass(slots=True)
class Surroundings:
    """What a text says about everything but things and figures."""

    place: Place | None = None
    time: str | None = None
    weather: list[str] = field(default_factory=list)
    season: str | None = None
    style: str | None = None
    mood: str | None = None
    shot: str | None = None
    movement: str | None = None
    sounds: dict[str, str] = field(default_factory=dict)
    is_closed: bool = False
    """Whether nothing may be there that was not named."""
    is_silent: bool = False
    is_without_music: bool = False
    absent: set[str] = field(default_factory=set)
    """Weather that the text says there is none of."""


def negation_before(items: Sequence[Item], index: int) -> bool:
    """Whether a `no` or `without` stands close before an item."""
    for earlier in range(index - 1, max(index - 1 - _NEAR, -1), -1):
        if items[earlier].form in ("pause", "end"):
            return False
        if items[earlier].value_of("det") == "no":
            return True
    after = items[index + 1] if index + 1 < len(items) else None
    return after is not None and after.value_of("det") == "not_there"


def take_surroundings(items: Sequence[Item], ledger: Ledger) -> Surroundings:
    """Read place, time, weather, camera and sounds; their words count as used."""
    found = Surroundings()
    _take_camera(items, found)
    _take_sounds(items, found)
    _take_place(items, found, ledger)
    for index, item in enumerate(items):
        if not item.is_used:
            _take_air(items, index, item, found, ledger)
    _take_closure(items, found)
    return found


def _take_air(items: Sequence[Item], index: int, item: Item, found: Surroundings, ledger: Ledger) -> None:
    if (mood := item.sense("mood")) is not None and item.sense("size") is None:
        found.mood = found.mood or mood.value
        item.is_used = True
        return
    if (style := item.sense("style")) is not None:
        found.style = found.style or style.value
        item.is_used = found.style == style.value
        item.reason = "" if item.is_used else f"a scene has one style; this one is {found.style}"
        return
    if (figure := item.sense("figure")) is not None and found.mood is None:
        found.mood = figure.attribute("mood")
    sense = item.sense("time", "weather", "season")
    if sense is None or _describes_thing(items, index, item):
        return
    item.is_used = True
    if negation_before(items, index):
        found.absent.add(sense.value)
        _use_negation(items, index)
    elif sense.role == "weather":
        if sense.value not in found.weather:
            found.weather.append(sense.value)
    elif sense.role == "season":
        found.season = found.season or sense.value
    elif found.time in (None, sense.value) or (found.time in ("night", "noon") and sense.value in ("midnight", "dawn")):
        found.time = sense.value
    else:
        item.is_used = False
        item.reason = f"a scene has one time of day; this one is {found.time}"


def _describes_thing(items: Sequence[Item], index: int, item: Item) -> bool:
    """`clear glass` and `wet floor` speak of a thing, but `rainy street` of the weather."""
    after = items[index + 1] if index + 1 < len(items) else None
    return (
        item.text.lower() in ("clear", "wet", "day", "tag")
        and after is not None
        and after.sense("object", "material") is not None
    )


def _use_negation(items: Sequence[Item], index: int) -> None:
    for near in range(max(index - _NEAR, 0), min(index + 2, len(items))):
        if items[near].value_of("det") in ("no", "not_there"):
            items[near].is_used = True


def _take_place(items: Sequence[Item], found: Surroundings, ledger: Ledger) -> None:
    known = lexicon().places
    named = [
        item
        for index, item in enumerate(items)
        if not item.is_used and item.sense("place") and not _is_thing(item) and not _leads(items, index)
    ]
    specific = [item for item in named if not known[item.value_of("place") or ""].is_generic]
    # `a road in the desert`: the land, through which the road goes.
    lands = [item for item in specific if item.value_of("place") in LANDS]
    first = next(iter(lands if specific and specific[0].text.lower() in ROADS and lands else specific or named), None)
    if first is None:
        return
    found.place = known[first.value_of("place") or ""]
    for item in named:
        place = known[item.value_of("place") or ""]
        if place is not found.place and not place.is_generic:
            item.reason = f"a scene has one place; this one is {found.place.name.replace('_', ' ')}"
            item.is_used = _adjoins(items, first, item)
        elif item.sense("object") is None:
            item.is_used = place is found.place and item is not first and not place.is_generic
    for item in named:
        if item.text.lower().startswith(("in ", "above ", "under ", "über ")):
            item.is_used = True


def _adjoins(items: Sequence[Item], first: Item, item: Item) -> bool:
    """Whether a second place word only narrows the first, as in `lake shore` or `dungeon treasure room`."""
    order = list(items)
    return abs(order.index(first) - order.index(item)) <= 2 and first.clause == item.clause


def _leads(items: Sequence[Item], index: int) -> bool:
    """Whether `outside` leads on to a thing, as in `outside the window`."""
    following = items[index + 1] if index + 1 < len(items) else None
    is_open = following is not None and following.form not in ("pause", "end")
    return items[index].sense("relation") is not None and is_open


def _is_thing(item: Item) -> bool:
    return item.sense("object") is not None and item.text.lower() not in ("bus stop",)


def _take_camera(items: Sequence[Item], found: Surroundings) -> None:
    clauses = {item.clause for item in items if item.value_of("lens") == "camera" or item.sense("shot")}
    for item in items:
        if item.is_used:
            continue
        if shot := item.value_of("shot"):
            if item.sense("relation") and item.clause not in clauses:
                continue
            found.shot = found.shot or shot
            item.is_used = True
        elif item.clause in clauses and (move := item.value_of("move")):
            found.movement = found.movement or move
            item.is_used = True
        elif item.clause in clauses and item.sense("move") is None and item.sense("lens"):
            item.is_used = True
        elif (move := item.value_of("move")) and not item.sense("action", "relation", "attr", "object"):
            found.movement = found.movement or move
            item.is_used = True
    moving = {item.clause for item in items if item.is_used and item.sense("lens", "move")}
    for item in items:
        if item.clause in moving and item.sense("pace") and found.movement and _by_camera(items, item):
            item.is_used = True


def _by_camera(items: Sequence[Item], item: Item) -> bool:
    order = list(items)
    at = order.index(item)
    return any(near.is_used and near.sense("lens", "move") for near in order[max(at - 2, 0) : at + 3])


def _take_sounds(items: Sequence[Item], found: Surroundings) -> None:
    heard = {item.clause for item in items if item.sense("audible")}
    for index, item in enumerate(items):
        if item.is_used:
            continue
        kind = None if _is_waving(items, index) else item.value_of("sound")
        if kind is None and item.clause in heard and not item.sense("object"):
            kind = {
                "rain": "rain",
                "wind": "wind",
                "storm": "thunder",
                "city": "city",
                "beach": "sea",
                "sea": "sea",
                "forest": "birds",
            }.get(item.value_of("weather") or item.value_of("place") or "")
        if kind is None:
            continue
        if negation_before(items, index):
            found.absent.add(kind)
        else:
            found.sounds.setdefault(kind, _level(items, index))
            if item.sense("weather", "place"):
                continue
        item.is_used = True
    for index, item in enumerate(items):
        if item.value_of("audible") or item.value_of("musical") == "music":
            if negation_before(items, index):
                found.is_silent |= item.sense("audible") is not None
                found.is_without_music |= item.sense("musical") is not None
                _use_negation(items, index)
            if item.sense("audible") or negation_before(items, index) or found.is_without_music:
                item.is_used = True


def _is_waving(items: Sequence[Item], index: int) -> bool:
    """Whether `waves` says what somebody does: who does it stands right before."""
    if items[index].sense("action") is None or not index:
        return False
    before = items[index - 1]
    return before.sense("figure") is not None or before.value_of("object") in ("robot", "skeleton")


def _level(items: Sequence[Item], index: int) -> str:
    for near in items[max(index - 2, 0) : index + 2]:
        level = near.value_of("level")
        if level and near.form != "pause":
            near.is_used = True
            return level
    return "normal"


def _take_closure(items: Sequence[Item], found: Surroundings) -> None:
    for index, item in enumerate(items):
        if item.value_of("only") == "nothing_else":
            found.is_closed = item.is_used = True
        if item.value_of("attr") == "state=empty":
            after = next(
                (one for one in items[index + 1 : index + 4] if one.sense("place", "object") or one.form == "pause"),
                None,
            )
            if after is not None and after.sense("place"):
                found.is_closed = item.is_used = True
            elif after is not None and after.sense("object") and lexicon().kinds[after.value_of("object") or ""].place:
                found.is_closed = True
        if (
            item.value_of("only") == "only"
            and item.text.lower() in ("only", "just", "nothing but", "nur")
            and index == 0
        ):
            found.is_closed = item.is_used = True
