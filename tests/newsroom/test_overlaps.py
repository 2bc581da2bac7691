"""Greetings that fall on one day are named, the one that shows first, over the turn of the year too."""

from __future__ import annotations

import pytest

from donate.newsroom.greet import list_overlaps


@pytest.mark.parametrize(
    ("spans", "expected"),
    [
        ([("01-01", "01-01"), ("01-02", "01-03")], []),
        ([("12-20", "01-05"), ("01-01", "01-01")], [(1, 0)]),
        ([("12-24", "12-26"), ("12-26", "12-31")], [(0, 1)]),
        ([("02-29", "02-29"), ("02-28", "03-01")], [(0, 1)]),
        ([("03-01", "03-02"), ("03-01", "03-02")], [(0, 1)]),
    ],
)
def test_what_falls_on_one_day_is_listed(spans: list[tuple[str, str]], expected: list[tuple[int, int]]) -> None:
    greetings = [{"from": first, "until": last, "words": {"en": "x"}} for first, last in spans]
    assert list_overlaps(greetings) == expected
