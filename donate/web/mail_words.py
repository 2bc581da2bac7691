"""What kinds of letters are called on pages, and what each is for, in the page's language."""

from __future__ import annotations

from dataclasses import dataclass

from flask_babel import gettext as _

from donate.donors.preferences import KINDS


@dataclass(frozen=True)
class Words:
    """A kind as a page says it.

    Args:
        label: What it is.
        note: What for, or why it always comes.
    """

    label: str
    note: str


def newsletter_box() -> tuple[str, str]:
    """Give the words beside the newsletter's box on the donation form: the label, and what it means."""
    return _("Write to me about this work"), _("A letter now and then. Each one has a way out.")


def newsletter_words() -> str:
    """Give those words as they are kept with the consent."""
    return ". ".join(newsletter_box())


def words_of(kind: str) -> Words:
    """Say a kind of letter in the page's language.

    Args:
        kind: One of ``KINDS``.
    """
    return {
        "receipts": Words(
            _("Receipts, and word of money that goes back"), _("They are proof of what was paid, so each one is sent.")
        ),
        "charges": Words(
            _("Before a yearly or changed charge, and when a charge fails"),
            _("Nobody should be surprised by a charge; in many places the law asks for these."),
        ),
        "yearly_reminder": Words(
            _("Once a year: what you give, and how to stop it"),
            _("Whoever gives again and again is told so; in many places the law asks for it."),
        ),
        "sign_in": Words(
            _("Your way in, and changes to your account"), _("They keep others out. They come when something happens.")
        ),
        "card_expiring": Words(
            _("When your card is about to expire"), _("So that a gift does not end by itself. Once for each card.")
        ),
        "ask_again": Words(
            _("A reminder that you asked for"), _("When you stop a gift and want to be asked again later.")
        ),
        "impact": Words(_("What your gifts made possible"), _("A few times a year, to those who gave.")),
        "newsletter": Words(*newsletter_box()),
        "appeals": Words(
            _("When we ask for help"), _("Appeals by mail, when a work needs givers. Only if you want them.")
        ),
    }[kind]


def all_words() -> dict[str, Words]:
    """Say every kind, in the order of the page."""
    return {kind: words_of(kind) for kind in KINDS}
