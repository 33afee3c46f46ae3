"""Where the reader of a text is: what was said last, and what still waits for its other half."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from diorama_nodes.plan.ledger import Ledger, Thing
from diorama_nodes.plan.lexicon import Language, Sense
from diorama_nodes.plan.measures import Arrangement, Measure
from diorama_nodes.plan.reading import Item

FAR = 30
"""Words that are looked ahead at most for what a relation speaks of."""


@dataclass(slots=True)
class Pending:
    """A relation that waits for its object, or, where it was said first, for its subject."""

    sense: Sense
    subject: Thing | None
    item: Item
    distance: float | None = None
    object: Thing | None = None
    is_front: bool = False
    other: Thing | None = None
    was_used: bool = False


@dataclass
class State:
    """All that the reader keeps between one word and the next."""

    items: Sequence[Item]
    language: Language
    ledger: Ledger
    measures: dict[int, Measure]
    rows: list[Arrangement]
    is_indoor: bool = True
    room: Measure | None = None
    subject: Thing | None = None
    head: Thing | None = None
    bearer: Thing | None = None
    """What `with` speaks of."""
    borne: list[tuple[Thing, bool]] = field(default_factory=list)
    pending: Pending | None = None
    waiting: list[str] = field(default_factory=list)
    """Relations without object that were said before their subject."""
    inverse: tuple[str, Thing] | None = None
    figure: Thing | None = None
    actions: list[Item] = field(default_factory=list)
    distance: float | None = None
    is_negated: bool = False
    is_purpose: bool = False
    is_vague: bool = False
    """Whether the noun just read is one that no one knows."""
    lights: list[tuple[str, str | None, str]] = field(default_factory=list)
    walkway: bool = False
    clause_things: int = 0
    grounds: list[Thing] = field(default_factory=list)
    """Things that were named only to say where another is."""
    last_place: bool = False
    absent: set[str] = field(default_factory=set)
    """Roles that the text speaks of without putting them into the scene."""

    def _is_verb(self, item: Item) -> bool:
        """Whether a relation is a bare German verb, as in `an der Wand hängt ein Bild`."""
        kind = item.value_of("relation")
        return kind in ("hanging_from", "leaning_against") and self.language == "de" and " " not in item.text
