"""What of a page is its reader's own: slots that a page drawn for many leaves open, and how they are filled.

A page for reading is drawn once an edition for everybody, and once for each kind of reader who sent a cookie of ours:
what differs between two of a kind is set into a copy. So nobody who is signed in waits for a page to be drawn.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from functools import lru_cache
from urllib.parse import quote

from flask import render_template, request
from markupsafe import Markup, escape

from donate.web.cookies import is_somebodys
from donate.web.language import current_language, prefixed
from donate.web.reader import kept_here, reader, signed_in_here
from donate.web.shelf import shelf
from donate.web.who import Member
from donate.web.why import ReaderWords, guest_counting, reader_words

# Stand where a reader's own words go; no text has these characters (Unicode's private use area).
_YEAR, _NAME = "\ue000year\ue000", "\ue000name\ue000"
_CARD, _WHY, _RESTED = "\ue000card\ue000", "\ue000why\ue000", "\ue000rested\ue000"
_BACK = "\ue000back\ue000"
#: What the address a press leads back to carries, so that the page says what came of it.
RESTED = "rested"
_FOR_MANY = "donate.for_many"


def kind_of_reader() -> str:
    """Name who shares a drawn page.

    Returns:
        ``reader``, ``member``, ``named`` for members who gave their name, or ``mend month`` and ``mend year`` for those
        whose card was refused.
    """
    refused = _refused()
    if refused is not None:
        return f"mend {refused.giving.refused_interval}"
    here = _member()
    if here is None:
        return "reader"
    return "named" if here.donor.first_name else "member"


@contextmanager
def drawing_for_many() -> Iterator[None]:
    """Leave the reader's own slots open in what is drawn meanwhile."""
    request.environ[_FOR_MANY] = True
    try:
        yield
    finally:
        del request.environ[_FOR_MANY]


def is_for_all() -> bool:
    """Tell whether what is drawn may be shown to others: a guest's page, or one with its reader's slots open."""
    return not is_somebodys(request.environ) or _FOR_MANY in request.environ


def thanked() -> tuple[str, str] | None:
    """Give (since which year, first name) of the member who reads, or their slots; none of anybody else."""
    here = _member()
    if here is None or here.member_since is None or _refused() is not None:
        return None
    if _FOR_MANY in request.environ:
        return _YEAR, _NAME if here.donor.first_name else ""
    return str(here.member_since.year), here.donor.first_name


def to_mend() -> tuple[str, str] | None:
    """Give (``month`` or ``year``, path of the promise's page) of the reader whose card was refused; else none."""
    here = _refused()
    if here is None:
        return None
    interval, reference = here.giving.refused_interval, here.giving.refused
    return interval, _CARD if _FOR_MANY in request.environ else card_path(reference)


def card_path(reference: str) -> str:
    """Give the path of the page where a promise's card is changed.

    Args:
        reference: The promise's.
    """
    return prefixed(f"/account/recurring/{reference}", current_language())


def why_reader() -> Markup:
    """Say what of the reader an ask depends on: of guests, nothing; else what is known, in a slot of its own."""
    if not is_somebodys(request.environ):
        return _drawn("components/why.html", facts=None, counting=guest_counting())
    return Markup(_WHY) if _FOR_MANY in request.environ else _why()  # noqa: S704  # a slot, no reader's words


def rested_note() -> Markup:
    """Say that no ask stands here for a while, on the page that a reader's press leads back to; else nothing."""
    if not is_somebodys(request.environ):
        return Markup()
    return Markup(_RESTED) if _FOR_MANY in request.environ else _rested()  # noqa: S704  # likewise


def follows(kind: str, slug: str) -> bool:
    """Tell whether the reader follows a section or a topic; of a page that is drawn for many, nobody does.

    Args:
        kind: ``section`` or ``topic``.
        slug: Its address.
    """
    return is_somebodys(request.environ) and _FOR_MANY not in request.environ and (kind, slug) in reader().follows


def fill(page: str) -> str:
    """Set the reader's own words and signs into a page that was drawn for many."""
    here = _member()
    if here is not None and here.member_since is not None:
        page = page.replace(_YEAR, str(here.member_since.year)).replace(_NAME, str(escape(here.donor.first_name)))
    refused = _refused()
    if refused is not None:
        page = page.replace(_CARD, card_path(refused.giving.refused))
    if _WHY in page:
        page = page.replace(_WHY, _why())
    page = page.replace(_RESTED, _rested())
    for kind, slug in reader().follows:
        page = page.replace(press_of(kind, slug, is_on=False), press_of(kind, slug, is_on=True))
    return page


def press_of(kind: str, slug: str, *, is_on: bool) -> str:
    """Write what of a button says whether something is followed.

    Args:
        kind: ``section`` or ``topic``.
        slug: Its address.
        is_on: Whether it is.
    """
    name, pressed = ("unfollow", "true") if is_on else ("follow", "false")
    return f'name="{name}" value="{escape(kind)}/{escape(slug)}" aria-pressed="{pressed}"'


def _member() -> Member | None:
    """Give the member who reads, where they are one now."""
    here = signed_in_here() if is_somebodys(request.environ) else None
    return here if here is not None and here.member_since is not None else None


def _refused() -> Member | None:
    """Give the donor who reads, where their card was refused and may still be mended."""
    here = signed_in_here() if is_somebodys(request.environ) else None
    return here if here is not None and here.giving.refused else None


def _why() -> Markup:
    panel = _panel(reader_words(shelf().out_now().day), request.script_root)
    return Markup(panel.replace(_BACK, str(escape(prefixed(quote(request.path), current_language())))))  # noqa: S704


@lru_cache(maxsize=1024)
def _panel(words: ReaderWords, _root: str) -> str:
    # Drawn once for all of whom the same is known; what differs by page is the way back to it.
    return str(_drawn("components/why.html", facts=words.facts, counting=words.counting, back=_BACK))


def _rested() -> Markup:
    kept = kept_here()
    if not request.args.get(RESTED) or kept.quiet_until is None or kept.quiet_until < shelf().out_now().day:
        return Markup()
    return _drawn("components/rested.html", until=kept.quiet_until, reason=kept.quiet_reason)


def _drawn(template: str, **values: object) -> Markup:
    return Markup(render_template(template, **values))  # noqa: S704  # a template of ours, escaped as every other
