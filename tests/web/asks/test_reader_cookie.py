"""The reader's cookie: what goes in comes out, it never outgrows its size, and a wish to be left alone stays in it."""

from __future__ import annotations

import base64
from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from donate import references
from donate.web.reader_cookie import (
    MOST_BYTES,
    NOTHING,
    REASONS,
    Kept,
    ask_again,
    believe,
    close,
    come_by,
    give_once,
    has_room,
    open_story,
    read_cookie,
    rest,
    stop_counting,
    view,
    without_old,
    write_cookie,
)

TODAY = date(2026, 3, 2)
DAYS = st.dates(date(2020, 1, 1), date(2040, 1, 1))
SLUGS = st.text("abcdefghij-0123456789", min_size=1, max_size=80)
DATED = st.lists(st.tuples(SLUGS, DAYS), max_size=8).map(tuple)


@pytest.fixture(autouse=True)
def secret() -> None:
    references.use_secret("a secret of the tests")


@st.composite
def cookies(draw: st.DrawFn) -> Kept:
    """Draw what a cookie might be asked to keep, sensible or not."""
    quiet, standing, came = draw(st.none() | DAYS), draw(st.none() | DAYS), draw(st.none() | DAYS)
    kinds = st.sampled_from(["section", "topic"])
    follows = sorted(draw(st.lists(st.tuples(kinds, st.text(max_size=60)), max_size=20)), key=lambda each: each[0])
    marks = st.text("ABCDEFG_-", min_size=3, max_size=3)
    return Kept(
        follows=tuple(follows),
        views=draw(DATED),
        closes=draw(DATED),
        read=tuple(draw(st.lists(st.tuples(DAYS, marks), max_size=30))),
        quiet_until=quiet,
        quiet_reason=draw(st.sampled_from(REASONS)) if quiet else "",
        gave_on=draw(st.none() | DAYS),
        standing=draw(st.sampled_from(["member", "recurring", "one_off", "donor"])) if standing else "",
        standing_until=standing,
        bucket=draw(st.none() | st.integers(0, 99)),
        came_on=came,
        source=draw(st.text(max_size=40)) if came else "",
        referrer=draw(st.text(max_size=40)) if came else "",
        counting=draw(st.sampled_from(["", "on", "off"])),
    )


@settings(max_examples=300, deadline=None)
@given(cookies())
def test_it_never_outgrows_its_size_and_a_readers_wishes_stay_in_it(kept: Kept) -> None:
    written = write_cookie(kept)
    assert len(written) <= MOST_BYTES
    found = read_cookie(written)
    for name in ("quiet_until", "quiet_reason", "gave_on", "standing", "standing_until", "bucket", "counting"):
        assert getattr(found, name) == getattr(kept, name), name
    for name in ("follows", "views", "closes", "read"):
        whole, left = getattr(kept, name), getattr(found, name)
        assert left == whole[len(whole) - len(left) :], f"of {name} the oldest goes first"


@settings(max_examples=100, deadline=None)
@given(st.lists(st.tuples(st.sampled_from(["view", "close", "open", "come", "rest"]), SLUGS, st.integers(0, 3))))
def test_no_reading_however_long_makes_it_too_large_or_forgets_the_rest(done: list[tuple[str, str, int]]) -> None:
    kept, today = replace(NOTHING, gave_on=TODAY), TODAY
    for what, slug, days in done:
        today += timedelta(days=days)
        kept = {
            "view": lambda kept=kept, slug=slug, today=today: view(kept, slug, today),
            "close": lambda kept=kept, slug=slug, today=today: close(kept, slug, today),
            "open": lambda kept=kept, slug=slug, today=today: open_story(kept, slug, today),
            "come": lambda kept=kept, slug=slug, today=today: come_by(kept, slug, slug, today),
            "rest": lambda kept=kept, today=today: rest(kept, today + timedelta(days=30), "not_now"),
        }[what]()
        kept = read_cookie(write_cookie(without_old(kept, today)))
    assert kept.gave_on == TODAY
    assert len(kept.views) <= 4


def test_only_what_is_set_is_written() -> None:
    assert write_cookie(NOTHING) == ""
    packed = write_cookie(replace(NOTHING, quiet_until=TODAY, quiet_reason="not_now")).split(".")[1]
    assert base64.urlsafe_b64decode(packed) == b'{"quiet":["not_now","2026-03-02"]}'


def test_a_cookie_of_before_is_still_read() -> None:
    packed = base64.urlsafe_b64encode(b'{"sections":["culture"],"topics":["water"]}').decode()
    found = read_cookie(f"1.{packed}.{references.sign('reader', '1', packed)}")
    assert found == Kept(follows=(("section", "culture"), ("topic", "water")))


@pytest.mark.parametrize(
    "told",
    [b"[]", b"1", b'{"views":[1]}', b'{"quiet":["x"]}', b'{"gave":"never"}', b'{"bucket":"x"}', b'{"read":"abcdefg"}'],
)  # fmt: skip
def test_a_signed_cookie_of_another_shape_says_nothing(told: bytes) -> None:
    packed = base64.urlsafe_b64encode(told).decode()
    assert read_cookie(f"1.{packed}.{references.sign('reader', '1', packed)}") == NOTHING


def test_a_longer_rest_is_not_cut_short_by_another_and_asking_again_ends_it() -> None:
    long = rest(NOTHING, TODAY + timedelta(days=90), "cant_give")
    assert rest(long, TODAY + timedelta(days=30), "not_now") == long
    assert rest(rest(NOTHING, TODAY, "gave"), TODAY + timedelta(days=30), "not_now").quiet_reason == "not_now"
    assert ask_again(close(long, "misinformation", TODAY)) == NOTHING


def test_a_story_opened_twice_is_one_and_what_is_old_is_left_out() -> None:
    kept = open_story(open_story(open_story(NOTHING, "a", TODAY), "b", TODAY), "a", TODAY + timedelta(days=1))
    assert len(kept.read) == 2
    assert len(without_old(kept, TODAY + timedelta(days=29)).read) == 2
    assert len(without_old(kept, TODAY + timedelta(days=30)).read) == 1
    assert without_old(view(NOTHING, "x", TODAY), TODAY + timedelta(days=30)) == NOTHING


def test_a_rest_and_a_hint_end_after_their_last_day() -> None:
    kept = believe(rest(NOTHING, TODAY, "not_now"), "member", TODAY)
    assert without_old(kept, TODAY) == kept
    assert without_old(kept, TODAY + timedelta(days=1)) == NOTHING


def test_how_a_visit_began_is_its_first_word_and_over_the_next_day() -> None:
    came = come_by(NOTHING, "newsletter", "", TODAY)
    assert come_by(came, "elsewhere", "news.example", TODAY) == came
    assert come_by(came, "", "", TODAY + timedelta(days=1)) == came
    assert come_by(came, "", "news.example", TODAY + timedelta(days=1)).referrer == "news.example"
    assert without_old(came, TODAY + timedelta(days=1)) == NOTHING


def test_the_last_single_gift_counts_and_a_membership_goes_before_a_lesser_word() -> None:
    assert give_once(give_once(NOTHING, TODAY), TODAY - timedelta(days=3)).gave_on == TODAY
    member = believe(NOTHING, "member", TODAY + timedelta(days=90))
    assert believe(member, "donor", TODAY + timedelta(days=90)) == member
    assert believe(member, "donor", TODAY + timedelta(days=120)).standing == "donor"
    assert believe(believe(NOTHING, "donor", TODAY), "member", TODAY).standing == "member"


def test_who_stops_counting_leaves_nothing_counted() -> None:
    kept = replace(
        open_story(view(NOTHING, "x", TODAY), "a", TODAY), bucket=7, quiet_until=TODAY, quiet_reason="not_now"
    )
    assert stop_counting(come_by(kept, "mail", "", TODAY)) == Kept(
        quiet_until=TODAY, quiet_reason="not_now", counting="off"
    )


def test_what_is_followed_leaves_room_for_all_else() -> None:
    follows = tuple(("topic", f"{'t' * 60}-{number}") for number in range(20))
    full = next(Kept(follows=follows[:at]) for at in range(20, 0, -1) if has_room(Kept(follows=follows[:at])))
    assert len(full.follows) > 5
    kept = rest(believe(give_once(full, TODAY), "recurring", TODAY), TODAY, "cant_give")
    assert read_cookie(write_cookie(replace(kept, bucket=99, counting="off"))).follows == full.follows
