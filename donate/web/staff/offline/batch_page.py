"""One batch: its lines with the running sums while it is open, how far posting is, and afterwards its slip."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from flask import render_template
from flask.typing import ResponseReturnValue

from donate import references
from donate.giving.offline.batch import entry_of
from donate.giving.offline.entry import lacks
from donate.giving.offline.models import OfflineBatch, OfflineLine
from donate.giving.offline.queries import get_batch, list_gifts_of_batch, list_lines, total_lines
from donate.money import Money
from donate.reports.givers import Giver, giver_of, same_givers
from donate.team.queries import list_emails, list_history
from donate.web.access import needs
from donate.web.staff.door import staff
from donate.web.staff.happened_acts import say_act
from donate.web.staff.offline.frame import offline_frame
from donate.web.staff.offline.words import say_difference


@dataclass(frozen=True)
class Line:
    """A line as its table shows it.

    Args:
        row: As it is kept.
        amount: In the batch's currency.
        donor: Who gave, where they are known here.
        name: Who gave, in words.
        missing: Fields that must still be filled.
        same: Donors who may be who gave, where that is still to be said.
    """

    row: OfflineLine
    amount: Money
    donor: Giver | None
    name: str
    missing: tuple[str, ...]
    same: tuple[Giver, ...]


@staff.get("/offline/batches/<reference>")
@needs("record_offline_gifts")
def offline_batch(reference: str) -> ResponseReturnValue:
    """Show a batch as it stands."""
    return show_batch(get_batch(reference))


@staff.get("/offline/batches/<reference>/slip")
@needs("record_offline_gifts")
def batch_slip(reference: str) -> ResponseReturnValue:
    """Give a posted batch as a slip to print: its day, its lines, its sum."""
    batch = get_batch(reference)
    gifts = list_gifts_of_batch(batch.id)
    total = sum((gift.amount for gift, _known in gifts), Money(0, batch.currency))
    return render_template("staff/offline/slip.html", batch=batch, gifts=gifts, total=total, **offline_frame())


def show_batch(
    batch: OfflineBatch,
    *,
    problem: str = "",
    typed: Mapping[str, str] | None = None,
    problems: Mapping[str, str] | None = None,
) -> str:
    """Draw a batch's page.

    Args:
        batch: Which.
        problem: Why nothing came of a press.
        typed: What the row for one more line shows; an empty one with a reference of its own where nothing.
        problems: What to put right in it.
    """
    many, total = total_lines(batch)
    gifts = list_gifts_of_batch(batch.id)
    lines = [_line(each, batch) for each in list_lines(batch.id)]
    is_open = batch.state == "open"
    return render_template(
        "staff/offline/batch.html",
        batch=batch,
        lines=lines,
        gifts=gifts,
        many=many,
        total=total,
        difference=batch.control - total,
        said=say_difference(many, batch.control_count, total, batch.control) if is_open else "",
        problem=problem,
        typed=typed or _empty(lines),
        problems=problems or {},
        history=list_history("offline_batch", batch.reference)[::-1],
        emails=list_emails(),
        say_act=say_act,
        as_money=Money,
        **offline_frame(),
    )


def _empty(lines: list[Line]) -> dict[str, str]:
    """Give an empty row; the next cheque follows a cheque."""
    method = lines[-1].row.method if lines else "cheque"
    return {"reference": references.new_reference(), "who": "", "amount": "", "method": method, "number": ""}


def _line(row: OfflineLine, batch: OfflineBatch) -> Line:
    entry = entry_of(row, batch)
    missing = lacks(entry)
    donor = giver_of(row.donor_id) if row.donor_id is not None else None
    name = " ".join(part for part in entry.names if part) or entry.email
    if donor is not None:
        name = donor.name or donor.email
    return Line(row, entry.amount, donor, name, missing, tuple(same_givers(entry)) if "donor" in missing else ())
