"""Offline gifts in the words of whoever enters them: how they came, who gave, and what stands in the way."""

from __future__ import annotations

from datetime import date

from flask_babel import gettext as _
from flask_babel import ngettext

from donate.errors import BadAmount, OfflineRefused, PeriodRefused
from donate.giving.offline.entry import GIVERS, METHODS, REASONS
from donate.money import Money, decimals, show_in_text
from donate.web.language import current_language
from donate.web.reading import long_date, month_name


def say_way(method: str) -> str:
    """Say how a gift came."""
    words: dict[str, str] = {
        "cheque": _("Cheque"),
        "cash": _("Cash"),
        "transfer": _("Bank transfer"),
        "stock": _("Stock"),
        "daf": _("Grant from a donor-advised fund"),
    }
    return words[method]


def say_giver(giver: str) -> str:
    """Say what kind of giver somebody is."""
    words: dict[str, str] = {
        "person": _("A person"),
        "company": _("A company or another organisation"),
        "foundation": _("A foundation"),
    }
    return words[giver]


def say_reason(reason: str) -> str:
    """Say why a gift was withdrawn."""
    words: dict[str, str] = {
        "bounced": _("The bank returned it"),
        "mistake": _("It was written down wrongly"),
        "returned": _("We gave it back by hand"),
    }
    return words.get(reason, reason)


def ways() -> list[tuple[str, str]]:
    """List how gifts come, in the order of a form."""
    return [(each, say_way(each)) for each in METHODS]


def givers() -> list[tuple[str, str]]:
    """List the kinds of givers, in the order of a form."""
    return [(each, say_giver(each)) for each in GIVERS]


def reasons() -> list[tuple[str, str]]:
    """List why a gift may be withdrawn, in the order of a form."""
    return [(each, say_reason(each)) for each in REASONS]


def say_missing(field: str) -> str:
    """Say what to do about a field that must still be filled."""
    words: dict[str, str] = {
        "described": _("Say how many shares of what, such as: 40 shares of Example Inc."),
        "organisation": _("Write the name of the organisation or of the donor-advised fund."),
        "last_name": _("Write who gave."),
        "donor": _("Choose which donor this is, or say that it is somebody new."),
    }
    return words[field]


def say_amount(error: BadAmount, currency: str) -> str:
    """Say what to do about an amount that can't be read."""
    places, values = decimals(currency), error.values
    example = Money(1250 if places == 2 else 15 * 10**places, currency).plain()
    first, second = (values[name].plain() if name in values else "" for name in ("first", "second"))
    words: dict[str, str] = {
        "amount_missing": _("Write an amount, such as %(example)s", example=example),
        "amount_not_positive": _("Write an amount above zero, such as %(example)s", example=example),
        "amount_decimals": _(
            "Write the amount with %(decimals)s decimals at most, such as %(example)s", decimals=places, example=example
        )
        if places
        else _("Write a whole number, such as %(example)s", example=example),
        "amount_ambiguous": _(
            "This can be read as %(first)s or as %(second)s: write it the way you mean it.", first=first, second=second
        ),
        "amount_too_large": _("This is more than the books can hold: look at the amount again."),
    }
    unreadable: str = _("Write the amount in digits, such as %(example)s", example=example)
    return words.get(error.message, unreadable)


def say_refusal(refused: OfflineRefused | PeriodRefused) -> str:
    """Say why nothing was recorded, and what to do."""
    values = refused.values
    if refused.message == "month_closed":
        closed: str = _(
            "%(month)s is closed, and closed months never change. Take a day from %(open)s on, and say in the note on"
            " which day it really came.",
            month=month_name(date.fromisoformat(f"{values['month']}-01")),
            open=long_date(values["open"]),
        )
        return closed
    if refused.message == "batch_differs":
        return say_difference(values["count"], values["control_count"], values["sum"], values["control"])
    if refused.message == "batch_unfinished":
        return " ".join(
            _("Line %(number)s: %(sentence)s", number=number, sentence=say_missing(field))
            for number, fields in values["lines"]
            for field in fields
        )
    if refused.message == "entry_lacks":
        return " ".join(say_missing(field) for field in values["fields"])
    words: dict[str, str] = {
        "day_in_future": _("This day is still to come: write the day on which it came."),
        "donor_gone": _("This donor is not here any more, or is one with another by now: look for them again."),
        "offline_changed": _(
            "This form was recorded before with something else in it. Open a new one for another gift."
        ),
        "batch_closed": _(
            "This batch is posted, so nothing of it can change. A gift of it can be withdrawn on its own page."
        ),
        "batch_full": _(
            "A batch holds %(most)s lines at most: open another one for the rest.", most=values.get("most", "")
        ),
        "currency_stays": _(
            "The lines that are there are in %(currency)s: remove them first, or open another batch.",
            currency=values.get("currency", ""),
        ),
        "not_offline": _("Only a gift that was recorded by hand is withdrawn by hand: refund this one instead."),
        "reason_missing": _("Choose why it is withdrawn."),
        "withdrawn_before": _("This gift was withdrawn before."),
    }
    return words[refused.message]


def say_difference(many: int, control_many: int, total: Money, control: Money) -> str:
    """Say by how much a batch's lines differ from what was counted by hand; empty where they agree."""

    def shown(money: Money) -> str:
        return show_in_text(money, current_language())

    said = []
    if many < control_many:
        said.append(ngettext("%(num)s line is missing.", "%(num)s lines are missing.", control_many - many))
    elif many > control_many:
        said.append(
            ngettext("There is %(num)s line too many.", "There are %(num)s lines too many.", many - control_many)
        )
    if total < control:
        said.append(
            _("The lines come to %(sum)s and the batch to %(control)s: %(difference)s is missing.",
              sum=shown(total), control=shown(control), difference=shown(control - total))
        )  # fmt: skip
    elif total > control:
        said.append(
            _("The lines come to %(sum)s and the batch to %(control)s: that is %(difference)s too much.",
              sum=shown(total), control=shown(control), difference=shown(total - control))
        )  # fmt: skip
    return " ".join(said)
