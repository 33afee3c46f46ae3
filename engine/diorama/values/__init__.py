"""The values that travel between nodes as artefacts: bytes in a standard format."""

from diorama.values.audio import Audio
from diorama.values.image import Image, Mask
from diorama.values.mesh import Material, Mesh, Part
from diorama.values.motion import Clip, Motion
from diorama.values.rig import Rig, Skeleton, SkinnedPart
from diorama.values.scene import Actor, Camera, Environment, Light, Placement, Scene
from diorama.values.splat import Splat
from diorama.values.value import Value
from diorama.values.video import Video

__all__ = [
    "Actor",
    "Audio",
    "Camera",
    "Clip",
    "Environment",
    "Image",
    "Light",
    "Mask",
    "Material",
    "Mesh",
    "Motion",
    "Part",
    "Placement",
    "Rig",
    "Scene",
    "Skeleton",
    "SkinnedPart",
    "Splat",
    "Value",
    "Video",
]
