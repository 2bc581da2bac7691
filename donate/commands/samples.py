"""The sample newsroom: its facts, appeals and stories, loaded through the same verbs as anyone's."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, time, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from donate import clock
from donate.appeals.load import load_appeals
from donate.articles.import_story import ImportResult, import_stories
from donate.articles.story import Story
from donate.commands.newsroom import load_facts
from donate.commands.read_toml import read_toml
from donate.db import committed
from donate.newsroom.queries import get_newsroom

SAMPLE = Path(__file__).parent / "sample"
_SOURCE = "sample"
# How a student beside a reporter is named: after the bar stands what belongs to the byline but is no author.
_WITH_STUDENT = {
    "en": "{byline} | with student reporter {student}",
    "ar": "{byline} | بمشاركة {student} من غرفة أخبار الطلبة",
    "he": "{byline} | עם {student} ממערכת הסטודנטים",
}


def load_samples() -> ImportResult:
    """Load the sample newsroom; loading again updates.

    Returns:
        What came of its stories.
    """
    facts = read_toml(SAMPLE / "newsroom.toml")
    load_facts(facts)
    appeals = read_toml(SAMPLE / "appeals.toml")
    with committed():
        load_appeals(appeals, clock.today(facts["time_zone"]))
        return import_stories(sample_stories(facts["time_zone"]))


def load_sample_stories() -> ImportResult:
    """Load the sample's stories alone, dated back from today: what was changed at the desk stays as it is.

    Returns:
        What came of them.
    """
    with committed():
        return import_stories(sample_stories(get_newsroom().time_zone))


def sample_stories(zone: str) -> Iterator[Story]:
    """Read the sample's stories, dated back from now.

    Args:
        zone: The newsroom's.
    """
    for path in sorted((SAMPLE / "articles").glob("*.toml")):
        yield _story(read_toml(path), zone)


def _story(data: dict[str, Any], zone: str) -> Story:
    day = clock.today(zone) - timedelta(days=data["days_ago"])
    morning = datetime.combine(day, time(6, 0), ZoneInfo(zone))
    picture = data.get("picture", "")
    return Story(
        source=_SOURCE,
        guid=data["slug"],
        slug=data["slug"],
        headline=data["headline"],
        body_html=data["body"],
        language=data["language"],
        deck=data.get("deck", ""),
        dateline=data.get("dateline", ""),
        byline=_byline(data),
        image=f"/static/{picture}" if picture else "",
        image_alt=data.get("picture_alt", ""),
        image_caption=data.get("picture_caption", ""),
        image_credit=data.get("picture_credit", ""),
        record=data.get("record", {}),
        section=data.get("section", ""),
        topics=tuple(data.get("topics", ())),
        published_at=min(morning, clock.now()),
        flags=tuple(data.get("flags", ())),
    )


def _byline(data: dict[str, Any]) -> str:
    byline: str = data.get("byline", "")
    student = data.get("student_byline")
    return _WITH_STUDENT[data["language"]].format(byline=byline, student=student) if student else byline
