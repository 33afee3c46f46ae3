from __future__ import annotations

import base64
import io
from collections.abc import Sequence
from typing import Any

import numpy as np
import pytest

from diorama.faults import BadInput
from diorama.values import Mesh
from diorama.values.glb_file import JsonObject, pack_glb
from diorama.values.glb_read import read_mesh

SQUARE = np.array([[0, 0, 0], [1, 0, 0], [0, 1, 0], [1, 1, 0]], np.float32)
UP = np.tile(np.array([0, 0, 1], np.float32), (4, 1))
COMPONENTS = {"int8": 5120, "uint8": 5121, "int16": 5122, "uint16": 5123, "uint32": 5125, "float32": 5126}
SHAPES = {1: "SCALAR", 2: "VEC2", 3: "VEC3", 4: "VEC4"}
Rows = np.ndarray[tuple[int, ...], np.dtype[np.generic]]


class Foreign:
    """A GLB of one primitive as another program may write it."""

    def __init__(self) -> None:
        self.binary = b""
        self.views: list[JsonObject] = []
        self.accessors: list[JsonObject] = []
        self.attributes: JsonObject = {}
        self.primitive: JsonObject = {"attributes": self.attributes}
        self.nodes: list[JsonObject] = [{"mesh": 0}]
        self.extra: JsonObject = {}

    def view(self, content: bytes, **facts: object) -> int:
        self.views.append({"buffer": 0, "byteOffset": len(self.binary), "byteLength": len(content), **facts})
        self.binary += content + bytes(-len(content) % 4)
        return len(self.views) - 1

    def rows(self, rows: Rows, **facts: object) -> int:
        width = 1 if rows.ndim == 1 else rows.shape[1]
        entry: JsonObject = {"bufferView": self.view(rows.tobytes()), "count": len(rows), "type": SHAPES[width]}
        self.accessors.append(entry | {"componentType": COMPONENTS[rows.dtype.name], **facts})
        return len(self.accessors) - 1

    def glb(self) -> bytes:
        document: JsonObject = {
            "asset": {"version": "2.0", "generator": "another"},
            "scene": 0,
            "scenes": [{"nodes": [0]}],
            "nodes": self.nodes,
            "meshes": [{"primitives": [self.primitive]}],
            "accessors": self.accessors,
            "bufferViews": self.views,
            "buffers": [{"byteLength": len(self.binary)}],
        }
        return pack_glb(document | self.extra, self.binary)

    def read(self) -> Mesh:
        return read_mesh(self.glb())


def square(*, with_normals: bool = True) -> Foreign:
    foreign = Foreign()
    foreign.attributes["POSITION"] = foreign.rows(SQUARE)
    if with_normals:
        foreign.attributes["NORMAL"] = foreign.rows(UP)
    return foreign


MODES = [
    ("triangles", 4, [0, 1, 2, 2, 1, 3], [[0, 1, 2], [2, 1, 3]]),
    ("triangles with a corner left over", 4, [0, 1, 2, 2], [[0, 1, 2]]),
    ("a strip, every second triangle turned", 5, [0, 1, 2, 3], [[0, 1, 2], [1, 3, 2]]),
    ("a strip with a joint of no area", 5, [0, 1, 2, 2, 2, 1, 3], [[0, 1, 2], [2, 1, 3]]),
    ("a fan", 6, [0, 1, 3, 2], [[1, 3, 0], [3, 2, 0]]),
    ("a strip too short for a triangle", 5, [0, 1], []),
]


@pytest.mark.parametrize("dtype", [np.uint8, np.uint16, np.uint32])
@pytest.mark.parametrize(("name", "mode", "order", "wanted"), MODES, ids=[mode[0] for mode in MODES])
def test_indices_of_every_kind_become_triangles(
    name: str, mode: int, order: Sequence[int], wanted: list[list[int]], dtype: type[np.unsignedinteger]
) -> None:
    foreign = square()
    foreign.primitive |= {"mode": mode, "indices": foreign.rows(np.array(order, dtype))}
    assert foreign.read().parts[0].triangles.tolist() == wanted


def test_without_indices_vertices_are_taken_in_order() -> None:
    foreign = square()
    foreign.primitive["mode"] = 5
    assert foreign.read().parts[0].triangles.tolist() == [[0, 1, 2], [1, 3, 2]]


def test_missing_normals_are_those_of_the_triangles() -> None:
    foreign = square(with_normals=False)
    foreign.primitive["indices"] = foreign.rows(np.array([0, 1, 2, 1, 2, 3], np.uint16))
    part = foreign.read().parts[0]
    assert part.positions.shape == (6, 3)
    assert part.normals.tolist() == [[0, 0, 1]] * 3 + [[0, 0, -1]] * 3


def test_lines_and_points_are_passed_over() -> None:
    foreign = square()
    foreign.primitive["mode"] = 1
    assert foreign.read().parts == ()


def test_normalized_whole_numbers_are_fractions() -> None:
    foreign = Foreign()
    foreign.attributes["POSITION"] = foreign.rows(SQUARE)
    foreign.attributes["NORMAL"] = foreign.rows(np.array([[0, 0, 127, 0], [0, 0, -128, 0]] * 2, np.int8)[:, :3].copy())
    foreign.attributes["TEXCOORD_0"] = foreign.rows(
        np.array([[0, 65535], [65535, 0], [0, 0], [32768, 0]], np.uint16), normalized=True
    )
    part = foreign.read().parts[0]
    assert part.normals[:2].tolist() == [[0, 0, 1], [0, 0, -1]]
    assert part.uvs is not None
    assert np.round(part.uvs, 3).tolist() == [[0, 1], [1, 0], [0, 0], [0.5, 0]]


def test_interleaved_vertices_are_picked_apart() -> None:
    foreign = Foreign()
    view = foreign.view(np.hstack([SQUARE, UP]).tobytes(), byteStride=24)
    for number, name in enumerate(("POSITION", "NORMAL")):
        facts: JsonObject = {"bufferView": view, "byteOffset": number * 12, "componentType": 5126, "count": 4}
        foreign.accessors.append(facts | {"type": "VEC3"})
        foreign.attributes[name] = number
    part = foreign.read().parts[0]
    assert part.positions.tolist() == SQUARE.tolist()
    assert part.normals.tolist() == UP.tolist()


def test_sparse_positions_replace_those_of_the_base() -> None:
    foreign = square()
    foreign.accessors[0]["sparse"] = {
        "count": 1,
        "indices": {"bufferView": foreign.view(np.array([2], np.uint16).tobytes()), "componentType": 5123},
        "values": {"bufferView": foreign.view(np.array([7, 8, 9], np.float32).tobytes())},
    }
    assert foreign.read().parts[0].positions.tolist() == [[0, 0, 0], [1, 0, 0], [7, 8, 9], [1, 1, 0]]


HALF = 0.5**0.5
PLACED: list[tuple[str, JsonObject, list[float], list[float]]] = [
    ("moved", {"translation": [1, 2, 3]}, [2, 2, 3], [0, 0, 1]),
    ("turned a quarter about y", {"rotation": [0, HALF, 0, HALF]}, [0, 0, -1], [1, 0, 0]),
    ("stretched", {"scale": [3, 1, 2]}, [3, 0, 0], [0, 0, 1]),
    ("mirrored", {"scale": [-1, 1, 1]}, [-1, 0, 0], [0, 0, 1]),
    ("by a matrix", {"matrix": [0, 0, -1, 0, 0, 1, 0, 0, 1, 0, 0, 0, 5, 0, 0, 1]}, [5, 0, -1], [1, 0, 0]),
]


@pytest.mark.parametrize(("name", "node", "corner", "normal"), PLACED, ids=[placed[0] for placed in PLACED])
def test_nodes_place_what_they_hold(name: str, node: JsonObject, corner: list[float], normal: list[float]) -> None:
    foreign = square()
    foreign.primitive["mode"] = 5
    foreign.nodes = [{"children": [1]}, {"mesh": 0, **node}]
    part = foreign.read().parts[0]
    np.testing.assert_allclose(part.positions[1], corner, atol=1e-6)
    np.testing.assert_allclose(part.normals[0], normal, atol=1e-6)
    a, b, c = part.positions[part.triangles[0]]
    np.testing.assert_array_less(0, np.cross(b - a, c - a) @ part.normals[0])


def test_a_mesh_shown_twice_gives_its_parts_twice() -> None:
    foreign = square()
    foreign.nodes = [{"mesh": 0, "children": [1]}, {"mesh": 0, "translation": [0, 0, 4]}]
    parts = foreign.read().parts
    assert [part.positions[0, 2] for part in parts] == [0, 4]


def test_one_colour_of_all_vertices_becomes_the_base_colour() -> None:
    foreign = square()
    foreign.attributes["COLOR_0"] = foreign.rows(
        np.tile(np.array([255, 0, 51, 255], np.uint8), (4, 1)), normalized=True
    )
    foreign.primitive["material"] = 0
    foreign.extra = {"materials": [{"pbrMetallicRoughness": {"baseColorFactor": [0.5, 0.5, 0.5, 1]}}]}
    np.testing.assert_allclose(foreign.read().parts[0].material.base_color, [0.5, 0, 0.1, 1], atol=1e-6)


def test_many_colours_of_vertices_are_passed_over() -> None:
    foreign = square()
    foreign.attributes["COLOR_0"] = foreign.rows(np.arange(16, dtype=np.uint8).reshape(4, 4), normalized=True)
    assert foreign.read().parts[0].material.base_color == (1, 1, 1, 1)


@pytest.mark.parametrize("kind", ["JPEG", "PNG"])
@pytest.mark.parametrize("place", ["in the buffer", "as data: URI"])
def test_pictures_are_read_from_wherever_the_file_holds_them(kind: str, place: str) -> None:
    from PIL import Image as pil

    buffer = io.BytesIO()
    pil.new("L", (6, 4), 200).save(buffer, kind)
    foreign = square()
    foreign.attributes["TEXCOORD_1"] = foreign.rows(np.full((4, 2), 0.25, np.float32))
    foreign.primitive["material"] = 0
    image: JsonObject = {"mimeType": f"image/{kind.lower()}"}
    if place == "in the buffer":
        image["bufferView"] = foreign.view(buffer.getvalue())
    else:
        image = {"uri": f"data:image/{kind.lower()};base64,{base64.b64encode(buffer.getvalue()).decode()}"}
    texture: JsonObject = {"index": 0, "texCoord": 1}
    foreign.extra = {
        "materials": [{"emissiveTexture": texture, "emissiveFactor": [1, 1, 1], "alphaMode": "MASK"}],
        "textures": [{"source": 0}],
        "images": [image],
    }
    part = foreign.read().parts[0]
    assert part.material.emissive_image is not None
    assert part.material.emissive_image.pixels.shape == (4, 6, 3)
    assert abs(int(part.material.emissive_image.pixels[0, 0, 0]) - 200) < 3
    assert part.uvs is not None
    assert part.uvs[0, 0] == 0.25


MOVED = [
    ("not at all", {}, [[0, 0], [1, 0], [0, 1]]),
    ("by an offset", {"offset": [0.5, 0.25]}, [[0.5, 0.25], [1.5, 0.25], [0.5, 1.25]]),
    ("by a scale", {"scale": [2, 4]}, [[0, 0], [2, 0], [0, 4]]),
    ("by a quarter turn", {"rotation": np.pi / 2}, [[0, 0], [0, -1], [1, 0]]),
    ("by all three", {"scale": [2, 4], "rotation": np.pi / 2, "offset": [1, 1]}, [[1, 1], [1, -1], [5, 1]]),
]


@pytest.mark.parametrize(("name", "moves", "wanted"), MOVED, ids=[moved[0] for moved in MOVED])
def test_uvs_are_moved_as_the_picture_says(name: str, moves: JsonObject, wanted: list[list[float]]) -> None:
    from PIL import Image as pil

    buffer = io.BytesIO()
    pil.new("RGB", (2, 2), (0, 255, 0)).save(buffer, "WEBP", lossless=True)
    foreign = square()
    foreign.attributes["TEXCOORD_0"] = foreign.rows(np.array([[0, 0], [1, 0], [0, 1], [0, 0]], np.float32))
    foreign.primitive["material"] = 0
    texture: JsonObject = {"index": 0, "extensions": {"KHR_texture_transform": moves}}
    foreign.extra = {
        "extensionsRequired": ["KHR_texture_transform", "EXT_texture_webp"],
        "materials": [{"pbrMetallicRoughness": {"baseColorTexture": texture}}],
        "textures": [{"extensions": {"EXT_texture_webp": {"source": 0}}}],
        "images": [{"mimeType": "image/webp", "bufferView": foreign.view(buffer.getvalue())}],
    }
    part = foreign.read().parts[0]
    assert part.uvs is not None
    assert (np.round(part.uvs[:3], 5) + 0.0).tolist() == wanted
    assert part.material.base_color_image is not None
    assert part.material.base_color_image.pixels[0, 0].tolist() == [0, 255, 0]


def test_a_primitive_without_material_has_that_of_the_format() -> None:
    material = square().read().parts[0].material
    assert (material.metallic, material.roughness) == (1, 1)


def test_a_material_with_an_unknown_alpha_mode_is_refused() -> None:
    foreign = square()
    foreign.primitive["material"] = 0
    foreign.extra = {"materials": [{"alphaMode": "GLOW"}]}
    with pytest.raises(BadInput, match=r"materials\[0\] has alpha mode 'GLOW'"):
        foreign.read()


def test_without_a_scene_every_node_that_is_no_child_is_a_root() -> None:
    foreign = square()
    foreign.nodes = [{"mesh": 0}, {"children": [0], "translation": [0, 9, 0]}]
    foreign.extra = {"scenes": [], "scene": 0}
    assert foreign.read().parts[0].positions[0].tolist() == [0, 9, 0]


def test_a_mesh_of_another_library_is_read() -> None:
    import trimesh

    ball: Any = trimesh.Scene([trimesh.creation.icosphere(subdivisions=2)])
    mesh = read_mesh(ball.export(file_type="glb"))
    np.testing.assert_allclose(mesh.bounds(), [[-1, -1, -1], [1, 1, 1]], atol=0.02)
    assert mesh.face_count == 320
    again: Any = trimesh.load(io.BytesIO(mesh.encode()), file_type="glb", force="mesh")
    assert len(again.faces) == 320
