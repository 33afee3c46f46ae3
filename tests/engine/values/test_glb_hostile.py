from __future__ import annotations

import copy
import struct
from collections.abc import Callable
from contextlib import suppress

import numpy as np
import orjson
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from diorama.faults import BadInput
from diorama.limits import limits
from diorama.values import Mesh, Part, Rig, Scene
from diorama.values.glb_file import JsonObject, open_glb, pack_glb
from diorama.values.glb_read import read_mesh, read_rig, read_scene

READERS: tuple[Callable[[bytes], object], ...] = (read_mesh, read_rig, read_scene)
NASTY: tuple[object, ...] = (
    *(-1, 0, 1, 3, 7, 255, 65_536, 2**31, 2**53, 2**63, 1.5, -0.0, 1e38, 1e308, -1e308),
    *("", "x", "SCALAR", "MAT4", "rotation", "../../etc/passwd", "data:;base64,AAAA", True, None, [], {}, [0], [[]]),
    *({"extras": {}}, [{"mode": 6}], [1e308, 1e308, 1e308], [0.0] * 4, [0] * 16, {"nodes": [0]}, [0, 0, 1]),
)


def opened(content: bytes) -> tuple[JsonObject, bytes]:
    return open_glb(content)


def triangle() -> bytes:
    positions = np.array([[0, 0, 0], [1, 0, 0], [0, 1, 0]], np.float32)
    normals = np.tile(np.array([0, 0, 1], np.float32), (3, 1))
    return Mesh((Part(positions, normals, np.array([[0, 1, 2]], np.uint32)),)).encode()


def lie(path: str, value: object) -> bytes:
    """A GLB of one triangle with one fact replaced."""
    document, binary = opened(triangle())
    place: object = document
    *steps, last = path.split(".")
    for step in steps:
        place = place[int(step)] if isinstance(place, list) else place[step]  # type: ignore[index]
    if isinstance(place, list):
        place[int(last)] = value
    else:
        place[last] = value  # type: ignore[index]
    return pack_glb(document, binary)


LIES = {
    "a count beyond the view": (lie("accessors.0.count", 4), "needs 48 bytes, but bufferViews[0] has 36"),
    "a count of 2^31": (lie("accessors.0.count", 2**31), "claims 2,147,483,648 elements"),
    "a count of nought": (lie("accessors.0.count", 0), "has 0 for count"),
    "a count that is a text": (lie("accessors.0.count", "3"), "has '3' for count"),
    "a view beyond the buffer": (lie("bufferViews.0.byteLength", 10**9), "but its buffer has"),
    "a view that starts beyond the buffer": (lie("bufferViews.0.byteOffset", 2**40), "but its buffer has"),
    "a negative offset": (lie("bufferViews.0.byteOffset", -4), "has -4 for byteOffset"),
    "a buffer longer than its chunk": (lie("buffers.0.byteLength", 10**9), "buffers[0] claims 1,000,000,000 bytes"),
    "a stride shorter than an element": (lie("bufferViews.0.byteStride", 4), "steps by 4"),
    "a view that is not there": (lie("accessors.0.bufferView", 99), "names bufferViews[99]"),
    "a mesh that is not there": (lie("nodes.0.mesh", 7), "for mesh"),
    "a node that is its own child": (lie("nodes.0.children", [0]), "named twice"),
    "a root named twice": (lie("scenes.0.nodes", [0, 0]), "named twice"),
    "a node that is not there": (lie("scenes.0.nodes", [5]), "has 5 in nodes"),
    "an address on the network": (lie("buffers.0.uri", "http://example.com/a.bin"), "only what the GLB itself holds"),
    "an address on the disk": (lie("buffers.0.uri", "../../secret.bin"), "only what the GLB itself holds"),
    "an unknown extension required": (lie("extensionsRequired", ["KHR_draco_mesh_compression"]), "requires the ext"),
    "positions of two numbers": (lie("accessors.0.type", "VEC2"), "but VEC3 is wanted"),
    "a component type of none": (lie("accessors.0.componentType", 9), "of component 9"),
    "a matrix of nine numbers": (lie("nodes.0.matrix", [1.0] * 9), "a list of 16 numbers is wanted"),
    "a scale beyond all numbers": (lie("nodes.0.scale", [1e308, 1e308, 1e308]), "beyond all numbers"),
    "fewer normals than positions": (lie("accessors.1.count", 2), "has 2 of NORMAL for 3 positions"),
    "no mesh shown": (lie("scenes.0.nodes", []), "shows no mesh"),
    "another version": (lie("asset.version", "1.0"), "glTF '1.0'"),
    "no asset": (lie("asset", None), "has no asset"),
    "no bytes": (b"", "0 bytes given are no GLB"),
    "a text": (b"hello, this is not a model", "the mark `glTF` is missing"),
    "a header longer than the file": (triangle() + b"1234", "header claims"),
    "only its first half": (triangle()[:300], "header claims"),
}


@pytest.mark.parametrize("case", LIES)
def test_a_lying_file_is_refused_with_its_place(case: str) -> None:
    content, said = LIES[case]
    with pytest.raises(BadInput) as caught:
        read_mesh(content)
    assert said in str(caught.value)


def test_an_index_beyond_the_vertices_is_refused() -> None:
    document, binary = opened(triangle())
    wrong = binary.replace(struct.pack("<3H", 0, 1, 2), struct.pack("<3H", 0, 1, 3))
    assert wrong != binary
    with pytest.raises(BadInput, match="names vertex 3 of 3"):
        read_mesh(pack_glb(document, wrong))


def test_a_position_that_is_no_number_is_refused() -> None:
    document, binary = opened(triangle())
    wrong = struct.pack("<f", float("nan")) + binary[4:]
    with pytest.raises(BadInput, match="not finite"):
        read_mesh(pack_glb(document, wrong))


def test_a_chunk_that_claims_more_than_follows_is_refused() -> None:
    content = bytearray(triangle())
    struct.pack_into("<I", content, 12, 2**31)
    with pytest.raises(BadInput, match="claims 2,147,483,648 bytes"):
        read_mesh(bytes(content))


def test_json_too_deep_to_read_is_refused() -> None:
    text = b'{"a":' * 100_000
    chunk = struct.pack("<II", len(text), 0x4E4F534A) + text
    with pytest.raises(BadInput, match="cannot be read"):
        read_mesh(struct.pack("<4sII", b"glTF", 2, 12 + len(chunk)) + chunk)


def test_nodes_deeper_than_the_limit_are_refused() -> None:
    document, binary = opened(triangle())
    document["nodes"] = [{"children": [number + 1]} for number in range(50_000)] + [{"mesh": 0}]
    with pytest.raises(BadInput, match="lies deeper than"):
        read_mesh(pack_glb(document, binary))


def test_more_nodes_than_the_limit_are_refused() -> None:
    document, binary = opened(triangle())
    document["nodes"] = [{}] * (limits().max_nodes + 1)
    with pytest.raises(BadInput, match="100,001 nodes"):
        read_mesh(pack_glb(document, binary))


def test_one_mesh_shown_so_often_that_it_breaks_the_limit_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DIORAMA_MAX_VERTICES", "1000")
    limits.cache_clear()
    try:
        document, binary = opened(triangle())
        document["nodes"] = [{"mesh": 0}] * 400
        document["scenes"] = [{"nodes": list(range(400))}]
        with pytest.raises(BadInput, match="shows 1,002 vertices or more"):
            read_mesh(pack_glb(document, binary))
    finally:
        limits.cache_clear()


def test_a_picture_that_claims_too_many_pixels_is_refused(full_scene: Scene) -> None:
    content = full_scene.encode()
    place = content.index(b"IHDR") + 4
    bomb = content[:place] + struct.pack(">II", 50_000, 50_000) + content[place + 8 :]
    with pytest.raises(BadInput, match="images"):
        read_scene(bomb)


def test_a_mesh_is_no_scene_and_no_figure() -> None:
    with pytest.raises(BadInput, match="holds no scene"):
        read_scene(triangle())
    with pytest.raises(BadInput, match="holds no figure"):
        read_rig(triangle())


def _read_or_refuse(content: bytes) -> None:
    for read in READERS:
        # Any other exception than this one fails the test.
        with suppress(BadInput):
            read(content)


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(draw=st.data())
def test_flipped_and_missing_bytes_are_read_or_refused(full_scene: Scene, figure: Rig, draw: st.DataObject) -> None:
    content = bytearray(draw.draw(st.sampled_from([figure.encode(), full_scene.encode()])))
    for _ in range(draw.draw(st.integers(1, 4))):
        content[draw.draw(st.integers(0, len(content) - 1))] = draw.draw(st.integers(0, 255))
    if draw.draw(st.booleans()):
        del content[draw.draw(st.integers(0, len(content))) :]
        struct.pack_into("<I", content, 8, len(content)) if len(content) >= 12 else None
    _read_or_refuse(bytes(content))


def _leaves(place: object, found: list[tuple[object, object]]) -> list[tuple[object, object]]:
    """Every (holder, key) of a document."""
    keys: list[object] = []
    if isinstance(place, dict):
        keys = list(place)
    elif isinstance(place, list):
        keys = list(range(len(place)))
    for key in keys:
        found.append((place, key))
        _leaves(place[key], found)  # type: ignore[index]
    return found


@settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(draw=st.data())
def test_any_fact_replaced_by_another_is_read_or_refused(full_scene: Scene, figure: Rig, draw: st.DataObject) -> None:
    document, binary = opened(draw.draw(st.sampled_from([figure.encode(), full_scene.encode()])))
    document = copy.deepcopy(document)
    for _ in range(draw.draw(st.integers(1, 3))):
        places = _leaves(document, [])
        holder, key = places[draw.draw(st.integers(0, len(places) - 1))]
        if draw.draw(st.booleans()) or isinstance(holder, list):
            holder[key] = copy.deepcopy(draw.draw(st.sampled_from(NASTY)))  # type: ignore[index]
        else:
            del holder[key]  # type: ignore[attr-defined]
    _read_or_refuse(pack_glb(orjson.loads(orjson.dumps(document)), binary))
