"""The token of forms behind a sign-in: it is worth something only beside the cookie it was made for."""

from __future__ import annotations

import hmac

from flask import Response, request
from markupsafe import Markup

from donate import references
from donate.web import cookies
from donate.web.access import DOORWAY, MEMBER, STAFF, rule_here

FIELD = "csrf_token"
#: What takes posts without such a token, and how else it tells its own from others'.
EXEMPT = {
    "give.send": "no cookie to bind to: the form's own token, and the Origin",
    "news.follow": "pages that anyone keeps carry no token: the Origin",
    "news.forget": "the same page as anybody's: the Origin",
    "news.rest_from_asks": "pages that anyone keeps carry no token: the Origin",
    "news.ask_me_again": "likewise",
    "news.choose_counting": "likewise",
    "news.erase_kept": "it empties one cookie and nothing else: the Origin",
    "news.seen": "a page's script: the Origin",
    "news.prove_gift": "it sets no cookie to bind to: the Origin, and the limits of letters",
    "news.rest_of_giver": "the signed hint in its address, and the Origin",
    "give.another_card": "the key of the letter's own link",
    "give.pay_elsewhere": "the key of the gift's own link, and the Origin",
    "give.send_receipt": "the key of the gift's own link",
    "give.ask_to_remind": "a page for anyone, without any cookie: the Origin",
    "give.stop_reminders": "the signed key in its address, as for letters.stop",
    "signin.accept_address": "the signed key in its address, and the Origin",
    "letters.stop": "the signed key in its address: a mail program's button brings neither cookie nor page",
    "hooks.stripe_event": "Stripe's signature over the body",
    "api.article_changed": "a bearer token",
}
_SAFE = frozenset({"GET", "HEAD", "OPTIONS", "TRACE"})
_FRESH = "donate.visitor"


def csrf_token() -> str:
    """Give the token for forms of the page being answered; a browser without a cookie gets one with the page."""
    return references.sign("csrf", *_bound_to(may_begin=True))


def csrf_field() -> Markup:
    """Give the hidden field that every form of a signed-in page begins with."""
    return Markup('<input type="hidden" name="{}" value="{}">').format(FIELD, csrf_token())


def is_forged() -> bool:
    """Tell whether a request would change something and does not carry the token of its own cookie."""
    if request.method in _SAFE or request.endpoint in EXEMPT:
        return False
    kind, secret = _bound_to(may_begin=False)
    given = request.form.get(FIELD, "")
    return not secret or not hmac.compare_digest(given.encode(), references.sign("csrf", kind, secret).encode())


def visitor(*, may_begin: bool = False) -> str:
    """Give the secret of the browser's sign-in cookie.

    Args:
        may_begin: Whether a browser that has none gets one with the answer; else it is empty.
    """
    if may_begin and not request.environ.get(_FRESH) and not cookies.read_cookie(cookies.VISITOR):
        request.environ[_FRESH] = references.new_secret()
    return str(request.environ.get(_FRESH) or cookies.read_cookie(cookies.VISITOR))


def keep_visitor(response: Response) -> Response:
    """Give a browser the cookie that its page's forms were bound to, where it had none."""
    fresh = request.environ.get(_FRESH)
    if fresh:
        cookies.put_cookie(response, cookies.VISITOR, str(fresh), None)
    return response


def _bound_to(*, may_begin: bool) -> tuple[str, str]:
    audience = rule_here().audience
    if audience == MEMBER:
        return cookies.MEMBER, cookies.read_cookie(cookies.MEMBER)
    if audience in (STAFF, DOORWAY):
        return cookies.STAFF, cookies.read_cookie(cookies.STAFF)
    return cookies.VISITOR, visitor(may_begin=may_begin)
