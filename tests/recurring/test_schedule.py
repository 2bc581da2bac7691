"""A promise's dates are Stripe's: whole periods from the anchor, on a short month's last day; rests are left out."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from donate.money import Money
from donate.recurring.change import change_terms
from donate.recurring.pause import pause, pauses_offered, resume
from donate.recurring.schedule import Line, add_months, charged_on, due_after, schedule
from donate.recurring.skip import skip_next
from donate.recurring.terms import Terms, act_seen, change_between, is_as_wanted, terms_from
from donate.sandbox.clock import periods_after

AMOUNT = Money(1500, "USD")
NONE = Money(0, "USD")
ZONE = "Asia/Amman"
MARCH = datetime(2026, 3, 2, 10, tzinfo=UTC)


def monthly(anchor: datetime = MARCH, **more: object) -> Terms:
    terms = Terms(AMOUNT, NONE, "month", add_months(anchor, 1), anchor)
    return replace(terms, **more)  # type: ignore[arg-type]


def told(lines: list[Line]) -> list[tuple[str, str]]:
    return [(line.on.isoformat(), line.what) for line in lines]


@given(
    anchor=st.integers(1_704_067_200, 1_925_000_000),
    interval=st.sampled_from(["month", "year"]),
    passed=st.integers(1, 30),
)
def test_every_date_is_the_one_stripe_counts(anchor: int, interval: str, passed: int) -> None:
    start = datetime.fromtimestamp(anchor, UTC)
    stripes = [
        datetime.fromtimestamp(periods_after(anchor, interval, 1, number), UTC) for number in range(passed, passed + 4)
    ]
    terms = Terms(AMOUNT, NONE, interval, stripes[0], start)
    assert [due_after(terms, number) for number in range(4)] == stripes


def test_the_day_shown_is_the_day_charged_an_hour_after_it_falls_due() -> None:
    assert charged_on(datetime(2026, 3, 2, 20, 59, tzinfo=UTC), ZONE) == date(2026, 3, 3)
    assert charged_on(datetime(2026, 3, 2, 19, 59, tzinfo=UTC), ZONE) == date(2026, 3, 2)


def test_a_skip_leaves_out_the_next_charge_and_no_other() -> None:
    assert told(schedule(skip_next(monthly()), zone=ZONE)) == [
        ("2026-04-02", "skipped"),
        ("2026-05-02", "charge"),
        ("2026-06-02", "charge"),
        ("2026-07-02", "charge"),
    ]


@pytest.mark.parametrize("charges", range(1, 7))
def test_a_pause_leaves_out_as_many_as_were_chosen(charges: int) -> None:
    lines = schedule(pause(monthly(), charges), zone=ZONE, charges=1)
    assert [line.what for line in lines] == ["skipped"] * charges + ["charge"]


def test_more_than_six_months_are_not_offered_and_a_yearly_gift_has_nothing_to_pause() -> None:
    assert pauses_offered(monthly()) == [1, 2, 3, 4, 5, 6]
    with pytest.raises(ValueError, match="not offered"):
        pause(monthly(), 7)
    assert pauses_offered(monthly(interval="year")) == []


def test_a_rest_without_an_end_shows_no_charge() -> None:
    assert told(schedule(monthly(is_paused=True), zone=ZONE)) == [("2026-04-02", "skipped")]


def test_a_stop_shows_its_day_and_an_ended_promise_nothing() -> None:
    assert told(schedule(monthly(ends=True), zone=ZONE)) == [("2026-04-02", "ends")]
    assert schedule(monthly(is_over=True), zone=ZONE) == []


def test_another_date_is_the_new_anchor_and_falls_due_at_noon() -> None:
    wanted = change_terms(
        monthly(), amount=AMOUNT, fee_cover=NONE, interval="month", next_on=date(2026, 5, 31), zone=ZONE
    )
    assert wanted.next_at == datetime(2026, 5, 31, 9, tzinfo=UTC)
    days = [line.on.isoformat() for line in schedule(wanted, zone=ZONE)]
    assert days == ["2026-05-31", "2026-06-30", "2026-07-31"]


def test_a_new_rhythm_keeps_the_next_date_and_counts_from_there() -> None:
    wanted = change_terms(monthly(), amount=AMOUNT, fee_cover=NONE, interval="year", next_on=None, zone=ZONE)
    assert [line.on.year for line in schedule(wanted, zone=ZONE)] == [2026, 2027, 2028]
    asked = change_between(monthly(), wanted)
    assert asked.next_charge_at == monthly().next_at, "without it Stripe would charge for the new period at once"


def test_stripe_is_asked_only_for_what_differs() -> None:
    raised = replace(monthly(), amount=Money(4000, "USD"))
    asked = change_between(monthly(), raised)
    assert (asked.price, asked.next_charge_at, asked.paused_until, asked.resumes) == (
        (Money(4000, "USD"), "month"), None, None, False,
    )  # fmt: skip
    assert change_between(skip_next(monthly()), resume(skip_next(monthly()))).resumes


def test_terms_are_the_same_after_being_kept() -> None:
    for terms in (monthly(), skip_next(monthly()), monthly(ends=True), monthly(is_over=True, next_at=None)):
        assert terms_from(terms.plain()) == terms


def test_what_time_does_by_itself_is_no_news_and_what_somebody_did_is() -> None:
    rests = skip_next(monthly())
    later = replace(monthly(), next_at=add_months(MARCH, 2))
    assert act_seen(rests, later) == "", "the rest ran out"
    assert act_seen(rests, resume(rests)) == "resume", "somebody ended it before what it leaves out"
    assert act_seen(monthly(), later) == "", "a month went by"
    assert act_seen(monthly(), rests) == "pause"
    assert act_seen(monthly(), replace(monthly(), ends=True)) == "cancel"
    assert act_seen(monthly(), replace(monthly(), is_over=True)) == "cancel_now"
    assert act_seen(monthly(ends=True), monthly(is_over=True)) == "", "it was announced"
    assert act_seen(monthly(), replace(monthly(), amount=Money(1, "USD"))) == "change"


def test_a_change_counts_as_made_whatever_time_did_since() -> None:
    before, wanted = monthly(), replace(monthly(), amount=Money(4000, "USD"))
    seen = replace(wanted, next_at=add_months(MARCH, 2))
    assert is_as_wanted(seen, before, wanted)
    assert not is_as_wanted(before, before, wanted)
    assert not is_as_wanted(replace(seen, is_over=True), before, wanted)
