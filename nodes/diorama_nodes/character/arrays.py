"""The type of arrays of numbers whose precision does not matter while figures and motions are computed."""

from __future__ import annotations

from typing import Any

import numpy as np

Array = np.ndarray[tuple[int, ...], np.dtype[np.floating[Any]]]
Flags = np.ndarray[tuple[int, ...], np.dtype[np.bool_]]
Indices = np.ndarray[tuple[int, ...], np.dtype[np.integer[Any]]]
