"""The tables of a glTF document as they grow while it is written."""

from __future__ import annotations

import numpy as np
from blake3 import blake3

from diorama.faults import BadInput
from diorama.values.glb_file import JsonObject, canonical, pack_glb
from diorama.values.image import Image

Array = np.ndarray[tuple[int, ...], np.dtype[np.generic]]

COMPONENTS = {"f": 5126, "H": 5123, "I": 5125}
SHAPES = {1: "SCALAR", 2: "VEC2", 3: "VEC3", 4: "VEC4", 16: "MAT4"}
VERTICES, INDICES = 34962, 34963
"""Targets of buffer views (glTF 2.0, 5.11.5)."""
SAMPLER: JsonObject = {"magFilter": 9729, "minFilter": 9987, "wrapS": 10497, "wrapT": 10497}


class Tables:
    """Meshes, accessors, pictures and all else, each written once by its content, in the order of first use."""

    def __init__(self) -> None:
        self._tables: dict[str, list[JsonObject]] = {}
        self._places: dict[tuple[str, bytes], int] = {}
        self._pictures: dict[int, tuple[Image, int]] = {}
        self._chunks: list[bytes] = []
        self._length = 0
        self.extensions: set[str] = set()

    def add(self, table: str, entry: JsonObject) -> int:
        """The number of a new entry."""
        entries = self._tables.setdefault(table, [])
        entries.append(entry)
        return len(entries) - 1

    def change(self, table: str, place: int, facts: JsonObject) -> None:
        """Add facts to an entry that was added before."""
        self._tables[table][place] |= facts

    def share(self, table: str, entry: JsonObject) -> int:
        """The number of the entry, which is added where there is none like it."""
        key = (table, canonical(entry))
        place = self._places.get(key)
        if place is None:
            place = self._places[key] = self.add(table, entry)
        return place

    def accessor(self, what: str, array: Array, target: int | None = None, *, bounded: bool = False) -> int:
        """The number of an accessor over (n,) or (n, width) of float32, uint16 or uint32; a fault names `what`."""
        if array.dtype.kind == "f" and not np.isfinite(array).all():
            raise BadInput(f"the {what} hold a number that is not finite")
        width = 1 if array.ndim == 1 else array.shape[1]
        content = np.ascontiguousarray(array, array.dtype.newbyteorder("<")).tobytes()
        entry: JsonObject = {
            "bufferView": self._view(content, target),
            "componentType": COMPONENTS[array.dtype.char],
            "count": len(array),
            "type": SHAPES[width],
        }
        if bounded:
            rows = array.reshape(len(array), width)
            entry["min"] = rows.min(axis=0).tolist()
            entry["max"] = rows.max(axis=0).tolist()
        return self.share("accessors", entry)

    def texture(self, image: Image) -> int:
        """The number of a texture that shows the picture."""
        known = self._pictures.get(id(image))
        if known is not None:
            return known[1]
        view = self._view(image.encode(), None)
        source = self.share("images", {"bufferView": view, "mimeType": "image/png"})
        place = self.share("textures", {"sampler": self.share("samplers", SAMPLER), "source": source})
        # The picture is held as well, so that its id stays its own.
        self._pictures[id(image)] = (image, place)
        return place

    def _view(self, content: bytes, target: int | None) -> int:
        key = (f"view {target}", blake3(content).digest())
        place = self._places.get(key)
        if place is None:
            entry: JsonObject = {"buffer": 0, "byteOffset": self._length, "byteLength": len(content)}
            if target is not None:
                entry["target"] = target
            place = self._places[key] = self.add("bufferViews", entry)
            padding = bytes(-len(content) % 4)
            self._chunks += [content, padding]
            self._length += len(content) + len(padding)
        return place

    def glb(self, scene: JsonObject, lights: list[JsonObject] | None = None) -> bytes:
        """The document with its one scene as GLB."""
        if lights:
            self.extensions.add("KHR_lights_punctual")
        document: JsonObject = {"asset": {"version": "2.0", "generator": "Diorama"}}
        if self.extensions:
            document["extensionsUsed"] = sorted(self.extensions)
        if lights:
            document["extensions"] = {"KHR_lights_punctual": {"lights": lights}}
        document |= {"scene": 0, "scenes": [scene]}
        document |= {table: self._tables[table] for table in sorted(self._tables)}
        if self._length:
            document["buffers"] = [{"byteLength": self._length}]
        return pack_glb(document, b"".join(self._chunks))
