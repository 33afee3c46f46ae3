"""The same graph gives the same keys and digests in any process, whatever its hash seed, folder and home."""

from __future__ import annotations

from pathlib import Path

from tests.support.template_runs import DRAFT, Run, diorama, run

PLACES = [("0", "one"), ("1", "two with spaces"), ("random", "three/deeper")]


def keys(one: Run) -> list[tuple[str, object, object, object]]:
    """Step, item, key and output digests of every call, in an order of their own: threads end as they end."""
    calls = one.manifest["calls"]
    assert isinstance(calls, list)
    return sorted((call["step"], call.get("item") or 0, call["key"], str(call["outputs"])) for call in calls)


def in_place(graph: str, seed: str, folder: Path) -> Run:
    folder.mkdir(parents=True)
    setting = {"PYTHONHASHSEED": seed, "HOME": str(folder)}
    one = run(graph, *DRAFT[graph], home=folder / "home", out=folder / "out", environment=setting)
    assert one.code == 0, one.err
    return one


def assert_same(one: Run, other: Run) -> None:
    assert keys(one) == keys(other)
    assert one.digests() == other.digests()
    for path in one.folder.iterdir():
        if path.name != "run.json" and not path.name.endswith(".lock.json"):
            assert (other.folder / path.name).read_bytes() == path.read_bytes(), path.name


def test_three_processes_give_the_same_keys_and_digests(tmp_path: Path) -> None:
    first, *others = [in_place("text_to_mesh", seed, tmp_path / name) for seed, name in PLACES]
    for other in others:
        assert_same(other, first)


def test_a_scene_is_the_same_in_another_process_and_place(runs: dict[str, Run], tmp_path: Path) -> None:
    assert_same(in_place("text_to_scene", "0", tmp_path / "another place"), runs["text_to_scene"])


def test_half_a_cache_leads_to_the_same_digests_as_none(runs: dict[str, Run], tmp_path: Path) -> None:
    settings = [part for setting in DRAFT["text_to_scene"] for part in ("--set", setting)]
    up_to = ("--to", "layout.scene", "--out", str(tmp_path / "half"))
    seed = {"PYTHONHASHSEED": "1"}
    half = diorama("run", "text_to_scene", *settings, *up_to, home=tmp_path / "home", environment=seed)
    assert half.returncode == 0, half.stderr
    warm = run("text_to_scene", *DRAFT["text_to_scene"], home=tmp_path / "home", out=tmp_path / "out")
    calls = warm.manifest["calls"]
    assert isinstance(calls, list)
    assert {call["cached"] for call in calls} == {True, False}
    assert warm.digests() == runs["text_to_scene"].digests()
