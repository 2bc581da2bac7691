"""Two gifts of one donor at the same moment make one membership of both; the control shows that it can go wrong."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Any

import pytest

from donate.fulfillment.apply_checkout import apply_checkout
from donate.giving.models import Donation
from donate.members import renew
from donate.members.models import Membership
from donate.members.queries import get_level
from donate.sandbox.app import Sandbox
from tests.make.gifts import Gifts
from tests.make.race import Race
from tests.make.rows import every
from tests.people import AMAL

Settle = Callable[..., None]
on_postgresql = pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)


@pytest.fixture
def two(gifts: Gifts, settle: Settle, box: Sandbox) -> list[Donation]:
    """Return two paid gifts of a known donor that nobody has told us of: the earlier the lesser."""
    gifts.paid(AMAL, amount="5.00")
    settle()
    first = gifts.paid(AMAL, amount="60.00")
    box.advance(seconds=9 * 86400)
    return [first, gifts.paid(AMAL, amount="600.00")]


def run(race: Race, two: list[Donation]) -> list[tuple[str, str]]:
    """Let two workers apply both gifts at once; tell each membership's level and first day."""
    race.meet_after(renew, "find_membership_to_write")
    ids = [gift.id for gift in two]
    assert race.run(*(lambda each=each: apply_checkout(each) for each in ids)) == []  # type: ignore[misc]
    return [(get_level(row.level_id).code, str(row.since_on)) for row in every(Membership)]


@on_postgresql
def test_two_gifts_at_once_make_one_membership_of_both(race: Race, two: list[Donation]) -> None:
    assert run(race, two) == [("keel", "2026-03-02")]


@on_postgresql
def test_the_race_above_would_show_a_renewal_that_trusts_its_first_look(
    race: Race, two: list[Donation], monkeypatch: pytest.MonkeyPatch
) -> None:
    real, seen = renew._earned, threading.local()

    def once(donor_id: int) -> Any:
        if not hasattr(seen, "found"):
            seen.found = real(donor_id)
        return seen.found

    monkeypatch.setattr(renew, "_earned", once)
    assert run(race, two) != [("keel", "2026-03-02")]
