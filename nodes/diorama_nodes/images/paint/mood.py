"""The colours of a time of day, changed by weather, season, style and the plan's own palette."""

from __future__ import annotations

from dataclasses import dataclass

from diorama_nodes.images.colour import Rgb, mix, rgb
from diorama_nodes.plan.schema import EnvironmentSpec

HOURS: dict[str, tuple[str, str, str, str, str, float]] = {
    # sky above, between, at the horizon; light; the darkest near thing; how bright the day is
    "dawn": ("#42528a", "#c88d96", "#fbd3a0", "#ffc790", "#272338", 0.62),
    "morning": ("#5f9ad6", "#a5cdec", "#f7edd4", "#fff0cf", "#2c3c3e", 0.95),
    "noon": ("#3a82cf", "#7ab7ea", "#d6eef8", "#fffbe8", "#27402f", 1.0),
    "afternoon": ("#4a88c6", "#98c3e2", "#f5e4bf", "#ffeec4", "#2c3a34", 0.95),
    "golden_hour": ("#4a679c", "#e3a274", "#ffd68e", "#ffb85f", "#33231f", 0.78),
    "dusk": ("#2a2a58", "#8d5080", "#f48c66", "#ff9a6a", "#191427", 0.48),
    "evening": ("#1c2149", "#4f4076", "#cc766c", "#ffb07a", "#11101f", 0.36),
    "night": ("#0a1126", "#17264f", "#30436f", "#c4d6ff", "#05070f", 0.2),
    "midnight": ("#05070f", "#0c152d", "#1b2749", "#aebfe6", "#030408", 0.14),
}
STYLES: dict[str, tuple[str, str, tuple[str, ...]]] = {
    # tint of the upper sky and of the horizon; accents
    "cyber": ("#140a33", "#a22b7c", ("#ff2d78", "#19e3ff", "#b44bff", "#ff8a1f", "#37ff8b")),
    "neon": ("#140a33", "#a22b7c", ("#ff2d78", "#19e3ff", "#b44bff", "#ffe14d")),
    "synth": ("#23104f", "#ff4f9a", ("#ff4fd8", "#2de2e6", "#f6c945")),
    "sci": ("#0f1d3a", "#3e8fa8", ("#7df9ff", "#9dff7a", "#ffb347")),
    "futur": ("#0f1d3a", "#3e8fa8", ("#7df9ff", "#c4b5ff", "#ffb347")),
    "fantas": ("#3a2a6e", "#f2b6d0", ("#ffd76e", "#8ff0d0", "#d7a6ff")),
    "magic": ("#3a2a6e", "#f2b6d0", ("#ffd76e", "#8ff0d0", "#d7a6ff")),
    "noir": ("#15171b", "#7f858c", ("#f2ead8", "#d9dde2")),
    "steam": ("#3d3027", "#d9a066", ("#ffb347", "#e8743b")),
    "mediev": ("#4a4a55", "#e0bf93", ("#ffb45e", "#ff8c42")),
    "horror": ("#14100f", "#5e2a2a", ("#ff4a3d", "#c9d37a")),
}
AIR: dict[str, tuple[str, float]] = {
    # grey that the weather mixes into the sky, and how much of it
    "cloudy": ("#9aa6b2", 0.35),
    "rain": ("#6f7f8f", 0.45),
    "storm": ("#4a5362", 0.65),
    "snow": ("#c3ccd6", 0.45),
    "fog": ("#b9c2c9", 0.55),
    "mist": ("#aab6c4", 0.3),
    "dust": ("#c49a6c", 0.5),
}
HAZE = {"fog": 0.75, "mist": 0.55, "rain": 0.35, "storm": 0.35, "snow": 0.4, "dust": 0.6, "cloudy": 0.15}
DIM = 0.75
"""Brightest part of a colour below which it shines in no light."""
WARM = ("#ffc46b", "#ffdf9e", "#ff9d52")


@dataclass(frozen=True, slots=True)
class Mood:
    """The colours a picture is painted with, sRGB from 0 to 1."""

    sky: tuple[Rgb, Rgb, Rgb]
    """Above, between, at the horizon."""
    light: Rgb
    dark: Rgb
    """The nearest things in shadow."""
    haze: Rgb
    """What distance fades into."""
    thickness: float
    """How much air there is between things, 0 to 1."""
    brightness: float
    accents: tuple[Rgb, ...]
    is_dark: bool

    def far(self, colour: Rgb, nearness: float) -> Rgb:
        """A colour as it is seen at a nearness from 0 (lost in the haze) to 1."""
        return mix(self.haze, colour, nearness)

    def lit(self, colour: Rgb) -> Rgb:
        """A thing's own colour in this light."""
        red, green, blue = (part * (0.25 + 0.75 * self.brightness) for part in colour)
        return mix((red, green, blue), self.haze, 0.18)


def mood_of(environment: EnvironmentSpec) -> Mood:
    """The mood of an environment."""
    above, between, horizon, light, dark, brightness = HOURS[environment.time_of_day]
    sky = [rgb(above), rgb(between), rgb(horizon)]
    accents = tuple(rgb(colour) for colour in WARM)
    style = (environment.style or "").lower()
    for word, (top, low, glows) in STYLES.items():
        if word in style:
            strength = 0.35 + 0.35 * (1 - brightness)
            sky = [
                mix(sky[0], rgb(top), strength),
                mix(sky[1], rgb(top), strength * 0.6),
                mix(sky[2], rgb(low), strength),
            ]
            accents = tuple(rgb(colour) for colour in glows)
            break
    for word in environment.weather:
        grey, share = AIR.get(word, ("#ffffff", 0.0))
        shade = rgb(grey)
        veil: Rgb = (shade[0] * brightness**0.7, shade[1] * brightness**0.7, shade[2] * brightness**0.7)
        sky = [mix(colour, veil, share) for colour in sky]
    if environment.palette:
        leading = rgb(environment.palette[0])
        sky = [sky[0], mix(sky[1], leading, 0.15), mix(sky[2], leading, 0.22)]
        accents = tuple(rgb(colour) for colour in environment.palette if max(rgb(colour)) > DIM) or accents
    thickness = max([0.1, *(HAZE.get(word, 0.0) for word in environment.weather)])
    haze = mix(sky[1], sky[2], 0.7)
    return Mood((sky[0], sky[1], sky[2]), rgb(light), rgb(dark), haze, thickness, brightness, accents, brightness < 0.5)
