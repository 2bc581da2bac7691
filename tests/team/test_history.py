"""The history: written with the deed, refused to be changed by the database itself, and nothing personal in it."""

from __future__ import annotations

import pytest
import sqlalchemy as sa
from sqlalchemy.exc import DBAPIError

from donate.db import committed, db
from donate.team.history import SYSTEM, Who, record_history
from donate.team.models import History
from donate.team.queries import list_history
from tests.make.rows import count, every

pytestmark = pytest.mark.usefixtures("app")


def record() -> None:
    with committed():
        record_history(
            Who("staff", 7, "a network"), "change_role", "staff", "AAAABBBBCCCCDDDD",
            before={"role": "editor", "disabled": False}, after={"role": "owner", "disabled": None},
        )  # fmt: skip


def test_it_says_who_did_what_to_what_and_how_it_was() -> None:
    record()
    (entry,) = list_history("staff", "AAAABBBBCCCCDDDD")
    assert (entry.who_kind, entry.who_id, entry.act, entry.network) == ("staff", 7, "change_role", "a network")
    assert entry.before == {"role": "editor", "disabled": False}
    assert entry.after == {"role": "owner", "disabled": None}
    assert entry.at.tzinfo is not None


@pytest.mark.parametrize("statement", ["UPDATE history SET act = 'nothing'", "DELETE FROM history"])
def test_the_database_refuses_to_change_or_delete_it(statement: str) -> None:
    record()
    with pytest.raises(DBAPIError, match="append-only"), db.engine.begin() as connection:
        connection.execute(sa.text(statement))
    assert [entry.act for entry in every(History)] == ["change_role"]


def test_the_models_can_not_change_it_either() -> None:
    record()
    with pytest.raises(DBAPIError, match="append-only"), committed() as session:
        session.get_one(History, 1).act = "nothing"
    with pytest.raises(DBAPIError, match="append-only"), committed() as session:
        session.delete(session.get_one(History, 1))
    assert count(History) == 1


@pytest.mark.parametrize("value", ["amal@example.org", "Amal Haddad", "أمل", "two\nlines", "x" * 81])
def test_what_may_be_personal_is_refused(value: str) -> None:
    with pytest.raises(ValueError, match="nothing personal"), committed():
        record_history(SYSTEM, "change", "donor", "AAAABBBBCCCCDDDD", after={"name": value})
    with pytest.raises(ValueError, match="nothing personal"), committed():
        record_history(SYSTEM, "change", "donor", value)
    assert count(History) == 0


def test_it_is_written_with_the_deed_or_not_at_all() -> None:
    with pytest.raises(RuntimeError, match="inside committed"):
        record_history(SYSTEM, "change", "donor", "AAAABBBBCCCCDDDD")
    with pytest.raises(RuntimeError, match="stops"), committed():
        record_history(SYSTEM, "change", "donor", "AAAABBBBCCCCDDDD")
        raise RuntimeError("the machine stops here")
    assert count(History) == 0
