"""What a used proof opens: a member's account, the staff's doorway, or one more address for who is signed in."""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import urlencode

from flask import redirect
from werkzeug.wrappers import Response

from donate.donors.come_in import LIFE
from donate.donors.follow import follow
from donate.donors.models import MemberSession
from donate.entry.models import AddressProof
from donate.entry.sessions import end_session
from donate.errors import NotFound
from donate.records.come_in import enter_account
from donate.records.link_address import link_address
from donate.records.notices import notify_linked
from donate.reports.readers import find_signed_in
from donate.team.come_in import enter_doorway
from donate.web import cookies
from donate.web.language import current_language, prefixed
from donate.web.next_path import safe_next
from donate.web.origin import device_words, network_hash
from donate.web.reader import forget_follows, kept_here
from donate.web.who import member_or_none


@dataclass(frozen=True)
class Entered:
    """Where to go, and the cookie that opens it.

    Args:
        to: A path of this site.
        kind: The cookie's; empty where none is given.
        secret: For it.
    """

    to: str
    kind: str = ""
    secret: str = ""

    def answer(self) -> Response:
        """Lead on, with the cookie; call after the commit."""
        response = redirect(self.to, 303)
        if self.kind == cookies.MEMBER:
            cookies.put_cookie(response, self.kind, self.secret, int(LIFE.whole.total_seconds()))
            # What the reader's cookie said of them stands in the account now.
            forget_follows(response)
        elif self.kind:
            cookies.put_cookie(response, self.kind, self.secret, None)
        return response


def enter(proof: AddressProof) -> Entered:
    """Do what a just used proof was asked for; call inside ``committed()``, so that a proof is not lost for nothing.

    Args:
        proof: Just used.

    Raises:
        NotFound: When there is nobody to come in as any more, or another browser asked for it.
    """
    if proof.purpose == "staff":
        _session, secret = enter_doorway(proof, device_words())
        query = urlencode({"next": safe_next(proof.next_path, prefixed("/staff", current_language()))})
        return Entered(f"{prefixed('/signin/second', current_language())}?{query}", cookies.STAFF, secret)
    if proof.purpose == "address":
        return _link(proof)
    _end_earlier()
    opened, secret = enter_account(proof, device_words(), network_hash())
    follow(opened.owner_id, kept_here().follows)
    to = safe_next(proof.next_path, prefixed("/account", current_language()))
    return Entered(to, cookies.MEMBER, secret)


def is_askers(proof: AddressProof) -> bool:
    """Tell whether one more address was asked for by who is signed in here: nobody else's press may link it."""
    here = member_or_none()
    return here is not None and proof.account == f"member:{here.donor.id}"


def _link(proof: AddressProof) -> Entered:
    here = member_or_none()
    if here is None or not is_askers(proof):
        raise NotFound("not_asked_here")
    linked = link_address(here.donor.id, proof.address, here.as_who())
    if linked.outcome != "own":
        notify_linked(here.donor, proof.address, proof.reference)
    return Entered(f"{prefixed('/account/sign-in', current_language())}?linked={linked.outcome}")


def _end_earlier() -> None:
    """A browser that comes in anew leaves no session behind it."""
    earlier = find_signed_in(cookies.read_cookie(cookies.MEMBER))
    if earlier is not None:
        end_session(MemberSession, earlier.session.owner_id, earlier.session.reference)
