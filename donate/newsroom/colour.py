"""Colours of our own: how far two stand apart for an eye that reads, and all that follows from one accent. Pure."""

from __future__ import annotations

import colorsys
import re
from collections.abc import Callable
from dataclasses import dataclass

Rgb = tuple[int, int, int]

#: WCAG 2.2, 1.4.3: between letters and what is behind them.
LEAST = 4.5
#: What letters in the accent stand on at the darkest, and what letters stand on in the accent: static/css/tokens.css.
GROUND, PAPER = "#f6f4f5", "#ffffff"
_DARK_PAPER, _DARK_GROUND = "#171216", "#1e181d"
_DARK_LEAST = 7.0
_STEPS = 200


@dataclass(frozen=True)
class Palette:
    """What pages paint by, in one of their two forms; each as ``#rrggbb``."""

    give: str
    strong: str
    on_give: str
    tint: str


def is_colour(text: str) -> bool:
    """Tell whether a text is a colour such as ``#5b1d4d``."""
    return re.fullmatch(r"#[0-9a-f]{6}", text) is not None


def contrast(one: str, other: str) -> float:
    """Tell how far two colours stand apart: 1 to 21.

    Args:
        one: ``#rrggbb``.
        other: Likewise.

    See https://www.w3.org/TR/WCAG22/#dfn-contrast-ratio
    """
    lighter, darker = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def readable(accent: str) -> float:
    """Tell the least contrast an accent is seen with: white letters on it, and its own on the greyest paper."""
    return min(contrast(accent, PAPER), contrast(accent, GROUND))


def nearest_readable(accent: str) -> str:
    """Give the nearest colour of the same hue that can be read: the accent itself where it can."""
    return _move(accent, toward=0.0, until=lambda colour: readable(colour) >= LEAST)


def palette(accent: str) -> Palette:
    """Give what follows from an accent on white paper."""
    return Palette(accent, _mix(accent, "#000000", 0.26), PAPER, _mix(accent, PAPER, 0.94))


def dark_palette(accent: str) -> Palette:
    """Give what follows from an accent on dark paper: its hue, light enough to be read there."""
    give = _move(accent, toward=1.0, until=lambda colour: contrast(colour, _DARK_GROUND) >= _DARK_LEAST)
    on_give = _move(accent, toward=0.0, until=lambda colour: contrast(colour, give) >= _DARK_LEAST)
    return Palette(give, _mix(give, PAPER, 0.35), on_give, _mix(accent, _DARK_PAPER, 0.84))


def _move(colour: str, *, toward: float, until: Callable[[str], bool]) -> str:
    hue, lightness, saturation = colorsys.rgb_to_hls(*(part / 255 for part in _parts(colour)))
    for step in range(_STEPS + 1):
        light = lightness + (toward - lightness) * step / _STEPS
        moved = _hex(*(round(part * 255) for part in colorsys.hls_to_rgb(hue, light, saturation)))
        if until(moved):
            return moved
    return _hex(*(round(toward * 255),) * 3)


def _mix(one: str, other: str, share: float) -> str:
    red, green, blue = (round(a + (b - a) * share) for a, b in zip(_parts(one), _parts(other), strict=True))
    return _hex(red, green, blue)


def _luminance(colour: str) -> float:
    red, green, blue = (_linear(part / 255) for part in _parts(colour))
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _linear(part: float) -> float:
    return part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4


def _parts(colour: str) -> Rgb:
    return int(colour[1:3], 16), int(colour[3:5], 16), int(colour[5:7], 16)


def _hex(red: int, green: int, blue: int) -> str:
    return f"#{red:02x}{green:02x}{blue:02x}"
