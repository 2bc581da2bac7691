"""The page of supporters: who is named, year by year, and why; drawn from rows that a job keeps, never from gifts."""

from __future__ import annotations

from flask import render_template

from donate import clock
from donate.errors import NotFound
from donate.members.queries import list_all_named
from donate.newsroom.supporters import Listing, listing_of
from donate.web.kept import kept
from donate.web.listing_words import say_lines, say_year
from donate.web.news.door import news
from donate.web.reading import newsroom


@news.get("/supporters")
@kept
def supporters() -> str:
    """Name who gave as much as the newsroom has set, this year and the last; nothing is here until it has."""
    listing = listing_of(newsroom())
    if listing is None:
        raise NotFound("supporters_missing")
    return render_template(
        "news/supporters.html", years=_years(listing), sums=say_lines(listing), year=say_year(listing)
    )


def _years(listing: Listing) -> list[tuple[str, bool, list[str]]]:
    """List (year, whether it still runs, names in their order) of this year and the last, where anybody is named."""
    this, rows = listing.year_of(clock.today(newsroom().time_zone)), list_all_named()
    named = [
        (year.name, year == this, sorted((row.name for row in rows if row.year == year.number), key=str.casefold))
        for year in (this, this.before())
    ]
    return [each for each in named if each[2]]
