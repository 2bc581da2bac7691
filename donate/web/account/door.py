"""The members' door's blueprint, apart from its views so that they can share it."""

from __future__ import annotations

from flask import Blueprint

from donate.web.who import member_or_none

account = Blueprint("account", __name__, url_prefix="/account")


@account.app_template_global("own_language")
def own_language() -> str:
    """Tell the language of a member's account, which their letters come in; empty of nobody."""
    here = member_or_none()
    return here.donor.language if here is not None else ""
