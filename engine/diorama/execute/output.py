"""What a worker prints, as bounded lines of the call that it makes."""

from __future__ import annotations

LINE_BYTES = 2000
LINES = 1000
"""Of one call; what it prints beyond them is dropped."""
KEPT_LINES = 40
"""The latest lines, kept to be shown where the worker dies."""


class Output:
    """Cuts bytes into lines, and drops what is too much."""

    def __init__(self) -> None:
        self._rest = b""
        self._count = 0
        self.latest: list[str] = []

    @property
    def is_flooding(self) -> bool:
        """Whether the call has printed more than is told."""
        return self._count > LINES

    def begin(self) -> None:
        """A call begins: count anew."""
        self._rest, self._count, self.latest = b"", 0, []

    def feed(self, content: bytes) -> list[str]:
        """The lines that are whole with these bytes, as far as they are told."""
        *whole, self._rest = (self._rest + content).split(b"\n")
        if len(self._rest) > LINE_BYTES:
            whole.append(self._rest)
            self._rest = b""
        return self._told(whole)

    def end(self) -> list[str]:
        """The last line, where it has no end."""
        rest, self._rest = self._rest, b""
        return self._told([rest] if rest else [])

    def _told(self, whole: list[bytes]) -> list[str]:
        room, was_flooding = max(LINES - self._count, 0), self.is_flooding
        self._count += len(whole)
        lines = [line[:LINE_BYTES].decode("utf-8", "replace").rstrip("\r") for line in whole[:room]]
        if self.is_flooding and not was_flooding:
            lines.append(f"(more than {LINES} lines: the rest is dropped)")
        last = [line[:LINE_BYTES].decode("utf-8", "replace") for line in whole[-KEPT_LINES:]]
        self.latest = [*self.latest, *last][-KEPT_LINES:]
        return lines
