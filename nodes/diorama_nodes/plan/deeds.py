"""What figures do, and what a text says is not there."""

from __future__ import annotations

from dataclasses import dataclass

from diorama_nodes.plan.ledger import Thing, use
from diorama_nodes.plan.linking import Linking
from diorama_nodes.plan.phrases import phrase_at
from diorama_nodes.plan.reading import Item

MOVES = ("walk", "run", "dance", "wave", "spin")


@dataclass
class Deeds(Linking):
    """Gives figures their actions."""

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
