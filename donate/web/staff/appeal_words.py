"""Appeals in the words a staff member reads: where they stand, whom they ask, what was done to them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from flask_babel import gettext as _
from flask_babel import ngettext

from donate.appeals.campaign import Campaign
from donate.appeals.rules import PLACEMENTS, Rules
from donate.web.language import LANGUAGES, current_language
from donate.web.staff.places_words import say_place


def say_state(state: str) -> str:
    """Name how an appeal stands.

    Args:
        state: One of ``STATES``.
    """
    words: dict[str, str] = {
        "running": _("Running"),
        "resting": _("Resting"),
        "planned": _("Planned"),
        "ended": _("Ended"),
        "draft": _("Draft"),
    }
    return words[state]


def say_placements(placements: Iterable[str]) -> str:
    """Name where an appeal may stand."""
    named = [say_place(each) for each in PLACEMENTS if each in set(placements)]
    return _("Every place") if len(named) == len(PLACEMENTS) else join(named) or _("Nowhere")


def say_language(language: str) -> str:
    """Name a language in itself."""
    return LANGUAGES.get(language, language)


def say_standing(standing: str) -> str:
    """Say what a reader is to the newsroom."""
    words: dict[str, str] = {
        "guest": _("Readers we know nothing of"),
        "none": _("Readers who never gave"),
        "donor": _("Donors who gave within a year"),
        "lapsed": _("Donors whose last gift is more than a year ago"),
        "one_off": _("Who gave once in the last 90 days"),
        "recurring": _("Who gives every month or year"),
        "member": _("Members"),
        "failed_card": _("Whose card failed"),
    }
    return words[standing]


def say_frequency(frequency: str) -> str:
    """Name how often somebody gives."""
    words: dict[str, str] = {"once": _("Once"), "month": _("Monthly"), "year": _("Yearly")}
    return words[frequency]


def say_flag(flag: str) -> str:
    """Say what is flagged on a story."""
    words: dict[str, str] = {
        "do_not_ask": _("is kept free of asks"),
        "sensitive": _("was marked as sensitive"),
        "correction": _("received a correction"),
        "retraction": _("was retracted"),
        "embargo": _("is under embargo"),
    }
    return words.get(flag, flag)


def say_flag_briefly(flag: str) -> str:
    """Name what is flagged on a story, for a badge."""
    words: dict[str, str] = {
        "do_not_ask": _("No asks"),
        "sensitive": _("Sensitive"),
        "correction": _("Correction"),
        "retraction": _("Retraction"),
        "embargo": _("Embargo"),
    }
    return words[flag]


def say_allowed(flag: str) -> str:
    """Name a flag beside which an appeal may be allowed to stand."""
    words: dict[str, str] = {"sensitive": _("Sensitive stories"), "correction": _("Corrected stories")}
    return words.get(flag, flag)


def say_ties(campaign: Campaign, names: Mapping[tuple[str, str], str]) -> str:
    """Say in a few words what an appeal is tied to.

    Args:
        campaign: Which.
        names: Of sections and topics, by (kind, slug).
    """
    if campaign.is_evergreen or ("all", "") in campaign.targets:
        return str(_("All pages"))
    ties = sorted(campaign.targets)
    named = [names.get(each, each[1]) for each in ties if each[0] in ("section", "topic")]
    stories = sum(1 for kind, _slug in ties if kind == "article")
    if stories:
        named.append(ngettext("%(num)d story", "%(num)d stories", stories))
    return join(named) or _("Nothing yet")


def say_rules(rules: Rules) -> list[str]:
    """Say whom an appeal asks, a sentence a rule; what asks nothing is left out.

    Args:
        rules: The appeal's.
    """
    said = [_("Asks: %(whom)s.", whom=join([say_standing(each).lower() for each in _in_order(rules.audience)]))]
    if rules.given:
        said.append(
            _("Only who gives: %(how)s.", how=join([say_frequency(each).lower() for each in sorted(rules.given)]))
        )
    lists = (
        (rules.countries, _("Only in these countries: %(list)s. A reader of unknown country is not asked.")),
        (rules.not_countries, _("Not in these countries: %(list)s.")),
        (rules.sources, _("Only after a link that calls itself: %(list)s.")),
        (rules.not_sources, _("Not after a link that calls itself: %(list)s.")),
        (rules.referrers, _("Only for who comes from: %(list)s.")),
        (rules.not_referrers, _("Not for who comes from: %(list)s.")),
    )
    said += [sentence.replace("%(list)s", join(sorted(names))) for names, sentence in lists if names]
    if rules.read_least is not None:
        said.append(
            _("Only readers who opened at least %(num)d articles in 30 days and let us count.", num=rules.read_least)
        )
    if rules.read_most is not None:
        said.append(
            _("Only readers who opened at most %(num)d articles in 30 days and let us count.", num=rules.read_most)
        )
    if rules.views_most is not None:
        said.append(_("Shown to one reader fewer than %(num)d times in 30 days.", num=rules.views_most))
    said.append(
        ngettext(
            "Rests %(num)d day after a reader closed it.",
            "Rests %(num)d days after a reader closed it.",
            rules.rests_days,
        )
    )
    if rules.allowed_flags:
        said.append(
            _(
                "May stand beside: %(list)s.",
                list=join([say_allowed(each).lower() for each in sorted(rules.allowed_flags)]),
            )
        )
    return said


def _in_order(standings: Iterable[str]) -> list[str]:
    known = ("guest", "none", "donor", "lapsed", "one_off", "recurring", "member", "failed_card")
    return [each for each in known if each in set(standings)]


def say_refusal(message: str) -> str:
    """Say why something was not done with an appeal.

    Args:
        message: Of the ``AppealRefused``.
    """
    words: dict[str, str] = {
        "appeal_not_live": _("It is not running, so there is nothing to rest."),
        "appeal_not_resting": _("It is not resting, so it need not be woken."),
        "appeal_not_draft": _("It was published already."),
        "appeal_not_ready": _("It is not ready to be published: see what is marked below."),
        "appeal_not_running": _("It is not running, so it cannot end."),
        "appeal_still_runs": _("End it first: what runs or rests stays in the list."),
        "appeal_in_archive": _("It is in the archive already."),
        "appeal_not_archived": _("It is not in the archive."),
        "evergreen_never_rests": _(
            "It takes over where nothing else fits, so it never rests. Switch a placement off instead."
        ),
        "evergreen_never_ends": _(
            "It takes over where nothing else fits, so it has no end. Load another evergreen appeal first."
        ),
        "address_taken": _("Another appeal has this address. Choose another one."),
    }
    return str(words.get(message, _("This can’t be done with the appeal as it stands.")))


def join(words: list[str]) -> str:
    """Write words one after another, with the comma of the page's language."""
    return ("، " if current_language() == "ar" else ", ").join(words)
