"""Stories and sources a page at a time: the same sums as all of them read by day, whatever days are asked for."""

from __future__ import annotations

import random
from datetime import date, timedelta
from itertools import pairwise

import pytest

from donate.db import db
from donate.ledger.sums import days_of_span
from donate.newsroom.queries import list_funds
from donate.reports.income import Span, income_by
from donate.reports.income_many import Many, count_many, list_many, net_of, pieces_of
from tests.fulfillment.test_renewals_ask_by_key import listening
from tests.make.in_the_books import Booked

START = date(2024, 1, 1)


@pytest.mark.parametrize("dice", range(20))
def test_pieces_are_the_days_they_were_cut_from(dice: int) -> None:
    drawn = random.Random(dice)
    since = START + timedelta(drawn.randrange(800))
    until = since + timedelta(drawn.randrange(1200))
    pieces = pieces_of(since, until)
    parts = sorted([*map(days_of_span, pieces.spans), *pieces.days])
    assert all(before[1] == after[0] for before, after in pairwise(parts))
    assert (parts[0][0], parts[-1][1]) == (since, until) if parts else since == until
    # Days stand for less than a month at either end.
    assert len(pieces.days) <= 2
    assert all((after - first).days < 31 for first, after in pieces.days)


def test_whole_years_and_months_are_taken_whole() -> None:
    assert pieces_of(date(2024, 1, 1), date(2026, 1, 1)).spans == ("2024", "2025")
    assert pieces_of(date(2024, 12, 1), date(2026, 2, 1)).spans == ("2024-12", "2025", "2026-01")
    cut = pieces_of(date(2025, 12, 31), date(2026, 1, 2))
    assert (cut.spans, cut.days) == ((), ((date(2025, 12, 31), date(2026, 1, 1)), (date(2026, 1, 1), date(2026, 1, 2))))


@pytest.mark.parametrize("by", ["article", "source"])
def test_any_days_have_the_sums_that_they_have_by_day(booked: Booked, by: Many) -> None:
    drawn, funds = random.Random(5), list_funds()[:2]
    for at in range(60):
        gift = booked.give(
            drawn.randrange(100, 9000), on=START + timedelta(drawn.randrange(800)), fee=drawn.randrange(90),
            appeal=None, article_slug=drawn.choice(["", *(f"story-{n}" for n in range(12))]),
            source=drawn.choice(["", "search", "newsletter"]), fund_id=drawn.choice(funds).id,
            currency="EUR" if at % 7 == 6 else "USD",
        )  # fmt: skip
        if at % 5 == 0:
            booked.move(gift, drawn.choice(["refund", "dispute"]), drawn.randrange(1, gift.amount_minor), fee=at)
    spans = [
        (START, START + timedelta(1200)),
        (date(2024, 1, 1), date(2025, 1, 1)),
        (date(2025, 2, 1), date(2025, 3, 1)),
    ]
    spans += [(START + timedelta(a := drawn.randrange(700)), START + timedelta(a + drawn.randrange(1, 500)))
              for _ in range(12)]  # fmt: skip
    for since, until in spans:
        for fund in ("", funds[1].code):
            span = Span(since, until, "USD", fund)
            expected = income_by(by, span)
            many = count_many(by, span)
            pages = [list_many(by, span, skip=skip, at_most=4) for skip in range(0, many, 4)]
            assert [line for page in pages for line in page] == expected
            assert many == len(expected)
            some = [line.key for line in expected[::2]]
            assert net_of(by, span, some) == {line.key: line.net for line in expected[::2]}


def test_a_year_is_read_along_its_index_and_not_sorted(booked: Booked) -> None:
    if db.engine.dialect.name != "sqlite":
        pytest.skip("PostgreSQL sorts what is few; the index is the same")
    booked.give(article_slug="the-well")
    with listening() as heard:
        assert list_many("article", Span(date(2026, 1, 1), date(2026, 3, 3), "USD"), skip=0, at_most=100)
    (asked,) = (statement for statement in heard if "ledger_span_by" in statement)
    with db.engine.connect() as connection:
        plan = [str(row[3]) for row in connection.exec_driver_sql("EXPLAIN QUERY PLAN " + asked, heard[asked])]
    assert any("SEARCH ledger_span_by USING INDEX ix_ledger_span_by_net" in step for step in plan), plan
    assert not any("TEMP B-TREE FOR ORDER BY" in step for step in plan), plan
