"""From stored values to what a node takes, and from what it gives to stored values."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Mapping
from threading import Lock
from typing import Annotated, Any, Final, get_args, get_origin

import orjson
from pydantic import BaseModel, TypeAdapter, ValidationError

from diorama.faults import BadInput
from diorama.interface import said
from diorama.json_text import canonical, normal
from diorama.keys import Digest, digest_of
from diorama.node import InputPort, OutputPort
from diorama.refs import INLINE_BYTES, JSON_MEDIA, Blob, Inline, Many, Ref, inline, many
from diorama.store.blobs import BlobStore
from diorama.types import BASES, File, base_of, item_of
from diorama.values.value import Value

KEPT_BYTES: Final = 512 * 2**20
"""Encoded size of the decoded values that are kept at hand."""


class BadOutput(TypeError):
    """Raised where a node gives something else than its signature says."""


class Transport:
    """Decodes and encodes values over one blob store, and keeps the latest decoded ones at hand."""

    def __init__(self, blobs: BlobStore, kept_bytes: int = KEPT_BYTES) -> None:
        self.blobs = blobs
        self.kept_bytes = kept_bytes
        self._kept: OrderedDict[tuple[Digest, type], tuple[Value, int]] = OrderedDict()
        self._kept_bytes = 0
        self._lock = Lock()

    def load(self, port: InputPort, ref: Ref) -> object:
        """The value that a node is given; raises `BadInput` where it is not what the port takes."""
        try:
            return self._load(port.type, port.annotation, ref, port.adapter_of)
        except ValidationError as error:
            first = error.errors(include_url=False)[0]
            raise BadInput(f"{port.name} is {_shown(first['input'])}, but {said(first['msg'])}") from error
        except BadInput as error:
            raise BadInput(f"{port.name}: {error}") from error

    def value(self, ref: Ref) -> object:
        """A stored value by its own type."""
        if isinstance(ref, Inline):
            return ref.value
        if isinstance(ref, Many):
            return [self.value(item) for item in ref.items]
        return self._load_blob("any", ref, lambda: TypeAdapter(Any))

    def _load(self, type_: str, annotation: Any, ref: Ref, adapter_of: Callable[[], TypeAdapter[Any]]) -> object:
        if isinstance(ref, Inline):
            if type_ == "integer" or type_ == "text" or type_ == "boolean":
                if annotation in _BARE:
                    return ref.value
            elif type_ == "any" or type_.startswith("$") or is_artefact(type_):
                # Of an artefact, only null and the empty list are JSON.
                return ref.value
            return adapter_of().validate_json(ref.text, strict=True)
        if isinstance(ref, Many):
            item = item_of(type_)
            if item is None or base_of(type_) in ("any",):
                return [self._load("any", Any, one, adapter_of) for one in ref.items]
            inner = _item_annotation(annotation)
            return [self._load(item, inner, one, lambda: TypeAdapter(inner)) for one in ref.items]
        return self._load_blob(type_, ref, adapter_of)

    def _load_blob(self, type_: str, blob: Blob, adapter_of: Callable[[], TypeAdapter[Any]]) -> object:
        if blob.type == "file":
            name = orjson.loads(blob.facts).get("name", "")
            self.blobs.check(blob.digest, blob.size)
            return File(name, f"blake3:{blob.digest.hex()}", blob.size, self.blobs.path(blob.digest))
        base = BASES.get(base_of(type_)) or BASES[blob.type]
        class_ = base.value or BASES[blob.type].value if blob.type in BASES else base.value
        if class_ is None:
            content = self.blobs.get(blob.digest)
            is_free = type_ == "any" or type_.startswith("$")
            return orjson.loads(content) if is_free else adapter_of().validate_json(content, strict=True)
        return self._decoded(blob, class_)

    def _decoded(self, blob: Blob, class_: type[Value]) -> Value:
        with self._lock:
            kept = self._kept.get((blob.digest, class_))
            if kept is not None:
                self._kept.move_to_end((blob.digest, class_))
                return kept[0]
        value = class_.decode(self.blobs.get(blob.digest))
        self._keep(blob, value)
        return value

    def _keep(self, blob: Blob, value: Value) -> None:
        with self._lock:
            if (blob.digest, type(value)) in self._kept:
                return
            self._kept[blob.digest, type(value)] = (value, blob.size)
            self._kept_bytes += blob.size
            while self._kept_bytes > self.kept_bytes and len(self._kept) > 1:
                _, (_, size) = self._kept.popitem(last=False)
                self._kept_bytes -= size

    def keep(self, port: OutputPort, value: object) -> Ref:
        """Keep what a node gave; raises `BadOutput` where it is not of the port's type."""
        try:
            return self._keep_value(port.type, value)
        except BadOutput as error:
            raise BadOutput(f"the output {port.name!r} is declared {port.type}, but {error}") from error

    def preview(self, value: Value) -> Blob:
        """Keep an unfinished value, so that others can see it."""
        content = value.encode()
        return self._blob(value, self.blobs.put(content), len(content))

    def _blob(self, value: Value, digest: Digest, size: int) -> Blob:
        return Blob(digest, size, value.type_name, value.media_type, canonical(normal(value.describe())))

    def _keep_value(self, type_: str, value: object) -> Ref:
        item = item_of(type_)
        if value is None and type_.endswith("?"):
            return inline(None)
        is_free = type_ == "any" or type_.startswith("$")
        if isinstance(value, list | tuple) and (item is not None or is_free):
            return many([self._keep_value(item or "any", one) for one in value])
        if isinstance(value, Value):
            return self._keep_artefact(type_, value)
        return self._keep_json(type_, value)

    def _keep_artefact(self, type_: str, value: Value) -> Blob:
        wanted = base_of(type_)
        if wanted not in (value.type_name, "any", *value.fits) and not wanted.startswith("$"):
            raise BadOutput(f"{value.type_name} was given")
        content = value.encode()
        blob = self._blob(value, self.blobs.put(content), len(content))
        self._keep(blob, value)
        return blob

    def _keep_json(self, type_: str, value: object) -> Ref:
        if isinstance(value, File):
            return Blob(
                Digest(bytes.fromhex(value.digest.removeprefix("blake3:"))),
                value.size,
                "file",
                "application/octet-stream",
                canonical({"name": value.name}),
            )
        base = BASES.get(base_of(type_))
        plain = _PYTHON.get(base_of(type_))
        if base is not None and base.value is not None:
            raise BadOutput(f"{type(value).__name__} was given")
        if base is not None and base.model is not None and not isinstance(value, base.model):
            raise BadOutput(f"{type(value).__name__} was given")
        if plain is not None and (not isinstance(value, plain) or (isinstance(value, bool) and plain is not bool)):
            raise BadOutput(f"{_shown(value)} was given")
        dumped = value.model_dump(mode="json") if isinstance(value, BaseModel) else _dumped(value)
        try:
            text = canonical(normal(float(dumped) if base_of(type_) == "number" else dumped))  # type: ignore[arg-type]
        except (ValueError, OverflowError) as error:
            raise BadOutput(str(error)) from error
        if len(text) <= INLINE_BYTES:
            return Inline(digest_of(text), text)
        return Blob(self.blobs.put(text), len(text), "json", JSON_MEDIA)


_BARE = frozenset({int, str, bool})
_PYTHON: Mapping[str, type | tuple[type, ...]] = {
    "text": str,
    "integer": int,
    "number": (int, float),
    "boolean": bool,
    "seed": int,
    "color": str,
}


def is_artefact(type_: str) -> bool:
    """Whether values of a type, or of its items, are bytes of their own."""
    base = BASES.get(base_of(type_))
    return base is not None and (base.value is not None or base.name == "file")


def _dumped(value: object) -> object:
    """JSON with the models in it written out."""
    if isinstance(value, BaseModel):
        return value.model_dump(mode="json")
    if isinstance(value, dict):
        return {key: _dumped(child) for key, child in value.items()}
    if isinstance(value, list | tuple):
        return [_dumped(child) for child in value]
    return value


def _item_annotation(annotation: Any) -> Any:
    """`T` of `list[T]`, `list[T] | None` or an annotated one."""
    bare = annotation
    while get_origin(bare) is Annotated:
        bare = get_args(bare)[0]
    if get_origin(bare) is list:
        return get_args(bare)[0]
    inner = [option for option in get_args(bare) if option is not type(None)]
    return _item_annotation(inner[0]) if len(inner) == 1 else Any


def _shown(value: object) -> str:
    text = repr(value)
    return text if len(text) <= 60 else text[:57] + "..."
