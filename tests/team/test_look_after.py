"""What one colleague may do to another: never above their own role, never to themselves, never the last owner."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta

import pytest
from flask import Flask

from donate.db import committed, db
from donate.errors import DonateError, StaffRefused
from donate.team import look_after
from donate.team.hire import add_staff, disable_staff
from donate.team.history import SYSTEM, Who
from donate.team.look_after import (
    add_colleague,
    disable_colleague,
    enable_colleague,
    forget_authenticator,
    give_role,
    invite_again,
    sign_out_colleague,
)
from donate.team.models import History, Staff
from donate.team.permissions import ROLES, may_grant
from donate.team.queries import find_staff, get_staff, list_owner_ids, list_working_with, real_today
from tests.make.race import Race
from tests.make.rows import every

pytestmark = pytest.mark.usefixtures("newsroom")

#: Which roles a role may give, written down a second time: what it may not do itself, it can't hand out.
GRANTS = {
    "owner": {"owner", "finance", "auditor", "fundraising", "editor", "support"},
    "finance": {"finance"},
    "auditor": {"auditor"},
    "fundraising": {"fundraising"},
    "editor": {"editor"},
    "support": {"support"},
}
PAIRS = [(granter, role) for granter in ROLES for role in ROLES]
NOBODY = "nobody@newsroom.example"


def hire(role: str, name: str = "") -> Staff:
    email = f"{name or role}@newsroom.example"
    with committed():
        add_staff(email, role, SYSTEM)
    return get_staff(email)


def who(staff: Staff) -> Who:
    return Who("staff", staff.id)


def act(verb: Callable[..., object], *given: object) -> None:
    with committed():
        verb(*given)
    db.session.expire_all()


def refusal(verb: Callable[..., object], *given: object) -> str:
    with pytest.raises(DonateError) as refused:
        act(verb, *given)
    db.session.expire_all()
    return refused.value.message


def acts() -> list[str]:
    return [entry.act for entry in every(History) if entry.who_kind == "staff"]


@pytest.mark.parametrize(("granter", "role"), PAIRS)
def test_nobody_gives_a_role_that_may_more_than_their_own(
    monkeypatch: pytest.MonkeyPatch, granter: str, role: str
) -> None:
    assert may_grant(granter, role) == (role in GRANTS[granter])
    # Whoever may look after staff one day is held to it as well.
    monkeypatch.setitem(ROLES, granter, ROLES[granter] | {"manage_staff"})
    by, other = hire(granter, "by"), hire(granter, "other")
    if role in GRANTS[granter]:
        act(add_colleague, NOBODY, role, None, who(by))
        act(give_role, other.id, role, None, who(by))
        assert (get_staff(NOBODY).role, get_staff(other.email).role) == (role, role)
    else:
        assert refusal(add_colleague, NOBODY, role, None, who(by)) == "above_you"
        assert refusal(give_role, other.id, role, None, who(by)) == "above_you"
        assert find_staff(NOBODY) is None
        assert get_staff(other.email).role == granter


@pytest.mark.parametrize("verb", [disable_colleague, enable_colleague, sign_out_colleague, forget_authenticator])
def test_nobody_acts_upon_who_may_more_than_they_or_upon_themselves(
    monkeypatch: pytest.MonkeyPatch, verb: Callable[..., object]
) -> None:
    monkeypatch.setitem(ROLES, "support", ROLES["support"] | {"manage_staff"})
    hire("owner", "another")
    helper, owner = hire("support"), hire("owner")
    assert refusal(verb, owner.id, who(helper)) == "above_you"
    assert refusal(verb, owner.id, who(owner)) == "own_row"
    assert acts() == []


def test_a_role_that_does_not_exist_is_nobodys_to_give() -> None:
    owner, editor = hire("owner"), hire("editor")
    assert refusal(give_role, editor.id, "emperor", None, who(owner)) == "role_unknown"
    assert refusal(add_colleague, NOBODY, "", None, who(owner)) == "role_unknown"


def test_nobody_changes_their_own_role() -> None:
    hire("owner", "another")
    owner = hire("owner")
    assert refusal(give_role, owner.id, "editor", None, who(owner)) == "own_row"


def test_each_act_is_written_with_how_it_was() -> None:
    owner, editor = hire("owner"), hire("editor")
    last = real_today() + timedelta(days=30)
    act(give_role, editor.id, "auditor", last, who(owner))
    act(disable_colleague, editor.id, who(owner))
    act(enable_colleague, editor.id, who(owner))
    act(sign_out_colleague, editor.id, who(owner))
    act(forget_authenticator, editor.id, who(owner))
    act(invite_again, editor.id, who(owner))
    told = [(each.act, each.before, each.after) for each in every(History) if each.who_kind == "staff"]
    assert told == [
        ("change_role", {"role": "editor"}, {"role": "auditor"}),
        ("change_last_day", {"ends_on": None}, {"ends_on": str(last)}),
        ("disable_staff", {"role": "auditor"}, {}),
        ("enable_staff", {}, {"role": "auditor"}),
        ("end_sessions", {}, {"ended": 0}),
        ("forget_second_factor", {}, {}),
        ("invite_staff", {}, {}),
    ]
    assert {each.who_id for each in every(History) if each.who_kind == "staff"} == {owner.id}


def test_what_changes_nothing_writes_nothing() -> None:
    owner, editor = hire("owner"), hire("editor")
    act(give_role, editor.id, "editor", None, who(owner))
    act(enable_colleague, editor.id, who(owner))
    assert acts() == []


def test_a_last_day_lies_ahead_and_is_never_an_owners() -> None:
    owner, editor = hire("owner"), hire("editor")
    over, ahead = date(2020, 1, 1), real_today()
    assert refusal(give_role, editor.id, "editor", over, who(owner)) == "day_is_over"
    assert refusal(give_role, editor.id, "owner", ahead, who(owner)) == "owner_has_no_end"
    assert refusal(add_colleague, NOBODY, "owner", ahead, who(owner)) == "owner_has_no_end"
    act(give_role, editor.id, "editor", ahead, who(owner))
    assert get_staff(editor.email).ends_on == ahead


def test_whose_last_day_is_over_can_be_given_another() -> None:
    owner = hire("owner")
    with committed():
        gone, _token = add_staff("gone@newsroom.example", "auditor", SYSTEM, ends_on=date(2020, 1, 1))
        gone_id = gone.id
    act(give_role, gone_id, "auditor", real_today(), who(owner))
    assert get_staff("gone@newsroom.example").ends_on == real_today()


def test_who_is_known_is_not_added_twice() -> None:
    owner, editor = hire("owner"), hire("editor")
    with pytest.raises(StaffRefused) as refused:
        act(add_colleague, editor.email, "finance", None, who(owner))
    assert (refused.value.message, refused.value.values["reference"]) == ("known_already", editor.reference)


def test_who_was_disabled_or_lowered_meanwhile_does_nothing_more() -> None:
    owner, former, editor = hire("owner"), hire("owner", "former"), hire("editor")
    act(disable_colleague, former.id, who(owner))
    assert refusal(disable_colleague, editor.id, who(former)) == "not_yours"
    act(enable_colleague, former.id, who(owner))
    act(give_role, former.id, "finance", None, who(owner))
    assert refusal(add_colleague, NOBODY, "finance", None, who(former)) == "not_yours"


def test_the_last_owner_is_neither_disabled_nor_lowered(monkeypatch: pytest.MonkeyPatch) -> None:
    """By the desk's own rules another owner must press; whoever else may one day is held to it too."""
    monkeypatch.setitem(ROLES, "finance", frozenset(ROLES["owner"]))
    keeper, owner, second = hire("finance"), hire("owner"), hire("owner", "second")
    act(disable_colleague, second.id, who(keeper))
    assert refusal(disable_colleague, owner.id, who(keeper)) == "last_owner"
    assert refusal(give_role, owner.id, "editor", None, who(keeper)) == "last_owner"
    act(enable_colleague, second.id, who(keeper))
    act(give_role, owner.id, "editor", None, who(keeper))
    assert [each.email for each in list_working_with("manage_hooks") if each.role == "owner"] == [second.email]


def test_an_owner_who_may_not_come_in_any_more_keeps_nobody(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(ROLES, "finance", frozenset(ROLES["owner"]))
    keeper, owner = hire("finance"), hire("owner")
    with committed():
        add_staff("over@newsroom.example", "owner", SYSTEM, ends_on=date(2020, 1, 1))
        left, _token = add_staff("left@newsroom.example", "owner", SYSTEM)
        disable_staff(left, SYSTEM)
    assert refusal(disable_colleague, owner.id, who(keeper)) == "last_owner"


# -- two owners at once ---------------------------------------------------------------------------------------------


def disable_each_other(app: Flask, race: Race) -> tuple[list[Exception], int]:
    """Let two owners disable each other at one moment; give what stumbled and how many are left."""
    one, two = hire("owner", "one"), hire("owner", "two")
    one_id, two_id = one.id, two.id
    db.session.rollback()
    if db.engine.dialect.name == "postgresql":
        # SQLite lets the second begin only when the first has ended.
        race.meet_after(look_after, "list_owner_ids")
    stumbled = race.run(
        lambda: act(disable_colleague, two_id, Who("staff", one_id)),
        lambda: act(disable_colleague, one_id, Who("staff", two_id)),
    )
    return stumbled, len(list_owner_ids())


def test_of_two_owners_who_disable_each_other_at_once_one_stays(app: Flask, race: Race) -> None:
    stumbled, left = disable_each_other(app, race)
    assert left == 1
    (refused,) = stumbled
    assert isinstance(refused, StaffRefused)
    assert refused.message == "not_yours"


@pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
def test_the_race_above_would_show_owners_looked_up_without_a_lock(app: Flask, race: Race) -> None:
    """A control: each still sees the other at work, and nobody is left."""
    race.without_lock(look_after)
    race.patch.setattr("donate.team.hire.lock", lambda model, row_id: db.session.get_one(model, row_id))
    race.meet_after(look_after, "_keep_an_owner")
    stumbled, left = disable_each_other(app, race)
    assert (stumbled, left) == ([], 0)
