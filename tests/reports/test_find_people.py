"""Finding a donor or a gift by whatever a reader can tell of it."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
import sqlalchemy as sa
from flask import Flask

from donate.db import db
from donate.donors.queries import find_donor_by_email
from donate.giving.models import Donation
from donate.receipts.queries import find_receipt_of
from donate.references import spell
from donate.reports.find_people import MOST, Found, find_people
from tests.make.gifts import Gifts
from tests.people import AMAL, NOAM, PETRA, YARA, Person

Settle = Callable[..., None]
CURRENCIES = ("USD", "EUR", "JOD")


def find(text: str) -> Found:
    return find_people(text, CURRENCIES)


def who(text: str) -> list[str]:
    """Name the donors that are found by their first names."""
    return [each.name.split()[0] for each in find(text).donors]


@pytest.fixture
def some(gifts: Gifts, settle: Settle) -> list[Donation]:
    """Let four people give, and one try and leave it."""
    paid = [gifts.paid(AMAL), gifts.paid(NOAM, amount="12.50"), gifts.paid(YARA), gifts.paid(PETRA, amount="40.00")]
    paid.append(gifts.begin(AMAL, amount="99.00"))
    settle()
    return [db.session.get_one(Donation, each.id) for each in paid]


@pytest.mark.parametrize(
    ("typed", "found"),
    [
        ("amal", ["Amal"]),
        ("Ama", ["Amal"]),
        ("HADDAD amal", ["Amal"]),
        ("had", ["Amal"]),
        ("amal castellano", []),
        ("נעם", ["נעם"]),
        ("לו", ["נעם"]),
        ("يارا منصور", ["يارا"]),
        ("يَارا", ["يارا"]),
        ("neill", ["Petra"]),
        ("castel", ["Petra"]),
        ("petra@example.org", ["Petra"]),
        ("PETRA@EXAMPLE.ORG", ["Petra"]),
        ("noam@", ["נעם"]),
        ("nobody", []),
        ("", []),
        ("' OR 1=1 --", []),
        ("%", []),
    ],
)
def test_a_donor_is_found_by_a_name_in_any_script_or_an_address(
    some: list[Donation], typed: str, found: list[str]
) -> None:
    assert who(typed) == found


def test_a_donor_is_found_by_a_name_they_typed_on_a_later_gift(gifts: Gifts, settle: Settle) -> None:
    gifts.paid(AMAL)
    settle()
    gifts.paid(Person("Amal", "Sabbagh", AMAL.email))
    settle()
    assert [each.name for each in find("sabbagh").donors] == ["Amal Haddad"]


@pytest.mark.parametrize("typed", ["12.50", "12,50", "$12.50", "١٢٫٥٠", "12.5"])
def test_a_gift_is_found_by_its_sum(some: list[Donation], typed: str) -> None:
    assert [gift.email for gift in find(typed).gifts] == [NOAM.email]


def test_a_gift_that_was_never_paid_is_found_too(some: list[Donation]) -> None:
    assert [(gift.email, gift.status) for gift in find("99").gifts] == [(AMAL.email, "pending")]
    assert [gift.status for gift in find(AMAL.email).gifts] == ["pending", "succeeded"]


def test_a_gift_is_found_by_its_cards_last_digits(some: list[Donation]) -> None:
    assert {gift.id for gift in find("4242").gifts} == {gift.id for gift in some[:4]}


def test_exact_names_find_one_thing(some: list[Donation]) -> None:
    gift = some[0]
    donor = find_donor_by_email(AMAL.email)
    receipt = find_receipt_of(gift.id)
    assert donor is not None
    assert receipt is not None
    for text in (
        gift.reference, spell(gift.reference), gift.reference.lower(), gift.stripe_payment_intent_id,
        gift.stripe_charge_id, gift.stripe_checkout_session_id, receipt.number,
    ):  # fmt: skip
        assert [each.id for each in find(text or "").gifts] == [gift.id], text
    assert [each.reference for each in find(spell(donor.reference)).donors] == [donor.reference]
    assert find("pi_nothing") == find("cus_nothing") == Found()


def test_more_than_are_shown_is_said(gifts: Gifts, settle: Settle) -> None:
    for number in range(MOST + 1):
        gifts.begin(Person("Many", f"Nr{number}", f"many{number}@example.org"), amount="7.00")
    found = find("7")
    assert (len(found.gifts), found.is_more) == (MOST, True)


def test_the_beginning_of_a_word_is_one_stretch_of_the_index(app: Flask, newsroom: None) -> None:
    asked = "SELECT donor_id FROM donor_word WHERE word >= 'ama' AND word < 'ama\U0010ffff'"
    with db.engine.connect() as here:
        if here.dialect.name == "postgresql":
            here.execute(sa.text("SET enable_seqscan = off"))
            plan = " ".join(here.execute(sa.text(f"EXPLAIN {asked}")).scalars())
            assert re.search(r"Index Cond: \(+word\)?(::text)? >= 'ama'", plan), plan
        else:
            plan = " ".join(str(row) for row in here.execute(sa.text(f"EXPLAIN QUERY PLAN {asked}")))
            assert "(word>? AND word<?)" in plan, plan
