"""Where a request comes from: its network, and its browser in words."""

from __future__ import annotations

import pytest
from flask import Flask

from donate.web.next_path import safe_next
from donate.web.origin import device_words, network_of


@pytest.mark.parametrize(
    ("address", "network"),
    [
        ("203.0.113.9", "203.0.113.0/24"),
        ("::ffff:203.0.113.9", "203.0.113.0/24"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
        ("fe80::1%eth0", "fe80::/64"),
        ("", "unknown"),
        ("a name", "unknown"),
    ],
)
def test_neighbours_share_a_network(address: str, network: str) -> None:
    assert network_of(address) == network


@pytest.mark.parametrize(
    ("agent", "words"),
    [
        ("Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0", "Firefox, Linux"),
        ("Mozilla/5.0 (Windows NT 10.0) AppleWebKit/537.36 Chrome/140.0 Safari/537.36 Edg/140.0", "Edge, Windows"),
        ("Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) Version/18.0 Mobile Safari/604.1", "Safari, iPhone"),
        ("Mozilla/5.0 (Linux; Android 15) AppleWebKit/537.36 Chrome/140.0 Mobile Safari/537.36", "Chrome, Android"),
        ("curl/8.0", ""),
        ("", ""),
    ],
)
def test_a_browser_is_named_in_words(agent: str, words: str) -> None:
    with Flask("words").test_request_context(headers={"User-Agent": agent}):
        assert device_words() == words


@pytest.mark.parametrize("asked", ["/account", "/ar/account?page=2", "/staff/sign-in", "/a?next=https://b.example"])
def test_a_path_of_this_site_may_be_gone_to(asked: str) -> None:
    assert safe_next(asked, "/") == asked


@pytest.mark.parametrize(
    "asked",
    ["", "account", "//b.example", "/\\b.example", "https://b.example", "/a\tb", "/a\nb", "/ä", "/" + 500 * "a"],
)
def test_whatever_leads_elsewhere_is_replaced(asked: str) -> None:
    assert safe_next(asked, "/here") == "/here"
