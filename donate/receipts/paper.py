"""A receipt as it stands on paper: words only, in one language, ready to be laid out."""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass(frozen=True)
class Row:
    """One line of the table: a gift, what was given back of it, or a sum.

    Args:
        cells: As many as the paper has ``heads``; sums are written already, with their currency.
        is_total: Whether it is a sum of the lines above it.
    """

    cells: tuple[str, ...]
    is_total: bool = False


@dataclass(frozen=True)
class Paper:
    """What a printed receipt or statement says; every text is plain, whoever wrote it.

    Args:
        language: ``en``, ``ar`` or ``he``.
        title: Such as ``Receipt 2026-004183`` or ``Statement of gifts, 2026``.
        mark: What sets it apart: ``DUPLICATE``, ``Replaces 2026-004100``, ``VOID``; empty of an ordinary one.
        issuer: The newsroom's name.
        issuer_lines: Its legal name, address, tax number, how to reach a person.
        giver: Who gave; empty where nobody is named.
        giver_lines: Their postal address, where it is known.
        facts: (label, value): number, issued, received, fund and the like.
        heads: Of the table's columns.
        rows: Of the table; a gift's receipt has few, a year's statement one a gift.
        numeric: Which columns hold sums, counted from 0: they stand at the line's end and are never turned round.
        notice: The sentence that must be noticed, such as what of the gift is deductible; empty where there is none.
        sentences: The legal words, one paragraph each.
        foot: The last lines: whom to ask, the reference, the hash.
    """

    language: str
    title: str
    issuer: str
    mark: str = ""
    issuer_lines: tuple[str, ...] = ()
    giver: str = ""
    giver_lines: tuple[str, ...] = ()
    facts: tuple[tuple[str, str], ...] = ()
    heads: tuple[str, ...] = ()
    rows: tuple[Row, ...] = ()
    numeric: frozenset[int] = field(default_factory=frozenset)
    notice: str = ""
    sentences: tuple[str, ...] = ()
    foot: tuple[str, ...] = ()
