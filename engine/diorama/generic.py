"""Generic port types: what a variable such as `$T` stands for, once it is known what a port is given."""

from __future__ import annotations

from collections.abc import Mapping

from diorama.types import base_of, item_of


def bound_to(wanted: str, gives: str, bound: dict[str, str]) -> str:
    """What a port takes once it is known what it is given: the same, but for a generic port."""
    variable = base_of(wanted)
    if not variable.startswith("$"):
        return wanted
    return bind(wanted, bound) if variable in bound else _learn(wanted, gives, bound)


def bind(type_: str, bound: Mapping[str, str]) -> str:
    """A generic type with what its variable stands for put in."""
    variable = base_of(type_)
    if not variable.startswith("$"):
        return type_
    return type_.replace(variable, bound.get(variable, "any")).replace("??", "?")


def _learn(wanted: str, gives: str, bound: dict[str, str]) -> str:
    """Bind the variable of `wanted` so that `gives` fits, and give the type that `wanted` then is."""
    variable, inner, outer = base_of(wanted), gives, wanted
    while outer != variable and (outer.endswith("?") or outer.startswith("list[")):
        if outer.endswith("?"):
            outer, inner = outer[:-1], inner.removesuffix("?")
        else:
            outer, inner = outer[5:-1], item_of(inner) or inner
    bound[variable] = inner
    return bind(wanted, bound)
