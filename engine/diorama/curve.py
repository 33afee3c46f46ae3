"""Curves: a value that changes from a beginning to an end, drawn through a few points."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated, Any, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, GetCoreSchemaHandler, model_validator
from pydantic_core import CoreSchema, PydanticCustomError, core_schema

if TYPE_CHECKING:
    import numpy as np

    Numbers = np.ndarray[tuple[int, ...], np.dtype[np.float64]]

MOST_POINTS = 64
Finite = Annotated[float, Field(allow_inf_nan=False)]


class Curve(BaseModel):
    """Heights y over a way x from 0 to 1: two points or more, in order; level before the first and after the last.

    `linear` goes straight from point to point; `monotone` goes smoothly and never beyond the heights of two neighbours.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    points: tuple[tuple[Annotated[Finite, Field(ge=0, le=1)], Finite], ...] = Field(
        min_length=2, max_length=MOST_POINTS
    )
    interpolation: Literal["linear", "monotone"] = "linear"

    @model_validator(mode="after")
    def _is_in_order(self) -> Self:
        for number, ((before, _), (after, _)) in enumerate(zip(self.points, self.points[1:], strict=False), 1):
            if after <= before:
                raise PydanticCustomError(
                    "curve",
                    "point {number} is at {after} and the one before it at {before}, but each further on is wanted",
                    {"number": number, "after": f"{after:g}", "before": f"{before:g}"},
                )
        return self

    def at(self, places: Numbers) -> Numbers:
        """The heights at places from 0 to 1, of the same shape."""
        import numpy as np

        x, y = np.array(self.points, np.float64).T
        if self.interpolation == "linear":
            return np.asarray(np.interp(places, x, y), np.float64)
        slopes = _slopes(x, y)
        left = np.clip(np.searchsorted(x, places, side="right") - 1, 0, len(x) - 2)
        width = x[left + 1] - x[left]
        t = np.clip((places - x[left]) / width, 0.0, 1.0)
        start, end = y[left], y[left + 1]
        first, last = width * slopes[left], width * slopes[left + 1]
        rest = 1 - t
        heights: Numbers = rest * rest * ((1 + 2 * t) * start + t * first) + t * t * ((3 - 2 * t) * end - rest * last)
        return heights


def _slopes(x: Numbers, y: Numbers) -> Numbers:
    """The slope in each point that makes a cubic keep between neighbours (Fritsch and Butland, 1984)."""
    import numpy as np

    widths = np.diff(x)
    steps = np.diff(y) / widths
    slopes = np.empty(len(x))
    slopes[0], slopes[-1] = steps[0], steps[-1]
    for point in range(1, len(x) - 1):
        before, after = steps[point - 1], steps[point]
        if before * after <= 0:
            slopes[point] = 0.0
            continue
        near, far = 2 * widths[point] + widths[point - 1], widths[point] + 2 * widths[point - 1]
        slopes[point] = (near + far) / (near / before + far / after)
    return slopes


@dataclass(frozen=True, slots=True)
class Heights:
    """Between which heights a curve lies that an input takes: a note in its annotation."""

    least: float
    most: float

    def __get_pydantic_core_schema__(self, source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
        """Check the curve, then its heights."""
        return core_schema.no_info_after_validator_function(self._checked, handler(source))

    def _checked(self, curve: Curve | None) -> Curve | None:
        for number, (_, height) in enumerate(curve.points if curve is not None else ()):
            if not self.least <= height <= self.most:
                raise PydanticCustomError(
                    "curve",
                    "point {number} is {height} high, but {least} to {most} is wanted",
                    {"number": number, "height": f"{height:g}", "least": f"{self.least:g}", "most": f"{self.most:g}"},
                )
        return curve
