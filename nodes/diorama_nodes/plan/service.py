"""The service that plans are asked of: any that speaks the chat completions of OpenAI, as this machine's settings say.

Address, model and key are settings of the machine, not of a graph: a graph that comes from elsewhere must not send
prompts, or a key, to where its author likes.
"""

from __future__ import annotations

import os
from dataclasses import dataclass, field
from typing import Final
from urllib.parse import SplitResult, urlsplit

from diorama.faults import BadInput
from diorama.node import Outside

ADDRESS: Final = "DIORAMA_PLANNER_ADDRESS"
MODEL: Final = "DIORAMA_PLANNER_MODEL"
KEY: Final = "DIORAMA_PLANNER_KEY"
ALLOWED: Final = "DIORAMA_PLANNER_ALLOWED"
HOW: Final = f"set {ADDRESS} to one such as http://127.0.0.1:11434/v1, and {MODEL} to a model that it serves"


@dataclass(frozen=True, slots=True)
class PlanningService:
    """Where plans are asked for, and of which model. The key is shown nowhere and enters nothing that is kept."""

    address: str
    """Up to and with the version, without a slash at the end."""
    model: str
    key: str = field(default="", repr=False)

    @property
    def completions(self) -> str:
        """The address that conversations are posted to."""
        return f"{self.address}/chat/completions"

    def without_key(self, text: str) -> str:
        """A text with the key taken out, wherever a service repeats it."""
        return text.replace(self.key, "[key]") if self.key else text


def configured(address: str = "", model: str = "") -> PlanningService:
    """The service of this machine's settings; raises `BadInput` where there is none, or another is not allowed.

    A graph may name another address only if the machine lists it in `DIORAMA_PLANNER_ALLOWED`; it is sent no key.
    """
    own = os.environ.get(ADDRESS, "").strip()
    own = _address(own, ADDRESS) if own else ""
    chosen = _address(address, "the address") if address else own
    if not chosen:
        raise BadInput(f"no address is set; {HOW}")
    if chosen != own and chosen not in allowed():
        raise BadInput(
            f"the graph names {chosen}, which this machine does not allow; add it to {ALLOWED} if you trust it"
        )
    named = model or (os.environ.get(MODEL, "").strip() if chosen == own else "")
    if not named:
        raise BadInput(f"no model is named for {chosen}; {HOW}")
    return PlanningService(chosen, named, os.environ.get(KEY, "").strip() if chosen == own else "")


def allowed() -> frozenset[str]:
    """Other addresses that a graph may name, as the machine's settings list them."""
    listed = os.environ.get(ALLOWED, "").replace(",", " ").split()
    return frozenset(_address(one, ALLOWED) for one in listed)


def _address(text: str, what: str) -> str:
    """An address in one form; raises `BadInput` for what is none, or holds a name and password."""
    try:
        parts = urlsplit(text.strip())
        port = parts.port
    except ValueError:
        raise BadInput(f"{what} is no address; {HOW}") from None
    if parts.scheme not in ("http", "https") or not parts.hostname or parts.query or parts.fragment:
        raise BadInput(f"{what} is no address that begins with http:// or https://, without ? and #; {HOW}")
    if parts.username or parts.password:
        raise BadInput(f"{what} holds a name or password; a key belongs into {KEY}")
    return SplitResult(parts.scheme, _host(parts.hostname, port), parts.path.rstrip("/"), "", "").geturl()


def _host(name: str, port: int | None) -> str:
    bare = f"[{name}]" if ":" in name else name.lower()
    return f"{bare}:{port}" if port is not None else bare


def _identity() -> str:
    service = configured()
    return f"{service.address} {service.model}"


SERVICE: Final = Outside("a planning service", _identity)
"""What a plan by a service hangs on beyond its inputs; the key is no part of it."""
