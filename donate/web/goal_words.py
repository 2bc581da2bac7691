"""What moves a goal's bar, in words: the same on our pages and on other sites'."""

from __future__ import annotations

from flask_babel import gettext as _

from donate.appeals.tally import Tally
from donate.money import currency_name
from donate.web.language import current_language
from donate.web.reading import clock_time, long_date


def rule_words(tally: Tally, *, counts_renewals: bool, language: str = "") -> str:
    """Say what moves the bar, and as of when.

    Args:
        tally: What was counted.
        counts_renewals: The appeal's declared rule.
        language: Of the words' dates and names; empty is the page's.
    """
    language = language or current_language()
    told = {
        "currency": currency_name(tally.raised.currency, language),
        "day": long_date(tally.as_of, language),
        "time": clock_time(tally.as_of),
    }
    if counts_renewals:
        words = _(
            "Gifts to this appeal in %(currency)s, after refunds, as of %(day)s at %(time)s. Renewals count; fees that "
            "donors covered don’t, nor do gifts in other currencies.",
            **told,
        )
    else:
        words = _(
            "Gifts to this appeal in %(currency)s, after refunds, as of %(day)s at %(time)s. Of a monthly or yearly "
            "gift the first one counts; renewals don’t, nor do fees that donors covered or gifts in other currencies.",
            **told,
        )
    return str(words)
