"""What a client raises: the server's faults as they are, and a sentence where there is no server."""

from __future__ import annotations

from collections.abc import Sequence

import orjson

from diorama.faults import DioramaError, Fault


class ServerError(DioramaError):
    """Raised where the server refused a request; `status` is that of HTTP, `faults` are the server's."""

    def __init__(self, status: int, faults: Sequence[Fault], retry_seconds: float | None = None) -> None:
        super().__init__(faults)
        self.status = status
        self.retry_seconds = retry_seconds
        """Seconds after which the server wants to be asked again, where it says so."""


class Unreachable(DioramaError):
    """Raised where no server answers at the address."""

    def __init__(self, address: str, why: object) -> None:
        message = f"no server answers: {why}; `diorama serve` starts one, DIORAMA_SERVER names another"
        super().__init__([Fault("C002", address, message)])


class Again(Exception):
    """Raised where asking once more may go better: `error` is what else is told, `seconds` what the server wants."""

    def __init__(self, error: DioramaError, seconds: float | None = None) -> None:
        super().__init__(str(error))
        self.error = error
        self.seconds = seconds


def refusal(status: int, content: bytes, retry_after: str | None) -> ServerError:
    """The error in a reply that is not what was asked for: its problem document (RFC 9457), or what can be told."""
    retry = float(retry_after) if retry_after is not None and retry_after.isdecimal() else None
    return ServerError(status, _faults(status, content), retry)


def _faults(status: int, content: bytes) -> list[Fault]:
    try:
        listed = orjson.loads(content)["faults"]
        faults = [Fault(str(one["code"]), str(one["at"]), str(one["message"])) for one in listed]
    except (ValueError, KeyError, TypeError):
        faults = []
    shown = content[:200].decode("utf-8", "replace").strip()
    return faults or [Fault("C003", str(status), f"the server's answer is none of Diorama's: {shown or 'nothing'}")]
