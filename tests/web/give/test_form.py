"""The form page: what a link asks for, what is refused with its repair, and that nothing typed is ever lost.

Long, because the whole form is one page: each field of it is refused and repaired here.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from werkzeug.test import TestResponse

from donate import clock
from donate.appeals.models import Appeal
from donate.appeals.queries import find_appeal
from donate.db import committed, lock
from donate.giving.queries import find_donation
from donate.newsroom.queries import find_fund, get_general_fund
from donate.recurring.queries import get_recurring

Open = Callable[..., dict[str, str]]
Press = Callable[..., TestResponse]
Read = Callable[[str], dict[str, str]]


# -- what a link asks for ---------------------------------------------------------------------------------------------


def test_the_form_is_nobodys_to_keep_and_sets_no_cookie(newsroom: None, client: FlaskClient) -> None:
    answer = client.get("/donate")
    assert answer.headers["Cache-Control"] == "no-store"
    assert "Set-Cookie" not in answer.headers


def test_each_form_has_a_reference_of_its_own(open_form: Open) -> None:
    assert open_form()["reference"] != open_form()["reference"]


def test_a_link_chooses_frequency_amount_and_currency(open_form: Open) -> None:
    fields = open_form("/donate?frequency=year&amount=100&currency=EUR")
    assert (fields["frequency"], fields["amount"], fields["currency"]) == ("year", "100", "EUR")


def test_an_amount_that_is_no_suggestion_stands_in_the_field_for_others(open_form: Open) -> None:
    fields = open_form("/donate?amount=12.50&frequency=once")
    assert (fields["amount"], fields["other_amount"]) == ("other", "12.50")


@pytest.mark.parametrize(
    "query", ["amount=1e9", "amount=-5", "frequency=weekly", "currency=XXX", "appeal=no-such-thing"]
)
def test_a_wrong_value_of_a_link_is_ignored_with_a_notice(newsroom: None, client: FlaskClient, query: str) -> None:
    answer = client.get(f"/donate?{query}")
    assert answer.status_code == 200
    assert 'class="notice"' in answer.text


def test_a_right_link_has_no_notice(newsroom: None, client: FlaskClient) -> None:
    assert 'class="notice"' not in client.get("/donate?appeal=misinformation&article=night-crew-amman&amount=15").text


def test_a_language_in_the_link_leads_to_its_pages(newsroom: None, client: FlaskClient) -> None:
    answer = client.get("/donate?lang=ar&appeal=misinformation&amount=15")
    assert answer.headers["Location"] == "/ar/donate?appeal=misinformation&amount=15"
    assert client.get("/ar/donate?lang=ar").status_code == 200


def test_the_form_is_whole_without_scripts_in_every_language(newsroom: None, client: FlaskClient) -> None:
    for prefix, direction in (("", "ltr"), ("/ar", "rtl"), ("/he", "rtl")):
        page = client.get(f"{prefix}/donate").text
        assert f'dir="{direction}"' in page
        assert "<script>" not in page
        assert "style=" not in page
        assert not re.search(r"\son[a-z]+=", page)
        assert page.count('name="frequency"') == 3
        assert page.count('name="amount"') == 6
        assert f'action="{prefix}/donate"' in page


def test_nothing_is_ticked_for_the_reader(open_form: Open) -> None:
    assert not {"cover_fee", "anonymous", "newsletter"} & open_form().keys()


def test_another_currency_keeps_where_the_reader_came_from(newsroom: None, client: FlaskClient) -> None:
    page = client.get("/donate?appeal=misinformation&article=night-crew-amman&source=letter").text
    assert (
        "appeal=misinformation&amp;article=night-crew-amman&amp;source=letter&amp;frequency=month&amp;currency=ILS"
        in page
    )


def test_marks_of_a_campaign_link_become_the_source(open_form: Open) -> None:
    assert open_form("/donate?utm_source=letter&utm_campaign=spring")["source"] == "letter/spring"


# -- where the gift is credited ---------------------------------------------------------------------------------------


def test_a_gift_keeps_the_appeal_article_and_source_it_came_by(open_form: Open, press: Press) -> None:
    fields = open_form("/donate?appeal=misinformation&article=night-crew-amman&placement=end&source=letter")
    assert press(fields).status_code == 303
    gift = find_donation(fields["reference"])
    appeal = find_appeal("misinformation")
    assert gift is not None
    assert appeal is not None
    assert (gift.appeal_id, gift.fund_id) == (appeal.id, appeal.fund_id)
    assert (gift.article_slug, gift.placement, gift.source) == ("night-crew-amman", "end", "letter")
    assert gift.article_id is not None


_NOT_ON = ("paused", "ended", "over", "archived", "draft", "soon", "unknown")
_SAID = "The appeal in the link is not on now. Your gift goes to the newsroom as a whole."


def put_into(state: str) -> str:
    """Put the misinformation appeal into a state, and name the appeal that a link names then."""
    appeal = find_appeal("misinformation")
    assert appeal is not None
    today = clock.today("UTC")
    changes: dict[str, dict[str, object]] = {
        "over": {"ends_on": today - timedelta(days=2)},
        "soon": {"starts_on": today + timedelta(days=2)},
        "archived": {"archived_at": clock.now()},
        "unknown": {},
    }
    with committed():
        row = lock(Appeal, appeal.id)
        for name, value in changes.get(state, {"status": state}).items():
            setattr(row, name, value)
    return "nobody-knows" if state == "unknown" else "misinformation"


@pytest.mark.parametrize("state", _NOT_ON)
def test_an_appeal_that_is_not_on_still_takes_the_gift_for_the_general_fund(
    client: FlaskClient, open_form: Open, press: Press, state: str
) -> None:
    link = f"/donate?appeal={put_into(state)}&article=flood-picture&source=letter"
    page = client.get(link).text
    assert page.count(_SAID) == 1
    assert "For the General fund" in page
    fields = open_form(link)
    assert press(fields).status_code == 303
    gift, evergreen = find_donation(fields["reference"]), find_appeal("evergreen")
    assert gift is not None
    assert evergreen is not None
    assert evergreen.texts[0].form_title
    assert (gift.appeal_id, gift.fund_id) == (evergreen.id, get_general_fund().id)
    assert (gift.article_slug, gift.source) == ("flood-picture", "letter")
    assert gift.article_id is not None


def test_a_link_to_an_appeal_that_is_on_says_nothing_of_another(newsroom: None, client: FlaskClient) -> None:
    assert _SAID not in client.get("/donate?appeal=misinformation").text
    assert _SAID not in client.get("/donate").text


@pytest.mark.parametrize("language", ["ar", "he"])
def test_in_every_language_it_stands_under_the_words_of_the_appeal_without_end(
    newsroom: None, client: FlaskClient, language: str
) -> None:
    page = client.get(f"/{language}/donate?appeal={put_into('paused')}").text
    evergreen = find_appeal("evergreen")
    assert evergreen is not None
    title = next(text.form_title for text in evergreen.texts if text.language == language)
    assert f"<h1>{title}</h1>" in page
    assert page.count('<p class="notice">') == 1


def test_where_the_appeal_without_end_has_a_fund_of_its_own_such_a_gift_goes_to_the_general_one(
    newsroom: None, open_form: Open, press: Press
) -> None:
    evergreen, fund = find_appeal("evergreen"), find_fund("fact-desk")
    assert evergreen is not None
    assert fund is not None
    with committed():
        lock(Appeal, evergreen.id).fund_id = fund.id
    fields = open_form(f"/donate?appeal={put_into('ended')}")
    assert press(fields).status_code == 303
    gift = find_donation(fields["reference"])
    assert gift is not None
    assert gift.fund_id == get_general_fund().id


def test_a_fund_that_the_link_names_itself_still_takes_the_gift_and_the_line_says_so(
    newsroom: None, client: FlaskClient, open_form: Open, press: Press
) -> None:
    link = f"/donate?appeal={put_into('paused')}&fund=fact-desk"
    page = client.get(link).text
    assert "Your gift goes to the fund named here." in page
    assert _SAID not in page
    fields = open_form(link)
    assert press(fields).status_code == 303
    gift, fund = find_donation(fields["reference"]), find_fund("fact-desk")
    assert gift is not None
    assert fund is not None
    assert gift.fund_id == fund.id


@pytest.mark.parametrize("state", ["paused", "archived"])
def test_an_appeal_that_stops_while_its_form_is_open_changes_no_gift_unseen(
    open_form: Open, press: Press, read_fields: Read, state: str
) -> None:
    fields = open_form("/donate?appeal=misinformation&article=flood-picture", frequency="once")
    put_into(state)
    answer = press(fields)
    assert answer.status_code == 422
    assert "What your gift is for has changed since this form was opened." in answer.text
    assert _SAID in answer.text
    assert find_donation(fields["reference"]) is None
    again = read_fields(answer.text)
    assert (again["email"], again["article"]) == ("leila@example.org", "flood-picture")
    assert press(again).status_code == 303
    gift, evergreen = find_donation(again["reference"]), find_appeal("evergreen")
    assert gift is not None
    assert evergreen is not None
    assert (gift.appeal_id, gift.fund_id) == (evergreen.id, get_general_fund().id)


# -- what is refused, and kept ----------------------------------------------------------------------------------------


@pytest.mark.parametrize("typed", ["0", "-5", "1e9", "25,5,0", "", "1,000", "12.505", "0.10", "100000000"])
def test_an_amount_that_cant_be_taken_comes_back_with_everything_else(
    open_form: Open, press: Press, read_fields: Read, typed: str
) -> None:
    sent = open_form(
        amount="other", other_amount=typed, first_name="Leila", last_name="O’Konjo", note="Two\nlines & <b>",
        cover_fee="1", anonymous="1", newsletter="1", frequency="year", phone="+1 202 555 0147", city="Haifa",
    )  # fmt: skip
    answer = press(sent)
    assert answer.status_code == 422
    assert "You have not been charged." in answer.text
    assert "<title>Error:" in answer.text
    assert 'href="#other"' in answer.text
    assert 'id="amount-e"' in answer.text
    back = read_fields(answer.text)
    changing = ("csrf_token",)
    assert {name: value for name, value in back.items() if name in sent and name not in changing} == {
        name: value for name, value in sent.items() if name not in changing
    }


def test_digits_of_other_scripts_are_taken(open_form: Open, press: Press) -> None:
    fields = open_form(amount="other", other_amount="٢٥", frequency="once")
    assert press(fields).status_code == 303
    gift = find_donation(fields["reference"])
    assert gift is not None
    assert gift.amount_minor == 2500


def test_an_amount_of_two_readings_is_asked_back_and_answered_with_one_tick(
    open_form: Open, press: Press, read_fields: Read
) -> None:
    answer = press(open_form(amount="other", other_amount="1,000"))
    assert "$1.00" in answer.text
    assert "$1,000.00" in answer.text
    fields = read_fields(answer.text) | {"amount": "1"}
    assert press(fields).status_code == 303
    gift = find_donation(fields["reference"])
    assert gift is not None
    assert gift.amount_minor == 100


def test_a_sum_far_above_the_suggestions_is_asked_about_once(open_form: Open, press: Press, read_fields: Read) -> None:
    answer = press(open_form("/donate?frequency=once", amount="other", other_amount="6000"))
    assert answer.status_code == 422
    assert "Did you mean $6,000.00?" in answer.text
    assert press(read_fields(answer.text)).status_code == 303


def test_a_month_is_measured_by_what_is_suggested_for_a_month(open_form: Open, press: Press) -> None:
    assert press(open_form(frequency="once", amount="other", other_amount="1500")).status_code == 303
    assert press(open_form(frequency="month", amount="other", other_amount="1500")).status_code == 422


def test_another_unusual_sum_is_asked_about_again(open_form: Open, press: Press, read_fields: Read) -> None:
    answer = press(open_form("/donate?frequency=once", amount="other", other_amount="6000"))
    assert press(read_fields(answer.text) | {"other_amount": "60000"}).status_code == 422


def test_a_mistyped_mail_domain_is_asked_about_once(open_form: Open, press: Press, read_fields: Read) -> None:
    answer = press(open_form(email="leila@gmial.com"))
    assert answer.status_code == 422
    assert "Did you mean leila@gmail.com?" in answer.text
    assert press(read_fields(answer.text)).status_code == 303


def test_a_text_that_does_not_fit_is_refused_with_how_much(open_form: Open, press: Press) -> None:
    answer = press(open_form(note="x" * 2003, first_name="y" * 121))
    assert answer.status_code == 422
    assert "Make this shorter by 3 letters" in answer.text
    assert "Make this shorter by 1 letters" in answer.text


def test_an_error_is_tied_to_its_field(open_form: Open, press: Press) -> None:
    page = press(open_form(email="leila.example.org")).text
    field = re.search(r'<input[^>]*id="email"[^>]*>', page)
    assert field is not None
    assert 'aria-invalid="true"' in field[0]
    assert 'aria-describedby="email-h email-e"' in field[0]
    assert 'id="email-e"' in page
    assert 'role="alert"' in page


def test_a_frequency_nobody_knows_is_asked_for(open_form: Open, press: Press) -> None:
    answer = press(open_form(frequency="weekly"))
    assert answer.status_code == 422
    assert "Choose how often you give." in answer.text


def test_the_suggestions_stay_when_the_frequency_is_switched(open_form: Open, press: Press) -> None:
    page = press(open_form("/donate?frequency=month", frequency="year", email="")).text
    assert 'value="5" id="a-1"' in page


# -- tokens and other sites -------------------------------------------------------------------------------------------


@pytest.mark.parametrize("token", ["", "forged.2026-03-02.token"])
def test_a_missing_or_forged_token_gives_the_filled_form_with_a_fresh_one(
    open_form: Open, press: Press, read_fields: Read, token: str
) -> None:
    sent = open_form(csrf_token=token, first_name="Leila")
    answer = press(sent)
    assert answer.status_code == 422
    back = read_fields(answer.text)
    assert back["first_name"] == "Leila"
    assert back["reference"] != sent["reference"]
    assert find_donation(sent["reference"]) is None
    assert press(back).status_code == 303


def test_a_stale_token_keeps_its_reference(
    open_form: Open, press: Press, read_fields: Read, monkeypatch: pytest.MonkeyPatch
) -> None:
    sent = open_form(frequency="once")
    later = datetime.now(UTC) + timedelta(hours=25)
    monkeypatch.setattr(clock, "real_now", lambda: later)
    answer = press(sent)
    assert answer.status_code == 422
    back = read_fields(answer.text)
    assert back["reference"] == sent["reference"]
    assert back["csrf_token"] != sent["csrf_token"]


def test_a_form_sent_from_another_site_is_shown_and_not_acted_on(
    open_form: Open, press: Press, read_fields: Read
) -> None:
    sent = open_form(first_name="Leila")
    answer = press(sent, headers={"Sec-Fetch-Site": "cross-site", "Origin": "https://elsewhere.example"})
    assert answer.status_code == 422
    assert "another website" in answer.text
    assert read_fields(answer.text)["first_name"] == "Leila"
    assert find_donation(sent["reference"]) is None


def test_a_promise_is_shown_again_when_a_new_day_has_begun(
    open_form: Open, press: Press, read_fields: Read, box: object
) -> None:
    sent = open_form(frequency="month")
    box.advance(24 * 3600)  # type: ignore[attr-defined]
    answer = press(sent)
    assert answer.status_code == 422
    assert "A new day has begun" in answer.text
    assert press(read_fields(answer.text)).status_code == 303


def test_a_form_in_a_language_stays_in_it(open_form: Open, press: Press) -> None:
    fields = open_form("/he/donate")
    assert fields["lang"] == "he"
    assert press(fields).status_code == 303
    gift = find_donation(fields["reference"])
    assert gift is not None
    assert gift.language == "he"


# -- what is kept with a promise --------------------------------------------------------------------------------------


def test_the_words_agreed_to_are_kept_as_they_were_shown(open_form: Open, press: Press) -> None:
    fields = open_form(frequency="month", amount="15", cover_fee="1")
    assert press(fields).status_code == 303
    gift = find_donation(fields["reference"])
    assert gift is not None
    assert gift.recurring_id is not None
    kept = get_recurring(gift.recurring_id)
    assert kept.authorisation_text.startswith(
        "You allow The Plumb Line to charge $15.78 today and then on the 2nd of each"
    )
    assert kept.authorisation_version


@pytest.mark.parametrize(("shown", "words"), [("", "charge this amount today"), ("25.50", "charge $25.50 today")])
def test_a_typed_amount_is_named_only_where_the_page_had_named_it(
    open_form: Open, press: Press, shown: str, words: str
) -> None:
    fields = open_form(amount="other", other_amount="25,50", shown_total=shown)
    assert press(fields).status_code == 303
    gift = find_donation(fields["reference"])
    assert gift is not None
    assert gift.recurring_id is not None
    assert words in get_recurring(gift.recurring_id).authorisation_text


def test_a_gift_once_makes_no_promise(open_form: Open, press: Press) -> None:
    fields = open_form(frequency="once")
    press(fields)
    gift = find_donation(fields["reference"])
    assert gift is not None
    assert gift.recurring_id is None


# -- whatever is sent -------------------------------------------------------------------------------------------------

_NAMES = (
    "csrf_token", "reference", "frequency", "amount", "other_amount", "currency", "email", "first_name", "cover_fee",
    "note", "country", "lang", "appeal", "article", "fund", "source", "shown_for", "shown_total", "confirm_amount",
    "postcode", "shown_under",
)  # fmt: skip
_TEXTS = st.one_of(
    st.text(max_size=40),
    st.sampled_from(
        [
            "other",
            "15",
            "once",
            "month",
            "USD",
            "JPY",
            "ar",
            "a@b.org",
            "٢٥",
            "1,000",
            "\x00",
            "1" * 400,
            "𝟙𝟚",
            "²",
            "½",
        ]
    ),
)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(sent=st.dictionaries(st.sampled_from(_NAMES), _TEXTS), keep=st.booleans())
def test_whatever_is_sent_is_answered_with_a_page(
    app: Flask, open_form: Open, press: Press, sent: dict[str, str], keep: bool
) -> None:
    base = open_form(frequency="once") if keep else {}
    answer = press(base | {name: value.encode("utf-8", "replace").decode() for name, value in sent.items()})
    assert answer.status_code in (303, 422)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(asked=st.dictionaries(st.sampled_from((*_NAMES, "gift", "key", "utm_source", "placement")), _TEXTS))
def test_whatever_a_link_asks_is_answered_with_the_form(
    newsroom: None, client: FlaskClient, asked: dict[str, str]
) -> None:
    query = {name: value.encode("utf-8", "replace").decode() for name, value in asked.items()}
    assert client.get("/donate", query_string=query).status_code in (200, 303)
