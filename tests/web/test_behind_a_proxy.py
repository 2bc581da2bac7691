"""Two web processes behind a proxy that keeps pages: what is seen when, by whom, and what is never kept."""

from __future__ import annotations

import re
import time
from collections.abc import Callable, Iterator

import pytest

from tests.make import application, cluster, proxy
from tests.make.proxy import Proxied
from tests.make.wait import until

pytestmark = pytest.mark.slow

STORY = "/articles/flood-picture"
ASKS = "appeal=misinformation"


@pytest.fixture(scope="module", params=["sqlite", "postgresql"])
def site(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory, worker_id: str) -> Iterator[Proxied]:
    """Return an open newsroom behind its proxy; skip with a reason where nginx is not installed."""
    why = proxy.why_not()
    if why is not None:
        pytest.skip(why)
    folder = tmp_path_factory.mktemp("proxied")
    if request.param == "sqlite":
        url = application.sqlite_copy(request.getfixturevalue("sqlite_template"), folder)
    else:
        made: cluster.Cluster = request.getfixturevalue("postgresql")
        # Each process of the run opens a newsroom of its own: one shared database would be dropped under the other's.
        url = made.copy("proxied_" + worker_id)
    newsroom = Proxied(folder, url)
    try:
        newsroom.open()
        yield newsroom
    finally:
        newsroom.close()


@pytest.fixture
def story() -> str:
    """Return a story's address that nobody has asked for yet: what a link adds changes the address, not the page."""
    return f"{STORY}?n={time.monotonic_ns()}"


@pytest.fixture
def asking(site: Proxied) -> Iterator[None]:
    """Let the story's appeal be on again, in both processes, when a test that pauses it is over."""
    assert all(ASKS in site.get(STORY, web=web).text for web in (0, 1))
    yield
    site.pause("misinformation", "live")
    # The next test must not meet a page that is about to change.
    wait_until(site, lambda text: ASKS in text)


def wait_until(site: Proxied, is_right: Callable[[str], bool]) -> float:
    """Wait until both processes show a story as it should be; say how long that took."""
    return until(
        lambda: all(is_right(site.get(STORY, web=web).text) for web in (0, 1)), "both processes show the change"
    )


@pytest.mark.usefixtures("asking")
def test_a_paused_appeal_is_gone_from_every_process_within_five_seconds(site: Proxied) -> None:
    marks = {site.get(STORY, web=web).headers["etag"] for web in (0, 1)}
    assert len(marks) == 1, "both processes draw the same page"
    site.pause("misinformation")
    assert wait_until(site, lambda text: ASKS not in text) < 5


def test_a_flag_is_seen_by_every_process_within_five_seconds(site: Proxied) -> None:
    assert all(ASKS in site.get(STORY, web=web).text for web in (0, 1))
    site.put("flag", "flood-picture", "do_not_ask")
    assert wait_until(site, lambda text: "/donate?" not in text and "ask--end" not in text) < 5
    site.put("unflag", "flood-picture", "do_not_ask")
    assert wait_until(site, lambda text: ASKS in text) < 5


def test_a_placement_that_is_switched_off_is_empty_in_every_process_within_five_seconds(site: Proxied) -> None:
    assert all("ask--end" in site.get(STORY, web=web).text for web in (0, 1))
    site.put("off", "end")
    assert wait_until(site, lambda text: "ask--end" not in text and ASKS in text) < 5
    site.put("on", "end")
    assert wait_until(site, lambda text: "ask--end" in text) < 5


def test_a_page_is_drawn_once_and_then_answered_by_the_proxy_byte_for_byte(site: Proxied, story: str) -> None:
    first, second = site.get(story), site.get(story)
    assert (first.cache, second.cache) == ("MISS", "HIT")
    assert first.body == second.body
    assert first.headers["etag"] == second.headers["etag"]
    unchanged = site.get(story, If_None_Match=first.headers["etag"])
    assert (unchanged.status, unchanged.body, unchanged.cache) == (304, b"", "HIT")


def test_a_page_says_that_it_may_be_kept_for_less_than_a_minute_and_the_proxy_obeys(site: Proxied, story: str) -> None:
    answer = site.get(story)
    says = dict(re.findall(r"([a-z-]+)=(\d+)", answer.headers["cache-control"]))
    assert int(says["s-maxage"]) + int(says["stale-while-revalidate"]) <= 55
    assert says["max-age"] == "0", "a browser asks each time"
    stored = site.stored(story)
    assert (stored.fresh, stored.stale) == (int(says["s-maxage"]), int(says["stale-while-revalidate"]))


@pytest.mark.usefixtures("asking")
def test_a_paused_appeal_is_gone_through_the_proxy_within_its_minute(site: Proxied, story: str) -> None:
    assert ASKS in site.get(story).text
    site.pause("misinformation")
    wait_until(site, lambda text: ASKS not in text)
    assert site.get(story).cache == "HIT", "nobody told the proxy"
    site.age(story, 40)
    assert site.get(story).cache == "HIT"
    # After 50 seconds it is still answered while a new one is fetched …
    site.age(story, 51)
    stale = site.get(story)
    assert stale.cache in ("STALE", "UPDATING")
    assert ASKS in stale.text
    until(lambda: ASKS not in site.get(story).text, "the new page takes the old one's place")  # … and then never again
    assert site.get(story).cache == "HIT"


@pytest.mark.usefixtures("asking")
def test_a_page_older_than_it_may_be_is_never_answered(site: Proxied, story: str) -> None:
    site.get(story)
    site.pause("misinformation")
    wait_until(site, lambda text: ASKS not in text)
    site.age(story, 56)
    answer = site.get(story)
    assert answer.cache == "EXPIRED"
    assert ASKS not in answer.text


def test_an_old_page_that_has_not_changed_is_not_sent_again(site: Proxied, story: str) -> None:
    first = site.get(story)
    site.age(story, 56)
    again = site.get(story)
    assert again.cache == "REVALIDATED"
    assert again.body == first.body


@pytest.mark.parametrize(
    "path", ["/donate", "/donate?appeal=misinformation", "/ar/donate", "/gifts/AAAAAAAAAAAAAAAA", "/nothing-here"]
)
def test_the_form_a_gifts_page_and_errors_are_never_kept(site: Proxied, path: str) -> None:
    first, second = site.get(path), site.get(path)
    assert first.headers["cache-control"] == second.headers["cache-control"] == "no-store"
    assert {first.cache, second.cache} == {"MISS"}


def test_each_form_is_an_attempt_of_its_own(site: Proxied) -> None:
    forms = [site.get("/donate").text for _ in range(3)]
    assert len({re.findall(r'name="reference" value="([^"]+)"', form)[0] for form in forms}) == 3


@pytest.mark.parametrize(
    "path",
    [
        "/", "/ar/", "/browse", "/search?q=water", "/sections/culture", "/topics/water", "/appeals/evergreen",
        "/feed.xml", "/sitemap.xml", "/robots.txt", "/privacy", "/my-news", "/he/appeals/misinformation",
    ],
)  # fmt: skip
def test_every_page_to_read_is_kept_and_sets_no_cookie(site: Proxied, path: str) -> None:
    first, second = site.get(path), site.get(path)
    assert second.cache == "HIT"
    assert second.body == first.body
    assert second.headers["content-type"] == first.headers["content-type"]
    for answer in (first, second, site.get(path, web=0), site.get("/donate")):
        assert "set-cookie" not in answer.headers


@pytest.mark.parametrize("name", ["donate_session", "donate_staff", "donate_reader"])
@pytest.mark.parametrize("prefix", ["", "__Host-"])
def test_a_request_with_a_cookie_of_ours_goes_through_and_leaves_nothing(
    site: Proxied, story: str, prefix: str, name: str
) -> None:
    cookie = f"theme=dark; {prefix}{name}=abc"
    assert site.get(story, Cookie=cookie).cache == "BYPASS"
    assert site.get(story).cache == "MISS", "it was not kept for others"
    assert site.get(story, Cookie=cookie).cache == "BYPASS"


def test_what_is_drawn_for_a_reader_says_that_it_is_theirs(site: Proxied, story: str) -> None:
    for name in ("donate_session", "donate_reader"):
        assert site.get(story, Cookie=f"{name}=abc").headers["cache-control"] == "private, no-cache"
    assert site.get(story).cache == "MISS"


def test_a_strangers_cookie_changes_nothing(site: Proxied, story: str) -> None:
    site.get(story)
    assert site.get(story, Cookie="_ga=1; xdonate_session=2; donate_sessions=3").cache == "HIT"


def test_both_processes_draw_the_same_bytes(site: Proxied) -> None:
    for path in ("/", "/feed.xml", "/sitemap.xml", "/ar/browse"):
        assert site.get(path, web=0).body == site.get(path, web=1).body
