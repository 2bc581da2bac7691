"""Only public addresses are read from, however they are written or wrapped."""

from __future__ import annotations

import pytest

from donate.errors import Unreadable
from donate.reach.addresses import find_target, is_public

PRIVATE = [
    "127.0.0.1", "127.8.8.8", "0.0.0.0", "10.0.0.1", "172.16.0.1", "172.31.255.255", "192.168.1.1", "169.254.169.254",
    "100.64.0.1", "192.0.0.1", "192.0.2.1", "198.18.0.1", "203.0.113.9", "224.0.0.1", "239.1.1.1", "240.0.0.1",
    "255.255.255.255", "::", "::1", "fe80::1", "fe80::1%eth0", "fc00::1", "fd12::1", "fec0::1", "ff02::1",
    "2001:db8::1", "::ffff:127.0.0.1", "::ffff:10.0.0.1", "::ffff:169.254.169.254", "64:ff9b::7f00:1",
    "64:ff9b::a00:1", "2002:7f00:1::", "2002:a00:1::1", "::127.0.0.1", "::ffff:0:7f00:1", "not an address", "",
]  # fmt: skip


@pytest.mark.parametrize("address", PRIVATE)
def test_a_private_address_is_not_public_in_any_dress(address: str) -> None:
    assert not is_public(address)


@pytest.mark.parametrize("address", ["8.8.8.8", "1.1.1.1", "2606:4700:4700::1111", "::ffff:8.8.8.8", "2002:808:808::1"])
def test_a_public_address_is_public(address: str) -> None:
    assert is_public(address)


@pytest.mark.parametrize(
    ("url", "why"),
    [
        ("ftp://news.example/a", "address_scheme"),
        ("file:///etc/passwd", "address_scheme"),
        ("gopher://news.example", "address_scheme"),
        ("https://user:pass@news.example/", "address_credentials"),
        ("https://user@news.example/", "address_credentials"),
        ("http://news.example:22/", "address_port"),
        ("http://news.example:8080/", "address_port"),
        ("http://news.example:99999/", "address_bad"),
        ("http:///nowhere", "address_bad"),
        ("http://news.example/a b", "address_bad"),
        ("http://news.example/\r\nHost: other", "address_bad"),
        ("http://news.example\\@other.example/", "address_bad"),
        ("http://[::1", "address_bad"),
        ("http://a..b/", "address_bad"),
        ("http://" + "a" * 3000, "address_bad"),
    ],
)
def test_an_address_that_is_none_is_refused_before_its_name_is_looked_up(url: str, why: str) -> None:
    asked: list[str] = []

    def resolve(host: str, _port: int) -> list[str]:
        asked.append(host)
        return ["8.8.8.8"]

    with pytest.raises(Unreadable) as refused:
        find_target(url, resolve)
    assert refused.value.message == why
    assert asked == [] or why == "address_port"


def test_one_private_address_among_public_ones_is_enough_to_refuse() -> None:
    with pytest.raises(Unreadable, match="address_private"):
        find_target("https://news.example/", lambda _host, _port: ["8.8.8.8", "10.0.0.1"])


def test_a_name_nobody_knows_is_told() -> None:
    with pytest.raises(Unreadable, match="name_unknown"):
        find_target("https://news.example/", lambda _host, _port: [])


def test_this_machine_is_refused_unless_it_is_allowed_and_then_at_any_port() -> None:
    with pytest.raises(Unreadable, match="address_private"):
        find_target("http://news.example/", lambda _host, _port: ["127.0.0.1"])
    target = find_target("http://news.example:5000/", lambda _host, _port: ["127.0.0.1"], allow_loopback=True)
    assert target.addresses == ("127.0.0.1",)
    with pytest.raises(Unreadable, match="address_private"):
        find_target("http://news.example/", lambda _host, _port: ["10.0.0.1"], allow_loopback=True)


def test_names_and_paths_in_any_script_are_written_as_machines_write_them() -> None:
    target = find_target("https://أخبار.example/قصة?س=1", lambda _host, _port: ["8.8.8.8"])
    assert target.host.startswith("xn--")
    assert target.path == "/%D9%82%D8%B5%D8%A9?%D8%B3=1"
    assert target.host_header == target.host
