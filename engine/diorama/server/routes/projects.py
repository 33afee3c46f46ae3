"""Projects: names under which runs, saved graphs and artefacts are kept together."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Depends, Response
from pydantic import BaseModel, ConfigDict, Field

from diorama.server.bodies import JsonBody
from diorama.server.paging import PAGE, Cursor, Limit, Paged
from diorama.server.problems import raises
from diorama.server.replies import reply
from diorama.server.security.decisions import READ, WRITE
from diorama.server.served import TheService
from diorama.server.words import NO_NUL, Id, Prose
from diorama.store.projects import Project

router = APIRouter(prefix="/projects", tags=["projects"])

Name = Annotated[str, Field(min_length=1, max_length=200, pattern=NO_NUL, examples=["Lighthouse"])]


class ProjectModel(BaseModel, title="Project"):
    """A project."""

    model_config = ConfigDict(from_attributes=True)

    id: str = Field(examples=["45c48cce2e2d"])
    name: str = Field(examples=["Lighthouse"])
    description: str = Field(examples=["Scenes for the harbour film"])
    created: float = Field(description="Seconds since the epoch.")


class ProjectPage(Paged[ProjectModel], title="ProjectPage"):
    """A page of projects."""


class ProjectRequest(BaseModel, extra="forbid"):
    """A project to make."""

    name: Name
    description: Prose = ""


class ProjectChange(BaseModel, extra="forbid"):
    """What is to change; what is left out stays."""

    name: Name | None = None
    description: Prose | None = None


@router.get("", summary="List projects", operation_id="list_projects", response_model=ProjectPage, dependencies=[READ])
def list_projects(service: TheService, cursor: Cursor = None, limit: Limit = PAGE) -> Response:
    """Projects, the newest first."""
    page = service.projects.page(cursor, limit)
    return reply(ProjectPage(items=[ProjectModel.model_validate(one) for one in page.items], next=page.next))


@router.post(
    "",
    summary="Make a project",
    operation_id="create_project",
    status_code=201,
    response_model=ProjectModel,
    responses=raises(409),
    dependencies=[WRITE],
)
def create_project(
    service: TheService, asked: Annotated[ProjectRequest, Depends(JsonBody(ProjectRequest))]
) -> Response:
    """A new project; each has a name of its own."""
    return _shown(service.projects.create(asked.name, asked.description), 201)


@router.get(
    "/{id}",
    summary="Get a project",
    operation_id="get_project",
    response_model=ProjectModel,
    responses=raises(404),
    dependencies=[READ],
)
def get_project(service: TheService, id: Id) -> Response:  # noqa: A002
    """A project by its id."""
    return _shown(service.projects.get(id))


@router.patch(
    "/{id}",
    summary="Change a project",
    operation_id="change_project",
    response_model=ProjectModel,
    responses=raises(404, 409),
    dependencies=[WRITE],
)
def change_project(
    service: TheService,
    id: Id,  # noqa: A002
    asked: Annotated[ProjectChange, Depends(JsonBody(ProjectChange))],
) -> Response:
    """Give a project another name or description."""
    return _shown(service.projects.update(id, name=asked.name, description=asked.description))


@router.delete(
    "/{id}",
    summary="Delete a project",
    operation_id="delete_project",
    status_code=204,
    responses=raises(404),
    dependencies=[WRITE],
)
def delete_project(service: TheService, id: Id) -> Response:  # noqa: A002
    """Take a project away. What was kept under it stays, under none."""
    service.projects.delete(id)
    return Response(status_code=204)


def _shown(project: Project, status: int = 200) -> Response:
    return reply(ProjectModel.model_validate(project), status, {"Location": f"/api/v1/projects/{project.id}"})
