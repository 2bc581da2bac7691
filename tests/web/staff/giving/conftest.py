"""Two people who gave, and a browser of reader support."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from flask.testing import FlaskClient

from donate.db import db
from donate.giving.models import Donation
from donate.sandbox.app import Sandbox
from tests.make.gifts import Gifts
from tests.make.signing_in import Comings
from tests.people import AMAL, NOAM

Settle = Callable[..., None]


@pytest.fixture
def given(gifts: Gifts, settle: Settle, box: Sandbox) -> Donation:
    """Let Amal give once and Noam monthly, booked and all."""
    once = gifts.paid(AMAL, first_name="Amal", note="For the teachers.")
    gifts.paid(NOAM, frequency="month")
    settle()
    box.advance(seconds=10)
    settle()
    return db.session.get_one(Donation, once.id)


@pytest.fixture
def desk(comings: Comings) -> FlaskClient:
    """Return a browser of reader support."""
    return comings.colleague("support")
