"""The API against requests made up from its own description: what it says of itself holds."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

from tests.support.properties import LONGER
from tests.support.served import Serving

CONFIG = Path(__file__).with_name("schemathesis.toml")
EXAMPLES = 5
SECONDS = 240.0


def test_what_the_api_says_of_itself_holds(real: Serving, tmp_path: Path) -> None:
    program = str(Path(sys.executable).with_name("st"))
    # The same requests every time: no database of earlier ones, one seed.
    settings = ["--generation-database", "none", "--seed", "1", "--max-examples", str(EXAMPLES * LONGER)]
    told = subprocess.run(
        [program, "--config-file", str(CONFIG), "run", f"{real.address}/api/v1/openapi.json", "--no-color", *settings],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        timeout=SECONDS * LONGER,
        check=False,
    )
    assert told.returncode == 0, told.stdout[-20_000:]
    made = re.search(r"(\d+) generated, (\d+) passed", told.stdout)
    assert made is not None
    assert int(made[1]) == int(made[2]) > 500
