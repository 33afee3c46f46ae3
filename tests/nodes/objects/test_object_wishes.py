"""What is said of an object shows in its mesh: shape, size, material, contents, style, text."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
import pytest

from diorama.values import Mesh
from diorama_nodes.objects.kinds import Wish
from diorama_nodes.objects.neon import sign_text
from diorama_nodes.objects.registry import build
from diorama_nodes.objects.strokes import KANA_WORDS, KANJI_WORDS, LATIN_WORDS, UNKNOWN, is_wide, strokes
from diorama_nodes.plan.schema import ObjectSpec


@dataclass(frozen=True)
class Case:
    name: str
    kind: str
    wishes: dict[str, object] = field(default_factory=dict)
    style: str = ""
    size: tuple[float, float, float] | None = None
    has: tuple[str, ...] = ()
    """Beginnings of the names of materials that must be there."""
    lacks: tuple[str, ...] = ()


CASES = [
    Case("a table is of wood", "table", size=(1.6, 0.75, 0.9), has=("wood",)),
    Case("a round table is as deep as wide", "table", {"shape": "round"}, size=(1.1, 0.75, 1.1)),
    Case("a wider table stays as high", "table", {"dimensions": (2.4, None, None)}, size=(2.4, 0.75, 0.9)),
    Case("a higher tree grows as a whole", "tree", {"dimensions": (None, 10.0, None)}, size=(7.2, 10.0, 7.2)),
    Case("a small crate is three quarters as large", "crate", {"size": "small"}, size=(0.6, 0.525, 0.525)),
    Case("a huge rock is nearly twice as large", "rock", {"size": "huge"}, size=(2.16, 1.44, 1.8)),
    Case("a floor lamp stands on the floor", "lamp", {"attributes": {"kind": "floor"}}, size=(0.45, 1.6, 0.45)),
    Case("a glass table lets light through", "table", {"material": "glass"}, has=("glass",), lacks=("wood",)),
    Case("a golden mirror has a frame of gold", "mirror", {"material": "gold"}, has=("gold", "mirror")),
    Case("an unknown material is no obstacle", "table", {"material": "unobtainium"}, has=("wood",)),
    Case("a table with flowers is no low one", "table", {"attributes": {"carries": "flowers"}}, size=(1.6, 0.75, 0.9)),
    Case("a low table is low", "table", {"attributes": {"height": "low"}}, size=(1.1, 0.42, 0.6)),
    Case("a bowl of fruit holds food", "bowl", {"attributes": {"contains": "fruit"}}, has=("food", "ceramic")),
    Case("an empty bowl holds none", "bowl", lacks=("food",)),
    Case("a paper lantern glows", "lantern", {"material": "paper"}, has=("glow",), lacks=("glass",)),
    Case("an iron fence has no wood", "fence", {"material": "iron"}, has=("iron",), lacks=("wood",)),
    Case("a pagoda has roofs of tiles", "temple", {"attributes": {"kind": "pagoda"}}, has=("roof_tiles",)),
    Case("a temple has none", "temple", has=("marble",), lacks=("roof_tiles",)),
    Case("a door in a city of neon is lit", "door", style="cyberpunk", has=("glow",), lacks=("brass",)),
    Case("a door elsewhere is of wood", "door", style="medieval", has=("wood",), lacks=("glow",)),
    Case("a dead tree has no leaves", "tree", {"attributes": {"state": "dead"}}, has=("bark",), lacks=("foliage",)),
]


def names(mesh: Mesh) -> list[str]:
    return [part.material.name for part in mesh.parts]


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_what_is_said_shows(case: Case) -> None:
    mesh = build(ObjectSpec.model_validate({"id": "it", "kind": case.kind, **case.wishes}), case.style, 5)
    low, high = mesh.bounds()
    if case.size:
        assert np.allclose(high - low, case.size, rtol=1e-4)
    for wanted in case.has:
        assert any(name.split(" ")[0].startswith(wanted) for name in names(mesh)), names(mesh)
    for unwanted in case.lacks:
        assert not any(name.startswith(unwanted) for name in names(mesh)), names(mesh)


def wish(text: str | None, style: str = "", seed: int = 0) -> Wish:
    return Wish("neon_sign", (1.0, 1.0, 0.2), seed, style=style, attributes={} if text is None else {"text": text})


def test_a_sign_asked_for_kanji_says_a_word_in_kanji() -> None:
    said = {sign_text(wish("kanji", seed=seed)) for seed in range(40)}
    assert said <= set(KANJI_WORDS)
    assert len(said) > 5


@pytest.mark.parametrize(("script", "words"), [("katakana", KANA_WORDS), ("letters", LATIN_WORDS)])
def test_a_sign_is_written_in_the_script_that_it_is_asked_for(script: str, words: tuple[str, ...]) -> None:
    assert sign_text(wish(script)) in words


def test_a_sign_says_the_text_that_it_is_given() -> None:
    assert sign_text(wish("RAMEN 24H")) == "RAMEN 24H"


def test_a_sign_in_a_city_of_neon_says_kanji_unasked() -> None:
    assert sign_text(wish(None, "cyberpunk")) in KANJI_WORDS


def test_every_character_of_the_words_has_strokes_of_its_own() -> None:
    unknown = len(UNKNOWN.split(" "))
    drawn = {character: strokes(character) for word in (*KANJI_WORDS, *KANA_WORDS) for character in word}
    assert all(is_wide(character) for character in drawn)
    assert all(len(runs) > 1 or len(runs[0]) != unknown for runs in drawn.values())
    flat = {character: np.concatenate(runs) for character, runs in drawn.items()}
    assert all(points.min() >= 0 and points.max() <= 1 for points in flat.values())


@pytest.mark.parametrize("character", "雨夜酒光電龍食中日山")
def test_kanji_have_as_many_strokes_as_dictionaries_count_or_fewer_joined(character: str) -> None:
    counted = {"雨": 8, "夜": 8, "酒": 10, "光": 6, "電": 13, "龍": 16, "食": 9, "中": 4, "日": 4, "山": 3}[character]
    assert 0.5 * counted <= len(strokes(character)) <= counted


def test_a_character_that_is_not_known_is_drawn_as_an_open_box() -> None:
    assert len(strokes("鬱")) == 1


def test_tubes_shine_far_brighter_than_paper() -> None:
    mesh = build(ObjectSpec(id="it", kind="neon_sign", color="#ff2d78", attributes={"text": "龍"}), "", 1)
    lit = [part.material for part in mesh.parts if part.material.emissive_strength > 1]
    assert max(material.emissive_strength for material in lit) >= 8
    assert any(material.emissive[0] > 0.9 > 0.5 > material.emissive[1] for material in lit)


def test_a_sign_grows_with_its_text() -> None:
    heights = [
        float(np.ptp(build(ObjectSpec(id="it", kind="neon_sign", attributes={"text": text})).bounds()[:, 1]))
        for text in ("酒", "夜雨", "ラーメン")
    ]
    assert heights == sorted(heights)
    assert heights[2] > 2 * heights[0]
