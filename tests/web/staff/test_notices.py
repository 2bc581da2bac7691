"""What I am mailed: one's own choices only, among what one's role may see; nothing that was typed is lost."""

from __future__ import annotations

import pytest
from flask.testing import FlaskClient

from donate.team.models import StaffNotices
from donate.team.permissions import ROLES
from tests.make.rows import every
from tests.make.signing_in import Comings, press
from tests.make.tables import words

PAGE = "/staff/notices"


def test_a_choice_is_kept_and_shown_again(comings: Comings) -> None:
    desk = comings.colleague("finance")
    typed = {"every_gift": "1", "above": "250", "currency": "EUR", "promises": "1", "disputes": "1", "hour": "7"}
    answer = press(desk, PAGE, **typed)
    assert answer.status_code == 303
    (row,) = every(StaffNotices)
    assert (row.every_gift, row.promises, row.disputes, row.refunds) == (True, True, True, False)
    assert (row.above_minor, row.above_currency, row.digest_hour) == (25000, "EUR", 7)
    page = desk.get(answer.headers["Location"]).text
    assert "Kept." in words(page)
    assert 'name="every_gift" value="1" checked' in page
    assert 'name="refunds" value="1">' in page
    assert 'value="250"' in page
    assert '<option value="7" selected>' in page
    assert press(desk, PAGE).status_code == 303
    (row,) = every(StaffNotices)
    assert (row.every_gift, row.above_minor, row.digest_hour) == (False, None, None)


@pytest.mark.parametrize("typed", ["much", "-5", "0", "1,000", "12.345"])
def test_a_sum_that_can_not_be_taken_is_said_and_nothing_is_lost(comings: Comings, typed: str) -> None:
    desk = comings.colleague("finance")
    answer = press(desk, PAGE, above=typed, currency="USD", refunds="1", hour="21")
    assert answer.status_code == 422
    assert "Write one amount above zero" in words(answer.text)
    assert f'value="{typed}"' in answer.text
    assert 'name="refunds" value="1" checked' in answer.text
    assert '<option value="21" selected>' in answer.text
    assert every(StaffNotices) == []


def test_nonsense_in_the_rest_is_nothing(comings: Comings) -> None:
    desk = comings.colleague("finance")
    press(desk, PAGE, currency="XXX", hour="99", above="10")
    (row,) = every(StaffNotices)
    assert (row.above_currency, row.digest_hour) == ("USD", None)


@pytest.mark.parametrize("role", sorted(ROLES))
def test_a_role_is_offered_what_it_may_see_and_takes_no_more(comings: Comings, role: str) -> None:
    desk = comings.colleague(role)
    page = desk.get(PAGE).text
    assert ('name="every_gift"' in page) is (role != "editor")
    assert ('name="disputes"' in page) is (role in ("owner", "finance", "auditor"))
    assert ("Problems are always mailed" in page) is (role == "owner")
    if role == "editor":
        assert "Your role sees no gifts" in page
        return
    press(desk, PAGE, every_gift="1", disputes="1", hour="8")
    (row,) = every(StaffNotices)
    assert row.disputes is (role in ("owner", "finance", "auditor"))


def test_an_editor_who_posts_all_the_same_gets_nothing(comings: Comings) -> None:
    editor = comings.colleague("editor")
    # The form is not on their page; its token is taken from another one.
    answer = press(editor, "/staff/sign-in", PAGE, every_gift="1", promises="1", refunds="1", disputes="1", hour="8")
    assert answer.status_code == 303
    (row,) = every(StaffNotices)
    assert not any((row.every_gift, row.promises, row.refunds, row.disputes))
    assert (row.above_minor, row.digest_hour) == (None, None)


def test_two_colleagues_choose_for_themselves(comings: Comings) -> None:
    first, second = comings.colleague("finance"), comings.colleague("support")
    press(first, PAGE, every_gift="1")
    press(second, PAGE, refunds="1")
    assert [(row.every_gift, row.refunds) for row in every(StaffNotices)] == [(True, False), (False, True)]


def test_the_page_is_on_everybodys_menu(comings: Comings) -> None:
    def menu(browser: FlaskClient) -> str:
        page = browser.get("/staff").text
        return page[page.index("<nav") : page.index("</nav")]

    assert PAGE in menu(comings.colleague("editor"))
    assert "/staff/operations" not in menu(comings.colleague("support"))
    assert "/staff/operations" in menu(comings.colleague("owner"))
