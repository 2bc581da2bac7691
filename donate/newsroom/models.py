"""The newsroom's row, its funds, and what its letters say in its own words."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from donate.db import Base, BigId, Json, UtcDateTime
from donate.newsroom.edition import Shown


class Newsroom(Shown, Base):
    """What the newsroom says of itself; one row a database."""

    __tablename__ = "newsroom"
    __table_args__ = (
        sa.CheckConstraint("id = 1", name="one_row"),
        sa.CheckConstraint("counting IN ('off', 'opt_in', 'opt_out')", name="counting"),
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    name: Mapped[str] = mapped_column(sa.String(120))
    language: Mapped[str] = mapped_column(sa.String(8), default="en")
    #: Languages that pages are offered in, in the order of the switcher; none is all there are.
    languages: Mapped[list[str]] = mapped_column(Json, default=list, server_default="[]")
    #: IANA zone: on which day a gift falls.
    time_zone: Mapped[str] = mapped_column(sa.String(60))
    default_currency: Mapped[str] = mapped_column(sa.String(3))
    currencies: Mapped[list[str]] = mapped_column(Json)
    #: ISO 3166 code of where the newsroom is established.
    country: Mapped[str] = mapped_column(sa.String(2))
    #: What card statements say.
    statement_descriptor: Mapped[str] = mapped_column(sa.String(22))
    #: What follows it on one-time gifts, after "* ": Stripe shortens both to 22 letters.
    statement_suffix: Mapped[str] = mapped_column(sa.String(16), default="")
    #: Whether stories that came from elsewhere live here now: search engines are sent here and not to their sources.
    is_main_site: Mapped[bool] = mapped_column(sa.Boolean, default=False)
    contact_name: Mapped[str] = mapped_column(sa.String(120))
    phone: Mapped[str] = mapped_column(sa.String(40), default="")
    reply_address: Mapped[str] = mapped_column(sa.String(254))
    #: Sentences by name, each {language: text}: name, mission, support_line, footer_ask, legal.
    words: Mapped[dict[str, dict[str, str]]] = mapped_column(Json)
    #: Dated greetings: [{"from": "12-24", "until": "12-26", "words": {language: text}}].
    greetings: Mapped[list[dict[str, Any]]] = mapped_column(Json, default=list)
    #: [{"words": {language: text}, "percent": 61}].
    where_it_goes: Mapped[list[dict[str, Any]]] = mapped_column(Json, default=list)
    #: What it is in the eyes of its tax office: standing (``charity``, ``sponsored``, ``none``), legal_name, number,
    #: address, sponsor_name, sponsor_number, and disclosures: [{"region": "US-NJ", "words": {language: text}}].
    tax: Mapped[dict[str, Any]] = mapped_column(Json, default=dict, server_default="{}")
    #: What the accounts of the books are called in the newsroom's own accounting: see ``newsroom/accounts.py``.
    accounts: Mapped[dict[str, Any]] = mapped_column(Json, default=dict, server_default="{}")
    #: The month its fiscal year begins with, 1 to 12.
    fiscal_month: Mapped[int] = mapped_column(sa.Integer, default=1, server_default="1")
    #: Whether the stories a reader opens are counted in their own browser: ``off``, ``opt_in`` or ``opt_out``.
    counting: Mapped[str] = mapped_column(sa.String(8), default="opt_in")
    #: Tags and categories of imported stories that are flags here, beside the usual ones: {name as searching folds
    #: it: flag}; an empty flag takes a usual one away.
    flag_words: Mapped[dict[str, str]] = mapped_column(Json, default=dict)
    #: From which sum a year givers are named on ``/supporters``: see ``newsroom/supporters.py``; nothing names nobody.
    supporters: Mapped[dict[str, Any]] = mapped_column(Json, default=dict, server_default="{}")
    #: What is the newsroom's own of the look: accent, and logo: {"mark", "kind", "width", "height", "has_name"}; see
    #: ``newsroom/look.py``.
    look: Mapped[dict[str, Any]] = mapped_column(Json, default=dict, server_default="{}")
    #: Pages by slug: {"privacy": {"en": {"title": …, "body_html": …}}}.
    texts: Mapped[dict[str, dict[str, dict[str, str]]]] = mapped_column(Json, default=dict)


class Fund(Shown, Base):
    """What money is for, as the books name it."""

    __tablename__ = "fund"
    __table_args__ = (
        sa.UniqueConstraint("code"),
        sa.CheckConstraint("restriction IN ('none', 'purpose', 'time')", name="restriction"),
        # Exactly one fund takes what names none.
        sa.Index(
            "uq_fund_general",
            "is_general",
            unique=True,
            sqlite_where=sa.text("is_general"),
            postgresql_where=sa.text("is_general"),
        ),
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    code: Mapped[str] = mapped_column(sa.String(40))
    name: Mapped[str] = mapped_column(sa.String(120))
    #: {language: name}
    names: Mapped[dict[str, str]] = mapped_column(Json, default=dict)
    gl_code: Mapped[str] = mapped_column(sa.String(40), default="")
    restriction: Mapped[str] = mapped_column(sa.String(10), default="none")
    is_general: Mapped[bool] = mapped_column(sa.Boolean, default=False)
    #: Whether it takes no new gifts: those it took, and promises to it, stay its own.
    is_closed: Mapped[bool] = mapped_column(sa.Boolean, default=False, server_default=sa.false())
    #: The name its product has at Stripe; empty before it was made there.
    name_at_stripe: Mapped[str] = mapped_column(sa.String(120), default="", server_default="")


class Logo(Base):
    """A logo as it is sent to browsers; an earlier one stays for pages that were kept with it."""

    __tablename__ = "logo"
    __table_args__ = (sa.CheckConstraint("kind IN ('png', 'svg')", name="kind"),)

    #: A fingerprint of its bytes, which its address carries.
    mark: Mapped[str] = mapped_column(sa.String(16), primary_key=True)
    kind: Mapped[str] = mapped_column(sa.String(3))
    body: Mapped[bytes] = mapped_column(sa.LargeBinary)
    width: Mapped[int] = mapped_column(sa.Integer)
    height: Mapped[int] = mapped_column(sa.Integer)


class LetterWords(Base):
    """What a letter says in the newsroom's own words, as it was after one change; the newest counts."""

    __tablename__ = "letter_words"
    __table_args__ = (sa.UniqueConstraint("letter", "language", "number"),)

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    #: One of ``mail.passages.LETTERS``.
    letter: Mapped[str] = mapped_column(sa.String(60))
    language: Mapped[str] = mapped_column(sa.String(8))
    #: Counts from one within a letter and language.
    number: Mapped[int] = mapped_column(sa.Integer)
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    #: Row of the staff member.
    staff_id: Mapped[int | None] = mapped_column(sa.BigInteger)
    #: {passage: text}; what is not in it is said in the house's words.
    words: Mapped[dict[str, str]] = mapped_column(Json)
    #: The house's words of the same passages then, so that a later release's can be told from them.
    house: Mapped[dict[str, str]] = mapped_column(Json)
