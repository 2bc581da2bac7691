"""Being forgotten: what goes, what stays and why, proven by a fresh sign-in, so that an open browser is not enough."""

from __future__ import annotations

from datetime import timedelta

from flask import make_response, redirect, render_template, request
from flask.typing import ResponseReturnValue

from donate import clock
from donate.db import committed
from donate.donors.queries import find_main_email
from donate.entry.ask import ask_proof, wait_to_ask
from donate.errors import NotFound
from donate.fulfillment.forget_person import forget_person
from donate.receipts.locking import OTHERWISE, YEARS
from donate.records.erase import ask_erasure
from donate.records.queries import find_erasure
from donate.web import cookies, csrf
from donate.web.access import for_members
from donate.web.account.door import account
from donate.web.language import current_language, prefixed
from donate.web.origin import network
from donate.web.reading import newsroom
from donate.web.wait import wait_page
from donate.web.who import member

PAGE = "/account/erase"
#: A session begun so lately was proven by whoever reads the mailbox, not by whoever found the browser open.
FRESH = timedelta(minutes=15)


@account.get("/erase")
@for_members
def erase() -> ResponseReturnValue:
    """Show what goes, what stays and why."""
    return _page()


@account.post("/erase/prove")
@for_members
def prove_again() -> ResponseReturnValue:
    """Mail a link and a code to the member, which lead back here with a fresh session."""
    here = member()
    main = find_main_email(here.donor.id)
    if main is None:
        raise NotFound("address_missing")
    wait = wait_to_ask(network(), main.email, f"member:{here.donor.id}")
    if wait:
        return wait_page(wait, _here())
    with committed():
        ask_proof("member", main.email, current_language(), next_path=_here(), browser=csrf.visitor(may_begin=True))
    return redirect(prefixed("/signin/code", current_language()), 303)


@account.post("/erase")
@for_members
def erase_me() -> ResponseReturnValue:
    """Forget the member: billing first, then all that says who they are."""
    here = member()
    if not _is_fresh():
        return redirect(_here(), 303)
    if request.form.get("understood") != "1":
        return _page(problem=True, status=422)
    with committed():
        wish_id = ask_erasure(here.donor, "member", here.as_who()).id
    if forget_person(wish_id).erased_at is None:
        return redirect(_here(), 303)
    response = redirect(prefixed("/goodbye", current_language()), 303)
    cookies.drop_cookie(response, cookies.MEMBER)
    return response


def _is_fresh() -> bool:
    return clock.real_now() - member().session.started_at < FRESH


def _here() -> str:
    return prefixed(PAGE, current_language())


def _page(*, problem: bool = False, status: int = 200) -> ResponseReturnValue:
    here = member()
    page = render_template(
        "account/erase.html",
        is_fresh=_is_fresh(),
        main=find_main_email(here.donor.id),
        wish=find_erasure(here.donor.id),
        years=YEARS.get(newsroom().country, OTHERWISE),
        problem=problem,
    )
    return make_response(page, status)
