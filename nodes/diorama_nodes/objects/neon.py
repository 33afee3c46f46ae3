"""Neon signs: tubes bent to characters before a dark box."""

from __future__ import annotations

import numpy as np

from diorama.values import Part
from diorama_nodes.objects.kinds import NEON, Size, Wish, kind
from diorama_nodes.objects.materials import glow, material
from diorama_nodes.objects.primitives import box, extrude, tube
from diorama_nodes.objects.strokes import KANA_WORDS, KANJI_WORDS, LATIN_WORDS, is_wide, strokes

TUBE_STRENGTH = 8.0
MARGIN = 0.17
"""Space about the text against the height of a character."""

SCRIPTS = (
    (("kanji", "japanese", "hanzi", "chinese", "characters"), KANJI_WORDS),
    (("katakana", "hiragana", "kana"), KANA_WORDS),
    (("latin", "letters", "english", "text", "words"), LATIN_WORDS),
)
"""Names of scripts that a sign may be asked to be written in, and what it says then."""


def sign_text(wish: Wish) -> str:
    """What the sign says: the text asked for, or a word by the seed."""
    asked = wish.attributes.get("text", wish.attributes.get("says", "")).strip()
    is_eastern = wish.is_night_city or "japan" in wish.style
    words = next((words for names, words in SCRIPTS if asked.lower() in names), None)
    if not asked:
        words = KANJI_WORDS if is_eastern else LATIN_WORDS
    if words:
        return words[int(wish.rng(3).integers(len(words)))]
    return asked[:24]


def _cells(text: str) -> list[tuple[str, float, float]]:
    """Each character with the place of its lower left corner, for characters one unit high."""
    if all(is_wide(character) for character in text):
        return [(character, 0.0, (len(text) - 1 - row) * 1.18) for row, character in enumerate(text)]
    cells, x = [], 0.0
    for character in text:
        if character != " ":
            cells.append((character, x, 0.0))
        x += 1.12 if is_wide(character) else 0.84 if character != " " else 0.5
    return cells


def _extent(text: str) -> tuple[float, float]:
    """Width and height of the text for characters one unit high."""
    cells = _cells(text)
    width = max(x + (1.0 if is_wide(character) else 0.6) for character, x, _ in cells)
    return width, max(y for _, _, y in cells) + 1.0


def _sign_size(wish: Wish) -> Size:
    width, height = _extent(sign_text(wish))
    letter = 0.62 if height > 1 or len(sign_text(wish)) == 1 else 0.5
    return (width + 2 * MARGIN) * letter, (height + 2 * MARGIN) * letter, 0.16


@kind("neon_sign", (0.83, 1.56, 0.16), "wall", size_of=_sign_size)
def neon_sign(wish: Wish) -> list[Part]:
    """Tubes before a backing box, framed by a second colour."""
    text = sign_text(wish)
    width, height = _extent(text)
    letter = min(wish.w / (width + 2 * MARGIN), wish.h / (height + 2 * MARGIN))
    color = wish.neon()
    others = [other for other in NEON if other != color]
    second = others[int(wish.rng(8).integers(len(others)))]
    front = wish.d * 0.55
    steel = material("painted_metal", "#16181d")
    parts = [box((wish.w, wish.h, wish.d * 0.5), (0, 0, wish.d * 0.25), steel, bevel=0.02)]
    parts += text_tubes(text, letter, (0, wish.h / 2, front + 0.03 * letter), color)
    parts.append(frame_tube(wish.w, wish.h, 0.06 * letter + 0.01, front, 0.017 * letter, second))
    rim, outer = 0.02, 0.5 * wish.w
    hole = [(-outer + rim, rim), (outer - rim, rim), (outer - rim, wish.h - rim), (-outer + rim, wish.h - rim)]
    shell = [(-outer, 0), (outer, 0), (outer, wish.h), (-outer, wish.h)]
    parts.append(extrude(shell, wish.d * 0.58, (0, 0, wish.d * 0.29), material("metal", "#2b2e35"), [hole]))
    return parts


def text_tubes(text: str, letter: float, middle: tuple[float, float, float], color: str) -> list[Part]:
    """Tubes that write `text` with characters `letter` metres high about a point, facing +Z."""
    width, height = _extent(text)
    lit = glow(color, TUBE_STRENGTH)
    parts = []
    corner = np.array([middle[0] - width * letter / 2, middle[1] - height * letter / 2])
    for character, x, y in _cells(text):
        for stroke in strokes(character):
            flat = corner + (stroke + np.array([x, y])) * letter
            path = np.column_stack([flat, np.full(len(flat), middle[2])])
            parts.append(tube(path, 0.026 * letter, lit, sides=6))
    return parts


def frame_tube(width: float, height: float, margin: float, z: float, radius: float, color: str) -> Part:
    """A tube around a rectangle that stands on y = 0, with bent corners."""
    x, y0, y1, r = width / 2 - margin, margin, height - margin, min(width, height) * 0.06
    corners = [(x - r, y0), (x, y0 + r), (x, y1 - r), (x - r, y1), (r - x, y1), (-x, y1 - r), (-x, y0 + r), (r - x, y0)]
    return tube([(a, b, z) for a, b in corners], radius, glow(color, TUBE_STRENGTH * 0.6), sides=6, is_closed=True)
