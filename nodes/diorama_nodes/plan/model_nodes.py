"""Nodes that plan a scene with a language model: one that runs here, or one that a service runs."""

from __future__ import annotations

from collections.abc import Callable
from typing import Annotated, Final, Literal, NamedTuple

import orjson
from pydantic import Field

from diorama.context import Context
from diorama.faults import BadInput
from diorama.limits import limits
from diorama.node import Advanced, Cost, Unit, node
from diorama.types import Seed
from diorama_nodes.models.language import PLANNER
from diorama_nodes.models.precision import DTYPES, Precision
from diorama_nodes.plan.draft import draft_schema, strict_schema
from diorama_nodes.plan.instructions import messages
from diorama_nodes.plan.nodes import Prompt, cast_of
from diorama_nodes.plan.schema import CharacterSpec, MusicSpec, ObjectSpec, ScenePlan, SoundSpec
from diorama_nodes.plan.service import SERVICE, configured
from diorama_nodes.plan.settle import plan_from

Fallback = Literal["none", "rules"]
FALLBACK: Final = Field(description="what plans where the model fails: nothing, so that the node fails, or the rules")
Temperature = Annotated[
    float, Field(ge=0, le=2, description="0 writes the likeliest plan, whatever the seed; more dares more")
]


class PlannedByModel(NamedTuple):
    """A scene plan and its parts, ready to be built one by one, and who made it."""

    plan: ScenePlan
    objects: list[ObjectSpec]
    cast: list[CharacterSpec]
    music: MusicSpec | None
    sounds: list[SoundSpec]
    seconds: Annotated[float, Unit("s")]
    planner: str


@node(
    version=1,
    cost=Cost(seconds=20.0, vram_gib=0.5),
    models=[PLANNER],
    time_limit=float(limits().max_generation_seconds),
    category="plan",
)
def plan_scene_locally(
    ctx: Context,
    prompt: Prompt,
    seed: Seed = 0,
    temperature: Annotated[Temperature, Advanced] = 0.3,
    tokens: Annotated[
        int,
        Field(ge=64, le=16384, description="most that the model writes before its plan is brought to an end"),
        Advanced,
    ] = 3000,
    precision: Annotated[
        Precision, Field(description="form of the numbers; fp16 for GPUs without bf16"), Advanced
    ] = "bf16",
    fallback: Annotated[Fallback, FALLBACK, Advanced] = "none",
) -> PlannedByModel:
    """Plan a scene from a sentence with a language model on this machine; what it writes is always a plan."""
    from diorama_nodes.models.writing import Manner, Unwritable, write
    from diorama_nodes.plan.planner import checked

    checked(prompt)
    planner = f"local:{PLANNER.repository}@{PLANNER.revision[:12]}"

    def plan() -> ScenePlan:
        ctx.progress(0.0, "loading the model")
        with ctx.model(PLANNER, dtype=DTYPES[precision]) as language:
            text = write(language, messages(prompt), draft_schema(), Manner(tokens, temperature, seed), ctx)
        return plan_from(orjson.loads(text), prompt, planner)

    return _planned(ctx, plan, (BadInput, Unwritable), fallback, prompt, seed)


@node(
    version=1,
    cost=Cost(seconds=15.0),
    outside=SERVICE,
    time_limit=float(limits().max_generation_seconds),
    category="plan",
)
def plan_scene_remotely(
    ctx: Context,
    prompt: Prompt,
    seed: Seed = 0,
    temperature: Annotated[Temperature, Advanced] = 0.3,
    model: Annotated[str, Field(max_length=200, description="of the service; empty for that of the settings")] = "",
    address: Annotated[
        str,
        Field(max_length=500, description="of the service; empty for that of the settings, others must be allowed"),
        Advanced,
    ] = "",
    seconds: Annotated[
        float, Field(ge=1, le=800, description="how long the service is asked"), Unit("s"), Advanced
    ] = 120.0,
    tries: Annotated[int, Field(ge=1, le=10, description="how often it is asked where it fails"), Advanced] = 4,
    fallback: Annotated[Fallback, FALLBACK, Advanced] = "none",
) -> PlannedByModel:
    """Plan a scene from a sentence with a language model of a service that speaks OpenAI's chat completions."""
    from diorama_nodes.plan.asking import CallClock, Patience, Question, ServiceFailed, ask
    from diorama_nodes.plan.planner import checked

    checked(prompt)
    service = configured(address, model)
    planner = f"service:{service.model} at {service.address}"
    question = Question(messages(prompt), strict_schema(), temperature, seed)

    def plan() -> ScenePlan:
        ctx.progress(0.0, f"asking {service.model}")
        return ask(
            service,
            question,
            lambda document: plan_from(document, prompt, planner),
            patience=Patience(seconds, tries),
            clock=CallClock(ctx.cancelled),
            check=ctx.check_cancelled,
            tell=lambda text: ctx.progress(0.0, text),
        )

    return _planned(ctx, plan, (ServiceFailed,), fallback, prompt, seed)


def _planned(
    ctx: Context,
    plan: Callable[[], ScenePlan],
    failures: tuple[type[Exception], ...],
    fallback: Fallback,
    prompt: str,
    seed: int,
) -> PlannedByModel:
    """What the model planned, or, only where that was chosen, what the rules make of the same prompt.

    What the rules made is not kept: once the model can be reached, the next run asks it.
    """
    from diorama_nodes.plan.planner import plan_of

    try:
        made = plan()
    except failures as error:
        if fallback == "none":
            raise
        ctx.keep_out_of_cache()
        rules = plan_of(prompt, seed)
        made = rules.model_copy(update={"notes": (*rules.notes, f"planned by rules, since the model failed: {error}")})
    return PlannedByModel(
        made, list(made.objects), cast_of(made), made.music, list(made.sounds), made.seconds, made.planner
    )
