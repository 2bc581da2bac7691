"""Fetching is bounded in size, time and redirects, and never leads to a private network."""

from __future__ import annotations

import gzip
import socket
import time
import zlib
from http.server import BaseHTTPRequestHandler

import pytest
from flask import Flask

from donate.articles.fetch import Limits, fetch
from donate.articles.sentences import say_why
from donate.db import NotInCommitted, committed
from donate.errors import Unreadable
from donate.reach import connection
from tests.make.site import Site


def refused(url: str, limits: Limits | None = None) -> Unreadable:
    """Fetch what can't be fetched, and give the reason, which has a sentence."""
    with pytest.raises(Unreadable) as caught:
        fetch(url, limits=limits).file.close()
    assert say_why(caught.value)
    return caught.value


def test_a_page_comes_with_its_kind_and_the_name_it_was_asked_for(server: Site) -> None:
    with fetch(server.put("/a", "<p>قصة</p>", ETag='"1"')).file as file:
        assert file.read().decode() == "<p>قصة</p>"
    headers = server.asked[0].headers
    assert headers["Host"] == f"harbour.example:{server.port}"
    assert "Cookie" not in headers
    assert "Authorization" not in headers


def test_what_is_unchanged_is_not_sent_again(server: Site) -> None:
    server.pages["/a"] = lambda handler: (304 if handler.headers["If-None-Match"] == '"1"' else 200, {}, b"")
    answer = fetch(server.url("/a"), etag='"1"', last_modified="Fri, 01 Mar 2024 18:30:00 GMT")
    answer.file.close()
    assert answer.status == 304
    assert server.asked[0].headers["If-Modified-Since"] == "Fri, 01 Mar 2024 18:30:00 GMT"


def test_a_name_that_leads_to_a_private_network_is_refused_and_nothing_is_sent(server: Site) -> None:
    server.elsewhere["intranet.example"] = ["10.0.0.7"]
    assert refused("http://intranet.example/").message == "address_private"
    assert server.asked == []


def test_a_redirect_to_a_private_network_is_refused(server: Site) -> None:
    server.elsewhere["intranet.example"] = ["169.254.169.254"]
    url = server.redirect("/a", "http://intranet.example/latest/meta-data/")
    assert refused(url).message == "address_private"
    assert refused(server.redirect("/b", "file:///etc/passwd")).message == "address_scheme"
    assert refused(server.redirect("/c", "http://u:p@harbour.example/")).message == "address_credentials"


def test_the_connection_goes_to_the_address_that_was_looked_at_and_to_no_second_look_up(
    server: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    answers = [["127.0.0.1"], ["10.0.0.1"]]
    looked_up: list[str] = []

    def resolve(host: str, _port: int) -> list[str]:
        looked_up.append(host)
        return answers.pop(0)

    def never(*_args: object, **_named: object) -> None:
        raise AssertionError("the name was looked up again")

    connection.connect(allow_loopback=True, resolve=resolve)
    url = server.put("/a", "x")
    plain = socket.getaddrinfo
    monkeypatch.setattr(socket, "getaddrinfo", lambda host, *rest, **named: plain(host, *rest, **named)
                        if host == "127.0.0.1" else never())  # fmt: skip
    fetch(url).file.close()
    assert looked_up == ["harbour.example"]


def test_five_redirects_are_followed_and_a_sixth_is_not(server: Site) -> None:
    for number in range(1, 7):
        server.redirect(f"/{number}", f"/{number - 1}")
    server.put("/0", "found")
    with fetch(server.url("/5")).file as file:
        assert file.read() == b"found"
    assert refused(server.url("/6")).message == "redirects"
    assert refused(server.redirect("/round", "/round")).message == "redirects"


def test_more_than_is_allowed_is_refused_whether_it_says_so_or_not(server: Site) -> None:
    limits = Limits(most=1000, most_html=100)
    assert refused(server.put("/a", "x" * 2000, "text/xml"), limits).message == "answer_too_large"
    assert refused(server.put("/page", "x" * 200), limits).message == "answer_too_large"
    fetch(server.put("/feed", "x" * 200, "text/xml"), limits=limits).file.close()

    def endless(handler: BaseHTTPRequestHandler) -> None:
        handler.wfile.write(b"HTTP/1.0 200 OK\r\nContent-Type: text/xml\r\n\r\n" + b"x" * 100_000)

    server.pages["/b"] = endless
    assert refused(server.url("/b"), limits).message == "answer_too_large"


def test_packed_pages_are_unpacked_and_a_little_never_becomes_a_lot(server: Site) -> None:
    packed = gzip.compress(b"first ") + gzip.compress(b"second")
    with fetch(server.put("/a", packed, "text/xml", Content_Encoding="gzip")).file as file:
        assert file.read() == b"first second"
    bomb = gzip.compress(b"\0" * 20_000_000)
    assert len(bomb) < 30_000
    url = server.put("/bomb", bomb, "text/xml", Content_Encoding="gzip")
    assert refused(url, Limits(most=1_000_000)).message == "answer_too_large"
    torn = server.put("/torn", b"\x1f\x8b no gzip", "text/xml", Content_Encoding="gzip")
    assert refused(torn).message == "packed_badly"
    other = server.put("/br", zlib.compress(b"x"), "text/xml", Content_Encoding="br")
    assert refused(other).message == "packed_badly"


@pytest.mark.parametrize("at", ["headers", "body"])
def test_a_slow_site_is_left_when_its_time_is_up(server: Site, at: str) -> None:
    def drip(handler: BaseHTTPRequestHandler) -> None:
        handler.wfile.write(b"HTTP/1.0 200 OK\r\nContent-Type: text/xml\r\n" + (b"\r\n" if at == "body" else b""))
        for _ in range(200):
            handler.wfile.write(b"x")
            time.sleep(0.05)

    server.pages["/slow"] = drip
    began = time.monotonic()
    assert refused(server.url("/slow"), Limits(total=0.6)).message == "too_slow"
    assert time.monotonic() - began < 5


def test_an_answer_that_breaks_off_is_not_taken_for_whole(server: Site) -> None:
    server.pages["/a"] = (200, {"Content-Type": "text/xml", "Content-Length": "500"}, b"<rss>")
    assert refused(server.url("/a")).message == "broken_answer"


def test_errors_and_kinds_that_are_no_text_are_told(server: Site) -> None:
    assert refused(server.url("/nothing")).values == {"status": 404}
    assert refused(server.put("/a", "x", "image/png")).message == "kind_refused"
    assert refused(server.put("/b", "x", "application/pdf")).message == "kind_refused"
    for kind in ("application/rss+xml", "application/atom+xml", "application/json; charset=utf-8", "text/plain", ""):
        fetch(server.put("/c", "x", kind)).file.close()


def test_a_site_that_is_not_there_is_told(server: Site) -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    assert refused(f"http://harbour.example:{port}/").message == "no_answer"
    # No TLS is spoken there.
    assert refused(server.url("/").replace("http:", "https:")).message == "not_trusted"


def test_nothing_is_fetched_inside_a_transaction(app: Flask) -> None:
    with pytest.raises(NotInCommitted), committed():
        fetch("https://harbour.example/")
