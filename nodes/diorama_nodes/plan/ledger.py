"""The things that a text has named so far, and which of them a word means."""

from __future__ import annotations

from dataclasses import dataclass, field

from diorama_nodes.plan.lexicon import Place, lexicon, singulars
from diorama_nodes.plan.phrases import Phrase, kind_traits
from diorama_nodes.plan.reading import Item
from diorama_nodes.plan.schema import Unplaced

MOST_OBJECTS = 200
MOST_FIGURES = 20
BARE_PLURAL = 3
MANY = 6


@dataclass(slots=True, eq=False)
class Thing:
    """An object or figure on its way into the plan."""

    id: str
    kind: str
    is_figure: bool = False
    count: int = 1
    is_counted: bool = False
    is_plural: bool = False
    color: str | None = None
    material: str | None = None
    shape: str | None = None
    size: str = "medium"
    dimensions: tuple[float | None, float | None, float | None] | None = None
    attributes: dict[str, str] = field(default_factory=dict)
    is_implied: bool = False
    action: str = "idle"
    pace: str = "normal"
    toward: Thing | None = None
    said: str = ""
    clause: int = -1

    @property
    def traits(self) -> frozenset[str]:
        """The traits of its kind."""
        return kind_traits(self.kind)


@dataclass(frozen=True, slots=True)
class Link:
    """A relation between things on its way into the plan."""

    kind: str
    subject: Thing
    object: Thing | None = None
    other: Thing | None = None
    rows: int | None = None
    columns: int | None = None
    distance: float | None = None
    count: int | None = None
    region: str | None = None
    per_object: int | None = None
    is_implied: bool = False


@dataclass(slots=True)
class Ledger:
    """Things, links, and what could not be taken up."""

    things: list[Thing] = field(default_factory=list)
    links: list[Link] = field(default_factory=list)
    mentions: list[Thing] = field(default_factory=list)
    passing: list[Thing] = field(default_factory=list)
    forbidden: dict[str, str] = field(default_factory=dict)
    unplaced: list[Unplaced] = field(default_factory=list)
    place: Place | None = None

    def report(self, text: str, reason: str) -> None:
        """Tell that some words could not be taken up."""
        entry = Unplaced(text=text[:400] or " ", reason=reason)
        if entry not in self.unplaced:
            self.unplaced.append(entry)

    def named(self, kind: str, is_figure: bool = False) -> list[Thing]:
        """The things of a kind, by its own name or that of a wider kind."""
        known = lexicon()
        return [
            thing
            for thing in self.things
            if thing.is_figure == is_figure
            and (known.is_kind_of(thing.kind, kind) or known.is_kind_of(kind, thing.kind))
        ]

    def resolve(self, phrase: Phrase, clause: int) -> Thing:
        """The thing that a phrase means: a known one where it speaks of one, else a new one."""
        is_figure = phrase.role == "figure"
        known = self._known(phrase, is_figure)
        if known is not None:
            self._describe(known, phrase)
            thing = known
        else:
            thing = self.create(self._kind(phrase), is_figure)
            self._count(thing, phrase)
            self._describe(thing, phrase)
            thing.said = phrase.text
        thing.clause = clause
        self.mention(thing)
        return thing

    def mention(self, thing: Thing) -> None:
        """Note that the text speaks of a thing."""
        self.mentions.append(thing)

    def step_back(self, thing: Thing) -> None:
        """Let `it` mean a thing only where nothing else fits: it was named in passing."""
        while self.mentions and self.mentions[-1] is thing:
            self.mentions.pop()
        self.passing.append(thing)

    def create(self, kind: str, is_figure: bool = False) -> Thing:
        """A new thing with an id of its own."""
        taken = {thing.id for thing in self.things}
        name, number = kind, 1
        while name in taken:
            number += 1
            name = f"{kind}_{number}"
        thing = Thing(name, kind, is_figure)
        self.things.append(thing)
        return thing

    def link(self, kind: str, subject: Thing, target: Thing | None = None, **more: object) -> None:
        """Note a relation, once."""
        link = Link(kind, subject, target, **more)  # type: ignore[arg-type]
        if not any(
            (known.kind, known.subject, known.object, known.region) == (kind, subject, target, link.region)
            for known in self.links
        ):
            self.links.append(link)

    def has(self, kind: str, subject: Thing) -> bool:
        """Whether a thing already stands in a relation of this kind."""
        return any(link.kind == kind and link.subject is subject for link in self.links)

    def antecedent(self, besides: Thing | None, is_plural: bool = False) -> Thing | None:
        """The thing that `it` or `them` means: the last one mentioned in that number, other than the subject."""
        order = [*reversed(self.mentions), *reversed(self.passing)]
        others = [thing for thing in order if thing is not besides and thing in self.things]
        fitting = [thing for thing in others if (thing.count > 1) == is_plural and not thing.is_figure]
        return next(iter(fitting or others), None)

    def _kind(self, phrase: Phrase) -> str:
        """The kind that a noun names here: a rack in a server room is a server_rack."""
        kind = phrase.sense.value
        words = {phrase.head.text.lower(), *singulars(phrase.head.text.lower())}
        for implied in self.place.implied if self.place else ():
            parts = implied.kind.split("_")
            if len(parts) > 1 and parts[-1] in words and phrase.role == "object":
                return implied.kind
        return kind

    def _known(self, phrase: Phrase, is_figure: bool) -> Thing | None:
        words = {phrase.head.text.lower(), *singulars(phrase.head.text.lower())}
        called = self.named(phrase.sense.value, is_figure)
        called += [thing for thing in self.things if thing.kind.rpartition("_")[2] in words and thing not in called]
        matches = [thing for thing in called if thing.is_figure == is_figure and _agrees(thing, phrase)]
        if phrase.owner:
            owned = [thing for thing in matches if thing.attributes.get("owner") == phrase.owner]
            return owned[-1] if owned else None
        if phrase.det == "every" and phrase.number is None:
            return max(matches, key=lambda thing: thing.count, default=None)
        if phrase.is_definite or phrase.is_possessive_pronoun:
            plain = [thing for thing in matches if "owner" not in thing.attributes]
            return next(reversed(plain or matches), None)
        if phrase.det is None and phrase.number is None and not phrase.head.is_plural:
            exact = [
                thing
                for thing in matches
                if thing.kind == phrase.sense.value and not phrase.color and not phrase.material
            ]
            return exact[-1] if exact else None
        return None

    def _count(self, thing: Thing, phrase: Phrase) -> None:
        most = MOST_FIGURES if thing.is_figure else MOST_OBJECTS
        thing.is_plural = phrase.is_plural
        if phrase.number is not None:
            wanted = phrase.number
            thing.count = int(min(max(round(wanted), 1), most))
            thing.is_counted = True
            if thing.count != wanted:
                self.report(
                    phrase.text, f"a scene holds whole numbers up to {most} of one kind; it has {thing.count} of these"
                )
        elif phrase.det in ("a", "every"):
            thing.is_counted = phrase.det == "a"
        elif phrase.head.is_plural or (phrase.det is None and "mass" in thing.traits):
            thing.count = MANY if "many" in thing.traits else BARE_PLURAL

    def _describe(self, thing: Thing, phrase: Phrase) -> None:
        thing.color = phrase.color or thing.color
        thing.material = phrase.material or thing.material
        thing.shape = phrase.shape or thing.shape
        if phrase.size:
            thing.size = phrase.size
        thing.attributes.update(phrase.attributes)
        if thing.attributes.get("height") == "tall" and thing.size == "medium" and not thing.is_figure:
            thing.size = "large"
        if phrase.owner:
            thing.attributes["owner"] = phrase.owner


def _agrees(thing: Thing, phrase: Phrase) -> bool:
    """Whether nothing that the phrase says speaks against its meaning this thing."""
    said = ((phrase.color, thing.color), (phrase.material, thing.material), (phrase.shape, thing.shape))
    return all(new is None or old is None or new == old for new, old in said)


def use(*items: Item) -> None:
    """Count items as taken up."""
    for item in items:
        item.is_used = True
