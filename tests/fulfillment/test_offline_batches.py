"""A batch becomes gifts once, whoever presses, however often the worker dies, and never with a line of it lost."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from flask import Flask

from donate.db import committed, db
from donate.errors import OfflineRefused
from donate.fulfillment import apply_offline
from donate.fulfillment.apply_offline import post_offline_batch, withdraw_gift
from donate.giving.models import Donation
from donate.giving.offline import batch as batch_verbs
from donate.giving.offline.batch import add_line
from donate.giving.offline.models import OfflineBatch, OfflineGift, OfflineLine
from donate.ledger.models import LedgerEntry
from donate.queue.models import Job
from donate.receipts.models import Receipt
from donate.reports.check import check_everything
from tests.make.offline import ByHand
from tests.make.race import Race
from tests.make.rows import count, every

Work = Callable[[], int]
MADE = (Donation, OfflineGift, Receipt, LedgerEntry)


def test_a_posted_batch_is_its_control_totals_and_no_draft_of_a_name_is_left(by_hand: ByHand) -> None:
    batch = by_hand.posted(5000, 2500, 12000)
    assert (batch.state, batch.pressed_by) == ("posted", by_hand.who.row_id)
    assert [(each.line_no, each.batch_id) for each in every(OfflineGift)] == [(at, batch.id) for at in (1, 2, 3)]
    assert sum(each.amount_minor for each in every(Donation)) == batch.control_minor == 19500
    assert every(OfflineLine) == []
    assert check_everything() == []


def test_a_withdrawn_gift_leaves_its_batch_as_it_was_posted(by_hand: ByHand) -> None:
    by_hand.posted(5000, 2500)
    withdraw_gift(every(Donation)[0].id, "bounced", by_hand.who)
    assert check_everything() == []


def test_a_worker_that_dies_between_two_lines_is_followed_by_one_that_goes_on(
    by_hand: ByHand, monkeypatch: pytest.MonkeyPatch
) -> None:
    batch_id = by_hand.batch(5000, 2500, 12000)
    assert by_hand.press(batch_id)
    real, done = apply_offline._post_line, []

    def die_at_the_second(*given: object) -> None:
        if done:
            raise KeyboardInterrupt
        done.append(given)
        real(*given)  # type: ignore[arg-type]

    with monkeypatch.context() as patch:
        patch.setattr(apply_offline, "_post_line", die_at_the_second)
        with pytest.raises(KeyboardInterrupt):
            post_offline_batch(batch_id)
    assert [count(model) for model in MADE] == [1, 1, 1, 1]
    assert (count(OfflineLine), every(OfflineBatch)[0].state) == (2, "posting")
    for _ in range(2):
        post_offline_batch(batch_id)
    assert [count(model) for model in MADE] == [3, 3, 3, 3]
    assert every(OfflineBatch)[0].state == "posted"
    assert check_everything() == []


def test_a_batch_that_was_never_pressed_is_not_posted(by_hand: ByHand) -> None:
    batch_id = by_hand.batch(5000)
    post_offline_batch(batch_id)
    assert [count(model) for model in MADE] == [0, 0, 0, 0]
    assert every(OfflineBatch)[0].state == "open"


def test_a_line_that_comes_while_the_batch_is_posted_is_refused(by_hand: ByHand) -> None:
    batch_id = by_hand.batch(5000)
    by_hand.press(batch_id)
    with pytest.raises(OfflineRefused, match="batch_closed"), committed():
        add_line(batch_id, by_hand.entry(), by_hand.who)


def test_a_batch_takes_as_many_lines_as_somebody_can_look_through(
    by_hand: ByHand, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(batch_verbs, "MOST_LINES", 2)
    batch_id = by_hand.batch(100, 200)
    with pytest.raises(OfflineRefused, match="batch_full"), committed():
        add_line(batch_id, by_hand.entry(), by_hand.who)


# -- two at once ----------------------------------------------------------------------------------------------------


def work_twice(race: Race, by_hand: ByHand) -> list[Exception]:
    """Let two workers post one batch at the same time, both having listed all its lines."""
    batch_id = by_hand.batch(5000, 2500)
    by_hand.press(batch_id)
    race.meet_after(apply_offline, "list_lines")
    return race.run(*[lambda: post_offline_batch(batch_id)] * 2)


def test_two_presses_post_a_batch_once(app: Flask, race: Race, by_hand: ByHand, work: Work) -> None:
    batch_id = by_hand.batch(5000, 2500)
    assert race.run(*[lambda: by_hand.press(batch_id)] * 2) == []
    work()
    assert [count(model) for model in MADE] == [2, 2, 2, 2]
    assert [each.name for each in every(Job)].count("post_offline_batch") == 1
    assert check_everything() == []


def test_the_two_presses_above_would_show_a_batch_that_nobody_locks(
    race: Race, by_hand: ByHand, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A control: without its lock both find the batch open, and each says that it was theirs."""
    # Whoever books first of all writes the books' own row, and others wait for that.
    by_hand.record()
    batch_id = by_hand.batch(5000, 2500)
    pressed: list[bool] = []
    for place in (batch_verbs, apply_offline):
        race.without_lock(place)
    is_alone = db.engine.dialect.name == "sqlite"
    if not is_alone:
        race.meet_after(batch_verbs, "total_lines")
    assert race.run(*[lambda: pressed.append(by_hand.press(batch_id))] * 2) == []
    # On SQLite whoever writes is alone from the first statement on, whatever is locked.
    assert sorted(pressed) == [not is_alone, True]


def test_two_workers_that_saw_the_same_lines_make_each_of_them_one_gift(race: Race, by_hand: ByHand) -> None:
    assert work_twice(race, by_hand) == []
    assert [count(model) for model in MADE] == [2, 2, 2, 2]
    assert every(OfflineBatch)[0].state == "posted"
    assert check_everything() == []


def test_the_two_workers_above_would_show_a_line_that_is_read_without_its_batch(
    race: Race, by_hand: ByHand, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A control: with neither the lock nor the look whether the line is still there, one line is tried twice."""
    lines = {}
    real = apply_offline.find_line_by_reference

    def remembered(reference: str) -> OfflineLine | None:
        found = real(reference)
        return lines.setdefault(reference, found)

    monkeypatch.setattr(apply_offline, "find_line_by_reference", remembered)
    race.without_lock(apply_offline)
    stumbled = work_twice(race, by_hand)
    assert stumbled != []
    # The gift's own key holds all the same.
    assert len({each.reference for each in every(Donation)}) == count(Donation) <= 2


def record_twice(race: Race, by_hand: ByHand) -> list[Exception]:
    """Let two presses of one form both find that nothing was recorded from it yet."""
    entry = by_hand.entry(email="sami@example.org")
    if db.engine.dialect.name == "postgresql":
        race.meet_after(apply_offline, "find_recorded")
    return race.run(*[lambda: by_hand.record(entry)] * 2)


def test_two_presses_of_one_form_are_one_gift_of_one_donor(race: Race, by_hand: ByHand) -> None:
    assert record_twice(race, by_hand) == []
    assert [count(model) for model in MADE] == [1, 1, 1, 1]
    assert check_everything() == []


def test_the_two_presses_above_would_show_forms_that_are_each_their_own(
    race: Race, by_hand: ByHand, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A control: where each press has a reference of its own, there are two gifts."""
    entries = iter([by_hand.entry(email="sami@example.org"), by_hand.entry(email="sami@example.org")])
    assert race.run(*[lambda entry=entry: by_hand.record(entry) for entry in entries]) == []
    assert count(Donation) == 2


def test_two_withdrawals_take_a_gift_out_once(race: Race, by_hand: ByHand) -> None:
    gift = by_hand.record()
    stumbled = race.run(*[lambda: withdraw_gift(gift.id, "bounced", by_hand.who)] * 2)
    assert [str(each).split()[0] for each in stumbled] == ["withdrawn_before"]
    assert [each.entry_type for each in every(LedgerEntry)] == ["offline", "offline_return"]
    assert check_everything() == []
