"""The daily digest: once a day, from the chosen hour of the newsroom's zone, with the sums of the ledger."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime

import pytest
import sqlalchemy as sa

from donate import clock
from donate.db import committed, db
from donate.ledger.models import LedgerEntry
from donate.reports import staff_digest
from donate.reports.staff_digest import digest_of, send_digests
from donate.team.history import SYSTEM
from donate.team.models import Staff, StaffNotices
from donate.team.notices import Choice, choose_notices
from donate.team.queries import get_staff
from tests.make.in_the_books import Booked
from tests.make.outbox import Outbox, html_of, text_of
from tests.make.race import Race
from tests.make.rows import every
from tests.make.signing_in import Comings
from tests.people import NOAM

FINANCE = "finance@newsroom.example"
DAY = date(2026, 3, 2)
on_postgresql = pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)


@pytest.fixture
def wants(comings: Comings) -> Callable[..., Staff]:
    """Return a way to hire somebody who wants a digest from an hour on."""

    def make(hour: int = 7, role: str = "finance") -> Staff:
        email, _link = comings.hire(role)
        with committed():
            choose_notices(get_staff(email), Choice(digest_hour=hour), SYSTEM)
        return get_staff(email)

    return make


@pytest.fixture
def a_day(booked: Booked) -> Booked:
    """Book a day of gifts in two currencies, a refund and a dispute, and something of the days around it."""
    first = booked.give(2600, cover=100, fee=106, on=DAY)
    booked.give(1500, NOAM, frequency="month", fee=74, on=DAY)
    booked.give(5000, currency="EUR", fee=170, on=DAY)
    booked.give(40000, kind="offline", on=DAY)
    booked.move(first, "refund", 600, on=DAY)
    booked.move(booked.give(900, on=date(2026, 3, 1)), "dispute", 900, fee=1500, on=DAY)
    booked.give(7700, on=date(2026, 3, 3))
    return booked


def at(monkeypatch: pytest.MonkeyPatch, day: date, hour: int) -> None:
    """Let it be an hour of the newsroom's day; in March Jerusalem is two hours ahead."""
    moment = datetime(day.year, day.month, day.day, hour - 2, 30, tzinfo=UTC)
    monkeypatch.setattr(clock, "now", lambda: moment)


def test_it_is_sent_once_from_its_hour_on(
    a_day: Booked, wants: Callable[..., Staff], work: Callable[[], int], outbox: Outbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    wants(7)
    at(monkeypatch, date(2026, 3, 3), 6)
    assert send_digests() == 0
    at(monkeypatch, date(2026, 3, 3), 7)
    assert (send_digests(), send_digests()) == (1, 0)
    at(monkeypatch, date(2026, 3, 3), 23)
    assert send_digests() == 0
    work()
    (letter,) = outbox.to(FINANCE)
    assert letter["Subject"] == "What came in on 2 March 2026"
    at(monkeypatch, date(2026, 3, 4), 9)
    assert send_digests() == 1
    work()
    assert outbox.to(FINANCE)[-1]["Subject"] == "What came in on 3 March 2026"


def test_its_sums_are_the_ledgers_currency_by_currency(
    a_day: Booked, wants: Callable[..., Staff], work: Callable[[], int], outbox: Outbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    wants()
    at(monkeypatch, date(2026, 3, 3), 8)
    send_digests()
    work()
    entry = LedgerEntry
    net = db.session.execute(
        sa.select(entry.settlement_currency, sa.func.sum(entry.settlement_net_minor))
        .where(entry.booked_on == DAY)
        .group_by(entry.settlement_currency)
    )
    of_ledger = {currency: int(minor) for currency, minor in net}
    assert {each.currency: each.net for each in digest_of(DAY)} == of_ledger
    assert of_ledger["EUR"] == 5000 - 170
    (letter,) = outbox.to(FINANCE)
    for words in (text_of(letter), html_of(letter)):
        assert "3 gifts" in words
        assert "$441.00" in words
        assert "−$6.00" in words
        assert "€48.30" in words
        for trace in (NOAM.email, NOAM.first_name, NOAM.last_name):
            assert trace not in words


def test_a_quiet_day_says_so(
    booked: Booked,
    wants: Callable[..., Staff],
    work: Callable[[], int],
    outbox: Outbox,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    wants()
    at(monkeypatch, date(2026, 3, 3), 8)
    send_digests()
    work()
    (letter,) = outbox.to(FINANCE)
    assert letter["Subject"] == "Nothing came in on 2 March 2026"


def test_who_may_see_no_gifts_any_more_gets_none(
    booked: Booked,
    wants: Callable[..., Staff],
    work: Callable[[], int],
    outbox: Outbox,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    staff = wants()
    at(monkeypatch, date(2026, 3, 3), 8)
    send_digests()
    with committed() as session:
        session.execute(sa.update(Staff).where(Staff.id == staff.id).values(role="editor"))
    work()
    assert outbox.to(FINANCE) == []
    at(monkeypatch, date(2026, 3, 4), 8)
    assert send_digests() == 0


@on_postgresql
def test_two_workers_send_it_once(
    booked: Booked, wants: Callable[..., Staff], race: Race, monkeypatch: pytest.MonkeyPatch
) -> None:
    wants()
    at(monkeypatch, date(2026, 3, 3), 8)
    race.meet_after(staff_digest, "list_notices")
    sent: list[int] = []
    assert race.run(*(lambda: sent.append(send_digests()),) * 2) == []
    assert sorted(sent) == [0, 1]
    assert [row.digest_on for row in every(StaffNotices)] == [DAY]


@on_postgresql
def test_the_race_above_would_show_a_digest_that_waits_for_nobody(
    booked: Booked, wants: Callable[..., Staff], race: Race, monkeypatch: pytest.MonkeyPatch
) -> None:
    wants()
    at(monkeypatch, date(2026, 3, 3), 8)
    race.without_lock(staff_digest)
    race.meet_after(staff_digest, "lock")
    sent: list[int] = []
    assert race.run(*(lambda: sent.append(send_digests()),) * 2) == []
    assert sent == [1, 1]
