"""On what is measured, and how large."""

from __future__ import annotations

from dataclasses import dataclass

from diorama.model import Dtype, Placement


@dataclass(frozen=True, slots=True)
class Setting:
    """A device, a form of numbers, and the sizes of the work."""

    device: str
    dtype: Dtype
    is_tiny: bool
    side: int
    steps: int
    tokens: int

    @property
    def placement(self) -> Placement:
        """Where models are loaded."""
        return Placement(self.device, self.dtype)


FULL = Setting("cuda:0", "bfloat16", False, 1024, 30, 256)
TINY = Setting("cpu", "float32", True, 64, 2, 32)
