"""What a sentence says of things, figures, and how they stand to each other."""

from __future__ import annotations

from dataclasses import dataclass

from diorama_nodes.plan.ledger import Thing, use
from diorama_nodes.plan.lexicon import Sense
from diorama_nodes.plan.measures import Arrangement, Measure
from diorama_nodes.plan.nouns import Nouns, give_size
from diorama_nodes.plan.phrases import MODIFIERS, phrase_at
from diorama_nodes.plan.reading import Item
from diorama_nodes.plan.state import FAR, Pending

ASIDE = frozenset({"on the left", "to the left", "on the right", "to the right"})
"""Relations to the thing that was spoken of before."""
SIDES = ("both_sides", "opposite_sides")
SELF = {"beside_each_other": "next_to", "lined_up": "aligned_row"}
WALKWAY = 1.2
"""Metres between things that a person shall pass."""


@dataclass
class Reader(Nouns):
    """Walks over the items of a text once, from left to right."""

    def read(self) -> None:
        """Read every item."""
        index = 0
        while index < len(self.items):
            index = self._step(index)
        self._end_clause()
        self._end_sentence()

    def _step(self, index: int) -> int:
        item = self.items[index]
        if item.form == "end":
            self._end_clause()
            self._end_sentence()
            return index + 1
        if item.form == "pause":
            self._end_clause()
            return index + 1
        arrangement = next((row for row in self.rows if row.start == index), None)
        if arrangement is not None:
            return self._arrange(arrangement)
        if item.is_used:
            return index + 1
        if index in self.measures and self._measure(index):
            return index + 1
        if item.form == "quote":
            self._quote(item)
            return index + 1
        if self._negation(item) or self._verb(index, item):
            return index + 1
        relation = item.sense("relation")
        if relation is not None and not self._is_article(item):
            self._relate(relation, item, index)
            return index + 1
        phrase = phrase_at(self.items, index)
        if phrase is not None:
            self._phrase(phrase)
            return phrase.end
        return self._leftover(index, item)

    def _is_article(self, item: Item) -> bool:
        return item.sense("det") is not None and item.sense("number") is not None

    def _leftover(self, index: int, item: Item) -> int:
        if item.value_of("pron"):
            self._pronoun(item)
        elif item.value is not None and self.subject is not None and self.language == "ja":
            self._count_behind(index, item)
        elif item.sense("clearance"):
            self._clearance(item)
        elif item.sense("wear") and self.figure is not None:
            self.figure.attributes["wears"] = item.value_of("wear") or ""
            use(item)
        elif (
            item.sense("attr", "material", "color", "shape", "size")
            and self.subject is not None
            and index
            and self.language != "ja"
        ):
            self._predicate(item)
        elif item.value_of("compass") and self.subject is not None and self.pending is not None:
            self.subject.attributes[self.pending.sense.value] = item.text.lower()
            use(item)
            self.pending = None
        elif not item.is_known and item.is_content:
            self._unknown(index)
        return index + 1

    def _unknown(self, index: int) -> None:
        """A word that no one knows is a noun, and not a verb, where an article or quality leads it or no thing does."""
        before = self.items[index - 1] if index else None
        is_led = before is not None and before.sense("det", "number", "relation", *MODIFIERS) is not None
        if is_led or self.clause_things == 0:
            self.is_vague = True
            self.pending = None

    def _predicate(self, item: Item) -> None:
        """`the table is round`: a quality said behind its thing, in the same clause."""
        thing = self.subject
        if thing is None or thing.clause != item.clause:
            return
        sense = item.sense("color", "material", "shape", "size", "attr")
        if sense is None:
            return
        if sense.role == "attr":
            name, _, value = sense.value.partition("=")
            thing.attributes.setdefault(name, value)
        elif sense.role == "color":
            thing.color = thing.color or sense.value.partition("=")[2]
        elif sense.role == "material":
            thing.material = thing.material or sense.value
        elif sense.role == "shape":
            thing.shape = thing.shape or sense.value
        else:
            thing.size = sense.value
        use(item)

    def _count_behind(self, index: int, item: Item) -> None:
        thing = self.subject
        if thing is None or item.value is None:
            return
        after = self.items[index + 1] if index + 1 < len(self.items) else None
        is_each = after is not None and after.text == "ずつ"
        doubled = is_each and (
            self.ledger.has("both_sides", thing)
            or (self.pending is not None and self.pending.sense.value == "both_sides")
        )
        thing.count = int(min(max(item.value * (2 if doubled else 1), 1), 20 if thing.is_figure else 200))
        thing.is_counted = True
        use(item)

    def _clearance(self, item: Item) -> None:
        use(item)
        if item.value_of("clearance") == "walkable":
            self.walkway = True
            return
        thing = next((thing for thing in reversed(self.ledger.mentions) if not thing.is_figure), None)
        if thing is not None:
            thing.attributes["clearance"] = item.value_of("clearance") or ""

    def _quote(self, item: Item) -> None:
        if self.subject is not None:
            self.subject.attributes["text"] = item.value_of("quoted") or ""
            use(item)

    def _negation(self, item: Item) -> bool:
        det = item.value_of("det")
        if det == "no":
            self.is_negated = True
            use(item)
            return True
        if det == "not_there" and self.subject is not None and self.language == "ja":
            self._forbid(self.subject.kind, self.subject.said + item.text, self.subject)
            use(item)
            return True
        return False

    def _relate(self, sense: Sense, item: Item, index: int) -> None:
        use(item)
        before = self.items[index - 1] if index else None
        is_air = before is not None and before.is_used and before.sense("weather", "sound") is not None
        if self.is_vague or (is_air and sense.value == "in_front_of"):
            self.pending = None
            return
        if self._is_verb(item) and (self.waiting or (self.pending is not None and self.pending.is_front)):
            return
        distance, self.distance = self.distance, None
        if self._carry(sense):
            return
        self._end_pending()
        kind, word = sense.value, item.text.lower()
        after_article = before is not None and self.language == "ja" and before.value_of("det") == "the"
        if sense.attribute("pronoun") or after_article:
            self._backwards(kind, item)
        elif word in ASIDE and self.subject is not None:
            self._aside(kind, self.subject, distance)
        elif kind in SELF or (kind == "stacked_on" and not word.endswith((" on", " of", "auf"))):
            self._self(SELF.get(kind, kind))
        elif kind in SIDES and not word.endswith((" of", "von", "flanking", "across from")):
            self._sides(kind, item)
        elif self.language == "ja":
            self._japanese(sense, item)
        else:
            begins = self.clause_things == 0
            self.pending = Pending(sense, None if begins and self._fronts(index) else self.subject, item, distance)

    def _carry(self, sense: Sense) -> bool:
        """Take up `with`, `for`, `of` and what is said the other way round; False for other relations."""
        if sense.attribute("with"):
            self._end_pending()
            is_ground = self.subject is not None and self.subject in self.grounds
            self.bearer = self.head if is_ground and self.head is not None else self.subject
        elif sense.attribute("purpose"):
            self.is_purpose = self.subject is not None or self.last_place
        elif inverse := sense.attribute("inverse"):
            self.inverse = (inverse, self.subject) if self.subject is not None else None
            self.pending = None
        else:
            return sense.attribute("of") is not None
        return True

    def _aside(self, kind: str, subject: Thing, distance: float | None) -> None:
        target = self.bearer if self.bearer not in (None, subject) else self.ledger.antecedent(subject)
        if target is not None:
            self._attach(kind, subject, target, distance)

    def _fronts(self, index: int) -> bool:
        """Whether a relation at the start of a clause speaks of a thing that comes behind its object."""
        seen = 0
        position = index + 1
        while position < min(len(self.items), index + FAR) and self.items[position].form not in ("pause", "end"):
            phrase = phrase_at(self.items, position)
            item = self.items[position]
            if phrase is not None and phrase.role in ("object", "figure", "struct") and item.form != "stop":
                seen += 1
                position = phrase.end
                continue
            if item.value_of("pron"):
                seen += 1
            if item.sense("relation") and seen == 1 and not self._is_verb(item):
                return False
            position += 1
        return bool(seen > 1 or self.subject is None)

    def _japanese(self, sense: Sense, item: Item) -> None:
        """In Japanese the object stands before the relation: of the two things said, the nearer one."""
        target = self.subject
        if target is None:
            return
        if target.clause == item.clause or self.clause_things:
            self.pending = Pending(sense, None, item, None, target, True)

    def _arrange(self, found: Arrangement) -> int:
        span = self.items[found.start : found.end]
        use(*span)
        self.pending = None
        follows = phrase_at(self.items, found.end) if found.end < len(self.items) else None
        first = span[0].text.lower()
        if (
            follows is not None
            and follows.role in ("object", "figure")
            and first != "in"
            and follows.head.clause == span[0].clause
        ):
            self._noun(follows)
            end = follows.end
        else:
            end = found.end
        thing = self.subject
        if thing is None:
            return end
        rows, columns = found.rows, found.columns
        if rows and columns and not thing.is_counted:
            thing.count, thing.is_counted = min(rows * columns, 200), True
        if found.is_grid and not rows:
            rows = max(round(thing.count**0.5), 1)
            columns = -(-thing.count // rows)
        if found.is_grid:
            self.ledger.link("grid", thing, rows=rows, columns=columns)
        else:
            self.ledger.link("aligned_row", thing, rows=rows, columns=columns)
        return end

    def _measure(self, index: int) -> bool:
        """A length behind its thing, or before a relation; False where it describes a noun that follows."""
        following = phrase_at(self.items, index)
        measure = self.measures[index]
        rest = [item for item in self.items[index + 1 : index + 9] if not item.is_used]
        has_axis = any(axis for _, axis in measure.lengths)
        if not has_axis and rest and rest[0].sense("relation") and rest[0].value_of("relation") not in ("with", "of"):
            self.distance = (measure.plain or [0.0])[0]
            use(self.items[index])
            return True
        behind = self.items[index].clause
        if (
            following is not None
            and following.role in ("object", "place")
            and not any(axis for _, axis in measure.lengths)
        ):
            return False
        use(self.items[index])
        if self.last_place and (self.subject is None or self.subject.clause != behind):
            self.room = merged(self.room, measure)
        elif self.subject is not None:
            give_size(self.subject, measure)
        return True

    def _end_clause(self) -> None:
        pending = self.pending
        if (
            pending is not None
            and pending.is_front
            and not pending.was_used
            and self.language != "ja"
            and self.clause_things == 0
        ):
            pass
        else:
            self._end_pending()
        for kind in list(self.waiting):
            if self.clause_things and self.subject is not None:
                self.ledger.link(kind, self.subject)
                self.waiting.remove(kind)
        self.is_negated = self.is_purpose = self.is_vague = False
        self.inverse = None
        self.clause_things = 0

    def _end_sentence(self) -> None:
        self._end_pending()
        for thing, is_close in self.borne:
            self._settle(thing, is_close)
        for kind in self.waiting:
            if self.subject is not None:
                self.ledger.link(kind, self.subject)
        self.borne.clear()
        self.waiting.clear()
        self.actions.clear()
        self.bearer = self.head = None
        self.last_place = False


def merged(first: Measure | None, second: Measure) -> Measure:
    """The lengths of both."""
    return second if first is None else Measure(first.lengths + second.lengths)
