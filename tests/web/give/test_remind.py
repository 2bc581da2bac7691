"""Remind me later: one letter to who asked, its address gone with it, and a way out that holds."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date, timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from donate import clock
from donate.appeals.models import Reminder
from donate.appeals.queries import find_appeal
from donate.appeals.remind import ask_reminder, list_days, send_due_reminders
from donate.commands.worker import JOBS
from donate.db import committed
from donate.limits.models import LimitUse
from donate.mail.models import MailMessage
from tests.make.outbox import Outbox, html_of, text_of
from tests.make.race import Race
from tests.make.rows import count, every

pytestmark = pytest.mark.usefixtures("newsroom")
ASKED = {"appeal": "misinformation", "article": "flood-picture", "placement": "end"}
APRIL, MAY = date(2026, 4, 1), date(2026, 5, 1)
AMAL = "amal@example.org"


def ask(client: FlaskClient, email: str = AMAL, on: str = "2026-04-01", **more: str) -> TestResponse:
    return client.post("/remind", data={**ASKED, "email": email, "on": on, **more})


@pytest.fixture
def arrive(outbox: Outbox, work: Callable[[], int]) -> Callable[..., list[str]]:
    """Return a way to send what is due on a day; gives the text of every letter to Amal so far."""

    def send(on: date = APRIL) -> list[str]:
        send_due_reminders(on)
        work()
        return [text_of(each) for each in outbox.to(AMAL)]

    return send


def way_out(letter: str) -> str:
    found = re.search(r"http://127.0.0.1:5000(\S*/remind/\S+)", letter)
    assert found is not None, letter
    return found[1]


# -- the form ----------------------------------------------------------------------------------------------------------


def test_the_form_offers_the_first_of_the_next_months_and_keeps_what_it_was_asked_beside(client: FlaskClient) -> None:
    answer = client.get("/remind", query_string=ASKED)
    assert re.findall(r'name="on" value="([^"]+)"', answer.text) == [f"2026-{month:02}-01" for month in range(4, 10)]
    assert "April 2026" in answer.text
    hidden = dict(re.findall(r'type="hidden" name="(\w+)" value="([^"]*)"', answer.text))
    assert hidden == ASKED
    assert "Set-Cookie" not in answer.headers
    assert answer.headers["Cache-Control"] == "no-store"


@pytest.mark.parametrize(
    ("today", "first", "last"),
    [
        (date(2026, 3, 2), APRIL, date(2026, 9, 1)),
        (date(2026, 3, 25), APRIL, date(2026, 9, 1)),
        (date(2026, 3, 26), MAY, date(2026, 10, 1)),
        (date(2026, 3, 31), MAY, date(2026, 10, 1)),
        (date(2026, 12, 31), date(2027, 2, 1), date(2027, 7, 1)),
    ],
)
def test_no_day_is_so_near_that_it_would_be_no_reminder(today: date, first: date, last: date) -> None:
    days = list_days(today)
    assert (days[0], days[-1], len(days)) == (first, last, 6)


def test_a_wish_is_kept_once_and_the_page_says_when_the_letter_comes(client: FlaskClient) -> None:
    answer = ask(client, " Amal@Example.org ")
    assert answer.status_code == 303
    page = client.get(answer.headers["Location"]).text
    assert "We write to you on 1 April 2026" in page
    assert 'href="/articles/flood-picture"' in page
    (wish,) = every(Reminder)
    assert (wish.email, wish.due_on, wish.article_slug, wish.placement) == (AMAL, APRIL, "flood-picture", "end")
    appeal = find_appeal("misinformation")
    assert appeal is not None
    assert wish.appeal_id == appeal.id


def test_asked_again_the_letter_comes_on_the_day_chosen_last(client: FlaskClient) -> None:
    ask(client)
    ask(client, on="2026-05-01", appeal="none-such", article="")
    (wish,) = every(Reminder)
    assert (wish.due_on, wish.appeal_id, wish.article_slug) == (MAY, None, "")


@pytest.mark.parametrize(
    ("typed", "field", "sentence"),
    [
        ({"email": ""}, "email", "Write the e-mail address our letter goes to."),
        ({"email": "amal"}, "email", "Add the part with the @ sign"),
        ({"on": "2026-03-03"}, "on", "Choose one of these months."),
        ({"on": ""}, "on", "Choose one of these months."),
        ({"on": "tomorrow"}, "on", "Choose one of these months."),
    ],
)
def test_what_can_not_be_taken_is_told_at_its_field_with_the_rest_as_typed(
    client: FlaskClient, typed: dict[str, str], field: str, sentence: str
) -> None:
    answer = ask(client, **{"on": "2026-06-01", **typed})
    assert answer.status_code == 422
    told = re.search(rf'id="{field}-e">([^<]*)<', answer.text)
    assert told is not None
    assert sentence in told[1]
    if field == "on":
        assert f'value="{AMAL}"' in answer.text
    else:
        assert 'value="2026-06-01" checked' in answer.text
    assert 'name="appeal" value="misinformation"' in answer.text
    assert every(Reminder) == []


def test_another_site_asks_nothing_in_a_readers_name(client: FlaskClient) -> None:
    for headers in ({"Sec-Fetch-Site": "cross-site"}, {"Origin": "https://elsewhere.example"}):
        answer = client.post("/remind", data={**ASKED, "email": AMAL, "on": "2026-04-01"}, headers=headers)
        assert answer.status_code == 400
    assert every(Reminder) == []


def test_one_address_and_one_network_ask_only_so_often(client: FlaskClient) -> None:
    assert [ask(client).status_code for _time in range(5)] == [303] * 4 + [429]
    others = [ask(client, f"reader-{number}@example.org").status_code for number in range(30)]
    assert others[-1] == 429
    assert all(AMAL not in row.key for row in every(LimitUse))


def test_in_arabic_the_way_leads_through_arabic_pages(client: FlaskClient, arrive: Callable[..., list[str]]) -> None:
    answer = client.post("/ar/remind", data={**ASKED, "email": AMAL, "on": "2026-04-01"})
    assert answer.headers["Location"].startswith("/ar/remind?")
    (letter,) = arrive()
    assert "http://127.0.0.1:5000/ar/donate?appeal=misinformation&article=flood-picture&placement=reminder" in letter


def test_two_presses_at_once_are_one_wish(app: Flask, race: Race) -> None:
    def press() -> None:
        with committed():
            ask_reminder(AMAL, "en", APRIL, None)

    assert race.run(press, press) == []
    assert len(every(Reminder)) == 1


# -- the letter --------------------------------------------------------------------------------------------------------


def test_the_letter_comes_on_its_day_once_and_takes_the_address_along(
    client: FlaskClient, arrive: Callable[..., list[str]]
) -> None:
    ask(client)
    assert arrive(APRIL - timedelta(days=1)) == []
    (letter,) = arrive(APRIL)
    assert "http://127.0.0.1:5000/donate?appeal=misinformation&article=flood-picture&placement=reminder" in letter
    assert "You chose this month on 2 March 2026." in letter
    assert "You were reading:" in letter
    assert len(arrive(APRIL)) == len(arrive(MAY)) == 1
    (wish,) = every(Reminder)
    assert wish.sent_at is not None
    assert wish.email == wish.reference
    (message,) = every(MailMessage)
    assert (message.to_address, message.text, message.values) == ("", "", {})


def test_the_link_of_the_letter_opens_the_form_and_credits_the_reminder(
    client: FlaskClient, arrive: Callable[..., list[str]]
) -> None:
    ask(client)
    (letter,) = arrive()
    link = re.search(r"http://127.0.0.1:5000(/donate\S+)", letter)
    assert link is not None
    page = client.get(link[1]).text
    for name, value in (("appeal", "misinformation"), ("article", "flood-picture"), ("placement", "reminder")):
        assert re.search(rf'name="{name}"[^>]*value="{value}"', page), name


@pytest.mark.parametrize(
    "changes", [{"status": "ended"}, {"status": "paused"}, {"ends_on": date(2026, 3, 31)}, {"starts_on": MAY}]
)
def test_where_its_appeal_is_over_the_letter_speaks_for_the_evergreen_one(
    client: FlaskClient, arrive: Callable[..., list[str]], changes: dict[str, object]
) -> None:
    ask(client)
    with committed():
        for name, value in changes.items():
            setattr(find_appeal("misinformation"), name, value)
    (letter,) = arrive()
    assert "/donate?appeal=evergreen&article=flood-picture&placement=reminder" in letter
    assert "Every story here is read twice before you read it." in letter


def test_without_appeal_or_story_there_is_still_a_letter(client: FlaskClient, arrive: Callable[..., list[str]]) -> None:
    with committed():
        for slug in ("evergreen", "misinformation"):
            appeal = find_appeal(slug)
            assert appeal is not None
            appeal.status, appeal.is_evergreen = "ended", False
    ask(client, article="never-written")
    (letter,) = arrive()
    assert "http://127.0.0.1:5000/donate?placement=reminder" in letter
    assert "You were reading" not in letter


def test_words_of_a_story_stay_words_in_the_letter(
    client: FlaskClient, outbox: Outbox, arrive: Callable[..., list[str]]
) -> None:
    with committed():
        appeal = find_appeal("misinformation")
        assert appeal is not None
        for text in appeal.texts:
            text.headline = "Bread <b>& water</b>"
    ask(client)
    arrive()
    assert "Bread &lt;b&gt;&amp; water&lt;/b&gt;" in html_of(outbox.to(AMAL)[-1])


def test_the_worker_sends_by_the_newsrooms_date(
    client: FlaskClient, outbox: Outbox, work: Callable[[], int], pass_days: Callable[[float], None]
) -> None:
    ask(client)
    JOBS["remind"]("1")
    work()
    assert outbox.to(AMAL) == []
    pass_days(30)
    assert clock.today("Asia/Amman") == APRIL
    JOBS["remind"]("2")
    work()
    assert len(outbox.to(AMAL)) == 1


# -- the way out -------------------------------------------------------------------------------------------------------


def test_the_way_out_ends_what_waits_and_whoever_asks_in_that_name_is_answered_the_same(
    client: FlaskClient, outbox: Outbox, arrive: Callable[..., list[str]]
) -> None:
    ask(client)
    (letter,) = arrive()
    path = way_out(letter)
    assert outbox.to(AMAL)[0]["List-Unsubscribe"] == f"<http://127.0.0.1:5000{path}>"
    ask(client, on="2026-06-01")
    shown = client.get(path)
    assert shown.status_code == 200
    assert count(Reminder) == 2
    assert "No more reminders?" in shown.text
    assert shown.headers["Referrer-Policy"] == "no-referrer"
    assert AMAL not in shown.text
    assert "Done." in client.post(path, data={"List-Unsubscribe": "One-Click"}).text
    answer = ask(client, on="2026-05-01")
    assert answer.status_code == 303
    assert "We write to you on 1 May 2026" in client.get(answer.headers["Location"]).text
    assert len(arrive(date(2026, 9, 1))) == 1
    assert not any(AMAL in row.email for row in every(Reminder))


def test_who_lets_them_come_again_is_reminded_again(client: FlaskClient, arrive: Callable[..., list[str]]) -> None:
    ask(client)
    path = way_out(arrive()[0])
    for _time in range(2):
        client.post(path)
    assert "That mark is deleted" in client.post(path, data={"again": "1"}).text
    ask(client, on="2026-05-01")
    assert len(arrive(MAY)) == 2


def test_a_way_out_that_was_not_made_here_ends_nothing(client: FlaskClient, arrive: Callable[..., list[str]]) -> None:
    ask(client)
    path = way_out(arrive()[0])
    for wrong in (path[:-1], path.replace("who=", "who=x"), re.sub(r"/remind/\w+/", "/remind/AAAABBBBCCCCDDDD/", path)):
        assert client.get(wrong).status_code == 404
        assert client.post(wrong).status_code == 404
    assert [row.dropped_at for row in every(Reminder)] == [None]
