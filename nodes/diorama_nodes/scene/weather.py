"""Sky, air and the light of sun or moon, from the time of day and the weather."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from diorama.values import Environment, Light
from diorama.values.mesh import Rgb
from diorama.values.scene import Vector
from diorama_nodes.plan.schema import EnvironmentSpec, LightSpec, TimeOfDay
from diorama_nodes.scene.textures import linear


@dataclass(frozen=True, slots=True)
class Hour:
    """What the sky gives at one time of day: sRGB colours, the light's strength, and where it stands."""

    zenith: str
    horizon: str
    sky: float
    """Factor on both colours."""
    light: str
    strength: float
    height: float
    """Degrees above the horizon."""
    side: float
    """Degrees from straight ahead, growing to the right: 180 is behind the viewer."""
    exposure: float = 1.0
    stars: float = 0.0


HOURS: dict[TimeOfDay, Hour] = {
    "dawn": Hour("#4f6fae", "#ffc9a0", 0.6, "#ffab7a", 4.6, 11.0, 62.0, 1.15),
    "morning": Hour("#4f8fdc", "#d9e8f5", 0.95, "#ffe3bd", 4.2, 32.0, 120.0),
    "noon": Hour("#3a7fd8", "#cfe4f7", 1.0, "#fff6e6", 5.0, 62.0, 140.0),
    "afternoon": Hour("#4488d8", "#dfe6ea", 0.95, "#ffeccb", 4.6, 42.0, -125.0),
    "golden_hour": Hour("#4f76b8", "#ffc27d", 0.6, "#ffa04d", 7.0, 15.0, -104.0, 1.1),
    "dusk": Hour("#33446f", "#f29a72", 0.5, "#ff9460", 1.8, 8.0, -74.0, 1.3, 0.15),
    "evening": Hour("#26365f", "#d98a6a", 0.46, "#ff9a6c", 2.4, 11.0, 118.0, 1.35, 0.2),
    "night": Hour("#0e1a38", "#26375c", 0.55, "#a9c2ff", 0.8, 38.0, 38.0, 1.5, 1.0),
    "midnight": Hour("#0a1330", "#1d2b4f", 0.5, "#a9c2ff", 0.5, 46.0, 24.0, 1.6, 1.0),
}
SPACE = Hour("#03050c", "#070b16", 0.5, "#fff3e0", 4.2, 24.0, -64.0, 1.0, 1.0)
"""Where no air scatters the sunlight."""
NIGHTS = frozenset({"night", "midnight"})
CLOUDED = frozenset({"rain", "storm", "snow", "fog", "mist", "cloudy"})
STRENGTHS = {"dim": 0.5, "normal": 1.0, "bright": 2.0}


def hour_of(spec: EnvironmentSpec) -> Hour:
    """What the sky gives at the time of day; the same at all times in space."""
    return SPACE if spec.setting == "outdoor" and spec.place in ("space", "moon") else HOURS[spec.time_of_day]


def environment_of(spec: EnvironmentSpec, is_lit: bool) -> Environment:
    """The sky and air of a place; `is_lit` where many lamps of its own light a night."""
    hour = hour_of(spec)
    weather = set(spec.weather)
    grey = 0.55 if weather & {"rain", "storm", "snow"} else 0.4 if weather & {"fog", "mist", "cloudy"} else 0.0
    zenith = _greyed(linear(hour.zenith), hour.sky, grey)
    horizon = _greyed(linear(hour.horizon), hour.sky, grey)
    fog = max((DENSITIES[name] for name in weather if name in DENSITIES), default=0.0015)
    if spec.setting == "indoor":
        return _indoor(spec, zenith, horizon, hour)
    ambient = _scaled(_mixed(zenith, horizon, 0.4), 1.7 if spec.time_of_day in NIGHTS else 1.0)
    air = _mixed(horizon, (0.75, 0.62, 0.42), 0.5) if "dust" in weather else horizon
    if spec.place == "underwater":
        dim = 0.35 if spec.time_of_day in NIGHTS else 1.0
        air, horizon, zenith = (_scaled(one, dim) for one in ((0.03, 0.2, 0.27), (0.04, 0.26, 0.34), (0.12, 0.5, 0.58)))
        ambient, fog = _scaled((0.16, 0.4, 0.46), dim), 0.055
    if is_lit and spec.time_of_day in NIGHTS:
        # Lamps light the mist of a town from within: it is brighter than its sky, and bluer than the lamps.
        air = (0.022, 0.044, 0.080)
        horizon, zenith, ambient = (0.035, 0.05, 0.085), (0.010, 0.015, 0.032), (0.028, 0.036, 0.060)
    return Environment(
        setting="outdoor",
        sky_zenith=zenith,
        sky_horizon=horizon,
        ambient=_scaled(ambient, 1.0),
        fog_color=_scaled(air, 0.9),
        fog_density=fog,
        wetness=0.85 if weather & {"rain", "storm"} else 0.25 if weather & {"mist", "fog"} else 0.0,
        rain=1.0 if "storm" in weather else 0.7 if "rain" in weather else 0.0,
        snow=0.7 if "snow" in weather else 0.0,
        stars=0.0 if weather & CLOUDED else hour.stars,
        exposure=hour.exposure,
    )


DENSITIES = {"fog": 0.024, "mist": 0.028, "rain": 0.014, "storm": 0.02, "snow": 0.016, "dust": 0.011, "cloudy": 0.004}
"""Extinction a metre."""


def _indoor(spec: EnvironmentSpec, zenith: Rgb, horizon: Rgb, hour: Hour) -> Environment:
    is_night = spec.time_of_day in NIGHTS
    ambient = (0.05, 0.052, 0.065) if is_night else (0.27, 0.27, 0.28)
    if spec.time_of_day in ("dusk", "evening", "dawn"):
        ambient = (0.15, 0.14, 0.15)
    return Environment(
        setting="indoor",
        sky_zenith=zenith,
        sky_horizon=horizon,
        ambient=ambient,
        fog_color=_scaled(horizon, 0.5),
        fog_density=0.02 if set(spec.weather) & {"mist", "fog", "dust"} else 0.0,
        exposure=1.15 if is_night else 1.0,
    )


def luminary(spec: EnvironmentSpec, lights: tuple[LightSpec, ...]) -> Light:
    """Sun or moon, softened by clouds."""
    hour = hour_of(spec)
    strength = hour.strength * (0.4 if set(spec.weather) & CLOUDED else 1.0)
    name = "moon" if spec.time_of_day in NIGHTS else "sun"
    color = hour.light
    for light in lights:
        if light.kind == name:
            color, strength = light.color or color, max(strength, hour.strength) * STRENGTHS[light.strength]
    return Light(name, "directional", linear(color), strength, direction=toward_ground(hour.height, hour.side))


def toward_ground(height: float, side: float) -> Vector:
    """The way of light from a place in the sky, in degrees above the horizon and to the right of straight ahead."""
    up, turn = np.radians(height), np.radians(side)
    x, y, z = np.sin(turn) * np.cos(up), np.sin(up), -np.cos(turn) * np.cos(up)
    return float(-x), float(-y), float(-z)


def _greyed(color: Rgb, factor: float, grey: float) -> Rgb:
    mean = 0.2126 * color[0] + 0.7152 * color[1] + 0.0722 * color[2]
    return _scaled(_mixed(color, (mean * 0.95, mean, mean * 1.06), grey), factor)


def _mixed(first: Rgb, second: Rgb, part: float) -> Rgb:
    red, green, blue = (a + (b - a) * part for a, b in zip(first, second, strict=True))
    return red, green, blue


def _scaled(color: Rgb, factor: float) -> Rgb:
    return color[0] * factor, color[1] * factor, color[2] * factor
