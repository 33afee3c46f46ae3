"""Looking at a graph before it runs: its faults, what a run would do, and why."""

from __future__ import annotations

from fastapi import APIRouter, Response
from pydantic import BaseModel, Field

from diorama.explain import Reason
from diorama.server.asked import AskedCheck, AskedExplain, AskedGraph
from diorama.server.problems import MOST_FAULTS, FaultModel, raises
from diorama.server.replies import reply
from diorama.server.security.decisions import READ
from diorama.server.served import TheService

router = APIRouter(tags=["graphs"], dependencies=[READ])


class CheckedModel(BaseModel, title="Checked"):
    """What checking a graph found."""

    faults: list[FaultModel] = Field(description="Every fault; none where the graph can run.")


class StepModel(BaseModel, title="PlannedStep"):
    """What will become of a step, and why."""

    step: str = Field(examples=["score"])
    node: str = Field(examples=["diorama/plan_music"])
    will_run: bool
    certain: bool = Field(
        description="Whether it is so whatever comes out above it; else a step that will run may be found in the cache."
    )
    needed: bool = Field(description="False for a step that only lazy inputs may come to need.")
    reason: str = Field(examples=["never ran here before"])
    seconds: float = Field(description="Seconds that it is expected to take.", examples=[0.01])
    changed: list[str] = Field(description="Inputs whose value is another than the last time.")
    causes: list[str] = Field(description="Steps before it that make it run.")


class PlanModel(BaseModel, title="Plan"):
    """What a run would do."""

    to_run: int = Field(description="How many steps will run at most.")
    least: int = Field(description="How many steps will run at least: the others hang on what comes out above them.")
    seconds: float = Field(description="Seconds of work expected at most, all calls added up.")
    steps: list[StepModel] = Field(description="The steps that were looked at; what lies above a cached one is not.")


@router.post(
    "/check", summary="Check a graph", operation_id="check_graph", response_model=CheckedModel, responses=raises(404)
)
def check_graph(service: TheService, asked: AskedCheck) -> Response:
    """Every fault of a graph, each with a code, a place and a sentence."""
    faults = asked.faults(service)
    return reply(CheckedModel(faults=[FaultModel.model_validate(fault) for fault in faults[:MOST_FAULTS]]))


@router.post("/plan", summary="Plan a run", operation_id="plan_graph", response_model=PlanModel, responses=raises(404))
def plan_graph(service: TheService, asked: AskedGraph) -> Response:
    """What a run would do: what is cached, what would run and why, and how long it is expected to take."""
    steps = [_step(reason) for reason in asked.reasons(service)]
    running = [step for step in steps if step.will_run]
    least = sum(step.certain for step in running)
    seconds = sum(step.seconds for step in running)
    return reply(PlanModel(to_run=len(running), least=least, seconds=seconds, steps=steps))


@router.post(
    "/explain", summary="Explain a step", operation_id="explain_step", response_model=StepModel, responses=raises(404)
)
def explain_step(service: TheService, asked: AskedExplain) -> Response:
    """Why one step of a graph would run, or that it is cached."""
    return reply(_step(asked.reason(service)))


def _step(reason: Reason) -> StepModel:
    return StepModel.model_validate(reason.json())
