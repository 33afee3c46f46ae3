"""Whatever a model would like to write, what it writes fits the schema, and comes to an end."""

from __future__ import annotations

from typing import Any

import orjson
import pytest

from diorama.context import Cancelled, Context
from diorama.faults import BadInput
from diorama_nodes.models.language import LanguageModel
from diorama_nodes.models.writing import Manner, Unwritable, write
from diorama_nodes.plan.draft import draft_schema
from diorama_nodes.plan.instructions import messages
from diorama_nodes.plan.settle import plan_from

Schema = dict[str, Any]


def closed(**fields: Schema) -> Schema:
    return {"type": "object", "properties": fields, "required": list(fields), "additionalProperties": False}


SCHEMAS: dict[str, Schema] = {
    "texts with an end": closed(a={"type": "string", "minLength": 3, "maxLength": 9}),
    "patterns": closed(colour={"type": "string", "pattern": "^#[0-9a-f]{6}$"}),
    "choices": closed(a={"enum": ["north", "south"]}, b={"anyOf": [{"enum": ["x"]}, {"type": "null"}]}),
    "numbers": closed(
        a={"type": "integer", "minimum": 17, "maximum": 19},
        b={"type": "number", "minimum": 0.5, "maximum": 2, "multipleOf": 0.5},
    ),
    "lists": closed(
        a={"type": "array", "items": {"type": "boolean"}, "minItems": 2, "maxItems": 3},
        b={"type": "array", "items": closed(c={"type": "null"}), "maxItems": 2},
    ),
    "fields that may be left out": {
        "type": "object",
        "properties": {"a": {"type": "string", "maxLength": 4}, "b": {"type": "integer", "minimum": 0, "maximum": 9}},
        "required": ["b"],
        "additionalProperties": False,
    },
}


def written(language: LanguageModel, schema: Schema, manner: Manner) -> Any:
    asked: list[dict[str, Any]] = [{"role": "user", "content": "write"}]
    return orjson.loads(write(language, asked, schema, manner, Context()))


@pytest.mark.parametrize("tokens", [0, 5, 200])
@pytest.mark.parametrize("schema", SCHEMAS.values(), ids=SCHEMAS)
def test_the_text_fits_the_schema_however_few_tokens_are_granted(
    language: LanguageModel, schema: Schema, tokens: int
) -> None:
    from jsonschema import Draft202012Validator

    for seed in range(4):
        document = written(language, schema, Manner(tokens, 1.5, seed))
        assert not list(Draft202012Validator(schema).iter_errors(document)), document


@pytest.mark.parametrize(("tokens", "temperature"), [(0, 1.0), (64, 0.0), (64, 2.0), (400, 1.0), (900, 0.7)])
def test_what_is_written_for_a_scene_is_a_plan(language: LanguageModel, tokens: int, temperature: float) -> None:
    for seed in range(2):
        text = write(language, messages("a red car"), draft_schema(), Manner(tokens, temperature, seed), Context())
        plan = plan_from(orjson.loads(text), "a red car", "local:tiny")
        assert (plan.prompt, plan.planner) == ("a red car", "local:tiny")


def test_the_same_seed_writes_the_same_and_another_something_else(language: LanguageModel) -> None:
    schema = closed(a={"type": "string", "minLength": 20, "maxLength": 40})
    first, again, other = (written(language, schema, Manner(100, 1.0, seed)) for seed in (1, 1, 2))
    assert first == again != other


def test_without_temperature_the_seed_changes_nothing(language: LanguageModel) -> None:
    schema = closed(a={"type": "string", "minLength": 20, "maxLength": 40})
    assert written(language, schema, Manner(100, 0.0, 1)) == written(language, schema, Manner(100, 0.0, 2))


def test_a_letter_of_several_bytes_that_was_begun_is_finished(language: LanguageModel) -> None:
    schema = closed(a={"type": "string", "pattern": "^[あ-ん]{8}$"})
    for tokens in range(4, 12):
        assert len(written(language, schema, Manner(tokens, 1.0, 0))["a"]) == 8


def test_a_cancel_is_heard_between_layers(language: LanguageModel) -> None:
    ctx = Context()
    computed = 0

    def note(*_: object) -> None:
        nonlocal computed
        computed += 1
        if computed == 3:
            ctx.cancelled.set()

    handles = [layer.register_forward_hook(note) for layer in language.layers]
    try:
        with pytest.raises(Cancelled):
            write(language, messages("a red car"), draft_schema(), Manner(500, 1.0, 0), ctx)
    finally:
        for handle in handles:
            handle.remove()
    assert computed == 3


def test_progress_is_told_in_tokens(language: LanguageModel) -> None:
    told: list[tuple[float, str]] = []
    ctx = Context(on_progress=lambda fraction, message: told.append((fraction, message)))
    write(language, messages("a red car"), draft_schema(), Manner(200, 1.0, 0), ctx)
    assert [fraction for fraction, _ in told] == sorted(fraction for fraction, _ in told)
    assert len(told) > 4
    assert told[-1][1].endswith("tokens written")


def test_a_description_beyond_what_the_model_reads_is_refused(language: LanguageModel) -> None:
    with pytest.raises(BadInput, match="the model reads 16,384 in all"):
        write(language, messages("car " * 4000), draft_schema(), Manner(10, 1.0, 0), Context())


def test_a_schema_that_nothing_fits_is_told(language: LanguageModel) -> None:
    with pytest.raises(Unwritable, match="grammar"):
        written(language, {"type": "integer", "minimum": 3, "maximum": 2}, Manner(10, 1.0, 0))


def test_a_model_without_a_chat_template_is_asked_in_plain_words(
    language: LanguageModel, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(language.tokenizer, "chat_template", None)
    text = language.tokenizer.decode(language.tokens([{"role": "user", "content": "a car"}]))
    assert text == "user: a car\n\nassistant: "
