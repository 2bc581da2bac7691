"""Load the sample newsroom into the database that the environment names: ``python -m tests.make.furnish``."""

from __future__ import annotations

from donate.app import create_app
from donate.commands.samples import load_samples

if __name__ == "__main__":
    with create_app().app_context():
        load_samples()
