"""The command line."""

import gc

from diorama.garbage import SELDOM

# A command makes little garbage and many objects that last, most of them by importing: a tenth of its start.
gc.set_threshold(*SELDOM)

from diorama.cli.app import main  # noqa: E402  # after the collector was told to look less often

__all__ = ["main"]
