"""flask articles: stories come in."""

from __future__ import annotations

from flask.cli import AppGroup

articles = AppGroup("articles", help="Bring stories in.")
