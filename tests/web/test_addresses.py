"""E-mail addresses: the repair is named, and a likely slip is noticed."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from donate.web.addresses import check_address, likely_meant

pytestmark = pytest.mark.usefixtures("words")


@pytest.mark.parametrize(
    ("typed", "taken"),
    [
        ("leila@example.org", "leila@example.org"),
        ("Leila@Example.ORG", "Leila@example.org"),
        ("a@büro.de", "a@xn--bro-hoa.de"),
    ],
)
def test_an_address_is_taken_as_it_can_be_sent_to(typed: str, taken: str) -> None:
    assert check_address(typed, livemode=True) == (taken, "")


@pytest.mark.parametrize(
    "typed", ["", "leila", "leila.example.org", "a b@x.org", "a@@b.org", "a@localhost", "a@" + "x" * 300]
)
def test_an_address_that_is_none_gets_the_repair(typed: str) -> None:
    address, repair = check_address(typed, livemode=False)
    assert address == ""
    assert repair


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("a@gmial.com", "a@gmail.com"),
        ("a@hotmial.com", "a@hotmail.com"),
        ("a@yaho.com", "a@yahoo.com"),
        ("a@gmail.con", "a@gmail.com"),
        ("a@gmial.con", "a@gmail.com"),
        ("a@newsroom.con", "a@newsroom.com"),
        ("a@outlok.com", "a@outlook.com"),
        ("a@gmaill.com", "a@gmail.com"),
        ("a@gmai.com", "a@gmail.com"),
        ("a@yahooo.com", "a@yahoo.com"),
    ],
)
def test_a_mistyped_domain_is_noticed(typed: str, meant: str) -> None:
    assert likely_meant(typed) == meant


@pytest.mark.parametrize(
    "domain", ["gmail.com", "mail.com", "ymail.com", "gmx.net", "gmx.com", "example.org", "walla.co.il"]
)
def test_a_real_domain_is_left_alone(domain: str) -> None:
    assert likely_meant(f"a@{domain}") is None


@given(st.emails())
def test_no_address_upsets_the_reading(address: str) -> None:
    taken, repair = check_address(address, livemode=True)
    assert bool(taken) != bool(repair)
    if taken:
        likely_meant(taken)
