"""The capture reader: the story comes out whole, the page's furniture stays behind."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from html import unescape
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from donate.articles.importers.capture import parse_capture, read_capture
from donate.articles.sanitise import sanitise
from donate.articles.story import Story
from donate.errors import Unreadable

CAPTURES = Path(__file__).parent / "captures"


def paragraphs(story: Story) -> list[str]:
    """Give the body's paragraphs as text, pull quotes without their speakers."""
    html = re.sub(r"<footer>.*?</footer>", "", sanitise(story.body_html))
    return [unescape(re.sub(r"<[^>]+>", "", line)) for line in html.split("\n")]


def pulls(story: Story) -> list[str]:
    """Give the pull quotes as HTML."""
    return re.findall(r'<blockquote class="pull">.*?</blockquote>', story.body_html)


@pytest.fixture
def seed(reference_dir: Path) -> Path:
    """Give the captured page of the reference data."""
    found = sorted((reference_dir / "seed").glob("*.txt"))
    if not found:
        pytest.skip(f"no captured page in {reference_dir}/seed")
    return found[0]


def test_the_reference_page_gives_its_headline_deck_dateline_caption_and_credit(seed: Path) -> None:
    story = read_capture(seed)
    assert story.headline == "Taliban Regime Says It Has ISIS Afghan Affiliate on the Run"
    assert story.deck == "US must release Kabul’s frozen assets for the sake of regional peace, experts say"
    assert story.dateline == "Islamabad"
    assert story.image_caption.startswith("Taliban fighters investigate")
    assert story.image_caption.endswith("2021.")
    assert story.image_credit == "AFP via Getty Images"
    assert (story.byline, story.published_at, story.language) == ("", None, "en")


def test_the_reference_page_keeps_every_paragraph_verbatim_and_in_order(seed: Path) -> None:
    lines = [line.strip() for line in seed.read_text("utf-8").splitlines() if line.strip()]
    first = next(at for at, line in enumerate(lines) if line.startswith("[Islamabad]"))
    last = next(at for at, line in enumerate(lines) if line.endswith("‘in the 21st century,’” Safvi said."))
    expected = lines[first : last + 1]
    expected[0] = expected[0].removeprefix("[Islamabad] ")
    assert paragraphs(read_capture(seed)) == expected


def test_the_reference_page_leaves_its_furniture_behind(seed: Path) -> None:
    story = read_capture(seed)
    text = " ".join((story.body_html, story.deck, story.image_caption)).casefold()
    for furniture in ("personalize", "donate", "what would you give", "browse categories", "passover", "narratives"):
        assert furniture not in text


def test_the_reference_page_sets_its_pull_quotes_apart_with_their_speakers(seed: Path) -> None:
    found = pulls(read_capture(seed))
    assert [re.search(r"<footer>(.*)</footer>", each)[1] for each in found] == [  # type: ignore[index]
        "Michael Kugelman",
        "Haris Nawaz",
        "Adil Farooq Raja",
    ]
    assert "<p>Economic stability will play a pivotal role" in found[1]


def test_another_newsrooms_page_gives_its_deck_byline_and_date() -> None:
    story = read_capture(CAPTURES / "harbour-post.txt")
    assert story.headline == "Dredging Stops While the Seals Have Their Pups"
    assert story.deck.startswith("The port will lose eleven working days")
    assert story.byline == "Anneke Vos and Tom Oyelaran"
    assert story.published_at == datetime(2024, 3, 3, 12, tzinfo=UTC)
    assert (story.image_caption, story.dateline) == ("", "")


def test_another_newsrooms_furniture_goes_and_its_sentences_stay() -> None:
    found = paragraphs(read_capture(CAPTURES / "harbour-post.txt"))
    assert [each.split()[0] for each in found] == ["Nobody", "“We", "Work", "We", "The"]
    assert found[-1].endswith("Donate buttons on its own page had been switched off for the season.")


def test_a_pull_quote_after_its_paragraph_names_the_one_who_said_it() -> None:
    assert pulls(read_capture(CAPTURES / "harbour-post.txt")) == [
        '<blockquote class="pull"><p>We had a permit for the sand and none for the animals</p>'
        "<footer>Piet Hollander</footer></blockquote>"
    ]


def test_a_page_of_nothing_but_headline_and_sentences_without_empty_lines_keeps_them_all() -> None:
    story = read_capture(CAPTURES / "bare.txt")
    assert story.headline == "Council Votes to Keep the Night Bus"
    assert story.deck == ""
    assert len(paragraphs(story)) == 3


def test_a_headline_printed_once_is_found_above_deck_and_byline() -> None:
    story = read_capture(CAPTURES / "printed-once.txt")
    assert story.headline == "Snow Closes the Upper Road for a Third Week"
    assert story.deck == "Farmers walk their milk down to the plant"
    assert (story.byline, story.dateline) == ("Ruta Kalnina", "Alūksne")
    assert story.published_at == datetime(2024, 2, 11, 12, tzinfo=UTC)
    assert len(paragraphs(story)) == 2


@pytest.mark.parametrize(
    ("between", "byline", "day"),
    [
        ("By Leila Haddad", "Leila Haddad", None),
        ("By LEILA HADDAD | The Old Ferry | Nov. 12, 2021", "LEILA HADDAD | The Old Ferry", 12),
        ("Leila Haddad\n12 November 2021 14:05 GMT", "Leila Haddad", 12),
        ("Updated: 2021-11-12\nBy Leila Haddad", "Leila Haddad", 12),
        ("Leila Haddad\n11/12/2021", "Leila Haddad", None),
        ("13/11/2021", "", 13),
    ],
)
def test_who_and_when_are_read_in_many_dresses(between: str, byline: str, day: int | None) -> None:
    text = f"{_HEADLINE}\n{_HEADLINE}\nSeven stops were too many\n{between}\n\n[Haifa] The ferry stopped. It rained.\n"
    story = parse_capture(text)
    assert (story.deck, story.byline, story.dateline) == ("Seven stops were too many", byline, "Haifa")
    assert (story.published_at.day if story.published_at else None) == day
    assert paragraphs(story) == ["The ferry stopped. It rained."]


def test_a_sentence_that_begins_with_by_is_no_byline() -> None:
    first = "By Monday the ferry had stopped, and nobody in the harbour could say for how long it would be."
    assert paragraphs(parse_capture(f"{_HEADLINE}\n\n{_HEADLINE}\n\n{first}\n")) == [first]


def test_an_arabic_page_is_read_like_any_other() -> None:
    story = read_capture(CAPTURES / "arabic.txt")
    assert story.language == "ar"
    assert story.headline == "الحفّارة تتوقف حتى تكبر صغار الفقمة"
    assert story.deck == "أحد عشر يوم عمل يخسرها المرفأ في موسم واحد"
    assert (story.byline, story.dateline) == ("ليلى حداد", "طرابلس")
    assert story.image_credit == "تصوير: غرفة الأخبار"
    assert story.published_at == datetime(2024, 3, 3, 12, tzinfo=UTC)
    assert len(paragraphs(story)) == 2


def test_html_inside_a_capture_is_text() -> None:
    story = read_capture(CAPTURES / "hostile.txt")
    clean = sanitise(story.body_html)
    assert "&lt;script&gt;alert(4)&lt;/script&gt;" in clean
    assert set(re.findall(r"<(\w+)", clean)) <= {"p", "blockquote", "footer"}
    assert story.headline == "A Page That Tries to Run <script>alert(1)</script>"


def test_a_headline_that_stands_alone_is_no_story() -> None:
    with pytest.raises(Unreadable, match="headline_missing"):
        parse_capture("Menu\nDonate\nThe Daily Thing\n")
    with pytest.raises(Unreadable, match="headline_missing"):
        parse_capture("\n\n".join("This is a sentence of a story that nobody gave a headline to, alas." for _ in "abc"))


_WORDS = ("river", "council", "winter", "price", "of", "the", "old", "bread", "school", "in", "seven", "night", "ferry")
_sentence = st.lists(st.sampled_from(_WORDS), min_size=9, max_size=24).map(lambda words: "A " + " ".join(words))
_paragraph = st.builds(
    lambda body, end: body + end,
    _sentence,
    st.sampled_from([".", "?", ".”", " (he laughed).", ", “but not now,” she said.", "…"]),
)
_HEADLINE = "How the Ferry Came to Stop at Seven"


@given(
    body=st.lists(_paragraph, min_size=1, max_size=12, unique=True),
    masthead=st.lists(st.sampled_from(["The Old Ferry", "Donate", "Menu", "Please support us all"]), max_size=4),
    caption=st.sampled_from(["", "A ferry at night. (AFP via Getty Images)", "A ferry at night."]),
    deck=st.sampled_from(["", "Seven stops were too many for one winter"]),
    byline=st.sampled_from(["", "By Leila Haddad", "By Leila Haddad | March 3, 2024"]),
    dateline=st.sampled_from(["", "[Haifa] "]),
    tail=st.lists(
        st.sampled_from(
            ["TheOldFerry", "Browse all categories", "Sign up for our letter.", "Related stories", "© 2024"]
        )
    ),
    gap=st.sampled_from(["\n\n", "\r\n\r\n", "\n\n\n"]),
)
def test_no_sentence_of_a_story_is_ever_lost(
    body: list[str], masthead: list[str], caption: str, deck: str, byline: str, dateline: str, tail: list[str], gap: str
) -> None:
    parts = [*masthead, _HEADLINE, caption, _HEADLINE, deck, byline, dateline + body[0], *body[1:], "\n".join(tail)]
    story = parse_capture(gap.join(part for part in parts if part))
    assert story.headline == _HEADLINE
    kept = paragraphs(story)
    if deck or not dateline:
        # A first sentence that stands just above byline or dateline is the deck: shown, not lost.
        kept = kept if kept[: len(body)] == body else [story.deck, *kept]
    # A name that stands alone under a story, and over it nowhere, may be the story's own last word.
    assert [line for line in kept if line != "TheOldFerry"] == body
