"""How a skeleton moves, written as npz."""

from __future__ import annotations

import io
import zipfile
from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar, Self

import numpy as np
import orjson

from diorama.faults import BadInput
from diorama.limits import limits
from diorama.values.canonical import unit_rows
from diorama.values.mesh import Floats
from diorama.values.rig import Skeleton
from diorama.values.value import Value

if TYPE_CHECKING:
    from pydantic import JsonValue

Flags = np.ndarray[tuple[int, ...], np.dtype[np.bool_]]


@dataclass(frozen=True, slots=True)
class Clip:
    """A named stretch of a motion, in seconds from its start."""

    name: str
    start: float
    end: float


@dataclass(frozen=True, slots=True, eq=False)
class Motion(Value):
    """A skeleton's pose for each frame, in the world.

    root: (frames, 3) float32, the root joint's place in metres; rotations: (frames, joints, 4) float32,
    local quaternions (x, y, z, w), which are brought to length one; contacts: (frames, 2) bool, whether the
    left and the right foot stand on the ground.
    """

    type_name: ClassVar[str] = "motion"
    media_type: ClassVar[str] = "application/x-npz"
    suffix: ClassVar[str] = ".npz"

    skeleton: Skeleton
    fps: float
    root: Floats
    rotations: Floats
    contacts: Flags
    clips: tuple[Clip, ...] = ()

    def __post_init__(self) -> None:
        frames, joints = len(self.root), len(self.skeleton.names)
        if self.root.shape != (frames, 3) or self.rotations.shape != (frames, joints, 4):
            raise ValueError(f"root {self.root.shape} and rotations {self.rotations.shape} do not fit {joints} joints")
        if self.contacts.shape != (frames, 2):
            raise ValueError(f"contacts are {self.contacts.shape}, but {(frames, 2)} is wanted")
        object.__setattr__(self, "root", self.root.astype(np.float32, copy=False))
        rotations = self.rotations.astype(np.float32, copy=False)
        object.__setattr__(self, "rotations", unit_rows(rotations, (0.0, 0.0, 0.0, 1.0)))
        object.__setattr__(self, "contacts", self.contacts.astype(np.bool_, copy=False))

    @property
    def seconds(self) -> float:
        """How long the motion lasts: from its first frame to its last."""
        return max(len(self.root) - 1, 0) / self.fps

    def encode(self) -> bytes:
        """The motion as npz: five arrays and one JSON text."""
        facts = {
            "fps": self.fps,
            "names": self.skeleton.names,
            "parents": self.skeleton.parents,
            "clips": [[clip.name, clip.start, clip.end] for clip in self.clips],
        }
        buffer = io.BytesIO()
        np.savez_compressed(
            buffer,
            facts=np.frombuffer(orjson.dumps(facts), np.uint8),
            offsets=self.skeleton.offsets,
            root=self.root,
            rotations=self.rotations,
            contacts=self.contacts,
        )
        return buffer.getvalue()

    @classmethod
    def decode(cls, content: bytes) -> Self:
        """The motion in an npz that `encode` wrote."""
        try:
            with zipfile.ZipFile(io.BytesIO(content)) as archive:
                unpacked = sum(entry.file_size for entry in archive.infolist())
            if unpacked > limits().max_file_bytes:
                raise BadInput(f"the motion unpacks to {unpacked:,} bytes, beyond the limit")
            with np.load(io.BytesIO(content), allow_pickle=False) as arrays:
                facts = orjson.loads(arrays["facts"].tobytes())
                skeleton = Skeleton(tuple(facts["names"]), tuple(facts["parents"]), arrays["offsets"])
                clips = tuple(Clip(name, start, end) for name, start, end in facts["clips"])
                return cls(skeleton, facts["fps"], arrays["root"], arrays["rotations"], arrays["contacts"], clips)
        except (OSError, ValueError, KeyError, TypeError, zipfile.BadZipFile) as error:
            raise BadInput(f"no motion can be read: {error}") from error

    def describe(self) -> dict[str, JsonValue]:
        """Seconds, frames, joints, and the names of the clips."""
        names: list[JsonValue] = [clip.name for clip in self.clips]
        return {
            "seconds": round(self.seconds, 3),
            "frames": len(self.root),
            "joints": len(self.skeleton.names),
            "clips": names,
        }
