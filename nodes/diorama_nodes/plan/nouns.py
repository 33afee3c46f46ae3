"""What the nouns of a sentence bring into the scene."""

from __future__ import annotations

from dataclasses import dataclass

from diorama_nodes.plan.deeds import Deeds
from diorama_nodes.plan.ledger import Thing
from diorama_nodes.plan.lexicon import Sense, lexicon
from diorama_nodes.plan.measures import Measure
from diorama_nodes.plan.phrases import Phrase, phrase_at
from diorama_nodes.plan.state import FAR
from diorama_nodes.plan.structures import stand_at


@dataclass
class Nouns(Deeds):
    """Takes up noun phrases."""

    def _phrase(self, phrase: Phrase) -> None:
        if any(item.sense("det") and item.value_of("det") == "no" for item in phrase.items):
            self.is_negated = True
        is_glow = phrase.sense.value == "lamp" and phrase.head.sense("lighting") and phrase.det in (None, "the")
        if phrase.role == "lighting" or (is_glow and phrase.number is None and not phrase.head.is_plural):
            self._lighting(phrase)
        elif phrase.role in ("object", "figure"):
            self._noun(phrase)
        elif phrase.role == "struct":
            self._structure(phrase)
        elif phrase.role == "part":
            self._part(phrase)
        elif phrase.role == "wear":
            self._worn(phrase)
        elif phrase.role == "place":
            self._place(phrase)
        elif phrase.role == "ring" and self.subject is not None:
            self._ring(phrase)
        self.is_vague = self.is_vague and phrase.role not in ("object", "figure")

    def _noun(self, phrase: Phrase) -> None:
        if self.is_purpose:
            self.is_purpose = False
            self.pending = None
            self.absent.add(phrase.sense.value)
            for item in phrase.items:
                item.reason = "said of the place's purpose; the text does not put them into the scene"
            return
        if self.is_negated:
            self._deny(phrase)
            return
        if phrase.role == "figure" and phrase.is_definite and phrase.sense.value in self.absent:
            self.pending = None
            phrase.head.reason = "nobody of that name is in the scene"
            return
        if phrase.role == "figure" and any(item.value_of("object") == "robot" for item in phrase.companions):
            phrase.sense = Sense("figure", "robot")
        phrase.use()
        is_new = len(self.ledger.things)
        thing = self.ledger.resolve(phrase, phrase.head.clause)
        fresh = len(self.ledger.things) > is_new
        if phrase.role == "object" and phrase.actions and "figure" in thing.traits and not thing.is_figure:
            thing.is_figure = True
        for item in phrase.actions:
            self._give_action(thing, item, item.value_of("action") or "idle")
        self._sized(thing, phrase)
        self._companions(phrase)
        if phrase.lit in ("candle", "torch", "lantern", "lamp"):
            self._lit(phrase.lit)
        if self.actions and thing.is_figure:
            for item in self.actions:
                self._give_action(thing, item, item.value_of("action") or "idle")
            self.actions.clear()
        self._connect(thing, phrase, fresh)

    def _deny(self, phrase: Phrase) -> None:
        phrase.use()
        self.pending = None
        self._forbid(phrase.sense.value, "no " + phrase.head.text)

    def _sized(self, thing: Thing, phrase: Phrase) -> None:
        for item in phrase.measures:
            measure = self.measures.get(int(item.value_of("measure") or -1))
            if measure is not None:
                give_size(thing, measure)

    def _companions(self, phrase: Phrase) -> None:
        """A thing that stands before another noun is there as well: the castle of `castle gate`, once."""
        for item in phrase.companions:
            sense = item.sense("object")
            if sense and lexicon().kinds[sense.value].place and not self.ledger.named(sense.value):
                self.ledger.create(sense.value)

    def _lit(self, lit: str) -> None:
        kind = {"candle": "candle", "torch": "torch", "lantern": "lantern", "lamp": "lamp"}[lit]
        if not self.ledger.named(kind):
            thing = self.ledger.create(kind)
            thing.count = 3 if kind == "candle" else 2
            if kind == "torch" and self.is_indoor:
                self.ledger.link("on_wall", thing, is_implied=True)
        self.lights.append((lit if lit == "candle" else "fire" if lit == "torch" else "lamp", None, "dim"))

    def _connect(self, thing: Thing, phrase: Phrase, fresh: bool) -> None:
        """Tie a thing to what was said before it."""
        pending = self.pending
        if phrase.det == "every" and pending is None and self.subject is not None and self.subject is not thing:
            self._per_object(thing)
            return
        if pending is not None and pending.sense.value == "follow":
            pending.sense = Sense("relation", "near")
        if pending is not None and self.is_vague and pending.subject is None:
            self.pending = None
        elif (
            pending is not None and pending.is_front and pending.object is not None and pending.sense.value != "between"
        ):
            self._attach(pending.sense.value, thing, pending.object, pending.distance)
            pending.was_used = True
            self._become_subject(thing)
            return
        elif pending is not None:
            self._answer(pending, thing, phrase, fresh)
            return
        if self.inverse is not None:
            kind, owner = self.inverse
            if thing is not owner:
                self._attach(kind, thing, owner, None)
                if kind == "both_sides":
                    self._attach("next_to", thing, owner, None)
        elif self.bearer is not None and thing is not self.bearer and fresh:
            self._bear(thing, phrase)
        self._become_subject(thing)

    def _become_subject(self, thing: Thing) -> None:
        self.subject = thing
        if self.clause_things == 0 or self.head is None:
            self.head = thing
        self.clause_things += 1
        if thing.is_figure:
            self.figure = thing
        for kind in self.waiting:
            hangs = kind == "against_wall" and "wall" in thing.traits
            self.ledger.link("on_wall" if hangs else kind, thing)
        self.waiting.clear()

    def _structure(self, phrase: Phrase) -> None:
        """A part of the room: `against the wall`, `in the corner`, `facing each other`."""
        name = phrase.sense.value
        if (
            phrase.is_possessive_pronoun
            and self.pending is not None
            and name in ("top", "bottom", "edge", "side", "front", "back")
        ):
            phrase.use()
            self._pronoun(phrase.head)
            return
        pending = self.pending
        phrase.use()
        if pending is None and name == "other":
            group = self.figure if self.figure is not None and self.figure.count > 1 else self.subject
            if group is not None:
                stand_at(self.ledger, group, "facing", name, phrase, self.is_indoor)
        if pending is None:
            return
        thing = pending.subject
        if name in ("top", "bottom") or (name in ("side", "edge") and self._of_thing(phrase.end)):
            return
        self.pending = None
        if thing is None:
            thing = self._coming(phrase.end) or self.subject
            if thing is None:
                self._postpone(pending.sense.value, name)
                return
        if name == "other" and thing.count == 1 and self.figure is not None and self.figure.count > 1:
            thing = self.figure
        if name == "center" and self.bearer is not None and "surface" in self.bearer.traits and "small" in thing.traits:
            return
        stand_at(self.ledger, thing, pending.sense.value, name, phrase, self.is_indoor)

    def _of_thing(self, index: int) -> bool:
        following = self.items[index] if index < len(self.items) else None
        return (
            following is not None
            and following.value_of("relation") == "of"
            and phrase_at(self.items, index + 1) is not None
        )

    def _coming(self, index: int) -> Thing | None:
        """None where a thing that the relation was said for follows in the clause."""
        for position in range(index, min(index + FAR, len(self.items))):
            if self.items[position].form == "end":
                break
            phrase = phrase_at(self.items, position)
            if phrase is not None and phrase.role in ("object", "figure"):
                return None
        return self.subject

    def _postpone(self, relation: str, structure: str) -> None:
        kind = {"corner": "in_corner", "wall": "against_wall", "ceiling": "hanging_from_ceiling"}.get(structure)
        if structure == "center":
            kind = "center_of_room" if self.is_indoor else "center_of_scene"
        if structure == "wall" and relation in ("on", "hanging_from"):
            kind = "on_wall"
        if kind is not None:
            self.waiting.append(kind)

    def _part(self, phrase: Phrase) -> None:
        """A part of a thing becomes its attribute: the chimney of a cabin."""
        owners = (phrase.sense.attribute("of") or phrase.head.senses[0].attribute("of") or "").split()
        sense = phrase.head.sense("part")
        owners = (sense.attribute("of") or "").split() if sense else owners
        candidates = [thing for thing in reversed(self.ledger.mentions) if thing.kind in owners]
        if self.bearer is not None and self.bearer in candidates:
            candidates.insert(0, self.bearer)
        if not candidates:
            phrase.head.reason = "a part of something that is not in the scene"
            return
        phrase.use()
        said = str(int(phrase.number)) if phrase.number else phrase.color or phrase.text.lower()
        candidates[0].attributes[phrase.sense.value] = "none" if self.is_negated else said[:80]
        self.pending = None

    def _worn(self, phrase: Phrase) -> None:
        if self.figure is None:
            return
        phrase.use()
        worn = phrase.head.text.lower() if self.language == "en" else phrase.sense.value
        self.figure.attributes["wears"] = worn
        if phrase.color:
            self.figure.color = phrase.color

    def _place(self, phrase: Phrase) -> None:
        """The place itself: its measures, and what its adjectives say."""
        for item in phrase.measures:
            self.room = self.measures.get(int(item.value_of("measure") or -1), self.room)
        for item in phrase.items:
            if not item.reason:
                item.is_used = True
        if phrase.lit is not None and phrase.lit in ("candle", "torch", "lantern", "lamp"):
            self._lit(phrase.lit)
        self._companions(phrase)
        if (
            self.pending is not None
            and self.pending.sense.value in ("along_path", "across", "toward")
            and self.figure is not None
        ):
            self.figure.attributes["along"] = phrase.sense.value
        if self.pending is not None and self.pending.subject is not None and self.pending.sense.value == "between":
            return
        if phrase.det == "a":
            self.waiting.clear()
        if self.pending is None or self.pending.subject is None:
            self.last_place = True
        self.pending = None

    def _ring(self, phrase: Phrase) -> None:
        phrase.use()
        self.pending = None
        if self.subject is not None:
            self.subject.attributes["arrangement"] = "circle"

    def _lighting(self, phrase: Phrase) -> None:
        phrase.use()
        self.pending = None
        kind = {"candle": "candle", "torch": "fire", "fire": "fire", "neon": "neon"}.get(
            phrase.lit or phrase.material or "", "lamp"
        )
        self.lights.append((kind, phrase.color, phrase.attributes.get("brightness", "normal")))


def give_size(thing: Thing, measure: Measure) -> None:
    """Set width, height and depth of a thing; of two lengths without an axis a bed's longer one is its depth."""
    plain = measure.plain
    width, height, depth = measure.along("width"), measure.along("height"), measure.along("depth")
    if len(plain) == 2:
        long, short = max(plain), min(plain)
        width, depth = (short, long) if thing.kind in ("bed", "rug", "car", "boat") else (plain[0], plain[1])
    elif len(plain) >= 3:
        width, depth, height = plain[0], plain[1], plain[2]
    elif plain and height is None and width is None and depth is None:
        height = plain[0]
    known = thing.dimensions or (None, None, None)
    sizes = [new if new is not None else old for new, old in zip((width, height, depth), known, strict=True)]
    thing.dimensions = (sizes[0], sizes[1], sizes[2])
