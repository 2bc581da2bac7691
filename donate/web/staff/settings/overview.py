"""The settings' first page: a card a part, with what is set and what is missing."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from babel.dates import get_month_names
from flask import render_template
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext

from donate import clock
from donate.ledger.accounts import ACCOUNTS
from donate.newsroom.greet import greeting_on
from donate.newsroom.queries import list_funds
from donate.records.settings_file import tell_settings
from donate.team.permissions import may
from donate.web.access import needs
from donate.web.language import LANGUAGES, current_language, say
from donate.web.reading import western
from donate.web.staff.door import staff
from donate.web.staff.home import frame
from donate.web.staff.settings.part_page import address_of
from donate.web.staff.settings.parts import FACTS, TEXTS, part_called
from donate.web.staff.settings.parts_of_texts import OWN_PAGES
from donate.web.who import colleague

Said = tuple[str, list[str]]


@dataclass(frozen=True)
class Card:
    """One part on the first page.

    Args:
        title: What it is called.
        address: Of its page.
        now: What is set.
        missing: What isn't, and what that means.
    """

    title: str
    address: str
    now: str
    missing: list[str]


@staff.get("/settings")
@needs("change_texts")
def settings() -> ResponseReturnValue:
    """Show what is set, part by part; of the newsroom's facts only to those who may change them."""
    told = tell_settings()
    owns = may(colleague().staff.role, "change_settings")
    return render_template(
        "staff/settings/overview.html",
        facts=[_card(name, told) for name in FACTS] if owns else [],
        texts=[_card(name, told) for name in TEXTS],
        **frame(),
    )


def _card(name: str, told: dict[str, Any]) -> Card:
    sayers: dict[str, Callable[[Mapping[str, Any]], Said]] = {
        "facts": _facts, "tax": _tax, "look": _look, "zone": _zone, "currencies": _currencies, "fiscal": _fiscal,
        "funds": _funds, "accounts": _accounts, "levels": _levels, "reading": _reading, "sections": _sections,
        "topics": _topics, "lines": _lines, "greetings": _greetings, "pages": _pages, "disclosures": _disclosures,
    }  # fmt: skip
    now, missing = sayers[name](told)
    return Card(part_called(name, told).title, address_of(name), now, missing)


def _facts(told: Mapping[str, Any]) -> Said:
    missing = [] if told["phone"] else [_("No telephone: pages and letters name the person and the address only.")]
    without = [
        name for code, name in _offered(told).items() if code != told["language"] and not told["names"].get(code)
    ]
    if without:
        missing.append(_("No name of its own in: %(list)s.", list=", ".join(without)))
    return _("%(name)s; %(person)s answers.", name=told["name"], person=told["contact_name"]), missing


def _tax(told: Mapping[str, Any]) -> Said:
    tax, missing = told["tax"], []
    if tax["standing"] == "none":
        missing.append(_("No tax status: the form and receipts say that gifts can’t be deducted."))
    elif not tax["address"]:
        missing.append(_("No address: receipts carry none."))
    words = {
        "charity": _("A charity, number %(number)s.", number=tax["number"]),
        "sponsored": _("Sponsored by %(name)s.", name=tax["sponsor_name"]),
        "none": _("Gifts can’t be deducted."),
    }
    return words[tax["standing"]], missing


def _look(told: Mapping[str, Any]) -> Said:
    look = told["look"]
    missing = [] if look["logo"] else [_("No logo: pages show the house’s mark beside the name.")]
    if not look["accent"]:
        missing.append(_("No colour of its own: the house’s aubergine stands for it."))
    return _("A logo.") if look["logo"] else _("The house’s look."), missing


def _zone(told: Mapping[str, Any]) -> Said:
    return f"{told['time_zone'].replace('_', ' ')}; {', '.join(_offered(told).values())}", []


def _currencies(told: Mapping[str, Any]) -> Said:
    return ", ".join(told["currencies"]), []


def _fiscal(told: Mapping[str, Any]) -> Said:
    names = get_month_names("wide", "stand-alone", locale=western(current_language()))
    return _("Begins with %(month)s.", month=names[told["fiscal_year_begins"]]), []


def _funds(told: Mapping[str, Any]) -> Said:
    funds = [fund for fund in list_funds() if not fund.is_closed]
    missing = []
    without = [fund.code for fund in funds if not fund.gl_code]
    if without:
        missing.append(_("No GL code: %(list)s. Exports leave that column empty.", list=", ".join(without)))
    waiting = [fund.code for fund in funds if not fund.name_at_stripe]
    if waiting:
        missing.append(_("Not made at Stripe yet: %(list)s.", list=", ".join(waiting)))
    return ", ".join(say(fund.names) or fund.name for fund in funds), missing


def _accounts(told: Mapping[str, Any]) -> Said:
    named = [each for each in ACCOUNTS if each in told["accounts"]]
    missing = [] if named else [_("No accounts: journals can’t be written.")]
    return ngettext("%(num)s account is named.", "%(num)s accounts are named.", len(named)), missing


def _levels(told: Mapping[str, Any]) -> Said:
    missing = [] if told["levels"] else [_("No levels: gifts earn no membership.")]
    return ", ".join(say(level["name"]) for level in told["levels"]) or _("None."), missing


def _reading(told: Mapping[str, Any]) -> Said:
    words = {
        "off": _("Nobody’s reading is counted."),
        "opt_in": _("Reading is counted of who said yes."),
        "opt_out": _("Reading is counted of who did not say no."),
    }
    return words[told["counting"]], []


def _sections(told: Mapping[str, Any]) -> Said:
    missing = [] if told["sections"] else [_("No sections: the masthead has no line of them.")]
    return ", ".join(say(each["name"]) for each in told["sections"]) or _("None."), missing


def _topics(told: Mapping[str, Any]) -> Said:
    bare = sum(any(not each["name"].get(code) for code in _offered(told)) for each in told["topics"])
    missing = (
        [ngettext("%(num)s has no name in some language.", "%(num)s have no name in some language.", bare)]
        if bare
        else []
    )
    return ngettext("%(num)s topic.", "%(num)s topics.", len(told["topics"])), missing


def _lines(told: Mapping[str, Any]) -> Said:
    names = {
        "mission": _("under the name"),
        "support_line": _("beside the button"),
        "footer_ask": _("at the foot"),
        "legal_line": _("at the very end"),
    }
    empty = [words for key, words in names.items() if not told[key]]
    missing = [_("No line %(list)s.", list=", ".join(empty))] if empty else []
    return say(told["mission"]) or _("None."), missing


def _greetings(told: Mapping[str, Any]) -> Said:
    rows = [{"from": each["from"], "until": each["until"], "words": each["text"]} for each in told["greetings"]]
    today = say(greeting_on(rows, clock.today(told["time_zone"])))
    many = ngettext("%(num)s greeting.", "%(num)s greetings.", len(rows))
    return f"{many} {_('Today: %(words)s', words=today) if today else _('None shows today.')}", []


def _pages(told: Mapping[str, Any]) -> Said:
    without = [f"/{slug}" for slug in OWN_PAGES if not told["texts"].get(slug)]
    missing = [_("No text: %(list)s. Pages don’t link there.", list=", ".join(without))] if without else []
    return ", ".join(f"/{slug}" for slug in told["texts"]) or _("None."), missing


def _disclosures(told: Mapping[str, Any]) -> Said:
    regions = [each["region"] or "?" for each in told["tax"]["disclosures"]]
    return ", ".join(regions) or _("None."), []


def _offered(told: Mapping[str, Any]) -> dict[str, str]:
    return {code: name for code, name in LANGUAGES.items() if not told["languages"] or code in told["languages"]}
