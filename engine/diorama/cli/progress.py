"""Live progress on a terminal: what runs, what came from the cache, and how long it will still take."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from diorama.run import events as told

if TYPE_CHECKING:
    from rich.live import Live
    from rich.table import Table


def seconds_text(seconds: float) -> str:
    """Seconds as people say them: `840 ms`, `12.3 s`, `4 min 05 s`."""
    if seconds < 1:
        return f"{seconds * 1000:.0f} ms"
    if seconds < 60:
        return f"{seconds:.1f} s"
    minutes, rest = divmod(round(seconds), 60)
    return f"{minutes} min {rest:02} s"


class Progress:
    """Listens to a run; shows nothing where it is not to be shown."""

    def __init__(self, is_shown: bool) -> None:
        self.is_shown = is_shown
        self.cached = 0
        self.made = 0
        self.left = 0.0
        self.going: dict[tuple[str, int | None], tuple[float, float, float, str]] = {}
        self._live: Live | None = None

    def __enter__(self) -> Progress:
        if self.is_shown:
            from rich.console import Console
            from rich.live import Live

            self._live = Live(
                console=Console(stderr=True), refresh_per_second=10, transient=True, get_renderable=self.draw
            )
            self._live.start()
        return self

    def __exit__(self, *raised: object) -> None:
        if self._live is not None:
            self._live.stop()

    def hear(self, event: told.Event) -> None:
        """Take an event in."""
        match event:
            case told.RunStarted():
                self.left = event.seconds
                self.cached += event.cached
            case told.CallStarted():
                self.going[event.step, event.item] = (time.monotonic(), event.seconds, 0.0, "")
            case told.CallProgress():
                begun = self.going.get((event.step, event.item))
                if begun is not None:
                    self.going[event.step, event.item] = (begun[0], begun[1], event.fraction, event.message)
            case told.CallFinished():
                begun = self.going.pop((event.step, event.item), None)
                self.left -= begun[1] if begun is not None else 0.0
                self.cached += event.cached
                self.made += not event.cached
                self._print(event)
            case told.CallFailed():
                self.going.pop((event.step, event.item), None)
            case _:
                pass

    def _print(self, event: told.CallFinished) -> None:
        if self._live is not None and not event.cached:
            self._live.console.print(
                f"[green]done[/green]   {_place(event.step, event.item)}  [dim]{seconds_text(event.seconds)}[/dim]"
            )

    def draw(self) -> Table:
        """The lines under the log: one a running call, and a sum."""
        from rich.table import Table

        table = Table.grid(padding=(0, 2))
        now = time.monotonic()
        for (step, item), (begun, expected, fraction, message) in sorted(self.going.items(), key=lambda one: one[1][0]):
            shown = f"{fraction:4.0%}" if fraction > 0 else ""
            times = f"{seconds_text(now - begun)} of about {seconds_text(expected)}"
            table.add_row(
                "[cyan]running[/cyan]", _place(step, item), shown, f"[dim]{times}[/dim]", f"[dim]{message}[/dim]"
            )
        spent = sum(min(now - begun, expected) for begun, expected, _, _ in self.going.values())
        left = f"about {seconds_text(max(self.left - spent, 0.0))} of work left"
        table.add_row("", f"{self.made} made, {self.cached} cached", "", f"[dim]{left}[/dim]", "")
        return table


def _place(step: str, item: int | None) -> str:
    return step if item is None else f"{step}[{item}]"
