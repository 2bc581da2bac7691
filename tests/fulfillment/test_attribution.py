"""Whence a gift came is written once, at the gift, and goes along with all that hangs on it, as both exports say."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable

from donate import references
from donate.fulfillment.refund_gift import refund_gift
from donate.fulfillment.restart_promise import restart_promise
from donate.giving.models import Donation
from donate.giving.open_checkout import Ways
from donate.giving.refund import left_to_refund
from donate.money import from_major
from donate.newsroom.queries import get_newsroom
from donate.payments.setup import product_id
from donate.recurring.cancel import cancel
from donate.recurring.change import change_terms
from donate.recurring.terms import terms_of
from donate.reports.export import Period, write_export
from donate.sandbox.app import Sandbox
from tests.make.application import SITE
from tests.make.gifts import WORDS
from tests.make.promises import Promises
from tests.make.rows import every

MARKS = ("appeal", "article", "variant", "placement", "source")
WHENCE = {"placement": "inline", "variant": "b", "source": "letter/email/spring"}


def rows(kind: str) -> list[dict[str, str]]:
    """Read an export."""
    out = io.BytesIO()
    write_export(kind, Period(), "csv", out)
    return list(csv.DictReader(io.StringIO(out.getvalue().decode(), newline="")))


def test_a_gift_its_renewals_refund_and_dispute_all_say_whence_they_came(
    promises: Promises, box: Sandbox, settle: Callable[..., None]
) -> None:
    promises.begin(**WHENCE)
    promises.pass_days(95)
    gifts = every(Donation)
    assert len(gifts) == 4
    left = left_to_refund(gifts[1])
    refund_gift(gifts[1].id, from_major("5.00", "USD"), left_seen=left, reason="", asked_by="command")
    settle()
    box.dispute(gifts[2].stripe_charge_id or "")
    settle()
    expected = (promises.gifts.appeal.slug, promises.gifts.article.slug, "b", "inline", "letter/email/spring")
    donations, ledger = rows("donations"), [row for row in rows("ledger") if row["donation_id"]]
    assert [tuple(row[name] for name in MARKS) for row in donations] == [expected] * 4
    assert sorted(row["entry_type"] for row in ledger) == ["charge"] * 4 + ["dispute", "refund"]
    assert {tuple(row[name] for name in MARKS) for row in ledger} == {expected}


def test_a_promise_that_was_changed_or_begun_again_keeps_whence_it_first_came(
    promises: Promises, settle: Callable[..., None]
) -> None:
    promise = promises.begin(**WHENCE)
    terms = terms_of(promise)
    raised = change_terms(
        terms, zone=get_newsroom().time_zone, amount=from_major("40.00", "USD"), fee_cover=terms.fee_cover,
        interval=terms.interval, next_on=None,
    )  # fmt: skip
    promises.change(promise, "change", raised)
    promises.pass_days(35)
    promise = promises.now(promise)
    promises.change(promise, "cancel", cancel(terms_of(promise)))
    promises.pass_days(30)
    settle()
    gift_url = f"{SITE}/gifts/x?key={references.sign('gift', 'x')}"
    ways = Ways(SITE, gift_url, product_id(promises.gifts.fund.code))
    promises.gifts.pay(restart_promise(promise.id, WORDS, lambda _gift: ways))
    settle()
    assert [row["amount"] for row in rows("donations")] == ["15.00", "40.00", "40.00"]
    assert {tuple(row[name] for name in ("variant", "placement", "source")) for row in rows("donations")} == {
        ("b", "inline", "letter/email/spring")
    }
    assert len({row["recurring_id"] for row in rows("donations")}) == 2
