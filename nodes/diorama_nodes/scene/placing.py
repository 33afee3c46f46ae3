"""Puts every object on a place where its relations hold, and tells what could not be held."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from diorama_nodes.plan.schema import RelationKind, RelationSpec
from diorama_nodes.scene.formations import formations
from diorama_nodes.scene.habits import SEATS, TABLES, habit, is_one_of
from diorama_nodes.scene.heavens import in_sky
from diorama_nodes.scene.items import Item, Stood
from diorama_nodes.scene.proposals import LEAN, Asked, anywhere, on_shelves, proposals
from diorama_nodes.scene.relations import ALONE, GROUPS, group_holds, holds
from diorama_nodes.scene.solids import Array, Boxes, joined
from diorama_nodes.scene.usual import usual
from diorama_nodes.scene.words import complaint
from diorama_nodes.scene.world import World, on_screen

PASSING: frozenset[RelationKind] = frozenset(("in", "under", "leaning_against", "on", "hanging_from"))
"""Relations in which the boxes of the two may overlap, though the things do not touch."""
KEEPING: frozenset[RelationKind] = frozenset(("on", "in", "stacked_on", "hanging_from", "above"))
"""Relations without which a thing would float or lie in the wrong place."""


@dataclass(slots=True)
class Placing:
    """The work of placing one plan's objects."""

    world: World
    relations: Sequence[RelationSpec]
    seed: int
    report: list[str]
    cast: frozenset[str] = frozenset()
    """Ids of the characters, who find their places after the objects."""
    implied: frozenset[str] = frozenset()
    """Ids of objects that the place brought along; those that were asked for come first."""

    def place_all(self, groups: list[list[Item]]) -> None:
        """Place the items, grouped by object, what others refer to first."""
        known = {items[0].id for items in groups}
        doors = {items[0].id for items in groups if habit(items[0].kind) == "doorway"}
        # A door is on its wall too, though it stands on the floor.
        self.relations = [
            rel.model_copy(update={"kind": "against_wall"}) if rel.kind == "on_wall" and rel.subject in doors else rel
            for rel in self.relations
        ]
        for items in self._ordered(groups):
            mine = [(number, rel) for number, rel in enumerate(self.relations) if rel.subject == items[0].id]
            for number, rel in mine:
                self._check_names(number, rel, known)
            rng = np.random.default_rng([self.seed, 31, *items[0].id.encode()])
            self._place_group(items, mine, rng)
        self._verify(known)

    def _ordered(self, groups: list[list[Item]]) -> list[list[Item]]:
        """What is referred to before what refers to it; among those that are free, wall things and large ones first."""
        waiting = {items[0].id: items for items in groups}
        rank = {items[0].id: number for number, items in enumerate(groups)}
        done: list[list[Item]] = []
        while waiting:
            free = [
                name
                for name in waiting
                if not any(
                    target in waiting and target != name
                    for rel in self.relations
                    if rel.subject == name
                    for target in (rel.object, rel.other)
                )
            ]
            chosen = min(free or waiting, key=lambda name: (self._urgency(waiting[name]), rank[name]))
            done.append(waiting.pop(chosen))
        return done

    def _urgency(self, items: list[Item]) -> tuple[int, float]:
        name, kind = items[0].id, items[0].kind
        is_bound = any(rel.subject == name and rel.kind in ALONE for rel in self.relations)
        first = 0 if habit(kind) in ("doorway", "wall", "center") or is_bound else 1
        first += 2 if name in self.implied else 0
        last = 5 if habit(kind) in ("at_table", "on_table") else first
        return last, -items[0].size[0] * items[0].size[2]

    def _check_names(self, number: int, rel: RelationSpec, known: set[str]) -> None:
        for name in (rel.object, rel.other):
            if name is not None and name not in known and not self._is_named(name):
                self.report.append(complaint(rel, f"there is no {name!r} in this scene"))

    def _is_named(self, name: str) -> bool:
        return name in self.cast or _is_wall(name) or bool(self.world.named(name))

    def _place_group(self, items: list[Item], mine: list[tuple[int, RelationSpec]], rng: np.random.Generator) -> None:
        together = [(number, rel) for number, rel in mine if rel.kind in GROUPS and self._anchors(rel, items[0])]
        is_stack = any(rel.kind == "stacked_on" and rel.object in (None, items[0].id) for _, rel in mine)
        asked = self._shares(
            items, [pair for pair in mine if pair[1].kind not in GROUPS or pair[1].kind == "stacked_on"]
        )
        left = list(range(len(items)))
        for _, rel in together:
            chosen = left[: rel.count] if rel.count and len(items) > rel.count else list(left)
            if rel.kind != "stacked_on" and chosen:
                members = [items[n] for n in chosen], [asked[n] for n in chosen]
                placed = set(self._form(rel, *members, chosen, rng))
                left = [n for n in left if n not in placed]
        for number in left:
            if is_stack and number > 0 and len(self.world.stood.get(items[0].id, [])) == number:
                below = self.world.stood[items[0].id][number - 1]
                self._place(items[number], [Asked("stacked_on", below)], rng)
            else:
                group = [
                    Asked(rel.kind, self._anchors(rel, items[0])[0])
                    for _, rel in together
                    if rel.kind == "around" and rel.object
                ]
                self._place(items[number], [*asked[number], *group], rng)

    def _anchors(self, rel: RelationSpec, item: Item) -> list[Stood | None]:
        if rel.object is None or rel.object == item.id or _is_wall(rel.object):
            return [None]
        return list(self.world.named(rel.object))

    def _shares(self, items: list[Item], mine: list[tuple[int, RelationSpec]]) -> list[list[Asked]]:
        """Which relations are asked of which copy, and of which of the things referred to."""
        asked: list[list[Asked]] = [[] for _ in items]
        pointer = 0
        for number, rel in mine:
            if rel.object == items[0].id:
                self._self_shares(asked, number, rel)
                continue
            anchors = self._anchors(rel, items[0])
            others = self.world.named(rel.other) if rel.other else []
            count = rel.count or len(items)
            if rel.count and rel.count * len(anchors) == len(items):
                count = len(items)
            start = pointer if count < len(items) else 0
            pointer = (pointer + count) % len(items) if count < len(items) else pointer
            for turn in range(min(count, len(items))):
                copy = (start + turn) % len(items)
                if anchors:
                    anchor = anchors[turn % len(anchors)]
                    other = others[turn % len(others)] if others else None
                    asked[copy].append(Asked(rel.kind, anchor, other, rel.distance, number))
        return asked

    def _self_shares(self, asked: list[list[Asked]], number: int, rel: RelationSpec) -> None:
        """Relations among the copies of one object refer to the copy before; `_place` looks it up."""
        if rel.kind in ("next_to", "near", "facing"):
            for copy in range(1, len(asked)):
                asked[copy].append(Asked(rel.kind, None, None, rel.distance, number))

    def _form(
        self,
        rel: RelationSpec,
        items: list[Item],
        asked: list[list[Asked]],
        numbers: list[int],
        rng: np.random.Generator,
    ) -> list[int]:
        """Place several items as one arrangement; gives the numbers of those that stand."""
        others = frozenset(want.kind for wants in asked for want in wants)
        others |= {other.kind for other in self.relations if other.subject == items[0].id and other is not rel}
        anchor = self._anchors(rel, items[0])[0]
        best: tuple[float, Boxes, Array] | None = None
        passes = self._passes(asked[0])
        for strict in (True, False):
            for layout in formations(rel, items, anchor, self.world.place, others):
                turned = self._turned(layout, asked)
                fits = self.world.fits(items[0], turned, passes, strict) & _apart(turned)
                held = sum(float(self.held(turned[n], wants)[0]) for n, wants in enumerate(asked))
                whole = group_holds(rel.kind, turned, anchor.box if anchor else None, rel.rows, rel.columns)
                score = float(fits.sum()) * 10 + held + (5 if whole else 0) + 0.2 * float(self._visible(turned).sum())
                if best is None or score > best[0] + 1e-9:
                    best = (score, turned, fits.astype(float))
            if best is not None and best[2].all():
                break
        if best is None:
            return []
        placed = [n for n in range(len(items)) if best[2][n]]
        for n in placed:
            self.world.add(Stood(items[n], best[1][n], on=self._carrier(asked[n]), passes=passes))
        return [numbers[n] for n in placed]

    def _carrier(self, wants: list[Asked]) -> Stood | None:
        return next((want.anchor for want in wants if want.kind in ("on", "stacked_on")), None)

    def _turned(self, layout: Boxes, asked: list[list[Asked]]) -> Boxes:
        """An arrangement whose members look where `facing` asks them to."""
        yaw = layout.yaw.copy()
        for number, wants in enumerate(asked):
            for want in wants:
                if want.kind == "facing" and want.anchor is not None:
                    target = want.anchor.box
                    yaw[number] = np.arctan2(target.x[0] - layout.x[number], target.z[0] - layout.z[number])
        return layout.moved(yaw=yaw)

    def _passes(self, wants: list[Asked]) -> frozenset[str]:
        return frozenset(want.anchor.item.id for want in wants if want.kind in PASSING and want.anchor is not None)

    def _place(self, item: Item, wants: list[Asked], rng: np.random.Generator) -> bool:
        """Place one item as well as it can be; a thing without any room is left out and told of."""
        before = self.world.stood.get(item.id, [])
        wants = [replace(want, anchor=before[-1]) if _is_own(want) and before else want for want in wants]
        if habit(item.kind) == "sky" and not any(want.kind in KEEPING for want in wants):
            self.world.add(in_sky(item, wants, self.world.place, rng))
            return True
        passes = self._passes(wants)
        found = joined([proposals(item, want, self.world.place, rng) for want in wants])
        is_usual = not len(found)
        if is_usual:
            found = usual(item, self.world, rng)
        if self._stand(item, wants, found, passes, True, rng):
            return True
        if not is_usual and self._stand(item, wants, found, passes, False, rng):
            return True
        if any(want.kind == "on" for want in wants):
            carriers = [want.anchor for want in wants if want.kind == "on" and want.anchor is not None]
            # Nearly full shelves are looked over again: the poses on them are drawn by chance.
            for _ in range(4):
                shelves = joined([on_shelves(item, carrier, rng) for carrier in carriers])
                if not len(shelves):
                    break
                if self._stand(item, wants, shelves, passes, False, rng):
                    return True
        kept = [want for want in wants if want.kind not in KEEPING]
        wider = self._wider(item, rng)
        spots = [(wider, True), (found, False), (wider, False)] if is_usual else [(wider, True), (wider, False)]
        for place, strict in spots:
            if self._stand(item, kept, place, frozenset(), strict, rng):
                return True
        self.report.append(f"{item.name.replace('_', ' ')}: there is no room left for it, so it was left out")
        return False

    def _wider(self, item: Item, rng: np.random.Generator) -> Boxes:
        """Poses for a thing that found no room where it belongs: what hangs on walls stays there."""
        found = usual(item, self.world, rng)
        if habit(item.kind) == "wall" and self.world.place.walls:
            return found
        if habit(item.kind) == "back" and item.id in self.implied and max(item.size) > 3.0:
            # What the place brought along must not hide what was asked for.
            return found
        return joined([found, anywhere(item, self.world.place, rng, 400)])

    def _stand(
        self,
        item: Item,
        wants: list[Asked],
        found: Boxes,
        passes: frozenset[str],
        strict: bool,
        rng: np.random.Generator,
    ) -> bool:
        if not len(found):
            return False
        found = self._facing(found, wants)
        leans = any(want.kind == "leaning_against" for want in wants) and bool(
            (found.depth > item.size[2] + 1e-6).all()
        )
        fine = self.world.fits(item, found, passes, strict)
        if not fine.any():
            return False
        found = found[fine]
        score = self.held(found, wants) + self._liking(item, found, rng)
        best = found[int(np.argmax(score))]
        carrier = self._carrier(wants) or self._below(item, best)
        self.world.add(Stood(item, best, LEAN if leans else 0.0, carrier, passes=passes))
        return True

    def _below(self, item: Item, pose: Boxes) -> Stood | None:
        """What carries a thing that stands above the ground."""
        if pose.low[0] < 0.02:
            return None
        for thing in self.world.all():
            over = np.abs(thing.box.local(pose.centers()[None])[0][0])
            is_over = (over <= np.array([thing.box.width[0], thing.box.depth[0]]) / 2).all()
            if is_over and thing.box.low[0] < pose.low[0] <= thing.box.high[0] + 0.03:
                return thing
        return None

    def _facing(self, found: Boxes, wants: list[Asked]) -> Boxes:
        target = next((want.anchor for want in wants if want.kind == "facing" and want.anchor is not None), None)
        if target is None:
            return found
        exact = found.moved(yaw=np.arctan2(target.box.x[0] - found.x, target.box.z[0] - found.z))
        return joined([exact, found])

    def held(self, found: Boxes, wants: list[Asked]) -> Array:
        """How many of the wants hold for each pose."""
        total = np.zeros(len(found))
        for want in wants:
            if want.anchor is None and want.kind not in ALONE:
                continue
            weight = 3.0 if want.kind in KEEPING else 1.0
            total += weight * holds(want.kind, found, want.anchor, self.world.place, want.other, want.metres)
        return total

    def _visible(self, found: Boxes) -> Array:
        points = np.stack([found.x, (found.low + found.high) / 2, found.z], axis=1)
        seen = on_screen(self.world.place, points)
        return np.asarray(((np.abs(seen[:, :2]) < 0.92).all(axis=1) & (seen[:, 2] > 1.2)).astype(float))

    def _liking(self, item: Item, found: Boxes, rng: np.random.Generator) -> Array:
        """Taste, below one relation in weight: in view, facing the viewer, apart in the picture from its like."""
        liking = 0.35 * self._visible(found) + 0.05 * rng.random(len(found))
        if any(
            rel.object == item.id and rel.kind in ("behind", "in_front_of", "left_of", "right_of")
            for rel in self.relations
        ):
            liking += 0.2 * np.cos(found.yaw)
        elif habit(item.kind) not in ("wall", "at_table"):
            liking += 0.06 * np.cos(found.yaw)
        if habit(item.kind) == "ceiling":
            center = self.world.place.center
            liking -= 0.08 * np.hypot(found.x - center[0], found.z - center[1])
        if habit(item.kind) in ("wall", "doorway") and self.world.place.is_indoor:
            # The viewer looks in through the wall that faces away: what hangs there shows its back.
            liking -= 0.6 * (np.cos(found.yaw) < -0.9)
        if is_one_of(item.kind, TABLES | SEATS) and self.world.place.is_indoor:
            liking -= 0.01 * np.hypot(found.x - self.world.place.center[0], found.z - self.world.place.center[1])
        if habit(item.kind) in ("free", "back", "at_table") and not item.copy:
            focus = self.world.place.focus
            liking -= 0.03 * np.hypot(found.x - focus[0], 0.5 * (found.z - focus[2]))
        if item.id in self.implied and habit(item.kind) == "back" and max(item.size) > 3.0:
            liking -= 0.04 * (found.z - self.world.place.low[1])
        return liking + 0.2 * self._spread(item, found)

    def _spread(self, item: Item, found: Boxes) -> Array:
        """From 0 to 1, how far apart in the picture from the copies that already stand."""
        like = self.world.stood.get(item.id, [])
        if not like:
            return np.zeros(len(found))
        mine = on_screen(self.world.place, np.stack([found.x, (found.low + found.high) / 2, found.z], axis=1))
        boxes = joined([thing.box for thing in like])
        theirs = on_screen(self.world.place, np.stack([boxes.x, (boxes.low + boxes.high) / 2, boxes.z], axis=1))
        apart = np.hypot(mine[:, None, 0] - theirs[None, :, 0], mine[:, None, 1] - theirs[None, :, 1]).min(axis=1)
        return np.asarray(np.minimum(apart / 0.4, 1.0))

    def _verify(self, known: set[str]) -> None:
        """Measure every relation on what stands, and tell of those that do not hold."""
        for rel in self.relations:
            things = self.world.stood.get(rel.subject, [])
            if rel.subject not in known:
                if rel.subject not in self.cast:
                    self.report.append(complaint(rel, f"there is no {rel.subject!r} in this scene"))
                continue
            targets = self.world.named(rel.object) if rel.object else []
            if rel.object in self.cast:
                self.report.append(complaint(rel, "figures find their places after the objects"))
                continue
            if rel.object and not targets and not _is_wall(rel.object):
                continue
            wanted = min(rel.count or len(things), len(things))
            held = self._count_held(rel, things, targets)
            if things and held < wanted:
                self.report.append(complaint(rel, f"it holds for {held} of {wanted}"))

    def _count_held(self, rel: RelationSpec, things: list[Stood], targets: list[Stood]) -> int:
        boxes = joined([thing.box for thing in things])
        anchor = targets[0] if targets and rel.object != rel.subject else None
        if rel.kind in GROUPS and rel.kind != "stacked_on":
            some = boxes[: rel.count] if rel.count and rel.count < len(boxes) else boxes
            return (
                len(some) if group_holds(rel.kind, some, anchor.box if anchor else None, rel.rows, rel.columns) else 0
            )
        others = self.world.named(rel.other) if rel.other else [None]
        held = np.zeros(len(things), dtype=bool)
        pool: list[Stood | None] = [*targets] if targets else [None]
        for target in pool:
            for other in others:
                fits = holds(rel.kind, boxes, target, self.world.place, other, rel.distance)
                held |= fits & np.array([thing is not target for thing in things], dtype=bool)
        is_own = rel.object == rel.subject
        return int(held.sum()) + (1 if is_own and rel.kind == "stacked_on" and len(things) else 0)


def _apart(boxes: Boxes) -> np.ndarray[tuple[int, ...], np.dtype[np.bool_]]:
    """Whether each box keeps clear of those before it."""
    from diorama_nodes.scene.solids import collides

    return np.array(
        [number == 0 or not collides(boxes[number], boxes[:number], -0.002)[0] for number in range(len(boxes))]
    )


def _is_own(want: Asked) -> bool:
    return want.anchor is None and want.kind in ("next_to", "near", "facing")


def _is_wall(name: str) -> bool:
    return name.rpartition("_")[2] in ("wall", "walls", "ceiling", "corner", "corners")
