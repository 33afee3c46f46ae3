"""A driver that reports invented GPUs, for children of the tests: the real pynvml runs on it."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

GIB = 2**30
SOURCE = Path(__file__).with_name("fake_nvml.c")


@dataclass(frozen=True)
class FakeGpu:
    """A line of the file that the driver reads."""

    name: str = "Invented GPU"
    uuid: str = "GPU-aaaa"
    total: float = 24 * GIB
    used: float = 1 * GIB
    utilisation: int = 7
    celsius: int = 41
    pid: int = 0
    held: float = 0

    def line(self) -> str:
        """As it is written."""
        numbers = (self.total, self.used, self.utilisation, self.celsius, self.pid, self.held)
        return f"{' '.join(str(int(number)) for number in numbers)} {self.uuid} {self.name}\n"


class FakeDriver:
    """The compiled library in a folder of its own, and the file that it reads."""

    def __init__(self, folder: Path, is_old: bool = False) -> None:
        compiler = shutil.which("cc") or shutil.which("gcc")
        assert compiler is not None, "a C compiler is wanted"
        self.folder = folder
        self.gpus_file = folder / "gpus"
        folder.mkdir(exist_ok=True)
        options = ["-DFAKE_NVML_OLD"] if is_old else []
        library = folder / "libnvidia-ml.so.1"
        subprocess.run(
            [compiler, "-shared", "-fPIC", "-O1", "-Wall", "-Werror", *options, "-o", str(library), str(SOURCE)],
            check=True,
            timeout=60,
        )

    def tell(self, gpus: Sequence[FakeGpu]) -> None:
        """Let the driver report these from now on."""
        temporary = self.folder / "gpus.new"
        temporary.write_text("".join(gpu.line() for gpu in gpus))
        temporary.replace(self.gpus_file)

    @property
    def environment(self) -> Mapping[str, str]:
        """Variables of a child that finds this driver."""
        return {**os.environ, "LD_LIBRARY_PATH": str(self.folder), "FAKE_NVML": str(self.gpus_file)}
