"""What a node is given besides its inputs: progress, previews, cancellation, a scratch folder, models."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from threading import Event
from typing import TYPE_CHECKING, Any, Protocol, TypeVar

from diorama.model import Dtype, Model, Offload, Placement, Quantization

if TYPE_CHECKING:
    from diorama.values.value import Value

T = TypeVar("T")


class Cancelled(BaseException):
    """Raised inside a node whose call was cancelled. Not an `Exception`, so that a broad handler lets it pass."""


class Hold(Protocol):
    """Gives the loaded model for the length of a `with` block; the device in `wanted` is where nobody chose another."""

    def __call__(self, model: Model[T], wanted: Placement) -> AbstractContextManager[T]:
        """Load the model, or find it loaded."""
        ...


@contextmanager
def load_and_drop(model: Model[Any], wanted: Placement) -> Iterator[Any]:
    """Load the model for this block alone."""
    yield model.load(wanted)


@dataclass(slots=True)
class Context:
    """A call's line to the outside. A bare `Context()` is silent, for calling a node like any function."""

    on_progress: Callable[[float, str], None] = lambda fraction, message: None
    on_preview: Callable[[Value], None] = lambda value: None
    cancelled: Event = field(default_factory=Event)
    hold: Hold = load_and_drop
    is_kept: bool = True
    """Whether what the call gives is kept in the cache for the next run that asks for the same."""
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

    def keep_out_of_cache(self) -> None:
        """Let nobody find under this call's key what it gives: it is right for now alone, in place of what failed.

        The run that made it goes on with it; the next run makes the call anew.
        """
        self.is_kept = False

    @property
    def scratch(self) -> Path:
        """A folder of the call's own, gone when the call ends."""
        if self._scratch is None:
            self._scratch = tempfile.TemporaryDirectory(prefix="diorama-call-", ignore_cleanup_errors=True)
        return Path(self._scratch.name)

    def model(
        self,
        model: Model[T],
        *,
        dtype: Dtype | None = None,
        quantization: Quantization = "none",
        offload: Offload = "none",
    ) -> AbstractContextManager[T]:
        """The loaded model, held for the length of a `with` block.

        It stays loaded after the block as long as its device has room. `dtype` and `quantization` can change
        results: let them come from ports. `offload` is the least of it; where memory is short there may be more.
        """
        return self.hold(model, Placement("cpu", dtype or model.dtype, quantization, offload))

    def close(self) -> None:
        """Remove the scratch folder."""
        if self._scratch is not None:
            self._scratch.cleanup()
            self._scratch = None
