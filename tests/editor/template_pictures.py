"""`python -m tests.editor.template_pictures [NAME ...]` makes pictures of templates anew, by running them as they come.

Templates that need weights have none. The longest takes half a minute; the same template gives the same picture.
"""

from __future__ import annotations

import sys
import tempfile
from collections.abc import Mapping
from pathlib import Path

from PIL import Image, ImageOps

from diorama.graph import read_graph
from diorama.refs import Blob
from diorama.server.inspection.thumbnails import write_thumbnail
from diorama.session import Session
from diorama.templates import graph_path
from tests.support.child import ROOT

FOLDER = ROOT / "graphs" / "pictures"
SIZE = (384, 216)
QUALITY = 82
SHOWN: Mapping[str, str] = {
    "image_to_mesh": "mesh",
    "image_to_splat": "splat",
    "text_to_image": "image",
    "text_to_image_to_mesh": "mesh",
    "text_to_mesh": "mesh",
    "text_to_motion": "scene",
    "text_to_music": "audio",
    "text_to_scene": "picture",
}
"""The result of each template that is what it is for."""
LARGE = 768
"""Pixels across at which a result is painted before it is made small: edges come out smooth."""


def main(wanted: list[str]) -> None:
    """Make the wanted pictures, or all."""
    FOLDER.mkdir(parents=True, exist_ok=True)
    for name in wanted or SHOWN:
        picture_of(name).save(FOLDER / f"{name}.webp", quality=QUALITY, method=6)
        print(name, flush=True)


def picture_of(name: str) -> Image.Image:
    """What a template makes as it comes, as a small picture."""
    with tempfile.TemporaryDirectory() as folder, Session(Path(folder) / "store") as session:
        path = graph_path(name)
        result = session.run(read_graph(path.read_bytes()), folder=path.parent, name=name)
        ref = result.outputs[SHOWN[name]]
        assert isinstance(ref, Blob), f"{name} gives no artefact"
        painted = Path(folder) / "painted.png"
        write_thumbnail(session.store.blobs.path(ref.digest), ref.type, LARGE, painted)
        with Image.open(painted) as opened:
            return ImageOps.fit(opened.convert("RGB"), SIZE, Image.Resampling.LANCZOS)


if __name__ == "__main__":
    main(sys.argv[1:])
