"""The demo's year: gifts come, some go back, promises change, rest, fail and stop, and every rule holds at its end."""

from __future__ import annotations

import pytest

from donate.commands import demo_year
from donate.commands.demo_year import Year
from donate.giving.models import Refund
from donate.recurring.models import RecurringMovement
from donate.reports.check import check_everything
from donate.sandbox.app import Sandbox
from tests.make.gifts import Gifts
from tests.make.rows import every

SQLITE = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


@SQLITE
@pytest.mark.slow
def test_a_part_of_the_year_holds_every_rule_and_shows_what_a_desk_is_for(
    gifts: Gifts, box: Sandbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(demo_year, "DAYS", 130)
    said: list[str] = []
    assert Year(box).play(said.append) > 20
    assert said == ["  90 of 130 days"]
    assert check_everything() == []
    assert every(Refund)
    assert {"new", "raised"} <= {each.kind for each in every(RecurringMovement)}
