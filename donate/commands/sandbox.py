"""flask sandbox: the stand-in for Stripe on this machine, and its clock."""

from __future__ import annotations

import json
import urllib.error
import urllib.parse
import urllib.request
from pathlib import Path

import click
from flask import current_app
from flask.cli import AppGroup

from donate import clock
from donate.commands.worker import JOBS, drain
from donate.queue.work import Worker
from donate.sandbox.serve import serve as serve_sandbox
from donate.settings import ROOT

sandbox = AppGroup("sandbox", help="The stand-in for Stripe: no money moves.")


@sandbox.command()
@click.option("--port", type=int, default=12111, show_default=True)
@click.option("--db", "path", type=click.Path(path_type=Path), default=ROOT / "var" / "sandbox.db", show_default=True)
def serve(port: int, path: Path) -> None:
    """Serve the sandbox on this machine, and nowhere else."""
    path.parent.mkdir(parents=True, exist_ok=True)
    serve_sandbox(port, str(path))


@sandbox.command()
@click.option("--days", type=click.IntRange(0, 3650), default=0)
@click.option("--hours", type=click.IntRange(0, 24 * 366), default=0)
def advance(days: int, hours: int) -> None:
    """Move the sandbox's clock on, and do what fell due: renewals, retries, mails."""
    chosen = current_app.config["DONATE"]
    if not chosen.sandboxed:
        raise click.ClickException("STRIPE_API_BASE is no sandbox on this machine; Stripe's own clock can't be moved.")
    if not days and not hours:
        raise click.UsageError("Say how far: --days N or --hours N.")
    seconds = days * 86400 + hours * 3600
    body = urllib.parse.urlencode({"seconds": seconds}).encode()
    try:
        with urllib.request.urlopen(  # noqa: S310  # loopback, by Settings.sandboxed
            f"{chosen.stripe_api_base}/_sandbox/advance", body, timeout=900
        ) as answer:
            json.load(answer)
    except urllib.error.URLError as error:
        raise click.ClickException(
            f"The sandbox at {chosen.stripe_api_base} does not answer ({error.reason}). Start it: make demo"
        ) from error
    clock.forget()
    ran = drain(Worker(JOBS))
    click.echo(f"It is {clock.now():%d %B %Y, %H:%M} UTC in the sandbox now; {ran} jobs ran here.")
