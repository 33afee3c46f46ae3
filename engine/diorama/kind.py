"""What all steps of one node type share: its ports in key order, defaults, and what its keys begin with."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from diorama.catalogue import Entry
from diorama.interface import Interface
from diorama.keys import Digest
from diorama.refs import Ref


@dataclass(frozen=True)
class Kind:
    """A node type as steps use it; made once, so that a step costs little."""

    name: str
    interface: Interface
    ports: tuple[str, ...]
    """Input ports in the order of their names."""
    keyed: tuple[tuple[str, bytes], ...]
    """The ports that enter the key, with their names as bytes."""
    lazy: frozenset[str]
    defaults: Mapping[str, Ref]
    call_prefix: bytes
    recipe_prefix: bytes
    is_volatile: bool

    @property
    def entry(self) -> Entry:
        """The declared node; only for kinds that are no saved graph."""
        assert self.interface.entry is not None
        return self.interface.entry


@dataclass(frozen=True, slots=True)
class Identity:
    """What stands for a node type inside the key of a loop over a saved graph."""

    digest: Digest
    is_volatile: bool
