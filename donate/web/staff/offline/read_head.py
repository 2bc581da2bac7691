"""Read what was counted by hand before a batch is typed, or name each repair."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from flask_babel import gettext as _

from donate import clock, references
from donate.appeals.queries import find_appeal
from donate.errors import BadAmount
from donate.giving.offline.batch import MOST_LINES, BatchHead
from donate.money import parse_amount
from donate.newsroom.queries import find_fund, get_newsroom
from donate.web.staff.offline.read_form import read_currency, read_day
from donate.web.staff.offline.words import say_amount

_FIELDS = {"reference": 16, "name": 80, "count": 10, "sum": 60, "currency": 3, "received_on": 10, "fund": 40,
           "appeal": 80}  # fmt: skip


@dataclass(frozen=True)
class HeadRead:
    """A batch's head as it was read: what its fields show again, what to put right, and the head where nothing is."""

    typed: dict[str, str]
    problems: dict[str, str] = field(default_factory=dict)
    head: BatchHead | None = None

    def with_problem(self, name: str, sentence: str) -> HeadRead:
        """Give it with one more thing to put right."""
        return replace(self, problems={**self.problems, name: sentence}, head=None)


def read_head(form: Mapping[str, str]) -> HeadRead:
    """Read a batch's head.

    Args:
        form: As sent.
    """
    typed = {name: " ".join(form.get(name, "").split())[: most + 1] for name, most in _FIELDS.items()}
    currency, problems = read_currency(typed["currency"]), dict[str, str]()
    if not references.is_reference(typed["reference"]):
        problems["reference"] = _("This page was not whole: open a new form.")
    if not typed["name"] or len(typed["name"]) > _FIELDS["name"]:
        problems["name"] = _(
            "Give it a name of %(most)s letters at most, such as: Post of Monday.", most=_FIELDS["name"]
        )
    count = int(typed["count"]) if typed["count"].isdecimal() and len(typed["count"]) < 6 else 0
    if not 0 < count <= MOST_LINES:
        problems["count"] = _(
            "Count the gifts: from 1 to %(most)s. Split what is more into several batches.", most=MOST_LINES
        )
    day, problem = read_day(typed["received_on"], clock.today(get_newsroom().time_zone))
    if problem:
        problems["received_on"] = problem
    fund, appeal = find_fund(typed["fund"]), find_appeal(typed["appeal"])
    if fund is None:
        problems["fund"] = _("Choose a fund from the list.")
    try:
        control = parse_amount(typed["sum"], currency)
    except BadAmount as error:
        return HeadRead(typed, {**problems, "sum": say_amount(error, currency)})
    if problems or day is None or fund is None:
        return HeadRead(typed, problems)
    head = BatchHead(
        typed["reference"], typed["name"], control, count, day, fund.id, appeal.id if appeal is not None else None
    )
    return HeadRead(typed, {}, head)
