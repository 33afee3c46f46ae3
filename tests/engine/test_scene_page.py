"""A scene as one page."""

from __future__ import annotations

import base64
import re
from pathlib import Path

import pytest
from click.testing import CliRunner
from tests.support.sample_values import a_scene, a_sound

from diorama import scene_page as module
from diorama.cli.app import main
from diorama.faults import DioramaError
from diorama.refusals import NoSuch
from diorama.scene_page import read_template, scene_page

TEMPLATE = b"<title><!--title--></title><body><!--held--><script>viewer</script></body>"
SCENE, SOUND = a_scene().encode(), a_sound().encode()


def held(page: bytes) -> dict[str, bytes]:
    found = re.findall(rb'<script type="text/plain" id="([^"]+)"(?: data-sound)?>([^<]*)</script>', page)
    return {name.decode(): base64.b64decode(text) for name, text in found}


def test_a_page_holds_the_scene_and_its_sounds_and_the_viewer_behind_them() -> None:
    page = scene_page(TEMPLATE, "Alley", SCENE, [SOUND, b"other"])
    assert held(page) == {"scene": SCENE, "sound-0": SOUND, "sound-1": b"other"}
    assert page.startswith(b"<title>Alley</title>")
    assert page.endswith(b"<script>viewer</script></body>")
    assert page.count(b"data-sound") == 2


@pytest.mark.parametrize("title", ["</title><script>alert(1)</script>", '"><img onerror=x>', "<!--held-->", "a & b"])
def test_a_title_is_text(title: str) -> None:
    page = scene_page(TEMPLATE, title, b"</script><script>alert(2)")
    assert page.count(b"<script") == 2, "what is held, and the viewer"
    assert b"<img" not in page
    assert b"alert(2)" not in page


def test_what_is_too_large_for_a_page_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "MOST_BYTES", 10)
    with pytest.raises(DioramaError, match="U002"):
        scene_page(TEMPLATE, "", b"123456", [b"78901"])


def test_without_a_built_editor_it_is_said_how_to_build_it(tmp_path: Path) -> None:
    with pytest.raises(NoSuch, match="make editor"):
        read_template(tmp_path / "scene.html")


def test_the_command_writes_a_page(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    template = tmp_path / "template.html"
    template.write_bytes(TEMPLATE)
    monkeypatch.setattr("diorama.cli.page.read_template", lambda: read_template(template))
    scene, sound, out = tmp_path / "alley.glb", tmp_path / "rain.flac", tmp_path / "alley.html"
    scene.write_bytes(SCENE)
    sound.write_bytes(SOUND)
    done = CliRunner().invoke(main, ["page", str(scene), "--sound", str(sound), "--out", str(out)])
    assert (done.exit_code, done.output) == (0, f"{out}\n")
    assert out.read_bytes() == scene_page(TEMPLATE, "alley", SCENE, [SOUND])
    missing = CliRunner().invoke(main, ["page", str(tmp_path / "none.glb"), "--out", str(out)])
    assert missing.exit_code == 2
