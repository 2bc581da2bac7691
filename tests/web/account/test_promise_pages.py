"""A promise's pages: its owner's alone, with clear sentences, and nothing lost by what was typed or pressed late."""

from __future__ import annotations

import html
import re
from dataclasses import replace
from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from donate.fulfillment import change_promise as verb
from donate.giving.models import Donation
from donate.mail.models import MailMessage
from donate.payments.errors import StripeRefused
from donate.recurring.models import CardChange, FailedCharge, RecurringChange, RecurringDonation
from tests.make.outbox import Outbox, text_of
from tests.make.promises import Promises
from tests.make.rows import every
from tests.make.signing_in import Comings, hidden, press
from tests.people import AMAL, NOAM

ACTS = ["", "/skip", "/change", "/pause", "/resume", "/reactivate", "/stop", "/stop/confirm", "/stopped", "/restart",
        "/second", "/card"]  # fmt: skip


def here(promise: RecurringDonation, act: str = "") -> str:
    return f"/account/recurring/{promise.reference}{act}"


def fields_of(page: str) -> dict[str, str]:
    """Read every hidden field of the page's last form that posts."""
    form = page[page.rindex('method="post" action="/account/recurring') :].partition("</form>")[0]
    found = {}
    for tag in re.findall(r'<input type="hidden"[^>]*>', form):
        pair = dict(re.findall(r'(name|value)="([^"]*)"', tag))
        found[pair["name"]] = html.unescape(pair["value"])
    return found


def do(client: FlaskClient, promise: RecurringDonation, act: str, query: str = "") -> TestResponse:
    """Look at a preview and press its button."""
    shown = client.get(here(promise, act) + query)
    assert shown.status_code == 200, shown.headers.get("Location")
    return client.post(here(promise, act), data=fields_of(shown.text))


@pytest.fixture
def promise(promises: Promises) -> RecurringDonation:
    return promises.begin(AMAL)


@pytest.fixture
def amal(promise: RecurringDonation, comings: Comings) -> FlaskClient:
    return comings.member(AMAL.email)


def test_somebody_elses_promise_is_not_found_whatever_is_tried(
    promises: Promises, promise: RecurringDonation, comings: Comings
) -> None:
    promises.begin(NOAM)
    stranger = comings.member(NOAM.email)
    token = {"csrf_token": hidden(stranger.get("/account/sign-in").text)["csrf_token"]}
    for act in ACTS:
        assert stranger.get(here(promise, act)).status_code == 404, act
        answer = stranger.post(here(promise, act), data=token)
        assert answer.status_code in (404, 405), act
    assert every(RecurringChange) == []
    assert every(CardChange) == []


def test_nobody_signed_in_is_led_to_sign_in_and_back(promise: RecurringDonation, client: FlaskClient) -> None:
    for act in ACTS:
        answer = client.get(here(promise, act))
        assert answer.status_code == 303
        assert "/signin?next=" in answer.headers["Location"]


def test_without_the_token_of_the_session_nothing_is_done(amal: FlaskClient, promise: RecurringDonation) -> None:
    fields = fields_of(amal.get(here(promise, "/skip")).text)
    del fields["csrf_token"]
    assert amal.post(here(promise, "/skip"), data=fields).status_code == 400
    assert every(RecurringChange) == []


def test_a_skip_is_done_shown_and_listed(amal: FlaskClient, promise: RecurringDonation) -> None:
    answer = do(amal, promise, "/skip")
    assert answer.status_code == 303
    page = amal.get(answer.headers["Location"]).text
    assert "Done, and confirmed by Stripe" in page
    assert "One skipped" in page
    assert 'class="skipped"' in page
    assert "Go on now" in page


def test_a_press_on_an_old_preview_shows_how_it_would_be_now_and_does_nothing(
    amal: FlaskClient, promises: Promises, promise: RecurringDonation
) -> None:
    fields = fields_of(amal.get(here(promise, "/skip")).text)
    do(amal, promise, "/change", "?amount=40&interval=month")
    answer = amal.post(here(promise, "/skip"), data=fields)
    assert answer.status_code == 409
    assert "nothing was done" in answer.text
    assert "$40.00" in answer.text
    assert not promises.now(promise).is_paused


@pytest.mark.parametrize(
    ("query", "sentence"),
    [
        ("amount=&interval=month", "Write an amount, such as"),
        ("amount=ten&interval=month", "Write the amount in digits"),
        ("amount=0.10&interval=month", "The least a card can be charged is"),
        ("amount=1,000&interval=month", "Which amount did you mean?"),
        ("amount=20&interval=week", "Choose monthly or yearly."),
        ("amount=20&interval=month&next_on=2026-13-01", "Write the day as year, month, day"),
        ("amount=20&interval=month&next_on=2027-03-01", "Choose a day from 3 March 2026 to 3 May 2026."),
        ("amount=20&interval=month&next_on=2026-03-01", "Choose a day from"),
        ("amount=15&interval=month&next_on=2026-04-02", "This is how it is already."),
    ],
)
def test_what_can_not_be_read_is_shown_again_with_a_sentence(
    amal: FlaskClient, promise: RecurringDonation, query: str, sentence: str
) -> None:
    answer = amal.get(here(promise, f"/change?{query}"))
    assert answer.status_code == 422
    assert sentence in html.unescape(answer.text)
    typed = query.partition("amount=")[2].partition("&")[0]
    assert f'name="amount" inputmode="decimal" autocomplete="off" value="{typed}"' in answer.text


def test_a_covered_fee_is_added_to_the_sum_and_kept_apart(
    amal: FlaskClient, promises: Promises, promise: RecurringDonation
) -> None:
    do(amal, promise, "/change", "?amount=20&cover_fee=1&interval=month")
    promises.settle()
    promise = promises.now(promise)
    assert (promise.amount_minor, promise.fee_cover_minor) == (2093, 93)
    promises.pass_days(32)
    newest = every(Donation)[-1]
    assert (newest.amount_minor, newest.fee_cover_minor) == (2093, 93)


def test_a_refusal_of_stripe_says_so_and_changes_nothing(
    amal: FlaskClient, promises: Promises, promise: RecurringDonation, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_given: object) -> None:
        raise StripeRefused("no", "No.")

    monkeypatch.setattr(verb, "change_subscription", refuse)
    answer = do(amal, promise, "/skip")
    assert answer.status_code == 422
    assert "Everything is as it was before" in answer.text
    assert not promises.now(promise).is_paused


def test_silence_of_stripe_is_told_as_not_known_and_ends_by_itself(
    amal: FlaskClient, promises: Promises, promise: RecurringDonation
) -> None:
    path = f"/v1/subscriptions/{promise.stripe_subscription_id}"
    promises.box.faults.replace([{"kind": "timeout_after", "match": {"method": "POST", "path": path}, "times": 1}])
    page = amal.get(do(amal, promise, "/skip").headers["Location"]).text
    assert "not confirmed yet" in page or "Done, and confirmed" in page, "the page itself asks Stripe once more"
    promises.settle()
    assert "Done" in amal.get(here(promise)).text
    assert promises.now(promise).is_paused


def test_what_is_not_possible_now_leads_back_with_a_sentence(amal: FlaskClient, promise: RecurringDonation) -> None:
    for act in ("/resume", "/reactivate", "/restart", "/stopped", "/second"):
        answer = amal.get(here(promise, act))
        assert answer.status_code == 303, act
        assert "not possible right now" in amal.get(answer.headers["Location"]).text


def test_the_way_to_stop_is_in_view_beside_what_else_may_fit(amal: FlaskClient, promise: RecurringDonation) -> None:
    page = amal.get(here(promise, "/stop")).text
    for words in ("Take a rest", "Give less", "Give once a year instead", "Continue to stop this gift"):
        assert words in page
    confirm = amal.get(here(promise, "/stop/confirm")).text
    assert "Stop on 2 April 2026" in confirm


def test_a_reason_and_a_wish_to_be_asked_again_are_kept(
    amal: FlaskClient, promises: Promises, promise: RecurringDonation
) -> None:
    answer = do(amal, promise, "/stop/confirm")
    assert answer.headers["Location"].endswith("/stopped")
    press(amal, here(promise, "/stopped"), reason="money", words="Rent.", ask_again="6")
    promise = promises.now(promise)
    assert (promise.stop_reason, promise.stop_words, str(promise.ask_again_on)) == ("money", "Rent.", "2026-09-02")
    press(amal, here(promise, "/stopped"), reason="<script>", ask_again="never")
    promise = promises.now(promise)
    assert (promise.stop_reason, promise.ask_again_on) == ("money", None)


def test_an_ended_gift_starts_again_with_amount_appeal_story_and_words(
    amal: FlaskClient, promises: Promises, comings: Comings, outbox: Outbox
) -> None:
    ended = promises.begin(AMAL, card="pm_card_chargeCustomerFail", amount="18.00")
    promises.pass_days(60)
    ended = promises.now(ended)
    assert (ended.status, ended.ended_because) == ("canceled", "payment_failed")
    amal = comings.member(AMAL.email)
    page = amal.get(here(ended, "/restart")).text
    assert "$18.00" in page
    assert "You allow" in page
    answer = amal.post(here(ended, "/restart"), data=fields_of(page))
    assert "/c/pay/" in answer.headers["Location"]
    again = amal.post(here(ended, "/restart"), data=fields_of(page))
    assert again.headers["Location"] == answer.headers["Location"], "a second press leads to the same page"
    first = every(Donation)[-1]
    assert first.stripe_checkout_session_id is not None
    promises.box.complete(first.stripe_checkout_session_id)
    promises.settle()
    new = every(RecurringDonation)[-1]
    assert new.restarts == ended.reference
    assert (new.amount_minor, new.appeal_id, new.article_id, new.status) == (
        ended.amount_minor, ended.appeal_id, ended.article_id, "active",
    )  # fmt: skip
    third = amal.post(here(ended, "/restart"), data=fields_of(page))
    assert f"/gifts/{first.reference}" in third.headers["Location"], "it was started again already"


def test_in_arabic_it_starts_again_on_our_page_and_moves_to_stripes_whole(
    app: Flask, promises: Promises, comings: Comings, client: FlaskClient
) -> None:
    app.config["DONATE"] = replace(app.config["DONATE"], stripe_publishable_key="pk_test_of_the_tests")
    ended = promises.begin(AMAL, card="pm_card_chargeCustomerFail", amount="18.00", language="ar")
    promises.pass_days(60)
    amal = comings.member(AMAL.email)
    answer = amal.post(here(ended, "/restart"), data=fields_of(amal.get(here(ended, "/restart")).text))
    path, _, query = answer.headers["Location"].removeprefix("http://127.0.0.1:5000").partition("?")
    assert path.startswith("/ar/donate/pay/")
    moved = client.post(path, data={"key": query.removeprefix("key=")})
    assert "/c/pay/" in moved.headers["Location"]
    again = client.post(path, data={"key": query.removeprefix("key=")})
    assert again.headers["Location"] == moved.headers["Location"]
    pages = promises.box.store.select("checkout.session")
    assert sorted(each["ui_mode"] for each in pages if each["status"] == "open") == ["hosted_page"]
    first = every(Donation)[-1]
    assert first.stripe_checkout_session_id is not None
    promises.box.complete(first.stripe_checkout_session_id)
    promises.settle()
    new = every(RecurringDonation)[-1]
    assert (new.restarts, new.status, new.amount_minor) == (ended.reference, "active", 18_00)


def test_a_refused_charge_is_mended_from_its_letter_by_whoever_holds_the_link_and_by_nobody_else(
    promises: Promises, client: FlaskClient, outbox: Outbox
) -> None:
    promise = promises.begin(AMAL, card="pm_card_chargeCustomerFail")
    promises.pass_days(33)
    letter = text_of(outbox.to(AMAL.email)[-1])
    found = re.search(r"https?://[^/\s]+(/card/\S+)", letter)
    assert found is not None
    page = client.get(found[1])
    assert "$15.00" in page.text
    for personal in (AMAL.email, AMAL.first_name, promise.reference):
        assert personal not in page.text
    (failed,) = every(FailedCharge)
    assert client.get(f"/card/{failed.reference}").status_code == 404
    assert client.get(f"/card/{failed.reference}?key=x").status_code == 404
    assert client.post(f"/card/{failed.reference}", data={"key": "x"}).status_code == 404
    key = hidden(page.text)["key"]
    from_elsewhere = {"Sec-Fetch-Site": "cross-site"}
    assert client.post(f"/card/{failed.reference}", data={"key": key}, headers=from_elsewhere).status_code == 400
    answer = client.post(f"/card/{failed.reference}", data={"key": key})
    assert "/c/pay/" in answer.headers["Location"]
    (visit,) = every(CardChange)
    promises.box.complete(visit.stripe_checkout_session_id)
    back = client.get("/" + visit.return_url.split("/", 3)[3])
    assert "The new card is in use" in back.text
    promises.settle()
    assert "not open any more" in client.get(found[1]).text
    assert client.post(f"/card/{failed.reference}", data={"key": key}).status_code == 200
    assert len(every(CardChange)) == 1


def test_a_second_recurring_gift_is_asked_about_by_mail_and_can_be_made_one(
    amal: FlaskClient, promises: Promises, promise: RecurringDonation, outbox: Outbox
) -> None:
    new = promises.begin(AMAL, amount="5.00")
    asked = [one for one in outbox.to(AMAL.email) if "twice" in str(one["Subject"])]
    assert len(asked) == 1
    assert "$15.00" in text_of(asked[0])
    assert f"/account/recurring/{new.reference}/second" in text_of(asked[0])
    page = amal.get(here(new, "/second")).text
    answer = amal.post(here(new, "/second"), data=fields_of(page))
    assert answer.headers["Location"].endswith(promise.reference)
    promises.pass_days(33)
    assert promises.charged(promise)[-1][1] == 2000
    assert len(promises.charged(new)) == 1
    assert promises.now(new).status == "canceled"


def test_a_first_recurring_gift_and_a_single_one_bring_no_question(
    promises: Promises, promise: RecurringDonation
) -> None:
    promises.gifts.paid(AMAL, amount="9.00")
    promises.gifts.paid(NOAM, amount="9.00", frequency="month")
    promises.settle()
    promises.pass_days(33)
    assert [letter for letter in every(MailMessage) if letter.template == "second_promise"] == []


def test_a_signed_in_member_is_asked_on_the_form_and_a_stranger_with_their_address_is_not(
    amal: FlaskClient, client: FlaskClient, promise: RecurringDonation
) -> None:
    def send(browser: FlaskClient, **more: str) -> TestResponse:
        form = browser.get("/donate?frequency=month&amount=10").text
        given = {name: hidden(form)[name] for name in ("csrf_token", "reference")}
        asked = {"frequency": "month", "amount": "other", "other_amount": "10", "email": AMAL.email}
        return browser.post("/donate", data={**given, **asked, **more})

    page = send(amal)
    assert page.status_code == 200
    assert "You already give" in page.text
    assert f"/account/recurring/{promise.reference}/change?amount=25.00" in html.unescape(page.text)
    assert "/c/pay/" in send(amal, second="keep").headers["Location"]
    assert "/c/pay/" in send(client).headers["Location"], "nobody learns from the form who gives already"


def test_while_a_charge_is_being_made_nothing_is_changed(
    promises: Promises, promise: RecurringDonation, comings: Comings
) -> None:
    assert promise.next_charge_at is not None
    promises.box.advance(to=(promise.next_charge_at - timedelta(minutes=5)).timestamp())
    amal = comings.member(AMAL.email)
    answer = amal.get(here(promise, "/skip"))
    assert "A charge is being made at this moment" in amal.get(answer.headers["Location"]).text
