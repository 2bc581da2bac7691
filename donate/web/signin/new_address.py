"""Say yes to letters at a new address: what the desk was asked for, pressed in the new mailbox."""

from __future__ import annotations

from flask import abort, make_response, render_template, request
from flask.typing import ResponseReturnValue

from donate import references
from donate.db import committed
from donate.donors.models import AddressChange
from donate.donors.queries import find_address_change
from donate.records.readdress import accept_new_address, is_open
from donate.web.addresses import masked
from donate.web.headers import site_url
from donate.web.origin import is_from_elsewhere, network_hash
from donate.web.signin.door import signin


@signin.get("/new-address/<reference>")
def new_address(reference: str) -> ResponseReturnValue:
    """Show what the press would do: mail programs open links by themselves, and that must not be a yes."""
    key = request.args.get("key", "")
    change = _found(reference, key)
    return _page(change, key)


@signin.post("/new-address/<reference>")
def accept_address(reference: str) -> ResponseReturnValue:
    """Write to the new address from now on."""
    if is_from_elsewhere(request, site_url()):
        abort(400)
    key = request.form.get("key", "")
    change = _found(reference, key)
    if change is not None:
        with committed():
            accept_new_address(reference, network_hash())
        change = find_address_change(reference)
    return _page(change, key)


def _found(reference: str, key: str) -> AddressChange | None:
    if not references.is_reference(reference) or not references.is_signed(key, "new-address", reference):
        return None
    return find_address_change(reference)


def _page(change: AddressChange | None, key: str) -> ResponseReturnValue:
    is_done = change is not None and change.state == "done"
    is_asked = is_open(change)
    page = render_template(
        "signin/new_address.html",
        change=change,
        address=masked(change.email) if change is not None else "",
        key=key,
        is_done=is_done,
        is_asked=is_asked,
    )
    response = make_response(page, 200 if is_done or is_asked else 410)
    response.headers["Referrer-Policy"] = "no-referrer"
    return response
