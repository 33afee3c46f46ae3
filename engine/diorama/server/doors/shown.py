"""What a door answers: how a run stands, and what came of it."""

from __future__ import annotations

from urllib.parse import quote

from pydantic import BaseModel, Field, JsonValue

from diorama.graph import read_graph
from diorama.keys import written
from diorama.refs import Blob, ref_json
from diorama.refusals import WrongState
from diorama.run.service import Service
from diorama.server.content import Content
from diorama.server.doors.door import makers
from diorama.server.doors.stages import Progress, StageState, Standing
from diorama.server.problems import FaultModel


class StageModel(BaseModel, title="Stage"):
    """A stage, named after the result that ends it."""

    name: str = Field(examples=["image"])
    state: StageState = Field(examples=["running"])
    progress: float = Field(examples=[0.5])


class GenerationModel(BaseModel, title="Generation"):
    """How a generation stands."""

    id: str = Field(examples=["8f14e45fceea167a"])
    job_id: str = Field(description="The same as `id`.", examples=["8f14e45fceea167a"])
    status: Progress = Field(examples=["running"])
    progress: float = Field(description="Share of the work that is done.", examples=[0.4])
    stages: list[StageModel]
    operation: str | None = Field(description="What is being done now.", examples=["mesh (diorama/inflate)"])
    place_in_queue: int | None = Field(examples=[None])
    faults: list[FaultModel] = Field(examples=[[]])
    status_url: str = Field(examples=["/v1/generations/8f14e45fceea167a/status"])
    result_url: str = Field(examples=["/v1/generations/8f14e45fceea167a/result"])


class DownloadModel(BaseModel, title="Download"):
    """A result as a file."""

    name: str = Field(examples=["mesh"])
    file_name: str = Field(examples=["mesh.glb"])
    url: str = Field(examples=["/api/v1/runs/8f14e45fceea167a/results/mesh"])
    type: str = Field(examples=["mesh"])
    media_type: str = Field(examples=["model/gltf-binary"])
    size: int = Field(examples=[52104])
    digest: str
    facts: JsonValue
    thumbnail_url: str


class MakerModel(BaseModel, title="Maker"):
    """Which node made a result, and which models it loads: none where it works by rules."""

    node: str = Field(examples=["diorama/paint_reference"])
    models: list[str] = Field(examples=[[]])


class OutcomeModel(BaseModel, title="GenerationResult"):
    """What came of a generation."""

    id: str = Field(examples=["8f14e45fceea167a"])
    status: Progress = Field(examples=["done"])
    viewer_url: str = Field(description="A page that shows the results.", examples=["/view/8f14e45fceea167a"])
    downloads: list[DownloadModel]
    values: dict[str, JsonValue] = Field(description="Results that are no files.")
    made_by: dict[str, MakerModel] = Field(description="By result.")
    manifest_url: str = Field(examples=["/api/v1/runs/8f14e45fceea167a/manifest"])
    graph_url: str = Field(examples=["/api/v1/runs/8f14e45fceea167a/graph"])
    parameters: dict[str, JsonValue]


def generation_model(stands: Standing) -> GenerationModel:
    """How a run stands, as a door tells it."""
    view = stands.view
    return GenerationModel(
        id=view.id,
        job_id=view.id,
        status=stands.status,
        progress=stands.progress,
        stages=[StageModel(name=one.name, state=one.state, progress=one.progress) for one in stands.stages],
        operation=stands.operation,
        place_in_queue=view.place_in_queue,
        faults=[FaultModel(code=one.code, at=one.at, message=one.message) for one in view.faults],
        status_url=f"/v1/generations/{view.id}/status",
        result_url=f"/v1/generations/{view.id}/result",
    )


def outcome_model(service: Service, run: str) -> OutcomeModel:
    """What came of a run; raises `NoSuch`, or `WrongState` where it has not succeeded."""
    view = service.run(run)
    if view.state != "succeeded":
        raise WrongState(run, view.state, "succeeded")
    results = service.results(run)
    graph = read_graph(service.graph_of(run))
    return OutcomeModel(
        id=run,
        status="done",
        viewer_url=f"/view/{run}",
        downloads=[download_model(run, name, ref) for name, ref in results.items() if isinstance(ref, Blob)],
        values={name: ref_json(ref) for name, ref in results.items() if not isinstance(ref, Blob)},
        made_by={
            name: MakerModel.model_validate(one) for name, one in makers(graph, service.library.catalogue).items()
        },
        manifest_url=f"/api/v1/runs/{run}/manifest",
        graph_url=f"/api/v1/runs/{run}/graph",
        parameters=dict(view.parameters),
    )


def download_model(run: str, name: str, blob: Blob) -> DownloadModel:
    """A result as a file."""
    digest = written(blob.digest)
    shown = ref_json(blob)
    assert isinstance(shown, dict)
    return DownloadModel(
        name=name,
        file_name=Content(blob.digest, blob.size, blob.media_type, name).file_name,
        url=f"/api/v1/runs/{run}/results/{quote(name, safe='')}",
        type=blob.type,
        media_type=blob.media_type,
        size=blob.size,
        digest=digest,
        facts=shown["facts"],
        thumbnail_url=f"/api/v1/artefacts/{digest}/thumbnail",
    )
