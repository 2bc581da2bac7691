"""What the tests of articles may ask for beside the rest: a site to read from."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask

from tests.make.site import Site, open_site

SAMPLES = Path(__file__).parent / "importers" / "samples"


@pytest.fixture
def server() -> Iterator[Site]:
    """Return a site that articles may be read from."""
    with open_site() as site:
        yield site


@pytest.fixture
def site(app: Flask) -> Iterator[Site]:
    """Return a site that the application may read from."""
    with open_site() as made:
        yield made


@pytest.fixture
def samples() -> Path:
    """Return the folder of sample exports, feeds and pages."""
    return SAMPLES
