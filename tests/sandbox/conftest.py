"""Find Stripe's own published data, where it is at hand."""

from __future__ import annotations

import os
from pathlib import Path

import pytest


@pytest.fixture(scope="session")
def reference_dir() -> Path:
    """Return the folder of reference data, or skip: the data is not part of the project."""
    folder = Path(os.environ.get("REFERENCE_DIR") or Path(__file__).resolve().parents[3] / "shared")
    if not (folder / "stripe").is_dir():
        pytest.skip(f"no reference data in {folder}: set REFERENCE_DIR")
    return folder
