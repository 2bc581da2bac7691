"""What is wrong and what to do about it, in sentences: for the operations page and for the owner's letter."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from babel.dates import format_datetime
from flask import Flask
from flask_babel import gettext as _
from flask_babel import ngettext

from donate.web.reading import western

Values = Mapping[str, Any]


def equip(app: Flask) -> None:
    """Hand the owner's letter its filters."""
    app.jinja_env.filters.update(problem=say_wrong, remedy=say_remedy, letter_moment=_letter_moment)


def say_wrong(cause: str, values: Values) -> str:
    """Say in one sentence what is wrong.

    Args:
        cause: One of ``operations.causes.CAUSES``.
        values: As the look found them.
    """
    return _WRONG[cause](values)


def say_remedy(cause: str, values: Values) -> str:
    """Say what to do about it.

    Args:
        cause: One of ``operations.causes.CAUSES``.
        values: As the look found them.
    """
    return _REMEDY[cause](values)


def _letter_moment(iso: str, zone: str, language: str) -> str:
    moment = datetime.fromisoformat(iso).astimezone(ZoneInfo(zone))
    return format_datetime(moment, "d MMMM, HH:mm", locale=western(language))


def _place(values: Values) -> str:
    said: str = _("the database") if values["place"] == "database" else _("the folder of exports")
    return said


_WRONG: dict[str, Callable[[Values], str]] = {
    "worker_silent": lambda v: (
        _("No worker is running: gifts are taken, and nothing that follows them is done.")
        if v["ever"]
        else _("No worker has ever run here: gifts are taken, and nothing that follows them is done.")
    ),
    "stripe_unanswered": lambda v: _("Stripe does not answer our key (%(code)s).", code=v["code"]),
    "endpoint_missing": lambda v: _("Stripe has no webhook endpoint that leads to %(url)s.", url=v["url"]),
    "endpoint_off": lambda v: _("Stripe has switched our webhook endpoint %(endpoint)s off.", endpoint=v["endpoint"]),
    "endpoint_events": lambda v: _(
        "Our webhook endpoint is not sent all events we act on: %(events)s.", events=v["events"]
    ),
    "endpoint_version": lambda v: _(
        "Our webhook endpoint speaks version %(version)s of Stripe’s API, and we read %(ours)s.",
        version=v["version"],
        ours=v["ours"],
    ),
    "deliveries_missing": lambda v: _(
        "Stripe’s deliveries do not reach us: of the newest %(whole)s events we had to fetch %(fetched)s.",
        whole=v["whole"],
        fetched=v["fetched"],
    ),
    "events_failed": lambda v: ngettext(
        "%(num)s event from Stripe could not be processed.",
        "%(num)s events from Stripe could not be processed.",
        v["number"],
    ),
    "events_waiting": lambda v: ngettext(
        "Events from Stripe have waited for %(num)s minute to be processed.",
        "Events from Stripe have waited for %(num)s minutes to be processed.",
        v["minutes"],
    ),
    "events_other_version": lambda v: ngettext(
        "%(num)s of the newest events came in another version of Stripe’s API than ours; it took effect all the same.",
        "%(num)s of the newest events came in another version of Stripe’s API than ours; they "
        "took effect all the same.",
        v["number"],
    ),
    "work_given_up": lambda v: ngettext(
        "%(num)s job was given up after many tries.", "%(num)s jobs were given up after many tries.", v["number"]
    ),
    "work_late": lambda v: ngettext(
        "Work has been due for %(num)s minute and nobody has begun it.",
        "Work has been due for %(num)s minutes and nobody has begun it.",
        v["minutes"],
    ),
    "work_failing": lambda v: ngettext(
        "%(num)s job goes wrong again and again: %(error)s",
        "%(num)s jobs go wrong again and again: %(error)s",
        v["number"],
        error=v["error"],
    ),
    "schedule_late": lambda v: _("What should run by the clock is late: %(names)s.", names=v["names"]),
    "mail_given_up": lambda v: ngettext("%(num)s letter was given up.", "%(num)s letters were given up.", v["number"]),
    "mail_failing": lambda v: ngettext(
        "%(num)s letter can’t be sent: %(error)s",
        "%(num)s letters can’t be sent: %(error)s",
        v["number"],
        error=v["error"],
    ),
    "reconcile_differs": lambda v: ngettext(
        "Our books and Stripe’s differ in %(num)s place.",
        "Our books and Stripe’s differ in %(num)s places.",
        v["number"],
    ),
    "check_broken": lambda v: ngettext(
        "%(num)s rule of the books does not hold.", "%(num)s rules of the books do not hold.", v["number"]
    ),
    "payouts_differ": lambda v: ngettext(
        "%(num)s payout does not agree with its entries.",
        "%(num)s payouts do not agree with their entries.",
        v["number"],
    ),
    "gifts_silent": lambda v: _(
        "No gift has arrived for %(hours)s hours; in the four weeks before, the longest pause was %(longest)s.",
        hours=v["hours"],
        longest=v["longest"],
    ),
    "disk_low": lambda v: _(
        "The disk is nearly full: %(megabytes)s MB are left where %(place)s lies.",
        megabytes=v["megabytes"],
        place=_place(v),
    ),
    "exports_folder": lambda v: _("The folder of exports can’t be written into."),
}

_REMEDY: dict[str, Callable[[Values], str]] = {
    "worker_silent": lambda v: _("Start it: make worker, or the service that runs it. Nothing is lost meanwhile."),
    "stripe_unanswered": lambda v: _(
        "Look at status.stripe.com. If Stripe is well, look whether STRIPE_SECRET_KEY was "
        "changed or revoked. Gifts can’t be begun until it answers; what is under way is asked "
        "about again by itself."
    ),
    "endpoint_missing": lambda v: _(
        "Run flask stripe setup and put the secret it prints into STRIPE_WEBHOOK_SECRET. Until "
        "then events are fetched every five minutes."
    ),
    "endpoint_off": lambda v: _(
        "Stripe does this when deliveries fail for days. Mend what its dashboard says of them, "
        "then switch the endpoint on there, or run flask stripe setup. What was missed is "
        "fetched by itself."
    ),
    "endpoint_events": lambda v: _(
        "Run flask stripe setup: it makes an endpoint with all of them, and prints its secret."
    ),
    "endpoint_version": lambda v: _(
        "Run flask stripe setup: it makes one in our version. Everything takes effect meanwhile, by asking Stripe."
    ),
    "deliveries_missing": lambda v: _(
        "Look at the deliveries of our endpoint in Stripe’s dashboard. An answer of 400 is a "
        "wrong STRIPE_WEBHOOK_SECRET; no answer is an address or a proxy that does not let "
        "Stripe in. Nothing is lost: events are fetched every five minutes."
    ),
    "events_failed": lambda v: _("Read the error, and process them again: doing it twice changes nothing."),
    "events_waiting": lambda v: _(
        "If the queue is long, start a second worker beside the first; else read the worker’s log."
    ),
    "events_other_version": lambda v: _(
        "An older endpoint still sends to us. Run flask stripe setup for one in version "
        "%(version)s and disable the older in Stripe’s dashboard.",
        version=v["version"],
    ),
    "work_given_up": lambda v: _("Read the error, mend its cause, and run them again here."),
    "work_late": lambda v: _(
        "If the queue is long, start a second worker beside the first; else read the worker’s log."
    ),
    "work_failing": lambda v: _(
        "It is tried again with growing pauses, for about two hours. Read the error and mend its cause."
    ),
    "schedule_late": lambda v: _(
        "See beside each when it ran last; the worker’s log says why it did not go well since."
    ),
    "mail_given_up": lambda v: _(
        "Read the error. An address that does not exist needs nothing; for all else mend the "
        "cause and send them again here."
    ),
    "mail_failing": lambda v: _(
        "Look whether MAIL_URL is right and the mail server is up. Letters wait and go out by themselves once it is."
    ),
    "reconcile_differs": lambda v: _(
        "Read the differences; each names its movement. flask stripe catch-up books what nobody "
        "told us, and flask reconcile shows all of the books."
    ),
    "check_broken": lambda v: _(
        "Read which rows; flask check names them again. No money moves by itself because of it."
    ),
    "payouts_differ": lambda v: _("Each difference is named on its page. Stripe is asked again every hour."),
    "gifts_silent": lambda v: _(
        "Give a small gift yourself, and refund it. If that works it is a quiet time; if not, "
        "look at the problems above and at Stripe’s dashboard."
    ),
    "disk_low": lambda v: _(
        "Make room: remove old backups and logs, or enlarge the disk. Full, no gift can be written down."
    ),
    "exports_folder": lambda v: _("Let the user that runs web and worker write into EXPORTS_DIR."),
}
