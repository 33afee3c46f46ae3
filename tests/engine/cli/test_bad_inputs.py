"""Whatever is given on the command line ends in a line with its fault and a fitting exit code, never a traceback."""

from __future__ import annotations

import json
import os
import struct
import zlib
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

import pytest
from click.testing import CliRunner, Result

from diorama.cli import main
from diorama.limits import limits
from diorama.templates import saved_graphs


def chunk(kind: bytes, body: bytes) -> bytes:
    return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))


def huge_png() -> bytes:
    header = struct.pack(">IIBBBBB", 50_000, 50_000, 8, 2, 0, 0, 0)
    body = chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(b"\0" * 1000)) + chunk(b"IEND", b"")
    return b"\x89PNG\r\n\x1a\n" + body


def lying_glb() -> bytes:
    """A GLB whose accessor counts more vertices than its buffer could hold."""
    document = {
        "asset": {"version": "2.0"},
        "buffers": [{"byteLength": 12}],
        "bufferViews": [{"buffer": 0, "byteLength": 12}],
        "accessors": [{"bufferView": 0, "componentType": 5126, "count": 2**31 - 1, "type": "VEC3"}],
        "meshes": [{"primitives": [{"attributes": {"POSITION": 0}}]}],
        "nodes": [{"mesh": 0}],
        "scenes": [{"nodes": [0]}],
        "scene": 0,
    }
    text = json.dumps(document).encode()
    text += b" " * (-len(text) % 4)
    total = 12 + 8 + len(text) + 8 + 12
    chunks = struct.pack("<II", len(text), 0x4E4F534A) + text + struct.pack("<II", 12, 0x004E4942) + b"\0" * 12
    return struct.pack("<4sII", b"glTF", 2, total) + chunks


def graph(**nodes: object) -> bytes:
    results = {"out": f"{next(iter(nodes))}.value"} if nodes else {}
    return json.dumps({"format": 1, "nodes": nodes, "results": results}).encode()


def load_mesh_graph() -> bytes:
    nodes = {"load": {"type": "diorama/load_mesh", "inputs": {"file": "lying.glb"}}}
    return json.dumps({"format": 1, "nodes": nodes, "results": {"mesh": "load.mesh"}}).encode()


FILES = {
    "malformed.json": b'{\n  "format": 1,\n  "nodes": {,}\n}',
    "list.json": b"[]",
    "empty.json": b"",
    "nan.json": b'{"format": 1, "nodes": {"a": {"type": "t/x", "inputs": {"x": NaN}}}}',
    "digits.json": b'{"format": 1, "nodes": {"a": {"type": "t/x", "inputs": {"x": ' + b"9" * 5000 + b"}}}}",
    "deep.json": b"[" * 100_000 + b"]" * 100_000,
    "twice.json": b'{"format": 1, "format": 1, "nodes": {}}',
    "binary.json": bytes(range(256)),
    "unknown.json": graph(a={"type": "diorama/no_such_node"}),
    "near.json": graph(a={"type": "diorama/make_objekt"}),
    "nothing.json": graph(),
    "future.json": b'{"format": 99, "nodes": {}}',
    "mesh.json": load_mesh_graph(),
    "lying.glb": lying_glb(),
    "huge.png": huge_png(),
    "cut.png": huge_png()[:60],
    "plain.png": b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", b"\0" * 13) + chunk(b"IDAT", b"") + chunk(b"IEND", b""),
    "text.png": b"this is no picture",
    "bad.lock.json": b"{}",
}


class Bad(NamedTuple):
    sentence: str
    arguments: str
    """Separated by spaces; `@name` is one of the files, `%20` a space."""
    code: int
    says: str


IMAGE = "run image_to_mesh --set image="
CASES = [
    Bad("no such command", "fly", 2, "No such command"),
    Bad("no graph given", "run", 2, "Missing argument"),
    Bad("an unknown option", "run text_to_mesh --fast", 2, "No such option"),
    Bad("a saved graph that is not there", "run text_to_mash", 2, "did you mean 'text_to_mesh'?"),
    Bad("a file that is not there", "run @missing.json", 2, "the graph cannot be read: No such file"),
    Bad("a folder for a file", "run @folder.json", 2, "the graph cannot be read: Is a directory"),
    Bad("JSON that is none, with its line", "run @malformed.json", 3, "line 3, column 13"),
    Bad("an empty file", "run @empty.json", 3, "G001"),
    Bad("bytes that are no text", "check @binary.json", 3, "is not UTF-8"),
    Bad("a list for a graph", "run @list.json", 3, "G009"),
    Bad("NaN in a graph", "check @nan.json", 3, "G003 /nodes/a/inputs/x"),
    Bad("5,000 digits in a graph", "check @digits.json", 3, "5,000 digits"),
    Bad("100,000 levels", "plan @deep.json", 3, "G005"),
    Bad("a key twice", "check @twice.json", 3, "G002 /format"),
    Bad("an unknown node type", "run @unknown.json", 3, "G101 /nodes/a/type"),
    Bad("a node type nearly right", "plan @near.json", 3, "did you mean 'diorama/make_object'?"),
    Bad("a graph without results", "run @nothing.json", 3, "G112"),
    Bad("a graph without results is a fault for check too", "check @nothing.json", 3, "G112"),
    Bad("a file of a newer format", "graph @future.json", 3, "a newer Diorama is needed"),
    Bad("a setting without a value", "run text_to_mesh --set prompt", 2, "NAME=VALUE is wanted"),
    Bad("a parameter that is not there", "run text_to_mesh --set promt=x", 3, "did you mean 'prompt'?"),
    Bad("a text for a seed", "run text_to_mesh --set seed=seven", 3, "G105 /parameters/seed"),
    Bad("a fraction for a seed", "check text_to_mesh --set seed=1.5", 3, "G105"),
    Bad("NaN for a seed", "check text_to_mesh --set seed=NaN", 3, "G105"),
    Bad("a seed of 5,000 digits", "check text_to_mesh --set seed=" + "9" * 5000, 3, "G105"),
    Bad("a seed below zero", "check text_to_mesh --set seed=-1", 3, "G105"),
    Bad("a choice that is none", "run text_to_scene --set quality=best", 3, "'draft', 'standard', 'fine'"),
    Bad("a target that is no output", "run text_to_mesh --to mesh.colour", 3, "has no output 'colour'"),
    Bad("a target without a port", "plan text_to_mesh --to nowhere", 2, "a result or `node.port` is wanted"),
    Bad("a picture that is not there", IMAGE + "@missing.png", 3, "G114"),
    Bad("a picture of 50,000 x 50,000", IMAGE + "@huge.png", 1, "50,000 x 50,000"),
    Bad("a picture that is cut off", IMAGE + "@cut.png", 1, "R002"),
    Bad("a text for a picture", IMAGE + "@text.png", 1, "no picture"),
    Bad("a GLB that lies about its counts", "run @mesh.json", 1, "R002"),
    Bad("the graph of a text file", "graph @text.png", 2, "of a kind that holds no graph"),
    Bad("the graph of a PNG without one", "graph @plain.png", 2, "the file carries no graph"),
    Bad("the graph of a PNG that is cut off", "graph @cut.png", 2, "PNG"),
    Bad("to explain a node that is not there", "explain text_to_mesh mash", 2, "did you mean 'mesh'?"),
    Bad("a node that was not found", "nodes make_objekt", 2, "C001"),
    Bad("a size that is none", "cache gc --max-size lots", 2, "500M or 20G"),
    Bad("an age that is none", "cache gc --older-than soon", 2, "12h or 30d"),
    Bad("a locked run without a lock", "run text_to_mesh --locked", 4, "L002"),
    Bad("a store that is a file", "cache stats --store @list.json", 5, "S001"),
    Bad("results into a file", "run text_to_mesh --out @list.json", 5, "S001"),
    Bad("a store that is a file, to doctor", "doctor --store @list.json", 1, "choose another folder"),
]


@pytest.fixture
def command(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> CliRunner:
    for name, content in FILES.items():
        (tmp_path / name).write_bytes(content)
    (tmp_path / "folder.json").mkdir()
    monkeypatch.setenv("DIORAMA_HOME", str(tmp_path / "home"))
    monkeypatch.chdir(tmp_path)
    return CliRunner()


def words(line: str) -> list[str]:
    return [part.replace("@", f"{os.getcwd()}/").replace("%20", " ") for part in line.split()]


def ended(result: Result) -> Result:
    """The result, once it is sure that no error but an exit ended it."""
    assert result.exception is None or isinstance(result.exception, SystemExit), result.exception
    assert "Traceback" not in result.output
    return result


@pytest.mark.parametrize("case", CASES, ids=[case.sentence for case in CASES])
def test_it_is_told_in_a_line(command: CliRunner, case: Bad) -> None:
    result = ended(command.invoke(main, words(case.arguments)))
    assert (result.exit_code, case.says in result.output) == (case.code, True), result.output
    if case.arguments.split()[0] == "run" and case.code in (2, 3):
        assert not (Path.cwd() / "home" / "blobs").exists() or not any((Path.cwd() / "home" / "blobs").iterdir())


@pytest.mark.parametrize("command_line", ["run text_to_mesh", "cache stats", "check text_to_mesh"])
def test_a_limit_that_is_no_number_is_told(
    command: CliRunner, command_line: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DIORAMA_MAX_NODES", "many")
    limits.cache_clear()
    try:
        result = ended(command.invoke(main, command_line.split()))
    finally:
        limits.cache_clear()
    if command_line != "cache stats":
        assert (result.exit_code, "DIORAMA_MAX_NODES" in result.output) == (2, True), result.output


def test_a_saved_graph_that_is_broken_is_named_and_hides_no_other(command: CliRunner, tmp_path: Path) -> None:
    (tmp_path / "home" / "graphs").mkdir(parents=True)
    (tmp_path / "home" / "graphs" / "mine.json").write_text("{")
    result = ended(command.invoke(main, ["graphs"]))
    assert result.exit_code == 3
    assert "mine.json" in result.output
    assert all(name in result.output for name in saved_graphs())


@pytest.mark.parametrize("arguments", [("run", "unknown.json"), ("check", "unknown.json"), ("plan", "malformed.json")])
def test_with_json_nothing_else_is_on_standard_output(command: CliRunner, arguments: Sequence[str]) -> None:
    name, file = arguments
    result = ended(command.invoke(main, [name, str(Path.cwd() / file), "--json"]))
    assert result.exit_code == 3
    if name == "check":
        assert [fault["code"] for fault in json.loads(result.stdout)] == ["G101"]
    else:
        assert result.stdout == ""
