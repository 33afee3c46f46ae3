"""What people see: the editor where its built files are there, a plain page where they are not."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Annotated

from fastapi import Depends, Response
from fastapi.responses import FileResponse, HTMLResponse
from starlette.exceptions import HTTPException
from starlette.requests import HTTPConnection
from starlette.types import Receive, Scope, Send
from starlette.websockets import WebSocketClose

from diorama.refusals import NoSuch
from diorama.server.security.headers import PAGE_POLICY
from diorama.version import VERSION

PACKAGED = Path(__file__).parents[1] / "editor"
FOREVER = "public, max-age=31536000, immutable"
"""For files under `assets/`, whose names change with their content."""
PAGES = ("/g/",)
"""Addresses within the editor: its page is behind each, and finds out itself what is meant."""
PAGE_HEADERS = {"Content-Security-Policy": PAGE_POLICY}
PLAIN = f"""<!doctype html>
<html lang="en">
<meta charset="utf-8">
<title>Diorama</title>
<h1>Diorama {VERSION}</h1>
<p>This server runs graphs of nodes that make 3D scenes. The web editor is not part of this installation.</p>
<ul>
<li><a href="/docs">The API</a>, also as <a href="/api/v1/openapi.json">OpenAPI</a></li>
<li><a href="/api/v1/nodes">The nodes</a></li>
<li><a href="/api/v1/runs">The runs</a></li>
</ul>
</html>
"""


class Editor:
    """Serves whatever no route takes: a file of the editor, the plain page, or 404."""

    def __init__(self, folder: Path | None = None) -> None:
        self.files = files_in(folder or PACKAGED)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        if scope["type"] != "http":
            await WebSocketClose()(scope, receive, send)
            return
        await self.reply(scope["method"], scope["path"])(scope, receive, send)

    def page(self, name: str) -> bytes:
        """One of the pages that were built; raises `NoSuch` where none were."""
        if name not in self.files:
            raise NoSuch("page", name)
        return self.files[name].read_bytes()

    def reply(self, method: str, path: str) -> Response:
        """What is at a path; raises `HTTPException` where that is nothing."""
        if method not in ("GET", "HEAD"):
            raise HTTPException(404)
        name = "index.html" if path.startswith(PAGES) else path.removeprefix("/") or "index.html"
        if name in self.files:
            caching = FOREVER if name.startswith("assets/") else "no-cache"
            return FileResponse(self.files[name], headers={"Cache-Control": caching, **PAGE_HEADERS})
        if name == "index.html":
            return HTMLResponse(PLAIN, headers=PAGE_HEADERS)
        raise HTTPException(404)


async def _editor(connection: HTTPConnection) -> Editor:
    editor: Editor = connection.app.state.editor
    return editor


TheEditor = Annotated[Editor, Depends(_editor)]


def files_in(folder: Path) -> Mapping[str, Path]:
    """Every file that is served, by its path in a URL: what is asked for is looked up here, never on the disk."""
    return {path.relative_to(folder).as_posix(): path for path in sorted(folder.rglob("*")) if path.is_file()}
