"""The attempt: one form, one payment page, whatever is pressed, changed, repeated or lost."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from werkzeug.test import TestResponse

from donate import clock, references
from donate.db import committed, db, lock
from donate.giving.models import Donation
from donate.giving.queries import find_donation
from donate.payments.errors import StripeRefused
from donate.sandbox.app import Sandbox
from donate.web.give import form_page
from donate.web.give.attempt import following

Open = Callable[..., dict[str, str]]
Press = Callable[..., TestResponse]
Read = Callable[[str], dict[str, str]]
Count = Callable[..., int]
Pay = Callable[..., int]


def lose(box: Sandbox, kind: str, method: str, path: str, times: int = 1) -> None:
    """Order a fault of the sandbox's answers."""
    box.faults.replace([{"kind": kind, "match": {"method": method, "path": path}, "times": times}])


def gift_of(fields: dict[str, str]) -> Donation:
    """Read a form's gift as it is now."""
    db.session.expire_all()
    gift = find_donation(fields["reference"])
    assert gift is not None
    return gift


def test_a_press_leads_to_the_payment_page(open_form: Open, press: Press, sessions: Count) -> None:
    answer = press(open_form(frequency="once", amount="50"))
    assert answer.status_code == 303
    assert answer.headers["Location"].startswith("http://127.0.0.1:12111/c/pay/")
    assert sessions() == 1


def test_the_payment_page_leads_back_to_the_gifts_own_page(open_form: Open, press: Press, box: Sandbox) -> None:
    fields = open_form("/ar/donate", frequency="once")
    press(fields, "/ar/donate")
    key = references.sign("gift", fields["reference"])
    [session] = box.store.select("checkout.session")
    expected = f"http://127.0.0.1:5000/ar/gifts/{fields['reference']}?key={key}"
    assert (session["success_url"], session["cancel_url"]) == (expected, expected)


def test_a_second_press_leads_to_the_same_page(open_form: Open, press: Press, sessions: Count) -> None:
    fields = open_form()
    assert press(fields).headers["Location"] == press(fields).headers["Location"]
    assert sessions() == 1


def test_twenty_presses_at_once_open_one_page(app: Flask, open_form: Open, sessions: Count) -> None:
    fields = open_form(frequency="month")

    def once(_: int) -> TestResponse:
        return app.test_client().post("/donate", data=fields)

    with ThreadPoolExecutor(20) as pool:
        answers = list(pool.map(once, range(20)))
    assert {answer.status_code for answer in answers} <= {303, 503}
    assert len({answer.headers["Location"] for answer in answers if answer.status_code == 303}) == 1
    assert sessions() == 1
    assert db.session.scalar(db.select(db.func.count(Donation.id))) == 1


def test_another_amount_in_an_old_tab_closes_the_first_page(open_form: Open, press: Press, sessions: Count) -> None:
    fields = open_form(frequency="once", amount="50")
    first = press(fields).headers["Location"]
    second = press(fields | {"amount": "100"}).headers["Location"]
    assert first != second
    assert (sessions("open"), sessions("expired")) == (1, 1)
    assert gift_of(fields).status == "expired"


def test_a_changed_press_repeated_is_still_one_attempt(open_form: Open, press: Press, sessions: Count) -> None:
    fields = open_form(frequency="once", amount="50")
    press(fields)
    changed = fields | {"amount": "100"}
    assert press(changed).headers["Location"] == press(changed).headers["Location"]
    assert sessions() == 1


def test_going_back_and_forth_between_amounts_leaves_one_page_open(
    open_form: Open, press: Press, sessions: Count
) -> None:
    fields = open_form(frequency="once")
    for amount in ("20", "35", "20", "100", "35", "20"):
        assert press(fields | {"amount": amount}).status_code == 303
        assert sessions() == 1


def test_the_reference_that_follows_is_a_reference_and_always_the_same(app: Flask) -> None:
    first = references.new_reference()
    assert references.is_reference(following(first))
    assert following(first) == following(first) != first


@pytest.mark.parametrize("change", [{}, {"amount": "100"}])
def test_a_paid_gift_is_never_paid_again_from_the_same_form(
    open_form: Open, press: Press, pay: Pay, sessions: Count, change: dict[str, str]
) -> None:
    fields = open_form(frequency="once", amount="50")
    pay(press(fields).headers["Location"])
    answer = press(fields | change)
    assert answer.status_code == 303
    assert answer.headers["Location"].startswith(f"/gifts/{fields['reference']}?key=")
    assert answer.headers["Location"].endswith("&held=1")
    assert sessions() == 0
    assert gift_of(fields).status == "succeeded"


def test_a_declined_card_leaves_the_page_open_for_another(open_form: Open, press: Press, pay: Pay) -> None:
    fields = open_form(frequency="once", amount="50")
    page = press(fields).headers["Location"]
    assert pay(page, "pm_card_chargeDeclined") == 402
    assert press(fields).headers["Location"] == page


def test_a_press_after_the_page_has_closed_opens_a_new_one(
    open_form: Open, press: Press, box: Sandbox, sessions: Count
) -> None:
    fields = open_form(frequency="once")
    first = press(fields).headers["Location"]
    box.advance(2 * 3600)
    second = press(fields).headers["Location"]
    assert "/c/pay/" in second
    assert second != first
    assert sessions() == 1


@pytest.mark.parametrize("kind", ["timeout_before", "timeout_after", "http_500", "http_409"])
def test_a_lost_answer_gives_the_filled_form_and_the_next_press_the_one_page(
    open_form: Open, press: Press, read_fields: Read, box: Sandbox, sessions: Count, kind: str
) -> None:
    fields = open_form(frequency="month", first_name="Leila")
    lose(box, kind, "POST", "/v1/checkout/sessions")
    answer = press(fields)
    assert answer.status_code == 503
    assert "We could not reach the payment page." in answer.text
    assert "You have not been charged." in answer.text
    back = read_fields(answer.text)
    assert (back["reference"], back["first_name"]) == (fields["reference"], "Leila")
    assert press(back).status_code == 303
    assert sessions() == 1


@pytest.mark.parametrize("frequency", ["once", "month"])
@pytest.mark.parametrize(("kind", "opened"), [("http_500_kept", 1), ("http_500_after", 2)])
def test_a_press_after_a_failure_that_stripe_keeps_opens_another_page(
    open_form: Open, press: Press, box: Sandbox, sessions: Count, kind: str, opened: int, frequency: str
) -> None:
    """The same key would be told of the same failure all day; a page that was opened all the same is closed first."""
    fields = open_form(frequency=frequency)
    lose(box, kind, "POST", "/v1/checkout/sessions")
    assert press(fields).status_code == 503
    first, second = press(fields), press(fields)
    assert (first.status_code, second.status_code) == (303, 303)
    assert first.headers["Location"] == second.headers["Location"]
    assert (sessions("open"), sessions("open") + sessions("expired")) == (1, opened)
    assert gift_of(fields).status == "expired"


def test_an_unanswered_question_about_an_open_page_holds_the_press(open_form: Open, press: Press, box: Sandbox) -> None:
    fields = open_form(frequency="once")
    press(fields)
    lose(box, "timeout_before", "GET", "/v1/checkout/sessions/*")
    answer = press(fields)
    assert answer.headers["Location"].startswith(f"/gifts/{fields['reference']}")


def test_a_change_while_nobody_answers_holds_the_second_attempt(
    open_form: Open, press: Press, box: Sandbox, sessions: Count
) -> None:
    fields = open_form(frequency="once", amount="50")
    press(fields)
    lose(box, "timeout_before", "*", "/v1/checkout/sessions/*", times=5)
    answer = press(fields | {"amount": "100"})
    assert answer.headers["Location"].startswith(f"/gifts/{fields['reference']}")
    assert sessions() == 1


def test_a_form_whose_page_never_opened_starts_over_when_it_is_too_late_for_it(
    open_form: Open, press: Press, box: Sandbox, sessions: Count
) -> None:
    fields = open_form(frequency="once")
    lose(box, "timeout_before", "POST", "/v1/checkout/sessions")
    assert press(fields).status_code == 503
    box.advance(45 * 60)
    assert press(fields).status_code == 303
    assert gift_of(fields).status == "expired"
    assert sessions() == 1


def test_a_refusal_of_the_address_stands_beside_it(
    open_form: Open, press: Press, monkeypatch: pytest.MonkeyPatch
) -> None:
    answer = _refused(monkeypatch, press, open_form(), "customer_email")
    assert answer.status_code == 422
    assert 'id="email-e"' in answer.text


def test_any_other_refusal_keeps_the_form(open_form: Open, press: Press, monkeypatch: pytest.MonkeyPatch) -> None:
    answer = _refused(monkeypatch, press, open_form(), "line_items")
    assert answer.status_code == 422
    assert "The payment page could not be opened." in answer.text


def _refused(monkeypatch: pytest.MonkeyPatch, press: Press, fields: dict[str, str], param: str) -> TestResponse:
    def refuse(*_: Any) -> Donation:
        raise StripeRefused("parameter_invalid", "no", param)

    monkeypatch.setattr(form_page, "try_gift", refuse)
    return press(fields)


def test_a_row_older_than_its_page_is_left_behind(open_form: Open, press: Press, sessions: Count) -> None:
    fields = open_form(frequency="once")
    press(fields)
    with committed():
        row = lock(Donation, gift_of(fields).id)
        row.checkout_expires_at = clock.now() - timedelta(minutes=1)
    assert press(fields).status_code == 303
    assert gift_of(fields).status == "expired"
    assert sessions() == 1
