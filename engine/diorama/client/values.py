"""Results as a server shows them, turned into the stand-ins and values that an in-process run gives."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import orjson
from pydantic import JsonValue

from diorama.faults import failure
from diorama.graph import Graph
from diorama.keys import Digest, parse_digest
from diorama.refs import Blob, Inline, Many, Ref, inline, many
from diorama.types import BASES
from diorama.values.value import Value


def refs_of(document: Mapping[str, JsonValue]) -> dict[str, Ref]:
    """The results in a server's reply, by name."""
    listed = document["results"]
    assert isinstance(listed, dict)
    return {name: ref_of(one) for name, one in listed.items()}


def ref_of(shown: JsonValue) -> Ref:
    """The stand-in of a result that a server shows; raises `DioramaError` (C003) for what is none."""
    match shown:
        case {"kind": "value", "value": value}:
            return inline(value)
        case {"kind": "list", "items": list(items)}:
            return many([ref_of(item) for item in items])
        case {
            "kind": "artefact",
            "digest": str(digest),
            "type": str(type_),
            "media_type": str(media_type),
            "size": int(size),
            "facts": facts,
        }:
            return Blob(parse_digest(digest), size, type_, media_type, orjson.dumps(facts))
    raise failure("C003", "results", f"{str(shown)!r:.200} is no result that this version knows")


@dataclass(frozen=True, slots=True)
class Contents:
    """Bytes that were fetched, by their digest."""

    fetched: Mapping[Digest, bytes]

    def get(self, digest: Digest) -> bytes:
        """The bytes of this digest."""
        return self.fetched[digest]


def graph_with(graph: Graph, values: Mapping[str, JsonValue]) -> Graph:
    """The graph with these values as its parameters' defaults: run again, it gives the same."""
    parameters = {
        name: dataclasses.replace(one, default=values[name]) if name in values else one
        for name, one in graph.parameters.items()
    }
    return dataclasses.replace(graph, parameters=parameters)


def blob_in(outputs: Mapping[str, Ref], name: str) -> Blob:
    """The artefact that a result is; raises `KeyError` where there is none, `TypeError` where it is no artefact."""
    ref = outputs[name]
    if not isinstance(ref, Blob):
        raise TypeError(f"the result {name!r} is no artefact")
    return ref


def decoded(ref: Ref, contents: Mapping[bytes, bytes]) -> object:
    """A value from its stand-in; `contents` holds the bytes of its artefacts by digest."""
    match ref:
        case Inline():
            return ref.value
        case Many():
            return [decoded(item, contents) for item in ref.items]
        case Blob():
            return _decoded_blob(ref, contents[ref.digest])


def _decoded_blob(blob: Blob, content: bytes) -> object:
    if blob.type == "json":
        return orjson.loads(content)
    class_ = _class_of(blob.type)
    return class_.decode(content) if class_ is not None else content


def _class_of(type_: str) -> type[Value] | None:
    """The class of a type's values; None for files, which are bytes and no more."""
    learn_types([type_])
    return BASES[type_].value if type_ in BASES else None


def learn_types(wanted: Iterable[str]) -> None:
    """See to it that these types are known, as far as an installed pack has them."""
    if not BASES.keys() >= set(wanted):
        from diorama.catalogue import installed

        # Types join the table as signatures that use them are read.
        installed().read_signatures()
