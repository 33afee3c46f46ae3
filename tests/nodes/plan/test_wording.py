"""Plans in the words of a picture's prompt."""

from __future__ import annotations

import pytest

from diorama.context import Context
from diorama_nodes.plan.nodes import picture_prompt
from diorama_nodes.plan.planner import plan_of
from diorama_nodes.plan.wording import colour_name

PROMPTS = {
    "a red car and two big blue houses at noon": "wide shot, a red car, two large blue houses, field, noon, ink",
    "a child waves in a snowy forest": "wide shot, a child waving, forest, noon, falling snow, winter, ink",
    "a pirate in a cave": "wide shot, a pirate standing, in a cave, noon, ink",
}


@pytest.mark.parametrize(("prompt", "wanted"), PROMPTS.items())
def test_what_a_picture_is_told(prompt: str, wanted: str) -> None:
    plan = plan_of(prompt)
    named = plan.model_copy(update={"objects": tuple(one for one in plan.objects if not one.is_implied)})
    assert picture_prompt(Context(), named, look="ink").prompt == wanted


def test_people_are_unwanted_where_nobody_is() -> None:
    assert picture_prompt(Context(), plan_of("a house")).negative.startswith("people, ")
    assert "people" not in picture_prompt(Context(), plan_of("a man at a house")).negative


@pytest.mark.parametrize(("colour", "name"), [("#ff0000", "red"), ("#101010", "black"), ("#204080", "blue")])
def test_what_a_colour_is_called(colour: str, name: str) -> None:
    assert colour_name(colour) == name


def test_it_stays_short_enough_to_be_read() -> None:
    long = "misty cyberpunk alley at night; neon kanji; detective walking slowly; rain; lo-fi minor 80 bpm."
    worded = picture_prompt(Context(), plan_of(long))
    assert len(worded.prompt.split()) <= 50
    for words in ("a detective walking", "rain", "alley", "night", "cyberpunk"):
        assert words in worded.prompt
    assert worded.prompt.index("detective") < worded.prompt.index("alley")
