"""The words that the planner knows, with what they can mean in English, German and Japanese."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from functools import cache, lru_cache
from importlib.resources import files
from typing import Literal

Language = Literal["en", "de", "ja"]
LANGUAGES: tuple[Language, ...] = ("en", "de", "ja")

_IRREGULAR = {
    "children": "child", "men": "man", "women": "woman", "people": "person", "cacti": "cactus", "loaves": "loaf",
    "shelves": "shelf", "bookshelves": "bookshelf", "knives": "knife", "wolves": "wolf", "mice": "mouse",
    "geese": "goose", "leaves": "leaf", "scarves": "scarf", "benches": "bench", "wharves": "wharf",
    "houses": "house", "policemen": "policeman", "snowmen": "snowman", "fishermen": "fisherman",
    "firemen": "fireman", "horses": "horse", "vases": "vase", "witches": "witch", "axes": "axe",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Sense:
    """One thing that a word can mean: a role in the sentence, a value, and attributes that it brings along."""

    role: str
    value: str
    attributes: tuple[tuple[str, str], ...] = ()

    def attribute(self, name: str) -> str | None:
        """The attribute of this name, if any."""
        return dict(self.attributes).get(name)


@dataclass(frozen=True, slots=True)
class Kind:
    """What is known of a kind of object: its traits, such as `surface`, and the wider kind it belongs to."""

    name: str
    traits: frozenset[str] = frozenset()
    wider: str | None = None
    place: str | None = None


@dataclass(frozen=True, slots=True)
class Implied:
    """An object that a place brings along."""

    kind: str
    count: int
    relation: str | None


@dataclass(frozen=True, slots=True)
class Place:
    """What is known of a place."""

    name: str
    is_indoor: bool
    is_generic: bool
    settings: dict[str, str]
    implied: tuple[Implied, ...]


@dataclass(slots=True)
class Lexicon:
    """Every word, indexed by language; build it once with `lexicon()`."""

    phrases: dict[Language, dict[tuple[str, ...], tuple[Sense, ...]]] = field(
        default_factory=lambda: {language: {} for language in LANGUAGES}
    )
    kinds: dict[str, Kind] = field(default_factory=dict)
    places: dict[str, Place] = field(default_factory=dict)
    stops: dict[Language, frozenset[str]] = field(default_factory=dict)
    hints: dict[Language, frozenset[str]] = field(default_factory=dict)
    longest: dict[Language, int] = field(default_factory=lambda: dict.fromkeys(LANGUAGES, 1))
    deletions: dict[Language, dict[str, list[str]]] = field(default_factory=dict)

    def add(self, language: Language, phrase: str, sense: Sense) -> None:
        """Enter a phrase with what it means."""
        key = key_of(phrase, language)
        for form in (key, stems(key)) if language == "de" else (key,):
            known = self.phrases[language].get(form, ())
            if form and all((other.role, other.value) != (sense.role, sense.value) for other in known):
                self.phrases[language][form] = (*known, sense)
        self.longest[language] = max(self.longest[language], len(key))

    def find(self, words: tuple[str, ...], language: Language) -> tuple[tuple[Sense, ...], bool] | None:
        """What a phrase means, and whether it is in the plural; None where it is not known."""
        table = self.phrases[language]
        for key, is_plural in _forms(words, language):
            senses = table.get(key)
            if senses:
                return senses, is_plural
        return None

    def is_kind_of(self, kind: str, wider: str) -> bool:
        """Whether objects of one kind are called by the name of the other: a pine_tree is a tree."""
        known = self.kinds.get(kind)
        return kind == wider or (known is not None and known.wider == wider)

    def near_miss(self, word: str, language: Language) -> str | None:
        """The known word that is one slip of the keyboard away, where there is one."""
        if len(word) < 4 or language == "ja":
            return None
        if language not in self.deletions:
            self.deletions[language] = _deletions_of(self.phrases[language])
        index = self.deletions[language]
        candidates = {near for cut in _cuts(word) for near in index.get(cut, ()) if _is_slip(word, near)}
        return min(
            candidates, key=lambda near: (abs(len(near) - len(word)), sorted(near) != sorted(word), near), default=None
        )


_PLAIN = str.maketrans("äöüß", "aous")


def stem(word: str) -> str:
    """A German word without its ending and umlauts, so that its forms fall together."""
    plain = word.translate(_PLAIN)
    for ending in ("innen", "ern", "en", "er", "es", "em", "e", "n", "s"):
        if plain.endswith(ending) and len(plain) - len(ending) >= 3:
            return plain[: -len(ending)]
    return plain


def key_of(phrase: str, language: Language) -> tuple[str, ...]:
    """The index key of a phrase."""
    if language == "ja":
        return (phrase.lower(),)
    return tuple(re.findall(r"[^\W_]+|[×]", phrase.lower().replace("'s", "s").replace("’s", "s")))


def stems(words: tuple[str, ...]) -> tuple[str, ...]:
    """The index key of the stems of German words, kept apart from words as they are written."""
    return tuple("~" + stem(word) for word in words)


def singulars(word: str) -> Iterator[str]:
    """Words of which an English word may be the plural."""
    if word in _IRREGULAR:
        yield _IRREGULAR[word]
    if word.endswith("ies") and len(word) > 4:
        yield word[:-3] + "y"
    if word.endswith(("ches", "shes", "sses", "xes", "zes", "oes")):
        yield word[:-2]
    if word.endswith("ves") and len(word) > 4:
        yield word[:-3] + "f"
    if word.endswith("s") and not word.endswith("ss") and len(word) > 3:
        yield word[:-1]


def _forms(words: tuple[str, ...], language: Language) -> Iterator[tuple[tuple[str, ...], bool]]:
    if language == "de":
        yield words, False
        yield stems(words), words[-1].endswith(("e", "en", "er", "n", "s"))
        return
    yield words, words[-1] in _IRREGULAR
    if language == "en":
        for singular in singulars(words[-1]):
            yield (*words[:-1], singular), True
        if len(words) > 2 and words[1] in ("of", "with"):
            for singular in singulars(words[0]):
                yield (singular, *words[1:]), True


def _cuts(word: str) -> Iterator[str]:
    yield word
    for index in range(1, len(word)):
        yield word[:index] + word[index + 1 :]


_CORRECTABLE = frozenset(
    {"object", "place", "figure", "time", "weather", "color", "material", "number", "season", "style"}
)


def _deletions_of(table: dict[tuple[str, ...], tuple[Sense, ...]]) -> dict[str, list[str]]:
    index: dict[str, list[str]] = {}
    for key, senses in table.items():
        if (
            len(key) == 1
            and len(key[0]) >= 4
            and key[0][0] != "~"
            and any(sense.role in _CORRECTABLE for sense in senses)
        ):
            for cut in _cuts(key[0]):
                index.setdefault(cut, []).append(key[0])
    return index


def _is_slip(given: str, known: str) -> bool:
    """Whether one letter was left out, added, swapped with its neighbour or, in a longer word, mistaken."""
    if given == known or given[0] != known[0]:
        return False
    if len(given) != len(known):
        return abs(len(given) - len(known)) == 1 and max(len(given), len(known)) >= 5
    wrong = [index for index, (a, b) in enumerate(zip(given, known, strict=True)) if a != b]
    if len(wrong) == 1:
        return len(given) >= 6
    return (
        len(wrong) == 2
        and wrong[1] == wrong[0] + 1
        and given[wrong[0]] == known[wrong[1]]
        and given[wrong[1]] == known[wrong[0]]
    )


def _rows(name: str) -> Iterator[list[str]]:
    text = files("diorama_nodes.plan").joinpath("words", name).read_text(encoding="utf-8")
    for line in text.splitlines():
        if line and not line.startswith("#"):
            yield [cell.strip() for cell in line.split("|")]


def _attributes(text: str) -> tuple[tuple[str, str], ...]:
    pairs = (pair.partition("=") for pair in text.split(";") if pair)
    return tuple((name.strip(), value.strip()) for name, _, value in pairs)


def _split(cell: str) -> Iterable[tuple[str, tuple[tuple[str, str], ...]]]:
    for match in re.finditer(r"([^;{]+)(?:\{([^}]*)\})?\s*;?", cell):
        phrase = match[1].strip()
        if phrase:
            yield phrase, _attributes(match[2] or "")


def _add_row(known: Lexicon, role: str, value: str, cells: list[str], base: tuple[tuple[str, str], ...] = ()) -> None:
    for language, cell in zip(LANGUAGES, cells, strict=False):
        for phrase, attributes in _split(cell):
            known.add(language, phrase, Sense(role, value, base + attributes))


@cache
def lexicon() -> Lexicon:
    """The whole lexicon, read once from the tables beside this module."""
    known = Lexicon()
    for name, *cells in _rows("objects.txt"):
        words = cells[3].split() if len(cells) > 3 else []
        settings = dict(word.split("=") for word in words if "=" in word)
        traits = frozenset(word for word in words if "=" not in word)
        known.kinds[name] = Kind(name, traits, settings.get("is"), settings.get("place"))
        _add_row(known, "object", name, cells)
    for name, *cells in _rows("places.txt"):
        words = cells[3].split()
        settings = dict(word.split("=") for word in words if "=" in word)
        implied = tuple(_implied(word) for word in (cells[4].split() if len(cells) > 4 else []))
        known.places[name] = Place(name, "indoor" in words, "generic" in words, settings, implied)
        _add_row(known, "place", name, cells)
    for head, *cells in _rows("terms.txt"):
        word, _, rest = head.partition("{")
        role, _, value = word.strip().partition(":")
        _add_row(known, role, value, cells, _attributes(rest.rstrip("} ")))
    for table, sets in (("stop.txt", known.stops), ("hints.txt", known.hints)):
        for (line,) in _rows(table):
            language, _, words_text = line.partition(":")
            sets[_language(language)] = frozenset(words_text.split())
    return known


def _language(name: str) -> Language:
    return next(language for language in LANGUAGES if language == name)


def _implied(word: str) -> Implied:
    name, _, relation = word.partition("@")
    kind, _, count = name.partition("*")
    return Implied(kind, int(count or 1), relation or None)


@lru_cache(maxsize=4096)
def kind_of(word: str) -> tuple[str, tuple[tuple[str, str], ...]] | None:
    """The kind that an English noun names, with the attributes it brings; None for no known noun."""
    found = lexicon().find(key_of(word.replace("_", " "), "en"), "en")
    senses = [sense for sense in (found[0] if found else ()) if sense.role == "object"]
    return (senses[0].value, senses[0].attributes) if senses else None
