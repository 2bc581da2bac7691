"""The doors that speak in a terminal: one file a group, thin like views."""

from __future__ import annotations

from flask import Flask

from donate.commands.articles import articles
from donate.commands.check import check
from donate.commands.demo import demo
from donate.commands.donors import donors
from donate.commands.export import export
from donate.commands.imports import imports
from donate.commands.ledger import ledger
from donate.commands.newsroom import newsroom
from donate.commands.receipts import receipts
from donate.commands.reconcile import reconcile
from donate.commands.recurring import recurring
from donate.commands.sandbox import sandbox
from donate.commands.seed import seed_command
from donate.commands.serve import serve
from donate.commands.settings import settings
from donate.commands.staff import staff
from donate.commands.stripe import stripe
from donate.commands.worker import worker


def register(app: Flask) -> None:
    """Add every command to the application."""
    for command in (
        articles,
        check,
        demo,
        donors,
        export,
        imports,
        ledger,
        newsroom,
        receipts,
        reconcile,
        recurring,
        sandbox,
        seed_command,
        serve,
        settings,
        staff,
        stripe,
        worker,
    ):
        app.cli.add_command(command)
