"""What a receipt says is stored with its hash, and the database itself refuses to change it."""

from __future__ import annotations

from collections.abc import Callable

import pytest
import sqlalchemy as sa
from sqlalchemy.exc import DatabaseError

from donate.db import committed, db
from donate.receipts.content import hash_of
from donate.receipts.models import Receipt
from tests.make.gifts import Gifts
from tests.make.receipts import CHARITY
from tests.make.rows import every, fresh
from tests.people import AMAL

Settle = Callable[..., None]


@pytest.fixture
def issued(charity: None, gifts: Gifts, settle: Settle) -> Receipt:
    """Return the receipt of a gift of $26.06, a fee of $1.06 in it."""
    gifts.paid(amount="25.00", cover="1.06")
    settle()
    (receipt,) = every(Receipt)
    return receipt  # type: ignore[no-any-return]


def test_all_it_says_is_stored_in_its_language_with_its_hash_and_nobodys_name(gifts: Gifts, issued: Receipt) -> None:
    said = issued.content
    assert (said["kind"], said["number"], said["received_on"]) == ("gift", "2026-000001", "2026-03-02")
    assert (said["given_minor"], said["fee_cover_minor"], said["returned_minor"]) == (2606, 106, 0)
    assert (said["amount_minor"], said["benefit_value_minor"], said["deductible_minor"]) == (2606, 0, 2606)
    assert said["issuer"]["legal_name"] == CHARITY.legal_name
    assert said["sentences"]
    assert issued.content_hash == hash_of(said)
    for trace in (AMAL.email, AMAL.first_name, AMAL.last_name):
        assert trace not in str(said)


@pytest.mark.parametrize("change", [
    "amount_minor = 1", "deductible_minor = 1", "number = '2026-000009'", "content = '{}'", "content_hash = 'x'",
    "language = 'he'", "voided_on = issued_on", "issued_on = '2020-01-01'", "year = 2025",
])  # fmt: skip
def test_the_database_refuses_to_change_what_it_says(issued: Receipt, change: str) -> None:
    with pytest.raises(DatabaseError, match=r"(?i)void and replace it|check"), committed() as session:
        session.execute(sa.text(f"UPDATE receipt SET {change}"))
    db.session.rollback()


def test_the_database_refuses_to_delete_it(issued: Receipt) -> None:
    with pytest.raises(DatabaseError, match="void and replace it"), committed() as session:
        session.execute(sa.text("DELETE FROM receipt"))
    db.session.rollback()


def test_it_is_void_once_and_for_all(issued: Receipt) -> None:
    void = "status = 'void', voided_at = issued_at, voided_on = issued_on, void_reason"
    with committed() as session:
        session.execute(sa.text(f"UPDATE receipt SET {void} = 'correction'"))
    for again in (f"{void} = 'refund'", "status = 'issued', voided_at = NULL, voided_on = NULL, void_reason = ''"):
        with pytest.raises(DatabaseError, match="void and replace it"), committed() as session:
            session.execute(sa.text(f"UPDATE receipt SET {again}"))
        db.session.rollback()


def test_the_part_that_may_be_deducted_is_what_is_left_of_it_after_what_was_given_in_return(
    charity: None, in_return: Callable[[int], None], gifts: Gifts, settle: Settle
) -> None:
    in_return(1000)
    donation = gifts.paid(amount="100.00")
    settle()
    (receipt,) = every(Receipt)
    assert fresh(donation).amount_minor == receipt.amount_minor == 10000
    assert (receipt.benefit_value_minor, receipt.deductible_minor) == (1000, 9000)
    assert receipt.content["benefits"] == [{"name": "A book", "value_minor": 1000}]
