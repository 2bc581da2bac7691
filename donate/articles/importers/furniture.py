"""What a captured page says beside its story: buttons, calls, menus, notices. General patterns, no one's lines."""

from __future__ import annotations

import re
from collections.abc import Iterable

_SENTENCE_END = re.compile(r"[.!?…。؟]['\"”’»״)\]]*$")
_QUOTES = re.compile(r"[“”«»„\"״]")


def _any(*patterns: str) -> re.Pattern[str]:
    return re.compile("|".join(patterns), re.IGNORECASE)


#: Whole lines that are buttons or labels wherever they stand.
_LABELS = _any(
    r"donate( (now|today|here|to .*))?",
    r"support us",
    r"give( (now|today|monthly))?",
    r"subscribe( (now|today|here))?",
    r"sign ?(up|in)( (now|here))?",
    r"log ?(in|out)",
    r"register|menu|search|home|close|skip to .*",
    r"advertisements?",
    r"share( (this|on|via|the)( \S+){0,3})?",
    r"tweet|whatsapp|facebook|twitter|instagram|telegram|linkedin|youtube|rss|copy link",
    r"(print|e-?mail|listen to)( this( \S+)?)?",
    r"comments?( \(?\d+\)?)?",
    r"(leave|post|add) a (comment|reply)",
    r"read (more|next|also)(:.*)?",
    r"(related|trending|next|previous)( \w+)?",
    r"most (read|popular|viewed)",
    r"more (from|in|on|stories)\b.{0,40}",
    r"load more|back to (top|home)|view all|see (all|more)",
    r"accept( (all|cookies))*|cookie (settings|policy)",
    r"privacy( policy)?|terms( (of|&|and) .{3,20})?",
    r"(about|contact)( us)?",
    r"newsletters?( sign-?up)?",
    r"تبر[ّ]?ع(وا)?( الآن)?|ادعم(ونا|نا)|اشترك(وا)?( الآن)?|شارك(وا)?",
    r"القائمة|بحث|إعلان|اقرأ أيضاً?(:.*)?",
    r"תרמו( עכשיו)?|לתרומה|תמכו בנו|הירשמו|שתפו",
    r"תפריט|חיפוש|פרסומת|קראו גם(:.*)?",
)
_FEASTS = "new|passover|easter|eid|hanukkah|chanukah|christmas|holiday|ramadan|nowruz|purim|diwali"
#: How calls and notices begin; they count only outside the story, before its headline or after its end.
_CALLS = _any(
    r"(please )?(donate|subscribe)\b",
    r"please (support|consider|help|give)\b",
    r"support (us|our|independent|quality|local|free)\b",
    r"(consider|help) (us|supporting|donating)\b",
    r"(sign up|join us|join our|join \d|follow us|follow our)\b",
    r"become an? (\w+ )?(member|supporter|subscriber|donor|patron|friend)\b",
    r"what would you give\b",
    r"your (gift|donation|support)\b",
    r"make a (gift|donation|contribution)\b",
    r"get (our|the|your)\b.*\b(newsletter|inbox|app|briefing)\b",
    r"(download|install) (our|the)\b.*\bapp\b",
    r"(personali[sz]e|customi[sz]e|upgrade|manage|choose) your\b",
    r"click (on|here|the|to)\b",
    r"browse (our|all|more|by|the|categor|topics|sections)",
    r"explore (more|our|all)\b",
    r"you (may|might) also\b",
    r"recommended (for|stories|reading|articles)\b",
    r"(share|print|e-?mail) (this|on|via)\b",
    r"wishing (all|those|you|our|everyone|a)\b",
    rf"(a )?(happy|merry|blessed) ({_FEASTS})\w*\b",
    r"season['’]?s greetings",
    r"©|\(c\) \d|copyright (©|\(c\)|\d|by)|.*\ball rights reserved",
    r"(we|this site|our (web)?site) uses? cookies\b",
    r"powered by\b",
    r"(tags|topics|filed under|categories) ?:|categories and topics\b",
    r"(related|more|latest|top) (stories|news|articles|posts|coverage)\b",
    r"حقوق النشر|جميع الحقوق|كل الحقوق|اشترك(وا)? |تابعونا",
    r"כל הזכויות|עקבו אחרינו|הצטרפו אל",
)


def compact(line: str) -> str:
    """Reduce a line to its letters and digits, to tell the same words in another dress."""
    return re.sub(r"[\W_]+", "", line.casefold())


def ends_like_a_sentence(line: str) -> bool:
    """Tell whether a line ends as sentences do, closing quotes and brackets aside."""
    return bool(_SENTENCE_END.search(line))


def has_quote(line: str) -> bool:
    """Tell whether a line holds quotation marks."""
    return bool(_QUOTES.search(line))


def is_label(line: str) -> bool:
    """Tell whether a line is a button or a label, wherever it stands."""
    return bool(_LABELS.fullmatch(line.strip(" \t:›»|•·→"))) and not line.endswith(".")


def is_call(line: str) -> bool:
    """Tell whether a line outside the story is a call or a notice; a quoted or a long one never is."""
    return is_label(line) or (bool(_CALLS.match(line)) and not has_quote(line) and len(line.split()) <= 30)


def is_short_label(line: str) -> bool:
    """Tell whether a line could be a menu's, a heading's, another story's: short, and no sentence."""
    if has_quote(line) or len(line.split()) > 14:
        return False
    return not ends_like_a_sentence(line) or (line.isupper() and len(line.split()) <= 8)


class Masthead:
    """The lines before the headline, known again where the page repeats them."""

    def __init__(self, lines: Iterable[str]) -> None:
        self._known = {compact(line) for line in lines if 0 < len(line.split()) <= 8} - {""}

    def has(self, line: str) -> bool:
        """Tell whether a line repeats one of the masthead's, however it is spaced and written."""
        return compact(line) in self._known


def cut_tail(lines: list[str], masthead: Masthead) -> list[str]:
    """Cut what follows the story: from the last line back, as far as calls and their company reach.

    A sentence goes only when it stands in one block with calls, no empty line between; short lines that
    stand apart from any call stay, since a story may end with one.

    Args:
        lines: The body's lines, empty ones included.
        masthead: The lines before the headline.
    """
    blocks = _blocks(lines)
    separated = sum(last == first for first, last in blocks) * 2 > len(blocks)
    cut = len(lines)
    for first, last in reversed(blocks):
        block = lines[first : last + 1]
        if separated and _is_furniture_block(block, masthead):
            cut = first
            continue
        reached = _walk_back(lines, first, last, masthead)
        cut = min(cut, reached)
        if reached > first and not all(is_short_label(line) for line in block):
            break
    return lines[:cut]


def _is_furniture_block(block: list[str], masthead: Masthead) -> bool:
    calls = sum(is_call(line) or masthead.has(line) for line in block)
    others = sum(is_short_label(line) and not is_call(line) for line in block)
    return calls > 0 and (calls + others) * 10 >= len(block) * 6


def _walk_back(lines: list[str], first: int, last: int, masthead: Masthead) -> int:
    """Find where the furniture at a block's end begins; ``last + 1`` when there is none."""
    reached = last + 1
    for at in range(last, first - 1, -1):
        if is_call(lines[at]) or masthead.has(lines[at]):
            reached = at
        elif not is_short_label(lines[at]):
            break
    return reached if reached <= last else len(lines)


def _blocks(lines: list[str]) -> list[tuple[int, int]]:
    blocks: list[tuple[int, int]] = []
    for at, line in enumerate(lines):
        if not line:
            continue
        if blocks and blocks[-1][1] == at - 1:
            blocks[-1] = (blocks[-1][0], at)
        else:
            blocks.append((at, at))
    return blocks
