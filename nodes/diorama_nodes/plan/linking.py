"""How things are tied to each other by the relations of a sentence."""

from __future__ import annotations

from dataclasses import dataclass

from diorama_nodes.plan.ledger import Thing, use
from diorama_nodes.plan.lexicon import Sense
from diorama_nodes.plan.phrases import Phrase
from diorama_nodes.plan.reading import Item
from diorama_nodes.plan.state import Pending, State

HELD = frozenset({"umbrella", "parasol", "lantern", "book", "guitar", "flower", "balloon", "torch"})
LAND = frozenset({"island", "stage", "jetty", "bridge"})


@dataclass
class Linking(State):
    """Ties things to each other."""

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

    def _come_from(self, pending: Pending, subject: Thing, source: Thing) -> None:
        self.pending = None
        if pending.item.text.lower().startswith(("refl", "mirror", "spieg", "gespieg")):
            subject.attributes["reflects"] = source.kind
        else:
            self._attach("next_to", subject, source, None)

    def _answer(self, pending: Pending, thing: Thing, phrase: Phrase, fresh: bool) -> None:
        """Give a waiting relation its object."""
        kind = pending.sense.value
        if pending.sense.attribute("from") and pending.subject is not None:
            self._come_from(pending, pending.subject, thing)
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
            in (
                "in",
                "behind",
                "under",
                "next_to",
                "below",
                "near",
                "above",
                "left_of",
                "right_of",
                "in_front_of",
                "around",
            )
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

    def _settle(self, thing: Thing, is_close: bool) -> None:
        """Where a thing that came with another stands, if the text does not say."""
        bearer = self.bearer
        if (
            bearer is None
            or bearer.is_figure
            or "sky" in thing.traits
            or any(link.subject is thing for link in self.ledger.links)
        ):
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
