"""An accent is readable or refused with the nearest that is; in the dark its hue stays and is light enough."""

from __future__ import annotations

import colorsys

import pytest
from hypothesis import given
from hypothesis import strategies as st

from donate.newsroom.colour import LEAST, contrast, dark_palette, is_colour, nearest_readable, palette, readable

COLOURS = st.integers(0, 0xFFFFFF).map("#{:06x}".format)


@pytest.mark.parametrize(
    ("one", "other", "ratio"),
    [
        ("#000000", "#ffffff", 21.0),
        ("#ffffff", "#ffffff", 1.0),
        ("#767676", "#ffffff", 4.54),
        ("#ff0000", "#ffffff", 4.0),
    ],
)
def test_the_contrast_is_that_of_the_guidelines(one: str, other: str, ratio: float) -> None:
    assert contrast(one, other) == contrast(other, one) == pytest.approx(ratio, abs=0.005)


@given(COLOURS)
def test_the_nearest_can_be_read_and_keeps_its_hue(accent: str) -> None:
    near = nearest_readable(accent)
    assert is_colour(near)
    assert readable(near) >= LEAST
    if readable(accent) >= LEAST:
        assert near == accent


@given(COLOURS.filter(lambda colour: readable(colour) >= LEAST))
def test_letters_can_be_read_on_and_in_whatever_follows_from_an_accent(accent: str) -> None:
    light, dark = palette(accent), dark_palette(accent)
    assert contrast(light.give, light.on_give) >= LEAST
    assert contrast(light.strong, light.on_give) >= LEAST
    assert contrast("#1d161c", light.tint) >= 7
    assert contrast(dark.give, "#1e181d") >= LEAST
    assert contrast(dark.give, dark.on_give) >= LEAST
    assert contrast(dark.strong, dark.on_give) >= LEAST
    assert contrast("#f3edf1", dark.tint) >= 7


def test_the_nearest_of_a_yellow_is_a_darker_yellow() -> None:
    hue = colorsys.rgb_to_hls(*(int(nearest_readable("#f0b323")[at : at + 2], 16) / 255 for at in (1, 3, 5)))[0]
    assert hue == pytest.approx(colorsys.rgb_to_hls(0xF0 / 255, 0xB3 / 255, 0x23 / 255)[0], abs=0.01)
