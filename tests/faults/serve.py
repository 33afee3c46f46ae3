"""`python -m tests.faults.serve OPTIONS`: a server of the fault tests' nodes in a process of its own.

OPTIONS is JSON: `store`, `port`, and settings of the service. Prints its address when it takes requests.
"""

from __future__ import annotations

import sys
from pathlib import Path

import orjson

from diorama.cli.serve import settle_process
from diorama.execute.pool import PoolOptions
from diorama.execute.processes import ProcessExecutor
from diorama.execute.transport import Transport
from diorama.run.options import ServiceOptions
from diorama.run.service import Service
from diorama.server.app import create_app
from diorama.server.options import ServerOptions
from diorama.server.serve import address_of, bound_socket, serve
from diorama.store.calls import CallStore
from tests.faults.nodes import PLACE, catalogue


def main(options: str) -> None:
    """Serve until a signal comes."""
    given = orjson.loads(options)
    settle_process()
    store = CallStore(Path(given["store"]), database=given.get("database"), busy_seconds=given["busy_seconds"])
    executor = ProcessExecutor(
        Transport(store.blobs), trusted=frozenset({"f"}), options=PoolOptions(cpu_workers=2, catalogue=PLACE)
    )
    listening = bound_socket("127.0.0.1", given["port"])
    chosen = ServiceOptions(**given.get("service", {}))
    with Service(store, catalogue=catalogue(), executor=executor, options=chosen) as service:
        server = ServerOptions(port=given["port"])
        serve(create_app(service, server), server, listening, lambda: print(address_of(listening), flush=True))


if __name__ == "__main__":
    main(sys.argv[1])
