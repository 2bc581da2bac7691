"""Rows that other programs see, with all that is shown of each, a page at a time."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, func, or_, select

from donate.appeals.models import Appeal, AppealTally, AppealText
from donate.connections.shown.asked import Asked
from donate.db import Base, db
from donate.donors.models import Donor, DonorEmail
from donate.giving.models import Dispute, Donation, Refund
from donate.giving.status import TAKEN_DISPUTES
from donate.newsroom.models import Fund
from donate.recurring.models import RecurringDonation

#: Rows of several columns each, by name.
Shown = Sequence[Any]
Chosen = Select[*tuple[Any, ...]]


def list_gifts(asked: Asked) -> Shown:
    """List gifts with what they hang on and what went back of each; those that arrived, unless a state is asked for."""
    chosen: list[ColumnElement[bool]] = [Donation.status == (asked.status or "succeeded")]
    if asked.since is not None:
        chosen.append(Donation.received_on >= asked.since)
    if asked.until is not None:
        chosen.append(Donation.received_on < asked.until)
    return _page(_gifts(), Donation, asked, [*chosen, *_of_fund_and_appeal(asked)])


def find_gift(reference: str) -> Any:
    """Find one gift in any state, as the list shows it."""
    return db.session.execute(_gifts().where(Donation.reference == reference)).first()


def list_promises(asked: Asked) -> Shown:
    """List recurring gifts that began, with their fund, appeal and donor; all of them, unless a state is asked for."""
    began = [RecurringDonation.started_at.is_not(None)] if not asked.status else []
    in_state = [RecurringDonation.status == asked.status] if asked.status else []
    return _page(_promises(), RecurringDonation, asked, [*began, *in_state, *_of_fund_and_appeal(asked)])


def find_promise(reference: str) -> Any:
    """Find one recurring gift in any state, as the list shows it."""
    return db.session.execute(_promises().where(RecurringDonation.reference == reference)).first()


def list_donors(asked: Asked) -> Shown:
    """List donors with the address they are written to; those who were forgotten too, so that others forget them."""
    return _page(_donors(), Donor, asked, [])


def find_donor(reference: str) -> Any:
    """Find one donor, as the list shows them."""
    return db.session.execute(_donors().where(Donor.reference == reference)).first()


def list_given(donor_ids: Sequence[int]) -> Shown:
    """Sum what donors gave, by donor and currency: gifts that arrived, before what went back."""
    rows = (
        select(
            Donation.donor_id,
            Donation.currency,
            func.count(Donation.id).label("gifts"),
            func.sum(Donation.amount_minor).label("minor"),
            func.min(Donation.received_on).label("first_on"),
            func.max(Donation.received_on).label("last_on"),
        )
        .where(Donation.donor_id.in_(donor_ids), Donation.status == "succeeded")
        .group_by(Donation.donor_id, Donation.currency)
        .order_by(Donation.donor_id, Donation.currency)
    )
    return db.session.execute(rows).all()


def list_appeals(asked: Asked) -> Shown:
    """List appeals; drafts too, where they are asked for."""
    in_state = Appeal.status == asked.status if asked.status else Appeal.status != "draft"
    in_fund = [Fund.code == asked.fund] if asked.fund else []
    rows = _appeals().where(in_state, *in_fund)
    if asked.after:
        rows = rows.where(Appeal.id > select(Appeal.id).where(Appeal.slug == asked.after).scalar_subquery())
    return db.session.execute(rows.order_by(Appeal.id).limit(asked.limit + 1)).all()


def find_appeal(slug: str) -> Any:
    """Find one appeal in any state, as the list shows it."""
    return db.session.execute(_appeals().where(Appeal.slug == slug)).first()


def list_titles(appeal_ids: Sequence[int]) -> Shown:
    """List the headlines of appeals, by appeal and language."""
    rows = select(AppealText.appeal_id, AppealText.language, AppealText.headline)
    return db.session.execute(rows.where(AppealText.appeal_id.in_(appeal_ids), AppealText.variant == "a")).all()


def list_raised(appeal_ids: Sequence[int]) -> Shown:
    """List what appeals raised, by appeal and currency."""
    rows = select(AppealTally.appeal_id, AppealTally.currency, AppealTally.raised_minor, AppealTally.gifts)
    chosen = rows.where(AppealTally.appeal_id.in_(appeal_ids), AppealTally.gifts > 0)
    return db.session.execute(chosen.order_by(AppealTally.appeal_id, AppealTally.currency)).all()


def is_known(collection: str, name: str) -> bool:
    """Tell whether a list can go on after a row: one that is gone has no place any more.

    Args:
        collection: ``donors``, ``gifts``, ``recurring`` or ``appeals``.
        name: Its reference or slug.
    """
    column = {
        "donors": Donor.reference,
        "gifts": Donation.reference,
        "recurring": RecurringDonation.reference,
        "appeals": Appeal.slug,
    }[collection]
    return db.session.execute(select(column).where(column == name)).first() is not None


def _gifts() -> Chosen:
    back = select(func.coalesce(func.sum(Refund.amount_minor), 0)).where(
        Refund.donation_id == Donation.id, Refund.status == "succeeded"
    )
    taken = select(func.coalesce(func.sum(Dispute.amount_minor), 0)).where(
        Dispute.donation_id == Donation.id, Dispute.status.in_(TAKEN_DISPUTES)
    )
    return (
        select(
            Donation,
            Fund.code.label("fund"),
            Appeal.slug.label("appeal"),
            RecurringDonation.reference.label("recurring"),
            Donor.reference.label("donor"),
            back.scalar_subquery().label("refunded"),
            taken.scalar_subquery().label("disputed"),
        )
        .join(Fund, Fund.id == Donation.fund_id)
        .outerjoin(Appeal, Appeal.id == Donation.appeal_id)
        .outerjoin(RecurringDonation, RecurringDonation.id == Donation.recurring_id)
        .outerjoin(Donor, Donor.id == Donation.donor_id)
    )


def _promises() -> Chosen:
    return (
        select(
            RecurringDonation,
            Fund.code.label("fund"),
            Appeal.slug.label("appeal"),
            Donor.reference.label("donor"),
        )
        .join(Fund, Fund.id == RecurringDonation.fund_id)
        .outerjoin(Appeal, Appeal.id == RecurringDonation.appeal_id)
        .outerjoin(Donor, Donor.id == RecurringDonation.donor_id)
    )


def _donors() -> Chosen:
    main = and_(DonorEmail.donor_id == Donor.id, DonorEmail.is_main)
    return select(Donor, DonorEmail.email, DonorEmail.proven_at).outerjoin(DonorEmail, main)


def _appeals() -> Chosen:
    return select(Appeal, Fund.code.label("fund")).join(Fund, Fund.id == Appeal.fund_id)


def _of_fund_and_appeal(asked: Asked) -> list[ColumnElement[bool]]:
    in_fund = [Fund.code == asked.fund] if asked.fund else []
    of_appeal = [Appeal.slug == asked.appeal] if asked.appeal else []
    return [*in_fund, *of_appeal]


def _page(rows: Chosen, model: type[Any], asked: Asked, chosen: Sequence[ColumnElement[bool]]) -> Shown:
    """Read one row more than a page, so that it is known whether another follows."""
    rows = rows.where(*chosen)
    if asked.updated_since is not None:
        never = and_(model.updated_at.is_(None), model.created_at >= asked.updated_since)
        rows = rows.where(or_(model.updated_at >= asked.updated_since, never))
    if asked.after:
        rows = rows.where(model.id > _id_of(model, asked.after))
    return db.session.execute(rows.order_by(model.id).limit(asked.limit + 1)).all()


def _id_of(model: type[Base], reference: str) -> Any:
    named: Any = model
    return select(named.id).where(named.reference == reference).scalar_subquery()
