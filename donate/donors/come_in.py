"""A member comes in: how long a session of theirs lives."""

from __future__ import annotations

from datetime import timedelta

from donate.entry.sessions import Life

LIFE = Life(idle=timedelta(days=30), whole=timedelta(days=180))
