"""The few marks a letter's words may carry: paragraphs, bold and links, written as text and as safe HTML. Pure."""

from __future__ import annotations

import re
from collections.abc import Callable
from html import escape, unescape

from markupsafe import Markup

#: Gives what stands for a placeholder: its name, and what is said where nothing is known.
Fill = Callable[[str, str], str]

_SLOT = re.compile(r"\{([^{}|]*)(?:\|([^{}]*))?\}")
_LINK = re.compile(r"\[([^\]\n]+)\]\(([^)\s]*)\)")
_BOLD = re.compile(r"\*\*(?=\S)(.+?)(?<=\S)\*\*")
_BARE = re.compile(r"(?<![\w\"=/>])(https://[^\s<>\"]*[\w/])")
_MARKED = re.compile(f"{_LINK.pattern}|{_BARE.pattern}")
_PARTED = re.compile(r"\n[ \t]*\n+")
_STYLE = "color:#5b1d4d"


def list_slots(text: str) -> list[tuple[str, bool]]:
    """List a text's placeholders in their order: each name, and whether it says what stands where nothing is known."""
    return [(found[1].strip(), found[2] is not None) for found in _SLOT.finditer(text)]


def list_links(text: str) -> list[str]:
    """List where a text's links lead, as typed."""
    return [found[2] for found in _LINK.finditer(text)]


def may_lead_to(address: str) -> bool:
    """Tell whether a link in a letter may lead somewhere: to a page by https, or to an address to write to."""
    return re.fullmatch(r"https://[^\s{}\"<>]+|mailto:[^\s{}\"<>]+@[^\s{}\"<>]+", address) is not None


def fill_line(text: str, fill: Fill) -> str:
    """Write one line, such as a subject, with what its placeholders stand for; it carries no other marks."""
    return " ".join(_SLOT.sub(lambda found: fill(found[1].strip(), found[2] or ""), text).split())


def fill_text(text: str, fill: Fill) -> str:
    """Write a text as plain text: bold without its stars, a link's words with its address behind."""
    plain = _LINK.sub(lambda found: found[1] if found[1] == found[2] else f"{found[1]}: {_shown(found[2])}", text)
    plain = _BOLD.sub(lambda found: found[1], plain)
    return _SLOT.sub(lambda found: fill(found[1].strip(), found[2] or ""), plain).strip()


def fill_html(text: str, fill: Fill) -> list[Markup]:
    """Write a text as paragraphs of HTML in which nothing stands but bold, links and line breaks.

    Placeholders are filled last, so that no mark in a giver's name is read as one.
    """
    return [_paragraph(part, fill) for part in _PARTED.split(text.strip()) if part.strip()]


def _paragraph(part: str, fill: Fill) -> Markup:
    marked, at = [], 0
    for found in _MARKED.finditer(part):
        marked += [escape(part[at : found.start()]), _link(found)]
        at = found.end()
    marked.append(escape(part[at:]))
    bold = _BOLD.sub(r"<strong>\1</strong>", "".join(marked))
    filled = _SLOT.sub(lambda found: escape(fill(found[1].strip(), unescape(found[2] or ""))), bold)
    return Markup(filled.strip().replace("\n", "<br>\n"))  # noqa: S704  # every part was escaped above


def _link(found: re.Match[str]) -> str:
    words, address = (found[1], found[2]) if found[2] is not None else (found[3], found[3])
    if not may_lead_to(address):
        return escape(words)
    # A star within an address is no mark.
    return f'<a href="{escape(address).replace("*", "%2A")}" style="{_STYLE}">{escape(words)}</a>'


def _shown(address: str) -> str:
    return address.removeprefix("mailto:")
