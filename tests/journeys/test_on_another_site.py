"""The ask on somebody else's site, in a real browser: drawn in its type, under its policy, or not there at all."""

from __future__ import annotations

import json
import re
import threading
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler
from pathlib import Path
from typing import Any, Literal
from urllib.parse import parse_qs, urlsplit

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Locator, Page, expect

from tests.make.live import Live, free_port
from tests.make.site import Site, open_site
from tests.make.visit import follow
from tests.make.wait import until

ROOT = Path(__file__).resolve().parents[2]
SCRIPT = (ROOT / "static" / "js" / "embed.js").read_bytes()
STORY = "night-crew-amman"
STYLE = """
:root { color-scheme: light dark }
body { margin: 0; font: 19px/1.6 Georgia, "DejaVu Serif", serif; background: #fffdf8; color: #222 }
main { max-width: 38rem; margin: 0 auto; padding: 1rem }
p { margin: 0 0 1.2em } h2 { color: #b00; text-transform: uppercase; font-size: 3rem } a { color: #06c }
section { background: yellow } label { float: left }
@media (prefers-color-scheme: dark) { body { background: #14110f; color: #eee } a { color: #9cf } }
"""
WORDS = {
    "en": ("The wells", "The city has forty wells. Nobody has counted them since 1931. ", "ltr"),
    "ar": ("الآبار", "في المدينة أربعون بئراً، ولم يعدّها أحد منذ عام 1931. ", "rtl"),
}

Opened = Callable[..., Any]


def story_page(home: str, elements: str, language: str = "en", canonical: str = "", script: str = "") -> str:
    """Write a page as WordPress does: a story, the element in a block of its own, and what follows it."""
    headline, words, direction = WORDS[language]
    link = f'<link rel="canonical" href="{canonical}">' if canonical else ""
    return f"""<!doctype html><html lang="{language}" dir="{direction}"><head><meta charset="utf-8">
<title>{headline}</title>
<meta name="viewport" content="width=device-width, initial-scale=1"><link rel="stylesheet" href="/style.css">{link}
<script src="{script or home + "/embed.js"}" defer crossorigin></script></head>
<body><main><article><h1>{headline}</h1>{f"<p>{words * 6}</p>" * 3}{elements}<p id="after">{words}</p></article></main>
</body></html>"""


@pytest.fixture
def site() -> Iterator[Site]:
    """Return somebody's site on another origin, with a style sheet of its own."""
    with open_site() as made:
        made.put("/style.css", STYLE, "text/css")
        made.put("/favicon.ico", "", "image/x-icon")
        yield made


@pytest.fixture
def look(chromium: Browser, site: Site) -> Opened:
    """Return a way to open a page of that site under a strict policy; complaints of the page's own fail."""

    @contextmanager
    def opened(home: str, html: str, **options: Any) -> Iterator[Page]:
        policy = f"default-src 'none'; script-src {home}; connect-src {home}; style-src 'self'; img-src 'self'"
        policy += "; require-trusted-types-for 'script'; trusted-types 'none'"
        address = site.put("/2024/03/wells/?utm_source=letter", html, Content_Security_Policy=policy)
        context = chromium.new_context(**{"viewport": {"width": 1280, "height": 900}, **options})
        context.set_default_timeout(45_000)
        # What happens on the page is noted from its first moment on.
        context.add_init_script(
            "window.told = []; addEventListener('donate-ask', (event) => told.push(event.detail));"
            "window.shifts = 0; new PerformanceObserver((list) => { for (const each of list.getEntries())"
            " window.shifts += each.value }).observe({ type: 'layout-shift', buffered: true });"
        )
        page = context.new_page()
        complaints: list[str] = []
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.on("console", lambda said: complaints.append(said.text) if said.type in ("error", "warning") else None)
        page.goto(address.replace("harbour.example", "localhost"))
        yield page
        context.close()
        # That nobody answers, or badly, is said by the browser itself.
        assert [each for each in complaints if not each.startswith("Failed to load resource")] == []

    return opened


def shown(page: Page) -> Locator:
    """Wait for the ask and give it."""
    ask = page.locator("donate-ask section").first
    expect(ask).to_be_visible()
    return ask


def query(link: Locator) -> tuple[str, dict[str, str]]:
    """Take a link apart."""
    parts = urlsplit(link.get_attribute("href") or "")
    return parts.path, {name: values[0] for name, values in parse_qs(parts.query).items()}


PATIENT = 'timeout="40000"'


def test_a_story_known_to_us_is_asked_for_as_on_its_own_page(live: Live, look: Opened) -> None:
    html = story_page(live.site, f"<donate-ask {PATIENT}></donate-ask>", canonical=f"{live.site}/articles/{STORY}")
    with look(live.site, html) as page:
        ask = shown(page)
        expect(ask).to_have_attribute("dir", "ltr")
        expect(ask.locator(".letter p")).not_to_have_count(0)
        expect(ask.locator("mark")).not_to_have_count(0)
        # In the page's own type, and untouched by what the page says of its own elements.
        assert ask.evaluate("(each) => getComputedStyle(each).fontFamily").startswith("Georgia")
        assert ask.locator("h2").evaluate("(each) => getComputedStyle(each).textTransform") == "none"
        expect(ask.locator("input")).to_have_count(0)
        path, asked = query(ask.locator("a.button"))
        assert path == "/donate"
        assert asked["article"] == STORY
        assert (asked["placement"], asked["source"]) == ("end", urlsplit(live.site).netloc)
        assert page.evaluate("document.cookie") == ""
        assert page.evaluate("told.map((each) => each.what)") == ["shown"]


@pytest.mark.parametrize("language", ["en", "ar"])
def test_an_amount_is_picked_and_the_press_opens_the_form_with_it(live: Live, look: Opened, language: str) -> None:
    html = story_page(live.site, f"<donate-ask amounts {PATIENT}></donate-ask>", language)
    with look(live.site, html) as page:
        ask = shown(page)
        expect(ask).to_have_attribute("dir", WORDS[language][2])
        expect(ask.locator("fieldset")).to_have_count(2)
        expect(ask.locator("legend")).to_have_count(2)
        ask.locator("input[value=year]").focus()
        page.keyboard.press("Space")
        ask.locator("label", has=page.locator("input[value='25']")).click()
        page.evaluate("addEventListener('donate-ask', (event) => localStorage.pressed = JSON.stringify(event.detail))")
        door = ask.locator("a.button")
        _path, asked = query(door)
        follow(page, door)
        expect(page).to_have_url(re.compile(rf"^{live.site}{'' if language == 'en' else '/ar'}/donate\?"))
        assert asked == {
            "appeal": "evergreen",
            "placement": "end",
            "source": f"localhost:{page_port(page)}",
            "frequency": "year",
            "amount": "25",
        }
        expect(page.locator("#f-year")).to_be_checked()
        expect(page.locator("input[name=amount][value='25'], #other[value='25']").first).to_be_attached()
        assert page.locator("input[name=placement]").get_attribute("value") == "end"
        assert page.locator("input[name=source]").get_attribute("value") == asked["source"]
        page.go_back()
        assert json.loads(page.evaluate("localStorage.pressed"))["what"] == "pressed"


def page_port(page: Page) -> int:
    """Tell the port of the site that a page came from."""
    source = parse_qs(urlsplit(page.url).query)["source"][0]
    return int(source.rpartition(":")[2])


def test_several_on_a_page_ask_once_and_are_of_one_appeal(live: Live, look: Opened) -> None:
    both = f'<donate-ask placement="inline" {PATIENT}></donate-ask><p>…</p><donate-ask {PATIENT}></donate-ask>'
    html = story_page(live.site, both, canonical=f"{live.site}/articles/{STORY}")
    with look(live.site, html) as page:
        expect(page.locator("donate-ask section")).to_have_count(2)
        doors = page.locator("donate-ask a.button")
        first, second = (query(doors.nth(at))[1] for at in (0, 1))
        assert (first.pop("placement"), second.pop("placement")) == ("inline", "end")
        assert first == second
        fetched = page.evaluate(
            "performance.getEntriesByType('resource').filter((each) => /ask/.test(each.name)).length"
        )
        assert fetched == 1


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [320, 1280], ids=["phone", "desk"])
@pytest.mark.parametrize("language", ["en", "ar"])
def test_every_eye_can_use_it(
    live: Live, look: Opened, language: str, width: int, scheme: Literal["light", "dark"]
) -> None:
    both = f'<donate-ask placement="inline" {PATIENT}></donate-ask><p>…</p><donate-ask amounts {PATIENT}></donate-ask>'
    html = story_page(live.site, both, language)
    with look(live.site, html, viewport={"width": width, "height": 900}, color_scheme=scheme, bypass_csp=True) as page:
        shown(page)
        for each in page.locator("summary").all():
            each.click()
        found = Axe().run(page).response["violations"]
        assert [f"{each['id']}: {each['nodes'][0]['html']}" for each in found] == []
        assert page.evaluate("document.documentElement.scrollWidth") <= width


def untouched(page: Page) -> None:
    """See to it that the story is as if nothing had been put there."""
    element = page.locator("donate-ask")
    assert element.evaluate("(each) => [each.offsetHeight, each.shadowRoot?.childElementCount ?? 0]") == [0, 0]
    height = "document.querySelector('main').offsetHeight"
    before = page.evaluate(height)
    assert page.evaluate(f"document.querySelector('donate-ask').remove() ?? {height}") == before
    assert page.evaluate("shifts") == 0
    assert page.evaluate("told") == []
    expect(page.locator("#after")).to_have_text(WORDS["en"][1].strip())


def test_with_our_server_down_the_story_is_untouched(look: Opened) -> None:
    home = f"http://127.0.0.1:{free_port()}"
    with look(home, story_page(home, "<donate-ask></donate-ask>")) as page:
        assert page.evaluate("customElements.get('donate-ask') === undefined")
        untouched(page)


@contextmanager
def stand_in(answer: Callable[[BaseHTTPRequestHandler], Any]) -> Iterator[str]:
    """Serve the script as we do, and another answer to what it asks."""
    with open_site() as ours:
        open_to_all = {"Access-Control-Allow-Origin": "*"}
        ours.pages["/embed.js"] = (200, {"Content-Type": "text/javascript", **open_to_all}, SCRIPT)

        class Pages(dict[str, Any]):
            def get(self, path: str, default: Any = None) -> Any:
                return answer if path.startswith("/api/ask?") else super().get(path, default)

        ours.pages = Pages(ours.pages)
        yield f"http://127.0.0.1:{ours.port}"


def wait_for_the_answer(page: Page) -> None:
    """Wait until the request for an ask has ended; asked from outside, as the page's policy lets nothing look again."""
    ended = "performance.getEntriesByType('resource').some((each) => /ask/.test(each.name))"
    until(lambda: bool(page.evaluate(ended)), "no request for an ask ended")


def test_an_answer_that_comes_too_late_is_not_waited_for_and_never_shown(look: Opened) -> None:
    given_up = threading.Event()

    def late(_handler: BaseHTTPRequestHandler) -> Any:
        given_up.wait(30)
        return (
            200,
            {"Content-Type": "application/json", "Access-Control-Allow-Origin": "*"},
            b'{"ask":{"places":["end"]}}',
        )

    with stand_in(late) as home, look(home, story_page(home, "<donate-ask></donate-ask>")) as page:
        # Its own timer ends the request while the server still thinks.
        wait_for_the_answer(page)
        given_up.set()
        untouched(page)


@pytest.mark.parametrize(
    "answer",
    [
        (200, b'{"ask":null}'),
        (200, b"<html>"),
        (200, b'{"ask":{"places":["inline"]}}'),
        (500, b'{"error":"broken"}'),
        (404, b""),
    ],
    ids=["nothing", "no-json", "another-place", "broken", "missing"],
)
def test_an_answer_without_an_ask_leaves_the_story_untouched(look: Opened, answer: tuple[int, bytes]) -> None:
    def say(_handler: BaseHTTPRequestHandler) -> Any:
        return answer[0], {"Content-Type": "application/json", "Access-Control-Allow-Origin": "*"}, answer[1]

    element = f'<donate-ask placement="end" {PATIENT}></donate-ask>'
    with stand_in(say) as home, look(home, story_page(home, element)) as page:
        wait_for_the_answer(page)
        page.evaluate("new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))")
        untouched(page)


HOSTILE = (
    "<p>Fish &amp; chips &lt;b&gt;&nbsp;&unknown; <em>now</em></p><script>told.push(1)</script>"
    '<img src="x" onerror="told.push(2)"><p onclick="told.push(3)">One<br>two <svg><strong>three</strong></svg></p>'
    '<p><a href="javascript:told.push(4)">bad</a> <a title="a>b" href="https://example.org/?a=1&amp;b=2">good</a></p>'
    "</p></div></p><mark>last</mark> 1 < 2"
)


def test_of_a_letter_nothing_is_made_but_words_emphasis_and_links(live: Live, look: Opened) -> None:
    with urllib.request.urlopen(f"{live.site}/api/ask?url=https://elsewhere.example/") as answer:
        told = json.load(answer)
    told["ask"] |= {"body_html": HOSTILE, "headline": "<i>Not</i> slanted", "signed_name": ""}
    body = json.dumps(told).encode()

    def say(_handler: BaseHTTPRequestHandler) -> Any:
        return 200, {"Content-Type": "application/json", "Access-Control-Allow-Origin": "*"}, body

    with stand_in(say) as home, look(home, story_page(home, f"<donate-ask {PATIENT}></donate-ask>")) as page:
        ask = shown(page)
        expect(ask.locator("h2")).to_have_text("<i>Not</i> slanted")
        made = ask.locator(".letter").evaluate("(letter) => letter.innerHTML")
        assert made == (
            "<p>Fish &amp; chips &lt;b&gt;&nbsp;&amp;unknown; <em>now</em></p>told.push(1)"
            "<p>One<br>two <strong>three</strong></p>"
            '<p><a>bad</a> <a href="https://example.org/?a=1&amp;b=2">good</a></p>'
            "<mark>last</mark> 1 &lt; 2"
        )
        ask.get_by_text("bad").click()
        ask.locator(".letter strong").click()
        assert page.evaluate("told.length") == 1
