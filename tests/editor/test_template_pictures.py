"""The pictures of templates: one for each that runs without weights, and what the command makes."""

from __future__ import annotations

import numpy as np
import pytest
from PIL import Image

from tests.editor.template_pictures import FOLDER, SHOWN, SIZE, picture_of
from tests.support.template_runs import DRAFT, WITH_MODELS

NEAR = 4.0
"""Of 255, on average over a picture: what WebP leaves away."""


def test_each_template_that_runs_without_weights_has_a_picture_and_no_other() -> None:
    assert {path.stem for path in FOLDER.iterdir()} == set(SHOWN) == set(DRAFT)
    assert WITH_MODELS.isdisjoint(SHOWN)
    for path in FOLDER.iterdir():
        with Image.open(path) as picture:
            assert (picture.format, picture.size) == ("WEBP", SIZE), path.name


@pytest.mark.parametrize("name", ["text_to_mesh", "text_to_music"])
def test_a_picture_is_what_the_template_makes(name: str) -> None:
    with Image.open(FOLDER / f"{name}.webp") as kept:
        difference = np.asarray(kept.convert("RGB"), np.float32) - np.asarray(picture_of(name), np.float32)
    assert float(np.abs(difference).mean()) < NEAR
