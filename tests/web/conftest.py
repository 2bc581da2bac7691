"""What the tests of several doors share: a request without any database."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from flask import Flask
from flask_babel import Babel

from donate import references
from donate.web.language import current_language


@pytest.fixture
def words() -> Iterator[None]:
    """Open a request without any database, for what only needs sentences and signatures."""
    app = Flask("words")
    Babel(app, locale_selector=current_language)
    references.use_secret("a secret of the tests")
    with app.test_request_context("/donate"):
        yield
