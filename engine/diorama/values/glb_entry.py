"""Objects out of a GLB's JSON, read with suspicion: every complaint names the place it is about."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from diorama.faults import BadInput

MOST = 2**53


@dataclass(frozen=True, slots=True)
class Entry:
    """A JSON object and where it stands, such as `accessors[3]`."""

    at: str
    facts: Mapping[str, object]

    def fault(self, problem: str) -> BadInput:
        """A fault with this place in front."""
        return BadInput(f"{self.at} {problem}")

    def __contains__(self, key: str) -> bool:
        return key in self.facts

    def whole(self, key: str, default: int | None = None, *, least: int = 0, below: int = MOST) -> int:
        """A whole number within the bounds; without a default it must be there."""
        given = self.facts.get(key, default)
        number = int(given) if isinstance(given, float) and given.is_integer() else given
        if type(number) is not int:
            raise self.fault(f"has {_shown(given)} for {key}, but a whole number is wanted")
        if not least <= number < below:
            raise self.fault(f"has {number:,} for {key}, but at least {least:,} and less than {below:,} is wanted")
        return number

    def number(self, key: str, default: float | None = None) -> float:
        """A finite number; without a default it must be there."""
        return self._finite(key, self.facts.get(key, default))

    def numbers(self, key: str, length: int, default: Sequence[float] | None = None) -> tuple[float, ...]:
        """So many finite numbers; without a default they must be there."""
        given = self.facts.get(key, default)
        if not isinstance(given, (list, tuple)) or len(given) != length:
            raise self.fault(f"has {_shown(given)} for {key}, but a list of {length} numbers is wanted")
        return tuple(self._finite(key, item) for item in given)

    def _finite(self, key: str, given: object) -> float:
        if isinstance(given, bool) or not isinstance(given, (int, float)) or not math.isfinite(given):
            raise self.fault(f"has {_shown(given)} for {key}, but a number is wanted")
        return float(given)

    def text(self, key: str, default: str | None = None) -> str:
        """A text; without a default it must be there."""
        given = self.facts.get(key, default)
        if not isinstance(given, str):
            raise self.fault(f"has {_shown(given)} for {key}, but a text is wanted")
        return given

    def flag(self, key: str, *, default: bool = False) -> bool:
        """True or false."""
        given = self.facts.get(key, default)
        if not isinstance(given, bool):
            raise self.fault(f"has {_shown(given)} for {key}, but true or false is wanted")
        return given

    def child(self, key: str) -> Entry | None:
        """The object under the key, or None where there is none."""
        given = self.facts.get(key)
        if given is None:
            return None
        if not isinstance(given, dict):
            raise self.fault(f"has {_shown(given)} for {key}, but an object is wanted")
        return Entry(f"{self.at}.{key}", given)

    def required(self, key: str) -> Entry:
        """The object under the key, which must be there."""
        found = self.child(key)
        if found is None:
            raise self.fault(f"has no {key}, but an object is wanted")
        return found

    def items(self, key: str) -> list[Entry]:
        """The objects of the list under the key; none where there is no such key."""
        return [
            Entry(f"{self.at}.{key}[{place}]", item) if isinstance(item, dict) else self._no_object(key, place)
            for place, item in enumerate(self.array(key))
        ]

    def _no_object(self, key: str, place: int) -> Entry:
        raise self.fault(f"has something else than an object at {key}[{place}]")

    def array(self, key: str) -> list[object]:
        """The list under the key; empty where there is no such key."""
        given = self.facts.get(key, [])
        if not isinstance(given, list):
            raise self.fault(f"has {_shown(given)} for {key}, but a list is wanted")
        return given

    def wholes(self, key: str, *, below: int = MOST) -> list[int]:
        """The whole numbers of the list under the key, each from nought to less than `below`."""
        numbers: list[int] = []
        for item in self.array(key):
            if type(item) is not int or not 0 <= item < below:
                raise self.fault(f"has {_shown(item)} in {key}, but whole numbers less than {below:,} are wanted")
            numbers.append(item)
        return numbers


def _shown(given: object) -> str:
    if given is None:
        return "nothing"
    if isinstance(given, (dict, list, tuple)):
        return f"a {'list' if not isinstance(given, dict) else 'object'} of {len(given)}".replace(
            "a object", "an object"
        )
    return repr(given)[:40]
