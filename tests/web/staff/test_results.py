"""What appeals brought, at the desk: numbers lead to their rows, names are for those who may, a file goes along."""

from __future__ import annotations

import csv
import html
import io
import re
from datetime import date, timedelta
from typing import Any

import pytest
from flask.testing import FlaskClient

from donate.appeals.models import Appeal, AskCount
from donate.appeals.queries import find_appeal
from donate.db import committed, db, lock
from donate.team.models import History
from tests.make.in_the_books import Booked
from tests.make.rows import every
from tests.make.signing_in import Comings, hidden
from tests.people import AMAL, NOAM

REPORT = "/staff/appeals/misinformation/report"


def words(page: str) -> str:
    """Read a page as its reader does."""
    main = page[page.index("<main") : page.index("</main")]
    return " ".join(html.unescape(re.sub(r"<[^>]+>", " ", main)).split())


def links(page: str) -> list[str]:
    """List the addresses of gifts that a page leads to."""
    return [html.unescape(href) for href in re.findall(r'href="([^"]*/gifts[^"]*)"', page)]


@pytest.fixture
def desk(comings: Comings) -> FlaskClient:
    """Return a browser of fundraising."""
    return comings.colleague("fundraising")


def test_the_report_says_every_sum_and_its_rule(of_every_kind: Booked, desk: FlaskClient) -> None:
    page = words(desk.get(REPORT).text)
    for said in (
        "All gifts since the first.",
        "As of 2 March 2026 at",
        "Raised, net $466.00",
        "Gifts 5 Kept, renewals among them. 1 went back whole.",
        "Donors 1",
        "New donors 1",
        "Monthly gifts begun 1 1 still run, 0 stopped within 60 days.",
        "Charged, covered fees included $521.00",
        "Refunded −$5.00",
        "Taken back by givers’ banks −$50.00",
        "Of this, $400.00 came by cheque, transfer or cash.",
        "Only one copy has run, so there is nothing to prefer.",
        "Every gift that arrived is in the books.",
    ):
        assert said in page, said
    assert "$465 of $48,000" in page


def test_every_number_leads_to_gifts_that_come_to_it(of_every_kind: Booked, desk: FlaskClient) -> None:
    found = links(desk.get(REPORT).text)
    assert len(found) > 12
    for href in found:
        answer = desk.get(href)
        assert answer.status_code == 200, href
        assert "No booked gift" not in answer.text or "promise=year" in href or "new=1" in href, href
    assert "5 gifts" in words(desk.get(next(each for each in found if each.endswith("currency=USD&state=kept"))).text)


def test_an_appeal_without_gifts_says_what_will_be_here(booked: Booked, desk: FlaskClient) -> None:
    page = words(desk.get(REPORT).text)
    assert "No gift of these days has been booked for this appeal." in page
    assert "$" not in page


def test_days_are_both_included_and_repeated_in_words(booked: Booked, desk: FlaskClient) -> None:
    booked.give(1000, on=date(2026, 3, 1))
    booked.give(2000, on=date(2026, 3, 2))
    booked.give(4000, on=date(2026, 3, 3))
    page = words(desk.get(f"{REPORT}?from=2026-03-01&to=2026-03-02").text)
    assert "Gifts of 1 March 2026 to 2 March 2026, both days included." in page
    assert "Raised, net $30.00" in page
    assert "Gifts from 3 March 2026 on" in (last := words(desk.get(f"{REPORT}?from=2026-03-03").text))
    assert "Raised, net $40.00" in last
    assert "Gifts up to 1 March 2026" in words(desk.get(f"{REPORT}?to=2026-03-01").text)


@pytest.mark.parametrize(
    ("query", "sentence"),
    [
        ("from=yesterday", "Write a day as year, month and day, such as 2026-03-31."),
        ("to=2026-02-30", "Write a day as year, month and day, such as 2026-03-31."),
        ("from=2026-03-02&to=2026-03-01", "The last day comes before the first: change one of them."),
    ],
)
def test_days_that_can_not_be_meant_are_said_and_kept_as_typed(
    booked: Booked, desk: FlaskClient, query: str, sentence: str
) -> None:
    for path in (REPORT, "/staff/appeals/report", "/staff/appeals/misinformation/gifts"):
        answer = desk.get(f"{path}?{query}")
        assert answer.status_code == 422
        assert sentence in html.unescape(answer.text)
    assert f'value="{query.partition("&")[0].partition("=")[2]}"' in desk.get(f"{REPORT}?{query}").text


def test_what_copies_brought_is_judged_plainly(booked: Booked, desk: FlaskClient) -> None:
    booked.give(3000, variant="a")
    appeal = find_appeal("misinformation")
    assert appeal is not None
    with committed():
        for name in ("a", "b", "held"):
            db.session.add(AskCount(counted_on=date(2026, 3, 2), appeal_id=appeal.id, variant=name, placement="end",
                                    article_slug="", views=1500, presses=30, closes=3))  # fmt: skip
    page = words(desk.get(REPORT).text)
    assert "Not enough data to prefer one. Copy A lacks 49 first gifts and 0 views. Copy B lacks 50" in page
    assert "Held back: shown no ask 1,500 30 3 0 $0.00 20.0 2.0 0.0 $0.00" in page
    assert "Copy A 1,500 30 3 1 $30.00 20.0 2.0 0.7 $20.00" in page
    assert "End of the story 4,500 90 9 1 1 $30.00 $30.00" in page


def test_many_stories_end_in_one_line(booked: Booked, desk: FlaskClient) -> None:
    for number in range(27):
        booked.give(100 * (number + 1), story=False, article_slug=f"gone-{number}")
    page = words(desk.get(REPORT).text)
    assert "gone-26" in page
    assert "gone-1 " not in page
    assert "2 more 2 1 $3.00 $3.00" in page


def test_bars_are_days_or_where_there_are_many_months(booked: Booked, desk: FlaskClient) -> None:
    booked.give(1000, on=date(2026, 2, 20))
    booked.give(2000, on=date(2026, 3, 2))
    page = desk.get(REPORT).text
    assert "Most came on 2 March 2026: $20.00." in words(page)
    assert (page.count("chart__bar "), page.count("chart__bar--open")) == (1, 1)
    booked.give(500, on=date(2025, 6, 1))
    page = desk.get(REPORT).text
    assert "Most came in March 2026: $20.00." in words(page)
    assert "on=2026-02" in page
    assert "$10.00" in words(desk.get("/staff/appeals/misinformation/gifts?on=2026-02").text)


def test_all_appeals_stand_together_with_what_nobody_can_say(booked: Booked, desk: FlaskClient) -> None:
    booked.give(6000)
    booked.give(2000, appeal="evergreen", story=False, source="")
    booked.give(2000, appeal=None)
    booked.give(1000, currency="EUR")
    page = desk.get("/staff/appeals/report").text
    said = words(page)
    assert "Without an appeal 20.0% $20.00 of the net sum." in said
    assert "Without a story 20.0%" in said
    assert "In US dollars" in said
    assert "In euros" in said
    assert "All gifts 3 1 1 0 $100.00 $100.00" in said
    for href in links(page):
        assert desk.get(href).status_code == 200
    assert "$20.00" in words(desk.get("/staff/appeals/gifts?currency=USD&appeal=").text)
    assert "Without an appeal." in words(desk.get("/staff/appeals/gifts?currency=USD&appeal=").text)


def test_gifts_say_what_they_were_and_turn_pages(of_every_kind: Booked, desk: FlaskClient) -> None:
    for _ in range(50):
        of_every_kind.give(100, story=False, source="", placement="", variant="b")
    path = "/staff/appeals/misinformation/gifts"
    first, second = words(desk.get(path).text), words(desk.get(f"{path}?page=2").text)
    assert "1 to 50 of 56" in first
    for said in ("one time", "monthly, the first", "Copy B", "by cheque, transfer or cash", "monthly, a renewal"):
        assert said in first + second
    assert "first gift of a new donor" in first + second
    assert "51 to 56 of 56" in words(desk.get(f"{path}?page=99").text)
    assert "51 to 56 of 56" not in words(desk.get(f"{path}?page=x").text)


@pytest.mark.parametrize(
    ("query", "sentence"),
    [
        ("on=2026-03-02", "Received on 2 March 2026."),
        ("on=2026-03", "Received in March 2026."),
        ("source=newsletter", "From the source “newsletter”."),
        ("source=", "Without a source."),
        ("placement=end", "Placement: End of the story."),
        ("variant=", "Of the only copy."),
        ("article=", "Without a story."),
        ("article=gone", "From the story “gone”."),
        ("currency=USD", "In USD."),
        ("promise=month", "Each began a monthly gift."),
        ("promise=year", "Each began a yearly gift."),
        ("state=kept", "Something of each is kept."),
        ("state=back", "All of each went back."),
        ("new=1", "Each is a new donor’s first."),
        ("on=nonsense&promise=day&state=lost", "All gifts since the first."),
    ],
)
def test_a_list_of_gifts_says_what_they_have_in_common(
    of_every_kind: Booked, desk: FlaskClient, query: str, sentence: str
) -> None:
    assert sentence in words(desk.get(f"/staff/appeals/misinformation/gifts?{query}").text)


def test_names_are_for_those_who_may_see_donors(of_every_kind: Booked, comings: Comings, desk: FlaskClient) -> None:
    path = "/staff/appeals/misinformation/gifts"
    assert AMAL.last_name in desk.get(path).text
    assert AMAL.last_name not in comings.colleague("auditor").get(path).text


def test_who_may_not_see_gifts_reads_numbers_that_lead_nowhere(of_every_kind: Booked, comings: Comings) -> None:
    page = comings.colleague("editor").get(REPORT).text
    assert "$466.00" in page
    assert links(page) == []
    assert "/donors" not in page


def test_an_unknown_appeal_is_not_here(newsroom: None, desk: FlaskClient) -> None:
    for page in ("report", "gifts", "donors"):
        assert desk.get(f"/staff/appeals/nobody/{page}").status_code == 404


def take(browser: FlaskClient, **typed: str) -> Any:
    page = browser.get("/staff/appeals/misinformation/donors").text
    form = page[page.index('method="post" action="/staff/appeals') - 6 :]
    return browser.post("/staff/appeals/misinformation/donors", data={**hidden(form), **typed})


def test_fundraising_takes_its_donors_along_and_history_says_so(of_every_kind: Booked, desk: FlaskClient) -> None:
    of_every_kind.give(700, NOAM, anonymous=True, on=date(2026, 3, 5))
    of_every_kind.move(of_every_kind.give(900, NOAM, currency="EUR"), "refund", 900)
    page = words(desk.get("/staff/appeals/misinformation/donors").text)
    assert "2 donors who gave in US dollars, $473.00 in all." in page
    answer = take(desk)
    assert answer.headers["Content-Type"] == "text/csv; charset=utf-8"
    assert answer.headers["Content-Disposition"] == 'attachment; filename="donors-misinformation.csv"'
    assert answer.headers["Cache-Control"] == "no-store"
    assert answer.data.endswith(b"\r\n")
    amal, noam = csv.DictReader(io.StringIO(answer.data.decode(), newline=""))
    assert (amal["donor_email"], amal["raised_net"], amal["gifts"], amal["recurring"]) == (
        AMAL.email, "466.00", "5", "true",
    )  # fmt: skip
    assert (noam["donor_email"], noam["first_on"], noam["new_donor"]) == (NOAM.email, "2026-03-05", "true")
    assert (noam["anonymous"], amal["anonymous"], amal["wants_appeals"]) == ("true", "false", "false")
    act = every(History)[-1]
    assert (act.act, act.object_reference) == ("export_appeal_donors", "misinformation")
    assert (act.after["rows"], act.after["from"], len(act.after["sha256"])) == (2, "", 64)


def test_cells_of_the_file_run_in_no_spreadsheet(booked: Booked, desk: FlaskClient) -> None:
    booked.give(700, AMAL.__class__("=2+5", "@SUM", "evil@example.org", "en", "JO"))
    assert "'=2+5 @SUM" in take(desk).data.decode()


def test_the_file_keeps_to_the_days_and_refuses_others(booked: Booked, desk: FlaskClient) -> None:
    booked.give(700, AMAL)
    booked.give(700, NOAM, on=date(2026, 3, 3))
    assert NOAM.email not in take(desk, to="2026-03-02").data.decode()
    answer = take(desk, to="the end")
    assert answer.status_code == 422
    assert "Write a day as year, month and day" in answer.text


def test_the_goal_of_the_report_keeps_to_its_rule(of_every_kind: Booked, desk: FlaskClient) -> None:
    with committed():
        found = find_appeal("misinformation")
        assert found is not None
        appeal = lock(Appeal, found.id)
        appeal.goal_counts_renewals, appeal.ends_on = False, of_every_kind.today() + timedelta(days=3)
    assert "$440 of $48,000" in (page := words(desk.get(REPORT).text))
    assert "3 days left" in page
