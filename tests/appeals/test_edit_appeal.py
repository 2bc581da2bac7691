"""An appeal is changed, compared, gone back to, copied and looked over, by the verbs themselves."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any

import pytest

from donate.appeals.campaign import Campaign, Presets, Words
from donate.appeals.compare import list_changes, mark_words, merge_changes
from donate.appeals.contents import Contents, contents_from_json, contents_of, contents_to_json
from donate.appeals.draft import copy_appeal, draft_appeal
from donate.appeals.edit import edit_appeal, is_overtaken, revert_appeal
from donate.appeals.models import Appeal, AppealVersion
from donate.appeals.pause import pause_appeal
from donate.appeals.queries import get_appeal, list_versions
from donate.appeals.ready import Surroundings, list_checks, list_obstacles
from donate.appeals.rules import Rules
from donate.appeals.situation import PageFacts
from donate.articles.queries import find_article
from donate.db import committed, db
from donate.errors import AppealRefused, NotFound
from donate.money import Money
from donate.reports.matching import find_newest_match, list_matching, list_unknown
from donate.team.history import SYSTEM, Who
from tests.make.rows import every

INES = Who("staff", 7)
TODAY = date(2026, 3, 2)
WORDS = Words("From us", "Headline", "Inline.", "<p>Body.</p>", "", "", "Give", "Give", "")
PRESETS = ("USD", "month", Presets((Money(500, "USD"),), Money(500, "USD")))
FULL = Contents(
    slug="full", name="Full", fund="general", starts_on=TODAY, ends_on=date(2026, 4, 1), priority=3, paragraph=2,
    placements=frozenset({"end"}), targets=frozenset({("topic", "water"), ("article", "flood-picture")}),
    excluded=frozenset({("section", "culture")}), goal=Money(100_000, "JOD"), goal_counts_renewals=False,
    amounts={"USD": {"month": {"amounts": [500, 1000], "default": 500}}},
    texts={("en", "a"): WORDS, ("en", "b"): replace(WORDS, headline="Other")}, share_b=40, holdback=5,
    rules=Rules(audience=frozenset({"guest"}), countries=frozenset({"JO"}), read_least=2, rests_days=7),
)  # fmt: skip


def make(contents: Contents = FULL) -> Appeal:
    with committed():
        draft_appeal(contents, INES)
    return get_appeal(contents.slug)


@pytest.mark.usefixtures("newsroom")
def test_what_is_written_is_what_is_read_and_kept() -> None:
    row = make()
    assert contents_of(row) == FULL
    kept = list_versions(row.id)
    assert [(each.number, each.staff_id) for each in kept] == [(1, 7)]
    assert contents_from_json(kept[0].contents) == FULL
    assert contents_from_json(contents_to_json(FULL)) == FULL


@pytest.mark.usefixtures("newsroom")
def test_a_tie_may_become_a_place_where_it_never_stands() -> None:
    row = make()
    moved = replace(FULL, targets=frozenset({("all", "")}), excluded=frozenset({("topic", "water")}), texts={})
    with committed():
        edit_appeal(row, moved, INES, based_on=1)
    db.session.expire_all()
    assert contents_of(get_appeal("full")) == moved


@pytest.mark.usefixtures("newsroom")
def test_an_appeal_older_than_versions_is_kept_as_it_was_first() -> None:
    row = make()
    with committed() as session:
        for each in every(AppealVersion):
            session.delete(each)
    with committed():
        edit_appeal(get_appeal("full"), replace(FULL, name="Fuller"), INES, based_on=1)
    assert [(each.number, each.staff_id, each.contents["name"]) for each in list_versions(row.id)] == [
        (2, 7, "Fuller"),
        (1, None, "Full"),
    ]


@pytest.mark.usefixtures("newsroom")
def test_who_is_overtaken_saves_nothing_and_a_pause_overtakes_nobody() -> None:
    row = get_appeal("misinformation")
    began, now = row.version, contents_of(row)
    with committed():
        pause_appeal(get_appeal("misinformation"), SYSTEM, {"flag": "correction", "article": "flood-picture"})
    assert not is_overtaken(get_appeal("misinformation"), began)
    with committed():
        edit_appeal(get_appeal("misinformation"), replace(now, name="Theirs"), INES, based_on=began)
    with pytest.raises(AppealRefused, match="appeal_changed"), committed():
        edit_appeal(get_appeal("misinformation"), replace(now, name="Mine"), INES, based_on=began)
    db.session.expire_all()
    assert get_appeal("misinformation").name == "Theirs"


@pytest.mark.usefixtures("newsroom")
def test_going_back_keeps_address_and_state() -> None:
    row = make()
    with committed():
        edit_appeal(row, replace(FULL, slug="fuller", name="Fuller"), INES, based_on=1)
    with committed():
        assert revert_appeal(get_appeal("fuller"), 1, INES)
    assert contents_of(get_appeal("fuller")) == replace(FULL, slug="fuller")
    with pytest.raises(NotFound), committed():
        revert_appeal(get_appeal("fuller"), 9, INES)


@pytest.mark.usefixtures("newsroom")
def test_a_copy_leaves_the_days_behind_and_needs_a_free_address() -> None:
    make()
    with committed():
        copied = copy_appeal(get_appeal("full"), "second", INES)
    assert contents_of(copied) == replace(FULL, slug="second", starts_on=None, ends_on=None)
    with pytest.raises(AppealRefused, match="address_taken"), committed():
        copy_appeal(get_appeal("full"), "evergreen", INES)


# -- comparing ------------------------------------------------------------------------------------------------------


def test_changes_are_told_field_by_field() -> None:
    before = contents_to_json(FULL)
    after = contents_to_json(
        replace(FULL, name="New", goal=None, texts={("en", "a"): replace(WORDS, headline="Newer")}, rules=Rules())
    )
    found = {each.place: (each.before, each.after) for each in list_changes(before, after)}
    assert found["name",] == ("Full", "New")
    assert found["goal",] == ({"minor": 100_000, "currency": "JOD"}, None)
    assert found["texts", "en", "a", "headline"] == ("Headline", "Newer")
    assert found["texts", "en", "b", "headline"] == ("Other", None)
    assert found["rules", "countries"] == (["JO"], None)
    assert ("texts", "en", "a", "inline") not in found
    assert list_changes(before, before) == []


def test_words_that_went_and_came_are_marked() -> None:
    assert mark_words("a false picture", "a true picture") == [
        ("same", "a "),
        ("gone", "false"),
        ("same", " "),
        ("new", "true"),
        ("same", " "),
        ("same", "picture"),
    ]
    assert mark_words("", "new") == [("new", "new"), ("same", " ")]
    assert mark_words("same", "same") == [("same", "same")]


def test_two_changes_come_together_and_mine_stays_where_both_meet() -> None:
    base = contents_to_json(FULL)
    mine = contents_to_json(replace(FULL, name="Mine", priority=9, texts={("en", "a"): WORDS}))
    theirs = contents_to_json(replace(FULL, name="Theirs", paragraph=6, goal=None))
    merged = merge_changes(base, mine, theirs)
    found = contents_from_json(merged.contents)
    assert (found.name, found.priority, found.paragraph, found.goal) == ("Mine", 9, 6, None)
    assert set(found.texts) == {("en", "a")}
    assert merged.both == [("name",)]
    assert {each.place for each in merged.theirs} == {("name",), ("paragraph",), ("goal",)}


# -- looking over ---------------------------------------------------------------------------------------------------

PAGE = PageFacts(language="en", on=TODAY, currency="USD", article="flood-picture", topics=frozenset({"water"}))


def campaign(slug: str = "full", **values: Any) -> Campaign:
    given: dict[str, Any] = {
        "status": "draft", "is_evergreen": False, "starts_on": None, "ends_on": None, "priority": 0, "paragraph": 4,
        "goal": None, "targets": frozenset({("all", "")}), "texts": (("en", "a", WORDS),), "presets": (PRESETS,),
    }  # fmt: skip
    return Campaign(slug=slug, **{**given, **values})


def around(**values: Any) -> Surroundings:
    given: dict[str, Any] = {
        "today": TODAY, "languages": ["en"], "currencies": ["USD"], "matching": 1, "pages": [PAGE], "flagged": [],
        "rivals": [], "is_test": False,
    }  # fmt: skip
    return Surroundings(**{**given, **values})


def test_a_whole_appeal_has_nothing_in_its_way() -> None:
    assert list_obstacles(campaign(), TODAY) == []
    assert {each.state for each in list_checks(campaign(), around())} == {"good"}


@pytest.mark.parametrize(
    ("name", "values"),
    [
        ("words", {"texts": ()}),
        ("amounts", {"presets": ()}),
        ("ties", {"targets": frozenset()}),
        ("placements", {"placements": frozenset()}),
        ("dates", {"ends_on": date(2026, 3, 1)}),
    ],
)
def test_what_is_missing_is_in_the_way(name: str, values: dict[str, Any]) -> None:
    assert list_obstacles(campaign(**values), TODAY) == [name]
    stops = [each.name for each in list_checks(campaign(**values), around()) if each.state == "stop"]
    assert stops == [name]


RIVAL = campaign("rival", status="live", priority=9)


@pytest.mark.parametrize(
    ("name", "values", "surroundings"),
    [
        ("words", {}, {"languages": ["en", "ar"]}),
        ("amounts", {}, {"currencies": ["USD", "JOD"]}),
        ("ties", {}, {"matching": 0}),
        ("money", {}, {"is_test": True}),
        ("rank", {}, {"rivals": [RIVAL]}),
        ("flags", {}, {"flagged": ["flood-picture"]}),
        ("goal", {"goal": Money(1, "EUR")}, {}),
        ("copies", {"share_b": 50}, {}),
    ],
)
def test_what_is_worth_a_look_is_marked(name: str, values: dict[str, Any], surroundings: dict[str, Any]) -> None:
    looks = [each.name for each in list_checks(campaign(**values), around(**surroundings)) if each.state == "look"]
    assert looks == [name]


@pytest.mark.parametrize(
    "rival",
    [
        replace(RIVAL, priority=-1),
        replace(RIVAL, status="paused"),
        replace(RIVAL, placements=frozenset({"footer"})),
        replace(RIVAL, targets=frozenset({("article", "other")})),
    ],
)
def test_who_does_not_go_before_it_everywhere_is_no_rival(rival: Campaign) -> None:
    assert [each for each in list_checks(campaign(), around(rivals=[rival])) if each.state != "good"] == []


# -- which stories --------------------------------------------------------------------------------------------------


@pytest.mark.usefixtures("newsroom")
def test_the_stories_an_appeal_fits_are_found_by_tie_and_language() -> None:
    def slugs(**values: Any) -> set[str]:
        found = list_matching(campaign(**values))
        assert found.count == len(found.newest)
        return {each.slug for each in found.newest}

    everything = slugs()
    assert "flood-picture" in everything
    assert {each.language for each in list_matching(campaign()).newest} == {"en"}
    assert slugs(targets=frozenset({("article", "flood-picture")})) == {"flood-picture"}
    assert slugs(targets=frozenset()) == set()
    assert slugs(texts=()) == set()
    assert slugs(is_evergreen=True, targets=frozenset()) == everything
    section = slugs(targets=frozenset({("section", "fact-desk")}))
    assert section
    assert section < everything
    assert slugs(excluded=frozenset({("section", "fact-desk")})) == everything - section
    topic = slugs(targets=frozenset({("topic", "water")}))
    assert topic
    assert slugs(excluded=frozenset({("topic", "water")})) == everything - topic


@pytest.mark.usefixtures("newsroom")
def test_flagged_stories_are_told_apart() -> None:
    assert list_matching(campaign(targets=frozenset({("article", "flood-picture")}))).flagged == []
    with committed():
        from_desk = {"correction": {"by": "editor", "since": datetime(2026, 3, 1, tzinfo=UTC).isoformat()}}
        _article("flood-picture").flags = from_desk
    assert [each.slug for each in list_matching(campaign()).flagged] == ["flood-picture"]


def _article(slug: str) -> Any:
    found = find_article(slug)
    assert found is not None
    return found


@pytest.mark.usefixtures("newsroom")
def test_the_newest_story_to_try_it_beside_is_in_the_language() -> None:
    for language in ("en", "ar", "he"):
        found = find_newest_match(campaign(targets=frozenset()), language)
        assert found is not None
        assert found.language == language
    assert find_newest_match(campaign(), "fr") is None


@pytest.mark.usefixtures("newsroom")
def test_addresses_that_lead_nowhere_are_told() -> None:
    assert list_unknown("article", ["flood-picture", "none"]) == ["none"]
    assert list_unknown("section", ["fact-desk", "none"]) == ["none"]
    assert list_unknown("topic", ["water", "none"]) == ["none"]
    assert list_unknown("topic", []) == []
