"""The way from the queue to the engine: queued runs are let in one after the other, as far as there is room."""

from __future__ import annotations

import traceback
from collections.abc import Callable

from diorama.faults import DioramaError
from diorama.run.intake import Intake
from diorama.run.options import QueueSettings
from diorama.run.scheduler import engine_fault
from diorama.run.stage import Stage
from diorama.store.queue import Queue
from diorama.store.run_rows import RunRow, RunRows
from diorama.store.turns import Limits


class Turnstile:
    """Takes runs from the queue for a server, on the pump's thread."""

    def __init__(
        self,
        me: str,
        queue: Queue,
        rows: RunRows,
        intake: Intake,
        stage: Stage,
        settings: Callable[[], QueueSettings],
        complain: Callable[[str], None],
    ) -> None:
        self.me = me
        self.queue = queue
        self.rows = rows
        self.intake = intake
        self.stage = stage
        self.settings = settings
        self.complain = complain

    def let_in(self) -> bool:
        """Let the next run begin; False where none waits that may, or there is no room."""
        force, stage = self.settings(), self.stage
        if force.paused:
            return False
        # Set before the look: who queues a run after it sets this again.
        stage.others_wait = False
        if len(stage.going) >= force.max_running:
            stage.others_wait = True
            return False
        if not self.queue.has_waiting():
            return False
        row = self.queue.claim_next(self.me, Limits(force.max_running, force.max_running_per_client))
        if row is None:
            return False
        stage.expect(row.id, row.token)
        self._begin(row)
        return True

    def _begin(self, row: RunRow) -> None:
        try:
            run = self.intake.run_of(row, self.rows.graph(row.id))
            run.seq = self.rows.last_seq(row.id)
        except DioramaError as error:
            self.stage.refuse(row.id, row.token, error.faults)
        except Exception as error:  # what another version wrote down, or a pack's own code
            self.complain(f"run {row.id} could not be planned:\n{traceback.format_exc()}")
            self.stage.refuse(row.id, row.token, [engine_fault(row.id, error)])
        else:
            self.stage.begin(run)
