"""Pictures and masks, as 8-bit arrays that are written as PNG."""

from __future__ import annotations

import io
from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar, Self

import numpy as np

from diorama.faults import BadInput
from diorama.limits import limits
from diorama.values.value import Value

if TYPE_CHECKING:
    from PIL.Image import Image as PilImage
    from pydantic import JsonValue

THUMBNAIL_SIZE = (236, 140)
PNG_COMPRESSION = 4
"""zlib level; 4 writes three times as fast as 9 for files 3 % larger on the scene templates' pictures."""

Pixels = np.ndarray[tuple[int, ...], np.dtype[np.uint8]]


@dataclass(frozen=True, slots=True, eq=False)
class Image(Value):
    """A picture: `pixels` of shape (height, width, 3) or (height, width, 4), sRGB, straight alpha, 8 bits."""

    type_name: ClassVar[str] = "image"
    media_type: ClassVar[str] = "image/png"
    suffix: ClassVar[str] = ".png"

    pixels: Pixels
    png: bytes | None = None
    """These very pixels as PNG, where they are at hand: compressing them again is what costs most."""

    def __post_init__(self) -> None:
        if self.pixels.dtype != np.uint8 or self.pixels.ndim != 3 or self.pixels.shape[2] not in (3, 4):
            shape, dtype = self.pixels.shape, self.pixels.dtype
            raise ValueError(f"an image takes uint8 of shape (height, width, 3 or 4), not {dtype} of {shape}")

    @property
    def width(self) -> int:
        """Pixels across."""
        return int(self.pixels.shape[1])

    @property
    def height(self) -> int:
        """Pixels down."""
        return int(self.pixels.shape[0])

    @property
    def has_alpha(self) -> bool:
        """Whether a fourth channel says how opaque each pixel is."""
        return self.pixels.shape[2] == 4

    def encode(self) -> bytes:
        """The picture as PNG, with no text and no time in it."""
        if self.png is None:
            object.__setattr__(self, "png", _png(self.pixels))
        assert self.png is not None
        return self.png

    @classmethod
    def decode(cls, content: bytes) -> Self:
        """The picture that PNG, JPEG or WebP `content` holds, turned upright by its EXIF orientation."""
        from PIL import ImageOps

        opened = open_picture(content)
        wants_alpha = opened.mode in ("RGBA", "LA", "PA") or "transparency" in opened.info
        try:
            upright = ImageOps.exif_transpose(opened)
            return cls(np.array(upright.convert("RGBA" if wants_alpha else "RGB"), dtype=np.uint8))
        except (OSError, ValueError, SyntaxError) as error:
            raise BadInput(f"the picture cannot be read to its end: {error}") from error

    def describe(self) -> dict[str, JsonValue]:
        """Width and height in pixels, and whether there is alpha."""
        return {"width": self.width, "height": self.height, "has_alpha": self.has_alpha}

    def thumbnail(self) -> Image:
        """The picture, fitted into 236 x 140 pixels."""
        from PIL import Image as pil

        small = pil.fromarray(self.pixels)
        small.thumbnail(THUMBNAIL_SIZE)
        return Image(np.array(small, dtype=np.uint8))


@dataclass(frozen=True, slots=True, eq=False)
class Mask(Value):
    """A mask: `coverage` of shape (height, width), 0 outside to 255 inside."""

    type_name: ClassVar[str] = "mask"
    media_type: ClassVar[str] = "image/png"
    suffix: ClassVar[str] = ".png"

    coverage: Pixels

    def __post_init__(self) -> None:
        if self.coverage.dtype != np.uint8 or self.coverage.ndim != 2:
            shape, dtype = self.coverage.shape, self.coverage.dtype
            raise ValueError(f"a mask takes uint8 of shape (height, width), not {dtype} of {shape}")

    def encode(self) -> bytes:
        """The mask as grey PNG."""
        return _png(self.coverage)

    @classmethod
    def decode(cls, content: bytes) -> Self:
        """The mask that grey or colour `content` holds, colours weighed to grey."""
        try:
            return cls(np.array(open_picture(content).convert("L"), dtype=np.uint8))
        except (OSError, ValueError, SyntaxError) as error:
            raise BadInput(f"the mask cannot be read to its end: {error}") from error

    def describe(self) -> dict[str, JsonValue]:
        """Width and height in pixels, and the share that is inside."""
        height, width = self.coverage.shape
        return {"width": width, "height": height, "inside": round(float((self.coverage > 127).mean()), 4)}

    def thumbnail(self) -> Image:
        """The mask as a grey picture, fitted into 236 x 140 pixels."""
        return Image(np.repeat(self.coverage[:, :, None], 3, axis=2)).thumbnail()


def open_picture(content: bytes) -> PilImage:
    """The picture in `content`, its header read and its size within the limit, its pixels not yet decoded."""
    from PIL import Image as pil

    most = limits().max_pixels
    # Pillow's own guard warns at a fixed size; ours has one clear bound, so it is the only one.
    pil.MAX_IMAGE_PIXELS = None
    try:
        opened = pil.open(io.BytesIO(content), formats=("PNG", "JPEG", "WEBP"))
    except (OSError, ValueError, SyntaxError) as error:
        raise BadInput(
            f"{len(content):,} bytes given hold no picture that can be read; PNG, JPEG or WebP is wanted"
        ) from error
    width, height = opened.size
    if width * height > most:
        raise BadInput(f"the picture has {width:,} x {height:,} pixels, but at most {most:,} are taken")
    return opened


def _png(pixels: Pixels) -> bytes:
    from PIL import Image as pil

    buffer = io.BytesIO()
    pil.fromarray(pixels).save(buffer, "PNG", compress_level=PNG_COMPRESSION)
    return buffer.getvalue()
