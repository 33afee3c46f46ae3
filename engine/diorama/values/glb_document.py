"""An opened GLB: its tables by name and number, and the arrays and pictures that they describe."""

from __future__ import annotations

import base64
import binascii
import struct
import zlib

import numpy as np

from diorama.faults import BadInput
from diorama.limits import limits
from diorama.values.glb_entry import Entry
from diorama.values.glb_file import open_glb
from diorama.values.glb_tables import Array
from diorama.values.image import Image, open_picture

DTYPES = {5120: "<i1", 5121: "<u1", 5122: "<i2", 5123: "<u2", 5125: "<u4", 5126: "<f4"}
WIDTHS = {"SCALAR": 1, "VEC2": 2, "VEC3": 3, "VEC4": 4, "MAT4": 16}
"""Numbers of an element; MAT2 and MAT3 occur nowhere in core glTF."""
KNOWN_EXTENSIONS = frozenset(
    {
        "EXT_texture_webp",
        "KHR_lights_punctual",
        "KHR_materials_emissive_strength",
        "KHR_materials_unlit",
        "KHR_mesh_quantization",
        "KHR_texture_transform",
    }
)
"""Extensions that a file may require: they are followed, or leaving them out changes no shape."""


class Document:
    """A GLB whose parts are checked as they are asked for, and never before their size is known."""

    def __init__(self, content: bytes) -> None:
        facts, self._binary = open_glb(content)
        self.root = Entry("the GLB", facts)
        version = self.root.required("asset").text("version", "")
        if not version.startswith("2."):
            raise BadInput(f"the GLB says that it is glTF {version[:20]!r}, but 2.0 is wanted")
        for name in self.root.array("extensionsRequired"):
            if name not in KNOWN_EXTENSIONS:
                raise BadInput(f"the GLB requires the extension {str(name)[:60]!r}, which is not known here")
        self._tables: dict[str, list[object]] = {}
        self._images: dict[int, Image] = {}
        self.is_ours = self.root.required("asset").facts.get("generator") == "Diorama"

    def table(self, name: str) -> list[object]:
        """The entries of a table; empty where the document has none of this name."""
        if name not in self._tables:
            entries = self.root.array(name)
            if len(entries) > limits().max_nodes:
                raise BadInput(f"the GLB has {len(entries):,} {name}, but at most {limits().max_nodes:,} are taken")
            self._tables[name] = entries
        return self._tables[name]

    def entry(self, table: str, place: int) -> Entry:
        """An entry by its number."""
        entries = self.table(table)
        if not 0 <= place < len(entries):
            raise BadInput(f"the GLB names {table}[{place:,}], but has {len(entries):,} {table}")
        found = entries[place]
        if not isinstance(found, dict):
            raise BadInput(f"{table}[{place}] is no object")
        return Entry(f"{table}[{place}]", found)

    def named(self, holder: Entry, key: str, table: str) -> Entry | None:
        """The entry that `holder` names by its number under the key; None where it names none."""
        if key not in holder:
            return None
        return self.entry(table, holder.whole(key, below=max(len(self.table(table)), 1)))

    def count(self, accessor: int) -> int:
        """Elements of an accessor, as it claims, within the limit."""
        entry = self.entry("accessors", accessor)
        count, most = entry.whole("count", least=1), 3 * limits().max_vertices
        if count > most:
            raise entry.fault(f"claims {count:,} elements, but at most {most:,} are taken")
        return count

    def array(self, accessor: int, *types: str) -> Array:
        """The accessor's elements, (n,) or (n, width), copied as they are stored; its type must be one of those."""
        entry = self.entry("accessors", accessor)
        count = self.count(accessor)
        kind, component = entry.text("type"), entry.whole("componentType")
        if kind not in types or kind not in WIDTHS or component not in DTYPES:
            wanted = " or ".join(types)
            raise entry.fault(f"has type {kind[:20]!r} of component {component}, but {wanted} is wanted")
        width, dtype = WIDTHS[kind], np.dtype(DTYPES[component])
        if count * width > 4 * limits().max_vertices:
            raise entry.fault(f"claims {count * width:,} numbers, but at most {4 * limits().max_vertices:,} are taken")
        if "bufferView" in entry:
            rows = self._rows(entry, entry.whole("bufferView"), (count, width), dtype)
        else:
            rows = np.zeros((count, width), dtype)
        sparse = entry.child("sparse")
        if sparse is not None:
            self._scatter(sparse, rows)
        return rows[:, 0] if width == 1 else rows

    def _rows(self, entry: Entry, view: int, shape: tuple[int, int], dtype: np.dtype[np.generic]) -> Array:
        count, width = shape
        content, stride = self._view(view)
        size, offset = width * dtype.itemsize, entry.whole("byteOffset", 0)
        step = stride or size
        if step < size:
            raise entry.fault(f"has elements of {size} bytes, but bufferViews[{view}] steps by {step}")
        needed = offset + step * (count - 1) + size
        if needed > len(content):
            raise entry.fault(f"needs {needed:,} bytes, but bufferViews[{view}] has {len(content):,}")
        strides = (step, dtype.itemsize)
        return np.array(np.ndarray(shape, dtype, content, offset, strides))

    def _scatter(self, sparse: Entry, rows: Array) -> None:
        count = sparse.whole("count", least=1, below=len(rows) + 1)
        indices, values = sparse.required("indices"), sparse.required("values")
        component = indices.whole("componentType")
        if component not in (5121, 5123, 5125):
            raise indices.fault(f"has component type {component}, but 5121, 5123 or 5125 is wanted")
        places = self._rows(indices, indices.whole("bufferView"), (count, 1), np.dtype(DTYPES[component]))[:, 0]
        if int(places.max()) >= len(rows):
            raise indices.fault(f"names element {int(places.max()):,} of {len(rows):,}")
        rows[places.astype(np.intp)] = self._rows(
            values, values.whole("bufferView"), (count, rows.shape[1]), rows.dtype
        )

    def _view(self, place: int) -> tuple[memoryview, int]:
        """The bytes of a buffer view, and its stride or nought."""
        view = self.entry("bufferViews", place)
        buffer = self._buffer(view.whole("buffer"))
        start, length = view.whole("byteOffset", 0), view.whole("byteLength", least=1)
        if start + length > len(buffer):
            raise view.fault(f"ends at byte {start + length:,}, but its buffer has {len(buffer):,}")
        return memoryview(buffer)[start : start + length], view.whole("byteStride", 0, below=4096)

    def _buffer(self, place: int) -> bytes:
        buffer = self.entry("buffers", place)
        content = self._binary
        if "uri" in buffer:
            content = embedded(buffer)
        elif place != 0:
            raise buffer.fault("has no bytes of its own: only the first buffer is the GLB's binary chunk")
        length = buffer.whole("byteLength", least=1)
        if length > len(content):
            raise buffer.fault(f"claims {length:,} bytes, but {len(content):,} are there")
        return content[:length] if length < len(content) - 3 else content

    def image(self, place: int) -> Image:
        """The picture with this number, decoded once."""
        if place not in self._images:
            entry = self.entry("images", place)
            content = embedded(entry) if "uri" in entry else bytes(self._view(entry.whole("bufferView"))[0])
            try:
                self._images[place] = self._decoded(content)
            except BadInput as error:
                raise entry.fault(f"is no picture: {error}") from error
        return self._images[place]

    def _decoded(self, content: bytes) -> Image:
        try:
            image, opened = Image.decode(content), open_picture(content)
        except (struct.error, zlib.error, EOFError, LookupError, TypeError) as error:
            raise BadInput(f"it is damaged: {error}") from error
        # Our own PNGs are kept as they are; others may hold more than their pixels, so they are written anew.
        if self.is_ours and opened.format == "PNG" and opened.mode in ("RGB", "RGBA") and not opened.info:
            return Image(image.pixels, content)
        return image


def embedded(entry: Entry) -> bytes:
    """The bytes of a `data:` URI; any other address is refused, so that a file never reaches outside itself."""
    uri = entry.text("uri")
    head, comma, text = uri.partition(",")
    if not head.startswith("data:") or not comma or not head.endswith(";base64"):
        raise entry.fault(f"points to {uri[:60]!r}, but only what the GLB itself holds is read")
    try:
        return base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError) as error:
        raise entry.fault(f"holds no base64: {error}") from error
