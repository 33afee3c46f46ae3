"""What a model may write, and what becomes of it: bounded, known names only, and a plan in any case."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import jsonschema
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from diorama.faults import BadInput
from diorama_nodes.character.outfit import ROLES as KNOWN_ROLES
from diorama_nodes.plan.draft import ATTRIBUTES, OMITTED, ORDER, ROLES, draft_of, draft_schema, strict_schema
from diorama_nodes.plan.instructions import EXAMPLE, instructions, messages
from diorama_nodes.plan.planner import plan_of
from diorama_nodes.plan.schema import ScenePlan
from diorama_nodes.plan.settle import known_word, plan_from

PROMPTS = [
    EXAMPLE,
    "misty cyberpunk alley at night; neon kanji; detective walking slowly; rain; lo-fi minor 80 bpm.",
    "a red car and a blue house at noon; a man walking; rain; piano waltz.",
    "two rows of six chairs facing a stage in a theatre",
]


def parts(schema: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """Every schema inside a schema."""
    waiting: list[Any] = [schema]
    while waiting:
        one = waiting.pop()
        if isinstance(one, dict):
            yield one
            waiting += one.values()
        elif isinstance(one, list):
            waiting += one


@pytest.mark.parametrize("schema", [draft_schema(), strict_schema()], ids=["draft", "strict"])
def test_nothing_in_it_is_without_an_end(schema: dict[str, Any]) -> None:
    jsonschema.Draft202012Validator.check_schema(schema)
    for part in parts(schema):
        match part.get("type"):
            case "object":
                assert part["additionalProperties"] is False
            case "array":
                assert part["maxItems"] <= 20
            case "string":
                assert {"enum", "maxLength", "pattern"} & part.keys(), part
            case "number":
                assert {"minimum", "maximum", "multipleOf"} <= part.keys()
            case "integer":
                assert {"minimum", "maximum"} <= part.keys(), part


def test_all_fields_of_a_plan_are_asked_for_or_left_out_on_purpose() -> None:
    whole = ScenePlan.model_json_schema()
    schema = draft_schema()
    assert set(ORDER) | OMITTED["ScenePlan"] == set(whole["properties"])
    for name, model in schema["$defs"].items():
        if name in whole["$defs"]:
            assert set(model["properties"]) | OMITTED.get(name, frozenset()) == set(whole["$defs"][name]["properties"])
            assert model["required"] == list(model["properties"])


def test_a_strict_schema_asks_for_every_field_of_every_object() -> None:
    for part in parts(strict_schema()):
        if part.get("type") == "object":
            assert part["required"] == list(part["properties"])


def test_roles_are_those_that_can_be_dressed() -> None:
    assert set(ROLES) == set(KNOWN_ROLES)


@pytest.mark.parametrize("prompt", PROMPTS)
def test_what_the_rules_plan_could_have_been_written_by_a_model(prompt: str) -> None:
    plan = plan_of(prompt)
    draft = draft_of(plan)
    found = [error.message for error in jsonschema.Draft202012Validator(draft_schema()).iter_errors(draft)]
    assert not [message for message in found if "multiple of" not in message]
    again = plan_from(draft, prompt, "rules")
    assert again.objects == tuple(one.model_copy(update={"shape": None, "is_implied": False}) for one in plan.objects)
    assert again.characters == plan.characters
    assert (again.environment, again.music, again.sounds) == (plan.environment, plan.music, plan.sounds)
    assert again.unplaced == ()


def test_the_model_is_told_all_names_that_it_may_use_and_an_example() -> None:
    text = instructions()
    assert json.dumps(draft_of(plan_of(EXAMPLE)), separators=(",", ":"), ensure_ascii=False) in text
    for word in ("street_lamp", "lake_shore", "samurai"):
        assert word in text
    assert [one["role"] for one in messages("x")] == ["system", "user"]


def document(**changed: Any) -> dict[str, Any]:
    """A plan as a model writes it, with a table, two chairs and a chef."""
    objects = [{"id": "table", "kind": "table"}, {"id": "chair", "kind": "chair", "count": 2}]
    return {"title": "Kitchen", "objects": objects, "characters": [{"id": "chef", "role": "chef"}], **changed}


def told(**changed: Any) -> tuple[ScenePlan, list[str]]:
    plan = plan_from(document(**changed), "a kitchen", "local:tiny")
    return plan, [one.text for one in plan.unplaced]


def test_unknown_kinds_are_dropped_and_told_and_near_ones_are_taken() -> None:
    kinds = ["Street Lamps", "chairs", "tabel", "quantum_flux"]
    plan, lost = told(objects=[{"id": f"o{n}", "kind": kind} for n, kind in enumerate(kinds)])
    assert [one.kind for one in plan.objects] == ["street_lamp", "chair", "table"]
    assert lost == ["quantum_flux"]


@pytest.mark.parametrize(
    ("word", "meant"), [("table", "table"), ("Tables", "table"), ("book shelf", "bookshelf"), ("zzz", None)]
)
def test_which_word_is_meant(word: str, meant: str | None) -> None:
    assert known_word(word, ["table", "bookshelf"]) == meant


def test_ids_that_are_the_same_are_told_apart_and_the_first_is_meant() -> None:
    twice = [{"id": "a", "kind": "table"}, {"id": "a", "kind": "chair"}, {"id": "A!", "kind": "lamp"}]
    plan, lost = told(objects=twice, relations=[{"kind": "near", "subject": "a", "object": "chef"}])
    assert [one.id for one in plan.objects] == ["a", "a_2", "a_3"]
    assert (plan.relations[0].subject, lost) == ("a", [])


RELATIONS = {
    "of a thing that is not there": ({"kind": "on", "subject": "cup", "object": "table"}, "cup on table"),
    "to a thing that is not there": ({"kind": "on", "subject": "chair", "object": "moon"}, "chair on moon"),
    "to nothing": ({"kind": "on", "subject": "chair"}, "chair on"),
    "to itself": ({"kind": "under", "subject": "table", "object": "table"}, "table under table"),
}


@pytest.mark.parametrize(("relation", "text"), RELATIONS.values(), ids=RELATIONS)
def test_relations_that_hold_for_nothing_are_dropped_and_told(relation: dict[str, Any], text: str) -> None:
    fine = {"kind": "near", "subject": "chair", "object": "table"}
    plan, lost = told(relations=[fine, relation, {"kind": "in_corner", "subject": "chair"}])
    assert [one.kind for one in plan.relations] == ["near", "in_corner"]
    assert lost == [text]


def test_who_looks_at_nobody_looks_ahead() -> None:
    figures = [{"id": "chef", "role": "chef", "toward": "moon"}, {"id": "cat", "role": "person", "toward": "table"}]
    plan, _ = told(characters=figures, camera={"subject": "nobody"})
    assert [one.toward for one in plan.characters] == [None, "table"]
    assert plan.camera.subject is None


def test_more_than_can_be_built_is_cut_and_told() -> None:
    objects = [{"id": f"o{n}", "kind": "chair", "count": 90} for n in range(4)]
    plan, lost = told(objects=objects, characters=[{"id": f"c{n}", "role": "man", "count": 15} for n in range(2)])
    assert [one.count for one in plan.objects] == [90, 90, 20]
    assert [one.count for one in plan.characters] == [15, 5]
    assert lost == ["70 x chair", "90 x chair", "10 x man"]


@pytest.mark.parametrize(
    "said",
    ["http://evil.example/x", "/etc/passwd", "..\\..\\boot", "C:\\Windows", "<img onerror=x>", "file://x", "~/.ssh"],
)
def test_addresses_paths_and_markup_are_dropped_and_told(said: str) -> None:
    signs = [{"id": "sign", "kind": "sign", "attributes": {"text": said, "kind": "wooden"}}]
    plan, lost = told(objects=signs)
    assert plan.objects[0].attributes == {"kind": "wooden"}
    assert lost == [said]


def test_a_place_is_inside_or_outside_whatever_the_model_says() -> None:
    plan, _ = told(environment={"setting": "outdoor", "place": "kitchen"})
    assert (plan.environment.place, plan.environment.setting) == ("kitchen", "indoor")
    plan, lost = told(environment={"setting": "indoor", "place": "hyperspace"})
    assert (plan.environment.place, lost) == ("room", ["hyperspace"])


@pytest.mark.parametrize(
    ("title", "shown"), [("Kitchen\n\x1b[31m", "Kitchen [31m"), ("\x07\x08", "a kitchen"), ("k" * 80, "k" * 60)]
)
def test_a_title_is_a_line_that_can_be_shown(title: str, shown: str) -> None:
    assert told(title=title)[0].title == shown


def test_attributes_that_a_strict_model_leaves_empty_are_none() -> None:
    empty = dict.fromkeys(ATTRIBUTES["ObjectSpec"])
    plan, _ = told(objects=[{"id": "sign", "kind": "sign", "attributes": empty | {"text": " open "}}])
    assert plan.objects[0].attributes == {"text": "open"}


WRONG: dict[str, tuple[object, str]] = {
    "no object": ([], "a JSON object"),
    "no title": ({"objects": []}, "title: field required"),
    "a key that no plan has": (document(script="x"), "script: extra inputs are not permitted"),
    "a count of thousands": (document(objects=[{"id": "a", "kind": "chair", "count": 5000}]), "objects.0.count"),
    "a weather that is none": (document(environment={"weather": ["lava"]}), "environment.weather.0"),
    "a text for a list": (document(objects="chairs"), "objects"),
}


@pytest.mark.parametrize(("given_document", "words"), WRONG.values(), ids=WRONG)
def test_what_is_no_plan_is_told_with_its_place(given_document: object, words: str) -> None:
    with pytest.raises(BadInput, match=words):
        plan_from(given_document, "x", "y")


JUNK = st.recursive(
    st.none() | st.booleans() | st.integers(-5, 300) | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from([*ORDER, "id", "kind"]), inner),
    max_leaves=8,
)


@given(st.dictionaries(st.sampled_from(ORDER), JUNK))
@settings(max_examples=200)
def test_any_document_is_a_plan_or_refused(found: dict[str, Any]) -> None:
    try:
        plan = plan_from(found, "a kitchen", "local:tiny")
    except BadInput:
        return
    assert ScenePlan.model_validate(plan.model_dump()) == plan
