"""What a sentence says of things, figures, and how they stand to each other."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from diorama_nodes.plan.ledger import Ledger, Thing, use
from diorama_nodes.plan.lexicon import Language, Sense, lexicon
from diorama_nodes.plan.measures import Arrangement, Measure
from diorama_nodes.plan.phrases import Phrase, phrase_at
from diorama_nodes.plan.reading import Item
from diorama_nodes.plan.structures import stand_at

SELF = {"beside_each_other": "next_to", "lined_up": "aligned_row"}
MOVES = ("walk", "run", "dance", "wave", "spin")
HELD = frozenset({"umbrella", "parasol", "lantern", "book", "guitar", "flower", "balloon", "torch"})
LAND = frozenset({"island", "stage", "jetty", "bridge"})
WALKWAY = 1.2
"""Metres between things that a person shall pass."""


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


@dataclass(slots=True)
class Reader:
    """Walks over the items of a text once, from left to right."""

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

    # ---- words that stand alone

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
            self.is_vague = True
            self.pending = None
        return index + 1

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

    def _forbid(self, kind: str, text: str, fresh: Thing | None = None) -> None:
        self.ledger.forbidden.setdefault(kind, text)
        if fresh is not None and fresh in self.ledger.things:
            self.ledger.things.remove(fresh)
            self.ledger.mentions = [thing for thing in self.ledger.mentions if thing is not fresh]
            self.ledger.links = [link for link in self.ledger.links if fresh not in (link.subject, link.object)]
            self.subject = None

    def _verb(self, index: int, item: Item) -> bool:
        """Take up an action, a pace or a stop; False where the item is none."""
        if item.sense("object", "figure", "place") is not None:
            return False
        if (action := item.sense("action")) is not None and not item.sense("struct"):
            following = phrase_at(self.items, index) if action.value in MOVES else None
            if following is not None and following.role in ("object", "figure") and item in following.actions:
                return False
            self._act(item, action.value)
        elif item.sense("stop"):
            if self.figure is None:
                return False
            self.figure.attributes["then"] = "stop"
            use(item)
        elif (pace := item.value_of("pace")) is not None:
            if self.figure is None:
                return False
            self.figure.pace = pace
            use(item)
        elif item.sense("other_action") is not None and item.sense("relation") is None:
            if self.figure is not None:
                self.figure.attributes.setdefault("does", item.text.lower())
            item.reason = "figures can stand, walk, run, wave, sit, dance and spin; whoever does this stands instead"
        else:
            return False
        return True

    def _act(self, item: Item, action: str) -> None:
        actor = (
            self.subject
            if self.subject is not None and (self.subject.is_figure or self.subject.traits & {"figure", "animal"})
            else self.figure
        )
        if actor is None:
            if self.subject is None:
                self.actions.append(item)
                return
            if action not in MOVES:
                use(item)
                return
            item.reason = f"a {self.subject.kind.replace('_', ' ')} does not move by itself here"
            return
        self._give_action(actor, item, action)

    def _give_action(self, actor: Thing, item: Item, action: str) -> None:
        if actor.is_figure or ("figure" in actor.traits and action in MOVES):
            actor.is_figure = True
            if actor.action == "idle" or action != "idle":
                actor.action = action
            self.figure = actor
            self._share_action(actor)
            use(item)
        elif action in ("sit", "idle"):
            actor.attributes["pose"] = "sitting" if action == "sit" else "standing"
            use(item)
        elif "animal" in actor.traits:
            actor.attributes["pose"] = "walking" if action == "walk" else "running" if action == "run" else "standing"
            item.reason = "animals hold a pose and do not move yet"
        else:
            item.reason = f"a {actor.kind.replace('_', ' ')} does not move by itself here"

    def _share_action(self, actor: Thing) -> None:
        """`a queen and two samurai walking`: both walk, where the first was given nothing to do."""
        before = self.ledger.things[: self.ledger.things.index(actor)]
        partner = next((thing for thing in reversed(before) if thing.is_figure), None)
        if (
            partner is not None
            and partner.clause == actor.clause
            and partner.action == "idle"
            and not partner.attributes
        ):
            partner.action, partner.pace = actor.action, actor.pace

    # ---- nouns

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

    def _per_object(self, thing: Thing) -> None:
        """`twenty lettuce heads per rack`."""
        subject = self.subject
        if subject is None:
            return
        each = subject.count
        subject.count = min(each * thing.count, 200)
        if each * thing.count > 200:
            self.ledger.report(
                f"{each} {subject.said} per {thing.kind}", "a scene holds up to 200 of one kind; it has 200 of these"
            )
        kind = "on" if subject.traits & {"small"} else "next_to"
        self.ledger.link(kind, subject, thing, per_object=each)

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

    def _bear(self, thing: Thing, phrase: Phrase) -> None:
        bearer = self.bearer
        if bearer is None:
            return
        if bearer.is_figure and not thing.is_figure:
            if held := held_name(thing):
                bearer.attributes["holds"] = held
                self.ledger.things.remove(thing)
            else:
                self.ledger.link("next_to", thing, bearer)
            return
        self.ledger.step_back(thing)
        self.borne.append((thing, phrase.head.clause == bearer.clause))

    def _answer(self, pending: Pending, thing: Thing, phrase: Phrase, fresh: bool) -> None:
        """Give a waiting relation its object."""
        kind = pending.sense.value
        if pending.sense.attribute("from") and pending.subject is not None:
            if pending.item.text.lower().startswith(("refl", "mirror", "spieg", "gespieg")):
                pending.subject.attributes["reflects"] = thing.kind
            else:
                self._attach("next_to", pending.subject, thing, None)
            self.pending = None
            return
        if kind == "between" and pending.object is None:
            pending.object = thing
            if thing.count == 1:
                return
            self._between(pending, None)
            return
        if kind == "between":
            self._between(pending, thing)
            return
        if pending.subject is None:
            pending.object = thing
            pending.is_front = True
            if self.language == "ja":
                self.subject = thing
            return
        self.pending = None
        if (
            phrase.det == "every"
            and not fresh
            and not pending.subject.is_counted
            and pending.subject.count < thing.count
        ) or (phrase.det == "every" and not fresh and pending.subject.count == 1):
            pending.subject.count = thing.count
        if fresh and phrase.head.is_plural and phrase.number is None and kind == "hanging_from":
            thing.count = pending.subject.count
        self._attach(kind, pending.subject, thing, pending.distance)
        is_each = any(word in pending.item.text.lower() for word in ("each side", "either side", "jeder seite"))
        if kind == "both_sides" and is_each and pending.subject.count <= 100:
            pending.subject.count *= 2
        if fresh:
            self.ledger.step_back(thing)
        if fresh and not pending.subject.is_figure:
            self.grounds.append(thing)
            self.subject = thing
        self.head = self.head or pending.subject

    def _between(self, pending: Pending, other: Thing | None) -> None:
        self.pending = None
        if (
            pending.subject is not None
            and pending.object is not None
            and pending.subject not in (pending.object, other)
        ):
            self.ledger.link("between", pending.subject, pending.object, other=other)
        elif pending.subject is None and pending.object is not None:
            self.pending = Pending(pending.sense, None, pending.item, None, pending.object, True, other)

    def _attach(self, kind: str, subject: Thing, target: Thing, distance: float | None) -> None:
        """Note that a thing stands to another in a relation, as far as that can be."""
        if kind in ("with", "for", "of", "from", "reflecting", "follow"):
            return
        if subject is target and kind not in ("facing", "next_to", "stacked_on"):
            return
        if kind == "above" and subject.is_figure and subject.action in ("walk", "run"):
            kind = "across"
        if kind in ("toward", "across", "along_path"):
            mover = subject if subject.is_figure else self.figure
            if mover is None:
                kind = "facing" if kind == "toward" else "on" if kind == "across" else "along"
            elif kind == "toward":
                mover.toward = target
                return
            else:
                if kind == "across":
                    self.ledger.link("on", mover, target)
                mover.attributes["over" if kind == "across" else "along"] = target.id
                return
        if kind == "against":
            kind = "next_to"
        if kind == "facing" and subject.is_figure:
            subject.toward = subject.toward or target
        self.ledger.link(kind, subject, target, distance=distance)
        if kind in ("both_sides", "opposite_sides"):
            self.ledger.link("next_to", subject, target)
        if kind == "on" and subject.traits & {"small", "animal"}:
            self._share_with_partner(kind, subject, target)

    def _share_with_partner(self, kind: str, subject: Thing, target: Thing) -> None:
        """`a cat and a dog on the sofa`: both are, where the first stands in no relation yet."""
        things = self.ledger.things
        if subject not in things:
            return
        at = things.index(subject)
        partner = things[at - 1] if at else None
        if (
            partner is None
            or partner is target
            or partner.clause != subject.clause
            or not partner.traits & {"small", "animal"}
        ):
            return
        if not any(partner in (link.subject, link.object) for link in self.ledger.links):
            self.ledger.link(kind, partner, target)

    # ---- relations

    def _relate(self, sense: Sense, item: Item, index: int) -> None:
        use(item)
        kind = sense.value
        before = self.items[index - 1] if index else None
        if self.is_vague or (
            before is not None and before.is_used and before.sense("weather", "sound") and kind == "in_front_of"
        ):
            self.pending = None
            return
        if self._is_verb(item) and (self.waiting or (self.pending is not None and self.pending.is_front)):
            return
        distance, self.distance = self.distance, None
        after_article = bool(index) and self.language == "ja" and self.items[index - 1].value_of("det") == "the"
        if sense.attribute("with"):
            self._end_pending()
            is_ground = self.subject is not None and self.subject in self.grounds
            self.bearer, self.pending = self.head if is_ground and self.head is not None else self.subject, None
            return
        if sense.attribute("purpose"):
            self.is_purpose = self.subject is not None or self.last_place
            return
        if sense.attribute("of"):
            return
        if inverse := sense.attribute("inverse"):
            self.inverse = (inverse, self.subject) if self.subject is not None else None
            self.pending = None
            return
        self._end_pending()
        if sense.attribute("pronoun") or after_article:
            self._backwards(kind, item)
        elif kind in SELF:
            self._self(SELF[kind])
        elif kind in ("both_sides", "opposite_sides") and not item.text.lower().endswith(
            (" of", "von", "flanking", "across from")
        ):
            self._sides(kind, item)
        elif kind == "stacked_on" and not item.text.lower().endswith((" on", " of", "auf")):
            self._self(kind)
        elif self.language == "ja":
            self._japanese(sense, item)
        else:
            begins = self.clause_things == 0
            self.pending = Pending(sense, None if begins and self._fronts(index) else self.subject, item, distance)

    def _is_verb(self, item: Item) -> bool:
        """Whether a relation is a bare German verb, as in `an der Wand hängt ein Bild`."""
        kind = item.value_of("relation")
        return kind in ("hanging_from", "leaning_against") and self.language == "de" and " " not in item.text

    def _fronts(self, index: int) -> bool:
        """Whether a relation at the start of a clause speaks of a thing that comes behind its object."""
        seen = 0
        position = index + 1
        while position < len(self.items) and self.items[position].form not in ("pause", "end"):
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

    def _backwards(self, kind: str, item: Item) -> None:
        """`davor`, その前: the object is what was spoken of before."""
        inside = self.subject if self.subject is not None and self.subject.clause == item.clause else None
        if inside is not None:
            target = self.ledger.antecedent(inside)
            if target is not None:
                self._attach(kind, inside, target, None)
            return
        target = self.subject or self.ledger.antecedent(None)
        if target is not None:
            self.pending = Pending(Sense("relation", kind), None, item, None, target, True)

    def _self(self, kind: str) -> None:
        if self.subject is None:
            self.waiting.append(kind)
        elif kind == "aligned_row":
            self.ledger.link(kind, self.subject)
        else:
            self.ledger.link(kind, self.subject, self.subject)

    def _sides(self, kind: str, item: Item) -> None:
        thing = self.subject
        if thing is None or (self.clause_things == 0 and self.language != "ja"):
            self.waiting.append(kind)
            return
        target = self.bearer if self.bearer is not None and self.bearer is not thing else self.ledger.antecedent(thing)
        is_each = any(word in item.text.lower() for word in ("each", "either", "every", "jeder"))
        if is_each and thing.count <= 100:
            thing.count *= 2
        if target is None:
            self.ledger.link(kind, thing)
            return
        self._attach(kind, thing, target, None)
        if is_each and thing.count == 2:
            self.ledger.link("opposite_sides", thing, target)

    def _pronoun(self, item: Item) -> None:
        pending = self.pending
        if pending is None:
            return
        if self.is_vague and pending.subject is None:
            self.pending = None
            return
        target = self.ledger.antecedent(pending.subject, item.value_of("pron") == "them")
        if target is None:
            return
        use(item)
        if pending.subject is None:
            pending.object, pending.is_front = target, True
            return
        if pending.subject.is_figure and pending.subject.toward is not None:
            target = pending.subject.toward
        self.ledger.mention(target)
        self._attach(pending.sense.value, pending.subject, target, pending.distance)
        self.pending = None

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
        for position in range(index, len(self.items)):
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
        self.figure.attributes["wears"] = phrase.head.text.lower()
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

    # ---- numbers

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

    # ---- ends

    def _end_pending(self) -> None:
        """A relation without an object speaks of the thing mentioned before."""
        pending, self.pending = self.pending, None
        if pending is None:
            return
        if pending.is_front and pending.object is not None:
            if not pending.was_used and self.language == "ja":
                earlier = [
                    thing
                    for thing in self.ledger.mentions
                    if thing is not pending.object and thing.clause == pending.object.clause
                ]
                if earlier:
                    self._attach(pending.sense.value, earlier[-1], pending.object, None)
            elif not pending.was_used and self.head is not None and self.head is not pending.object:
                self._attach(pending.sense.value, self.head, pending.object, pending.distance)
        elif (
            pending.sense.value
            in ("in", "behind", "under", "next_to", "below", "near", "above", "in_front_of", "around")
            and pending.subject is not None
        ):
            text = pending.item.text.lower()
            if text in (
                "in",
                "by",
                "at",
                "an",
                "am",
                "bei",
                "im",
                "before",
                "over",
                "near",
                "within",
                "into",
                "outside",
            ):
                return
            target = (
                self.bearer if self.bearer not in (None, pending.subject) else self.ledger.antecedent(pending.subject)
            )
            if target is not None:
                self._attach(pending.sense.value, pending.subject, target, pending.distance)

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

    def _settle(self, thing: Thing, is_close: bool) -> None:
        """Where a thing that came with another stands, if the text does not say."""
        bearer = self.bearer
        if bearer is None or bearer.is_figure or any(link.subject is thing for link in self.ledger.links):
            return
        if bearer.kind in LAND or (is_close and "surface" in bearer.traits and thing.traits & {"small"}):
            if thing.kind == "waterfall":
                self.ledger.link("next_to", thing, bearer)
            else:
                self.ledger.link("on", thing, bearer, is_implied=True)
        elif is_close:
            self.ledger.link("next_to", thing, bearer, is_implied=True)


def held_name(thing: Thing) -> str | None:
    """What a figure's hand holds of this kind; None for what stays on the ground."""
    if thing.kind in HELD:
        return thing.kind
    return thing.attributes["kind"] if thing.attributes.get("kind") in ("sword", "katana") else None


def merged(first: Measure | None, second: Measure) -> Measure:
    """The lengths of both."""
    return second if first is None else Measure(first.lengths + second.lengths)


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
