"""A receipt's paper says what is stored, names its giver, and shows whether it holds, replaces or repeats another."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from donate.db import committed, db
from donate.receipts import labels
from donate.receipts.models import Receipt, ReceiptCopy
from donate.receipts.paper_of import paper_of
from donate.receipts.reissue import reissue
from donate.receipts.statement import issue_statements
from tests.make.gifts import Gifts
from tests.make.receipts import CHARITY, holds
from tests.make.refunds import give_back
from tests.make.rows import every, fresh
from tests.people import AMAL

Settle = Callable[..., None]
pytestmark = pytest.mark.usefixtures("charity")


def test_a_gifts_paper_has_its_sums_its_days_and_whom_it_names(gifts: Gifts, settle: Settle) -> None:
    gifts.paid(amount="25.00", cover="1.06", address_line1="Olive Street 9", city="Amman")
    settle()
    paper = paper_of(holds()[0])
    assert (paper.language, paper.mark) == ("en", "")
    assert "2026-000001" in paper.title
    assert (paper.giver, paper.giver_lines) == ("Amal Haddad", ("Olive Street 9", "Amman JO"))
    assert CHARITY.legal_name in paper.issuer_lines
    assert any(CHARITY.number in line for line in paper.issuer_lines)
    assert [row.cells[1] for row in paper.rows] == ["$25.00", "$1.06", "$26.06", "$26.06"]
    assert "2 March 2026" in [value for _, value in paper.facts]
    assert all(len(row.cells) == len(paper.heads) for row in paper.rows)
    assert any(holds()[0].content_hash in line for line in paper.foot)


def test_a_void_one_and_the_one_that_stands_for_it_name_each_other(gifts: Gifts, settle: Settle) -> None:
    donation = gifts.paid(amount="25.00")
    settle()
    give_back(fresh(donation), "10.00")
    settle()
    old, new = every(Receipt)
    assert paper_of(old).mark.startswith("VOID since 2 March 2026")
    assert "2026-000002" in paper_of(old).mark
    assert "2026-000001" in paper_of(new).mark
    assert [row.cells[1] for row in paper_of(new).rows] == ["$25.00", "$25.00", "−$10.00", "$15.00", "$15.00"]


def test_handed_out_again_it_is_marked_with_its_day_and_written_down(gifts: Gifts, settle: Settle) -> None:
    gifts.paid()
    settle()
    with committed():
        again = reissue(holds()[0], zone="Asia/Jerusalem", who_kind="staff", who_id=7)
    assert again.paper.mark == "DUPLICATE of 2 March 2026"
    (copy,) = every(ReceiptCopy)
    assert (copy.who_kind, copy.who_id, copy.receipt_id) == ("staff", 7, holds()[0].id)
    assert (holds()[0].status, len(every(Receipt))) == ("issued", 1)


def test_a_years_paper_lists_its_gifts_and_their_totals(gifts: Gifts, settle: Settle) -> None:
    for amount in ("25.00", "10.00"):
        gifts.paid(amount=amount)
    settle()
    with committed():
        ((_, statement),) = issue_statements([1], 2026, zone="Asia/Jerusalem")
    paper = paper_of(statement)
    assert "2026" in paper.title
    assert paper.giver == f"{AMAL.first_name} {AMAL.last_name}"
    assert [(row.cells[1], row.cells[-1]) for row in paper.rows] == [
        ("2026-000001", "$25.00"), ("2026-000002", "$10.00"), ("", "$35.00"),
    ]  # fmt: skip
    assert paper.rows[-1].is_total
    assert all(len(row.cells) == len(paper.heads) for row in paper.rows)
    assert db.session.get_one(Receipt, statement.id).content["totals"][0]["deductible_minor"] == 3500


@pytest.mark.parametrize("language", ["ar", "he"])
def test_numbers_keep_their_order_after_letters_that_run_from_right_to_left(language: str) -> None:
    # After an Arabic letter the two halves of a number would change places.
    for words in (labels.RECEIPT, labels.REPLACES, labels.REPLACED_BY, labels.TAX_NUMBER):
        assert "\u20662026-000002\u2069" in labels.label(words, language, number="2026-000002")
    assert labels.label(labels.RECEIPT, "en", number="2026-000002") == "Receipt 2026-000002"
