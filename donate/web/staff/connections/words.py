"""Hooks, deliveries and tokens in the words an owner reads."""

from __future__ import annotations

from flask_babel import gettext as _
from flask_babel import ngettext

from donate.connections.models import Hook, HookTry
from donate.errors import Unreadable
from donate.reach.post import TOTAL_SECONDS


def say_event(kind: str) -> str:
    """Say what happened.

    Args:
        kind: Of ``connections.kinds``.
    """
    words: dict[str, str] = {
        "gift.succeeded": _("A gift arrived"),
        "gift.refunded": _("A gift was given back, whole or in part"),
        "gift.refund_failed": _("A refund failed after all"),
        "gift.disputed": _("A giver’s bank asks for a gift back"),
        "gift.dispute_closed": _("A dispute ended"),
        "recurring.started": _("A recurring gift began"),
        "recurring.changed": _("A recurring gift changed: its amount, dates, rest or state"),
        "recurring.ended": _("A recurring gift ended"),
        "donor.joined": _("Two donors turned out to be one"),
        "donor.erased": _("A donor was forgotten"),
        "test": _("A test event"),
    }
    return words.get(kind, kind)


def say_scope(scope: str) -> str:
    """Say what a token may read.

    Args:
        scope: Of ``connections.tokens.SCOPES``.
    """
    words: dict[str, str] = {
        "donors:read": _("Donors, and names and e-mail addresses wherever somebody gave"),
        "gifts:read": _("Gifts"),
        "recurring:read": _("Recurring gifts"),
        "appeals:read": _("Appeals and what they raised"),
    }
    return words[scope]


def say_life(days: int) -> str:
    """Say how long a token works.

    Args:
        days: 0 is without end.
    """
    return str(ngettext("%(num)d day", "%(num)d days", days) if days else _("Until it is revoked"))


def say_state(state: str) -> str:
    """Say how a delivery stands."""
    words: dict[str, str] = {
        "waiting": _("Waiting"),
        "delivered": _("Arrived"),
        "given_up": _("Given up"),
        "held": _("Held"),
    }
    return words[state]


def say_hook(hook: Hook) -> str:
    """Say how a hook stands, in a word or two."""
    words: dict[str, str] = {
        "": _("Failing") if hook.failing_since is not None else _("On"),
        "person": _("Off"),
        "failing": _("Off after five days without an arrival"),
        "gone": _("Off: its program is gone"),
    }
    return words[hook.off_because]


def say_try(tried: HookTry) -> str:
    """Say what a try came to."""
    if tried.status is not None:
        return str(_("It answered %(status)d.", status=tried.status))
    words: dict[str, str] = {
        "no_answer": _("Nobody answered."),
        "not_trusted": _("Its certificate can’t be trusted."),
        "too_slow": _("It did not answer within %(seconds)d seconds.", seconds=int(TOTAL_SECONDS)),
        "broken_answer": _("What came back was no HTTP answer."),
        "address_private": _("Its name leads into a private network, so nothing was sent."),
        "name_unknown": _("Its name was not found."),
    }
    return words.get(tried.problem) or str(_("Its address can’t be used any more."))


def say_address_problem(why: Unreadable) -> str:
    """Say why an address can't be a hook's, and what to do."""
    host, port = str(why.values.get("host", "")), str(why.values.get("port", ""))
    secure = _("Use an address that begins with https://, so that nobody reads along on the way.")
    words: dict[str, str] = {
        "address_scheme": secure,
        "not_https": secure,
        "address_credentials": _("Leave name and password out of the address: our signature proves who sends."),
        "address_port": _("Only the usual port is used: leave “:%(port)s” out of the address.", port=port),
        "address_private": _("%(host)s is on a private network or on this machine: use a public address.", host=host),
        "name_unknown": _("There is no %(host)s to be found. Look for a slip in the name.", host=host),
    }
    return words.get(why.message) or str(_("Give the whole address, such as https://crm.example.org/in."))
