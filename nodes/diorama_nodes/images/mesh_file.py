"""Reading mesh files: GLB, OBJ, STL and PLY, told apart by content, their sizes checked before they are decoded."""

from __future__ import annotations

import io
import re
import struct
from typing import Literal

import numpy as np

from diorama.faults import BadInput
from diorama.limits import limits
from diorama.types import File
from diorama.values import Material, Mesh, Part
from diorama_nodes.images.colour import LINEAR_OF_BYTE
from diorama_nodes.images.files import checked_content

Kind = Literal["glb", "obj", "ply", "stl"]

CREASE = np.radians(38)
"""Faces that meet at a sharper angle are shaded apart, where the file says no normals."""
PLY_BYTES = {
    **dict.fromkeys(("char", "uchar", "int8", "uint8"), 1),
    **dict.fromkeys(("short", "ushort", "int16", "uint16"), 2),
    **dict.fromkeys(("int", "uint", "int32", "uint32", "float", "float32"), 4),
    **dict.fromkeys(("double", "float64"), 8),
}
PLY_HEADER = 64 * 1024
STL_HEADER, STL_FACET = 84, 50


def read_mesh_file(file: File) -> Mesh:
    """The mesh in a file as it stands there; raises `BadInput` that names the file and what is wrong with it."""
    content = checked_content(file)
    try:
        kind = kind_of(content)
        return Mesh.decode(content) if kind == "glb" else _decoded(content, kind)
    except BadInput as error:
        raise BadInput(f"{file.name}: {error}") from error


def kind_of(content: bytes) -> Kind:
    """The format of a mesh file, its declared sizes checked against its length and the limits."""
    start = content[:512].lstrip()
    if content[:4] == b"glTF":
        return "glb"
    if content[:4] in (b"ply\n", b"ply\r"):
        _check_ply(content)
        return "ply"
    if len(content) >= STL_HEADER and _stl_facets(content) * STL_FACET + STL_HEADER == len(content):
        _check_counts(vertices=3 * _stl_facets(content), faces=_stl_facets(content))
        return "stl"
    if start.startswith(b"solid") and b"facet" in content[:4096]:
        facets = content.count(b"endfacet")
        _check_counts(vertices=3 * facets, faces=facets)
        return "stl"
    if re.search(rb"(?m)^v[ \t]", content[:65536]) and b"\0" not in content[:65536]:
        _check_counts(vertices=content.count(b"\nv ") + 1, faces=content.count(b"\nf ") + 1)
        return "obj"
    if start.startswith(b"{"):
        raise BadInput("a glTF file in JSON names other files, which are not read; save it as GLB")
    raise BadInput(f"{len(content):,} bytes given hold no mesh that can be read; GLB, OBJ, STL or PLY is wanted")


def _stl_facets(content: bytes) -> int:
    facets: int = struct.unpack_from("<I", content, 80)[0]
    return facets


def _check_counts(*, vertices: int, faces: int) -> None:
    most = limits().max_vertices
    for count, what in ((vertices, "vertices"), (faces, "faces")):
        if count > most:
            raise BadInput(f"the mesh has {count:,} {what}, but at most {most:,} are taken")


def _check_ply(content: bytes) -> None:
    """Refuse a PLY whose header claims more than the file can hold: it is allocated by what the header says."""
    header, end, _ = content[:PLY_HEADER].partition(b"end_header")
    if not end:
        raise BadInput("the PLY's header has no end")
    claimed: dict[str, int] = {}
    least = element_bytes = count = 0
    is_text = b"format ascii" in header
    for line in [*header.decode("latin-1").split("\n"), "element end 0"]:
        words = line.split()
        if words[:1] == ["element"]:
            if len(words) != 3 or not words[2].isdecimal() or len(words[2]) > 10:
                raise BadInput(f"the PLY's header counts elements wrongly: {line.strip()[:60]!r}")
            least += count * element_bytes
            count, element_bytes = int(words[2]), 0
            claimed[words[1]] = count
        elif words[:1] == ["property"]:
            # In text a value takes two bytes at least; a list of a binary file at least its count.
            element_bytes += 2 if is_text else PLY_BYTES.get(words[1], 1)
    _check_counts(vertices=claimed.get("vertex", 0), faces=claimed.get("face", 0))
    held = len(content) - len(header) - len(end)
    if least > held + 2:
        raise BadInput(f"the PLY's header claims {least:,} bytes of elements or more, but {held:,} follow it")


def _decoded(content: bytes, kind: Kind) -> Mesh:
    import trimesh

    try:
        # Without a resolver no other file is opened, whatever names the content holds.
        loaded = trimesh.load(io.BytesIO(content), file_type=kind, force="mesh", process=False, skip_materials=True)
    except (ValueError, KeyError, IndexError, TypeError, AttributeError, NotImplementedError, struct.error) as error:
        raise BadInput(f"the {kind.upper()} is damaged: {str(error)[:200] or type(error).__name__}") from error
    if not isinstance(loaded, trimesh.Trimesh) or not len(loaded.faces):
        raise BadInput(f"the {kind.upper()} holds no faces; a mesh of triangles is wanted")
    shape = trimesh.Trimesh(loaded.vertices, loaded.faces, process=False)
    if not np.isfinite(shape.vertices).all():
        raise BadInput(f"the {kind.upper()} holds a vertex that is no finite place")
    if shape.faces.min() < 0 or shape.faces.max() >= len(shape.vertices):
        raise BadInput(f"a face of the {kind.upper()} names vertex {shape.faces.max()} of {len(shape.vertices)}")
    colour = _mean_colour(loaded)
    shape.merge_vertices()
    shape.update_faces(shape.area_faces > 0)
    if not len(shape.faces):
        raise BadInput(f"every face of the {kind.upper()} is flat to a line; a mesh with an area is wanted")
    smooth = trimesh.graph.smooth_shade(shape, angle=CREASE)
    part = Part(
        positions=np.asarray(smooth.vertices, np.float32),
        normals=np.asarray(smooth.vertex_normals, np.float32),
        triangles=np.asarray(smooth.faces, np.uint32),
        material=Material(name=kind, base_color=colour),
    )
    return Mesh((part,))


def _mean_colour(loaded: object) -> tuple[float, float, float, float]:
    """The linear mean of the vertices' colours where there are any, else a light grey."""
    visual = getattr(loaded, "visual", None)
    if visual is None or getattr(visual, "kind", None) not in ("vertex", "face"):
        return 0.6, 0.6, 0.6, 1.0
    seen = np.asarray(visual.vertex_colors)[:, :3].astype(np.uint8)
    red, green, blue = LINEAR_OF_BYTE[seen].mean(axis=0).tolist()
    return red, green, blue, 1.0
