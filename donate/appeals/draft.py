"""Begin an appeal as a draft: from a form, or as a copy of another."""

from __future__ import annotations

from dataclasses import replace

from donate.appeals.contents import Contents, contents_of, write_contents
from donate.appeals.models import Appeal
from donate.appeals.queries import find_appeal
from donate.appeals.snapshot import keep_version
from donate.db import db
from donate.errors import AppealRefused
from donate.team.history import Who, record_history


def draft_appeal(contents: Contents, who: Who, *, copied_from: str = "") -> Appeal:
    """Write a new appeal that nobody sees yet; call inside ``committed()``.

    Args:
        contents: Sanitised.
        who: Who writes it.
        copied_from: The address of the appeal it was copied from, if it was.

    Raises:
        AppealRefused: ``address_taken`` (slug).
    """
    if find_appeal(contents.slug) is not None:
        raise AppealRefused("address_taken", slug=contents.slug)
    appeal = Appeal(slug=contents.slug, status="draft", version=1)
    write_contents(appeal, contents)
    db.session.add(appeal)
    keep_version(appeal, who)
    how = {"copied_from": copied_from} if copied_from else {}
    record_history(who, "draft_appeal", "appeal", appeal.slug, after={"version": appeal.version, **how})
    return appeal


def copy_appeal(appeal: Appeal, slug: str, who: Who) -> Appeal:
    """Begin a draft with another appeal's contents, under an address of its own; call inside ``committed()``.

    Its days stay behind: an appeal that is copied has mostly had them.

    Args:
        appeal: What is copied.
        slug: The draft's address.
        who: Who copies it.

    Raises:
        AppealRefused: ``address_taken`` (slug).
    """
    contents = replace(contents_of(appeal), slug=slug, starts_on=None, ends_on=None)
    return draft_appeal(contents, who, copied_from=appeal.slug)
