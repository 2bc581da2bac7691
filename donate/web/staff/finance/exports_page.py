"""Files of the finance desk: asked for with one press, written in the background, fetched by whoever asked."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta
from pathlib import Path

from flask import Response, abort, current_app, redirect, render_template, request, send_file
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from donate import clock
from donate.appeals.campaign import campaign_from
from donate.appeals.queries import find_appeal, list_appeals
from donate.db import committed
from donate.errors import NotFound
from donate.ledger.accounts import ENTRY_TYPES, FACETS
from donate.newsroom.queries import find_fund, get_newsroom, list_funds
from donate.recurring.models import MOVEMENT_KINDS
from donate.reports.export import FORMS, KINDS, SHAPES, Period
from donate.reports.income import TYPES
from donate.reports.kinds import WITH_PEOPLE, permission_for
from donate.reports.models import ExportOrder
from donate.reports.narrowed import NO_APPEAL
from donate.reports.order import order_export, period_of
from donate.reports.orders import count_runs, find_order, list_orders, list_runs, list_saved
from donate.reports.saved import RHYTHMS, SPANS
from donate.team.permissions import may
from donate.team.queries import list_emails
from donate.web.access import needs
from donate.web.reading import long_date, url_for
from donate.web.staff.door import staff
from donate.web.staff.finance.export_words import (
    say_export,
    say_form,
    say_refusal,
    say_rhythm,
    say_shape,
    say_span,
    say_stopped,
)
from donate.web.staff.finance.frame import chosen_of, finance_frame, in_common, nothing_in
from donate.web.staff.finance.words import say_figure
from donate.web.staff.paging import read_page
from donate.web.staff.results_filter import read_days
from donate.web.staff.results_page import title_of
from donate.web.who import colleague

_REGISTER_AT_ONCE = 25
_TYPED = ("kind", "shape", "form", "from", "to", "fund", "appeal", "offline", "name", "span", "rhythm",
          "by", "key", "part", "type", "currency", "moved")  # fmt: skip


@dataclass(frozen=True)
class Wish:
    """What a form asks for.

    Args:
        problem: What is wrong with it, in a sentence; nothing is written then.
    """

    kind: str
    shape: str
    form: str
    period: Period
    typed: Mapping[str, str]
    problem: str = ""


@staff.get("/finance/exports")
@needs("export_books")
def exports() -> ResponseReturnValue:
    """Show the form, one's own files and reports, and the register of all that was exported."""
    return show_exports(read_wish(request.args))


@staff.post("/finance/exports")
@needs("export_books")
def order_books() -> ResponseReturnValue:
    """Ask for a file about money."""
    return _order(read_wish(request.form))


@staff.post("/finance/exports/people")
@needs("export_personal_data", fresh=True)
def order_people() -> ResponseReturnValue:
    """Ask for a file that names people."""
    return _order(read_wish(request.form), is_confirmed=True)


@staff.get("/finance/exports/people")
@needs("export_personal_data", fresh=True)
def confirm_people() -> ResponseReturnValue:
    """Say what a file with names holds, and give its button; here the second factor is asked for anew."""
    wish = read_wish(request.args)
    if wish.problem:
        return show_exports(wish), 422
    return render_template(
        "staff/finance/export_people.html", wish=wish, words=_words(wish.period), columns=KINDS[wish.kind].columns,
        say_export=say_export, say_form=say_form, **finance_frame("exports"),
    )  # fmt: skip


@staff.get("/finance/exports/<reference>")
@needs("export_books")
def export_order(reference: str) -> ResponseReturnValue:
    """Show how far one's file is, and its links once it is there."""
    order = _mine(reference)
    done = min(order.rows_done, order.rows_expected) if order.rows_expected else order.rows_done
    return render_template(
        "staff/finance/export_order.html",
        order=order,
        done=done,
        words=_words(period_of(order)),
        say_export=say_export,
        say_form=say_form,
        say_shape=say_shape,
        with_people=WITH_PEOPLE,
        why=say_refusal(order.refusal, order.refusal_values) if order.refusal else "",
        **finance_frame("exports"),
    )


@staff.get("/finance/exports/<reference>/<number>")
@needs("export_books")
def export_file(reference: str, number: str) -> ResponseReturnValue:
    """Hand out one of the files of an order about money, to whoever asked for it."""
    order = _mine(reference)
    if order.kind in WITH_PEOPLE:
        abort(403)
    return _file(order, number)


@staff.get("/finance/exports/<reference>/people/<number>")
@needs("export_personal_data", fresh=True)
def people_file(reference: str, number: str) -> ResponseReturnValue:
    """Hand out one of the files of an order that names people, to whoever asked for it."""
    return _file(_mine(reference), number)


def _file(order: ExportOrder, number: str) -> Response:
    reference = order.reference
    is_over = order.expires_at is not None and order.expires_at < clock.now()
    if order.state == "gone" or is_over:
        raise NotFound("export_gone", reference=reference)
    at = int(number) if number.isascii() and number.isdigit() and len(number) < 5 else 0
    if order.state != "ready" or not 0 < at <= len(order.files):
        raise NotFound("export_missing", reference=reference)
    name = order.files[at - 1]["name"]
    answer: Response = send_file(
        Path(current_app.config["DONATE"].exports_dir).resolve() / order.reference / name,
        as_attachment=True, download_name=name, max_age=0, conditional=False, etag=False,
    )  # fmt: skip
    answer.headers["Cache-Control"] = "no-store"
    return answer


def read_wish(args: Mapping[str, str]) -> Wish:
    """Read what somebody asks for; the first day and the last are both included.

    Args:
        args: ``kind``, ``shape``, ``form``, ``from``, ``to``, ``fund``, ``appeal``, ``offline``.
    """
    typed = {name: args.get(name, "")[:200] for name in _TYPED}
    kind = typed["kind"] if typed["kind"] in KINDS else "donations"
    shape = typed["shape"] if kind == "journal" and typed["shape"] in SHAPES else "generic" if kind == "journal" else ""
    form = typed["form"] if typed["form"] in FORMS else "csv"
    days = read_days(args)
    problem = days.problem
    if typed["kind"] and typed["kind"] not in KINDS:
        problem = problem or _("No export is called %(kind)s: choose one from the list.", kind=typed["kind"])
    if typed["fund"] and find_fund(typed["fund"]) is None:
        problem = problem or _("No fund has the code %(fund)s: choose one from the list.", fund=typed["fund"])
    if typed["appeal"] not in ("", NO_APPEAL) and find_appeal(typed["appeal"]) is None:
        problem = problem or _("No appeal has the address %(appeal)s.", appeal=typed["appeal"])
    period = Period(
        days.since, days.until, typed["fund"] or None, typed["appeal"] or None,
        offline=kind == "journal" and typed["offline"] == "1",
        **(_narrowed(args) if kind == "ledger" else _moved(args) if kind == "movements" else {}),
    )  # fmt: skip
    return Wish(kind, shape, form, period, typed, problem)


def _narrowed(args: Mapping[str, str]) -> dict[str, str]:
    """Read which entries of a ledger are asked for, as their page does; what can't be read asks nothing."""
    by, part, kind = args.get("by", ""), args.get("part", ""), args.get("type", "")
    return {
        "by": by if by in FACETS else "",
        "key": args.get("key", "")[:200] if by in FACETS else "",
        "part": part if part in TYPES else "",
        "entry_type": kind if kind in ENTRY_TYPES else "",
        "currency": args.get("currency", "")[:3],
    }


def _moved(args: Mapping[str, str]) -> dict[str, str]:
    """Read which movements are asked for, as their page does; what can't be read asks nothing."""
    kind = args.get("moved", "")
    return {"moved": kind if kind in MOVEMENT_KINDS else "", "currency": args.get("currency", "")[:3]}


def _order(wish: Wish, *, is_confirmed: bool = False) -> ResponseReturnValue:
    if wish.problem:
        return show_exports(wish), 422
    if wish.kind in WITH_PEOPLE and not is_confirmed:
        asked = {name: value for name, value in wish.typed.items() if value} | {"kind": wish.kind}
        return redirect(url_for("staff.confirm_people", **asked), 303)
    if not may(colleague().staff.role, permission_for(wish.kind)):
        abort(403)
    with committed():
        order = order_export(colleague().staff.id, wish.kind, wish.period, wish.form, wish.shape)
        reference = order.reference
    return redirect(url_for("staff.export_order", reference=reference), 303)


def show_exports(wish: Wish, problem: str = "") -> str:
    """Draw the page of exports.

    Args:
        wish: What its form shows as typed.
        problem: Why nothing came of it, beside what the wish itself says.
    """
    here = colleague().staff
    wish = replace(wish, problem=problem or wish.problem)
    paging = read_page(request.args, count_runs(), _REGISTER_AT_ONCE)
    runs = list_runs(skip=paging.skip, at_most=_REGISTER_AT_ONCE)
    kinds = [kind for kind in KINDS if may(here.role, permission_for(kind))]
    return render_template(
        "staff/finance/exports.html",
        wish=wish,
        kinds=kinds,
        shapes=list(SHAPES),
        forms=FORMS,
        spans=SPANS,
        rhythms=RHYTHMS,
        orders=list_orders(here.id),
        saved=list_saved(here.id),
        runs=runs,
        paging=paging,
        names={f"staff:{key}": email for key, email in list_emails().items()},
        funds=list_funds(),
        appeals={NO_APPEAL: nothing_in("appeal")}
        | {each.slug: title_of(each) for each in map(campaign_from, list_appeals())},
        in_common=in_common(chosen_of(wish.period)),
        moved=say_figure(wish.period.moved) if wish.period.moved else "",
        words_of=lambda order: _words(period_of(order)),
        words_of_run=_words_of_run,
        say_export=say_export,
        say_shape=say_shape,
        say_form=say_form,
        say_span=say_span,
        say_rhythm=say_rhythm,
        say_stopped=say_stopped,
        **finance_frame("exports"),
    )


def _mine(reference: str) -> ExportOrder:
    order = find_order(reference, colleague().staff.id)
    if order is None:
        raise NotFound("export_missing", reference=reference[:20])
    return order


def _words(period: Period) -> str:
    """Say a period as a person would check it, both days included."""
    last = period.until - timedelta(days=1) if period.until else None
    if period.since and last:
        said = _("%(first)s to %(last)s, both days included", first=long_date(period.since), last=long_date(last))
    elif period.since:
        said = _("from %(first)s on", first=long_date(period.since))
    elif last:
        said = _("up to %(last)s, that day included", last=long_date(last))
    else:
        said = _("everything")
    zone = _("days of %(zone)s", zone=get_newsroom().time_zone)
    appeal = nothing_in("appeal") if period.appeal == NO_APPEAL else period.appeal
    return ", ".join([said, zone, *filter(None, (period.fund, appeal))])


def _words_of_run(period: Mapping[str, str | None]) -> str:
    """Say what a row of the register was asked for."""
    since, until = (date.fromisoformat(day) if (day := period.get(name)) else None for name in ("from", "to"))
    return _words(Period(since, until, period.get("fund"), period.get("appeal")))
