"""The donation form's fields, as the contract names them, with the sentences for what can't be taken."""

from __future__ import annotations

import re
from typing import Any

from flask_babel import gettext as _
from wtforms import BooleanField, Form, RadioField, StringField, TextAreaField, ValidationError
from wtforms.validators import StopValidation

# What no keyboard types and PostgreSQL refuses; a line break may stand in a note.
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff]")
_LINES = re.compile(r"[\r\n\t]+")
_NO = (False, "false", "", "0", "off", "no")


def _one_line(value: Any) -> Any:
    return _LINES.sub(" ", _CONTROL.sub("", value)).strip() if isinstance(value, str) else value


def _lines(value: Any) -> Any:
    return _CONTROL.sub("", value).replace("\r\n", "\n").strip() if isinstance(value, str) else value


class Longest:
    """Refuse what is longer than its column, with a sentence that says by how much."""

    def __init__(self, most: int) -> None:
        self.most = most

    def __call__(self, form: Form, field: Any) -> None:
        """Refuse a text that is too long."""
        over = len(field.data or "") - self.most
        if over > 0:
            raise ValidationError(_("Make this shorter by %(over)s letters: %(most)s fit.", over=over, most=self.most))


class Cut:
    """Cut what nobody typed to its column's length: marks of a link are kept as far as they fit."""

    def __init__(self, most: int) -> None:
        self.most = most

    def __call__(self, value: Any) -> Any:
        """Give the part that fits."""
        return value[: self.most] if isinstance(value, str) else value


def _text(most: int) -> StringField:
    return StringField(default="", filters=[_one_line], validators=[Longest(most)])


def _mark(most: int) -> StringField:
    return StringField(default="", filters=[_one_line, Cut(most)])


def _chosen(form: Form, field: Any) -> None:
    if field.data not in ("once", "month", "year"):
        raise StopValidation(_("Choose how often you give."))


class DonationForm(Form):  # type: ignore[misc]  # WTForms carries no types
    """One gift as a reader asks for it."""

    csrf_token = _mark(200)
    reference = _mark(40)
    frequency = RadioField(choices=["once", "month", "year"], validate_choice=False, validators=[_chosen])
    amount = _mark(60)
    other_amount = _mark(60)
    currency = _mark(3)
    cover_fee = BooleanField(false_values=_NO)
    email = StringField(default="", filters=[_one_line])
    first_name = _text(120)
    last_name = _text(120)
    anonymous = BooleanField(false_values=_NO)
    newsletter = BooleanField(false_values=_NO)
    note = TextAreaField(default="", filters=[_lines], validators=[Longest(2000)])
    phone = _text(40)
    address_line1 = _text(200)
    address_line2 = _text(200)
    city = _text(120)
    region = _text(120)
    postcode = _text(20)
    country = _text(2)
    fund = _mark(40)
    lang = _mark(8)
    appeal = _mark(80)
    article = _mark(200)
    placement = _mark(40)
    variant = _mark(40)
    source = _mark(200)
    #: An unusual amount, and an address that looks mistyped, that the reader was asked about once.
    confirm_amount = _mark(40)
    confirm_email = _mark(254)
    #: The frequency whose suggestions are shown, and the typed sum the page's script has shown.
    shown_for = _mark(5)
    #: The appeal under whose words the form was drawn: another one may be on when it is sent.
    shown_under = _mark(80)
    shown_total = _mark(40)
    #: The sum that the form said givers are named from, in minor units: only who read it agreed to it.
    listing = _mark(20)


#: Asked for only where the newsroom needs them; shown when something stands in them, so that nothing typed is lost.
SELDOM = ("phone", "address_line1", "address_line2", "city", "region", "postcode", "country")
#: Go along unseen.
CARRIED = (
    "reference", "currency", "lang", "appeal", "article", "placement", "variant", "source", "fund", "shown_for",
    "shown_under", "listing",
)  # fmt: skip
