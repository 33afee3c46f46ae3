"""`python -m tests.faults [--short] [NUMBER ...]` injects the faults and writes what was measured.

All of them, in their long form, take about an hour; the short form is what every test run does of them.
"""

from __future__ import annotations

import sys
import tempfile
import time
import traceback
from pathlib import Path

from tests.faults.figures import Figures, NotHere
from tests.faults.listed import FAULTS, Injection

TABLE = Path(__file__).parent / "figures.md"


def main(arguments: list[str]) -> int:
    """Inject the wanted faults, print and keep the figures; gives the exit code."""
    is_long = "--short" not in arguments
    numbers = {int(one) for one in arguments if one.isdecimal()} or set(FAULTS)
    told = {number: _tried(FAULTS[number], is_long) for number in sorted(numbers)}
    if is_long and numbers == set(FAULTS):
        TABLE.write_text(_table(told))
    return 1 if any(held is None for _, held, _ in told.values()) else 0


def _tried(fault: Injection, is_long: bool) -> tuple[str, Figures | None, float]:
    print(f"{fault.number:2d} {fault.name} ...", flush=True)
    begun = time.monotonic()
    held: Figures | None = None
    with tempfile.TemporaryDirectory(prefix=f"fault-{fault.number}-", ignore_cleanup_errors=True) as folder:
        try:
            held = fault.run(Path(folder), is_long)
        except NotHere as error:
            held = {"not tried here": str(error)}
        except Exception:
            traceback.print_exc()
    seconds = time.monotonic() - begun
    shown = "; ".join(f"{name}: {value}" for name, value in held.items()) if held is not None else "DOES NOT HOLD"
    print(f"   {shown} ({seconds:.0f} s)", flush=True)
    return fault.name, held, seconds


def _table(told: dict[int, tuple[str, Figures | None, float]]) -> str:
    lines = ["| # | fault | measured | seconds |", "|---|---|---|---|"]
    for number, (name, held, seconds) in told.items():
        shown = "; ".join(f"{what}: {value}" for what, value in held.items()) if held is not None else "does not hold"
        lines.append(f"| {number} | {name} | {shown} | {seconds:.0f} |")
    return "\n".join(lines) + "\n"


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
