"""Runs, batches and the queue as the API shows them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Literal

import orjson
from pydantic import BaseModel, ConfigDict, Field, JsonValue

from diorama.refs import Blob, Inline, Many, Ref, ref_json
from diorama.run.events import State
from diorama.run.views import RunView
from diorama.server.paging import Paged
from diorama.server.problems import FaultModel

Moment = Annotated[float, Field(description="Seconds since the epoch.", examples=[1764000000.0])]


class RunModel(BaseModel, title="Run"):
    """A run as it stands."""

    model_config = ConfigDict(from_attributes=True)

    id: str = Field(examples=["8f14e45fceea167a"])
    state: State = Field(examples=["succeeded"])
    title: str = Field(examples=["A score"])
    client: str = Field(description="Who submitted it: the id of an API key, or `local`.", examples=["local"])
    project: str | None = Field(examples=[None])
    batch: str | None = Field(examples=[None])
    saved: str | None = Field(
        description="Name of the saved graph that it was made from, as it was or changed.", examples=["score"]
    )
    saved_version: int | None = Field(examples=[3])
    priority: int = Field(examples=[0])
    attempt: int = Field(description="How often it was begun.", examples=[1])
    created: Moment
    started: Moment | None
    ended: Moment | None
    parameters: dict[str, JsonValue] = Field(examples=[{"prompt": "slow blues in A"}])
    faults: list[FaultModel] = Field(examples=[[]])
    progress: float | None = Field(description="Share of its calls that are done.", examples=[1.0])
    results: list[str] = Field(description="Names of the results that are there.", examples=[["score"]])
    place_in_queue: int | None = Field(
        description="How many runs go before it; null where it does not wait, and in lists.", examples=[None]
    )
    seq: int = Field(description="Number of its newest event.", examples=[7])


def run_json(run: RunView) -> bytes:
    """A run as `RunModel` describes it: written in less than a third of the time that the model would take."""
    return orjson.dumps(run)


class RunPage(Paged[RunModel], title="RunPage"):
    """A page of runs."""


class BatchModel(BaseModel, title="Batch"):
    """Runs that were submitted together."""

    model_config = ConfigDict(from_attributes=True)

    id: str = Field(examples=["c9f0f895fb98ab91"])
    title: str = Field(examples=["A score"])
    client: str = Field(examples=["local"])
    created: Moment
    runs: int = Field(description="How many runs it has.", examples=[2])
    states: dict[str, int] = Field(
        description="How many of its runs are in each state.", examples=[{"queued": 1, "succeeded": 1}]
    )


class BatchPage(Paged[BatchModel], title="BatchPage"):
    """A page of batches."""


class QueueModel(BaseModel, title="Queue"):
    """The queue as a whole."""

    model_config = ConfigDict(from_attributes=True)

    paused: bool = Field(description="Whether no run is begun.", examples=[False])
    states: dict[str, int] = Field(
        description="How many runs that have not ended are in each state.", examples=[{"queued": 12}]
    )
    running: list[str] = Field(description="The runs that this server has under way.", examples=[[]])
    max_running: int = Field(description="Runs that a server has under way at most.", examples=[4])
    max_running_per_client: int | None = Field(description="Of one client; null for no bound.", examples=[None])


class ValueResult(BaseModel, title="ValueResult"):
    """A result that is JSON."""

    kind: Literal["value"]
    value: JsonValue


class ArtefactResult(BaseModel, title="ArtefactResult"):
    """A result that is bytes in a standard format."""

    kind: Literal["artefact"]
    digest: str = Field(examples=["blake3:" + "0" * 64])
    type: str = Field(examples=["mesh"])
    media_type: str = Field(examples=["model/gltf-binary"])
    size: int = Field(examples=[52104])
    facts: dict[str, JsonValue] = Field(examples=[{"faces": 1200}])


class ListResult(BaseModel, title="ListResult"):
    """A result that is a list."""

    kind: Literal["list"]
    items: list[Result]


Result = Annotated[ValueResult | ArtefactResult | ListResult, Field(discriminator="kind")]


class ResultsModel(BaseModel, title="Results"):
    """The results of a run that are there."""

    results: dict[str, Result]


def result_of(ref: Ref) -> ValueResult | ArtefactResult | ListResult:
    """A result as it is shown."""
    match ref:
        case Inline():
            return ValueResult(kind="value", value=ref.value)
        case Blob():
            return ArtefactResult.model_validate({"kind": "artefact", **_as_object(ref_json(ref))})
        case Many():
            return ListResult(kind="list", items=[result_of(item) for item in ref.items])


def results_of(refs: Mapping[str, Ref]) -> ResultsModel:
    """All results as they are shown."""
    return ResultsModel(results={name: result_of(ref) for name, ref in refs.items()})


def _as_object(tree: JsonValue) -> dict[str, JsonValue]:
    assert isinstance(tree, dict)
    return tree
