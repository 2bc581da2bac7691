"""What a role has to do today, a card a task: asked only of whom it concerns, most urgent first."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from flask_babel import gettext as _
from flask_babel import ngettext

from donate import clock
from donate.appeals.campaign import campaign_from
from donate.appeals.models import Appeal
from donate.appeals.queries import list_appeals, list_tallies
from donate.reports.health import measure
from donate.reports.stories import count_open_proposals
from donate.reports.today import (
    count_busy_members,
    count_gifts_since,
    count_open_erasures,
    count_payouts_to_explain,
    count_refused_promises,
    find_urgent_disputes,
    list_open_months,
)
from donate.team.permissions import WATCHED, may
from donate.team.queries import list_staff, real_today
from donate.web.reading import long_date, month_name, url_for
from donate.web.staff.appeal_list import percent_of
from donate.web.staff.appeal_state import state_at, today_here
from donate.web.staff.results_page import title_of
from donate.web.staff.team_words import state_of

#: How many days ahead an end is announced, and how many days back the last gifts are counted.
SOON = timedelta(days=7)
#: How long before a colleague's last day their owner hears of it.
_BEFORE_LAST_DAY = timedelta(days=14)


@dataclass(frozen=True)
class Task:
    """One card.

    Args:
        what: A sentence with its number.
        more: What to know or do about it.
        path: Where it is done; empty where it is only to be known.
        does_wait: Whether somebody must act; else it is how things stand.
        links: Further places, by their names.
    """

    what: str
    more: str = ""
    path: str = ""
    does_wait: bool = True
    links: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True)
class Around:
    """What the tasks of one page share.

    Args:
        role: Of whoever opened it.
        today: The newsroom's day.
        appeals: All that are not in the archive; empty where the role sees none.
    """

    role: str
    today: date
    appeals: list[Appeal]

    @property
    def does_act(self) -> bool:
        """Whether they are here to do something, and not to look on."""
        return self.role not in WATCHED


def tasks_of(role: str) -> list[Task]:
    """Give the tasks of a role, what waits first.

    Args:
        role: One of ``team.permissions.ROLES``.
    """
    appeals = [each for each in list_appeals() if each.archived_at is None] if may(role, "see_appeals") else []
    around = Around(role, today_here(), appeals)
    found = [task for permission, ask in _TASKS if may(role, permission) for task in ask(around)]
    return sorted(found, key=lambda task: not task.does_wait)


def _machines(around: Around) -> Iterator[Task]:
    found = {name: int(number) for name, (_what, number) in measure().items()}
    if dead := found["jobs_dead"]:
        yield Task(
            ngettext("%(num)d piece of work was given up.", "%(num)d pieces of work were given up.", dead),
            _("It was tried twelve times. The operations desk says why, and asks for it again."),
            url_for("staff.operations"),
        )
    if unsent := found["mail_unsent"]:
        yield Task(
            ngettext("%(num)d letter has not gone out yet.", "%(num)d letters have not gone out yet.", unsent),
            _("Each goes out within a minute as a rule. When the number grows, the mail’s own server is away."),
            does_wait=False,
        )


def _disputes(around: Around) -> Iterator[Task]:
    found = find_urgent_disputes()
    if found is None:
        return
    more = _("Answer at Stripe. What is not answered in time is lost.")
    if found.until is not None:
        more = _("Answer at Stripe by %(day)s. What is not answered in time is lost.", day=long_date(found.until))
    yield Task(
        ngettext("%(num)d dispute can still be answered.", "%(num)d disputes can still be answered.", found.number),
        more if around.does_act else "",
        url_for("staff.gift_trail", reference=found.reference),
        does_wait=around.does_act,
    )


def _payouts(around: Around) -> Iterator[Task]:
    if number := count_payouts_to_explain():
        yield Task(
            ngettext("%(num)d payout is to be explained.", "%(num)d payouts are to be explained.", number),
            _("Each difference is named on its page."),
            url_for("staff.payouts"),
            does_wait=around.does_act,
        )


def _months(around: Around) -> Iterator[Task]:
    if months := list_open_months(around.today):
        may_close = may(around.role, "close_periods")
        first = month_name(date.fromisoformat(f"{months[0]}-01"))
        yield Task(
            ngettext("%(num)d month is over and open.", "%(num)d months are over and open.", len(months)),
            _("%(month)s is next: look it over and close it.", month=first)
            if may_close
            else _("%(month)s is the first of them.", month=first),
            url_for("staff.period", month=months[0]),
            does_wait=may_close,
        )


def _stories(around: Around) -> Iterator[Task]:
    if number := count_open_proposals():
        yield Task(
            ngettext(
                "%(num)d story says that it was corrected.", "%(num)d stories say that they were corrected.", number
            ),
            _("You decide whether it is flagged."),
            url_for("staff.articles"),
        )


def _resting(around: Around) -> Iterator[Task]:
    # A person's own pause is nobody's task.
    found = [each for each in around.appeals if each.status == "paused" and each.paused_why.get("article")]
    if found:
        yield Task(
            ngettext(
                "%(num)d appeal rests because a story changed.",
                "%(num)d appeals rest because a story changed.",
                len(found),
            ),
            _("Whoever starts it again has looked its stories over."),
            url_for("staff.appeals", state="resting"),
            links=tuple((_called(each), url_for("staff.appeal", slug=each.slug)) for each in found),
        )


def _ending(around: Around) -> Iterator[Task]:
    last = around.today + SOON
    soon = [
        each
        for each in around.appeals
        if each.ends_on is not None and each.ends_on <= last and state_at(each, around.today) == "running"
    ]
    if soon:
        first = min(each.ends_on for each in soon if each.ends_on is not None)
        yield Task(
            ngettext("%(num)d appeal ends within a week.", "%(num)d appeals end within a week.", len(soon)),
            _("The first on %(day)s. Another can be planned to follow it.", day=long_date(first)),
            url_for("staff.calendar"),
            links=tuple((_called(each), url_for("staff.appeal", slug=each.slug)) for each in soon),
        )


def _drafts(around: Around) -> Iterator[Task]:
    if drafts := [each for each in around.appeals if each.status == "draft"]:
        yield Task(
            ngettext("%(num)d appeal is being written.", "%(num)d appeals are being written.", len(drafts)),
            path=url_for("staff.appeals", state="draft"),
            does_wait=False,
        )


def _running(around: Around) -> Iterator[Task]:
    running = [each for each in around.appeals if state_at(each, around.today) == "running"]
    tallies = list_tallies()
    full = [(percent_of(campaign, tallies), title_of(campaign)) for campaign in map(campaign_from, running)]
    goals = sorted(((percent, name) for percent, name in full if percent is not None), reverse=True)
    yield Task(
        ngettext("%(num)d appeal is running.", "%(num)d appeals are running.", len(running)),
        _("Nearest to its goal: %(appeal)s, %(percent)s.", appeal=goals[0][1], percent=f"{goals[0][0]}%")
        if goals
        else "",
        url_for("staff.appeals", state="running"),
        does_wait=False,
    )


def _gifts(around: Around) -> Iterator[Task]:
    since = around.today - SOON + timedelta(days=1)
    number = count_gifts_since(since)
    yield Task(
        ngettext("%(num)d gift came in the last seven days.", "%(num)d gifts came in the last seven days.", number),
        path=url_for("staff.all_gifts", **{"from": str(since), "to": str(around.today)}) if number else "",
        does_wait=False,
    )


def _readers(around: Around) -> Iterator[Task]:
    if wishes := count_open_erasures():
        yield Task(
            ngettext(
                "%(num)d reader has asked to be forgotten.", "%(num)d readers have asked to be forgotten.", wishes
            ),
            _("It is done by itself once nothing of theirs is on its way any more."),
            does_wait=False,
        )
    if refused := count_refused_promises():
        yield Task(
            ngettext(
                "%(num)d recurring gift was refused by its bank.",
                "%(num)d recurring gifts were refused by their banks.",
                refused,
            ),
            _("Their donors were written to, and may write back."),
            url_for("staff.donors"),
            does_wait=False,
        )
    if busy := count_busy_members(clock.real_now() - SOON):
        yield Task(
            ngettext(
                "%(num)d donor changed something of theirs in the last seven days.",
                "%(num)d donors changed something of theirs in the last seven days.",
                busy,
            ),
            does_wait=False,
        )


def _team(around: Around) -> Iterator[Task]:
    staff, today = list_staff(), real_today()
    if waiting := [each for each in staff if state_of(each) == "invited"]:
        yield Task(
            ngettext(
                "%(num)d colleague has not come in yet.", "%(num)d colleagues have not come in yet.", len(waiting)
            ),
            _("Their link works for a day: mail it again, or let them in no more."),
            url_for("staff.team"),
        )
    leaving = [each for each in staff if each.ends_on is not None and today <= each.ends_on <= today + _BEFORE_LAST_DAY]
    if leaving := [each for each in leaving if each.disabled_at is None]:
        first = min(each.ends_on for each in leaving if each.ends_on is not None)
        yield Task(
            ngettext(
                "%(num)d colleague has a last day soon.", "%(num)d colleagues have a last day soon.", len(leaving)
            ),
            _("The first on %(day)s.", day=long_date(first)),
            url_for("staff.team"),
            does_wait=False,
        )


def _called(appeal: Appeal) -> str:
    return title_of(campaign_from(appeal))


#: Which task is whose: by the permission to do it, or to see it.
_TASKS: tuple[tuple[str, Callable[[Around], Iterator[Task]]], ...] = (
    ("see_operations", _machines),
    ("see_ledger", _disputes),
    ("see_ledger", _payouts),
    ("see_ledger", _months),
    ("edit_articles", _stories),
    ("resume_appeals", _resting),
    ("edit_appeals", _ending),
    ("manage_staff", _team),
    ("see_appeals", _running),
    ("edit_appeals", _drafts),
    ("see_gifts", _gifts),
    ("answer_donors", _readers),
)
