"""For the auditor: the trail of any gift, a sample drawn by chance, and all of it as one pack."""

from __future__ import annotations

from collections.abc import Sequence

from flask import Response, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from donate.db import committed
from donate.errors import NotFound
from donate.giving.models import Donation
from donate.giving.queries import get_donation_by_reference
from donate.reports.trail import MOST_DRAWN, Trail, draw_sample, trail_of, write_pack
from donate.team.history import record_history
from donate.web.access import needs
from donate.web.receipt_pdf import receipt_pdf
from donate.web.staff.door import staff
from donate.web.staff.finance.asked import Asked, read_asked
from donate.web.staff.finance.frame import finance_frame
from donate.web.staff.finance.words import say_payout_status
from donate.web.staff.happened import Happened, say_deeds
from donate.web.who import colleague

_SIZE = 10


@staff.get("/finance/audit")
@needs("see_ledger")
def audit() -> ResponseReturnValue:
    """Draw a sample of gifts."""
    asked = read_asked(request.args)
    size, word, problem = _read_draw(asked)
    drawn, total = draw_sample(asked.span.since, asked.span.until, size, word) if word and not problem else ([], 0)
    page = render_template(
        "staff/finance/audit.html",
        drawn=drawn,
        total=total,
        size=size,
        word=word,
        problem=problem,
        most=MOST_DRAWN,
        **finance_frame("audit", asked),
    )
    return page, 422 if problem else 200


@staff.post("/finance/audit")
@needs("see_ledger", fresh=True)
def take_sample() -> ResponseReturnValue:
    """Hand out the pack of a drawn sample."""
    asked = read_asked(request.form)
    size, word, problem = _read_draw(asked, request.form.get("size", ""), request.form.get("word", ""))
    if problem or not word:
        return audit()
    drawn, _total = draw_sample(asked.span.since, asked.span.until, size, word)
    return _pack(drawn, f"sample-{asked.span.since}-{asked.last_day}")


@staff.get("/finance/gifts/<reference>")
@needs("see_ledger")
def gift_trail(reference: str) -> ResponseReturnValue:
    """Show all that the books and the desk know of one gift."""
    trail = trail_of(get_donation_by_reference(reference.replace("-", "").upper()))
    return render_template(
        "staff/finance/trail.html",
        trail=trail,
        # A gift's history is kept under its receipts' numbers too.
        happened=Happened(say_deeds(trail.history[::-1]), ""),
        say_status=say_payout_status,
        **finance_frame("audit"),
    )


@staff.post("/finance/gifts/<reference>")
@needs("see_ledger", fresh=True)
def take_pack(reference: str) -> ResponseReturnValue:
    """Hand out one gift's pack."""
    return _pack([get_donation_by_reference(reference)], f"gift-{reference}")


@staff.get("/finance/gifts/<reference>/receipts/<number>")
@needs("see_ledger")
def trail_receipt(reference: str, number: str) -> ResponseReturnValue:
    """Show one of a gift's receipts."""
    trail: Trail = trail_of(get_donation_by_reference(reference))
    found = next((each for each in trail.receipts if each.number == number), None)
    if found is None:
        raise NotFound("receipt_missing", number=number[:20])
    return receipt_pdf(found)


def _pack(drawn: Sequence[Donation], name: str) -> Response:
    pack = write_pack([trail_of(each) for each in drawn])
    with committed():
        for each in drawn:
            record_history(colleague().as_who(), "take_pack", "donation", each.reference)
    headers = {"Content-Disposition": f'attachment; filename="{name}.zip"', "Cache-Control": "no-store"}
    return Response(pack, mimetype="application/zip", headers=headers)


def _read_draw(asked: Asked, size: str | None = None, word: str | None = None) -> tuple[int, str, str]:
    """Read how many gifts are drawn and by which word, and what is wrong with that."""
    typed = (request.args.get("size", "") if size is None else size).strip()
    said = (request.args.get("word", "") if word is None else word).strip()[:40]
    if asked.problem:
        return _SIZE, said, asked.problem
    if not typed:
        return _SIZE, said, ""
    if not (typed.isascii() and typed.isdigit() and 0 < int(typed[:6]) <= MOST_DRAWN):
        return _SIZE, said, _("Draw a number of gifts from 1 to %(most)s.", most=MOST_DRAWN)
    return int(typed), said, ""
