"""Jobs, states and ages in the words an operator reads."""

from __future__ import annotations

from datetime import datetime, timedelta

from flask_babel import gettext as _
from flask_babel import ngettext

from donate import clock

_MINUTE, _HOUR, _DAY = 60, 3600, 86400


def ago(moment: datetime | None) -> str:
    """Say how long ago a real moment was, in the largest unit that says enough.

    Args:
        moment: By the real clock; None is never.
    """
    said: str = _("never") if moment is None else _("%(span)s ago", span=lasting(clock.real_now() - moment))
    return said


def lasting(span: timedelta) -> str:
    """Say how long something lasts."""
    seconds = max(0, int(span.total_seconds()))
    said: str
    if seconds < 2 * _MINUTE:
        said = ngettext("%(num)s second", "%(num)s seconds", seconds)
    elif seconds < 2 * _HOUR and seconds != _HOUR:
        said = ngettext("%(num)s minute", "%(num)s minutes", seconds // _MINUTE)
    elif seconds < 2 * _DAY:
        said = ngettext("%(num)s hour", "%(num)s hours", seconds // _HOUR)
    else:
        said = ngettext("%(num)s day", "%(num)s days", seconds // _DAY)
    return said


def say_event_state(state: str) -> str:
    """Name what became of an event.

    Args:
        state: Of ``StripeEvent``, or a filter of the desk.
    """
    words: dict[str, str] = {
        "received": _("Waiting"),
        "queued": _("Waiting"),
        "waiting": _("Waiting"),
        "applied": _("Processed"),
        "ignored": _("Nothing of ours"),
        "failed": _("Failed"),
    }
    return words[state]


def say_job_state(state: str) -> str:
    """Name how a job stands.

    Args:
        state: One of ``JOB_STATES``.
    """
    words: dict[str, str] = {"dead": _("Given up"), "waiting": _("Waiting"), "running": _("Running")}
    return words[state]


def say_job(name: str) -> str:
    """Name what a job does; one that has no words yet goes by its name.

    Args:
        name: As registered in ``commands/worker.py``.
    """
    words: dict[str, str] = {
        "answer_proof": _("Mail a way in"),
        "apply_event": _("Process an event from Stripe"),
        "article_changed": _("Let appeals rest when a story changes"),
        "catch_up": _("Fetch what Stripe has not delivered"),
        "check": _("Hold the books to their rules"),
        "correct_benefits": _("Correct receipts of members"),
        "count_donors": _("Count donors anew"),
        "deliver_hook": _("Tell other programs"),
        "deliver_mail": _("Send a letter"),
        "deliver_staff_mail": _("Send a letter to staff"),
        "digest": _("Send the daily digests"),
        "empty_inbox": _("Empty events of who was forgotten"),
        "endpoint": _("Ask Stripe about our endpoint"),
        "forget": _("Forget who asked for it"),
        "fund_products": _("Make funds’ products at Stripe"),
        "invite_staff": _("Mail a colleague their way in"),
        "lapse": _("Let memberships end"),
        "look": _("Look for problems"),
        "notices": _("Announce charges"),
        "post_offline_batch": _("Post a batch of offline gifts"),
        "read_import": _("Read a file of past gifts"),
        "renew_memberships_of": _("Measure some memberships anew"),
        "supporters": _("List supporters"),
        "read_source": _("Read a source of stories"),
        "read_sources": _("Read the sources of stories"),
        "reconcile": _("Compare the books with Stripe"),
        "remind": _("Send reminders"),
        "renew_memberships": _("Measure memberships anew"),
        "reports": _("Write saved reports"),
        "sweep": _("Ask Stripe about what has no end yet"),
        "tidy": _("Tidy up"),
        "write_export": _("Write an export"),
    }
    return words.get(name, name)
