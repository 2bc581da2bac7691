"""From which sum a year givers are named on the page of supporters, who is named now, and taking a name off."""

from __future__ import annotations

from flask import make_response, redirect, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from donate import references
from donate.db import committed, lock
from donate.donors.queries import find_donor
from donate.errors import BadAmount, NotFound
from donate.members.queries import list_named_donors
from donate.members.supporters import choose_naming
from donate.money import Money, currency_name, decimals, parse_amount
from donate.newsroom.models import Newsroom
from donate.newsroom.queries import get_newsroom
from donate.newsroom.supporters import CALENDAR, FISCAL, listing_of, set_listing
from donate.queue.enqueue import enqueue
from donate.team.history import record_history
from donate.web.access import needs
from donate.web.language import current_language
from donate.web.reading import url_for
from donate.web.staff.door import staff
from donate.web.staff.home import frame
from donate.web.who import colleague


@staff.get("/settings/supporters")
@needs("change_settings")
def supporters_setting() -> ResponseReturnValue:
    """Show what names a giver, and who is named."""
    listing = listing_of(get_newsroom())
    typed = {each.currency: each.plain() for each in listing.lines} if listing is not None else {}
    return _page(typed, listing.year if listing is not None else CALENDAR, is_on=listing is not None)


@staff.post("/settings/supporters")
@needs("change_settings")
def set_supporters() -> ResponseReturnValue:
    """Save from which sum givers are named; the list follows within a minute."""
    newsroom, who = get_newsroom(), colleague().as_who()
    is_on, year = request.form.get("on") == "1", request.form.get("year", CALENDAR)
    typed = {code: request.form.get(f"line_{code}", "").strip()[:60] for code in _currencies(newsroom)}
    line, problems = _read(typed, newsroom) if is_on else ({}, {})
    if year not in (CALENDAR, FISCAL):
        year = CALENDAR
    if problems:
        return _page(typed, year, is_on=is_on, problems=problems, status=422)
    with committed():
        before, after = set_listing(lock(Newsroom, newsroom.id), line, year)
        if before != after:
            record_history(who, "set_supporters", "newsroom", "supporters", before=before, after=after)
        enqueue("supporters", f"supporters:set:{references.new_reference()}", slot="set")
    return redirect(url_for("staff.supporters_setting", done="saved"), 303)


@staff.post("/settings/supporters/<reference>/off")
@needs("change_settings")
def take_supporter_off(reference: str) -> ResponseReturnValue:
    """Take a giver's name off the page, as they asked by letter or phone; they may say otherwise in their account."""
    donor, who = find_donor(reference), colleague().as_who()
    if donor is None:
        raise NotFound("donor_missing", reference=reference)
    with committed():
        if choose_naming(donor.id, wanted=False, place="desk"):
            record_history(who, "choose_naming", "donor", reference, before={"named": True}, after={"named": False})
    return redirect(url_for("staff.supporters_setting", done="off"), 303)


def _currencies(newsroom: Newsroom) -> list[str]:
    usual = newsroom.default_currency
    return [usual, *(each for each in newsroom.currencies if each != usual)]


def _read(typed: dict[str, str], newsroom: Newsroom) -> tuple[dict[str, int], dict[str, str]]:
    """Read the sums: the newsroom's own currency must have one, others may be left out."""
    line, problems = {}, {}
    for code, text in typed.items():
        if not text and code != newsroom.default_currency:
            continue
        try:
            line[code] = parse_amount(text, code).minor
        except BadAmount:
            example = Money(5000 * 10 ** decimals(code), code).plain()
            problems[code] = _("Write the sum of a year in digits, such as %(example)s", example=example)
    return line, problems


def _page(
    typed: dict[str, str], year: str, *, is_on: bool, problems: dict[str, str] | None = None, status: int = 200
) -> ResponseReturnValue:
    newsroom = get_newsroom()
    page = render_template(
        "staff/supporters.html",
        sums=[(code, currency_name(code, current_language()), typed.get(code, "")) for code in _currencies(newsroom)],
        usual=newsroom.default_currency,
        year=year,
        is_on=is_on,
        is_shown=listing_of(newsroom) is not None,
        problems=problems or {},
        named=sorted(list_named_donors(), key=lambda each: (-each[1], each[0].casefold())),
        done=request.args.get("done", ""),
        **frame(),
    )
    return make_response(page, status)
