"""Limits that are settings: each is read from the environment and told with both numbers."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from diorama.catalogue import Pack, catalogue_of
from diorama.check import check
from diorama.context import Context
from diorama.graph import Constant, Graph, GraphNode, Wire
from diorama.library import Library
from diorama.limits import Limits, limits
from diorama.node import node


@node
def shout(ctx: Context, text: str) -> str:
    """Give the text in capitals."""
    return text.upper()


@pytest.fixture(autouse=True)
def read_anew() -> Iterator[None]:
    limits.cache_clear()
    yield
    limits.cache_clear()


def test_a_text_beyond_the_limit_is_refused_with_both_numbers(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DIORAMA_MAX_TEXT", "4")
    graph = Graph({"a": GraphNode("t/shout", {"text": Constant("hello")})}, {"out": Wire("a", "value")})
    (fault,) = check(graph, Library(catalogue_of(Pack("t", "1"), shout))).faults
    assert (fault.code, fault.at) == ("G105", "/nodes/a/inputs/text")
    assert "it has 5 characters, and at most 4 are taken" in fault.message


def test_without_settings_the_defaults_hold(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("DIORAMA_MAX_TEXT", raising=False)
    assert limits() == Limits()
