"""A page that holds a scene, its sounds and a viewer: one HTML file that needs no server and no network."""

from __future__ import annotations

import base64
from collections.abc import Sequence
from html import escape
from pathlib import Path

from diorama.faults import failure
from diorama.refusals import NoSuch

TEMPLATE = Path(__file__).parent / "editor" / "scene.html"
"""The viewer, built with the editor; `make editor` makes it."""
TITLE = b"<!--title-->"
HELD = b"<!--held-->"
MOST_BYTES = 256 * 2**20
"""Scene and sounds of one page: a browser reads them at once."""


def read_template(path: Path = TEMPLATE) -> bytes:
    """The page without a scene; raises `NoSuch` where the editor was not built."""
    try:
        return path.read_bytes()
    except FileNotFoundError as error:
        raise NoSuch("page", "scene.html, which `make editor` builds") from error


def scene_page(template: bytes, title: str, scene: bytes, sounds: Sequence[bytes] = ()) -> bytes:
    """The page of a GLB and what is heard with it; raises `DioramaError` (U002) where they are too large for one.

    What is put in is base64, and the title is text: nothing of it can end the element that it stands in.
    """
    size = len(scene) + sum(map(len, sounds))
    if size > MOST_BYTES:
        raise failure(
            "U002", "scene", f"scene and sounds have {size:,} bytes, but at most {MOST_BYTES:,} go into a page"
        )
    held = [_element("scene", scene), *(_element(f"sound-{number}", one) for number, one in enumerate(sounds))]
    before, _, after = template.partition(HELD)
    head, _, rest = before.partition(TITLE)
    return b"".join([head, escape(title).encode(), rest, *held, after])


def _element(name: str, content: bytes) -> bytes:
    kind = b"" if name == "scene" else b" data-sound"
    return b'<script type="text/plain" id="%b"%b>%b</script>\n' % (name.encode(), kind, base64.b64encode(content))
