"""flask serve: the web server, from settings."""

from __future__ import annotations

import os
import sys
from urllib.parse import urlsplit

import click
from flask import current_app
from flask.cli import with_appcontext

from donate.commands.start_checks import refuse_bad_start


@click.command()
@click.option("--host", default="127.0.0.1", show_default=True)
@click.option("--port", type=int, help="Default: SITE_URL's, else 5000.")
@click.option("--workers", type=click.IntRange(1, 64), default=2, show_default=True)
@with_appcontext
def serve(host: str, port: int | None, workers: int) -> None:
    """Serve the site with granian."""
    refuse_bad_start()
    chosen = port or urlsplit(current_app.config["DONATE"].site_url).port or 5000
    os.execv(sys.executable, granian(host, chosen, workers))  # noqa: S606  # the server takes this process's place


def granian(host: str, port: int, workers: int) -> list[str]:
    """Write the command that starts the server."""
    return [
        sys.executable, "-m", "granian", "--interface", "wsgi", "--host", host, "--port", str(port),
        "--workers", str(workers), "--blocking-threads", "4", "--no-ws", "--log-level", "warning",
        "--workers-kill-timeout", "10", "wsgi:app",
    ]  # fmt: skip
