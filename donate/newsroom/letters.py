"""Letters in the newsroom's name, each with its person, phone and reply address."""

from __future__ import annotations

from typing import Any

from donate.mail.queue import Letter
from donate.newsroom.queries import get_newsroom
from donate.newsroom.reword import said_words
from donate.newsroom.tax import asking_words

#: Letters that ask for a gift, and the desk's trial of one: what the newsroom is to its tax office stands in them.
_ASKS = frozenset({"ask_again", "reminder", "appeal_test"})


def letter_from_newsroom(
    key: str,
    template: str,
    to_address: str,
    language: str,
    *,
    to_name: str = "",
    unsubscribe: str = "",
    is_kept: bool = True,
    **values: Any,
) -> Letter:
    """Write a letter in the newsroom's name.

    Args:
        key: What makes it one.
        template: Its files in ``templates/mail/``.
        to_address: Whom it goes to.
        language: Of its words.
        to_name: As the envelope shows it.
        unsubscribe: The path that ends letters of its kind; empty for those that can't be declined.
        is_kept: Whether its words and address stay in the outbox after it went out.
        values: Plain JSON values.
    """
    newsroom, said = get_newsroom(), said_words(template, language)
    return Letter(
        key=key,
        template=template,
        to_address=to_address,
        to_name=to_name,
        sender_address=newsroom.reply_address,
        sender_name=newsroom.name,
        language=language,
        unsubscribe=unsubscribe,
        is_kept=is_kept,
        values={
            "main_language": newsroom.language,
            "newsroom": newsroom.words.get("name", {}).get(language) or newsroom.name,
            "contact_name": newsroom.contact_name,
            "phone": newsroom.phone,
            **({"accent": newsroom.look["accent"]} if (newsroom.look or {}).get("accent") else {}),
            **(asking_words(newsroom, language) if template in _ASKS else {}),
            # As they are now: a letter says what held when it became necessary.
            **({"said": said} if said else {}),
            **values,
        },
    )


def letter_to_newsroom(key: str, template: str, **values: Any) -> Letter:
    """Write a letter to the newsroom itself, where somebody must look."""
    newsroom = get_newsroom()
    return letter_from_newsroom(
        key, template, newsroom.reply_address, newsroom.language, to_name=newsroom.contact_name, **values
    )
