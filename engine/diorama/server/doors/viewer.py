"""A page that shows the results of a run: pictures, sounds, files, without a script."""

from __future__ import annotations

from collections.abc import Iterator
from html import escape

from diorama.server.doors.shown import DownloadModel, OutcomeModel

STYLE = """
:root { color-scheme: light dark }
body { font: 15px/1.5 system-ui, sans-serif; max-width: 64em; margin: 2em auto; padding: 0 1em }
img, video { max-width: 100%; border-radius: 6px }
figure { margin: 1.5em 0 } dt { font-weight: 600 } dd { margin: 0 0 .5em }
"""


def viewer_page(title: str, outcome: OutcomeModel) -> str:
    """The page of a run. What users wrote stands in it as text."""
    parameters = "".join(
        f"<dt>{escape(name)}<dd>{escape(str(value))}" for name, value in outcome.parameters.items() if value is not None
    )
    files = "".join(
        f'<li><a href="{escape(one.url)}" download="{escape(one.file_name)}">{escape(one.file_name)}</a> '
        f"({one.size:,} bytes, {escape(one.media_type)})"
        for one in outcome.downloads
    )
    parts = [
        f'<!doctype html><html lang="en"><meta charset="utf-8"><title>{escape(title)}</title><style>{STYLE}</style>',
        f"<h1>{escape(title)}</h1><dl>{parameters}</dl>",
        *_shown(outcome.downloads),
        f'<h2>Files</h2><ul>{files}<li><a href="{escape(outcome.manifest_url)}">manifest</a>',
        f'<li><a href="{escape(outcome.graph_url)}">graph</a></ul></html>',
    ]
    return "\n".join(parts)


def _shown(downloads: list[DownloadModel]) -> Iterator[str]:
    for one in downloads:
        kind = one.media_type.partition("/")[0]
        url, name = escape(one.url), escape(one.name)
        if kind == "image":
            yield f'<figure><img src="{url}" alt="{name}"><figcaption>{name}</figcaption></figure>'
        elif kind == "audio":
            yield f'<figure><audio controls preload="none" src="{url}"></audio><figcaption>{name}</figcaption></figure>'
        elif kind == "video":
            yield f'<figure><video controls src="{url}"></video><figcaption>{name}</figcaption></figure>'
        elif one.type in ("mesh", "scene", "rig", "motion"):
            picture = escape(f"{one.thumbnail_url}?size=512")
            yield f'<figure><img src="{picture}" alt="{name}"><figcaption>{name}</figcaption></figure>'
