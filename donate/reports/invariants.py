"""Invariants: what must hold over the whole database, each a rule with a name and a sentence."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from typing import Any

from donate import clock
from donate.db import db

#: Money that Stripe took is in our books by then, even where a bank is slow to reckon it.
BOOKED_WITHIN = timedelta(days=7)
#: A payment page is over after an hour, and the sweep comes every five minutes.
SETTLED_WITHIN = timedelta(hours=2)
#: A bank debit has its end by then: https://docs.stripe.com/payments/sepa-debit
BANK_WITHIN = timedelta(days=21)
#: Stripe says what an automatic payout is made of by then.
PROVED_WITHIN = timedelta(days=7)
#: A wish to be forgotten is fulfilled by then (GDPR, article 12: one month).
ERASED_WITHIN = timedelta(days=30)

Rule = Callable[[], Iterator[str]]
#: Every invariant by name; its sentence is its docstring.
RULES: dict[str, Rule] = {}


def rule(check: Rule) -> Rule:
    """Name an invariant after its function; it gives what breaks it, a line each."""
    RULES[check.__name__] = check
    return check


def rows(asked: Any) -> Iterator[Any]:
    """Give the rows of a question."""
    yield from db.session.execute(asked)


def names(asked: Any) -> Iterator[str]:
    """Give the first column of a question as words."""
    yield from (str(name) for name in db.session.scalars(asked))


def ago(span: timedelta) -> datetime:
    """Tell the moment so long ago."""
    return clock.now() - span
