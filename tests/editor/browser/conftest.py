"""The editor as it is built, a server with real nodes and some made for tests, and windows of a browser.

Browser and server end with this folder's tests: the loop of the browser's driver would be in the way of other tests.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page

import diorama.server.editor
from diorama.run.service import Service
from diorama.server.options import ServerOptions
from tests.support import editor_nodes
from tests.support.browser import chromium
from tests.support.editing import Window, built_editor, window
from tests.support.served import Serving, serving


@pytest.fixture(scope="session")
def editor_files() -> Path:
    """The folder of the built editor."""
    return built_editor()


@pytest.fixture(scope="package")
def browser() -> Iterator[Browser]:
    with chromium() as one:
        yield one


@pytest.fixture(scope="package")
def _readable() -> Iterator[None]:
    """The driver evaluates texts in pages, which their policy forbids; all else of the policy holds."""
    headers = diorama.server.editor.PAGE_HEADERS
    strict = headers["Content-Security-Policy"]
    headers["Content-Security-Policy"] = strict.replace("script-src 'self'", "script-src 'self' 'unsafe-eval'")
    yield
    headers["Content-Security-Policy"] = strict


@pytest.fixture(scope="package")
def shared_server(editor_files: Path, _readable: None, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Serving]:
    """A server that the tests of this folder share: others have run and saved things at it."""
    with _serving(editor_files, tmp_path_factory.mktemp("store")) as one:
        yield one


@pytest.fixture
def own_server(editor_files: Path, _readable: None, tmp_path: Path) -> Iterator[Serving]:
    """A server with an empty store, for one test."""
    with _serving(editor_files, tmp_path / "store") as one:
        yield one


@contextmanager
def _serving(files: Path, store: Path) -> Iterator[Serving]:
    with (
        Service(store, catalogue=editor_nodes.catalogue()) as service,
        serving(service, ServerOptions(port=0, editor=files)) as one,
    ):
        yield one


@pytest.fixture
def opened(browser: Browser, shared_server: Serving) -> Iterator[Window]:
    """A window at the shared server with nothing kept in it; `opened.page()` gives another page."""
    with window(browser, shared_server.address) as one:
        yield one


@pytest.fixture
def page(opened: Window) -> Page:
    """The editor at the shared server, empty and ready. Fails the test where the page complains."""
    return opened.page()


@pytest.fixture
def own_window(browser: Browser, own_server: Serving) -> Iterator[Window]:
    """A window at this test's own server."""
    with window(browser, own_server.address) as one:
        yield one
