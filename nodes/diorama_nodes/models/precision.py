"""The forms of numbers that a node lets its user choose among."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final, Literal

from diorama.model import Dtype

Precision = Literal["bf16", "fp16", "fp32"]
DTYPES: Final[Mapping[Precision, Dtype]] = {"bf16": "bfloat16", "fp16": "float16", "fp32": "float32"}
