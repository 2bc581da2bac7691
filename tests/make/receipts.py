"""A newsroom whose gifts may be deducted, what stands in return for them, and a look at receipts."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from donate.giving.models import Donation
from donate.money import Money
from donate.receipts import issue, statement
from donate.receipts.models import Receipt
from donate.receipts.wording import Benefit, TaxStatus
from donate.records import seed
from tests.make.rows import every

CHARITY = TaxStatus("charity", "US", "The Plumb Line, Inc.", "12-3456789")


@pytest.fixture
def charity(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let the newsroom be a charity, whose receipts speak of what may be deducted."""
    for place in (issue, statement, seed):
        monkeypatch.setattr(place, "tax_status_of", lambda _newsroom: CHARITY)


@pytest.fixture
def in_return(monkeypatch: pytest.MonkeyPatch) -> Callable[[int], None]:
    """Return a way to give a book of some cents in return for every gift from now on."""

    def give(minor: int) -> None:
        def benefits(donation: Donation, _language: str) -> tuple[Benefit, ...]:
            return (Benefit("A book", Money(minor, donation.currency)),)

        monkeypatch.setattr(issue, "benefits_of", benefits)

    return give


def chain() -> list[tuple[str, str, str, int]]:
    """Give every receipt as (number, status, why it is void, cents kept), in the order of issue."""
    return [(each.number, each.status, each.void_reason, each.amount_minor) for each in every(Receipt)]


def holds(kind: str = "gift") -> list[Receipt]:
    """Give the receipts or statements that hold."""
    return [each for each in every(Receipt) if (each.kind, each.status) == (kind, "issued")]
