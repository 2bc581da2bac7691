"""What a link to the form asks for: wrong values are ignored with a notice, never refused."""

from __future__ import annotations

from collections.abc import Mapping
from urllib.parse import urlencode

from flask_babel import gettext as _

from donate import references
from donate.appeals.models import Appeal
from donate.db import db
from donate.errors import BadAmount
from donate.giving.models import Donation
from donate.giving.queries import find_donation
from donate.newsroom.models import Fund, Newsroom
from donate.web.amounts import read_plain
from donate.web.give.forms import SELDOM, DonationForm
from donate.web.give.offer import FREQUENCIES
from donate.web.language import prefixed

_MARKS = ("appeal", "article", "placement", "variant", "source", "fund")
_UTM = ("utm_source", "utm_medium", "utm_campaign", "utm_content")
FIRST_FREQUENCY = "month"


def read_link(args: Mapping[str, str], newsroom: Newsroom) -> tuple[DonationForm, list[str]]:
    """Read a link's arguments into a form, and say what could not be used.

    Args:
        args: The query.
        newsroom: Whose currencies count.
    """
    earlier = _earlier_gift(args)
    if earlier is not None:
        return _from_gift(earlier), []
    values: dict[str, str] = {name: args[name] for name in _MARKS if args.get(name)}
    values.setdefault("source", "/".join(args[name] for name in _UTM if args.get(name)))
    notices: list[str] = []
    values["frequency"] = _frequency(args.get("frequency", ""), notices)
    values["currency"] = _currency(args.get("currency", ""), newsroom, notices)
    values["amount"] = _amount(args.get("amount", ""), values["currency"], notices)
    values["shown_for"] = values["frequency"]
    return DonationForm(data={**values, "reference": references.new_reference()}), notices


def form_path(form: DonationForm, language: str, **changes: str) -> str:
    """Write the link that opens this form again, in a language.

    Args:
        form: As it is now.
        language: Of the page.
        changes: What should be different.
    """
    names = (*_MARKS, "frequency", "currency")
    values = {name: form[name].data for name in names} | changes
    query = urlencode({name: value for name, value in values.items() if value})
    return prefixed("/donate" + (f"?{query}" if query else ""), language)


def _frequency(asked: str, notices: list[str]) -> str:
    if asked and asked not in FREQUENCIES:
        notices.append(_("The link asked for a frequency we don’t have, so choose one here."))
    return asked if asked in FREQUENCIES else FIRST_FREQUENCY


def _currency(asked: str, newsroom: Newsroom, notices: list[str]) -> str:
    code = asked.upper()
    if code in newsroom.currencies:
        return code
    if code:
        notices.append(
            _("The link asked for a currency we don’t take: these are %(code)s.", code=newsroom.default_currency)
        )
    return newsroom.default_currency


def _amount(asked: str, currency: str, notices: list[str]) -> str:
    if asked in ("", "other"):
        return asked
    try:
        return read_plain(asked[:60], currency).short()
    except BadAmount:
        notices.append(_("The link’s amount could not be read, so choose one here."))
        return ""


def _earlier_gift(args: Mapping[str, str]) -> Donation | None:
    reference, key = args.get("gift", ""), args.get("key", "")
    if not references.is_reference(reference) or not references.is_signed(key, "gift", reference):
        return None
    return find_donation(reference)


def _from_gift(gift: Donation) -> DonationForm:
    """Fill the form as it was sent, under the same reference: its open payment page closes when it is sent changed."""
    same = ("reference", "frequency", "currency", "email", "first_name", "last_name", "note", "placement", "variant")
    values = {name: getattr(gift, name) for name in (*same, "source", *SELDOM)}
    appeal = db.session.get(Appeal, gift.appeal_id) if gift.appeal_id is not None else None
    return DonationForm(
        data={
            **values,
            "appeal": appeal.slug if appeal is not None else "",
            "fund": db.session.get_one(Fund, gift.fund_id).code,
            "amount": gift.gift.short(),
            "cover_fee": gift.fee_cover_minor > 0,
            "anonymous": gift.anonymous,
            "newsletter": gift.newsletter,
            "article": gift.article_slug,
            "shown_for": gift.frequency,
        }
    )
