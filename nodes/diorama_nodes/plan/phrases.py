"""Noun phrases: `four wooden chairs`, `the teacher's desk`, `both walls`."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from diorama_nodes.plan.lexicon import Sense, lexicon
from diorama_nodes.plan.reading import Item

HEADS = (
    "object", "figure", "struct", "part", "wear", "place", "lighting", "ring", "rows", "grid",
)  # fmt: skip
REACH = 16
"""Words that one phrase has at most; it bounds the time that reading takes."""
MODIFIERS = ("color", "material", "shape", "size", "attr", "style", "dim", "mood", "pitch", "lit", "season")


@dataclass(slots=True)
class Phrase:
    """A noun with all that stands before it."""

    role: str
    sense: Sense
    head: Item
    items: list[Item]
    end: int
    """Index behind the last item."""
    det: str | None = None
    number: float | None = None
    is_exact: bool = False
    is_possessive_pronoun: bool = False
    color: str | None = None
    material: str | None = None
    shape: str | None = None
    size: str | None = None
    owner: str | None = None
    attributes: dict[str, str] = field(default_factory=dict)
    measures: list[Item] = field(default_factory=list)
    lit: str | None = None
    actions: list[Item] = field(default_factory=list)
    companions: list[Item] = field(default_factory=list)
    """Nouns before the head that name a place or thing of their own: the castle of `castle gate`."""

    @property
    def text(self) -> str:
        """The words as they were written."""
        return " ".join(item.text for item in self.items)

    @property
    def is_definite(self) -> bool:
        """Whether it speaks of something known."""
        return self.det == "the" and self.number is None

    @property
    def is_plural(self) -> bool:
        """Whether it speaks of several."""
        return self.head.is_plural or (self.number or 1) > 1

    def use(self) -> None:
        """Count every word as taken up."""
        for item in self.items:
            item.is_used = True


def phrase_at(items: Sequence[Item], start: int) -> Phrase | None:
    """The noun phrase that begins at an index, if one does."""
    found: list[Item] = []
    built = Phrase("", Sense("", ""), items[start], found, start)
    index = start
    while index < min(len(items), start + REACH):
        item = items[index]
        if item.is_used or item.form == "stop":
            if item.form == "stop" and item.text.lower() in ("and", "or", "but", "und", "oder", "aber", "と", "や"):
                return None if not found or found[-1].sense(*MODIFIERS) is None else _skip(items, index, built, found)
            index += 1
            continue
        if item.form in ("pause", "end", "quote"):
            return None
        head = item.sense(*HEADS)
        if head is not None and not (_is_modifier(items, index)):
            return _finish(items, index, item, head, built)
        if head is None and not _take(item, built):
            return None
        if head is not None:
            _compound(items, index, item, head, built)
        found.append(item)
        index += 1
    return None


def _skip(items: Sequence[Item], index: int, built: Phrase, found: list[Item]) -> Phrase | None:
    """`red and blue chairs`: go on behind the `and` where a noun follows at once."""
    if not _leads_to_noun(items, index + 1):
        return None
    rest = phrase_at(items, index + 1)
    if rest is None or rest.det is not None or rest.number is not None or not rest.items[0].sense(*MODIFIERS):
        return None
    if built.color is not None and rest.color is not None:
        rest.attributes["second_color"] = rest.color
    for name in ("color", "material", "shape", "size", "det", "number"):
        if getattr(built, name) is not None:
            setattr(rest, name, getattr(built, name))
    rest.attributes = {**rest.attributes, **built.attributes}
    rest.items[:0] = found
    return rest


def _next_open(items: Sequence[Item], index: int) -> int | None:
    for later in range(index + 1, len(items)):
        if items[later].form in ("stop", "pause", "end"):
            return None
        if not items[later].is_used:
            return later
    return None


def _is_modifier(items: Sequence[Item], index: int) -> bool:
    """Whether a noun stands before another that it describes, as in `castle gate` or `teacher's desk`."""
    item = items[index]
    later = _next_open(items, index)
    if later is None:
        return False
    following = items[later]
    if following.form == "apostrophe":
        beyond = _next_open(items, later)
        return beyond is not None and _leads_to_noun(items, beyond)
    if item.is_plural and not item.sense(*MODIFIERS):
        return False
    if following.text.lower().startswith(("on ", "in ", "above ", "under ")):
        # `an astronaut on the moon`: the place of the one, and no noun that he describes.
        return False
    if item.sense("rows", "grid", "ring"):
        return False
    if following.sense("action", "relation", "det", "other_action", "pace", "axis") and not following.sense("object"):
        return False
    if item.sense(*MODIFIERS) and following.sense(*MODIFIERS):
        return _leads_to_noun(items, later)
    return following.sense(*HEADS) is not None and following.sense("color", "attr") is None


def _leads_to_noun(items: Sequence[Item], start: int) -> bool:
    """Whether nothing but qualities and numbers stand between here and a noun."""
    for item in items[start : start + REACH // 2]:
        if item.sense(*HEADS) is not None:
            return True
        if not item.is_used and item.value is None and item.sense(*MODIFIERS, "only", "det") is None:
            return False
    return False


def _compound(items: Sequence[Item], index: int, item: Item, head: Sense, built: Phrase) -> None:
    later = _next_open(items, index)
    if later is not None and items[later].form == "apostrophe":
        built.owner = item.text.lower()
        if head.role == "object":
            built.companions.append(item)
        return
    if _take(item, built, only_words=True):
        return
    if head.role in ("object", "place"):
        built.companions.append(item)
    built.attributes.setdefault("for", head.value)


def _take(item: Item, built: Phrase, only_words: bool = False) -> bool:
    """Take up a word before the noun; False where it is none."""
    if item.form == "apostrophe":
        return True
    if item.value is not None and not only_words:
        det = item.sense("det")
        if det and det.value == "a" and item.value == 1:
            built.det = "a"
        else:
            built.number = item.value
        return True
    for role in ("color", "material", "shape", "size", "attr"):
        value = item.value_of(role)
        if value is None:
            continue
        if role == "attr":
            name, _, said = value.partition("=")
            built.attributes[name] = said
        else:
            setattr(built, role, value.partition("=")[2] if role == "color" else value)
            sense = item.sense(role)
            if role == "color" and sense and (metal := sense.attribute("material")):
                built.attributes.setdefault("finish", metal)
        return True
    return _take_rest(item, built, only_words)


def _take_rest(item: Item, built: Phrase, only_words: bool) -> bool:
    if only_words:
        return False
    sense = item.sense("det", "only", "style", "dim", "lit", "mood", "measure", "season", "action", "level")
    if sense is None:
        return False
    if sense.role == "det":
        built.det = sense.value
        built.is_possessive_pronoun = item.text.lower() in (
            "its",
            "their",
            "his",
            "sein",
            "seine",
            "seiner",
            "ihre",
            "ihrer",
        )
    elif sense.role == "only":
        built.is_exact = True
    elif sense.role == "measure":
        built.measures.append(item)
    elif sense.role == "lit":
        built.lit = sense.value
    elif sense.role == "action":
        if not item.text.lower().endswith(("ing", "ende", "ender", "enden", "endes", "る", "た")):
            return False
        built.actions.append(item)
    else:
        built.attributes[{"style": "style", "dim": "brightness", "mood": "mood"}.get(sense.role, sense.role)] = (
            sense.value
        )
    return True


def _finish(items: Sequence[Item], index: int, item: Item, head: Sense, built: Phrase) -> Phrase:
    built.items.append(item)
    built.head, built.role, built.sense, built.end = item, head.role, head, index + 1
    for name, value in head.attributes:
        if name in ("color", "material", "shape", "size"):
            if getattr(built, name) is None:
                setattr(built, name, value)
        elif name != "of":
            built.attributes.setdefault(name, value)
    if head.role in ("struct", "part") and built.owner and built.companions:
        owner = built.companions[-1]
        sense = owner.sense("object")
        if sense:
            built.role, built.sense, built.head = "object", sense, owner
            built.companions.remove(owner)
            built.owner = None
    return built


def kind_traits(kind: str) -> frozenset[str]:
    """The traits of a kind; none for one that the lexicon does not know."""
    known = lexicon().kinds.get(kind)
    return known.traits if known else frozenset()
