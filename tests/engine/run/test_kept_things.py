"""What runs are given by the service and leave in it: files by digest, artefacts, saved graphs as they were."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import orjson
import pytest
from tests.support.services import over, submitted
from tests.support.tally import slow

from diorama.catalogue import Pack, catalogue_of
from diorama.context import Context
from diorama.faults import DioramaError
from diorama.files import file_blob
from diorama.graph import Constant, Graph, GraphNode, Param, Parameter, Wire
from diorama.keys import digest_of, written
from diorama.node import Cost, node
from diorama.refs import Blob, Inline
from diorama.run import kept_files
from diorama.run.service import Service
from diorama.run.views import Submission
from diorama.types import File
from diorama.values import Image

LIGHT = Cost(seconds=1e-6)


@node(cost=LIGHT)
def read(ctx: Context, file: File) -> str:
    """Give a file's name and content."""
    return f"{file.name}: {file.path.read_text()}"


@node(cost=LIGHT)
def name_of(ctx: Context, file: File) -> str:
    """Give a file's name."""
    return file.name


@node(cost=LIGHT)
def painted(ctx: Context, side: int) -> list[Image]:
    """Give two pictures."""
    import numpy as np

    return [Image(np.full((side, side, 3), shade, np.uint8)) for shade in (1, 2)]


@node(cost=LIGHT)
def added(ctx: Context, x: int, y: int) -> int:
    """Give the sum."""
    return x + y


@pytest.fixture
def service(tmp_path: Path) -> Iterator[Service]:
    nodes = catalogue_of(Pack("t", "1"), read, name_of, painted, added, slow)
    with Service(tmp_path / "store", catalogue=nodes) as service:
        yield service


def one(type_: str, **inputs: object) -> Graph:
    given = {port: Constant(value) for port, value in inputs.items()}  # type: ignore[arg-type]
    return Graph({"a": GraphNode(f"t/{type_}", given)}, {"a": Wire("a", "value")})


def value_of(service: Service, run: str) -> object:
    result = service.results(run)["a"]
    assert isinstance(result, Inline)
    return result.value


def test_a_file_that_was_uploaded_is_given_by_its_digest(service: Service) -> None:
    digest = service.store.blobs.put(b"hello")
    service.artefacts.add(file_blob(digest, 5, "note.txt"), "note.txt")
    run = submitted(service, one("read", file=written(digest)))
    assert over(service, run).state == "succeeded"
    assert value_of(service, run) == "note.txt: hello"


def test_artefacts_of_a_run_are_rows_and_files_for_the_next_one(service: Service) -> None:
    run = submitted(service, one("painted", side=3))
    assert over(service, run).state == "succeeded"
    rows = service.artefacts.page(run=run).items
    assert {(row.name, row.type, row.media_type) for row in rows} == {
        ("a[0]", "image", "image/png"),
        ("a[1]", "image", "image/png"),
    }
    again = submitted(service, one("name_of", file=written(rows[0].digest)))
    assert over(service, again).state == "succeeded"
    assert value_of(service, again) == f"{rows[0].name}.png"


@pytest.fixture
def beside(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The one folder of saved graphs, with a file in it and a link that leads out of it."""
    folder, secret = tmp_path / "graphs", tmp_path / "secret.txt"
    (folder / "files").mkdir(parents=True)
    (folder / "files" / "note.txt").write_text("beside")
    secret.write_text("secret")
    (folder / "link.txt").symlink_to(secret)
    (folder / "circle.txt").symlink_to(folder / "circle.txt")
    monkeypatch.setattr(kept_files, "graph_folders", lambda: [folder])
    return folder


def test_a_file_beside_saved_graphs_is_given_by_its_name(service: Service, beside: Path) -> None:
    run = submitted(service, one("read", file="files/note.txt"))
    assert over(service, run).state == "succeeded"
    assert value_of(service, run) == "note.txt: beside"


REFUSED = [
    "../secret.txt",
    "files/../../secret.txt",
    "link.txt",
    "circle.txt",
    "{secret}",
    "/etc/hostname",
    "files",
    "a" * 5000,
]
UNKNOWN = [written(digest_of(b"nobody has this")), "blake3:xyz", f"blake3:{'g' * 64}"]


@pytest.mark.parametrize("name", [pytest.param(name, id=name[:30]) for name in (*REFUSED, *UNKNOWN)])
def test_no_other_file_of_the_server_can_be_named(service: Service, beside: Path, name: str) -> None:
    given = name.format(secret=beside.parent / "secret.txt")
    with pytest.raises(DioramaError) as raised:
        service.submit(Submission(one("read", file=given)))
    assert [fault.code for fault in raised.value.faults] == ["G114"]
    assert service.runs().items == []


def test_in_process_a_folder_may_be_named_that_files_lie_in(service: Service, tmp_path: Path) -> None:
    (tmp_path / "own.txt").write_text("mine")
    run = submitted(service, one("read", file="own.txt"), folder=tmp_path)
    assert over(service, run).state == "succeeded"
    assert value_of(service, run) == "own.txt: mine"


def adding(y: int) -> Graph:
    """A saved graph that adds a number."""
    nodes = {"sum": GraphNode("t/added", {"x": Param("x"), "y": Constant(y)})}
    return Graph(nodes, {"value": Wire("sum", "value")}, {"x": Parameter("integer")})


def test_a_run_uses_saved_graphs_as_they_were_when_it_was_submitted(service: Service) -> None:
    service.saved.save("plus", adding(10), 0)
    graph = Graph({"a": GraphNode("graph/plus", {"x": Constant(1)})}, {"a": Wire("a", "value")})
    service.pause_queue()
    before = submitted(service, graph)
    service.saved.save("plus", adding(20), 1)
    after = submitted(service, graph)
    service.saved.delete("plus")
    with pytest.raises(DioramaError):
        service.submit(Submission(graph))
    service.resume_queue()
    assert over(service, after).state == "succeeded"
    assert value_of(service, after) == 21
    view = over(service, before)
    assert (view.state, view.faults) == ("succeeded", [])
    assert value_of(service, before) == 11


def test_results_go_with_their_run(service: Service) -> None:
    run = submitted(service, one("painted", side=4))
    over(service, run)
    (blob, _) = (item for item in service.results(run)["a"].items)  # type: ignore[union-attr]
    assert isinstance(blob, Blob)
    assert orjson.loads(service.manifest(run))["results"]["a"][0]["type"] == "image"
    service.delete(run)
    assert service.artefacts.page(run=run).items == []
