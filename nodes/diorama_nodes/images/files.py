"""Reading picture files, with clear refusals."""

from __future__ import annotations

from typing import TypeVar

from diorama.faults import BadInput
from diorama.limits import limits
from diorama.types import File
from diorama.values import Image, Mask

Kind = TypeVar("Kind", Image, Mask)


def read_picture(file: File) -> Image:
    """The picture in a PNG, JPEG or WebP file; raises `BadInput` that names the file."""
    return _named(Image, file.name, checked_content(file))


def read_mask(file: File) -> Mask:
    """The mask in a PNG, JPEG or WebP file; raises `BadInput` that names the file."""
    return _named(Mask, file.name, checked_content(file))


def checked_content(file: File) -> bytes:
    """The file's content, its size within the limit."""
    most = limits().max_file_bytes
    if file.size > most:
        raise BadInput(f"{file.name} has {file.size:,} bytes, but at most {most:,} are taken")
    try:
        return file.read()
    except OSError as error:
        raise BadInput(f"{file.name} cannot be read: {error.strerror or error}") from error


def _named(kind: type[Kind], name: str, content: bytes) -> Kind:
    try:
        return kind.decode(content)
    except BadInput as error:
        raise BadInput(f"{name}: {error}") from error
