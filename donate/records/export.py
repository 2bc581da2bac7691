"""Export a person: all that is held about them, as JSON, and as one CSV file a table in a zip."""

from __future__ import annotations

import io
import json
import zipfile
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from donate import clock
from donate.cells import csv_line
from donate.db import Base
from donate.donors.models import Donor
from donate.donors.preferences import KINDS, wants
from donate.donors.queries import (
    list_address_changes,
    list_choices,
    list_customers,
    list_emails,
    list_followed,
    list_notes,
)
from donate.giving.models import Donation
from donate.members.queries import find_membership, get_level, list_named
from donate.money import Money
from donate.newsroom.queries import get_newsroom
from donate.receipts.models import Receipt
from donate.records import queries
from donate.recurring.models import RecurringDonation
from donate.recurring.queries import list_changes_of, list_failed_charges_of

Row = dict[str, Any]
Tables = dict[str, list[Row]]

_GIVER = ("email", "first_name", "last_name")
_GIFT = (
    "reference", "status", "kind", "frequency", "created_at", "received_at", "received_on", "ended_at", *_GIVER,
    "phone", "address_line1", "address_line2", "city", "region", "postcode", "country", "note", "anonymous",
    "newsletter", "newsletter_words", "listing_words", "listing_minor", "language", "article_slug", "placement",
    "variant", "source", "failure_code", "payment_method", "card_brand", "card_last4", "stripe_checkout_session_id",
    "stripe_payment_intent_id", "stripe_charge_id", "stripe_invoice_id", "imported_from", "imported_id",
    "imported_charge_id", "imported_intent_id",
)  # fmt: skip
_LINE = (
    "reference", "organisation", "address_line1", "address_line2", "city", "region", "postcode", "country", "number",
    "described", "note",
)  # fmt: skip
_PROMISE = (
    "reference", "status", "interval", "created_at", "started_at", "next_charge_at", "cancel_at_period_end",
    "ended_at", "ended_because", "is_paused", "resumes_at", "card_brand", "card_last4", "card_good_until", "restarts",
    "stop_reason", "stop_words", "ask_again_on", *_GIVER, "country", "anonymous", "listing_words", "listing_minor",
    "language", "article_slug", "placement", "variant", "source", "authorisation_text", "authorisation_version",
    "authorisation_language", "authorised_at", "stripe_subscription_id", "stripe_customer_id",
)  # fmt: skip


@dataclass(frozen=True)
class Held:
    """All that is held about one person.

    Args:
        reference: The donor's.
        made_at: When it was read.
        tables: Rows by table, plain values only.
    """

    reference: str
    made_at: datetime
    tables: Tables

    def as_json(self) -> bytes:
        """Write it as one JSON document."""
        newsroom = get_newsroom().name
        held = {"newsroom": newsroom, "made_at": _plain(self.made_at), "donor": self.reference, **self.tables}
        return (json.dumps(held, indent=2, ensure_ascii=False) + "\n").encode()

    def as_zip(self) -> bytes:
        """Write it as a zip of CSV files (UTF-8, CRLF, RFC 4180), one a table; no cell runs in a spreadsheet."""
        out = io.BytesIO()
        with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as file:
            for name, rows in self.tables.items():
                # A table without rows has a file too, so that nobody wonders.
                columns = tuple(rows[0]) if rows else ("nothing_held",)
                head = csv_line(columns, dict(zip(columns, columns, strict=True)))
                file.writestr(f"{name}.csv", head + "".join(csv_line(columns, row) for row in rows))
        return out.getvalue()


def export_person(donor: Donor, *, proven_only: bool) -> Held:
    """Gather all that is held about a donor.

    Args:
        donor: Who.
        proven_only: Whether letters and unfinished attempts count only for addresses that they proved: what a member
            may see. Whoever runs the command has found out otherwise that the addresses are theirs.
    """
    addresses = list_emails(donor.id)
    keys = [each.email for each in addresses if each.proven_at is not None or not proven_only]
    gifts = queries.list_gifts_of_person(donor.id, keys)
    promises = queries.list_promises_of_person(donor.id, keys)
    return Held(
        donor.reference,
        clock.real_now(),
        {
            "person": [_row(donor, "reference", "first_name", "last_name", "language", "created_at")],
            "addresses": _rows(addresses, "email", "proven_at", "is_main"),
            **_giving(gifts, promises),
            "offline_lines": _rows(queries.list_lines_of_person(donor.id, keys), *_GIVER, *_LINE),
            **_letters(donor.id, keys, [gift.email for gift in gifts if gift.email_key in keys]),
            "statements": [{"year": each.year, **_receipt(each)} for each in queries.list_statements_of(donor.id)],
            "membership": _membership(donor.id),
            "notes": _rows(list_notes(donor.id), "reference", "about_gift", "words", "written_at"),
            "address_changes": _rows(
                list_address_changes(donor.id), "reference", "email", "checked_by", "state", "asked_at", "ended_at"
            ),
            "named_among_supporters": _rows(list_named(donor.id), "year", "name", "listed_at"),
            "follows": [{"kind": kind, "address": slug} for kind, slug in list_followed(donor.id)],
            "sessions": _rows(
                queries.list_all_sessions(donor.id), "reference", "device", "started_at", "last_used_at", "expires_at"
            ),
            "numbers_elsewhere": _rows(queries.list_old_ids(donor.id), "system", "old_id"),
            "stripe_customers": _rows(list_customers(donor.id), "stripe_customer_id", "livemode"),
            "history": _history(donor, gifts, promises, [str(each.id) for each in addresses]),
        },
    )


def _membership(donor_id: int) -> list[Row]:
    row = find_membership(donor_id)
    if row is None:
        return []
    return [{"level": get_level(row.level_id).code, **_row(row, "currency", "since_on", "until_on", "lapsed_on")}]


def _giving(gifts: list[Donation], promises: list[RecurringDonation]) -> Tables:
    funds = queries.name_funds()
    caused_by = {gift.appeal_id for gift in gifts} | {promise.appeal_id for promise in promises}
    appeals = queries.name_appeals({each for each in caused_by if each is not None})
    of_promise = {promise.id: promise.reference for promise in promises}
    of_gift = {gift.id: gift.reference for gift in gifts}

    def caused(each: Donation | RecurringDonation) -> Row:
        return {
            **_sums(each, "amount_minor", "fee_cover_minor"),
            "fund": funds.get(each.fund_id, ""),
            "appeal": appeals.get(each.appeal_id or 0, ""),
        }

    ids = list(of_gift)
    return {
        "gifts": [
            {**_row(gift, *_GIFT), **caused(gift), "recurring": of_promise.get(gift.recurring_id or 0, "")}
            for gift in gifts
        ],
        "offline_gifts": [
            {"gift": of_gift[each.donation_id], **_row(each, "giver", "organisation", "number", "described")}
            for each in queries.list_offline_of(ids)
        ],
        "recurring": [{**_row(promise, *_PROMISE), **caused(promise)} for promise in promises],
        "recurring_changes": [
            {
                "recurring": of_promise[each.recurring_id],
                **_row(each, "act", "status", "asked_by", "asked_at", "ended_at"),
            }
            for each in list_changes_of(list(of_promise))
        ],
        "refused_charges": [
            {
                "recurring": of_promise[each.recurring_id],
                **_row(each, "state", "attempts", "failure_code", "opened_at", "ended_at"),
                **_sums(each, "amount_minor"),
            }
            for each in list_failed_charges_of(list(of_promise))
        ],
        "receipts": [
            {"gift": of_gift[each.donation_id], **_receipt(each)}
            for each in queries.list_receipts_of(ids)
            if each.donation_id is not None
        ],
        "refunds": [
            {
                "gift": of_gift[each.donation_id],
                **_row(each, "reference", "status", "reason", "requested_at", "refunded_at", "stripe_refund_id"),
                **_sums(each, "amount_minor"),
            }
            for each in queries.list_refunds_of(ids)
        ],
        "disputes": [
            {
                "gift": of_gift[each.donation_id],
                **_row(each, "status", "reason", "opened_at", "closed_at", "stripe_dispute_id"),
                **_sums(each, "amount_minor"),
            }
            for each in queries.list_disputes_of(ids)
        ],
    }


def _receipt(each: Receipt) -> Row:
    said = json.dumps(each.content, ensure_ascii=False, sort_keys=True)
    columns = ("number", "status", "issued_at", "issued_on", "voided_on", "void_reason", "language", "content_hash")
    if not each.currency:
        # A statement of several currencies has its sums in what it says.
        return {**_row(each, *columns), "currency": "", "amount": "", "fee_cover": "", "says": said}
    return {**_row(each, *columns), **_sums(each, "amount_minor", "fee_cover_minor"), "says": said}


def _letters(donor_id: int, keys: list[str], typed: list[str]) -> Tables:
    written = queries.list_letters_to(sorted({*keys, *typed}))
    return {
        "preferences": [
            {"kind": kind.name, "may_decline": kind.may_decline, "wanted": wants(donor_id, kind.name)}
            for kind in KINDS.values()
        ],
        "consents": _rows(list_choices(donor_id), "kind", "wanted", "chosen_at", "place", "words", "language"),
        "letters": _rows(written, "template", "to_address", "to_name", "subject", "queued_at", "sent_at", "text"),
        "reminders": _rows(
            queries.list_reminders_of(keys), "email", "language", "due_on", "asked_at", "article_slug", "placement"
        ),
        "sign_in_mails": _rows(
            queries.list_proofs_of(keys), "purpose", "address", "language", "asked_at", "expires_at", "used_at"
        ),
    }


def _history(donor: Donor, gifts: list[Donation], promises: list[RecurringDonation], emails: list[str]) -> list[Row]:
    found = queries.list_history_about(
        donor.id,
        {
            "donor": [donor.reference],
            "donor_email": emails,
            "donation": [gift.reference for gift in gifts],
            "recurring_donation": [promise.reference for promise in promises],
        },
    )
    return [
        {
            **_row(each, "at", "who_kind", "act", "object_kind", "object_reference"),
            "before": json.dumps(each.before),
            "after": json.dumps(each.after),
        }
        for each in found
    ]


def _rows(held: Iterable[Base], *names: str) -> list[Row]:
    return [_row(each, *names) for each in held]


def _row(held: Base, *names: str) -> Row:
    return {name: _plain(getattr(held, name)) for name in names}


def _sums(held: Any, *names: str) -> Row:
    sums = {name.removesuffix("_minor"): Money(getattr(held, name), held.currency).plain() for name in names}
    return {"currency": held.currency, **sums}


def _plain(value: Any) -> Any:
    if isinstance(value, datetime):
        return value.isoformat(timespec="seconds").replace("+00:00", "Z")
    return value.isoformat() if isinstance(value, date) else value
