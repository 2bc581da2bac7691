"""What of each letter a newsroom may put in its own words, and which placeholders stand for what. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from donate.mail.marks import list_links, list_slots, may_lead_to

#: What stands under every letter but the desk's own.
EVERY_LETTER = "every_letter"
#: Whom letters go to, in the order of the page that lists them.
AUDIENCES = ("everybody", "givers", "promises", "account", "readers", "desk")
MOST_OF_A_LINE, MOST_OF_A_TEXT = 150, 3000
_LINES = ("subject", "headline")
_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f\ud800-\udfff]")


@dataclass(frozen=True)
class Slot:
    """What stands for a placeholder.

    Args:
        key: Of the letter's values.
        kind: How it is written: ``text``, ``money``, ``date``, ``number`` or ``count``.
        may_lack: Whether some letters don't know it.
    """

    key: str
    kind: str = "text"
    may_lack: bool = False


@dataclass(frozen=True)
class Reworded:
    """A letter whose words may be changed; its passages are the blocks of ``templates/mail/words/<name>.txt``.

    Args:
        name: Of its template.
        audience: One of ``AUDIENCES``.
        slots: By the placeholder's name.
    """

    name: str
    audience: str
    slots: Mapping[str, Slot] = field(default_factory=dict)


@dataclass(frozen=True)
class Trouble:
    """What can't stand in a passage.

    Args:
        problem: ``empty``, ``long`` (by how much), ``unknown`` (which placeholder), ``lacks`` (which needs a word for
            where nothing is known) or ``link`` (where it leads).
        what: As said above.
    """

    problem: str
    what: str = ""


_NEWSROOM = {"newsroom": Slot("newsroom")}
_GIVER = {**_NEWSROOM, "first_name": Slot("first_name", may_lack=True)}
_FUND = {"fund": Slot("fund")}
_AMOUNT = {"amount": Slot("amount_minor", "money")}
_DAY = {"day": Slot("received_on", "date")}
_NUMBER = {"number": Slot("number", "number")}
_RECEIPT = {**_GIVER, **_NUMBER, **_AMOUNT, **_DAY, **_FUND}
_PROMISE = {**_GIVER, **_AMOUNT, **_FUND}
_DISPUTE = {**_NEWSROOM, "amount": Slot("dispute_minor", "money"), **_DAY}

#: Every letter whose words a newsroom may change, in the order of the page that lists them.
LETTERS: dict[str, Reworded] = {
    each.name: each
    for each in (
        Reworded(EVERY_LETTER, "everybody", _NEWSROOM),
        Reworded("receipt", "givers", _RECEIPT),
        Reworded("receipt_again", "givers", _RECEIPT),
        Reworded("receipt_corrected", "givers", _RECEIPT),
        Reworded("statement", "givers", {**_GIVER, **_NUMBER, "year": Slot("year")}),
        Reworded(
            "refunded", "givers",
            {**_GIVER, "amount": Slot("refund_minor", "money"), "gift": Slot("amount_minor", "money"), **_DAY},
        ),
        Reworded("offline_receipt", "givers", _RECEIPT),
        Reworded("offline_corrected", "givers", {**_RECEIPT, "old_number": Slot("old_number", "number")}),
        Reworded(
            "offline_grant", "givers",
            {**_GIVER, **_AMOUNT, **_DAY, **_FUND, "organisation": Slot("organisation")},
        ),
        Reworded("promise_changed", "promises", _PROMISE),
        Reworded("charge_ahead", "promises", {**_PROMISE, "day": Slot("on", "date")}),
        Reworded("charge_failed", "promises", {**_PROMISE, "amount": Slot("failed_minor", "money")}),
        Reworded("card_changed", "promises", _PROMISE),
        Reworded("card_expires", "promises", {**_PROMISE, "day": Slot("good_until", "date")}),
        Reworded("promise_ended", "promises", _PROMISE),
        Reworded("yearly_reminder", "promises", {**_PROMISE, "day": Slot("since_on", "date")}),
        Reworded("second_promise", "promises", _PROMISE),
        Reworded("ask_again", "promises", _PROMISE),
        Reworded("card_link", "promises", _PROMISE),
        Reworded("sign_in", "account", _NEWSROOM),
        Reworded("sign_in_unknown", "account", _NEWSROOM),
        Reworded("link_address", "account", _NEWSROOM),
        Reworded("address_notice", "account", _NEWSROOM),
        Reworded("new_address", "account", _NEWSROOM),
        Reworded("erased", "account", _NEWSROOM),
        Reworded("already_gave", "readers", _NEWSROOM),
        Reworded("reminder", "readers", {**_NEWSROOM, "day": Slot("asked_on", "date")}),
        Reworded("refund_failed", "desk", {**_NEWSROOM, "amount": Slot("refund_minor", "money"), **_DAY}),
        Reworded("dispute_opened", "desk", _DISPUTE),
        Reworded("dispute_closed", "desk", _DISPUTE),
        Reworded("appeal_rests", "desk", {**_NEWSROOM, "appeal": Slot("name")}),
        Reworded("report_ready", "desk", {**_NEWSROOM, "report": Slot("name"), "rows": Slot("rows")}),
    )
}  # fmt: skip


def is_line(passage: str) -> bool:
    """Tell whether a passage is one line that must say something: a subject or a headline."""
    return passage.partition("_")[0] in _LINES


def tidy(passage: str, typed: str) -> str:
    """Give what was typed as it is kept: no control characters, one line where it is one."""
    plain = _CONTROL.sub("", typed.replace("\r\n", "\n").replace("\r", "\n"))
    return " ".join(plain.split()) if is_line(passage) else plain.strip()


def is_for_known(passage: str, passages: Mapping[str, str]) -> bool:
    """Tell whether a passage stands only in letters that know their reader's name."""
    return f"{passage}_unnamed" in passages


def troubles_of(letter: Reworded, passage: str, text: str, *, is_named: bool) -> Iterator[Trouble]:
    """Say what can't stand in a passage: nothing that comes out of it may break a letter.

    Args:
        letter: Whose.
        passage: Its name.
        text: As ``tidy`` gives it.
        is_named: Whether it stands only where the reader's name is known.
    """
    if is_line(passage) and not text:
        yield Trouble("empty")
    over = len(text) - (MOST_OF_A_LINE if is_line(passage) else MOST_OF_A_TEXT)
    if over > 0:
        yield Trouble("long", str(over))
    for name, has_else in list_slots(text):
        slot = letter.slots.get(name)
        if slot is None:
            yield Trouble("unknown", name)
        elif slot.may_lack and not has_else and not is_named:
            yield Trouble("lacks", name)
    if not is_line(passage):
        yield from (Trouble("link", each) for each in list_links(text) if not may_lead_to(each))


def holds(letter: Reworded, passage: str, text: str, *, is_named: bool) -> bool:
    """Tell whether kept words still fit a letter: an upgrade may have taken a placeholder away."""
    return not any(troubles_of(letter, passage, text, is_named=is_named))
