"""The node declaration: a node is a function, and its signature is the schema of its ports."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property, update_wrapper
from typing import (
    Annotated,
    Any,
    Concatenate,
    Generic,
    Literal,
    ParamSpec,
    TypeVar,
    get_args,
    get_origin,
    get_type_hints,
    overload,
)

from pydantic import JsonValue, TypeAdapter
from pydantic.fields import FieldInfo

from diorama.context import Context
from diorama.faults import BadInput
from diorama.model import Model
from diorama.types import type_of

P = ParamSpec("P")
R = TypeVar("R")
T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Cost:
    """What a call is expected to cost before there is a past to learn from."""

    seconds: float = 0.1
    vram_gib: float = 0.0
    """Memory of the device that an item takes beyond the models; `@NODE.vram` tells it by what goes in."""


LIGHT_SECONDS = 0.01
"""Calls declared cheaper than this run on the scheduler's own thread and are not claimed across processes:
a thread hop and a claim would cost more than the call."""


class _Cosmetic:
    """Marks a port that changes no result: it stays out of the key."""


class _Lazy:
    """Marks a port whose source runs only when the node's `needs` asks for it."""


class _Advanced:
    """Marks a port that is seldom touched: an editor shows it among the details of a node, not on it."""


Cosmetic = _Cosmetic()
Lazy = _Lazy()
Advanced = _Advanced()


@dataclass(frozen=True, slots=True)
class Unit:
    """The unit of a number, as it is shown behind it: `s`, `m`, `Hz`, `BPM`."""

    name: str


class _Required:
    def __repr__(self) -> str:
        return "REQUIRED"


REQUIRED = _Required()


@dataclass(frozen=True)
class InputPort:
    """An input: what it takes, what it does without one, and how it is explained."""

    name: str
    type: str
    annotation: Any
    default: Any = REQUIRED
    help: str = ""
    unit: str = ""
    is_cosmetic: bool = False
    is_lazy: bool = False
    is_advanced: bool = False
    notes: tuple[Any, ...] = ()
    """What the annotation says beyond the type."""

    @property
    def is_required(self) -> bool:
        """Whether a value or wire must be given."""
        return self.default is REQUIRED

    @cached_property
    def adapter(self) -> TypeAdapter[Any]:
        """Checks a literal against type, range and choices."""
        return TypeAdapter(self.annotation)

    def adapter_of(self) -> TypeAdapter[Any]:
        """The adapter, made when it is first asked for: making one costs more than most checks."""
        return self.adapter

    @cached_property
    def choices(self) -> tuple[JsonValue, ...]:
        """The values of a choice, in order; empty for other types."""
        bare = self.annotation
        while get_origin(bare) is Annotated:
            bare = get_args(bare)[0]
        return get_args(bare) if get_origin(bare) is Literal else ()


@dataclass(frozen=True, slots=True)
class OutputPort:
    """An output: its name and type."""

    name: str
    type: str


@dataclass(frozen=True, slots=True)
class Outside:
    """A setting of this machine that a node's results hang on, such as the address of a service."""

    name: str
    """What it is, for the sentence that says that it is missing."""
    identity: Callable[[], str]
    """What stands for it in keys, with no secret in it; raises `BadInput` with how it is set where it is not."""

    @property
    def mark(self) -> str:
        """The identity, or nothing where the setting is not made."""
        try:
            return self.identity()
        except BadInput:
            return ""


@dataclass(frozen=True, slots=True)
class Settings:
    """What `@node` declares beyond the signature."""

    version: int = 1
    cost: Cost = field(default_factory=Cost)
    is_volatile: bool = False
    models: tuple[Model[Any], ...] = ()
    retries: int = 0
    time_limit: float = 600.0
    """Seconds after which a call fails."""
    category: str = ""
    memory_gib: float = 0.0
    """Of the machine's memory that a call may take beyond its models; 0 for the bound that is set for all."""
    outside: Outside | None = None

    @property
    def identities(self) -> tuple[str, ...]:
        """What stands in keys for the node's weights and settings, as they are now."""
        outside = () if self.outside is None else (self.outside.mark,)
        return (*(model.identity for model in self.models), *outside)


class Node(Generic[P, R]):
    """A declared node. Calling it calls the function."""

    def __init__(self, function: Callable[Concatenate[Context, P], R], settings: Settings) -> None:
        self.function = function
        self.settings = settings
        self.name: str = function.__name__
        self.batched_function: Callable[..., Sequence[R]] | None = None
        self.needs_function: Callable[..., set[str]] | None = None
        self.vram_function: Callable[..., float] | None = None
        self.upgrade_function: Callable[[dict[str, Any], int], dict[str, Any]] | None = None
        update_wrapper(self, function)

    def __call__(self, ctx: Context, /, *args: P.args, **kwargs: P.kwargs) -> R:
        """Call the function."""
        return self.function(ctx, *args, **kwargs)

    def batched(self, function: Callable[..., Sequence[R]]) -> Callable[..., Sequence[R]]:
        """Add a form that takes a list of items' inputs (each a dict) and gives their results in order.

        It must give the same results as the calls one by one.
        """
        self.batched_function = function
        return function

    def needs(self, function: Callable[..., set[str]]) -> Callable[..., set[str]]:
        """Add the function that, from the inputs which are not lazy, names the lazy ones that must run."""
        self.needs_function = function
        return function

    def vram(self, function: Callable[..., float]) -> Callable[..., float]:
        """Add the function that tells the GiB which a call of one item takes on its device beyond its models.

        It is given the inputs as far as they are known without being decoded: JSON as it is, an artefact as the
        mapping that its `describe` gives. Calls for which it tells the same count as equally large.
        """
        self.vram_function = function
        return function

    def upgrade(
        self, function: Callable[[dict[str, Any], int], dict[str, Any]]
    ) -> Callable[[dict[str, Any], int], dict[str, Any]]:
        """Add the function that turns inputs written for an older version into those of this one."""
        self.upgrade_function = function
        return function

    @property
    def summary(self) -> str:
        """The first line of the docstring."""
        return (inspect.getdoc(self.function) or "").partition("\n")[0]

    @cached_property
    def inputs(self) -> Mapping[str, InputPort]:
        """Input ports by name, in the order of the signature."""
        hints = get_type_hints(self.function, include_extras=True)
        parameters = list(inspect.signature(self.function).parameters.values())[1:]
        return {parameter.name: _input_port(parameter, hints[parameter.name]) for parameter in parameters}

    @cached_property
    def outputs(self) -> Mapping[str, OutputPort]:
        """Output ports by name; a result that is no NamedTuple has the one output `value`."""
        result = get_type_hints(self.function, include_extras=True)["return"]
        if self.gives_several:
            named = get_origin(result) or result
            hints = get_type_hints(named, include_extras=True)
            return {name: OutputPort(name, type_of(hints[name])) for name in named._fields}
        return {"value": OutputPort("value", type_of(result))}

    @cached_property
    def gives_several(self) -> bool:
        """Whether the result is a NamedTuple, each field an output."""
        result = get_type_hints(self.function).get("return")
        return hasattr(get_origin(result) or result, "_fields")

    @property
    def uses_device(self) -> bool:
        """Whether a call needs a device: its models, or memory that counts."""
        return bool(self.settings.models or self.settings.cost.vram_gib or self.vram_function)

    @property
    def is_light(self) -> bool:
        """Whether a call costs less than handing it to another thread."""
        return self.settings.cost.seconds < LIGHT_SECONDS


def _input_port(parameter: inspect.Parameter, annotation: Any) -> InputPort:
    notes = get_args(annotation)[1:] if get_origin(annotation) is Annotated else ()
    described = [note.description for note in notes if isinstance(note, FieldInfo) and note.description]
    units = [note.name for note in notes if isinstance(note, Unit)]
    default = REQUIRED if parameter.default is inspect.Parameter.empty else parameter.default
    is_advanced = any(note is Advanced for note in notes)
    if is_advanced and default is REQUIRED:
        raise TypeError(
            f"`{parameter.name}` must be given, so it cannot be Advanced: nobody would see that it is missing"
        )
    return InputPort(
        name=parameter.name,
        type=type_of(annotation),
        annotation=annotation,
        default=default,
        # The last word is the port's own: those before it come with its type.
        help=described[-1] if described else "",
        unit=units[0] if units else "",
        is_cosmetic=any(note is Cosmetic for note in notes),
        is_lazy=any(note is Lazy for note in notes),
        is_advanced=is_advanced,
        notes=tuple(notes),
    )


@overload
def node(function: Callable[Concatenate[Context, P], R], /) -> Node[P, R]: ...
@overload
def node(
    *,
    version: int = 1,
    cost: Cost | None = None,
    volatile: bool = False,
    models: Sequence[Model[Any]] = (),
    retries: int = 0,
    time_limit: float = 600.0,
    category: str = "",
    memory_gib: float = 0.0,
    outside: Outside | None = None,
) -> Callable[[Callable[Concatenate[Context, P], R]], Node[P, R]]: ...
def node(
    function: Callable[Concatenate[Context, P], R] | None = None,
    /,
    *,
    version: int = 1,
    cost: Cost | None = None,
    volatile: bool = False,
    models: Sequence[Model[Any]] = (),
    retries: int = 0,
    time_limit: float = 600.0,
    category: str = "",
    memory_gib: float = 0.0,
    outside: Outside | None = None,
) -> Node[P, R] | Callable[[Callable[Concatenate[Context, P], R]], Node[P, R]]:
    """Declare a function to be a node; its signature gives the ports, its docstring the help.

    `version` grows whenever the same inputs may give other results; `time_limit` is in seconds.
    """
    costs = cost or Cost()
    settings = Settings(version, costs, volatile, tuple(models), retries, time_limit, category, memory_gib, outside)
    if function is not None:
        return Node(function, settings)
    return lambda function: Node(function, settings)
