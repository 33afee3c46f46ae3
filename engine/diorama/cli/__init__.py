"""The command line."""

import atexit
import gc

from diorama.garbage import STARTING

# A command makes little garbage and many objects that last, most of them by importing: a tenth of its start. When it
# ends all goes at once: the collector would look through everything for that, once more a tenth.
gc.set_threshold(*STARTING)
atexit.register(gc.freeze)

from diorama.cli.app import main  # noqa: E402  # after the collector was told to look less often

__all__ = ["main"]
