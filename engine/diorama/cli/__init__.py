"""The command line."""

from diorama.cli.app import main

__all__ = ["main"]
