"""A sentence as items: words and phrases with everything that they can mean."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from diorama_nodes.plan.lexicon import Language, Sense, lexicon

_CJK = r"\u3040-\u30ff\u3400-\u9fff\uff66-\uff9f々ー"
_TOKEN = re.compile(
    r"(?P<quote>[\"“„«「『][^\"“”„«»「」『』\n]{1,60}[\"”“»」』])"
    r"|(?P<key>\b[A-Ga-g][#♯](?!\w))"
    r"|(?P<number>\d+(?:[.,]\d+)?(?:/\d+)?)"
    rf"|(?P<cjk>[{_CJK}]+)"
    r"|(?P<apostrophe>['’](?:s|t|re|ll|d|m|ve)\b)"
    rf"|(?P<word>(?:(?![{_CJK}])[^\W\d_])+)"
    r"|(?P<end>[.!?。！？\n]+)"
    r"|(?P<pause>[,;:、，；：()–—…・]+)"
    r"|(?P<other>[^\s\-_'’])"
)
_HOMOPHONES = {"to": 2, "too": 2, "tow": 2, "for": 4, "fore": 4, "won": 1, "ate": 8, "tree": 3, "sics": 6, "sicks": 6}


@dataclass(slots=True, eq=False)
class Item:
    """A word or phrase, where it stands, what it can mean, and what became of it."""

    text: str
    start: int
    end: int
    form: str
    senses: tuple[Sense, ...] = ()
    is_plural: bool = False
    value: float | None = None
    is_used: bool = False
    reason: str = ""
    sentence: int = 0
    clause: int = 0
    reading: str = ""
    """The known word that a misspelt one was taken for."""

    def sense(self, *roles: str) -> Sense | None:
        """The first sense in one of these roles."""
        return next((sense for role in roles for sense in self.senses if sense.role == role), None)

    def value_of(self, role: str) -> str | None:
        """The value of the sense in this role."""
        sense = self.sense(role)
        return sense.value if sense else None

    @property
    def is_known(self) -> bool:
        """Whether it means anything at all."""
        return bool(self.senses) or self.value is not None

    @property
    def is_content(self) -> bool:
        """Whether it must be used or reported."""
        return self.form not in ("stop", "pause", "end", "apostrophe", "other")


@dataclass(frozen=True, slots=True)
class _Token:
    text: str
    start: int
    end: int
    form: str


def language_of(text: str) -> Language:
    """The language that a text is most likely in."""
    if len(re.findall(rf"[{_CJK}]", text)) * 3 > len(re.sub(r"\W|\d", "", text)):
        return "ja"
    words = re.findall(r"[^\W\d_]+", text.lower())
    hints = lexicon().hints
    german = sum(word in hints["de"] for word in words) + sum(
        any(letter in "äöüß" for letter in word) for word in words
    )
    return "de" if german > sum(word in hints["en"] for word in words) else "en"


def read(text: str, language: Language) -> list[Item]:
    """The items of a text, in order."""
    tokens = [
        _Token(match[0], match.start(), match.end(), match.lastgroup or "other") for match in _TOKEN.finditer(text)
    ]
    items: list[Item] = []
    index = 0
    while index < len(tokens):
        token = tokens[index]
        if token.form == "cjk":
            items.extend(_japanese(token))
            index += 1
        elif token.form == "word":
            item, taken = _phrase(tokens, index, language)
            items.append(item)
            index += taken
        else:
            items.append(_plain(token))
            index += 1
    _number_clauses(items)
    if language == "en":
        _hear_homophones(items)
    return _join_numbers(items)


def _plain(token: _Token) -> Item:
    item = Item(token.text, token.start, token.end, token.form)
    if token.form == "number" and "/" not in token.text and len(token.text) <= 12:
        item.value = float(token.text.replace(",", "."))
    if token.form == "quote":
        item.senses = (Sense("quoted", token.text[1:-1]),)
    if token.form == "key":
        item.senses = (Sense("pitch", token.text[0].upper() + "#"),)
    return item


def _item(text: str, start: int, end: int, senses: tuple[Sense, ...], is_plural: bool = False) -> Item:
    item = Item(text, start, end, "word", senses, is_plural)
    number = item.value_of("number")
    if number is not None:
        item.value = float(number)
    return item


def _phrase(tokens: list[_Token], index: int, language: Language) -> tuple[Item, int]:
    known = lexicon()
    words: list[str] = []
    reach = max(known.longest[language], known.longest["en"])
    for token in tokens[index : index + reach + 1]:
        if token.form == "apostrophe" and token.text.lower()[1:] == "s" and words:
            words.append("'s")
        elif token.form == "word":
            words.append(token.text.lower())
        elif token.form == "number" and words:
            words.append(token.text)
        else:
            break
    for length in range(len(words), 0, -1):
        phrase = tuple(" ".join(words[:length]).replace(" 's", "s").split())
        for tongue in (language, "en") if language != "ja" else ("ja", "en"):
            if tongue == "ja":
                phrase = (" ".join(words[:length]),)
            found = known.find(phrase, _tongue(tongue))
            if found and words[length - 1] != "'s":
                last = tokens[index + length - 1]
                text = " ".join(token.text for token in tokens[index : index + length])
                is_plural = found[1]
                return _item(text, tokens[index].start, last.end, found[0], is_plural), length
            if tongue == "ja":
                phrase = tuple(words[:length])
    return _unknown(tokens[index], language), 1


def _tongue(name: str) -> Language:
    return "de" if name == "de" else "ja" if name == "ja" else "en"


def _unknown(token: _Token, language: Language) -> Item:
    word = token.text.lower()
    known = lexicon()
    if word in known.stops["en"] or word in known.stops[language]:
        return Item(token.text, token.start, token.end, "stop")
    if language == "de" and (compound := _german_compound(word)):
        return _item(token.text, token.start, token.end, compound[0], compound[1])
    for form in dict.fromkeys((word, word[:-1] if word.endswith("s") else word)):
        near = known.near_miss(form, language)
        if near:
            item = _item(token.text, token.start, token.end, known.phrases[language][(near,)], form != word)
            item.reading = near
            return item
    return Item(token.text, token.start, token.end, "word")


def _german_compound(word: str) -> tuple[tuple[Sense, ...], bool] | None:
    """The senses of the noun that a German compound ends in, with its first part as an attribute, and its number."""
    known = lexicon()
    for cut in range(3, len(word) - 2):
        found = known.find((word[cut:],), "de")
        heads = [sense for sense in (found[0] if found else ()) if sense.role in ("object", "place", "figure")]
        if heads:
            first = known.find((word[:cut],), "de") or known.find((word[:cut].rstrip("sn"),), "de")
            traits = [
                (s.role, s.value) for s in (first[0] if first else ()) if s.role in ("material", "color", "shape")
            ]
            senses = [
                Sense(head.role, head.value, (*head.attributes, *(traits or [("kind", word[:cut])]))) for head in heads
            ]
            return tuple(senses), bool(found and found[1])
    return None


def _japanese(token: _Token) -> Iterator[Item]:
    known = lexicon()
    table = known.phrases["ja"]
    stops = known.stops["ja"]
    start = index = 0
    text = token.text

    def rest(end: int) -> Iterator[Item]:
        if start < end:
            yield Item(text[start:end], token.start + start, token.start + end, "word")

    while index < len(text):
        for length in range(min(14, len(text) - index), 0, -1):
            piece = text[index : index + length]
            if piece in stops or (piece,) in table:
                yield from rest(index)
                at = token.start + index
                if piece in stops:
                    yield Item(piece, at, at + length, "stop")
                else:
                    yield _item(piece, at, at + length, table[(piece,)])
                index += length
                start = index
                break
        else:
            index += 1
    yield from rest(len(text))


def _number_clauses(items: list[Item]) -> None:
    sentence = clause = 0
    for item in items:
        item.sentence, item.clause = sentence, clause
        if item.form == "end":
            sentence += 1
        if item.form in ("end", "pause"):
            clause += 1


def _hear_homophones(items: list[Item]) -> None:
    """Take `to chairs` for two of them where a count is expected: after a comma, `with` or `and`, before a plural."""
    for index, item in enumerate(items[:-1]):
        word = item.text.lower()
        noun = items[index + 1]
        before = items[index - 1].text.lower() if index else ","
        if (
            word in _HOMOPHONES
            and noun.is_plural
            and noun.sense("object", "figure")
            and before in {",", "with", "and", ";", ":", "are"}
        ):
            item.value, item.senses, item.form = float(_HOMOPHONES[word]), (), "number"
            item.reading = str(_HOMOPHONES[word])


def _join_numbers(items: list[Item]) -> list[Item]:
    """Join `twenty` and `one`, so that a number is one item."""
    joined: list[Item] = []
    for item in items:
        last = joined[-1] if joined else None
        if (
            last
            and last.value
            and item.value
            and item.form == last.form == "word"
            and 20 <= last.value <= 90
            and item.value < 10
        ):
            last.value += item.value
            last.end, last.text = item.end, f"{last.text} {item.text}"
        else:
            joined.append(item)
    return joined
