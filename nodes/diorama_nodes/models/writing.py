"""A language model writes JSON that fits a schema: token by token, only those that can still lead to a valid end.

The grammar (llguidance) says which tokens are allowed. Where only one way leads on, it is taken without asking the
model. Once the tokens that were granted are used up, what was begun is closed by the shortest way that the grammar
has, so that the text is whole however a model rambles.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import orjson
from pydantic import JsonValue

from diorama.context import Context
from diorama.faults import BadInput
from diorama_nodes.models.language import LanguageModel
from diorama_nodes.models.listening import listening

if TYPE_CHECKING:
    import torch
    from llguidance import LLMatcher

CLOSERS: Final = b'}]",:' + b"abcdefghijklmnopqrstuvwxyz" + b"0123456789" + b"#_ -."
"""Bytes in the order in which they bring an end nearer: what closes, what separates, `null`, digits, the rest."""
MOST_CLOSING: Final = 20_000
"""Tokens that closing may take; a bounded schema needs a small part of it."""
TOLD_EVERY: Final = 16
"""Tokens between two words of progress."""


class Unwritable(RuntimeError):
    """Raised where the grammar cannot go on: a fault of the schema or of the decoder, never of the model."""


@dataclass(frozen=True, slots=True)
class Manner:
    """How a text is to be written."""

    tokens: int
    """Granted to the model before what it began is closed."""
    temperature: float
    """0 takes the likeliest token each time; the greater, the bolder."""
    seed: int


def write(
    language: LanguageModel,
    messages: Sequence[dict[str, JsonValue]],
    schema: Mapping[str, Any],
    manner: Manner,
    ctx: Context,
) -> str:
    """JSON text that fits `schema`, as an answer to a conversation."""
    import torch

    asked = language.tokens(messages)
    room = language.longest - len(asked)
    if room < 1:
        raise BadInput(f"the description takes {len(asked):,} tokens, but the model reads {language.longest:,} in all")
    writer = _Writer(language, matcher_for(language, schema), manner, min(manner.tokens, room))
    with listening(language.layers, ctx.check_cancelled), torch.inference_mode():
        writer.write(asked, ctx)
    ctx.check_cancelled()
    writer.close()
    return writer.text()


def matcher_for(language: LanguageModel, schema: Mapping[str, Any]) -> LLMatcher:
    """The grammar of a schema, without spaces that a model could write for ever."""
    from llguidance import LLMatcher

    # What the published type of the options lists and what they take are not the same.
    options: Any = {"whitespace_flexible": False}
    grammar = LLMatcher.grammar_from_json_schema(orjson.dumps(schema).decode(), defaults=options)
    matcher = LLMatcher(language.grammar_tokenizer, grammar, log_level=0)
    _hold_sound(matcher)
    return matcher


def _hold_sound(matcher: LLMatcher) -> None:
    if matcher.is_error():
        raise Unwritable(f"the grammar cannot go on: {matcher.get_error()}")


@dataclass(slots=True)
class _Writer:
    language: LanguageModel
    matcher: LLMatcher
    manner: Manner
    granted: int
    written: list[int] = field(default_factory=list)

    def write(self, asked: Sequence[int], ctx: Context) -> None:
        """Let the model write until the text is whole or its tokens are used up."""
        import torch

        generator = torch.Generator("cpu").manual_seed(self.manner.seed)
        fresh, past = list(asked), None
        ctx.progress(0.0, "reading the description")
        while not self.matcher.is_stopped() and len(self.written) < self.granted:
            answer = self.language.model(
                input_ids=torch.tensor([fresh], device=self.language.device),
                past_key_values=past,
                use_cache=True,
                logits_to_keep=1,
            )
            past = answer.past_key_values
            fresh = [self._chosen(answer.logits[0, -1].float().cpu(), generator)]
            self._take(fresh[0])
            fresh += self._forced()
            if len(self.written) % TOLD_EVERY < len(fresh):
                ctx.progress(len(self.written) / self.granted, f"{len(self.written)} tokens written")

    def _allowed(self) -> np.ndarray[tuple[int, ...], np.dtype[np.uint8]]:
        """For each token of the vocabulary whether the text can go on with it."""
        mask = np.frombuffer(self.matcher.compute_bitmask(), dtype=np.uint8)
        _hold_sound(self.matcher)
        bits = np.unpackbits(mask, bitorder="little")
        return np.pad(bits, (0, max(0, self.language.vocabulary - len(bits))))[: self.language.vocabulary]

    def _chosen(self, logits: torch.Tensor, generator: torch.Generator) -> int:
        import torch

        forbidden = torch.from_numpy(self._allowed() == 0)
        logits = logits[: len(forbidden)].masked_fill(forbidden, -torch.inf)
        if self.manner.temperature == 0:
            return int(logits.argmax())
        chances = torch.softmax(logits / self.manner.temperature, dim=-1)
        return int(torch.multinomial(chances, 1, generator=generator))

    def _take(self, token: int) -> None:
        self.matcher.consume_token(token)
        _hold_sound(self.matcher)
        self.written.append(token)

    def _forced(self) -> list[int]:
        """Take the tokens that must come next; gives them for the model to read."""
        forced = self.matcher.compute_ff_tokens() if not self.matcher.is_stopped() else []
        for token in forced:
            self._take(token)
        return forced

    def close(self) -> None:
        """End what is begun by the shortest way: lists and texts are closed, what must be there is put in."""
        singles = self._single_bytes()
        closing = 0
        while not self.matcher.is_stopped() and not (self.matcher.is_accepting() and self._allows_end()):
            if not self._forced():
                allowed = self._allowed()
                # In the middle of a letter of several bytes none of the single ones is allowed.
                token = next((one for one in singles if allowed[one]), int(allowed.argmax()))
                if not allowed[token] or closing > MOST_CLOSING:
                    raise Unwritable("the text cannot be brought to an end")
                self._take(token)
            closing += 1

    def _allows_end(self) -> bool:
        return any(self._allowed()[end] for end in self.language.grammar_tokenizer.eos_tokens)

    def _single_bytes(self) -> list[int]:
        """The tokens that are one byte of ASCII, those first that bring an end nearer."""
        seen = self.language.grammar_tokenizer
        found: list[int] = []
        for byte in CLOSERS:
            tokens = seen.greedy_tokenize(chr(byte))
            found += tokens if len(tokens) == 1 else []
        return found

    def text(self) -> str:
        """What was written."""
        seen = self.language.grammar_tokenizer
        return seen.decode_bytes([token for token in self.written if token not in seen.eos_tokens]).decode()
