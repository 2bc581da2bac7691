"""Which letters come: what belongs to money always, others by a yes, and a form's yes only from a proven address."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from donate.db import committed
from donate.donors.models import Donor, MailChoice
from donate.donors.preferences import KINDS, choose, wants, way_out
from donate.errors import NotFound
from donate.records.consents import adopt_consent
from tests.make.gifts import Gifts
from tests.make.rows import every
from tests.make.signing_in import Comings
from tests.people import AMAL

Settle = Callable[..., None]


@pytest.fixture
def amal(gifts: Gifts, settle: Settle) -> Donor:
    gifts.paid(AMAL)
    settle()
    donor: Donor = every(Donor)[0]
    return donor


def say(donor: Donor, kind: str, wanted: bool) -> bool:
    with committed():
        return choose(donor.id, kind, wanted=wanted, place="account")


def test_what_only_asks_or_tells_comes_with_a_yes_and_what_belongs_to_money_always(amal: Donor) -> None:
    assert {kind for kind in KINDS if wants(amal.id, kind)} == set(KINDS) - {"newsletter", "appeals"}
    for kind in (each for each in KINDS.values() if not each.may_decline):
        with pytest.raises(NotFound):
            say(amal, kind.name, False)
        assert wants(amal.id, kind.name)
        assert way_out(amal, kind.name) == ""


def test_the_newest_word_counts_and_earlier_ones_are_kept(amal: Donor) -> None:
    assert say(amal, "newsletter", True)
    assert not say(amal, "newsletter", True)
    assert say(amal, "newsletter", False)
    assert not wants(amal.id, "newsletter")
    assert [each.wanted for each in every(MailChoice)] == [True, False]


def test_a_forms_yes_counts_once_its_address_is_proven(gifts: Gifts, settle: Settle, comings: Comings) -> None:
    gifts.paid(AMAL, newsletter=True, newsletter_words="Write to me about this work")
    settle()
    (donor,) = every(Donor)
    assert not wants(donor.id, "newsletter")
    comings.member(AMAL.email)
    assert wants(donor.id, "newsletter")
    (said,) = every(MailChoice)
    assert (said.place, said.words, said.language) == ("form", "Write to me about this work", "en")


def test_a_form_never_overrules_what_somebody_said_themselves(gifts: Gifts, settle: Settle, comings: Comings) -> None:
    gifts.paid(AMAL, newsletter=True)
    settle()
    comings.member(AMAL.email)
    (donor,) = every(Donor)
    say(donor, "newsletter", False)
    gifts.paid(AMAL, newsletter=True)
    settle()
    comings.member(AMAL.email)
    with committed():
        assert not adopt_consent(donor.id)
    assert not wants(donor.id, "newsletter")
