"""The mask of a mesh in the studio: where the picture shows it, whatever its colour and shadow."""

from __future__ import annotations

import numpy as np
import pytest
from tests.support.sample_values import a_mesh

from diorama.context import Context
from diorama.faults import BadInput
from diorama.values import Mesh
from diorama_nodes.render.nodes import render_mask, render_mesh


@pytest.mark.parametrize("turn", [-35.0, 0.0, 120.0])
def test_the_mask_lies_where_the_picture_shows_the_mesh(turn: float) -> None:
    mask = render_mask(Context(), a_mesh(), 160, 120, turn).mask
    picture = render_mesh(Context(), a_mesh(), 160, 120, turn, "draft").image
    assert mask.coverage.shape == picture.pixels.shape[:2]
    pixels = picture.pixels.astype(int)
    # The clay of the sample is the one thing in the studio that is far redder than blue.
    is_clay = pixels[:, :, 0] - pixels[:, :, 2] > 40
    inside = mask.coverage == 255
    outside = mask.coverage == 0
    assert inside.mean() > 0.05
    assert is_clay[inside].mean() > 0.95
    assert is_clay[outside].mean() < 0.01


def test_edges_are_soft() -> None:
    coverage = render_mask(Context(), a_mesh(), 160, 120).mask.coverage
    assert np.count_nonzero((coverage > 0) & (coverage < 255)) > 50


def test_a_mesh_of_nothing_has_no_mask() -> None:
    with pytest.raises(BadInput, match="nothing to see"):
        render_mask(Context(), Mesh(()), 64, 64)
