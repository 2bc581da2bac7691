"""Tags and categories of other sites that are flags here: the usual ones, and the newsroom's own."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from donate.articles.flags import FLAGS
from donate.articles.fold import fold
from donate.errors import Unreadable
from donate.newsroom.queries import find_newsroom, get_newsroom

# "Corrections" is missing on purpose: it is a topic where prisons are written about.
_USUAL = {
    "do_not_ask": (
        "do not ask", "no ask", "no asks", "no appeal", "no appeals", "no donation appeal",
        "بلا نداء", "بدون نداء", "بدون طلب تبرع", "لا للتبرع هنا",
        "ללא בקשת תרומה", "בלי בקשת תרומה", "ללא פנייה",
    ),
    "sensitive": (
        "sensitive", "sensitive content", "obituary", "obituaries", "in memoriam",
        "حساس", "محتوى حساس", "نعي", "وفيات", "رثاء",
        "רגיש", "תוכן רגיש", "הספד", "הספדים", "לזכרו", "לזכרה",
    ),
    "correction": ("correction", "corrected", "تصحيح", "تصحيحات", "تصويب", "תיקון", "תיקון טעות", "תיקוני טעות"),
    "retraction": (
        "retraction", "retracted", "withdrawn", "خبر مسحوب", "سحب الخبر", "تم سحبه",
        "כתבה שנמשכה", "משיכת כתבה", "הוסר",
    ),
    "embargo": ("embargo", "embargoed", "under embargo", "حظر نشر", "حظر النشر", "אמברגו", "איסור פרסום"),
}  # fmt: skip
_FOLDED = {fold(word): flag for flag, words in _USUAL.items() for word in words}


def flag_words() -> dict[str, str]:
    """Tell which names are flags, folded: the usual ones, with what the newsroom added, changed and took away."""
    newsroom = find_newsroom()
    own = (newsroom.flag_words or {}) if newsroom is not None else {}
    return {name: flag for name, flag in {**_FOLDED, **own}.items() if flag}


def flags_in(names: Iterable[str], words: Mapping[str, str]) -> tuple[str, ...]:
    """Tell which flags a story's categories and tags are.

    Args:
        names: As its source writes them.
        words: What ``flag_words`` gave.
    """
    return tuple(dict.fromkeys(words[name] for name in map(fold, names) if name in words))


def is_flag_word(name: str, words: Mapping[str, str]) -> bool:
    """Tell whether a category or tag is a flag, and so no topic.

    Args:
        name: As its source writes it.
        words: What ``flag_words`` gave.
    """
    return fold(name) in words


def load_flag_words(table: Any) -> None:
    """Write the newsroom's own flag words, inside the caller's ``committed()`` and after its facts.

    Args:
        table: {name: flag}; ``false`` takes a usual one away.

    Raises:
        Unreadable: ``value_wrong`` (key, value, should).
    """
    if not isinstance(table, Mapping):
        raise Unreadable("value_wrong", key="flag_words", value=table, should="a table of names and flags")
    should = ", ".join(FLAGS) + ", or false"
    for name, flag in table.items():
        if flag is not False and flag not in FLAGS:
            raise Unreadable("value_wrong", key=f"flag_words.{name}", value=flag, should=should)
        if not fold(name):
            raise Unreadable("value_wrong", key="flag_words", value=name, should="names with letters in them")
    get_newsroom().flag_words = {fold(name): flag or "" for name, flag in table.items()}


def tell_flag_words() -> dict[str, Any]:
    """Tell the newsroom's own flag words as the file has them."""
    return {name: flag or False for name, flag in (get_newsroom().flag_words or {}).items()}
