"""Seed a large database for measuring: rows only, the same for the same numbers, and sound by every invariant.

Long, because each table is filled from the same draw of the same numbers: apart, they would have to agree twice.
"""

from __future__ import annotations

import random
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any

from donate import clock
from donate.appeals.models import AppealSupporter, AppealTally
from donate.appeals.queries import list_appeals
from donate.donors.models import Donor, DonorEmail
from donate.giving.models import Donation
from donate.ledger.models import LedgerDay, LedgerDayBy, LedgerEntry, LedgerPosting, Payout, PayoutItem
from donate.ledger.rebuild import rebuild_span, spans_to_rebuild
from donate.ledger.rebuild_donors import recount_donors
from donate.ledger.sums import SUMS
from donate.mail.models import MailMessage
from donate.money import Money
from donate.newsroom.queries import get_newsroom, list_funds
from donate.receipts.content import GiftSums, Imprint, gift_content
from donate.receipts.issue import columns_of, fund_name, newsroom_name
from donate.receipts.models import Receipt, ReceiptSeries
from donate.receipts.numbers import number_of
from donate.receipts.tax_status import tax_status_of
from donate.records.pour import pour
from donate.recurring.models import RecurringDonation, RecurringMovement, RecurringMovementDay
from donate.recurring.movements import TIMES_A_YEAR
from donate.references import reference_from

#: What a practice card costs: the share in thousandths, and the fixed part in cents.
_FEE_THOUSANDTHS, _FEE_FIXED = 29, 30
_AMOUNTS = (500, 1000, 1500, 2500, 5000, 10000, 25000)
_ACCOUNT = "acct_seeded"
#: So many stories gifts come from, one of them no story; and what readers followed.
_STORIES = 400
_SOURCES = ("", "newsletter", "search", "mastodon")


@dataclass(frozen=True)
class Plan:
    """How much of what.

    Args:
        donors: People.
        donations: Gifts that arrived.
        years: Spread over so many, ending with ``until``.
        dice: Another number gives other rows.
        until: The last day.
    """

    donors: int
    donations: int
    years: int
    dice: int
    until: date


@dataclass(frozen=True, order=True)
class _Gift:
    at: int
    donor: int
    promise: int
    amount: int
    cover: int


def seed(plan: Plan) -> None:
    """Write the rows of a plan into a database without gifts; call inside ``committed()``.

    Args:
        plan: How much of what.
    """
    dice = random.Random(plan.dice)  # noqa: S311  # a play, not a secret
    promises = _promises(plan, dice)
    gifts = sorted([*_instalments(plan, promises), *_single_gifts(plan, dice, promises)])[: plan.donations]
    _Writer(plan, gifts, promises).write()


def _start(plan: Plan) -> datetime:
    return datetime.combine(plan.until, datetime.min.time(), UTC) - timedelta(days=365 * plan.years)


def _promises(plan: Plan, dice: random.Random) -> list[tuple[int, int, int]]:
    """Give every third donor a monthly promise: (donor, first day of the span, cents), for half the gifts at most."""
    days, left, made = 365 * plan.years, plan.donations // 2, []
    for donor in range(0, plan.donors, 3):
        begins = dice.randrange(days)
        left -= (days - begins) // 30 + 1
        if left < 0:
            break
        made.append((donor, begins, dice.choice(_AMOUNTS[:5])))
    return made


def _instalments(plan: Plan, promises: list[tuple[int, int, int]]) -> Iterator[_Gift]:
    start, days = int(_start(plan).timestamp()), 365 * plan.years
    for number, (donor, begins, amount) in enumerate(promises):
        for day in range(begins, days, 30):
            yield _Gift(start + day * 86400 + donor % 86400, donor, number + 1, amount, 0)


def _single_gifts(plan: Plan, dice: random.Random, promises: list[tuple[int, int, int]]) -> Iterator[_Gift]:
    start, seconds = int(_start(plan).timestamp()), 365 * plan.years * 86400
    repeated = sum(len(range(begins, 365 * plan.years, 30)) for _, begins, _ in promises)
    for _ in range(plan.donations - repeated):
        amount = dice.choice(_AMOUNTS)
        cover = amount * _FEE_THOUSANDTHS // 1000 if dice.random() < 0.4 else 0
        yield _Gift(start + dice.randrange(seconds), dice.randrange(plan.donors), 0, amount + cover, cover)


class _Writer:
    """Turns gifts into the rows that hang on them."""

    def __init__(self, plan: Plan, gifts: list[_Gift], promises: list[tuple[int, int, int]]) -> None:
        self.plan, self.gifts, self.promises = plan, gifts, promises
        newsroom = get_newsroom()
        self.zone, self.sender, self.name = newsroom.time_zone, newsroom.reply_address, newsroom_name(newsroom, "en")
        self.status = tax_status_of(newsroom)
        self.funds = {fund.id: fund_name(fund, "en") for fund in list_funds()}
        self.appeals = [(appeal.id, appeal.fund_id) for appeal in list_appeals()]
        self.firsts = {gift.promise: at for at, gift in reversed(list(enumerate(gifts))) if gift.promise}
        # A promise whose gifts all fell beyond the asked number never was.
        self.kept = [number for number in range(1, len(promises) + 1) if number in self.firsts]
        self.numbers: dict[int, int] = defaultdict(int)
        self.moments = [datetime.fromtimestamp(gift.at, UTC) for gift in gifts]
        self.days = [clock.on(moment, self.zone) for moment in self.moments]
        self.references = [reference_from("seed", str(plan.dice), "gift", str(at)) for at in range(len(gifts))]
        self.by_day: dict[date, int] = defaultdict(int)
        for gift, moment in zip(gifts, self.moments, strict=True):
            self.by_day[moment.date()] += gift.amount - self._fee(gift)

    def write(self) -> None:
        """Write every table, those others point to first."""
        pour(Donor, self._donors())
        pour(DonorEmail, self._emails())
        pour(RecurringDonation, self._recurring())
        pour(RecurringMovement, self._movements())
        self._movement_sums()
        pour(Donation, self._donations())
        pour(Receipt, self._receipts())
        pour(ReceiptSeries, ({"kind": "gift", "year": year, "last_number": last}
                             for year, last in sorted(self.numbers.items())))  # fmt: skip
        pour(MailMessage, self._letters())
        pour(LedgerEntry, self._entries())
        pour(LedgerPosting, self._postings())
        pour(Payout, self._payouts())
        pour(PayoutItem, self._items())
        self._sums()
        for span in spans_to_rebuild():
            rebuild_span(span)
        recount_donors()

    # -- what each gift is -----------------------------------------------------------------------------------------

    def _appeal(self, gift: _Gift) -> tuple[int, int]:
        return self.appeals[gift.donor % len(self.appeals)]

    def _address(self, donor: int) -> str:
        return f"giver{donor}@example.org"

    @staticmethod
    def _fee(gift: _Gift) -> int:
        return gift.amount * _FEE_THOUSANDTHS // 1000 + _FEE_FIXED

    # -- the rows --------------------------------------------------------------------------------------------------

    def _donors(self) -> Iterator[dict[str, Any]]:
        for donor in range(self.plan.donors):
            yield {
                "id": donor + 1,
                "reference": reference_from("seed", str(self.plan.dice), "donor", str(donor)),
                "first_name": f"Giver {donor}",
                "created_at": _start(self.plan),
            }

    def _emails(self) -> Iterator[dict[str, Any]]:
        for donor in range(self.plan.donors):
            yield {"id": donor + 1, "donor_id": donor + 1, "email": self._address(donor), "is_main": True}

    def _recurring(self) -> Iterator[dict[str, Any]]:
        for number in self.kept:
            donor, _, amount = self.promises[number - 1]
            began = self.moments[self.firsts[number]]
            appeal, fund = self._appeal(self.gifts[self.firsts[number]])
            yield {
                "id": number,
                "reference": reference_from("seed", str(self.plan.dice), "promise", str(number)),
                "status": "active",
                "interval": "month",
                "livemode": False,
                "amount_minor": amount,
                "currency": "USD",
                "email": self._address(donor),
                "donor_id": donor + 1,
                "fund_id": fund,
                "appeal_id": appeal,
                "authorisation_text": "Seeded for measuring: nobody agreed to anything.",
                "authorisation_version": "seed",
                "authorisation_language": "en",
                "authorised_at": began,
                "created_at": began,
                "started_at": began,
                "stripe_subscription_id": f"sub_seeded_{number}",
                "stripe_customer_id": f"cus_seeded_{number}",
            }

    def _movements(self) -> Iterator[dict[str, Any]]:
        for number in self.kept:
            first = self.firsts[number]
            yield {
                "id": number,
                "recurring_id": number,
                "number": 1,
                "livemode": False,
                "moved_at": self.moments[first],
                "moved_on": self.days[first],
                "kind": "new",
                "fund_id": self._appeal(self.gifts[first])[1],
                "currency": "USD",
                "annual_before_minor": 0,
                "annual_after_minor": self.promises[number - 1][2] * TIMES_A_YEAR["month"],
            }

    def _movement_sums(self) -> None:
        days: dict[tuple[date, int], list[int]] = defaultdict(lambda: [0, 0])
        for row in self._movements():
            _add(days[(row["moved_on"], row["fund_id"])], (1, row["annual_after_minor"]))
        pour(RecurringMovementDay, ({"moved_on": day, "kind": "new", "currency": "USD", "fund_id": fund,
                                     "changes": many, "annual_minor": minor}
                                    for (day, fund), (many, minor) in sorted(days.items())))  # fmt: skip

    def _donations(self) -> Iterator[dict[str, Any]]:
        for at, gift in enumerate(self.gifts):
            appeal, fund = self._appeal(gift)
            moment = self.moments[at]
            yield {
                "id": at + 1,
                "reference": self.references[at],
                "status": "succeeded",
                "kind": self._facets(gift)["kind"],
                "article_slug": self._facets(gift)["article"],
                "source": self._facets(gift)["source"],
                "frequency": "month" if gift.promise else "once",
                "livemode": False,
                "amount_minor": gift.amount,
                "fee_cover_minor": gift.cover,
                "currency": "USD",
                "email": self._address(gift.donor),
                "email_key": self._address(gift.donor),
                "first_name": f"Giver {gift.donor}",
                "fund_id": fund,
                "appeal_id": appeal,
                "donor_id": gift.donor + 1,
                "recurring_id": gift.promise or None,
                "created_at": moment,
                "received_at": moment,
                "received_on": self.days[at],
                "ended_at": moment,
                "payment_method": "card",
                "card_brand": "visa",
                "card_last4": "4242",
                "stripe_payment_intent_id": f"pi_seeded_{at}",
                "stripe_charge_id": f"ch_seeded_{at}",
                "stripe_invoice_id": f"in_seeded_{at}" if gift.promise else None,
            }

    def _facets(self, gift: _Gift) -> dict[str, str]:
        """Tell what the books sum the gift by; a promise's gifts have all of it in common."""
        story = (gift.promise or gift.at) % _STORIES
        return {
            "kind": "recurring" if gift.promise else "one_time",
            "article": f"seeded-{story}" if story else "",
            "source": _SOURCES[gift.donor % len(_SOURCES)],
            "method": "card",
        }

    def _receipts(self) -> Iterator[dict[str, Any]]:
        for at, gift in enumerate(self.gifts):
            day = self.days[at]
            self.numbers[day.year] += 1
            number = number_of("gift", day.year, self.numbers[day.year])
            content = gift_content(
                Imprint(number, day, "en"), self.name, self.status,
                GiftSums(self.references[at], day, self.funds[self._appeal(gift)[1]],
                         "month" if gift.promise else "once", Money(gift.amount, "USD"), Money(gift.cover, "USD"),
                         Money(gift.amount, "USD")),
            )  # fmt: skip
            yield {
                "id": at + 1,
                "number": number,
                "year": day.year,
                "donation_id": at + 1,
                "issued_at": self.moments[at],
                "issued_on": day,
                **columns_of(content),
            }

    def _letters(self) -> Iterator[dict[str, Any]]:
        for at, gift in enumerate(self.gifts):
            yield {
                "id": at + 1,
                "key": f"receipt:{self.references[at]}",
                "template": "receipt",
                "to_address": self._address(gift.donor),
                "sender_address": self.sender,
                "sender_name": self.name,
                "language": "en",
                "values": {},
                "queued_at": self.moments[at],
                "sent_at": self.moments[at],
            }

    def _entries(self) -> Iterator[dict[str, Any]]:
        for at, gift in enumerate(self.gifts):
            fee = self._fee(gift)
            own = {"entry_type": "charge", "stripe_type": "charge", "gross_minor": gift.amount, "donation_id": at + 1,
                   "fund_id": self._appeal(gift)[1], "stripe_charge_id": f"ch_seeded_{at}"}  # fmt: skip
            yield self._entry(at + 1, f"gift{at}", self.moments[at], gift.amount, fee, own)
        for number, (day, total) in enumerate(sorted(self.by_day.items()), 1):
            own = {"entry_type": "payout", "stripe_type": "payout", "gross_minor": -total,
                   "stripe_payout_id": f"po_seeded_{number}"}  # fmt: skip
            yield self._entry(len(self.gifts) + number, f"payout{number}", self._paid_out(day), -total, 0, own)

    def _entry(
        self, number: int, key: str, moment: datetime, gross: int, fee: int, own: dict[str, Any]
    ) -> dict[str, Any]:
        day = clock.on(moment, self.zone)
        return {
            "id": number,
            "reference": reference_from("seed", str(self.plan.dice), "entry", key),
            "stripe_account": _ACCOUNT,
            "livemode": False,
            "source_key": f"txn_seeded_{key}",
            "occurred_at": moment,
            "occurred_on": day,
            "booked_on": day,
            "available_on": day + timedelta(days=2),
            "currency": "USD",
            "settlement_currency": "USD",
            "settlement_gross_minor": gross,
            "settlement_fee_minor": fee,
            "settlement_net_minor": gross - fee,
            "posted_at": moment,
            **own,
        }

    def _postings(self) -> Iterator[dict[str, Any]]:
        for at, gift in enumerate(self.gifts):
            lines = (("clearing", "income", gift.amount), ("processing_fees", "clearing", self._fee(gift)))
            for number, (debit, credit, amount) in enumerate(lines, 1):
                yield {"entry_id": at + 1, "line_no": number, "debit": debit, "credit": credit,
                       "amount_minor": amount, "currency": "USD"}  # fmt: skip
        for number, (_, total) in enumerate(sorted(self.by_day.items()), 1):
            yield {"entry_id": len(self.gifts) + number, "line_no": 1, "debit": "bank", "credit": "clearing",
                   "amount_minor": total, "currency": "USD"}  # fmt: skip

    # -- payouts and sums ------------------------------------------------------------------------------------------

    def _paid_out(self, day: date) -> datetime:
        return datetime.combine(day + timedelta(days=2), datetime.min.time(), UTC)

    def _payouts(self) -> Iterator[dict[str, Any]]:
        for number, (day, total) in enumerate(sorted(self.by_day.items()), 1):
            moment = self._paid_out(day)
            yield {
                "id": number,
                "stripe_account": _ACCOUNT,
                "livemode": False,
                "stripe_payout_id": f"po_seeded_{number}",
                "status": "paid",
                "currency": "USD",
                "amount_minor": total,
                "automatic": True,
                "created_at": moment,
                "arrival_on": clock.on(moment, self.zone) + timedelta(days=1),
                "proof": "proved",
                "differences": [],
                "proved_at": moment,
            }

    def _items(self) -> Iterator[dict[str, Any]]:
        numbers = {day: number for number, day in enumerate(sorted(self.by_day), 1)}
        for at, moment in enumerate(self.moments):
            yield {"entry_id": at + 1, "payout_id": numbers[moment.date()]}

    def _sums(self) -> None:
        days: dict[tuple[Any, ...], list[int]] = defaultdict(lambda: [0] * 7)
        facets: dict[tuple[Any, ...], list[int]] = defaultdict(lambda: [0] * 4)
        kept: dict[tuple[int, int], int] = defaultdict(int)
        gifts: dict[int, int] = defaultdict(int)
        renewals: dict[int, int] = defaultdict(int)
        for at, gift in enumerate(self.gifts):
            appeal, fund = self._appeal(gift)
            fee = self._fee(gift)
            settled = (1, gift.amount, fee, gift.amount - fee)
            cover = (gift.cover, fee) if gift.cover else (0, 0)
            _add(days[(self.days[at], "charge", fund, appeal)], (1, gift.amount, *settled[1:], *cover))
            for by, key in self._facets(gift).items():
                _add(facets[(self.days[at], by, key, fund)], settled)
            kept[(appeal, gift.donor + 1)] += gift.amount - gift.cover
            gifts[appeal] += 1
            if gift.promise and self.firsts[gift.promise] != at:
                renewals[appeal] += gift.amount - gift.cover
        for day, total in self.by_day.items():
            paid_on = clock.on(self._paid_out(day), self.zone)
            _add(days[(paid_on, "payout", 0, 0)], (1, -total, -total, 0, -total, 0, 0))
        pour(LedgerDay, ({"booked_on": day, "entry_type": kind, "currency": "USD", "settlement_currency": "USD",
                          "fund_id": fund, "appeal_id": appeal, **dict(zip(SUMS[LedgerDay], sums, strict=True))}
                         for (day, kind, fund, appeal), sums in sorted(days.items())))  # fmt: skip
        pour(LedgerDayBy, ({"booked_on": day, "by": by, "key": key, "entry_type": "charge", "fund_id": fund,
                            "settlement_currency": "USD", **dict(zip(SUMS[LedgerDayBy], sums, strict=True))}
                           for (day, by, key, fund), sums in sorted(facets.items())))  # fmt: skip
        pour(AppealSupporter, ({"appeal_id": appeal, "currency": "USD", "donor_id": donor, "kept_minor": minor}
                               for (appeal, donor), minor in sorted(kept.items())))  # fmt: skip
        pour(AppealTally, ({"appeal_id": appeal, "currency": "USD", "gifts": many,
                            "raised_minor": sum(minor for (of, _), minor in kept.items() if of == appeal),
                            "renewals_minor": renewals[appeal], "offline_minor": 0,
                            "people": sum(1 for of, _ in kept if of == appeal), "counted_at": clock.now()}
                           for appeal, many in sorted(gifts.items())))  # fmt: skip


def _add(sums: list[int], more: tuple[int, ...]) -> None:
    for at, each in enumerate(more):
        sums[at] += each
