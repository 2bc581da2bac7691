"""One news page of HTML: trafilatura finds the story in it, the page's own paragraphs are what is taken."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from typing import Any, BinaryIO

from donate.articles.importers.byline import is_date_line, read_byline
from donate.articles.importers.encoding import read_markup
from donate.articles.importers.identity import identify
from donate.articles.importers.language import language_of
from donate.articles.importers.lead_picture import lift_lead_picture, picture_name
from donate.articles.importers.moment import read_iso_moment, read_rfc_moment
from donate.articles.importers.page_facts import PageFacts, read_page_facts
from donate.articles.importers.paragraphs import lift_dateline, plain, to_paragraphs
from donate.articles.story import Skipped, Story
from donate.errors import Unreadable

LARGEST = 5 * 1024 * 1024
_MOST_BLOCKS = 20_000
_MOST_LOOKS = 1000
_BLOCKS = ("p", "h2", "h3", "h4", "ul", "ol", "blockquote", "figure", "pre", "table", "dl")
_FURNITURE = re.compile(
    r"(?i)\b(related|newsletter|share|sharing|social|promo|advert\w*|sponsor\w*|subscribe|subscription|donate|comments?"
    r"|breadcrumbs?|author-bio|read-?more|tags?|byline|dateline|timestamp|signup|paywall|banner|nav|menu|footer)\b"
)


def read_html_page(
    file: BinaryIO, what: object, *, zone: str, address: str = "", told: str = ""
) -> Iterator[Story | Skipped]:
    """Read the story of a page.

    Args:
        file: Open for reading, at most 5 MB.
        what: Its name, for messages.
        zone: The newsroom's.
        address: Where it was fetched, if it was.
        told: The encoding its answer's header said.

    Raises:
        Unreadable: ``extra_missing``, ``no_story``, and what ``read_markup`` says.
    """
    text = re.sub(r"^\s*<\?xml[^>]*\?>", "", read_markup(file, what, most=LARGEST, told=told))
    page, found = _extract(text, address)
    facts = read_page_facts(page, address)
    blocks = _story_blocks(page, found)
    story, deck, byline = _part(blocks, facts)
    dateline, body = lift_dateline(to_paragraphs("\n".join(story), base=facts.address))
    body, caption = lift_lead_picture(body, facts.image, _lead_caption(page, facts.image))
    if not plain(body):
        raise Unreadable("no_story")
    source, guid = identify(facts.address, facts.address, str(what))
    yield Story(
        source=source,
        guid=guid or facts.headline,
        headline=facts.headline,
        body_html=body,
        language=language_of(f"{facts.headline} {plain(body[:4000])}", facts.language),
        deck=deck,
        dateline=dateline,
        byline=facts.byline or byline,
        image=facts.image,
        image_alt=facts.image_alt,
        image_caption=caption,
        sections=facts.sections,
        topics=facts.topics,
        published_at=read_iso_moment(facts.published, zone) or read_rfc_moment(facts.published),
        canonical_url=facts.address,
    )


def _extract(text: str, address: str) -> tuple[Any, list[str]]:
    """Parse a page, and list the lines that trafilatura takes for the story."""
    try:
        # An extra, and slow to load: only an import of a page needs them.
        import lxml.etree
        import lxml.html
        import trafilatura
    except ImportError as problem:
        raise Unreadable("extra_missing") from problem
    parser = lxml.html.HTMLParser(encoding="utf-8", remove_comments=True, remove_pis=True)
    try:
        page = lxml.html.document_fromstring(text.encode(), parser=parser)
    except (ValueError, lxml.etree.ParserError) as problem:
        raise Unreadable("no_story") from problem
    # Without its deduplication: a sentence that a story repeats is part of it.
    found = trafilatura.bare_extraction(text, url=address or None, include_comments=False, deduplicate=False)
    if found is None or isinstance(found, dict) or not found.text:
        raise Unreadable("no_story")
    return page, [line for line in (_words(line) for line in found.text.split("\n")) if line]


def _story_blocks(page: Any, found: list[str]) -> list[str]:
    """Take the page's own blocks that trafilatura found, with what it dropped between them."""
    joined = "\n".join(found)
    blocks = [block for block in page.iter(*_BLOCKS, "div") if _is_outermost(block)][:_MOST_BLOCKS]
    finder = _Finder(set(found), joined)
    is_found = [finder.has(block) for block in blocks]
    if not any(is_found):
        return [f"<p>{_escaped(line)}</p>" for line in found]
    first = is_found.index(True)
    last = len(is_found) - 1 - is_found[::-1].index(True)
    homes = Counter(block.getparent() for block, yes in zip(blocks, is_found, strict=True) if yes)
    taken = [
        block
        for block, yes in zip(blocks[first : last + 1], is_found[first : last + 1], strict=True)
        if yes or _belongs(block, homes)
    ]
    words = _words(" ".join(block.text_content() for block in taken))
    # Where most lines are missing, the page is built in another way: then trafilatura's own lines are better.
    if sum(len(line) for line in found if line in words) * 2 < len(joined):
        return [f"<p>{_escaped(line)}</p>" for line in found]
    return [_html(block) for block in taken]


def _is_outermost(block: Any) -> bool:
    if block.tag == "div":
        return next(block.iter(*_BLOCKS, "h1"), None) is None and not any(True for _ in block.iterdescendants("div"))
    return not any(parent.tag in _BLOCKS for parent in block.iterancestors())


class _Finder:
    """Tells which of a page's blocks trafilatura took for the story."""

    def __init__(self, known: set[str], joined: str) -> None:
        self._known, self._joined = known, joined
        # A page of nothing but blocks that are not found must not take for ever.
        self._looks = _MOST_LOOKS

    def has(self, block: Any) -> bool:
        """Tell whether a block's words, or those of a line or item in it, were found."""
        words = _words(block.text_content())
        if not words or block.tag == "figure":
            return False
        if words in self._known:
            return True
        self._looks -= 1
        if self._looks < 0:
            return False
        if len(words) > 40 and words in self._joined:
            return True
        lines = [plain(line) for line in to_paragraphs(_html(block)).split("\n")]
        items = [_words(each.text_content()) for each in block.iter("li", "td", "p")]
        return any(line in self._known for line in (*lines, *items) if len(line) > 20)


def _belongs(block: Any, homes: Counter[Any]) -> bool:
    """Tell whether a block between two of the story is of it too: a sibling, and no furniture."""
    if homes[block.getparent()] < 2 or block.tag not in ("p", "blockquote", "figure", "pre"):
        return False
    return not _FURNITURE.search(f"{block.get('class') or ''} {block.get('id') or ''}")


def _part(blocks: list[str], facts: PageFacts) -> tuple[list[str], str, str]:
    """Part what a page prints above the story from the story: headline, deck, names, date."""
    deck, byline = facts.deck, ""
    printed = False
    at = 0
    for block in blocks[:6]:
        words = plain(block)
        named = read_byline(words)
        if words == facts.headline or is_date_line(words):
            at += 1
        elif named:
            byline = byline or named[0]
            at += 1
        elif deck and words == deck and not printed:
            printed = True
            at += 1
        else:
            break
    rest = blocks[at:]
    cut = re.sub(r"\s*\[?(…|\.\.\.)\]?$", "", deck)
    # Many pages describe themselves by their first sentences.
    if cut and _words(plain(" ".join(rest))).startswith(_words(cut)[:120]):
        deck = ""
    return rest, deck, byline


def _lead_caption(page: Any, image: str) -> str:
    name = picture_name(image)
    for figure in page.iter("figure"):
        pictures = [each.get("src") or each.get("data-src") or "" for each in figure.iter("img")]
        caption = figure.find(".//figcaption")
        if name and caption is not None and any(picture_name(each) == name for each in pictures):
            return plain(caption.text_content())
    return ""


def _html(block: Any) -> str:
    for picture in block.iter("img"):
        # Pictures that wait for scripts keep their address elsewhere.
        if not (picture.get("src") or "").startswith(("http", "/")) and picture.get("data-src"):
            picture.set("src", picture.get("data-src"))
    # Loaded with the page, for it is one of its elements.
    import lxml.html

    return str(lxml.html.tostring(block, encoding="unicode", with_tail=False))


def _words(text: str) -> str:
    return re.sub(r"\s+", " ", text).strip().removeprefix("- ")


def _escaped(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;")
