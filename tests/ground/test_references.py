"""References and signed keys: hard to guess, of one purpose each, and nothing without the secret."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from donate import references


@pytest.fixture(autouse=True)
def secret() -> Iterator[None]:
    references.use_secret("a secret of the tests")
    yield
    references.use_secret("a secret of the tests")


def test_a_reference_is_sixteen_letters_and_digits_and_never_the_same() -> None:
    minted = {references.new_reference() for _ in range(1000)}
    assert len(minted) == 1000
    assert all(references.is_reference(each) for each in minted)


@pytest.mark.parametrize("text", ["", "short", "A" * 17, "a" * 16, "A" * 15 + "1", "A" * 15 + "\n", "../../etc/passwd"])
def test_what_is_no_reference_is_told_from_one(text: str) -> None:
    assert not references.is_reference(text)


def test_a_reference_is_spelled_in_groups_of_four() -> None:
    assert references.spell("G7K4QX2MP5VD3LTA") == "G7K4-QX2M-P5VD-3LTA"


def test_a_key_opens_what_it_was_signed_for_and_nothing_else() -> None:
    key = references.sign("gift", "AAAA")
    assert references.is_signed(key, "gift", "AAAA")
    assert not references.is_signed(key, "gift", "BBBB")
    assert not references.is_signed(key, "form", "AAAA")
    assert not references.is_signed("", "gift", "AAAA")
    assert not references.is_signed("ключ", "gift", "AAAA")


def test_parts_do_not_run_into_one_another() -> None:
    assert references.sign("gift", "ab", "c") != references.sign("gift", "a", "bc")
    assert references.fingerprint("ab", "c") != references.fingerprint("a", "bc")


def test_another_secret_makes_other_keys() -> None:
    key = references.sign("gift", "AAAA")
    references.use_secret("another secret")
    assert not references.is_signed(key, "gift", "AAAA")


def test_nothing_is_signed_without_a_secret() -> None:
    references.use_secret("")
    with pytest.raises(RuntimeError):
        references.sign("gift", "AAAA")
