"""The parts of the settings that move what books and receipts say: tax, currencies, years, funds, accounts, levels."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from babel.dates import get_month_names
from flask_babel import gettext as _

from donate.ledger.accounts import ACCOUNTS
from donate.money import currency_name
from donate.newsroom.accounts import DATE_FORMATS, DEFERRED
from donate.newsroom.funds import RESTRICTIONS
from donate.newsroom.queries import list_funds
from donate.newsroom.tax import STANDINGS
from donate.web.language import LANGUAGES, current_language, say
from donate.web.reading import western
from donate.web.staff.settings.fields import Field
from donate.web.staff.settings.words import say_account

#: A part as it is made: its title, what it is for, what a change of it does, its fields.
Made = tuple[str, str, Sequence[str], tuple[Field, ...]]


def tax(_settings: dict[str, Any]) -> Made:
    """Give what the newsroom is to its tax office."""
    standings = {
        "charity": _("A charity: gifts may be deducted, with its number"),
        "sponsored": _("Sponsored: a charity takes the gifts in law"),
        "none": _("Neither: gifts can’t be deducted, and that is said"),
    }
    return (
        _("Tax status"),
        _("What receipts, the form and letters that ask say of tax."),
        [
            _("A receipt that was sent keeps what it said. Gifts that arrive from now on are receipted by the new "
              "status."),
            _("A receipt sent again says what it said the first time."),
        ],
        (
            Field("tax", "table", "", fields=(
                Field("standing", "choice", _("In the eyes of the tax office"),
                      options=[(each, standings[each]) for each in STANDINGS]),
                Field("legal_name", "line", _("Name as registered"), _("Left empty, it is the newsroom’s name.")),
                Field("number", "line", _("Tax number"), _("A charity needs it: receipts carry it.")),
                Field("sponsor_name", "line", _("Sponsor’s name"), _("Only where a charity takes the gifts in law.")),
                Field("sponsor_number", "line", _("Sponsor’s tax number")),
                Field("address", "lines", _("Address on receipts"), _("One line each, as on an envelope.")),
            )),
        ),
    )  # fmt: skip


def currencies(_settings: dict[str, Any]) -> Made:
    """Give what gifts may be given in."""
    return (
        _("Currencies"),
        _("What gifts may be given in. Suggested amounts stand in appeals; those of the evergreen appeal count "
          "wherever another has none."),
        [
            _("A currency that is taken out is not offered any more. Monthly and yearly gifts in it go on, and go on "
              "earning their levels."),
            _("A new currency needs an amount for each level: it is asked for here."),
        ],
        (
            Field("currencies", "codes", _("Currencies taken"),
                  _("Codes such as USD EUR, with spaces between them, in the order of the form.")),
            Field("default_currency", "line", _("Shown first"), _("One of these.")),
        ),
    )  # fmt: skip


def fiscal(_settings: dict[str, Any]) -> Made:
    """Give the month the books' year begins with."""
    names = get_month_names("wide", "stand-alone", locale=western(current_language()))
    return (
        _("Fiscal year"),
        _("The month the books’ year begins with."),
        [
            _("Reports by fiscal year, first-time and returning donors among them, are counted by the new year at "
              "once, for "
              "all years. No entry of the books moves, and closed months stay closed."),
            _("The sums that reports read are kept by day, so none of them has to be made anew."),
            _("Receipts and yearly statements go by the calendar year, whatever is chosen here."),
        ],
        (
            Field("fiscal_year_begins", "choice", _("Begins with"), is_number=True,
                  options=[(str(month), names[month]) for month in range(1, 13)]),
        ),
    )  # fmt: skip


def funds(_settings: dict[str, Any]) -> Made:
    """Give what money is for."""
    words = {
        "none": _("Free: for any work"),
        "purpose": _("For a purpose"),
        "time": _("For a time"),
    }
    return (
        _("Funds"),
        _("What money is for, as books and readers name it."),
        [
            _("A fund is never taken out: its gifts keep it. A closed one takes no new gifts; a link that names it "
              "leads to the general fund. Monthly and yearly gifts to it go on."),
            _("A new GL code counts for files written from now on, whatever day their gifts are of."),
            _("A new fund’s product at Stripe is made by the worker within seconds, and renamed with the fund."),
        ],
        (
            Field("funds", "rows", _("Funds"), one=_("a fund"), may_go=False, fields=(
                Field("code", "line", _("Code"), _("Stays once saved: exports and links carry it."), is_fixed=True),
                Field("name", "words", _("Name"), keys=tuple(LANGUAGES)),
                Field("gl_code", "line", _("GL code"), _("Of the books that exports are read into."),
                      is_half=True),
                Field("restriction", "choice", _("Restriction"),
                      options=[(each, words[each]) for each in RESTRICTIONS], is_half=True),
                Field("general", "tick", _("General fund"), _("Takes what names no fund. Exactly one is."),
                      is_half=True),
                Field("closed", "tick", _("Closed"), _("Takes no new gifts."), is_half=True),
            )),
        ),
    )  # fmt: skip


def accounts(settings: dict[str, Any]) -> Made:
    """Give what the accounts of the books are called elsewhere."""
    code, name = (
        Field("code", "line", _("Account code"), is_half=True),
        Field("name", "line", _("Account name"), is_half=True),
    )
    currencies = [(each, currency_name(each, current_language())) for each in settings["currencies"]]
    accounts = [
        Field(each, "table", say_account(each), fields=(code, name), may_be_missing=True)
        for each in (*ACCOUNTS, DEFERRED)
    ]
    funds = tuple(
        Field(fund.code, "table", say(fund.names) or fund.name, may_be_missing=True, fields=(
            code, name, Field("class", "line", _("Class"), _("Empty: the fund’s code.")),
        ))
        for fund in list_funds()
    )  # fmt: skip
    return (
        _("Accounts"),
        _("What the accounts of the books are called in the newsroom’s own accounting. Journals are written by it."),
        [_("Journals written from now on use the new names. Those that were written are files of their own, and "
           "stay.")],
        (
            Field("accounts", "table", "", fields=(
                Field("date_format", "choice", _("How days are written"),
                      options=[(each, each) for each in DATE_FORMATS]),
                Field("tax_rate", "line", _("Tax rate that gifts bear"), _("In full, for Xero. Left empty: Tax "
                                                                           "Exempt.")),
                Field("home_currency", "choice", _("Home currency"),
                      options=[("", _("The one shown first")), *currencies]),
                *accounts,
                Field("funds", "table", _("Income accounts and classes of funds"), fields=funds, may_be_missing=True),
            )),
        ),
    )  # fmt: skip


def levels(settings: dict[str, Any]) -> Made:
    """Give the levels of membership with their benefits."""
    currencies, first = tuple(settings["currencies"]), settings["default_currency"]
    return (
        _("Levels of membership"),
        _("What a year of gifts must come to, and what members get in return."),
        [
            _("Memberships that were earned stay as they are until their time is over, whatever changes here. Gifts "
              "that earned nothing so far are looked at again by the new amounts."),
            _("A level that is taken out is earned no more; whoever has it keeps it for its time."),
            _("The value of a benefit lowers what a receipt says may be deducted, on receipts from now on."),
        ],
        (
            Field("levels", "rows", _("Levels"), one=_("a level"), rank=lambda row: _least(row, first), fields=(
                Field("code", "line", _("Code"), _("Stays once saved: exports carry it."), is_fixed=True),
                Field("name", "words", _("Name"), keys=tuple(LANGUAGES)),
                Field("yearly", "sums", _("In a year"), _("A monthly gift counts twelve times."), keys=currencies),
                Field("benefits", "rows", _("Benefits"), one=_("a benefit"), fields=(
                    Field("name", "words", _("What it is"), keys=tuple(LANGUAGES), is_wide=True),
                    Field("fair_market_value", "sums", _("What it is worth"),
                          _("What a reader would pay for it elsewhere. Left empty where it is sold nowhere."),
                          keys=currencies),
                )),
            )),
        ),
    )  # fmt: skip


def _least(row: dict[str, Any], currency: str) -> Decimal:
    return Decimal((row.get("yearly") or {}).get(currency) or "Infinity")
