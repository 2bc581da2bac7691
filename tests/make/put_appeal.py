"""Put an appeal into a state from a process of its own: ``python -m tests.make.put_appeal SLUG STATUS``."""

from __future__ import annotations

import sys

from donate.app import create_app
from donate.appeals.queries import find_appeal
from donate.db import committed

if __name__ == "__main__":
    slug, status = sys.argv[1:]
    with create_app().app_context(), committed():
        appeal = find_appeal(slug)
        assert appeal is not None
        appeal.status = status
