"""What a node is given besides its inputs: progress, previews, cancellation, a scratch folder, models."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from threading import Event
from typing import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:
    from diorama.model import Model
    from diorama.values.value import Value

T = TypeVar("T")


class Cancelled(BaseException):
    """Raised inside a node whose call was cancelled. Not an `Exception`, so that a broad handler lets it pass."""


def _load(model: Model[T]) -> AbstractContextManager[T]:
    @contextmanager
    def held() -> Iterator[T]:
        yield model.load()

    return held()


@dataclass(slots=True)
class Context:
    """A call's line to the outside. A bare `Context()` is silent, for calling a node like any function."""

    on_progress: Callable[[float, str], None] = lambda fraction, message: None
    on_preview: Callable[[Value], None] = lambda value: None
    cancelled: Event = field(default_factory=Event)
    hold: Callable[[Model[T]], AbstractContextManager[T]] = _load
    _scratch: tempfile.TemporaryDirectory[str] | None = None

    def progress(self, fraction: float, message: str = "") -> None:
        """Tell how far the call is, from 0 to 1; raises `Cancelled` where it was cancelled."""
        self.check_cancelled()
        self.on_progress(min(max(fraction, 0.0), 1.0), message)

    def preview(self, value: Value) -> None:
        """Show an unfinished value; it is never cached."""
        self.check_cancelled()
        self.on_preview(value)

    def check_cancelled(self) -> None:
        """Raise `Cancelled` where the call was cancelled; for loops that tell no progress."""
        if self.cancelled.is_set():
            raise Cancelled

    @property
    def scratch(self) -> Path:
        """A folder of the call's own, gone when the call ends."""
        if self._scratch is None:
            self._scratch = tempfile.TemporaryDirectory(prefix="diorama-call-", ignore_cleanup_errors=True)
        return Path(self._scratch.name)

    def model(self, model: Model[T]) -> AbstractContextManager[T]:
        """The loaded model, held for the length of a `with` block."""
        return self.hold(model)

    def close(self) -> None:
        """Remove the scratch folder."""
        if self._scratch is not None:
            self._scratch.cleanup()
            self._scratch = None
