"""A story changes: the appeals made for it rest at once, say why, and tell those who may start them again."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from donate import clock
from donate.appeals.models import Appeal, AppealTarget
from donate.appeals.pause import resume_appeal
from donate.appeals.pause_bound import pause_bound_appeals
from donate.appeals.queries import find_appeal
from donate.articles.flag import clear_flag, set_flag
from donate.articles.flags import FLAGS
from donate.articles.import_story import import_stories
from donate.articles.queries import find_article, lock_article
from donate.articles.story import Story
from donate.db import committed, db, lock
from donate.mail.models import MailMessage
from donate.queue.models import Job
from donate.team.hire import add_staff, disable_staff
from donate.team.history import SYSTEM, Who
from donate.team.queries import list_history
from tests.make.outbox import Outbox, text_of
from tests.make.rows import every, job_errors

pytestmark = pytest.mark.usefixtures("newsroom")

Work = Callable[[], int]
EDITOR = Who("staff", 7)
SLUG = "flood-picture"


def flag(slug: str = SLUG, name: str = "correction") -> None:
    """Set a flag on a story."""
    with committed():
        article = lock_article(slug)
        assert article is not None
        set_flag(article, name, EDITOR)


def unflag(slug: str = SLUG, name: str = "correction") -> None:
    """Take it off."""
    with committed():
        article = lock_article(slug)
        assert article is not None
        clear_flag(article, name, EDITOR)


def appeal(slug: str = "misinformation") -> Appeal:
    """Give an appeal as it is now."""
    db.session.expire_all()
    found = find_appeal(slug)
    assert found is not None
    return found


def change(slug: str = "misinformation", **values: Any) -> None:
    """Write an appeal's columns."""
    with committed():
        row = lock(Appeal, appeal(slug).id)
        for name, value in values.items():
            setattr(row, name, value)


def bind(slug: str, article: str, *, is_excluded: bool = False) -> None:
    """Tie an appeal to a story, or keep it off it."""
    with committed():
        row = lock(Appeal, appeal(slug).id)
        row.targets.append(AppealTarget(kind="article", slug=article, is_excluded=is_excluded))


def resume(slug: str = "misinformation") -> None:
    """Let an appeal run again."""
    with committed():
        resume_appeal(lock(Appeal, appeal(slug).id), EDITOR)


@pytest.mark.parametrize("name", FLAGS)
def test_an_appeal_rests_when_its_story_is_flagged_and_says_why(work: Work, name: str) -> None:
    flag(name=name)
    assert appeal().status == "live", "the worker does it, a moment later"
    work()
    rests = appeal()
    assert (rests.status, rests.paused_why) == ("paused", {"flag": name, "article": SLUG})
    assert rests.paused_at is not None
    last = list_history("appeal", "misinformation")[-1]
    assert (last.who_kind, last.act) == ("system", "pause_appeal")
    assert (last.before, last.after) == ({"status": "live"}, {"flag": name, "article": SLUG})


def test_only_appeals_made_for_that_very_story_rest(work: Work) -> None:
    bind("student-newsroom", SLUG, is_excluded=True)
    flag("izmir-budget-aloud")
    flag()
    work()
    assert [each.slug for each in every(Appeal) if each.status == "paused"] == ["misinformation"]


def test_the_appeal_without_end_never_rests(work: Work) -> None:
    bind("evergreen", SLUG)
    flag()
    work()
    assert appeal("evergreen").status == "live"
    assert job_errors() == []


@pytest.mark.parametrize(("allowed", "status"), [(["correction"], "live"), (["sensitive"], "paused")])
def test_an_appeal_whose_rules_allow_the_flag_runs_on(work: Work, allowed: list[str], status: str) -> None:
    change(rules={"allowed_flags": allowed})
    flag()
    work()
    assert appeal().status == status


@pytest.mark.parametrize("status", ["draft", "ended"])
def test_what_does_not_run_is_left_as_it_is(work: Work, status: str) -> None:
    change(status=status)
    flag()
    work()
    assert (appeal().status, appeal().paused_why) == (status, {})


def test_a_flag_that_somebody_has_looked_at_since_stops_nothing(work: Work) -> None:
    flag()
    change(checked_at=clock.now() + timedelta(seconds=1))
    work()
    assert appeal().status == "live"


def test_an_appeal_that_nobody_ever_looked_over_rests(work: Work) -> None:
    change(checked_at=None)
    flag()
    work()
    assert appeal().status == "paused"


def test_a_flag_that_was_taken_off_at_once_stops_nothing(work: Work) -> None:
    flag()
    unflag()
    work()
    assert appeal().status == "live"


def test_a_story_that_is_gone_stops_nothing() -> None:
    pause_bound_appeals("no-such-story", "correction")
    assert {each.status for each in every(Appeal)} == {"live"}


def test_twice_is_once_also_after_it_was_started_again(work: Work) -> None:
    flag()
    work()
    version = appeal().version
    pause_bound_appeals(SLUG, "correction")
    assert appeal().version == version
    resume()
    pause_bound_appeals(SLUG, "correction")
    assert appeal().status == "live"
    assert [each.act for each in list_history("appeal", "misinformation")] == ["pause_appeal", "resume_appeal"]
    assert len(every(MailMessage)) == 1


def test_another_flag_and_the_same_one_set_anew_each_stop_it_again(work: Work) -> None:
    flag()
    work()
    resume()
    flag(name="sensitive")
    work()
    assert appeal().paused_why == {"flag": "sensitive", "article": SLUG}
    resume()
    unflag()
    flag()
    work()
    assert appeal().paused_why == {"flag": "correction", "article": SLUG}


def test_whoever_may_start_it_again_is_told_once_and_nobody_else(work: Work, outbox: Outbox) -> None:
    with committed():
        for role in ("owner", "editor", "fundraising", "finance"):
            add_staff(f"{role}@newsroom.example", role, SYSTEM)
        left, _token = add_staff("left@newsroom.example", "editor", SYSTEM)
        disable_staff(left, SYSTEM)
    flag()
    work()
    pause_bound_appeals(SLUG, "correction")
    work()
    told = [each.to_address for each in every(MailMessage)]
    assert sorted(told) == ["editor@newsroom.example", "owner@newsroom.example"]
    text = text_of(outbox.to("editor@newsroom.example")[-1])
    article = find_article(SLUG)
    assert article is not None
    for words in (
        "has been corrected", article.headline, "/staff/appeals/misinformation", f"/staff/articles/{SLUG}",
        f"/articles/{SLUG}",
    ):  # fmt: skip
        assert words in text


def test_where_nobody_works_yet_the_newsroom_is_told(work: Work, outbox: Outbox) -> None:
    flag()
    work()
    assert [each.to_address for each in every(MailMessage)] == ["giving@plumbline.example"]
    assert "rests" in str(outbox.to("giving@plumbline.example")[-1]["Subject"])


@pytest.mark.parametrize(("name", "words"), [
    ("retraction", "retracted"), ("embargo", "under embargo"), ("sensitive", "sensitive"),
    ("do_not_ask", "free of asks"),
])  # fmt: skip
def test_the_letter_says_what_happened_to_the_story(work: Work, outbox: Outbox, name: str, words: str) -> None:
    flag(name=name)
    work()
    assert words in text_of(outbox.to("giving@plumbline.example")[-1])


def test_a_story_in_arabic_letters_is_named_in_the_history_by_its_key(work: Work) -> None:
    story = Story(source="feed", guid="ar", headline="قصة طويلة", body_html="<p>كان.</p>", language="ar")
    with committed():
        import_stories([story])
    bind("misinformation", "قصة-طويلة")
    change(checked_at=clock.now())
    with committed():
        import_stories([replace(story, topics=("تصحيح",))])
    work()
    assert appeal().paused_why == {"flag": "correction", "article": "قصة-طويلة"}
    article = find_article("قصة-طويلة")
    assert article is not None
    assert list_history("appeal", "misinformation")[-1].after == {
        "flag": "correction", "article": f"article-{article.id}",
    }  # fmt: skip
    resume()
    assert appeal().status == "live"
    assert job_errors() == []


def test_the_job_is_asked_for_only_where_something_new_is_said(work: Work) -> None:
    flag()
    flag()
    unflag()
    assert [each.args for each in every(Job) if each.name == "article_changed"] == [
        {"article": SLUG, "flag": "correction"}
    ]
