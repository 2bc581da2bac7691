"""What each figure of the finance desk means, on one page."""

from __future__ import annotations

from datetime import date

from babel.dates import format_date
from flask import render_template
from flask.typing import ResponseReturnValue

from donate.newsroom.queries import get_newsroom
from donate.web.access import needs
from donate.web.language import current_language
from donate.web.reading import western
from donate.web.staff.door import staff
from donate.web.staff.finance.frame import finance_frame
from donate.web.staff.finance.words import say_figure


@staff.get("/finance/definitions")
@needs("see_ledger")
def finance_definitions() -> ResponseReturnValue:
    """List every figure with its rule."""
    newsroom = get_newsroom()
    return render_template(
        "staff/finance/definitions.html",
        say_figure=say_figure,
        zone=newsroom.time_zone,
        fiscal_month=format_date(date(2026, newsroom.fiscal_month, 1), "LLLL", locale=western(current_language())),
        **finance_frame("definitions"),
    )
