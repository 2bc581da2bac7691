"""What an appeal brought: every sum from the books, each currency by itself, each gift under what it came by."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

import pytest
import sqlalchemy as sa

from donate.appeals.models import AppealTally, AskCount
from donate.appeals.queries import find_appeal, list_tallies
from donate.db import committed, db
from donate.money import Money
from donate.reports.appeal_results import (
    LEAST_GIFTS,
    LEAST_VIEWS,
    Copy,
    InCurrency,
    appeal_results,
    judge,
    per_thousand,
    share,
    unattributed,
)
from donate.reports.asks_counted import Seen
from donate.reports.gift_lines import Totals, Which, count_gifts, list_gifts, total_gifts
from tests.make.in_the_books import Booked
from tests.people import AMAL, NOAM

ZONE = "Asia/Amman"


def only(slug: str = "misinformation", since: date | None = None, until: date | None = None) -> InCurrency:
    """Give an appeal's results in the one currency it has."""
    (found,) = appeal_results(slug, since, until, ZONE).currencies
    return found


def seen(variant: str, placement: str = "end", article: str = "", **counts: int) -> None:
    """Write what was counted on 2 March 2026."""
    appeal = find_appeal("misinformation")
    assert appeal is not None
    with committed():
        db.session.add(
            AskCount(
                counted_on=date(2026, 3, 2), appeal_id=appeal.id, variant=variant, placement=placement,
                article_slug=article, **{"views": 0, "presses": 0, "closes": 0, **counts},
            )
        )  # fmt: skip


def test_the_sums_are_the_books(of_every_kind: Booked) -> None:
    totals = only().totals
    assert totals == Totals(
        key="", currency="USD", gifts=5, first_gifts=3, back=1, donors=1, new_donors=1, came=52100, refunded=500,
        lost=5000, won=0, kept=46600, counted=46500, renewals=2500, offline=40000, monthly=1, yearly=0,
    )  # fmt: skip
    tally = list_tallies()["misinformation", "USD"]
    assert (tally.raised.minor, tally.renewals_minor, tally.offline_minor) == (46500, 2500, 40000)
    assert db.session.scalar(sa.select(AppealTally.gifts)) == totals.gifts


def test_what_a_bank_took_and_gave_back_is_told_apart(booked: Booked) -> None:
    gift = booked.give(2500)
    booked.move(gift, "dispute", 2500, fee=1500)
    assert (only().totals.lost, only().totals.won, only().totals.kept, only().totals.gifts) == (2500, 0, 0, 0)
    booked.move(gift, "dispute_reversal", 2500)
    assert (only().totals.lost, only().totals.won, only().totals.kept, only().totals.gifts) == (2500, 2500, 2500, 1)


def test_fees_are_told_in_the_currency_they_were_kept_in(booked: Booked) -> None:
    booked.move(booked.give(2500), "dispute", 100, fee=1500)
    assert appeal_results("misinformation", None, None, ZONE).fees == {"USD": Money(1500, "USD")}


def test_a_gift_the_books_do_not_know_yet_is_in_no_sum_and_said(booked: Booked) -> None:
    booked.give(2500)
    gift = booked.give(1700, story=False)
    with db.engine.begin() as connection:
        for statement in ("DELETE FROM ledger_posting WHERE entry_id = 2", "DELETE FROM ledger_entry WHERE id = 2"):
            if connection.dialect.name == "sqlite":
                for (name,) in connection.execute(
                    sa.text("SELECT name FROM sqlite_master WHERE type = 'trigger'")
                ).all():
                    connection.execute(sa.text(f"DROP TRIGGER {name}"))
            else:
                connection.execute(sa.text("SET session_replication_role = replica"))
            connection.execute(sa.text(statement))
        if connection.dialect.name == "postgresql":
            connection.execute(sa.text("SET session_replication_role = DEFAULT"))
    found = appeal_results("misinformation", None, None, ZONE)
    assert (found.not_booked, found.currencies[0].totals.came) == (1, 2500)
    assert appeal_results("misinformation", gift.received_on + timedelta(days=1), None, ZONE).not_booked == 0


def test_currencies_are_never_mixed(booked: Booked) -> None:
    booked.give(2500)
    booked.give(1000)
    booked.give(9900, currency="EUR")
    found = appeal_results("misinformation", None, None, ZONE).currencies
    assert [(each.totals.currency, each.totals.kept) for each in found] == [("USD", 3500), ("EUR", 9900)]
    assert [each.articles[0].kept for each in found] == [3500, 9900]


def test_a_donor_is_new_once_by_the_first_gift_that_was_kept(booked: Booked) -> None:
    booked.move(booked.give(1000, NOAM, appeal="evergreen", on=date(2026, 2, 1)), "refund", 1000)
    booked.give(1000, AMAL, appeal="evergreen", on=date(2026, 2, 1))
    booked.give(1000, AMAL)
    booked.give(1000, NOAM)
    booked.give(1000, NOAM, on=date(2026, 3, 9))
    assert (only().totals.donors, only().totals.new_donors) == (2, 1)
    assert only("evergreen").totals.new_donors == 1
    firsts = list_gifts(Which(is_new=True), skip=0, at_most=9)
    assert [row["first_name"] for row in firsts] == [NOAM.first_name, AMAL.first_name]


def test_promises_are_followed_to_their_end(booked: Booked) -> None:
    gifts = [booked.give(1500, frequency="month") for _ in range(3)]
    booked.give(9000, frequency="year")
    booked.give(1500, of=gifts[0], on=date(2026, 4, 2))
    booked.stop(gifts[1], date(2026, 4, 30))
    booked.stop(gifts[2], date(2026, 6, 30))
    assert [
        (each.interval, each.begun, each.running, each.stopped_soon) for each in only().promises
    ] == [("month", 3, 1, 1), ("year", 1, 1, 0)]  # fmt: skip
    earlier = only(until=date(2026, 5, 1)).promises[0]
    assert (earlier.begun, earlier.running, earlier.stopped_soon) == (3, 2, 1)
    assert (only().totals.monthly, only().totals.yearly) == (3, 1)


def test_days_are_both_ends_of_the_books(booked: Booked) -> None:
    booked.move(booked.give(1000, on=date(2026, 3, 1)), "refund", 400, on=date(2026, 3, 5))
    booked.give(2000, on=date(2026, 3, 2))
    booked.give(4000, on=date(2026, 3, 3))
    assert only(since=date(2026, 3, 2)).totals.came == 6000
    first_two = only(until=date(2026, 3, 3))
    assert (first_two.totals.came, first_two.totals.kept) == (3000, 3000)
    assert only(until=date(2026, 3, 6)).totals.kept == 6600
    assert [(each.key, each.kept) for each in first_two.days] == [("2026-03-01", 1000), ("2026-03-02", 2000)]


def test_each_gift_stands_under_what_it_came_by(booked: Booked) -> None:
    booked.give(1000, source="newsletter/email", placement="end")
    booked.give(2000, source="", placement="inline", story=False)
    found = only()
    assert [(each.key, each.kept) for each in found.sources] == [("", 2000), ("newsletter/email", 1000)]
    assert [(each.key, each.kept) for each in found.placements] == [("inline", 2000), ("end", 1000)]
    assert [(each.key, each.kept) for each in found.articles] == [("", 2000), (booked.story.slug, 1000)]


@pytest.mark.parametrize(
    "which",
    [
        Which(appeal="misinformation"), Which(source="newsletter"), Which(source=""), Which(article=""),
        Which(placement="inline"), Which(state="kept"), Which(state="back"), Which(promise="month"),
        Which(promise="year"), Which(is_new=True), Which(currency="EUR"), Which(variant="b"), Which(fund="nobody"),
        Which(since=date(2026, 4, 1)), Which(on=(date(2026, 3, 2), date(2026, 3, 2))),
        Which(on=(date(2026, 5, 1), date(2026, 5, 31))), Which(until=date(2026, 3, 2)),
    ],
)  # fmt: skip
def test_a_number_and_the_rows_behind_it_are_one_choice(of_every_kind: Booked, which: Which) -> None:
    of_every_kind.give(700, source="", placement="inline", story=False, variant="b", appeal="evergreen")
    rows = list_gifts(which, skip=0, at_most=100)
    assert count_gifts(which) == len(rows)
    assert sum(each.kept for each in total_gifts(which)) == sum(row["kept"] for row in rows)
    assert [row["id"] for row in list_gifts(which, skip=1, at_most=1)] == [row["id"] for row in rows[1:2]]


def test_copies_are_held_against_what_was_seen_of_them(booked: Booked) -> None:
    booked.give(3000, variant="a")
    booked.give(1000, variant="b")
    booked.give(500, variant="held", placement="header")
    seen("a", views=1500, presses=30, closes=3)
    seen("b", views=500)
    seen("held", views=200)
    a, b, held = only().copies
    assert (a.name, a.totals.kept, a.seen) == ("a", 3000, Seen(1500, 30, 3))
    assert (a.net_per_thousand(), b.net_per_thousand()) == (Money(2000, "USD"), Money(2000, "USD"))
    assert (held.name, held.totals.kept, held.seen.views) == ("held", 500, 200)


def test_a_copy_that_was_seen_and_brought_nothing_stands_there_with_noughts(booked: Booked) -> None:
    booked.give(3000, variant="a")
    seen("b", views=10)
    assert [(each.name, each.totals.kept) for each in only().copies] == [("a", 3000), ("b", 0)]
    assert only().copies[0].net_per_thousand() is None


def copy(name: str, gifts: int, views: int, kept: int = 0) -> Copy:
    return Copy(name, replace(Totals("", "USD"), first_gifts=gifts, kept=kept), Seen(views))


def test_two_copies_are_not_told_apart_before_enough_is_known_of_both() -> None:
    enough = copy("a", LEAST_GIFTS, LEAST_VIEWS, 100)
    assert judge([enough, copy("held", 0, 0)]).kind == "one_copy"
    assert judge([enough, copy("b", LEAST_GIFTS - 1, LEAST_VIEWS)]).missing == (("a", 0, 0), ("b", 1, 0))
    assert judge([enough, copy("b", LEAST_GIFTS, LEAST_VIEWS - 7)]).missing == (("a", 0, 0), ("b", 0, 7))
    assert judge([enough, copy("b", LEAST_GIFTS, LEAST_VIEWS * 2, 100)]).kind == "a"
    assert judge([enough, copy("b", LEAST_GIFTS, LEAST_VIEWS * 2, 201)]).kind == "b"
    assert judge([enough, copy("b", LEAST_GIFTS, LEAST_VIEWS * 2, 200)]).kind == "even"


def test_what_nobody_can_say_whence_it_came_is_a_share_of_what_is_kept(booked: Booked) -> None:
    booked.give(6000)
    booked.give(2000, story=False, source="")
    booked.give(2000, appeal=None)
    booked.give(5000, currency="EUR")
    usd, eur = unattributed(None, None)
    assert {name: (part.kept, said) for name, part, said in usd.shares} == {
        "appeal": (2000, Decimal("20.0")), "article": (2000, Decimal("20.0")), "source": (2000, Decimal("20.0")),
    }  # fmt: skip
    assert {said for _name, _part, said in eur.shares} == {Decimal("0.0")}


def test_shares_and_rates_of_nothing_are_nothing() -> None:
    assert (share(5, 0), share(1, 3)) == (Decimal("0.0"), Decimal("33.3"))
    assert (per_thousand(5, 0), per_thousand(5, 2000)) == (None, Decimal("2.5"))
