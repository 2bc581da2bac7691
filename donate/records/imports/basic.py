"""What every format reads alike: who gave, what, when and for what; each format adds its own habits."""

from __future__ import annotations

from typing import Any

from donate.money import Money
from donate.records.imports.gift import PastGift, Refunded, RowRefused
from donate.records.imports.read_cells import Habits, read_amount, read_currency, read_email, read_moment, read_yes
from donate.records.imports.table import Row

#: Ways to give that pass no card: such a gift is offline, whatever else its row says.
OFFLINE = {
    "check": "cheque", "cheque": "cheque", "cash": "cash", "eft": "bank_transfer", "bank transfer": "bank_transfer",
    "wire": "bank_transfer", "wire transfer": "bank_transfer", "offline": "offline", "offline donation": "offline",
    "manual": "offline", "money order": "cheque", "in kind": "in_kind", "stock": "stock", "daf": "donor_advised_fund",
}  # fmt: skip
#: {field of a gift: how long its column is}
_TEXTS = {
    "phone": 40, "address_line1": 200, "address_line2": 200, "city": 120, "region": 120, "postcode": 20,
    "fund": 200, "appeal": 200, "card_brand": 20,
}  # fmt: skip


def read_basic(row: Row, habits: Habits) -> PastGift:
    """Read a row as far as every format has the same meaning; the method and what repeats are the format's own.

    Args:
        row: Its cells by the fields named here.
        habits: How the file writes things.

    Raises:
        RowRefused: The first thing that is wrong.
    """
    old_id, donor_old_id = row.get("id", 120), row.get("donor_id", 120)
    if not old_id:
        raise RowRefused("id_missing", column=row.column("id"))
    email = read_email(row.get("email", 254))
    if not email and not donor_old_id:
        raise RowRefused("nobody", email=row.column("email"), donor=row.column("donor_id"))
    currency = read_currency(row.get("currency"), habits)
    amount = read_amount(row.get("amount"), currency, habits)
    if not amount:
        raise RowRefused("amount_zero")
    at, on = read_moment(row.get("date"), habits, row.get("time"))
    first, last = _names(row)
    texts: dict[str, Any] = {name: row.get(name, most) for name, most in _TEXTS.items()}
    country = row.get("country", 60)
    return PastGift(
        old_id=old_id,
        donor_old_id=donor_old_id,
        email=email,
        amount=amount,
        received_at=at,
        received_on=on,
        first_name=first,
        last_name=last,
        country=country.upper() if len(country) == 2 and country.isalpha() else "",
        note=row.get("note", 5000),
        anonymous=read_yes(row.get("anonymous"), row.column("anonymous")),
        charge_id=_stripe_id(row.get("charge_id", 80), "ch_", "py_"),
        intent_id=_stripe_id(row.get("intent_id", 80), "pi_"),
        **texts,
    )


def method_of(text: str) -> dict[str, Any]:
    """Tell the method of a gift, and whether it is one that passes no card: fields of a gift."""
    word = text.strip().lower()
    if word in OFFLINE:
        return {"kind": "offline", "payment_method": OFFLINE[word]}
    return {"payment_method": word[:40]}


def refund_of(gift: PastGift, row: Row, habits: Habits, *, whole: bool) -> Refunded | None:
    """Read what went back of a gift.

    Args:
        gift: Which.
        row: With ``refunded`` and ``refunded_on``, where the file has them.
        habits: The file's.
        whole: Whether its status says that all of it did.

    Raises:
        RowRefused: ``refund_too_large``, or what is wrong with its amount or day.
    """
    text = row.get("refunded").lstrip("-").strip()
    amount = read_amount(text, gift.amount.currency, habits) if text else Money(0, gift.amount.currency)
    if amount > gift.amount:
        raise RowRefused("refund_too_large", amount=amount.plain(), gift=gift.amount.plain())
    if whole and not amount:
        amount = gift.amount
    if not amount:
        return None
    day = row.get("refunded_on")
    at, on = read_moment(day, habits) if day else (gift.received_at, gift.received_on)
    return Refunded(amount, max(at, gift.received_at), max(on, gift.received_on))


def refuse_other_mode(row: Row, *, livemode: bool) -> None:
    """Refuse a row of test mode where real money is kept: what was only practised with is no gift."""
    practised = row.get("mode").lower() == "test" or read_yes(row.get("is_test"), row.column("is_test"))
    if livemode and practised:
        raise RowRefused("test_mode")


def _names(row: Row) -> tuple[str, str]:
    first, last = row.get("first_name", 120), row.get("last_name", 120)
    if not first and not last:
        name = row.get("company", 120) or row.get("name", 240)
        first, _, last = ("", "", name) if row.get("company") else name.rpartition(" ")
    if max(len(first), len(last)) > 120:
        raise RowRefused("too_long", column=row.column("name"), most=120)
    return first.strip(), last.strip()


def _stripe_id(text: str, *beginnings: str) -> str:
    return text if text.startswith(beginnings) else ""
