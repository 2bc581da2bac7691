"""Erase a person: names, addresses and notes go; the money, its fund and its appeal stay; receipts stay locked."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError

from donate import clock, references
from donate.appeals.models import Reminder
from donate.appeals.remind import stranger_of
from donate.connections.empty import empty_answers
from donate.connections.tell import tell_erased
from donate.db import db, lock
from donate.donors.models import (
    AddressChange,
    Donor,
    DonorEmail,
    DonorNote,
    DonorStripeCustomer,
    DonorWord,
    Erasure,
    Follow,
    MailChoice,
    MemberSession,
)
from donate.donors.queries import find_main_email, list_customers, list_emails
from donate.entry.models import AddressProof
from donate.giving.models import Donation
from donate.giving.offline.models import OfflineGift, OfflineLine
from donate.mail.models import MailMessage
from donate.mail.queue import queue_mail
from donate.members.models import Membership
from donate.members.supporters import take_off_list
from donate.newsroom.letters import letter_from_newsroom
from donate.newsroom.queries import get_newsroom
from donate.queue.enqueue import enqueue
from donate.queue.models import Job
from donate.receipts.locking import lock_holder
from donate.receipts.whom import address_lines, donor_name
from donate.records import queries
from donate.recurring.models import CardChange, RecurringDonation
from donate.recurring.status import TERMINAL
from donate.team.history import Who, record_history

#: Events that come late are emptied too: Stripe sends one again for up to three days.
#: https://docs.stripe.com/webhooks#automatic-retries
LATE = timedelta(days=4)
#: What a row keeps of its giver: nothing. Country and language are nobody's name and stay for the sums.
_NOBODY: dict[str, Any] = {
    "email": "",
    "first_name": "",
    "last_name": "",
    "anonymous": True,
    "listing_words": "",
    "listing_minor": None,
}
_NO_GIVER: dict[str, Any] = {
    **_NOBODY, "email_key": "", "phone": "", "address_line1": "", "address_line2": "", "city": "", "region": "",
    "postcode": "", "note": "", "newsletter": False, "newsletter_words": "", "content_hash": "", "checkout_url": "",
    "card_last4": "",
}  # fmt: skip
#: A line that is not posted yet keeps its sum and its place; a colleague must say anew who gave it.
_NO_LINE_GIVER: dict[str, Any] = {
    "donor_id": None, "is_new": False, "email": "", "first_name": "", "last_name": "", "organisation": "",
    "address_line1": "", "address_line2": "", "city": "", "region": "", "postcode": "", "number": "", "note": "",
}  # fmt: skip
_NO_PROMISER: dict[str, Any] = {
    **_NOBODY, "stripe_customer_id": None, "card_brand": "", "card_last4": "", "card_good_until": None,
    "stop_reason": "", "stop_words": "", "ask_again_on": None,
}  # fmt: skip
_NO_READER: dict[str, Any] = {
    "to_address": "", "to_name": "", "values": {}, "subject": "", "text": "", "html": "", "unsubscribe": "",
}  # fmt: skip


def ask_erasure(donor: Donor, asked_by: str, who: Who) -> Erasure:
    """Write down the wish to be forgotten, once; call inside ``committed()``, before anything is asked of Stripe.

    Args:
        donor: Who.
        asked_by: ``member``, ``staff`` or ``command``.
        who: For the history.
    """
    donor = lock(Donor, donor.id)
    found = queries.find_erasure(donor.id)
    if found is not None:
        return found
    wish = Erasure(
        reference=references.new_reference(), donor_id=donor.id, asked_by=asked_by, asked_at=clock.real_now()
    )
    try:
        with db.session.begin_nested():
            db.session.add(wish)
            db.session.flush()
    except IntegrityError:
        found = queries.find_erasure(donor.id)
        assert found is not None
        return found
    record_history(who, "ask_erasure", "donor", donor.reference)
    return wish


def stands_in_the_way(donor_id: int) -> str:
    """Tell what must end before a person can be erased: ``payment``, ``stripe``, or nothing."""
    emails = [each.email for each in list_emails(donor_id)]
    if queries.count_gifts_in_state(donor_id, emails, "processing") or queries.count_being_posted(donor_id, emails):
        return "payment"
    promises = queries.list_promises_of_person(donor_id, emails)
    if queries.count_gifts_in_state(donor_id, emails, "pending") or any(
        promise.status not in TERMINAL for promise in promises
    ):
        return "stripe"
    return ""


def erase_person(erasure_id: int) -> bool:
    """Erase whoever asked for it, once, with a last letter to them; call inside ``committed()``.

    Args:
        erasure_id: Of the wish; everything of theirs at Stripe has ended.

    Returns:
        Whether they are erased; not where something stands in the way again.
    """
    wish = lock(Erasure, erasure_id)
    if wish.erased_at is not None:
        return True
    donor = lock(Donor, wish.donor_id)
    wish.waits_for = stands_in_the_way(donor.id)
    if wish.waits_for:
        return False
    emails = list_emails(donor.id)
    keys = [each.email for each in emails]
    gifts = queries.list_gifts_of_person(donor.id, keys)
    wish.address_hashes = [references.sign("erased", key) for key in sorted(keys)]
    wish.stripe_ids = _stripe_ids(donor.id, keys, gifts)
    _empty_letters(keys, gifts)
    _empty_answers(donor.id, keys, gifts)
    # After the others were emptied: this one still needs its address, until it has gone out.
    _say_goodbye(wish, donor)
    _lock_receipts(gifts, donor)
    _forget_giver(donor.id, keys)
    _forget_donor(donor, keys)
    tell_erased(donor)
    wish.erased_at = clock.real_now()
    for name, run_at in (("now", None), ("late", clock.real_now() + LATE)):
        enqueue(
            "empty_inbox", f"empty:{wish.reference}:{name}", run_at=run_at, erasure_id=wish.id, is_last=bool(run_at)
        )
    record_history(Who("system"), "erase_person", "donor", donor.reference, after={"gifts": len(gifts)})
    return True


def finish_erasure(erasure_id: int) -> None:
    """Forget what came late too, and Stripe's names for them; call inside ``committed()``."""
    wish = lock(Erasure, erasure_id)
    _forget_giver(wish.donor_id, [])
    wish.stripe_ids = []
    wish.finished_at = clock.real_now()


def is_erased_address(wish: Erasure, email: str) -> bool:
    """Tell whether a wish was for a normalised address, without keeping any."""
    return references.sign("erased", email) in wish.address_hashes


def _stripe_ids(donor_id: int, keys: list[str], gifts: list[Donation]) -> list[str]:
    names = ("stripe_checkout_session_id", "stripe_payment_intent_id", "stripe_charge_id", "stripe_invoice_id")
    ids: set[str | None] = {getattr(gift, name) for gift in gifts for name in names}
    gift_ids = [gift.id for gift in gifts]
    ids |= {each.stripe_refund_id for each in queries.list_refunds_of(gift_ids)}
    ids |= {each.stripe_dispute_id for each in queries.list_disputes_of(gift_ids)}
    for promise in queries.list_promises_of_person(donor_id, keys):
        ids |= {promise.stripe_subscription_id, promise.stripe_customer_id}
    ids |= {customer.stripe_customer_id for customer in list_customers(donor_id)}
    return sorted(each for each in ids if each)


def _say_goodbye(wish: Erasure, donor: Donor) -> None:
    main = find_main_email(donor.id)
    if main is not None:
        queue_mail(
            letter_from_newsroom(f"erased:{wish.reference}", "erased", main.email, donor.language, is_kept=False)
        )


def _empty_letters(keys: list[str], gifts: list[Donation]) -> None:
    """Leave of each letter that it was written and went out: the books ask for a receipt's, not for its reader."""
    addresses = sorted({*keys, *(gift.email for gift in gifts if gift.email)})
    about = [f"refund-failed:{each.reference}" for each in queries.list_refunds_of([gift.id for gift in gifts])]
    which = sa.or_(MailMessage.to_address.in_(addresses), MailMessage.key.in_(about))
    # What a mail server said of an address may stand in the job that tried it.
    tried = [f"mail:{letter.key}" for letter in queries.list_letters_to(addresses)]
    _set(Job, Job.key.in_(tried) & Job.error.is_not(None), error="")
    _set(MailMessage, which, **_NO_READER)


def _empty_answers(donor_id: int, keys: list[str], gifts: list[Donation]) -> None:
    """Leave of what other programs answered about somebody that they did."""
    promises = [promise.id for promise in queries.list_promises_of_person(donor_id, keys)]
    empty_answers([gift.id for gift in gifts], promises, donor_id)


def _lock_receipts(gifts: list[Donation], donor: Donor) -> None:
    newsroom = get_newsroom()
    by_id = {gift.id: gift for gift in gifts}
    # Void ones too: the law asks for what was issued, not only for what holds.
    whose = [
        (receipt, by_id[receipt.donation_id].donor_name, address_lines(by_id[receipt.donation_id]))
        for receipt in queries.list_receipts_of(list(by_id))
        if receipt.donation_id is not None
    ]
    whose += [(statement, donor_name(donor), ()) for statement in queries.list_statements_of(donor.id)]
    for receipt, name, lines in whose:
        lock_holder(
            receipt,
            name=name,
            address="\n".join(lines),
            country=newsroom.country,
            today=clock.today(newsroom.time_zone),
        )


def _forget_giver(donor_id: int, keys: list[str]) -> None:
    promises = [promise.id for promise in queries.list_promises_of_person(donor_id, keys)]
    _set(RecurringDonation, RecurringDonation.id.in_(promises), **_NO_PROMISER)
    _set(CardChange, CardChange.recurring_id.in_(promises), checkout_url="", return_url="")
    _set(OfflineGift, queries.offline_gifts_of_person(donor_id, keys), organisation="", number="")
    _set(OfflineLine, sa.or_(OfflineLine.donor_id == donor_id, OfflineLine.email.in_(keys)), **_NO_LINE_GIVER)
    _set(Donation, queries.gifts_of_person(donor_id, keys), **_NO_GIVER)


def _forget_donor(donor: Donor, keys: list[str]) -> None:
    db.session.flush()
    take_off_list(donor.id)
    for model, which in (
        (Reminder, Reminder.email.in_([*keys, *(stranger_of(key) for key in keys)])),
        (AddressProof, sa.or_(AddressProof.address.in_(keys), AddressProof.account == f"member:{donor.id}")),
        (MemberSession, MemberSession.owner_id == donor.id),
        (MailChoice, MailChoice.donor_id == donor.id),
        (DonorNote, DonorNote.donor_id == donor.id),
        (AddressChange, AddressChange.donor_id == donor.id),
        (DonorWord, DonorWord.donor_id == donor.id),
        (Follow, Follow.donor_id == donor.id),
        (Membership, Membership.donor_id == donor.id),
        (DonorStripeCustomer, DonorStripeCustomer.donor_id == donor.id),
        (DonorEmail, DonorEmail.donor_id == donor.id),
    ):
        db.session.execute(sa.delete(model).where(which).execution_options(synchronize_session=False))
    donor.first_name = donor.last_name = ""
    donor.erased_at = clock.real_now()
    db.session.flush()


def _set(model: type[Any], which: Any, **values: Any) -> None:
    db.session.execute(sa.update(model).where(which).values(**values).execution_options(synchronize_session=False))
