"""The second factor: a code works once, the secret is long and nowhere in the rows, recovery codes are spent singly."""

from __future__ import annotations

import base64
import threading
from collections.abc import Callable
from datetime import timedelta

import pytest
from flask import Flask

from donate.db import committed
from donate.team.history import SYSTEM
from donate.team.models import History, RecoveryCode, Staff, StaffSession
from donate.team.queries import count_recovery_codes, get_staff
from donate.team.second_factor import pass_second_factor, renew_recovery_codes, secret_of, set_second_factor
from tests.make.rows import every
from tests.make.signing_in import Comings

EMAIL = "owner@newsroom.example"


@pytest.fixture
def codes(comings: Comings) -> list[str]:
    """Set Inès's second factor, and return her recovery codes."""
    _email, link = comings.hire("owner", EMAIL)
    comings.use_link(comings.browser(), link)
    with committed():
        made = set_second_factor(ines().id, comings.code_now(ines()), SYSTEM)
    assert made is not None
    return made


def ines() -> Staff:
    return get_staff(EMAIL)


def try_code(typed: str) -> str:
    with committed():
        return pass_second_factor(ines().id, typed, SYSTEM)


def test_the_secret_has_160_bits_and_the_rows_alone_do_not_tell_it(comings: Comings, codes: list[str]) -> None:
    secret = secret_of(ines())
    assert len(base64.b32decode(secret)) * 8 >= 160
    assert secret not in str(vars(ines()))


def test_a_used_code_does_not_work_again_and_neither_does_an_older_one(comings: Comings, codes: list[str]) -> None:
    assert try_code(comings.code_now(ines())) == ""
    assert try_code(comings.code_now(ines(), later=1)) == "authenticator"
    assert try_code(comings.code_now(ines(), later=1)) == ""
    assert try_code(comings.code_now(ines())) == ""


def test_a_code_far_from_now_is_refused(comings: Comings, codes: list[str]) -> None:
    assert try_code(comings.code_now(ines(), later=3)) == ""
    assert try_code(comings.code_now(ines(), later=-3)) == ""


def test_a_code_used_at_the_same_moment_lets_one_in(app: Flask, comings: Comings, codes: list[str]) -> None:
    code = comings.code_now(ines(), later=1)
    at_once = threading.Barrier(4)
    passed: list[str] = []

    def press() -> None:
        with app.app_context():
            at_once.wait(timeout=30)
            passed.append(try_code(code))

    threads = [threading.Thread(target=press) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(passed) == ["", "", "", "authenticator"]


def test_ten_recovery_codes_each_open_once(codes: list[str]) -> None:
    assert len(set(codes)) == 10
    assert try_code(codes[0].lower()) == "recovery"
    assert try_code(codes[0]) == ""
    assert try_code(codes[1].replace("-", " ")) == "recovery"
    assert count_recovery_codes(ines().id) == 8
    assert [entry.act for entry in every(History)].count("use_recovery_code") == 2


def test_recovery_codes_are_kept_as_hashes(codes: list[str]) -> None:
    kept = " ".join(row.code_hash for row in every(RecoveryCode))
    assert not any(code in kept or code.replace("-", "") in kept for code in codes)


def test_new_recovery_codes_replace_the_old(codes: list[str]) -> None:
    with committed():
        fresh = renew_recovery_codes(ines().id, SYSTEM)
    assert try_code(codes[0]) == ""
    assert try_code(fresh[0]) == "recovery"


def test_a_second_factor_is_set_once_and_not_set_over(comings: Comings, codes: list[str]) -> None:
    with committed():
        assert set_second_factor(ines().id, comings.code_now(ines(), later=1), SYSTEM) is None


def test_the_doorway_offers_each_newcomer_another_secret(comings: Comings) -> None:
    offered = []
    for _time in range(2):
        _email, link = comings.hire("owner", EMAIL)
        comings.use_link(comings.browser(), link)
        offered.append(secret_of(ines()))
    assert offered[0] != offered[1]


@pytest.mark.parametrize("typed", ["", "12345", "1234567", "abcdef", "AAAAA-AAAAA"])
def test_what_is_no_code_opens_nothing(codes: list[str], typed: str) -> None:
    assert try_code(typed) == ""


def test_a_second_factor_counts_as_fresh_for_ten_minutes(comings: Comings, later: Callable[[timedelta], None]) -> None:
    browser = comings.colleague("owner", EMAIL)
    page = browser.get("/staff/sign-in").text
    token = page.rpartition('name="csrf_token" value="')[2].partition('"')[0]
    assert browser.post("/staff/sign-in/codes", data={"csrf_token": token}).status_code == 200
    later(timedelta(minutes=10))
    answer = browser.post("/staff/sign-in/codes", data={"csrf_token": token})
    assert (answer.status_code, answer.headers["Location"].partition("?")[0]) == (303, "/signin/again")
    assert every(StaffSession)[0].second_factor_at is not None
