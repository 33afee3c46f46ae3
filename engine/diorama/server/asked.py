"""What requests say of a graph to run: the graph itself or a saved one's name, parameters, targets."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Annotated, Any, Final, Self

from fastapi import Depends
from pydantic import BaseModel, ConfigDict, Field, JsonValue, SkipValidation, WithJsonSchema, model_validator

from diorama.explain import Reason
from diorama.faults import DioramaError, Fault
from diorama.graph import Graph, Wire, parse_graph
from diorama.refusals import NoSuch
from diorama.run.service import Service
from diorama.run.views import Mode, Submission
from diorama.server.bodies import JsonBody
from diorama.server.words import WHOLE, Line, Priority
from diorama.session import target_of
from diorama.templates import find_graph

GRAPH_SCHEMA: Final[dict[str, Any]] = {"$ref": "#/components/schemas/Graph"}
"""How the OpenAPI document names the graph document."""
EXAMPLE_GRAPH: Final[dict[str, JsonValue]] = {
    "format": 1,
    "title": "A score",
    "parameters": {"prompt": {"type": "text", "default": "piano waltz in D minor"}},
    "nodes": {"score": {"type": "diorama/plan_music", "inputs": {"prompt": {"param": "prompt"}}}},
    "results": {"score": "score.music"},
}

MADE_FROM: Final = r"^[^@]+@[0-9]{1,9}$"

# What the engine's reader gave is JSON already, and the engine checks it against its own limits.
Value = SkipValidation[JsonValue]
GraphTree = Annotated[Value, WithJsonSchema({"allOf": [GRAPH_SCHEMA]})]
"""A graph document as it came; it is parsed where every fault of it can be told."""


def without_default(schema: dict[str, Any]) -> None:
    """Say of a field that may be missing only that: what stands for it then is no value of it."""
    schema.pop("default", None)


def described(**example: JsonValue) -> dict[str, JsonValue]:
    """What the schema of a request says besides its fields."""
    return {"oneOf": [{"required": ["graph"]}, {"required": ["saved"]}], "examples": [example]}


class GraphRequest(BaseModel):
    """A graph with the values of its parameters. Either `graph` or `saved` is given."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra=described(graph=EXAMPLE_GRAPH, parameters={"prompt": "slow blues in A"}),
    )

    graph: GraphTree = Field(default=None, description="A graph document.", json_schema_extra=without_default)
    saved: Line = Field(
        default="",
        description="A saved graph as `name` or `name@version`, or a template.",
        json_schema_extra=without_default,
    )
    parameters: dict[str, Value] = Field(
        default_factory=dict, description="Values by parameter; the others have their defaults."
    )
    targets: list[Line] = Field(
        default_factory=list,
        max_length=1000,
        description="Outputs as `node.port`, or results by name, that are wanted instead of all results.",
    )

    @model_validator(mode="after")
    def _has_one_graph(self) -> Self:
        if len({"graph", "saved"} & self.model_fields_set) != 1:
            raise ValueError("either `graph` or `saved` is wanted")
        return self

    def read(self, service: Service) -> tuple[Graph, tuple[str, int] | None]:
        """The graph, and for a saved one its name and version; raises `DioramaError` with every fault."""
        if "saved" in self.model_fields_set:
            return saved_graph(service, self.saved)
        return parse_graph(self.graph), None

    def parts(self, service: Service) -> tuple[Graph, Mapping[str, JsonValue], Sequence[Wire]]:
        """The graph, the values of its parameters, and the outputs asked for."""
        graph, _ = self.read(service)
        return graph, self.parameters, [target_of(text, graph) for text in self.targets]

    def reasons(self, service: Service) -> Sequence[Reason]:
        """What a run would do with each step that it would look at."""
        return service.explain(*self.parts(service))


class CheckRequest(GraphRequest):
    """What is to be a graph, however wrong it is."""

    graph: Value = Field(
        default=None, description="A graph document, or what is to become one.", json_schema_extra=without_default
    )

    def faults(self, service: Service) -> Sequence[Fault]:
        """Every fault of the graph, also where it is too misshapen to be looked up further."""
        try:
            return service.check(*self.parts(service))
        except NoSuch:
            raise
        except DioramaError as error:
            return error.faults


class ExplainRequest(GraphRequest):
    """A graph, and the node of it that is asked about."""

    model_config = ConfigDict(json_schema_extra=described(graph=EXAMPLE_GRAPH, node="score"))

    node: str = Field(max_length=10_000, description="The node's id in the graph; inside a saved graph `outer/inner`.")

    def reason(self, service: Service) -> Reason:
        """Why the node would run; raises `NoSuch` for one that a run would not look at."""
        found = [one for one in self.reasons(service) if one.step == self.node]
        if not found:
            raise NoSuch("step", self.node)
        return found[0]


class RunRequest(GraphRequest):
    """A graph to run, and how."""

    title: Line | None = Field(default=None, description="What lists show; the graph's own title without it.")
    project: Line | None = Field(default=None, description="Id of the project that the run belongs to.")
    made_from: Annotated[Line, Field(pattern=MADE_FROM)] | None = Field(
        default=None,
        description="The saved graph that a `graph` is a changed copy of, as `name@version`; lists find the run by it.",
        examples=["score@3"],
    )
    priority: Priority = Field(default=0, description="The greater goes first.")
    use_cache: bool = Field(default=True, description="False makes every call anew.")
    retries: Annotated[int, Field(ge=0, le=10), WHOLE] | None = Field(
        default=None, description="Tries after a failed call; null for what each node declares."
    )

    def submission(self, service: Service, client: str, key: str | None) -> Submission:
        """What is submitted; raises `DioramaError` with every fault of the document."""
        if self.project is not None:
            service.projects.get(self.project)
        graph, saved = self.read(service)
        if saved is None and self.made_from is not None:
            name, _, version = self.made_from.rpartition("@")
            saved = name, int(version)
        return Submission(
            graph=graph,
            values=self.parameters,
            targets=[target_of(text, graph) for text in self.targets],
            title=self.title,
            project=self.project,
            priority=self.priority,
            client=client,
            use_cache=self.use_cache,
            retries=self.retries,
            saved=saved,
            idempotency_key=key,
        )


class BatchRequest(RunRequest):
    """A graph to run many times, over lists of values of its parameters."""

    model_config = ConfigDict(
        json_schema_extra=described(graph=EXAMPLE_GRAPH, axes={"prompt": ["slow blues in A", "fast reggae in G"]})
    )

    axes: dict[str, list[Value]] = Field(min_length=1, max_length=20, description="Lists of values by parameter.")
    mode: Mode = Field(default="product", description="Each with each, or the first with the first.")


AskedCheck = Annotated[CheckRequest, Depends(JsonBody(CheckRequest))]
AskedGraph = Annotated[GraphRequest, Depends(JsonBody(GraphRequest))]
AskedExplain = Annotated[ExplainRequest, Depends(JsonBody(ExplainRequest))]
AskedRun = Annotated[RunRequest, Depends(JsonBody(RunRequest))]
AskedBatch = Annotated[BatchRequest, Depends(JsonBody(BatchRequest))]


def saved_graph(service: Service, text: str) -> tuple[Graph, tuple[str, int] | None]:
    """The graph saved as `name` or `name@version`, with both, or the template of that name; raises `NoSuch`."""
    name, at, version = text.partition("@")
    if at and not (version.isascii() and version.isdecimal() and len(version) < 10):
        raise NoSuch("graph", text)
    try:
        found = service.saved.get(name, int(version) if at else None)
    except NoSuch:
        template = find_graph(name) if not at else None
        if template is None:
            raise
        return template, None
    return found.graph, (found.name, found.version)
