from __future__ import annotations

from collections.abc import Mapping

import pytest

from diorama.catalogue import Pack, catalogue_of
from diorama.context import Context
from diorama.kinds import kind_of
from diorama.library import Library
from diorama.model import Model, Placement
from diorama.node import node


def weights(**changed: object) -> Model[Placement]:
    declared = {"name": "m", "gib": 1.0, "repository": "who/what", "revision": "r1", "license": "MIT"}
    return Model(load=lambda placement: placement, **(declared | changed))  # type: ignore[arg-type]


def files(**digests: str) -> Mapping[str, object]:
    return {"files": lambda: digests}


OTHER_WEIGHTS = {
    "another repository": weights(repository="who/else"),
    "another revision": weights(revision="r2"),
    "another form": weights(dtype="bfloat16"),
    "a file's content": weights(**files(unet="a")),
    "another content": weights(**files(unet="b")),
    "another file": weights(**files(vae="b")),
    "one file more": weights(**files(unet="b", vae="b")),
}


@pytest.mark.parametrize("one", OTHER_WEIGHTS.values(), ids=OTHER_WEIGHTS)
def test_other_weights_have_another_identity(one: Model[Placement]) -> None:
    others = [weights(), *(other for other in OTHER_WEIGHTS.values() if other is not one)]
    assert one.identity not in [other.identity for other in others]


def test_the_order_of_files_and_what_weights_are_called_is_not_in_their_identity() -> None:
    there = {"unet": "a", "vae": "b"}
    back = dict(reversed(there.items()))
    assert weights(name="x", gib=2.0, files=lambda: there).identity == weights(files=lambda: back).identity


def test_the_digests_of_weight_files_enter_the_keys_of_a_node() -> None:
    def prefix(digest: str) -> bytes:
        made = node(models=[weights(**files(unet=digest))])(thing)
        library = Library(catalogue_of(Pack("q", "1"), made))
        interface = library.declared("q/thing")
        assert interface is not None
        return kind_of("q/thing", interface, library).call_prefix

    def thing(ctx: Context) -> int:
        """Give a number."""
        return 1

    assert prefix("a") == prefix("a") != prefix("b")


def test_a_node_that_is_called_by_hand_loads_its_model_for_the_block() -> None:
    with Context().model(weights(dtype="bfloat16")) as placement:
        assert placement == Placement("cpu", "bfloat16")
    with Context().model(weights(), dtype="float16", quantization="4bit", offload="model") as placement:
        assert placement == Placement("cpu", "float16", "4bit", "model")
