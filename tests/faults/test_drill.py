"""A small drill on both databases: processes die, webhooks go missing, and nothing is lost and nothing doubled."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.conftest import skip_or_fail
from tests.faults.drill import Drill, is_passed
from tests.make import cluster
from tests.make.supervised import Supervised


@pytest.mark.slow
@pytest.mark.parametrize("database", ["sqlite", "postgresql"])
def test_nothing_is_lost_and_nothing_doubled_while_everything_fails(database: str, tmp_path: Path) -> None:
    """``make drill`` goes through all of it on both; here each database meets other kills and faults."""
    why = cluster.why_not()
    if database == "postgresql" and why is not None:
        skip_or_fail(why)
    place = Supervised(tmp_path, database)
    try:
        place.open()
        drill = Drill(place, rounds=1, which=slice(0 if database == "sqlite" else 3, None, 9))
        counts = drill.run()
        assert is_passed(counts), json.dumps(counts, indent=1)
        assert counts["processes killed"] >= 5
        assert counts["gifts made"] >= counts["forms paid"]
        # The control: a gift that the books and the sandbox know, and our rows don't, is seen.
        place.act("spoil")
        spoiled = drill.verdict()
        assert not is_passed(spoiled)
        assert spoiled["lost"] == 1
    finally:
        place.close()
