"""What lies in a model's folder: the files that will be loaded, those that are missing, those that are damaged."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final, Literal

import orjson

from diorama.faults import BadInput
from diorama.models.safetensors import Header, read_header
from diorama.models.weights import HALF, Part, Weights, alternatives

MOST_TEXT: Final = 64 * 2**20
"""Bytes of a configuration or vocabulary."""
TEXTS: Final = (".json", ".txt", ".jinja", ".model")
"""Endings of files beside the weights that are read when a model is loaded, and so belong to what it is."""

ModelState = Literal["present", "missing", "damaged"]


@dataclass(slots=True)
class Found:
    """A model as it lies on this machine."""

    weights: Weights
    folder: Path
    files: list[str] = field(default_factory=list)
    """All that is read when it is loaded, by name from the folder on: weights and texts."""
    headers: dict[str, Header] = field(default_factory=dict)
    """What each weight file says of itself."""
    variants: dict[str, str] = field(default_factory=dict)
    """By part: `fp16` where its weights have half the bits, else nothing."""
    missing: list[str] = field(default_factory=list)
    damaged: dict[str, str] = field(default_factory=dict)
    """Why a file cannot be used, by its name."""

    @property
    def state(self) -> ModelState:
        """Whether it can be loaded."""
        return "missing" if self.missing else "damaged" if self.damaged else "present"

    @property
    def numbers(self) -> int:
        """How many numbers its weights are."""
        return sum(header.numbers for header in self.headers.values())


def look_into(folder: Path, weights: Weights) -> Found:
    """What is in a model's folder, told from names, sizes and headers; nothing is hashed or loaded."""
    found = Found(weights, folder)
    for part in weights.parts:
        _look_at_texts(found, part)
        if part.weights:
            _look_at_weights(found, part)
    return found


def _look_at_texts(found: Found, part: Part) -> None:
    place = found.folder / part.folder
    for text in part.texts:
        sets = [[name for name in names if not (place / name).is_file()] for names in alternatives(text)]
        if all(sets):
            found.missing += [part.path(name) for name in sets[0]]
    with suppress(OSError):
        for path in sorted(place.iterdir()):
            if path.suffix in TEXTS and path.is_file() and not path.name.endswith(".index.json"):
                name = part.path(path.name)
                found.files.append(name)
                if path.stat().st_size > MOST_TEXT:
                    found.damaged[name] = f"it has more than {MOST_TEXT:,} bytes"


def _look_at_weights(found: Found, part: Part) -> None:
    name = next((name for name in part.weight_names if (found.folder / part.path(name)).is_file()), None)
    if name is None:
        found.missing.append(part.path(part.weights))
        return
    found.variants[part.folder] = HALF.removeprefix(".") if HALF in name else ""
    names = [part.path(name)]
    if name.endswith(".json"):
        found.files.append(part.path(name))
        names = [part.path(piece) for piece in _pieces(found, part.path(name))]
    for piece in names:
        try:
            found.headers[piece] = read_header(found.folder / piece)
            found.files.append(piece)
        except FileNotFoundError:
            found.missing.append(piece)
        except (BadInput, OSError) as error:
            found.damaged[piece] = str(error)


def _pieces(found: Found, index: str) -> list[str]:
    """The files that an index names, none of them outside its own folder."""
    try:
        document = orjson.loads((found.folder / index).read_bytes())
        pieces: Mapping[str, object] = document["weight_map"]
        names = sorted({str(name) for name in pieces.values()})
    except (OSError, ValueError, LookupError, TypeError, AttributeError):
        found.damaged[index] = "it is no index of weight files"
        return []
    strange = [name for name in names if Path(name).name != name or not name.endswith(".safetensors")]
    if strange:
        found.damaged[index] = f"it names {strange[0]!r:.100}, which is no safetensors file beside it"
        return []
    return names
