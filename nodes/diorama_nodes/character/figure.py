"""A whole figure: body, face, clothes and what it carries, on one skeleton."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np

from diorama.faults import BadInput, did_you_mean
from diorama.values.mesh import Material, Part
from diorama.values.rig import Rig, Skeleton, SkinnedPart
from diorama_nodes.character import body, face, garments, headwear, plate, props, shapes, swatches
from diorama_nodes.character.field import Solid
from diorama_nodes.character.outfit import ANIMALS, ROLES, Hat, Outfit, outfit
from diorama_nodes.character.skeleton import Frame, Proportions, humanoid
from diorama_nodes.character.surface import skinned_surface
from diorama_nodes.plan.schema import CharacterSpec

Progress = Callable[[float, str], None]
CLOTH, SHOE, FACE, HAND = 0.0155, 0.0100, 0.0080, 0.0072
"""Metres between the vertices of each, for the standard figure."""


def figure(character: CharacterSpec, seed: int, progress: Progress) -> Rig:
    """The figure that a character describes; raises `BadInput` for what is no human figure."""
    word = character.role.strip().lower().replace(" ", "_")
    if word in ANIMALS or word.rsplit("_", 1)[-1] in ANIMALS:
        raise BadInput(
            f"the role {character.role!r} is an animal, but figures are people and the like: {', '.join(sorted(ROLES))}"
            + did_you_mean(word, ROLES)
        )
    # Several of a role are told apart by what their ids add to it.
    chances = np.random.default_rng(
        [seed, *character.role.encode(), *character.id.removeprefix(character.role).encode()]
    )
    look = _chosen(character, chances)
    look = replace(look, held=held_thing(character, look))
    frame = humanoid(look.build)
    tone = _tone(look, chances)
    parts = plate.robot(frame, look, progress) if look.robot else _dressed(frame, look, tone, progress)
    progress(0.9, "things in hand")
    skeleton, held = _carried(frame, look.held)
    return Rig(character.id, skeleton, tuple(_joined([*parts, *held])))


@dataclass(frozen=True, slots=True)
class _Tone:
    skin: str
    hair: Material


def _chosen(character: CharacterSpec, chances: np.random.Generator) -> Outfit:
    """The role's outfit with what the character and chance say about it."""
    look = outfit(character.attributes.get("kind", "")) or outfit(character.role) or ROLES["person"]
    told = " ".join([character.role, *character.attributes.values()]).lower().replace("_", " ")
    plain = swatches.PLAIN[int(chances.integers(len(swatches.PLAIN)))]
    look = replace(look, top=character.color or look.top or plain)
    if look == replace(ROLES["person"], top=look.top) and chances.random() < 0.5:
        woman = ROLES["woman"]
        look = replace(look, build=woman.build, hair=("bob", "long", "ponytail")[int(chances.integers(3))])
    if "old" in told.split() or "elderly" in told or "grand" in told:
        look = replace(look, hair_color="#c9c7c2")
    if "beard" in told:
        look = replace(look, beard=True)
    if "glasses" in told:
        look = replace(look, glasses=True)
    if "bald" in told:
        look = replace(look, hair="")
    if "tall" in told.split():
        look = replace(look, build=replace(look.build, height=look.build.height * 1.06))
    return _varied(_with_worn(look, told.split()), chances)


def _with_worn(look: Outfit, words: list[str]) -> Outfit:
    """The outfit with a hat or coat that the words name."""
    hats: dict[str, Hat] = {"straw": "straw", "beanie": "beanie", "cap": "cap", "crown": "crown", "helmet": "helmet"}
    hat: Hat = next((hats[word] for word in words if word in hats), "")
    if not hat and "hat" in words:
        hat = "straw" if look.build.is_curvy else "fedora"
    if hat and not look.hat:
        color = {"straw": "#d9bd78", "crown": "#e0b84a", "beanie": "#7a3b3f"}.get(hat, "")
        look = replace(look, hat=hat, hat_color=color)
    if {"coat", "raincoat", "overcoat", "trenchcoat"} & set(words) and not look.skirt:
        look = replace(look, skirt="coat", belt=True, collar=True, pad=max(look.pad, 0.016))
    return look


def _varied(look: Outfit, chances: np.random.Generator) -> Outfit:
    """The outfit with a build a little of its own."""
    build: Proportions = look.build
    height, girth = 1 + 0.025 * float(chances.normal()), 1 + 0.03 * float(chances.normal())
    return replace(
        look,
        build=replace(
            build,
            height=build.height * float(np.clip(height, 0.94, 1.06)),
            girth=build.girth * float(np.clip(girth, 0.93, 1.08)),
        ),
    )


def _tone(look: Outfit, chances: np.random.Generator) -> _Tone:
    skin = swatches.SKINS[int(chances.integers(len(swatches.SKINS)))]
    color = swatches.HAIRS[int(chances.integers(len(swatches.HAIRS) - 1))]
    return _Tone(skin, swatches.matte("hair", look.hair_color or color, 0.7))


def _dressed(frame: Frame, look: Outfit, tone: _Tone, progress: Progress) -> list[SkinnedPart]:
    size = frame.scale
    skin = Material("skin", (*swatches.linear(tone.skin), 1.0), 0.0, 0.6)
    progress(0.1, "head and hands")
    face_solid = body.head(frame)
    parts = [skinned_surface(face_solid, FACE * size * look.build.head, skin)]
    parts += face.features(frame, face_solid, tone.hair, tone.skin, has_glasses=look.glasses)
    parts += face.hair(frame, look.hair, tone.hair, has_hat=bool(look.hat) and look.hat != "crown")
    if look.beard:
        parts.append(face.beard(frame, tone.hair, 0.13 if look.skirt == "robe" else 0.03))
    parts += headwear.headwear(frame, look.hat, look.hat_color or swatches.shaded(look.top, 0.7), look.accent)
    gloves = swatches.metal("gauntlets", look.armour) if look.armour else skin
    held = look.held
    for name, _ in body.SIDES:
        is_fist = bool(held) and props.PROPS[held][1] == name
        parts.append(skinned_surface(body.hand(frame, name, is_fist=is_fist), HAND * size, gloves))
    progress(0.4, "clothes")
    return parts + _clothes(frame, look, skin)


def _clothes(frame: Frame, look: Outfit, skin: Material) -> list[SkinnedPart]:
    size = frame.scale
    cloth = swatches.matte("cloth", look.top)
    trousers = swatches.matte("trousers", look.bottom)
    accent = swatches.matte("accent", look.accent, 0.6)
    top = garments.top_solid(frame, look)
    parts = [skinned_surface(top, CLOTH * size, cloth)]
    if look.sleeve > 0.9 and not look.armour:
        parts += garments.cuffs(frame, look, cloth)
    if look.sleeve < 0.9:
        parts.append(skinned_surface(garments.skin_solid(frame), CLOTH * size, skin))
    bare = look.skirt in ("dress", "tutu") and look.sleeve != 0.96
    legs = garments.trouser_solid(
        frame,
        0.002 if look.skirt in ("dress", "tutu") else 0.006,
        0.0 if bare else 0.012,
        is_covered=look.skirt not in ("", "tutu"),
    )
    parts.append(skinned_surface(legs, CLOTH * size, trousers))
    shoes = swatches.metal("sabatons", look.shoes) if look.armour else swatches.glossy("shoes", look.shoes, 0.45)
    parts.append(
        skinned_surface(
            body.shoes(frame, bulk=0.93 if look.build.is_curvy else 1.0, shaft=look.boots), SHOE * size, shoes
        )
    )
    if look.skirt:
        under = Solid(body.torso(frame) + body.legs(frame)[:1] + body.legs(frame)[3:4], pad=top.pad)
        parts.append(garments.skirt(frame, look.skirt, under, cloth))
    plain = Solid(body.torso(frame), pad=top.pad)
    if look.vest:
        tie = accent if look.tie else None
        coat = swatches.matte("lapels", swatches.shaded(look.top, 0.88))
        shirt = swatches.matte("shirt", look.vest)
        parts += garments.lapels(frame, plain, coat, shirt, tie)
        parts.append(garments.shirt_neck(frame, plain, shirt))
    if look.collar:
        parts.append(garments.collar(frame, swatches.matte("lapels", swatches.shaded(look.top, 0.88))))
    if look.apron:
        parts += garments.apron(frame, plain, swatches.matte("apron", look.apron))
    if look.belt:
        wide = Solid(plain.blobs, pad=plain.pad + (0.010 * size if look.skirt else 0.0))
        parts += garments.belt(
            frame,
            wide,
            swatches.glossy("belt", swatches.shaded(look.accent, 0.7), 0.5),
            swatches.metal("buckle", "#c9b27a"),
        )
    if look.skirt == "coat":
        waist, chest = float(frame.places["spine"][1]), float(frame.places["chest"][1])
        rows = np.linspace(waist + 0.05 * size, chest + 0.0 * size, 2)
        parts += garments.buttons(frame, plain, swatches.glossy("buttons", "#2a1f16"), rows, 0.052)
    if look.cape:
        parts.append(garments.cape(frame, swatches.matte("cape", look.cape)))
    if look.armour:
        parts += plate.armour(frame, look, plain)
    return parts


def _carried(frame: Frame, thing: str) -> tuple[Skeleton, list[SkinnedPart]]:
    """The skeleton with a joint for what is carried, and its parts."""
    skeleton = frame.skeleton
    if not thing:
        return skeleton, []
    maker, side, color = props.PROPS[thing]
    hand = frame.joint(f"hand_{side}")
    palm = frame.places[f"hand_{side}"] - frame.places[f"lower_arm_{side}"]
    palm = palm / np.linalg.norm(palm) * 0.062 * frame.scale
    palm = palm + np.array([-0.030 if side == "l" else 0.030, -0.02, 0.0]) * frame.scale
    grip = frame.places[f"hand_{side}"] + palm
    at = (float(grip[0]), float(grip[1]), float(grip[2]))
    longer = Skeleton(
        (*skeleton.names, f"held_{thing}_{side}"),
        (*skeleton.parents, hand),
        np.concatenate([skeleton.offsets, palm[None].astype(np.float32)]),
    )
    made = maker(at, max(frame.scale, 0.75), color)
    return longer, [shapes.bound(part, len(skeleton.names)) for part in made]


def held_thing(character: CharacterSpec, look: Outfit) -> str:
    """What the figure carries: what the character says, else what belongs to the role."""
    for key in ("holds", "holding", "carries", "carrying", "with", "held"):
        if key in character.attributes:
            return props.prop_of(character.attributes[key])
    return look.held


def _joined(parts: list[SkinnedPart]) -> list[SkinnedPart]:
    """The parts with those of one material made one, in the order in which materials first appear."""
    groups: dict[Material, list[SkinnedPart]] = {}
    keys: dict[tuple[object, ...], Material] = {}
    for part in parts:
        m = part.part.material
        key = (m.name, m.base_color, m.metallic, m.roughness, m.emissive, m.emissive_strength, m.double_sided)
        groups.setdefault(keys.setdefault(key, m), []).append(part)
    return [_one(material, group) for material, group in groups.items()]


def _one(material: Material, group: list[SkinnedPart]) -> SkinnedPart:
    starts = np.cumsum([0, *(len(item.part.positions) for item in group)])
    triangles = np.concatenate([item.part.triangles + start for item, start in zip(group, starts, strict=False)])
    part = Part(
        np.concatenate([item.part.positions for item in group]),
        np.concatenate([item.part.normals for item in group]),
        triangles.astype(np.uint32),
        None,
        material,
    )
    weights = np.concatenate([item.weights for item in group])
    # glTF wants joint 0 where nothing weighs.
    joints = np.where(weights > 0, np.concatenate([item.joints for item in group]), 0).astype(np.uint16)
    return SkinnedPart(part, joints, weights)
