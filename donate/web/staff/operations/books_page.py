"""What was last said of the books: by Stripe's list, balance and payouts, and by their own rules."""

from __future__ import annotations

from flask import render_template
from flask.typing import ResponseReturnValue

from donate.operations.queries import list_verdicts
from donate.web.access import needs
from donate.web.staff.door import staff
from donate.web.staff.operations.frame import operations_frame


@staff.get("/operations/books")
@needs("see_operations")
def operations_books() -> ResponseReturnValue:
    """Show the last comparison with Stripe and the last check, each difference and row by name."""
    verdicts = list_verdicts()
    return render_template(
        "staff/operations/books.html",
        reconciled=verdicts.get("reconcile"),
        checked=verdicts.get("check"),
        **operations_frame("books"),
    )
