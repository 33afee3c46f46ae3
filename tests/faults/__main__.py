"""`python -m tests.faults [--short] [NUMBER ...]` injects the faults and keeps what was measured in figures.md.

All of them, in their long form, take about an hour; the short form is what every test run does of them.
"""

from __future__ import annotations

import re
import sys
import tempfile
import time
import traceback
from pathlib import Path

from tests.faults.figures import Figures, NotHere
from tests.faults.listed import FAULTS, Injection

TABLE = Path(__file__).parent / "figures.md"
HEAD = ["| # | fault | form | measured | seconds |", "|---|---|---|---|---|"]
ROW = re.compile(r"\| (\d+) \|")


def main(arguments: list[str]) -> int:
    """Inject the wanted faults, print and keep the figures; gives the exit code."""
    is_long = "--short" not in arguments
    numbers = {int(one) for one in arguments if one.isdecimal()} or set(FAULTS)
    rows = _kept()
    does_hold = True
    for number in sorted(numbers):
        held, seconds = _tried(FAULTS[number], is_long)
        does_hold = does_hold and held is not None
        rows[number] = _row(FAULTS[number], is_long, held, seconds)
        TABLE.write_text("\n".join([*HEAD, *(row for _, row in sorted(rows.items()))]) + "\n")
    return 0 if does_hold else 1


def _kept() -> dict[int, str]:
    """The rows that were kept before, by number."""
    lines = TABLE.read_text().splitlines() if TABLE.exists() else []
    return {int(found[1]): line for line in lines if (found := ROW.match(line))}


def _row(fault: Injection, is_long: bool, held: Figures | None, seconds: float) -> str:
    shown = "; ".join(f"{what}: {value}" for what, value in held.items()) if held is not None else "does not hold"
    return f"| {fault.number} | {fault.name} | {'long' if is_long else 'short'} | {shown} | {seconds:.0f} |"


def _tried(fault: Injection, is_long: bool) -> tuple[Figures | None, float]:
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
    return held, seconds


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
