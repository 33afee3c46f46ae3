"""What can be wrong, as values: a stable code, the place, and one sentence. docs/faults.md lists every code."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from difflib import get_close_matches

CODES: dict[str, tuple[str, str]] = {
    "G001": ("malformed", "The file is not JSON. The line and column of the first thing that is not are given."),
    "G002": ("duplicate key", "An object names the same key twice, so that one of the two values would be lost."),
    "G003": ("not a number", "NaN, an infinity, or an integer beyond 2^53, which readers would not agree on."),
    "G004": ("too large", "The file, or something in it, is beyond a limit; each limit is a setting."),
    "G005": ("too deep", "Objects and lists are nested deeper than the limit."),
    "G006": ("bad text", "A text holds half a surrogate pair and cannot be written as UTF-8."),
    "G007": ("unknown format", "The file's format is newer than this version of Diorama, or no format at all."),
    "G008": ("unknown key", "The document has a key that the format does not know."),
    "G009": ("wrong shape", "Something in the document has another shape than the format gives it."),
    "G010": ("bad name", "A node, parameter, port or result has a name that is not a readable word."),
    "G101": ("unknown node type", "No pack that was found has a node of this type, and no saved graph has this name."),
    "G102": ("unknown port", "The node has no input of this name."),
    "G103": ("missing input", "An input without a default has neither a value nor a wire."),
    "G104": ("wrong type", "A wire or parameter gives a type that does not fit what the port takes."),
    "G105": ("bad value", "A value is outside the range, the choices or the type of the port it is given to."),
    "G106": ("unknown wire source", "A wire, result or target names a node or an output that is not there."),
    "G107": ("cycle", "Nodes wait for each other in a circle; its path is given."),
    "G108": ("unknown parameter", "An input names a parameter that the graph does not have."),
    "G109": ("bad for_each", "A port that for_each names is not there, or receives no list."),
    "G110": ("cannot bypass", "A bypassed node has no input that its output could be passed through from."),
    "G111": ("saved graphs in a circle", "A saved graph contains itself, directly or through another."),
    "G112": ("no results", "The graph has no results and no target was given, so there is nothing to run."),
    "G113": ("missing parameter", "A parameter without a default was given no value."),
    "G114": ("missing file", "A file that an input names is not there or cannot be read."),
    "G115": (
        "missing model weights",
        "The weights that a node loads are not in the models folder, or are not what they should be.",
    ),
    "G116": ("node version", "The file was written for a newer version of the node than the one found."),
    "G117": (
        "missing setting",
        "A setting that a node cannot do without, such as an address, is not made or unusable.",
    ),
    "G118": ("missing package", "Python packages that a node loads its weights with are not installed."),
    "R001": ("node failed", "A node raised an error; the traceback is in the log."),
    "R002": ("bad input", "A node refused what it was given."),
    "R003": ("time limit", "A call took longer than its time limit."),
    "R004": ("bad output", "A node gave something else than its signature says."),
    "R005": ("length mismatch", "Lists that are zipped by for_each have different lengths."),
    "R006": (
        "no space",
        "The disk is full; nothing half-written was kept, and the same run goes on once there is room.",
    ),
    "R007": ("too many items", "A list given to for_each has more items than the limit."),
    "R008": ("engine failed", "Diorama itself failed while it worked on the run; the traceback is in the log."),
    "R009": ("out of memory", "A call took more memory than there is, or than it may take."),
    "R010": ("worker died", "The process that made a call died: it crashed, was killed, or broke off what it said."),
    "R011": ("lease lost", "A call used a device that had been given to another meanwhile, and was stopped."),
    "R012": ("device memory low", "Every GPU has less free memory than a call is started with; others use the rest."),
    "R013": ("no device", "No device is there that could make the call, or none of them answers any more."),
    "R014": ("server ended", "The server of a run ended under it, and the run was saved as failed."),
    "S001": ("store not usable", "The store's folder cannot be written, or is no folder."),
    "S002": ("store of a newer version", "The database was written by a newer version of Diorama."),
    "S003": ("store busy", "Another process holds the database longer than the wait allows."),
    "S004": ("database damaged", "The database file is not one, or is damaged; it is never replaced."),
    "S005": ("database gone", "The server of the database cannot be reached, or went away."),
    "Q001": ("no such thing", "A run, batch, graph, project or artefact is asked for that is not there."),
    "Q002": ("wrong state", "A run's state does not allow what is asked of it."),
    "Q003": ("key used before", "An idempotency key came again with another request than the first time."),
    "Q004": ("cannot move", "A run cannot be put before or after one of another client: clients take turns."),
    "Q005": ("bad setting", "A setting is not one that there is, or its value cannot be."),
    "Q006": ("another version", "A saved graph was changed by someone else since it was read."),
    "Q007": ("name taken", "A project is to have the name that another one has."),
    "Q008": ("bad batch", "The lists of values of a batch do not make runs: one is empty, or zipped ones differ."),
    "L001": ("lock mismatch", "Something differs from what the lock file was written with."),
    "L002": ("no lock", "A locked run was asked for, but there is no usable lock file."),
    "C001": ("unusable argument", "A command-line argument names nothing that is there."),
    "C002": ("no server", "No server answers at the address that was given."),
    "C003": ("not understood", "What answered is no server of Diorama, or one of a version that says other things."),
    "H001": ("bad request", "A part of a request has another shape than the API gives it."),
    "H002": ("not found", "There is nothing of this name or at this address."),
    "H003": ("method not allowed", "The address takes other methods than the one used."),
    "H004": ("unmet condition", "A condition such as `If-Match` names what cannot be, so that it never holds."),
    "H005": ("condition wanted", "What would overwrite something must say in `If-Match` which version it means."),
    "H006": ("body too large", "The request's body is larger than the limit."),
    "H007": ("unknown media type", "The request's body is of another media type than is taken."),
    "H008": ("not ready", "The server cannot take this now; `Retry-After` says when to ask again."),
    "H009": ("server error", "The server met an error of its own; its log has more."),
    "H010": ("busy", "The store is being looked after already; one chore goes at a time."),
    "A001": ("unknown host", "The request's Host header is none of the names that the server answers to."),
    "A002": ("foreign page", "A browser sends the request for a page of another site."),
    "A003": ("key wanted", "The request carries no API key, and the server wants one."),
    "A004": ("key not valid", "The API key or ticket is unknown, expired, used or revoked."),
    "A005": ("scope missing", "The API key does not reach as far as the request."),
    "A006": ("keys unreadable", "The store of API keys cannot be read, so nobody is let in."),
    "A007": ("open to others", "The server would be reachable by other machines without wanting a key of them."),
    "A008": ("link not valid", "The link to a scene was changed, has expired or was taken back."),
    "U001": ("bad file name", "A file's name is none that every system takes, or would leave its folder."),
    "U002": ("wrong size", "A file is larger than the limit, or than it was announced to be."),
    "U003": ("wrong offset", "A part of an upload does not begin where the upload ends, or two are sent at once."),
    "U004": ("wrong digest", "A file that came in whole hashes to something else than was announced."),
    "U005": ("unsound file", "A file cannot be opened as what it is taken for, or goes beyond a limit."),
    "U006": ("bytes gone", "The bytes of an artefact are missing or damaged; a run of its graph makes them anew."),
    "U007": ("no picture", "There is nothing to see of an artefact, or it cannot be opened."),
    "U008": ("no such bytes", "A `Range` asks for bytes beyond the end."),
}
"""Every code with its name and meaning; the same for the command line, HTTP and the editor."""

TITLES = {
    "G": "Graphs: told before anything runs",
    "R": "Runs: told of a call that failed",
    "S": "The store",
    "Q": "The queue and what the service keeps",
    "L": "Lock files",
    "C": "The command line",
    "H": "HTTP: told of a request",
    "A": "Access: requests that are not let in",
    "U": "Files that come in and go out",
}
"""Headings of the page of faults, by the letter that codes begin with."""


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing that is wrong. `at` is a JSON pointer (RFC 6901) into the graph document, or the place in words."""

    code: str
    at: str
    message: str

    def __str__(self) -> str:
        return f"{self.code} {self.at or '/'}: {self.message}"


class BadInput(ValueError):
    """Raised by a node or codec for input that it refuses; carries one plain sentence for the user."""


class DioramaError(Exception):
    """Raised where work cannot start or go on; carries every fault that was found."""

    def __init__(self, faults: Sequence[Fault]) -> None:
        self.faults = tuple(faults)
        super().__init__("\n".join(str(fault) for fault in faults))


def failure(code: str, at: str, message: str) -> DioramaError:
    """An error that carries a single fault."""
    return DioramaError([Fault(code, at, message)])


def faults_json(faults: Sequence[Fault]) -> list[dict[str, str]]:
    """Faults for records and machine-readable output."""
    return [{"code": fault.code, "at": fault.at, "message": fault.message} for fault in faults]


def pointer(*steps: str | int) -> str:
    """A JSON pointer, its steps escaped (RFC 6901)."""
    return "".join("/" + str(step).replace("~", "~0").replace("/", "~1") for step in steps)


MOST_FOUND = 10_000
"""Faults that are told of one document: a hostile one could have half a million."""


def note(found: list[Fault], fault: Fault) -> None:
    """Add a fault to those found; beyond `MOST_FOUND` it is only told that there are more."""
    if len(found) < MOST_FOUND:
        found.append(fault)
    elif len(found) == MOST_FOUND:
        found.append(Fault("G004", "", f"there are more faults than the {MOST_FOUND:,} that are told"))


MOST_WORDS = 1000
"""Among more words than this no near miss is looked for: it would take seconds."""
MOST_HINTS = 20
"""A document with more faults than this gets no further hints, for the same reason."""


def did_you_mean(given: str, known: Collection[str]) -> str:
    """A question that names the nearest of the known words, or nothing where none is near."""
    if len(known) > MOST_WORDS:
        return ""
    near = get_close_matches(given[:200], known, n=1, cutoff=0.6)
    return f"; did you mean {near[0]!r}?" if near else ""


def page() -> str:
    """The page docs/faults.md: every code with its name and meaning; that it is in step is tested."""
    intro = (
        "Each fault has a code that stays, the place it concerns, and a sentence that says what is given and wanted."
    )
    lines = ["# Faults", "", intro, "Written by `python -m diorama.faults > docs/faults.md`."]
    for letter, title in TITLES.items():
        lines += ["", f"## {title}", "", "| code | name | meaning |", "|---|---|---|"]
        lines += [f"| {code} | {name} | {meaning} |" for code, (name, meaning) in CODES.items() if code[0] == letter]
    return "\n".join(lines) + "\n"


if __name__ == "__main__":
    print(page(), end="")
