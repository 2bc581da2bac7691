"""The owners are told once when something goes wrong and once when it is over, whoever looks and however often."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
import sqlalchemy as sa
from flask import Flask

from donate import clock
from donate.commands.worker import JOBS, SCHEDULES
from donate.db import committed, db
from donate.mail.deliver import deliver_mail
from donate.mail.models import MailMessage
from donate.newsroom.queries import get_newsroom
from donate.operations import alert
from donate.operations.alert import note_and_tell
from donate.operations.causes import Found
from donate.operations.models import Problem
from donate.team.hire import disable_staff
from donate.team.history import SYSTEM
from donate.team.queries import get_staff
from tests.make.outbox import Outbox, html_of, text_of
from tests.make.race import Race
from tests.make.rows import every
from tests.make.signing_in import Comings

Later = Callable[[timedelta], None]
Work = Callable[[], int]
OWNER = "owner@newsroom.example"
on_postgresql = pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)


def found(cause: str = "events_failed", **values: int | str) -> Found:
    return Found(cause, clock.real_now(), "/staff/operations/events?state=failed", values or {"number": 2})


@pytest.fixture
def owner(comings: Comings, outbox: Outbox) -> str:
    """Give an owner's address; nobody comes in, so no letter but those of problems goes there."""
    return comings.hire("owner")[0]


def subjects(outbox: Outbox, work: Work, address: str = OWNER) -> list[str]:
    work()
    return [str(letter["Subject"]) for letter in outbox.to(address)]


def test_one_letter_when_it_opens_and_one_when_it_is_over(owner: str, work: Work, outbox: Outbox) -> None:
    for _ in range(3):
        note_and_tell([found()])
    assert subjects(outbox, work) == ["2 events from Stripe could not be processed."]
    letter = outbox.to(OWNER)[0]
    for words in (text_of(letter), html_of(letter)):
        assert "Read the error, and process them again" in words
        assert "http://127.0.0.1:5000/staff/operations/events?state=failed" in words
    for _ in range(2):
        note_and_tell([])
    assert subjects(outbox, work)[1:] == ["Over: 2 events from Stripe could not be processed."]
    (row,) = every(Problem)
    assert (row.times, row.closed_at is None) == (1, False)


def test_many_at_once_are_one_letter(owner: str, work: Work, outbox: Outbox) -> None:
    note_and_tell([found(), found("mail_given_up", number=1), found("gifts_silent", hours=30, longest=4)])
    assert subjects(outbox, work) == ["3 things are wrong"]
    note_and_tell([found("payouts_differ", number=1)])
    assert subjects(outbox, work)[1:] == ["1 payout does not agree with its entries."]
    text = text_of(outbox.to(OWNER)[-1])
    assert "What is over:" in text
    assert "1 letter was given up." in text


def test_what_comes_and_goes_is_told_once(owner: str, work: Work, outbox: Outbox, later: Later) -> None:
    note_and_tell([found()])
    note_and_tell([])
    for _ in range(5):
        later(timedelta(minutes=5))
        note_and_tell([found()])
        later(timedelta(minutes=5))
        note_and_tell([])
    assert len(subjects(outbox, work)) == 2
    assert [row.times for row in every(Problem)] == [6]


def test_what_came_back_and_stayed_is_told_after_an_hour(owner: str, work: Work, outbox: Outbox, later: Later) -> None:
    note_and_tell([found()])
    note_and_tell([])
    later(timedelta(minutes=30))
    note_and_tell([found()])
    assert len(subjects(outbox, work)) == 2
    later(timedelta(minutes=31))
    note_and_tell([found()])
    assert len(subjects(outbox, work)) == 3
    note_and_tell([])
    assert len(subjects(outbox, work)) == 4


def test_what_comes_back_later_is_told_again(owner: str, work: Work, outbox: Outbox, later: Later) -> None:
    note_and_tell([found()])
    note_and_tell([])
    later(timedelta(hours=2))
    note_and_tell([found()])
    assert len(subjects(outbox, work)) == 3


def test_every_working_owner_is_told_and_nobody_else(comings: Comings, work: Work, outbox: Outbox) -> None:
    for address in ("owner@newsroom.example", "second@newsroom.example", "gone@newsroom.example"):
        comings.hire("owner", address)
    comings.hire("finance")
    with committed():
        disable_staff(get_staff("gone@newsroom.example"), SYSTEM)
    note_and_tell([found()])
    work()
    told = {letter["To"].addresses[0].addr_spec for letter in outbox}
    assert told == {"owner@newsroom.example", "second@newsroom.example"}


def test_where_nobody_works_yet_the_newsroom_itself_is_told(newsroom: None, work: Work, outbox: Outbox) -> None:
    note_and_tell([found()])
    assert subjects(outbox, work, "giving@plumbline.example") == ["2 events from Stripe could not be processed."]


def test_before_the_newsroom_has_its_facts_problems_are_kept_and_nobody_is_written_to(app: Flask) -> None:
    note_and_tell([found("worker_silent", ever="")])
    assert [row.cause for row in every(Problem)] == ["worker_silent"]
    assert every(MailMessage) == []


def test_with_mail_away_the_letter_waits_and_is_the_same_one_letter(
    owner: str, work: Work, outbox: Outbox, monkeypatch: pytest.MonkeyPatch, now_due: Callable[[], None]
) -> None:
    def away(_message_id: int) -> None:
        raise ConnectionRefusedError("the mail server is away")

    monkeypatch.setitem(JOBS, "deliver_mail", away)
    note_and_tell([found("mail_failing", number=3, error="ConnectionRefusedError: away")])
    note_and_tell([found("mail_failing", number=4, error="ConnectionRefusedError: away")])
    work()
    assert len(outbox) == 0
    monkeypatch.setitem(JOBS, "deliver_mail", deliver_mail)
    now_due()
    assert subjects(outbox, work) == ["3 letters can’t be sent: ConnectionRefusedError: away"]


def test_the_scheduled_look_tells_of_what_it_finds(owner: str, app: Flask, work: Work, outbox: Outbox) -> None:
    assert "look" in SCHEDULES
    JOBS["look"](slot="1")
    # In this process no worker ever said that it lives.
    assert subjects(outbox, work) == [
        "No worker has ever run here: gifts are taken, and nothing that follows them is done."
    ]


@pytest.mark.parametrize("code", ["ar", "he"])
def test_the_letter_is_in_the_newsrooms_language(owner: str, work: Work, outbox: Outbox, code: str) -> None:
    with committed():
        get_newsroom().language = code
    note_and_tell([found("exports_folder")])
    work()
    assert outbox.to(OWNER)[0]["Content-Language"] == code


@pytest.fixture
def was_over(owner: str, later: Later) -> int:
    """Give how many letters there are of a problem that came and went long ago."""
    note_and_tell([found()])
    note_and_tell([])
    later(timedelta(hours=2))
    return len(every(MailMessage))


def look_twice(race: Race) -> int:
    """Let two workers look at once; tell how many letters there are."""
    assert race.run(*(lambda: note_and_tell([found()]),) * 2) == []
    return len(every(MailMessage))


@on_postgresql
def test_two_workers_that_look_at_once_mail_once(was_over: int, race: Race) -> None:
    race.meet_after(alert, "_make_rows")
    assert look_twice(race) == was_over + 1


@on_postgresql
def test_the_race_above_would_show_a_look_that_waits_for_nobody(
    was_over: int, race: Race, monkeypatch: pytest.MonkeyPatch
) -> None:
    def without_waiting() -> dict[str, Problem]:
        return {row.cause: row for row in db.session.scalars(sa.select(Problem))}

    monkeypatch.setattr(alert, "lock_problems", without_waiting)
    race.meet_after(alert, "lock_problems")
    assert look_twice(race) == was_over + 2
