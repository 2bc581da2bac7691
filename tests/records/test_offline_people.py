"""Whose offline gifts are: they go where their donor goes, and what names somebody goes when they are forgotten."""

from __future__ import annotations

import pytest

from donate.db import committed
from donate.donors.models import Donor
from donate.donors.queries import find_donor_by_email
from donate.errors import OfflineRefused
from donate.fulfillment.apply_offline import post_offline_batch
from donate.fulfillment.forget_person import forget_person
from donate.giving.models import Donation
from donate.giving.offline.batch import add_line
from donate.giving.offline.models import OfflineGift, OfflineLine
from donate.records.erase import ask_erasure
from donate.records.export import export_person
from donate.records.link_address import link_address
from donate.reports.check import check_everything
from donate.team.history import SYSTEM
from tests.make.offline import ByHand
from tests.make.rows import every
from tests.people import AMAL, PETRA, Person


def donor_of(email: str) -> Donor:
    found = find_donor_by_email(email)
    assert found is not None
    return found


def known(by_hand: ByHand, person: Person) -> int:
    """Let somebody give by cheque, so that they are known here; give their row."""
    gift = by_hand.record(email=person.email, first_name=person.first_name, last_name=person.last_name)
    assert gift.donor_id is not None
    return gift.donor_id


def with_a_line(by_hand: ByHand, donor_id: int) -> int:
    """Record a gift of a donor, and leave a line of theirs in an open batch; give the batch."""
    typed = {"donor_id": donor_id, "is_new": False, "first_name": "", "last_name": ""}
    by_hand.record(number="417", organisation="Oryx Trust", method="daf", **typed)
    batch_id = by_hand.batch(5000, count=2, total=7500)
    with committed():
        add_line(batch_id, by_hand.entry(2500, number="418", note="for my aunt", **typed), by_hand.who)
    return batch_id


def test_a_person_who_is_forgotten_leaves_the_money_and_nobody_to_post_a_line_for(
    by_hand: ByHand,
) -> None:
    batch_id = with_a_line(by_hand, known(by_hand, AMAL))
    with committed():
        wish = ask_erasure(donor_of(AMAL.email), "command", SYSTEM).id
    assert forget_person(wish).erased_at is not None
    assert {(each.donor_name, each.email, each.amount_minor) for each in every(Donation)} == {("", "", 5000)}
    assert {(each.organisation, each.number) for each in every(OfflineGift)} == {("", "")}
    _other, line = every(OfflineLine)
    assert (line.donor_id, line.number, line.note, line.amount_minor) == (None, "", "", 2500)
    with pytest.raises(OfflineRefused, match="batch_unfinished"):
        by_hand.press(batch_id)
    assert check_everything() == []


def test_whoever_is_named_in_a_batch_that_is_being_posted_is_forgotten_after_it(by_hand: ByHand) -> None:
    amal = known(by_hand, AMAL)
    batch_id = by_hand.batch(count=1, total=2500)
    with committed():
        typed = by_hand.entry(2500, donor_id=amal, is_new=False)
        add_line(batch_id, typed, by_hand.who)
    by_hand.press(batch_id)
    with committed():
        wish = ask_erasure(donor_of(AMAL.email), "command", SYSTEM).id
    assert forget_person(wish).erased_at is None
    post_offline_batch(batch_id)
    assert forget_person(wish).erased_at is not None
    assert {each.email for each in every(Donation)} == {""}
    assert check_everything() == []


def test_lines_and_gifts_go_where_their_donor_goes(by_hand: ByHand) -> None:
    amal, petra = known(by_hand, AMAL), known(by_hand, PETRA)
    with_a_line(by_hand, petra)
    with committed():
        link_address(amal, PETRA.email.lower(), SYSTEM)
    assert {each.donor_id for each in every(Donation)} == {amal}
    assert [each.donor_id for each in every(OfflineLine)] == [None, amal]
    assert check_everything() == []


def test_what_is_held_of_somebody_tells_how_their_gift_came_and_what_waits(by_hand: ByHand) -> None:
    with_a_line(by_hand, known(by_hand, AMAL))
    held = export_person(donor_of(AMAL.email), proven_only=False).tables
    assert [(each["number"], each["organisation"]) for each in held["offline_gifts"]][1:] == [("417", "Oryx Trust")]
    assert [(each["number"], each["note"]) for each in held["offline_lines"]] == [("418", "for my aunt")]
