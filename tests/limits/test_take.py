"""Limits: counted for all processes together, over by themselves, and shut where nothing can be counted."""

from __future__ import annotations

import threading
from collections.abc import Callable
from datetime import timedelta

import pytest
import sqlalchemy as sa
from flask import Flask

from donate.db import committed, db
from donate.limits import take as taking
from donate.limits.models import LimitUse
from donate.limits.take import WAIT_WHEN_UNKNOWN, Limit, count, drop_old_uses, take, wait_for

THREE = Limit("three", 3, timedelta(minutes=10))
WIDE = Limit("wide", 100, timedelta(minutes=10))


@pytest.mark.usefixtures("app")
def test_so_many_tries_and_then_a_wait_that_ends_by_itself(later: Callable[[timedelta], None]) -> None:
    assert [take((THREE, "amal")) for _try in range(3)] == [0, 0, 0]
    later(timedelta(minutes=4))
    assert 0 < take((THREE, "amal")) <= 6 * 60
    assert wait_for(THREE, "amal") > 0
    later(timedelta(minutes=6))
    assert take((THREE, "amal")) == 0
    assert wait_for(THREE, "amal") == 0


@pytest.mark.usefixtures("app")
def test_a_flood_makes_nobody_wait_longer(later: Callable[[timedelta], None]) -> None:
    for _try in range(50):
        take((THREE, "amal"))
    later(timedelta(minutes=10))
    assert take((THREE, "amal")) == 0


@pytest.mark.usefixtures("app")
def test_one_persons_tries_are_not_anothers() -> None:
    for _try in range(4):
        take((THREE, "amal"))
    assert take((THREE, "noam")) == 0


@pytest.mark.usefixtures("app")
def test_a_spent_limit_leaves_those_after_it_uncounted() -> None:
    for _try in range(5):
        take((THREE, "a network"), (WIDE, "amal"))
    assert [row.used for row in every_use()] == [3, 4]


def every_use() -> list[LimitUse]:
    db.session.expire_all()
    return list(db.session.scalars(sa.select(LimitUse).order_by(LimitUse.used)))


@pytest.mark.usefixtures("app")
def test_the_table_names_nobody() -> None:
    take((THREE, "amal@example.org"))
    (row,) = every_use()
    assert "amal" not in row.key


def test_all_tries_at_once_are_counted(app: Flask) -> None:
    answers: list[int] = []
    at_once = threading.Barrier(8)

    def try_it() -> None:
        with app.app_context():
            at_once.wait(timeout=30)
            answers.append(take((THREE, "amal")))

    threads = [threading.Thread(target=try_it) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(answer > 0 for answer in answers) == [False] * 3 + [True] * 5


@pytest.mark.usefixtures("app")
def test_where_nothing_can_be_counted_the_answer_is_to_wait() -> None:
    with db.engine.begin() as connection:
        connection.execute(sa.text("ALTER TABLE limit_use RENAME TO limit_away"))
    try:
        assert take((THREE, "amal")) == WAIT_WHEN_UNKNOWN
    finally:
        with db.engine.begin() as connection:
            connection.execute(sa.text("ALTER TABLE limit_away RENAME TO limit_use"))
    assert take((THREE, "amal")) == 0


@pytest.mark.usefixtures("app")
def test_old_counts_are_forgotten(later: Callable[[timedelta], None]) -> None:
    with committed():
        count(THREE, "amal")
    later(taking.KEEP + timedelta(minutes=1))
    with committed():
        drop_old_uses()
    assert every_use() == []
