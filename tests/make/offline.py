"""Offline gifts as a colleague types them, recorded one by one and in batches."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from flask import Flask

from donate import clock
from donate.db import committed, db
from donate.fulfillment.apply_offline import apply_offline, post_offline_batch, press_batch
from donate.giving.models import Donation
from donate.giving.offline.batch import BatchHead, add_line, open_batch
from donate.giving.offline.entry import OfflineEntry
from donate.giving.offline.models import OfflineBatch
from donate.giving.queries import get_donation_by_reference
from donate.money import Money
from donate.newsroom.queries import get_general_fund, get_newsroom
from donate.references import reference_from
from donate.team.hire import add_staff
from donate.team.history import SYSTEM, Who


class ByHand:
    """A colleague with a pile of cheques."""

    def __init__(self) -> None:
        self._numbers: Iterator[int] = iter(range(1, 10_000))
        self.fund_id = get_general_fund().id
        with committed():
            staff, _token = add_staff("cheques@newsroom.example", "finance", SYSTEM)
            self.who = Who("staff", staff.id)

    @property
    def today(self) -> date:
        """The newsroom's day."""
        return clock.today(get_newsroom().time_zone)

    def entry(self, minor: int = 5000, **changes: Any) -> OfflineEntry:
        """Give what is typed for a cheque of somebody new."""
        number = next(self._numbers)
        usual = OfflineEntry(
            reference=reference_from("by hand", str(number)),
            amount=Money(minor, "USD"),
            method="cheque",
            fund_id=self.fund_id,
            is_new=True,
            first_name="Sami",
            last_name=f"Rivers {number}",
            number=f"1{number:03}",
        )
        return replace(usual, **changes)

    def record(self, entry: OfflineEntry | None = None, on: date | None = None, **changes: Any) -> Donation:
        """Record one gift of today, unless another day is named."""
        typed = entry or self.entry(**changes)
        reference = apply_offline(typed, on or self.today, self.who)
        db.session.expire_all()
        return get_donation_by_reference(reference)

    def batch(self, *minors: int, count: int | None = None, total: int | None = None) -> int:
        """Open a batch with a line for each sum; its control totals agree unless others are named."""
        number = next(self._numbers)
        head = BatchHead(
            reference_from("batch", str(number)), "Post of today",
            Money(sum(minors) if total is None else total, "USD"), len(minors) if count is None else count,
            self.today, self.fund_id,
        )  # fmt: skip
        with committed():
            batch_id = open_batch(head, self.who).id
        for minor in minors:
            with committed():
                add_line(batch_id, self.entry(minor), self.who)
        return batch_id

    def press(self, batch_id: int) -> bool:
        """Press the button that posts a batch."""
        return press_batch(batch_id, self.who)

    def posted(self, *minors: int) -> OfflineBatch:
        """Give a posted batch of these sums."""
        batch_id = self.batch(*minors)
        assert self.press(batch_id)
        post_offline_batch(batch_id)
        db.session.expire_all()
        return db.session.get_one(OfflineBatch, batch_id)


@pytest.fixture
def by_hand(app: Flask, newsroom: None) -> ByHand:
    """Return a colleague who records offline gifts for the sample newsroom."""
    return ByHand()
