"""The models folder of this machine: what is there, what each model is known by, what is missing."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from threading import RLock
from typing import TypeVar

from diorama.model import Dtype, Model, Placement
from diorama.models.digests import DigestBook, Stamp, published, stamp_of
from diorama.models.found import Found, look_into
from diorama.models.weights import Weights
from diorama.templates import home

T = TypeVar("T")


def models_folder() -> Path:
    """The folder of all models: `DIORAMA_MODELS`, else `models` in the home folder."""
    chosen = os.environ.get("DIORAMA_MODELS")
    return Path(chosen).expanduser() if chosen else home() / "models"


@dataclass(frozen=True, slots=True)
class _Looked:
    """A look at a model's folder, good as long as no file of it has changed."""

    stamps: Mapping[str, Stamp | None]
    found: Found


class Registry:
    """Models in one folder, each in a folder of its own name.

    A look costs one `stat` a file; files are hashed once and again only after they have changed. Any thread may ask.
    """

    def __init__(self, folder: Path, kept: Path) -> None:
        self.folder = folder
        self.kept = kept
        """Where digests are remembered."""
        self._lock = RLock()
        self._looked: dict[str, _Looked] = {}
        self._books: dict[str, DigestBook] = {}

    def path(self, weights: Weights) -> Path:
        """The folder in which a model is looked for."""
        return self.folder / weights.name

    def look(self, weights: Weights) -> Found:
        """What is there of a model, its files held against the digests they were published with where these are known.

        The first look at new files hashes them: a few seconds for some gigabytes.
        """
        with self._lock:
            looked = self._looked.get(weights.name)
            if looked is None or looked.found.weights != weights or self._has_changed(looked):
                looked = self._looked[weights.name] = self._look_anew(weights)
            return looked.found

    def digests(self, weights: Weights) -> Mapping[str, str]:
        """SHA-256 of every file that is loaded, by name; of a model that is not whole, of nothing."""
        with self._lock:
            found = self.look(weights)
            return {} if found.state != "present" else self._book(weights).digests(found.files)

    def revision(self, weights: Weights) -> str:
        """The commit that a model's files came from where the hub's downloader noted it, else the wanted one."""
        return published(self.path(weights)).revision or weights.revision

    def _has_changed(self, looked: _Looked) -> bool:
        return self._stamps(looked.found) != looked.stamps

    def _look_anew(self, weights: Weights) -> _Looked:
        found = look_into(self.path(weights), weights)
        stamps = self._stamps(found)
        if found.state == "present":
            self._hold_to_published(found)
        return _Looked(stamps, found)

    def _stamps(self, found: Found) -> dict[str, Stamp | None]:
        """Sizes and times of all that a look at a model depends on, folders among them: a new file changes those."""
        folders = ["", *(part.folder for part in found.weights.parts), "SHA256SUMS", ".cache/huggingface/download"]
        names = dict.fromkeys([*folders, *found.files, *found.missing, *found.damaged])
        return {name: _stamp_or_none(found.folder / name) for name in names}

    def _hold_to_published(self, found: Found) -> None:
        try:
            digests = self._book(found.weights).digests(found.files)
        except OSError as error:
            found.damaged[found.weights.name] = str(error)
            return
        for name, wanted in published(found.folder).digests.items():
            if name in digests and digests[name] != wanted:
                found.damaged[name] = f"its SHA-256 is {digests[name]}, but it was published with {wanted}"

    def _book(self, weights: Weights) -> DigestBook:
        book = self._books.get(weights.name)
        if book is None:
            book = self._books[weights.name] = DigestBook(self.kept, self.path(weights))
        return book


def _stamp_or_none(path: Path) -> Stamp | None:
    try:
        return stamp_of(path)
    except OSError:
        return None


@cache
def _registry(folder: Path, kept: Path) -> Registry:
    return Registry(folder, kept)


def registry() -> Registry:
    """The registry of the models folder in force; one a process for each folder."""
    return _registry(models_folder(), home() / "digests")


def model_of(weights: Weights, load: Callable[[Placement], T], gib: float, dtype: Dtype) -> Model[T]:
    """A model that is loaded from weights which the registry looks after.

    `gib` is what they take on the device in `dtype`.
    """
    return Model(
        name=weights.name,
        load=load,
        gib=gib,
        repository=weights.repository,
        revision=weights.revision,
        license=weights.license,
        dtype=dtype,
        files=lambda: registry().digests(weights),
        weights=weights,
    )
