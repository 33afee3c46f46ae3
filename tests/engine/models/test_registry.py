"""The registry says of each model whether it is whole, and knows it by its files; it hashes each file once."""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from tests.support.weight_files import FILES, SMALL, lay_down, numbers, weight_file

from diorama.model import Placement
from diorama.models import digests as digests_module
from diorama.models.registry import Registry, model_of, models_folder, registry

NET = "net/model.fp16.safetensors"
INDEX = {"weight_map": {"a": "model-1.safetensors", "b": "model-2.safetensors"}}
PIECES = {"net/model-1.safetensors": numbers(3), "net/model-2.safetensors": numbers(5)}


@dataclass(frozen=True)
class Case:
    """Files beside or instead of the usual ones, and what is found."""

    files: Mapping[str, bytes | None]
    state: str = "present"
    missing: list[str] = field(default_factory=list)
    damaged: dict[str, str] = field(default_factory=dict)


CASES = {
    "all files as they are published": Case({}),
    "weights without their half precision": Case({NET: None, "net/model.safetensors": numbers(4)}),
    "a vocabulary in two files": Case(
        {"words/tokenizer.json": None, "words/vocab.json": b"{}", "words/merges.txt": b""}
    ),
    "weights in pieces": Case({NET: None, "net/model.safetensors.index.json": json.dumps(INDEX).encode(), **PIECES}),
    "no folder": Case(dict.fromkeys(FILES), "missing", ["index.json", "words/tokenizer.json", "net/config.json", NET]),
    "no weights": Case({NET: None}, "missing", [NET]),
    "half a vocabulary": Case(
        {"words/tokenizer.json": None, "words/vocab.json": b"{}"}, "missing", ["words/tokenizer.json"]
    ),
    "one piece is missing": Case(
        {
            NET: None,
            "net/model.safetensors.index.json": json.dumps(INDEX).encode(),
            "net/model-1.safetensors": numbers(1),
        },
        "missing",
        ["net/model-2.safetensors"],
    ),
    "an index that leads out of its folder": Case(
        {NET: None, "net/model.safetensors.index.json": b'{"weight_map": {"a": "../../secret.safetensors"}}'},
        "damaged",
        damaged={"net/model.safetensors.index.json": "secret"},
    ),
    "an index that names a pickle": Case(
        {NET: None, "net/model.safetensors.index.json": b'{"weight_map": {"a": "model.bin"}}'},
        "damaged",
        damaged={"net/model.safetensors.index.json": "model.bin"},
    ),
    "an index that is none": Case(
        {NET: None, "net/model.safetensors.index.json": b"[]"},
        "damaged",
        damaged={"net/model.safetensors.index.json": "no index"},
    ),
    "a pickle beside nothing": Case({NET: None, "net/model.bin": b"\x80\x04"}, "missing", [NET]),
    "a pickle under the name of weights": Case({NET: b"\x80\x04..."}, "damaged", damaged={NET: "pickle"}),
    "weights cut short": Case({NET: numbers(8)[:-1]}, "damaged", damaged={NET: "cut short"}),
    "weights with a lying header": Case({NET: weight_file({}, b"", length=2**62)}, "damaged", damaged={NET: "header"}),
    "another digest than published": Case(
        {"SHA256SUMS": f"{'0' * 64}  {NET}\n".encode()}, "damaged", damaged={NET: "SHA-256"}
    ),
    "the digest that was published": Case(
        {"SHA256SUMS": f"{hashlib.sha256(FILES[NET]).hexdigest()} *{NET}\n".encode()}
    ),
    "another digest than the hub's downloader noted": Case(
        {f".cache/huggingface/download/{NET}.metadata": f"c0ffee\n{'1' * 64}\n17.5\n".encode()},
        "damaged",
        damaged={NET: "SHA-256"},
    ),
    "files that are kept in Git have another kind of digest": Case(
        {".cache/huggingface/download/index.json.metadata": f"c0ffee\n{'1' * 40}\n17.5\n".encode()}
    ),
}


def found_in(folder: Path, case: Case) -> Registry:
    files = {name: content for name, content in {**FILES, **case.files}.items() if content is not None}
    lay_down(folder / "models" / SMALL.name, files)
    return Registry(folder / "models", folder / "kept")


@pytest.mark.parametrize("case", CASES.values(), ids=CASES)
def test_what_is_found(tmp_path: Path, case: Case) -> None:
    among = found_in(tmp_path, case)
    found = among.look(SMALL)
    assert (found.state, found.missing) == (case.state, case.missing)
    assert set(found.damaged) == set(case.damaged)
    for name, words in case.damaged.items():
        assert words in found.damaged[name]
    assert bool(among.digests(SMALL)) == (case.state == "present")


def hashed(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Names of the files that are hashed from here on."""
    names: list[str] = []
    real = digests_module.sha256_of

    def noted(path: Path) -> str:
        names.append(path.name)
        return real(path)

    monkeypatch.setattr(digests_module, "sha256_of", noted)
    return names


def test_files_are_hashed_once_also_by_another_process(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    names = hashed(monkeypatch)
    among = found_in(tmp_path, Case({}))
    first = among.digests(SMALL)
    assert sorted(names) == ["config.json", "index.json", "model.fp16.safetensors", "tokenizer.json"]
    assert first[NET] == hashlib.sha256(FILES[NET]).hexdigest()
    assert among.digests(SMALL) == first
    assert Registry(tmp_path / "models", tmp_path / "kept").digests(SMALL) == first
    assert len(names) == 4


def test_a_changed_file_is_hashed_again_and_makes_another_model(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    among = found_in(tmp_path, Case({}))
    model = model_of(SMALL, lambda placement: placement, gib=1.0, dtype="float32")
    monkeypatch.setenv("DIORAMA_MODELS", str(tmp_path / "models"))
    monkeypatch.setenv("DIORAMA_HOME", str(tmp_path / "home"))
    before, known = among.digests(SMALL), model.identity
    names = hashed(monkeypatch)
    path = tmp_path / "models" / SMALL.name / NET
    path.write_bytes(numbers(8, b"\1"))
    os.utime(path, ns=(1, 10**18))
    after = among.digests(SMALL)
    assert names == ["model.fp16.safetensors"]
    assert (after[NET] != before[NET], after["index.json"] == before["index.json"]) == (True, True)
    assert model.identity != known


def test_what_was_missing_is_found_as_soon_as_it_is_there(tmp_path: Path) -> None:
    among = found_in(tmp_path, Case({NET: None, "words/tokenizer.json": None}))
    assert among.look(SMALL).missing == ["words/tokenizer.json", NET]
    lay_down(tmp_path / "models" / SMALL.name)
    assert among.look(SMALL).state == "present"
    (tmp_path / "models" / SMALL.name / "words" / "tokenizer.json").unlink()
    assert among.look(SMALL).missing == ["words/tokenizer.json"]


def test_of_two_precisions_the_smaller_is_read(tmp_path: Path) -> None:
    found = found_in(tmp_path, Case({"net/model.safetensors": numbers(16)})).look(SMALL)
    assert (list(found.headers), found.variants, found.numbers) == ([NET], {"net": "fp16"}, 8)


def test_digests_are_worked_out_anew_where_they_cannot_be_kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "kept").write_text("a file where a folder is wanted")
    names = hashed(monkeypatch)
    first = found_in(tmp_path, Case({})).digests(SMALL)
    assert Registry(tmp_path / "models", tmp_path / "kept").digests(SMALL) == first
    assert len(names) == 8


@pytest.mark.parametrize("content", [b"", b"{", b'{"index.json": [1]}', b"\xff"])
def test_a_damaged_book_of_digests_is_written_anew(tmp_path: Path, content: bytes) -> None:
    first = found_in(tmp_path, Case({})).digests(SMALL)
    (book,) = (tmp_path / "kept").iterdir()
    kept = book.read_bytes()
    book.write_bytes(content)
    assert Registry(tmp_path / "models", tmp_path / "kept").digests(SMALL) == first
    assert book.read_bytes() == kept


def test_the_commit_that_the_downloader_noted_is_the_revision(tmp_path: Path) -> None:
    among = found_in(tmp_path, Case({}))
    assert among.revision(SMALL) == "abc123"
    note = f"c0ffee\n{hashlib.sha256(FILES[NET]).hexdigest()}\n17.5\n".encode()
    among = found_in(tmp_path, Case({f".cache/huggingface/download/{NET}.metadata": note}))
    assert (among.revision(SMALL), among.look(SMALL).state) == ("c0ffee", "present")


def test_the_models_folder_is_a_setting(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DIORAMA_HOME", str(tmp_path))
    monkeypatch.delenv("DIORAMA_MODELS", raising=False)
    assert models_folder() == tmp_path / "models"
    monkeypatch.setenv("DIORAMA_MODELS", str(tmp_path / "elsewhere"))
    assert registry().folder == tmp_path / "elsewhere"


def test_a_model_of_weights_says_what_they_are(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DIORAMA_MODELS", str(tmp_path))
    model = model_of(SMALL, lambda placement: placement.device, gib=2.0, dtype="float16")
    assert (model.name, model.license, model.weights) == ("small-1", "MIT", SMALL)
    assert model.load(Placement("cuda:1")) == "cuda:1"
    assert model.identity == "who/small@abc123 float16"
