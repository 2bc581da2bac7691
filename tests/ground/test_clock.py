"""The clock: the newsroom's day, the sandbox's time, and real time for what the world measures."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from donate import clock


@pytest.fixture(autouse=True)
def by_itself() -> Iterator[None]:
    clock.follow(None)
    yield
    clock.follow(None)


def test_without_a_sandbox_now_is_real_time() -> None:
    assert abs(clock.now() - clock.real_now()) < timedelta(seconds=5)
    assert clock.now().tzinfo is UTC


def test_gifts_follow_the_sandbox_and_signatures_do_not() -> None:
    clock.follow(lambda: 86400.0 * 30)
    assert abs(clock.now() - clock.real_now() - timedelta(days=30)) < timedelta(seconds=5)


def test_the_sandbox_is_not_asked_at_every_look() -> None:
    asked = []
    clock.follow(lambda: asked.append(1) or 7.0)  # type: ignore[func-returns-value]
    clock.now()
    clock.now()
    assert len(asked) == 1
    clock.forget()
    clock.now()
    assert len(asked) == 2


@pytest.mark.parametrize(
    ("moment", "zone", "day"),
    [
        ("2026-03-31T22:30:00+00:00", "Asia/Jerusalem", date(2026, 4, 1)),
        ("2026-03-31T22:30:00+00:00", "America/New_York", date(2026, 3, 31)),
        ("2026-12-31T22:30:00+00:00", "Asia/Amman", date(2027, 1, 1)),
        ("2026-03-27T00:30:00+00:00", "UTC", date(2026, 3, 27)),
    ],
)
def test_the_day_depends_on_the_zone(moment: str, zone: str, day: date) -> None:
    assert clock.on(datetime.fromisoformat(moment), zone) == day


def test_epoch_seconds_become_aware_moments() -> None:
    assert clock.from_epoch(0) == datetime(1970, 1, 1, tzinfo=UTC)


@given(
    day=st.dates(date(1990, 1, 1), date(2040, 1, 1)),
    zone=st.sampled_from(["Asia/Amman", "Asia/Beirut", "Asia/Gaza", "Asia/Jerusalem", "America/Sao_Paulo", "UTC"]),
)
@example(day=date(2020, 3, 29), zone="Asia/Beirut")  # its clocks went from midnight to one
@example(day=date(2021, 10, 29), zone="Asia/Amman")  # and back to midnight
def test_a_day_begins_where_the_one_before_ends(day: date, zone: str) -> None:
    begins = clock.start_of(day, zone)
    assert clock.on(begins, zone) == day
    assert clock.on(begins - timedelta(microseconds=1), zone) == day - timedelta(days=1)
