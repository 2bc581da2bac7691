"""Who may open a page: every endpoint is on the list of public ones, or its view names a rule."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeVar

from flask import current_app, request

from donate.connections.tokens import SCOPES
from donate.team.permissions import PERMISSIONS

View = TypeVar("View", bound=Callable[..., Any])

#: Pages and addresses for anyone. A new one is added here with thought; what is missing is refused.
PUBLIC = frozenset({
    "news.front", "news.article", "news.section", "news.topic", "news.browse", "news.search", "news.privacy",
    "news.terms", "news.accessibility", "news.contact", "news.feed", "news.section_feed", "news.robots",
    "news.sitemap", "news.sitemap_articles", "news.sitemap_pages", "news.look_css", "news.logo",
    "news.supporters", "news.my_news", "news.follow", "news.forget",
    "news.asks", "news.why_asks", "news.rest_from_asks", "news.ask_me_again", "news.choose_counting", "news.erase_kept",
    "news.seen", "news.already_gave", "news.prove_gift", "news.shown_gift", "news.rest_of_giver", "news.come_from",
    "give.donate", "give.send", "give.gift", "give.receipt_pdf", "give.send_receipt", "give.appeal",
    "give.card", "give.another_card", "give.pay", "give.pay_elsewhere",
    "give.remind", "give.ask_to_remind", "give.way_out_of_reminders", "give.stop_reminders",
    "signin.ask", "signin.send", "signin.ask_staff", "signin.send_staff", "signin.code", "signin.use_code",
    "signin.link", "signin.use_link", "signin.new_address", "signin.accept_address",
    "api.article_changed", "api.ask", "api.embed", "api_v1.openapi", "hooks.stripe_event",
    "letters.way_out", "letters.stop", "letters.forgotten",
    "ops.alive", "ops.ready", "ops.metrics",
    # Only beside the sandbox, and only for this machine itself.
    "demo.outbox", "demo.message", "demo.html",
})  # fmt: skip

MEMBER, STAFF, DOORWAY, TOKEN, ANYONE = "member", "staff", "doorway", "token", "anyone"


@dataclass(frozen=True)
class Rule:
    """What a page asks of who opens it.

    Args:
        audience: ``anyone``, ``member``, ``staff``, ``doorway``: staff whose second factor is still to be shown, or
            ``token``: a program that reads.
        permission: What a staff member's role must allow; of a token, the scope it must have.
        is_fresh: Whether the second factor must have been shown within the last minutes.
        names_people: Whether a token that may see names is answered with names.
        most_bytes: How large what is sent may be, where a page takes a file; 0 for what every page takes.
    """

    audience: str
    permission: str = ""
    is_fresh: bool = False
    names_people: bool = False
    most_bytes: int = 0


def for_members(view: View) -> View:
    """Let a page be opened by a signed-in member, who sees their own and nobody else's."""
    return _mark(view, Rule(MEMBER))


def in_doorway(view: View) -> View:
    """Let a page be opened by staff who came in by mail and have not shown their second factor yet."""
    return _mark(view, Rule(DOORWAY))


def needs(permission: str, *, fresh: bool = False, most_bytes: int = 0) -> Callable[[View], View]:
    """Let a page be opened by staff whose role allows something.

    Args:
        permission: One of ``PERMISSIONS``.
        fresh: For what must not be done from a desk somebody left open: the second factor is asked for again when it
            was not shown within the last minutes.
        most_bytes: How large a file it takes, with its form; 0 where it takes none.
    """
    if permission not in PERMISSIONS:
        raise ValueError(f"no such permission: {permission}")
    return lambda view: _mark(view, Rule(STAFF, permission, fresh, most_bytes=most_bytes))


def for_tokens(scope: str, *, names_people: bool = False) -> Callable[[View], View]:
    """Let an address be read by programs whose token has a scope.

    Args:
        scope: One of ``SCOPES``.
        names_people: Whether names stand in its answers, for a token that may see them.
    """
    if scope not in SCOPES:
        raise ValueError(f"no such scope: {scope}")
    return lambda view: _mark(view, Rule(TOKEN, scope, names_people=names_people))


def rule_of(endpoint: str | None) -> Rule | None:
    """Give an endpoint's rule; none where nobody thought of one.

    Args:
        endpoint: Such as ``account.gifts``.
    """
    if endpoint in PUBLIC:
        return Rule(ANYONE)
    view = current_app.view_functions.get(endpoint or "")
    return getattr(view, "_rule", None)


def rule_here() -> Rule:
    """Give the rule of the page being answered; an address that leads nowhere is anyone's."""
    return rule_of(request.endpoint) or Rule(ANYONE)


def _mark(view: View, rule: Rule) -> View:
    view._rule = rule  # type: ignore[attr-defined]
    return view
