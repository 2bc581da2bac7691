"""A proof is used once, also when two press at the same moment; what is over opens nothing."""

from __future__ import annotations

import threading
from collections.abc import Callable
from datetime import timedelta

import pytest
from flask import Flask

from donate import clock
from donate.db import committed, db, lock
from donate.entry.ask import LIFE, ask_proof
from donate.entry.mint import Keys, hash_code, mint_keys
from donate.entry.models import AddressProof
from donate.entry.tidy import drop_old_proofs
from donate.entry.use import look_at_link, use_code, use_link
from tests.make.rows import count, every

EMAIL = "amal@example.org"


def ask(purpose: str = "member") -> tuple[int, Keys]:
    """Ask for a proof and make its keys, as the mail would carry them."""
    with committed():
        proof = ask_proof(purpose, EMAIL, "en", browser="a browser")
        return proof.id, mint_keys(proof, "member:1")


def press_at_once(app: Flask, press: Callable[[], bool], presses: int = 2) -> int:
    """Press in so many processes' stead at the same moment; say how many got in."""
    at_once = threading.Barrier(presses)
    won: list[bool] = []

    def one() -> None:
        with app.app_context():
            at_once.wait(timeout=30)
            won.append(press())

    threads = [threading.Thread(target=one) for _ in range(presses)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(won) == presses
    return sum(won)


@pytest.mark.parametrize("way", ["link", "code"])
def test_of_presses_at_the_same_moment_one_gets_in(app: Flask, way: str) -> None:
    proof_id, keys = ask()

    def press() -> bool:
        with committed():
            used = use_link(keys.token) if way == "link" else use_code(proof_id, keys.code)
            return used is not None

    assert press_at_once(app, press, 4) == 1


def test_looking_first_and_using_afterwards_would_let_both_in(app: Flask) -> None:
    """The negative control: the same presses, by a way that looks outside the transaction, are both let in."""
    _proof_id, keys = ask()
    both_looked = threading.Barrier(2)

    def press() -> bool:
        state, proof = look_at_link(keys.token)
        assert proof is not None
        both_looked.wait(timeout=30)
        if state != "open":
            return False
        with committed():
            lock(AddressProof, proof.id).used_at = clock.real_now()
        return True

    assert press_at_once(app, press) == 2


@pytest.mark.usefixtures("app")
def test_wrong_codes_at_the_same_moment_are_all_counted(app: Flask) -> None:
    proof_id, keys = ask()
    wrong = "000000" if keys.code != "000000" else "000001"

    def press() -> bool:
        with committed():
            return use_code(proof_id, wrong) is not None

    assert press_at_once(app, press, 4) == 0
    assert every(AddressProof)[0].wrong_codes == 4


@pytest.mark.usefixtures("app")
def test_using_one_ends_the_others_of_the_same_address() -> None:
    _first, older = ask()
    _second, newer = ask()
    with committed():
        assert use_link(newer.token) is not None
    with committed():
        assert use_link(older.token) is None


@pytest.mark.usefixtures("app")
def test_each_code_has_a_salt_of_its_own() -> None:
    for _proof in range(2):
        ask()
    first, second = every(AddressProof)
    assert first.code_salt != second.code_salt
    assert hash_code(first.code_salt, "123456") != hash_code(second.code_salt, "123456")


@pytest.mark.usefixtures("app")
@pytest.mark.parametrize("typed", ["", "123", "1234567", "abcdef", "²²²²²²", "' OR 1=1"])
def test_what_is_no_code_is_a_wrong_one(typed: str) -> None:
    proof_id, _keys = ask()
    with committed():
        assert use_code(proof_id, typed) is None
    assert every(AddressProof)[0].wrong_codes == 1


@pytest.mark.usefixtures("app")
def test_what_is_over_is_said_and_later_forgotten(later: Callable[[timedelta], None]) -> None:
    proof_id, keys = ask()
    assert look_at_link(keys.token)[0] == "open"
    later(LIFE)
    assert look_at_link(keys.token)[0] == "expired"
    with committed():
        assert use_link(keys.token) is None
        assert use_code(proof_id, keys.code) is None
    later(timedelta(days=1, minutes=1))
    with committed():
        drop_old_proofs()
    assert look_at_link(keys.token)[0] == "unknown"
    assert count(AddressProof) == 0


@pytest.mark.usefixtures("app")
def test_a_wrong_press_that_fails_midway_leaves_the_link_open() -> None:
    _proof_id, keys = ask()
    with pytest.raises(RuntimeError), committed():
        assert use_link(keys.token) is not None
        raise RuntimeError("the machine stops here")
    db.session.expire_all()
    assert look_at_link(keys.token)[0] == "open"
