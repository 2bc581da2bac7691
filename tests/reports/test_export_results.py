"""The exports of appeals and of stories: one row a thing and currency, in columns that go together."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from click.testing import Result
from flask import Flask

from donate import clock
from donate.appeals.models import Appeal, AskCount
from donate.appeals.queries import find_appeal, list_appeals
from donate.articles.queries import list_every_article
from donate.db import committed, db, lock
from donate.newsroom.queries import get_newsroom
from donate.reports.export import Manifest, Period, write_export
from tests.make.in_the_books import Booked
from tests.people import NOAM

SUMS = (
    "raised_gross", "refunded", "disputed", "raised_net", "gifts", "donors", "new_donors", "monthly_begun",
    "yearly_begun", "views", "presses", "closes",
)  # fmt: skip
# What others build on; columns are only ever added at its end.
APPEALS = (
    "appeal", "name", "status", "evergreen", "starts_on", "ends_on", "fund", "goal", "goal_currency",
    "goal_counts_renewals", "counted_towards_goal", "currency", *SUMS,
)  # fmt: skip
ARTICLES = ("article", "headline", "language", "section", "published_on", "flags", "currency", *SUMS)


def export(kind: str, **asked: Any) -> tuple[list[dict[str, str]], Manifest]:
    """Write an export and read it."""
    out = io.BytesIO()
    manifest = write_export(kind, Period(**asked), "csv", out)
    return list(csv.DictReader(io.StringIO(out.getvalue().decode(), newline=""))), manifest


def of(rows: list[dict[str, str]], name: str, value: str) -> list[dict[str, str]]:
    """Give the rows of one thing."""
    return [row for row in rows if row[name] == value]


def seen(appeal: str, article: str, views: int) -> None:
    """Write what was counted on 2 March 2026."""
    found = find_appeal(appeal)
    assert found is not None
    with committed():
        db.session.add(AskCount(counted_on=date(2026, 3, 2), appeal_id=found.id, variant="", placement="end",
                                article_slug=article, views=views, presses=2, closes=1))  # fmt: skip


@pytest.mark.parametrize(("kind", "columns"), [("appeals", APPEALS), ("articles", ARTICLES)])
def test_the_columns_are_the_promised_ones_in_their_order(of_every_kind: Booked, kind: str, columns: Any) -> None:
    rows, _manifest = export(kind)
    assert tuple(rows[0]) == columns


def test_an_appeal_says_what_it_is_and_what_it_brought(of_every_kind: Booked) -> None:
    seen("misinformation", "", 900)
    rows, manifest = export("appeals")
    assert {row["appeal"] for row in rows} == {each.slug for each in list_appeals()}
    (row,) = of(rows, "appeal", "misinformation")
    known = {
        "status": "live", "evergreen": "false", "goal": "48000.00", "goal_currency": "USD",
        "goal_counts_renewals": "true", "counted_towards_goal": "465.00", "currency": "USD", "raised_gross": "521.00",
        "refunded": "-5.00", "disputed": "-50.00", "raised_net": "466.00", "gifts": "5", "donors": "1",
        "new_donors": "1", "monthly_begun": "1", "yearly_begun": "0", "views": "900", "presses": "2", "closes": "1",
    }  # fmt: skip
    assert {name: row[name] for name in known} == known
    (quiet,) = of(rows, "appeal", "evergreen")
    assert (quiet["raised_net"], quiet["goal"], quiet["views"], quiet["counted_towards_goal"]) == ("0.00", "", "0", "")
    assert manifest.sums == {"USD": {"raised_gross": "521.00", "raised_net": "466.00"}}


def test_an_appeal_in_two_currencies_has_two_rows_and_its_asks_on_one(booked: Booked) -> None:
    booked.give(2500)
    booked.give(9900, currency="EUR")
    seen("misinformation", "", 900)
    rows = of(export("appeals")[0], "appeal", "misinformation")
    assert [(row["currency"], row["raised_net"], row["views"]) for row in rows] == [
        ("EUR", "99.00", "900"), ("USD", "25.00", ""),
    ]  # fmt: skip
    assert [row["counted_towards_goal"] for row in rows] == ["", "25.00"]


def test_a_goal_that_counts_no_renewals_is_measured_by_that(of_every_kind: Booked) -> None:
    with committed():
        found = find_appeal("misinformation")
        assert found is not None
        lock(Appeal, found.id).goal_counts_renewals = False
    (row,) = of(export("appeals")[0], "appeal", "misinformation")
    assert (row["goal_counts_renewals"], row["counted_towards_goal"]) == ("false", "440.00")


def test_days_fund_and_appeal_choose(booked: Booked) -> None:
    booked.give(1000)
    booked.give(2000, on=date(2026, 3, 3))
    booked.give(4000, appeal="evergreen", on=date(2026, 3, 3))
    (row,) = export("appeals", since=date(2026, 3, 3), until=date(2026, 3, 4), appeal="misinformation")[0]
    assert (row["appeal"], row["raised_net"]) == ("misinformation", "20.00")
    assert export("appeals", fund="nobody")[0] == []
    (story,) = of(export("articles", appeal="evergreen")[0], "article", booked.story.slug)
    assert story["raised_net"] == "40.00"
    (story,) = of(export("articles", fund="nobody")[0], "article", booked.story.slug)
    assert story["raised_net"] == "0.00"


def test_every_story_stands_there_and_those_that_are_not_here_too(booked: Booked) -> None:
    booked.give(1000)
    booked.give(500, NOAM, story=False, article_slug="long-gone")
    booked.give(300, story=False)
    seen("evergreen", booked.story.slug, 40)
    rows, _manifest = export("articles")
    assert {row["article"] for row in rows} == {each.slug for each in list_every_article()} | {"long-gone"}
    (story,) = of(rows, "article", booked.story.slug)
    assert (story["headline"], story["raised_net"], story["views"]) == (booked.story.headline, "10.00", "40")
    assert story["published_on"] == clock.on(booked.story.published_at, get_newsroom().time_zone).isoformat()
    (gone,) = of(rows, "article", "long-gone")
    assert (gone["headline"], gone["raised_net"], gone["donors"]) == ("", "5.00", "1")


def test_both_are_written_by_the_command_in_every_format(of_every_kind: Booked, app: Flask, tmp_path: Path) -> None:
    say: Callable[..., Result] = app.test_cli_runner().invoke
    for kind in ("appeals", "articles"):
        path = tmp_path / f"{kind}.csv"
        done = say(args=["export", kind, "--from", "2026-03-01", "--to", "2026-06-01", "--out", str(path)])
        assert done.exit_code == 0, done.output
        assert "USD 466.00" in done.output
        assert json.loads(path.with_name(path.name + ".manifest.json").read_text())["kind"] == kind
        done = say(args=["export", kind, "--format", "jsonl", "--out", "-"])
        assert json.loads(done.stdout.splitlines()[0])["currency"] == "USD"
    assert say(args=["export", "appeal_donors", "--out", "-"]).exit_code == 2
