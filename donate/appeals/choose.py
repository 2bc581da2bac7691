"""Choose what asks on a page, and say why nothing else does: pure, over plain values."""

from __future__ import annotations

import hashlib
import itertools
import math
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

from donate.appeals.campaign import Ask, Campaign
from donate.appeals.filters import ANYWHERE, CLOSENESS, FILTERS, FOR_ALL, IN_THE_PLACE, closeness, passes
from donate.appeals.rules import PLACEMENTS
from donate.appeals.situation import GUEST, PageFacts, ReaderFacts, Situation

# What a reader sees where copies run: which words, or none so that the appeal's effect can be told.
COPY_A, COPY_B, HELD = "a", "b", "held"
# Multiplied by one of these, the hundred numbers of browsers come in another order, each of them once.
_SHUFFLES = [factor for factor in range(100) if math.gcd(factor, 100) == 1]

#: An appeal behind what it is sorted by: the evergreen one last, then priority, the closeness of a tie, the address.
_Ranked = tuple[bool, int, int, str, Campaign]


@dataclass(frozen=True)
class PageAsks:
    """What asks on one page: one appeal in view at most.

    Args:
        inline: Between the paragraphs.
        end: At the story's end; where both stand they are of one appeal.
        header: Whom the header's line credits; None is no line.
        footer: Whom the footer's line credits; never below a letter at the end.
        held: The address of the appeal that a reader of its holdback group does not see.
    """

    inline: Ask | None = None
    end: Ask | None = None
    header: Ask | None = None
    footer: Ask | None = None
    held: str = ""

    @property
    def main(self) -> Ask | None:
        """The appeal that asks within the page."""
        return self.end or self.inline

    def has(self, ask: Ask) -> bool:
        """Tell whether an ask is one of these very ones."""
        return any(ask is each for each in (self.inline, self.end, self.header, self.footer))

    @property
    def mark(self) -> str:
        """Tell these asks from others on the same page: what a drawn page is kept by."""
        asks = (self.inline, self.end, self.header, self.footer)
        return " ".join(f"{ask.slug}.{ask.variant}" if ask else "-" for ask in asks) + f" {self.held}"


#: A page where nothing asks.
NOTHING = PageAsks()


@dataclass(frozen=True)
class Chosen:
    """The appeal that was chosen for one placement.

    Args:
        copy: ``a``, ``b``, ``held``; empty where it has only one.
    """

    campaign: Campaign
    copy: str


class Index:
    """Appeals by what they are tied to and the languages they are written in, each list in the order of asking.

    Args:
        campaigns: All that may be considered.
    """

    def __init__(self, campaigns: Iterable[Campaign]) -> None:
        self.campaigns = tuple(campaigns)
        self._named = {each.slug: each for each in self.campaigns}
        self._by: dict[tuple[str, str, str], list[_Ranked]] = {}
        for each in self.campaigns:
            ties = each.targets | ({("all", "")} if each.is_evergreen else frozenset())
            for language in each.languages:
                for kind, slug in ties:
                    self._by.setdefault((language, kind, slug), []).append(_rank(each, CLOSENESS[kind]))
        for ranked in self._by.values():
            ranked.sort()

    def find(self, slug: str) -> Campaign | None:
        """Find an appeal by its address."""
        return self._named.get(slug)

    def targets_of(self, slug: str) -> frozenset[tuple[str, str]]:
        """Tell what an appeal is tied to; nothing of one that is not here."""
        found = self._named.get(slug)
        return found.targets if found is not None else frozenset()

    def candidates(self, page: PageFacts) -> Iterator[Campaign]:
        """Go through the appeals tied to a page, the first to be asked first; an appeal tied twice comes once."""
        ties = [("article", page.article), *page.topic_ties, ("section", page.section), ("all", "")]
        lists = [found for kind, slug in ties if (found := self._by.get((page.language, kind, slug)))]
        if len(lists) == 1:
            return (each for *_rank, each in lists[0])
        # An appeal tied in two ways is met first by its closest tie, and so in its place. Lists that are in order each
        # are merged by sorting them together: nothing that could be written here is as fast.
        return _once(each for *_rank, each in sorted(itertools.chain(*lists)))


def choose(index: Index, *situations: Situation) -> dict[str, Chosen]:
    """Choose which appeal asks in each of some placements of one page, for one reader.

    The higher priority goes first, then the closer tie, then the address, so that a page never changes its
    mind between two requests; the evergreen appeal comes after every other.

    Args:
        index: All that may be considered.
        situations: The placements, with the same page and reader.

    Returns:
        By placement; none where nothing may stand.
    """
    chosen: dict[str, Chosen] = {}
    # Each appeal is looked at once: most of what it must meet is the same in every placement.
    waiting = [at for at in situations if _is_open(at)]
    for campaign in index.candidates(situations[0].page) if waiting else ():
        if not passes(ANYWHERE, campaign, waiting[0]):
            continue
        for at in [at for at in waiting if passes(IN_THE_PLACE, campaign, at)]:
            chosen[at.placement] = Chosen(campaign, copy_of(campaign, at.page, at.reader))
            waiting.remove(at)
        if not waiting:
            break
    return chosen


def choose_for_page(
    index: Index, page: PageFacts, reader: ReaderFacts = GUEST, off: frozenset[str] = frozenset()
) -> PageAsks:
    """Choose all that asks on a page: one appeal within it, and the lines above and below.

    Args:
        index: All that may be considered.
        page: What is known of the page.
        reader: What is known of its reader.
        off: Placements that are switched off.
    """
    chosen = choose(index, *(Situation(page, place, reader, off) for place in PLACEMENTS))
    inline, end = chosen.get("inline"), chosen.get("end")
    if inline and end and inline.campaign.slug != end.campaign.slug:
        # Two appeals are never in view: the one that would be asked first stays.
        if order(inline.campaign, page) < order(end.campaign, page):
            end = None
        else:
            inline = None
    within, header = end or inline, _drawn(chosen.get("header"), page)
    if within and within.copy == HELD:
        return PageAsks(header=header, held=within.campaign.slug)
    # The letter at a story's end is near the page's foot.
    footer = None if end else chosen.get("footer")
    if footer and footer.copy == HELD:
        return PageAsks(_drawn(inline, page), header=header, held=footer.campaign.slug)
    return PageAsks(_drawn(inline, page), _drawn(end, page), header, _drawn(footer, page))


def _is_open(at: Situation) -> bool:
    return all(rule(None, at) for rule in FOR_ALL)


def _drawn(chosen: Chosen | None, page: PageFacts) -> Ask | None:
    return ask_of(chosen.campaign, page, chosen.copy) if chosen else None


def first_refusal(campaign: Campaign, at: Situation) -> str:
    """Name the first rule that keeps an appeal from a place; empty where none does.

    Args:
        campaign: Any, live or not.
        at: Where it would stand, and who reads.
    """
    return next((rule.__name__ for rule in FILTERS if not rule(campaign, at)), "")


@dataclass(frozen=True)
class Verdict:
    """What became of one appeal in one place.

    Args:
        refusal: The first rule that stopped it; ``outranked`` where another was asked first, ``one_in_view`` where
            another appeal has the page, ``held_back`` where it would be asked but this reader is of its holdback
            group; empty where it asks.
        copy: Which copy would be shown.
    """

    campaign: Campaign
    refusal: str
    copy: str = ""


def explain(
    campaigns: Iterable[Campaign], page: PageFacts, reader: ReaderFacts = GUEST, off: frozenset[str] = frozenset()
) -> dict[str, list[Verdict]]:
    """Say of every appeal what becomes of it in each placement, in the order of asking: what the simulator shows.

    It goes the long way, through every appeal and without the index, so that it is a second opinion.

    Args:
        campaigns: All, live or not.
        page: What is known of the page.
        reader: What is known of its reader.
        off: Placements that are switched off.
    """
    ordered = sorted(campaigns, key=lambda each: order(each, page))
    told = {place: _explain(ordered, Situation(page, place, reader, off)) for place in PLACEMENTS}
    ask_within = [(place, each) for place in ("inline", "end") for each in told[place] if each.refusal in _CHOSEN]
    if not ask_within:
        return told
    first = min((each.campaign for _place, each in ask_within), key=lambda each: order(each, page)).slug
    near_the_foot = any(place == "end" and each.campaign.slug == first for place, each in ask_within) or any(
        each.refusal == "held_back" and each.campaign.slug == first for _place, each in ask_within
    )
    for place in ("inline", "end", "footer"):
        told[place] = [
            replace(each, refusal="one_in_view")
            if each.refusal in _CHOSEN and (near_the_foot if place == "footer" else each.campaign.slug != first)
            else each
            for each in told[place]
        ]
    return told


#: What a verdict says of the appeal that was chosen.
_CHOSEN = ("", "held_back")


def _explain(ordered: Iterable[Campaign], at: Situation) -> list[Verdict]:
    verdicts: list[Verdict] = []
    is_decided = False
    for campaign in ordered:
        refusal, copy = first_refusal(campaign, at), ""
        if not refusal and is_decided:
            refusal = "outranked"
        elif not refusal:
            is_decided, copy = True, copy_of(campaign, at.page, at.reader)
            refusal = "held_back" if copy == HELD and at.placement != "header" else ""
        verdicts.append(Verdict(campaign, refusal, copy))
    return verdicts


def copy_of(campaign: Campaign, page: PageFacts, reader: ReaderFacts) -> str:
    """Tell which copy of an appeal a reader sees: ``a``, ``b``, ``held``; empty where it has only one.

    A browser we keep something in sees one copy for ever, by its own number of a hundred; each appeal deals the
    hundred numbers anew, and exactly by weight. Every other browser sees what a cached page can hold: one copy for an
    article and a day.

    Args:
        campaign: The appeal.
        page: Where.
        reader: Who.
    """
    if not (campaign.share_b or campaign.holdback):
        return ""
    draw = _draw(campaign.slug, page) if reader.bucket is None else _deal(campaign.slug, reader.bucket)
    if draw < campaign.holdback:
        return HELD
    return COPY_B if draw - campaign.holdback < campaign.share_b * (100 - campaign.holdback) / 100 else COPY_A


def ask_of(campaign: Campaign, page: PageFacts, copy: str) -> Ask | None:
    """Write an appeal as the ask of a page; None where it has no words in the page's language."""
    return campaign.ask(page.language, page.currency, copy)


def _draw(slug: str, page: PageFacts) -> int:
    return int.from_bytes(_mixed(f"{slug} {page.article} {page.on}")[:4]) * 100 >> 32


def _deal(slug: str, bucket: int) -> int:
    mixed = _mixed(slug)
    return (bucket * _SHUFFLES[mixed[0] % len(_SHUFFLES)] + mixed[1]) % 100


def _mixed(words: str) -> bytes:
    return hashlib.sha256(words.encode()).digest()


def _rank(each: Campaign, tie: int) -> _Ranked:
    return each.is_evergreen, -each.priority, -tie, each.slug, each


def order(each: Campaign, page: PageFacts) -> tuple[bool, int, int, str]:
    """Give an appeal's place in the order of asking on a page.

    Args:
        each: The appeal.
        page: Where.
    """
    return each.is_evergreen, -each.priority, -closeness(each, page), each.slug


def _once(campaigns: Iterable[Campaign]) -> Iterator[Campaign]:
    seen: set[str] = set()
    for each in campaigns:
        if each.slug not in seen:
            seen.add(each.slug)
            yield each
