"""Exit codes, and how an error ends a command: with one line a fault, never a traceback."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import NoReturn

from diorama.faults import BadInput, DioramaError, Fault

OK = 0
RUN_FAILED = 1
USAGE = 2
GRAPH_FAULTS = 3
LOCK_MISMATCH = 4
STORE_UNUSABLE = 5
CANCELLED = 130

_BY_LETTER = {"G": GRAPH_FAULTS, "R": RUN_FAILED, "L": LOCK_MISMATCH, "S": STORE_UNUSABLE, "C": USAGE}


def code_of(faults: Sequence[Fault]) -> int:
    """The exit code that faults end a command with: that of the first."""
    return _BY_LETTER.get(faults[0].code[0], RUN_FAILED) if faults else RUN_FAILED


def tell(faults: Sequence[Fault], most: int = 50) -> None:
    """Print faults to standard error, a line each."""
    for fault in faults[:most]:
        print(fault, file=sys.stderr)
    if len(faults) > most:
        print(f"... and {len(faults) - most:,} more", file=sys.stderr)


@contextmanager
def told_errors() -> Iterator[None]:
    """End the command with the faults of what went wrong and the exit code that fits them."""
    try:
        yield
    except DioramaError as error:
        tell(error.faults)
        leave(code_of(error.faults))
    except KeyboardInterrupt:
        leave(CANCELLED)
    except BadInput as error:
        print(f"C001: {error}", file=sys.stderr)
        leave(USAGE)
    except BrokenPipeError:
        # Whoever read has gone: nothing is left to tell, not even at exit.
        sys.stderr.close()
        leave(OK)


def leave(code: int) -> NoReturn:
    """End the command."""
    raise SystemExit(code)
