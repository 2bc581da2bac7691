"""A receipt's paper: its stored content laid out in words and rows, in its own language, with whom it names."""

from __future__ import annotations

from datetime import date
from typing import Any

from donate.money import Money, show
from donate.newsroom.queries import get_newsroom
from donate.receipts import labels as words
from donate.receipts.content import Content
from donate.receipts.labels import label, written_day
from donate.receipts.models import Receipt
from donate.receipts.paper import Paper, Row
from donate.receipts.queries import find_replacement_of
from donate.receipts.whom import whom

_KINDS = {"once": words.GIFT_ONCE, "month": words.GIFT_MONTH, "year": words.GIFT_YEAR}


def paper_of(receipt: Receipt, *, duplicate: bool = False, copied_on: date | None = None) -> Paper:
    """Lay out a receipt or statement; what it says comes from its stored content alone.

    Args:
        receipt: Void ones too: they say so.
        duplicate: Whether it is handed out again.
        copied_on: On which day.
    """
    said, language = receipt.content, receipt.language
    name, lines = whom(receipt)
    is_gift = receipt.kind == "gift"
    heads, rows = _of_gift(said, language) if is_gift else _of_year(said, language)
    return Paper(
        language=language,
        title=label(words.RECEIPT, language, number=receipt.number)
        if is_gift
        else label(words.STATEMENT, language, year=receipt.year),
        mark=_mark(receipt, duplicate, copied_on),
        issuer=said["newsroom"],
        issuer_lines=_issuer(said, language),
        giver=name,
        giver_lines=lines,
        facts=_facts(receipt, said, language),
        heads=heads,
        rows=rows,
        numeric=frozenset({1}) if is_gift else frozenset(range(3, len(heads))),
        notice=said["notice"],
        sentences=tuple(said["sentences"]),
        foot=_foot(receipt, language),
    )


def _mark(receipt: Receipt, duplicate: bool, copied_on: date | None) -> str:
    language, marks = receipt.language, []
    if receipt.status == "void":
        marks.append(
            label(words.VOID_SINCE, language, day=written_day(receipt.voided_on, language))
            if receipt.voided_on is not None
            else label(words.VOID, language)
        )
        replacement = find_replacement_of(receipt.id)
        if replacement is not None:
            marks.append(label(words.REPLACED_BY, language, number=replacement.number))
    if duplicate:
        marks.append(
            label(words.DUPLICATE_OF_DAY, language, day=written_day(copied_on, language))
            if copied_on is not None
            else label(words.DUPLICATE, language)
        )
    if receipt.content["replaces"]:
        marks.append(label(words.REPLACES, language, number=receipt.content["replaces"]))
    return " · ".join(marks)


def _issuer(said: Content, language: str) -> tuple[str, ...]:
    issuer = said["issuer"]
    lines = [issuer["legal_name"]] if issuer["legal_name"] != said["newsroom"] else []
    lines += issuer.get("address", [])
    if issuer["number"]:
        lines.append(label(words.TAX_NUMBER, language, number=issuer["number"]))
    if issuer["sponsor_name"]:
        lines.append(label(words.SPONSOR, language, name=issuer["sponsor_name"], number=issuer["sponsor_number"]))
    return tuple(line for line in lines if line)


def _facts(receipt: Receipt, said: Content, language: str) -> tuple[tuple[str, str], ...]:
    facts = [
        (words.NUMBER, receipt.number),
        (words.ISSUED, written_day(receipt.issued_on, language)),
    ]
    if receipt.kind == "gift":
        facts += [
            (words.RECEIVED, _day(said["received_on"], language)),
            (words.FOR, said["fund"]),
            (words.REFERENCE, said["reference"]),
        ]
    else:
        facts.append((words.YEAR, str(receipt.year)))
    return tuple((label(name, language), value) for name, value in facts)


def _of_gift(said: Content, language: str) -> tuple[tuple[str, ...], tuple[Row, ...]]:
    def line(name: str, minor: int, *, is_total: bool = False) -> Row:
        return Row((label(name, language), show(Money(minor, said["currency"]), language)), is_total)

    if said.get("described"):
        return (label(words.WHAT, language), ""), (Row((said["described"], label(words.NOT_VALUED, language))),)
    is_by_hand = bool(said.get("method"))
    rows = [line(_KINDS[said["frequency"]], said["given_minor"] - said["fee_cover_minor"])]
    if said["fee_cover_minor"]:
        rows.append(line(words.FEE_COVER, said["fee_cover_minor"]))
    rows.append(line(words.GIVEN if is_by_hand else words.CHARGED, said["given_minor"], is_total=True))
    if said["returned_minor"]:
        rows.append(line(words.NOT_KEPT if is_by_hand else words.WENT_BACK, -said["returned_minor"]))
        rows.append(line(words.KEPT, said["amount_minor"], is_total=True))
    for benefit in said["benefits"]:
        if benefit["value_minor"] is not None:
            rows.append(Row((benefit["name"], show(Money(benefit["value_minor"], said["currency"]), language))))
    if said["deductible_minor"] is not None:
        rows.append(line(words.DEDUCTIBLE, said["deductible_minor"], is_total=True))
    return (label(words.WHAT, language), label(words.AMOUNT, language)), tuple(rows)


def _of_year(said: Content, language: str) -> tuple[tuple[str, ...], tuple[Row, ...]]:
    # A column that is empty in every line is none: most newsrooms give nothing in return.
    shown = [("given_minor", words.CHARGED)]
    for name, head in (("returned_minor", words.WENT_BACK), ("benefit_value_minor", words.BENEFIT_VALUE)):
        if any(line[name] for line in said["gifts"]):
            shown.append((name, head))
    shown.append(("amount_minor", words.KEPT))
    if any(line["deductible_minor"] is not None for line in said["gifts"]):
        shown.append(("deductible_minor", words.DEDUCTIBLE))

    def sums(line: dict[str, Any]) -> tuple[str, ...]:
        return tuple(
            show(Money(line[name], line["currency"]), language) if line[name] is not None else "" for name, _ in shown
        )

    rows = [
        Row((_day(line["received_on"], language), line["receipt"], line["fund"], *sums(line))) for line in said["gifts"]
    ]
    rows += [
        Row((label(words.TOTAL, language, currency=total["currency"]), "", "", *sums(total)), is_total=True)
        for total in said["totals"]
    ]
    heads = (words.DAY, words.ONE_RECEIPT, words.FOR, *(head for _, head in shown))
    return tuple(label(head, language) for head in heads), tuple(rows)


def _day(iso: str, language: str) -> str:
    return written_day(date.fromisoformat(iso), language)


def _foot(receipt: Receipt, language: str) -> tuple[str, ...]:
    newsroom = get_newsroom()
    contact = ", ".join(part for part in (newsroom.phone, newsroom.reply_address) if part)
    return (
        label(words.ASK, language, name=newsroom.contact_name, contact=contact),
        label(words.PROOF, language, hash=receipt.content_hash),
    )
