"""A local language model: loaded from a folder in the public layout, with what reads and writes its tokens."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from pydantic import JsonValue

from diorama.faults import BadInput
from diorama.model import Placement
from diorama.models.registry import model_of
from diorama_nodes.models.loading import hold_plain, network, stay_local_and_quiet, torch_dtype, whole_model
from diorama_nodes.models.weights import QWEN_WEIGHTS

if TYPE_CHECKING:
    from llguidance import LLTokenizer


@dataclass(frozen=True, slots=True)
class LanguageModel:
    """A loaded language model."""

    model: Any
    tokenizer: Any
    grammar_tokenizer: LLTokenizer
    """The same tokens as the decoder's grammar sees them."""
    device: str

    @property
    def layers(self) -> list[Any]:
        """The layers that compute one after the other."""
        return list(self.model.get_decoder().layers)

    @property
    def vocabulary(self) -> int:
        """How many tokens it chooses among."""
        return int(self.model.config.get_text_config().vocab_size)

    @property
    def longest(self) -> int:
        """How many tokens it can look back at, prompt and answer together."""
        return int(self.model.config.get_text_config().max_position_embeddings)

    def tokens(self, messages: Sequence[dict[str, JsonValue]]) -> list[int]:
        """A conversation as the model was trained to read it, up to where its own answer begins."""
        if self.tokenizer.chat_template is not None:
            text = self.tokenizer.apply_chat_template(list(messages), tokenize=False, add_generation_prompt=True)
        else:
            text = "\n\n".join(f"{one['role']}: {one['content']}" for one in messages) + "\n\nassistant: "
        ids: list[int] = self.tokenizer(text, add_special_tokens=False)["input_ids"]
        return ids


def load_language_model(placement: Placement) -> LanguageModel:
    """Load the planner's language model; raises `BadInput` where its files are missing, damaged or incomplete."""
    hold_plain(placement)
    stay_local_and_quiet()
    import llguidance.hf
    from transformers import AutoModelForCausalLM, AutoTokenizer

    folder = whole_model(QWEN_WEIGHTS).folder
    model = network(AutoModelForCausalLM, folder, torch_dtype(placement.dtype, placement.device))
    try:
        tokenizer = AutoTokenizer.from_pretrained(folder, local_files_only=True)
        seen = llguidance.hf.from_tokenizer(tokenizer, n_vocab=model.config.get_text_config().vocab_size)
    except (OSError, ValueError) as error:
        raise BadInput(f"the tokenizer in {folder} cannot be used: {error}") from error
    if placement.device != "cpu" and placement.offload != "none":
        from accelerate import cpu_offload

        model = cpu_offload(model, execution_device=placement.device)
    else:
        model.to(placement.device)
    return LanguageModel(model, tokenizer, seen, placement.device)


PLANNER: Final = model_of(QWEN_WEIGHTS, load_language_model, gib=2.88, dtype="bfloat16")
