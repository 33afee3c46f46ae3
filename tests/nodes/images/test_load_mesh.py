"""load_mesh reads four formats and refuses what lies about its size, before anything is decoded."""

from __future__ import annotations

import struct
from collections.abc import Callable

import numpy as np
import pytest
import trimesh

from diorama.context import Context
from diorama.faults import BadInput
from diorama.types import File
from diorama.values import Material, Mesh, Part
from diorama_nodes.images.nodes import load_mesh

Write = Callable[[bytes, str], File]
BOX: trimesh.Trimesh = trimesh.creation.box((1.0, 2.0, 3.0))


def exported(kind: str, **options: str) -> bytes:
    content = BOX.export(file_type=kind, **options)
    assert isinstance(content, bytes | str)
    return content.encode() if isinstance(content, str) else bytes(content)


def as_glb() -> bytes:
    flat = BOX.triangles.reshape(-1, 3).astype(np.float32) + np.float32(5)
    normals = np.repeat(BOX.face_normals, 3, axis=0).astype(np.float32)
    triangles = np.arange(len(flat), dtype=np.uint32).reshape(-1, 3)
    return Mesh((Part(flat, normals, triangles, material=Material(name="box")),)).encode()


FORMATS: dict[str, Callable[[], bytes]] = {
    "GLB": as_glb,
    "OBJ": lambda: exported("obj"),
    "binary STL": lambda: exported("stl"),
    "text STL": lambda: exported("stl_ascii"),
    "binary PLY": lambda: exported("ply"),
    "text PLY": lambda: exported("ply", encoding="ascii"),
}


@pytest.mark.parametrize("case", FORMATS)
def test_a_box_is_read_and_stood_on_the_ground(as_file: Write, case: str) -> None:
    mesh = load_mesh(Context(), as_file(FORMATS[case](), "box")).mesh
    assert mesh.face_count == 12
    assert np.allclose(mesh.bounds(), [[-0.5, 0, -1.5], [0.5, 2, 1.5]], atol=1e-5)


@pytest.mark.parametrize("case", FORMATS)
def test_normals_point_away_from_the_faces(as_file: Write, case: str) -> None:
    part = load_mesh(Context(), as_file(FORMATS[case](), "box")).mesh.parts[0]
    a, b, c = (part.positions[part.triangles[:, corner]] for corner in range(3))
    faces = np.cross(b - a, c - a)
    faces /= np.linalg.norm(faces, axis=1, keepdims=True)
    assert np.allclose(part.normals[part.triangles], faces[:, None], atol=1e-4), "a box has sharp edges"


def test_a_mesh_that_points_up_along_z_is_turned(as_file: Write) -> None:
    low, high = load_mesh(Context(), as_file(exported("stl"), "box.stl"), up="z").mesh.bounds()
    assert np.allclose(high - low, [1, 3, 2], atol=1e-5)
    assert low[1] == pytest.approx(0, abs=1e-6)


@pytest.mark.parametrize(("unit", "tall"), [("m", 2.0), ("cm", 0.02), ("mm", 0.002), ("inch", 0.0508)])
def test_units_are_converted(as_file: Write, unit: str, tall: float) -> None:
    mesh = load_mesh(Context(), as_file(exported("ply"), "box.ply"), unit=unit).mesh  # type: ignore[arg-type]
    assert mesh.bounds()[1, 1] == pytest.approx(tall, rel=1e-5)


def test_a_height_scales_it(as_file: Write) -> None:
    assert load_mesh(Context(), as_file(exported("obj"), "b.obj"), height=0.8).mesh.bounds()[1, 1] == pytest.approx(0.8)


def test_the_same_file_gives_the_same_bytes(as_file: Write) -> None:
    file = as_file(exported("obj"), "box.obj")
    assert load_mesh(Context(), file).mesh.encode() == load_mesh(Context(), file).mesh.encode()


def ply(header: str, body: bytes = b"") -> bytes:
    return f"ply\nformat binary_little_endian 1.0\n{header}end_header\n".encode() + body


XYZ = "property float x\nproperty float y\nproperty float z\n"
FACE = "property list uchar int vertex_indices\n"
TRIANGLE = np.eye(3, dtype="<f4").tobytes()


def lying_glb() -> bytes:
    content = bytearray(as_glb())
    struct.pack_into("<I", content, 12, 2**31 - 4)
    return bytes(content)


def glb_with_outside_buffer() -> bytes:
    text = b'{"asset":{"version":"2.0"},"buffers":[{"byteLength":36,"uri":"file:///etc/passwd"}],"bufferViews":[{"buffer":0,"byteLength":36}],"accessors":[{"bufferView":0,"componentType":5126,"count":3,"type":"VEC3"}],"meshes":[{"primitives":[{"attributes":{"POSITION":0}}]}],"nodes":[{"mesh":0}],"scenes":[{"nodes":[0]}],"scene":0}'
    text += b" " * (-len(text) % 4)
    return struct.pack("<4sII", b"glTF", 2, 20 + len(text)) + struct.pack("<II", len(text), 0x4E4F534A) + text


REFUSED = {
    "a text": (b"nothing to see here, nothing at all", "hold no mesh"),
    "an empty file": (b"", "hold no mesh"),
    "a glTF in JSON": (b'{"asset": {"version": "2.0"}}', "save it as GLB"),
    "a GLB whose chunk claims two gigabytes": (lying_glb(), "claims 2,147,483,644 bytes"),
    "a GLB that names a file outside": (glb_with_outside_buffer(), "buffer"),
    "a truncated GLB": (as_glb()[:-40], "GLB"),
    "a PLY of four thousand million vertices": (ply(f"element vertex 4000000000\n{XYZ}"), "at most"),
    "a PLY that claims more than it holds": (ply(f"element vertex 1000000\n{XYZ}", TRIANGLE), "claims"),
    "a PLY with a count of 5,000 digits": (ply(f"element vertex {'9' * 5000}\n{XYZ}"), "counts elements wrongly"),
    "a PLY without an end": (b"ply\nformat ascii 1.0\nelement vertex 3\n", "no end"),
    "a PLY of points only": (ply(f"element vertex 3\n{XYZ}", TRIANGLE), "no faces"),
    "a PLY whose face names vertex 9": (
        ply(f"element vertex 3\n{XYZ}element face 1\n{FACE}", TRIANGLE + struct.pack("<Biii", 3, 0, 1, 9)),
        "names vertex|damaged",
    ),
    "an OBJ whose face names vertex 9": (b"v 0 0 0\nv 1 0 0\nv 0 1 0\nf 1 2 9\n", "names vertex|damaged"),
    "an OBJ with an endless number": (b"v 1e999 0 0\nv 1 0 0\nv 0 1 0\nf 1 2 3\n", "finite|damaged"),
    "an OBJ without faces": (b"v 0 0 0\nv 1 0 0\nv 0 1 0\n", "no faces|damaged"),
    "an OBJ that is flat to a line": (b"v 0 0 0\nv 1 0 0\nv 2 0 0\nf 1 2 3\n", "flat to a line"),
    "a truncated STL": (exported("stl")[:-30], "hold no mesh"),
}


@pytest.mark.parametrize("case", REFUSED)
def test_what_is_no_sound_mesh_is_refused_by_name(as_file: Write, case: str) -> None:
    content, says = REFUSED[case]
    with pytest.raises(BadInput, match=says) as refusal:
        load_mesh(Context(), as_file(content, "given.bin"))
    assert str(refusal.value).startswith("given.bin: ")


def test_a_material_file_that_an_obj_names_is_not_opened(as_file: Write) -> None:
    text = b"mtllib ../../secret.mtl\nusemtl x\n" + exported("obj")
    assert load_mesh(Context(), as_file(text, "box.obj")).mesh.face_count == 12
