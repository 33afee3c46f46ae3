"""The inspecting process: reads requests from standard input, a line of JSON each, and answers each with a line.

It is bounded in memory by the system, so that a file which unpacks without end ends in a MemoryError here; time is
watched by the server, which kills it. Run as `python -m diorama.server.inspection.child BYTES SECONDS`.
"""

from __future__ import annotations

import os
import select
import sys
from pathlib import Path

import orjson

from diorama.faults import BadInput, DioramaError


def main() -> None:
    """Answer until nothing more comes, or nothing came for so many seconds."""
    most_bytes, idle_seconds = int(sys.argv[1]), float(sys.argv[2])
    _bound(most_bytes)
    # What a library prints must not come between the answers.
    answers = os.fdopen(os.dup(1), "wb", buffering=0)
    os.dup2(2, 1)
    while select.select([0], [], [], idle_seconds)[0]:
        line = sys.stdin.buffer.readline()
        if not line:
            return
        answers.write(orjson.dumps(answer(orjson.loads(line))) + b"\n")


def answer(request: dict[str, str]) -> dict[str, object]:
    """What is found in a file, or the sentence that says why nothing is."""
    try:
        return _answer(request)
    except (BadInput, DioramaError) as error:
        return {"fault": str(error)}
    except MemoryError:
        return {"fault": "the file takes more memory to open than is given to it"}
    except RecursionError:
        return {"fault": "what is in the file is nested too deep"}
    except Exception as error:  # a library may raise anything over a file that was made to break it
        return {"fault": f"the file cannot be opened: {type(error).__name__}"}


def _answer(request: dict[str, str]) -> dict[str, object]:
    path = Path(request["path"])
    if request["do"] == "thumbnail":
        from diorama.server.inspection.thumbnails import write_thumbnail

        return write_thumbnail(path, request["type"], int(request["size"]), Path(request["target"]))
    if request["do"] == "bones":
        return _write_bones(path, Path(request["target"]))
    if request["do"] == "graph":
        return _write_graph(path, Path(request["target"]))
    from diorama.server.inspection.contents import inspected

    return dict(inspected(path, request["name"], request.get("type")))


def _write_graph(path: Path, target: Path) -> dict[str, object]:
    from diorama.embed import extract_graph

    try:
        document = extract_graph(path.read_bytes())
    except BadInput:
        # What is damaged as a file of its kind is told when it is opened as one; here it only holds no graph.
        document = None
    if document is not None:
        target.write_bytes(document)
    return {"found": document is not None}


def _write_bones(path: Path, target: Path) -> dict[str, object]:
    from diorama.values.glb_bones import write_bones
    from diorama.values.motion import Motion

    return {"size": target.write_bytes(write_bones(Motion.decode(path.read_bytes())))}


def _bound(most_bytes: int) -> None:
    """Bound the memory of this process, where the system can, and leave no core file behind."""
    try:
        import resource
    except ImportError:
        return
    resource.setrlimit(resource.RLIMIT_AS, (most_bytes, most_bytes))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


if __name__ == "__main__":
    main()
