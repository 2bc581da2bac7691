"""What an appeal brought, net of what went back, by what its gifts have in common; and what tells its copies apart."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date
from decimal import ROUND_HALF_EVEN, Decimal

from donate.money import Money
from donate.reports.asks_counted import Seen, total_asks
from donate.reports.gift_lines import By, Totals, Which, count_not_booked, total_fees, total_gifts
from donate.reports.promises_begun import Begun, count_promises_begun

#: Fewer first gifts or views of a copy than these say nothing of it: a rule of thumb, and no statistics.
LEAST_GIFTS, LEAST_VIEWS = 50, 1000
HELD = "held"


@dataclass(frozen=True)
class Copy:
    """What one copy of an appeal brought in one currency.

    Args:
        name: ``a``, ``b``, ``held``; empty where it has only one.
    """

    name: str
    totals: Totals
    seen: Seen

    def net_per_thousand(self) -> Money | None:
        """Tell what is kept for each 1,000 views, rounded to a minor unit; None where it was never seen."""
        per = per_thousand(self.totals.kept, self.seen.views)
        return None if per is None else Money(int(per.to_integral_value(ROUND_HALF_EVEN)), self.totals.currency)


@dataclass(frozen=True)
class Verdict:
    """Whether one copy can be preferred.

    Args:
        kind: ``one_copy``, ``not_enough``, ``even``, or the copy that brought more: ``a``, ``b``.
        missing: For ``not_enough``: (copy, how many first gifts are missing, how many views).
    """

    kind: str
    missing: tuple[tuple[str, int, int], ...] = ()


@dataclass(frozen=True)
class InCurrency:
    """An appeal's results in one currency."""

    totals: Totals
    promises: tuple[Begun, ...]
    days: tuple[Totals, ...]
    articles: tuple[Totals, ...]
    sources: tuple[Totals, ...]
    placements: tuple[Totals, ...]
    copies: tuple[Copy, ...]
    verdict: Verdict

    @property
    def has_copies(self) -> bool:
        """Whether any of its gifts came by one of several copies."""
        return any(each.name and each.totals.came for each in self.copies)


@dataclass(frozen=True)
class AppealResults:
    """An appeal's results in each currency it was given to in, never mixed.

    Args:
        currencies: The one with most gifts first.
        fees: What Stripe kept so far, by the currency it was kept in.
        not_booked: Gifts that arrived and are in no sum here yet.
        placements_seen: How often its asks were seen, by placement.
    """

    which: Which
    currencies: tuple[InCurrency, ...]
    fees: dict[str, Money]
    not_booked: int
    placements_seen: dict[str, Seen]


@dataclass(frozen=True)
class Unattributed:
    """How much of what is kept in one currency nobody can say whence it came.

    Args:
        shares: (``appeal``, ``article`` or ``source``, the sums of gifts without one, their share of what is kept).
    """

    totals: Totals
    shares: tuple[tuple[str, Totals, Decimal], ...]


def appeal_results(slug: str, since: date | None, until: date | None, zone: str) -> AppealResults:
    """Gather what one appeal brought.

    Args:
        slug: Which.
        since: First day the gifts came on.
        until: First day left out, also of what went back.
        zone: The newsroom's.
    """
    which = Which(since=since, until=until, appeal=slug)
    parts: tuple[By, ...] = ("received_on", "article", "source", "placement", "variant")
    by = {name: total_gifts(which, name) for name in parts}
    promises = count_promises_begun(which, zone)
    seen = total_asks("variant", appeal=slug, since=since, until=until)
    found = [
        _in_currency(totals, by, promises, seen)
        for totals in sorted(total_gifts(which), key=lambda each: (-each.gifts, each.currency))
    ]
    return AppealResults(
        which=which,
        currencies=tuple(found),
        fees=total_fees(which),
        not_booked=count_not_booked(which),
        placements_seen=total_asks("placement", appeal=slug, since=since, until=until),
    )


def judge(copies: Iterable[Copy]) -> Verdict:
    """Tell whether one of two copies brought more for each 1,000 views, once enough is known of both.

    Args:
        copies: In one currency; the group that is shown none is no copy.
    """
    shown = {each.name: each for each in copies if each.name in ("a", "b")}
    if len(shown) < 2:
        return Verdict("one_copy")
    missing = tuple(
        (name, max(0, LEAST_GIFTS - each.totals.first_gifts), max(0, LEAST_VIEWS - each.seen.views))
        for name, each in sorted(shown.items())
    )
    if any(gifts or views for _name, gifts, views in missing):
        return Verdict("not_enough", missing)
    a, b = (each.totals.kept * shown[other].seen.views for each, other in ((shown["a"], "b"), (shown["b"], "a")))
    return Verdict("even" if a == b else "a" if a > b else "b")


def unattributed(since: date | None, until: date | None) -> list[Unattributed]:
    """Tell of all gifts how much names no appeal, no story or no source.

    Args:
        since: First day.
        until: First day left out.
    """
    which = Which(since=since, until=until)
    without = {
        name: {each.currency: each for each in total_gifts(replace(which, **{name: ""}))}  # type: ignore[arg-type]
        for name in ("appeal", "article", "source")
    }
    return [
        Unattributed(
            totals,
            tuple(
                (name, part, share(part.kept, totals.kept))
                for name, found in without.items()
                for part in [found.get(totals.currency, Totals("", totals.currency))]
            ),
        )
        for totals in sorted(total_gifts(which), key=lambda each: (-each.gifts, each.currency))
    ]


def share(part: int, whole: int) -> Decimal:
    """Give a part in percent, to one place; 0 of nothing."""
    return (Decimal(part) * 100 / whole).quantize(Decimal("0.1"), ROUND_HALF_EVEN) if whole > 0 else Decimal("0.0")


def per_thousand(number: int, views: int) -> Decimal | None:
    """Give how many for each 1,000 views, to one place; None where nothing was seen."""
    return (Decimal(number) * 1000 / views).quantize(Decimal("0.1"), ROUND_HALF_EVEN) if views else None


def _in_currency(
    totals: Totals, by: dict[By, list[Totals]], promises: list[Begun], seen: dict[str, Seen]
) -> InCurrency:
    def ours(name: By) -> tuple[Totals, ...]:
        return tuple(each for each in by[name] if each.currency == totals.currency)

    given = {each.key: each for each in ours("variant")}
    copies = tuple(
        Copy(name, given.get(name, Totals(name, totals.currency)), seen.get(name, Seen()))
        for name in sorted(given.keys() | seen.keys())
    )
    return InCurrency(
        totals=totals,
        promises=tuple(each for each in promises if each.currency == totals.currency),
        days=tuple(sorted(ours("received_on"), key=lambda each: each.key)),
        articles=ours("article"),
        sources=ours("source"),
        placements=ours("placement"),
        copies=copies,
        verdict=judge(copies),
    )
