"""flask demo: the sample newsroom with a year of gifts; web, worker and sandbox in one process tree."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
import urllib.error
import urllib.request
from dataclasses import replace
from types import FrameType

import click
import flask_migrate
from flask import current_app
from flask.cli import with_appcontext

from donate import clock, payments
from donate.commands.demo_settings import DEMO_ENV, SANDBOX_PORT, VAR, WEB_PORT, read_env, write_env
from donate.commands.demo_year import Year, start_of_year
from donate.commands.samples import load_sample_stories, load_samples
from donate.commands.serve import granian
from donate.db import committed
from donate.fulfillment.fund_products import ensure_fund_products
from donate.giving.queries import is_any_in_mode
from donate.newsroom.queries import find_newsroom
from donate.payments.setup import list_endpoints, remove_endpoint, replace_endpoint
from donate.sandbox.app import Sandbox
from donate.settings import ROOT, Settings
from donate.team.hire import add_staff
from donate.team.history import SYSTEM

_BOX_FILE = VAR / "sandbox.db"
_OWNER = "owner@plumbline.example"


@click.command()
@with_appcontext
def demo() -> None:
    """Start everything on this machine, with play money only."""
    chosen: Settings = current_app.config["DONATE"]
    if not DEMO_ENV.is_file() or not chosen.sandboxed:
        raise click.ClickException("The demo has settings of its own; start it with: make demo")
    _say_ports(chosen)
    flask_migrate.upgrade()
    secret = _furnish(chosen)
    write_env({**read_env(), "STRIPE_WEBHOOK_SECRET": secret})
    _run(replace(chosen, stripe_webhook_secret=secret))


def _say_ports(chosen: Settings) -> None:
    ports = (("PORT", chosen.site_url, WEB_PORT), ("SANDBOX_PORT", chosen.stripe_api_base, SANDBOX_PORT))
    for what, url, default in ports:
        port = url.rpartition(":")[2]
        if port != str(default) and not os.environ.get(what):
            click.echo(f"Port {default} is in use; {what.lower().replace('_', ' ')} is {port} this time.")


def _furnish(chosen: Settings) -> str:
    """Load the samples, play the year where nothing was given yet, and make the endpoint; give its secret."""
    began = time.monotonic()
    empty = not is_any_in_mode(livemode=False)
    if empty:
        _BOX_FILE.unlink(missing_ok=True)
    box = Sandbox(db=str(_BOX_FILE), base_url=chosen.stripe_api_base, deliver="pull")
    payments.connect(chosen.stripe_secret_key, chosen.stripe_api_base, http_client=box.http_client())
    clock.follow(box.offset)
    try:
        if find_newsroom() is None:
            load_samples()
        else:
            load_sample_stories()
        if empty:
            box.reset(at=start_of_year())
            clock.forget()
        ensure_fund_products()
        for endpoint in list_endpoints():
            remove_endpoint(endpoint.endpoint_id)
        secret = replace_endpoint(chosen.site_url + "/webhooks/stripe").secret
        if empty:
            click.echo("Playing a year of gifts in the sandbox …")
            attempts = Year(box).play(click.echo)
            box.advance(to=clock.real_now().timestamp())
            click.echo(f"  {attempts} readers came, in {time.monotonic() - began:.0f} seconds")
    finally:
        box.close()
    return secret


def _run(chosen: Settings) -> None:
    """Run web, worker and sandbox until Ctrl-C, or until one of them ends."""
    port, box_port = (int(url.rpartition(":")[2]) for url in (chosen.site_url, chosen.stripe_api_base))
    flask = [sys.executable, "-m", "flask"]
    environ = {**os.environ, **read_env(), "PYTHONUNBUFFERED": "1"}
    commands = {
        "sandbox": [*flask, "sandbox", "serve", "--port", str(box_port), "--db", str(_BOX_FILE)],
        "worker": [*flask, "worker"],
        "web": granian("127.0.0.1", port, 1),
    }
    stopping: list[int] = []

    def note(number: int, _frame: FrameType | None) -> None:
        stopping.append(number)

    signal.signal(signal.SIGINT, note)
    signal.signal(signal.SIGTERM, note)
    # Groups of their own: Ctrl-C reaches us, and we end them in order.
    children = {
        name: subprocess.Popen(command, cwd=ROOT, env=environ, start_new_session=True)
        for name, command in commands.items()
    }
    try:
        if _wait_until_up(chosen, children, stopping):
            click.echo(_welcome(chosen, _invite()))
        while not stopping and all(child.poll() is None for child in children.values()):
            clock.pause(0.3)
    finally:
        ended = [name for name, child in children.items() if child.poll() is not None]
        _end(children)
    if ended and not stopping:
        raise click.ClickException(f"{' and '.join(ended)} ended; the lines above say why.")
    click.echo("The demo has ended. Everything is kept; make demo goes on, make demo-reset starts over.")


def _wait_until_up(chosen: Settings, children: dict[str, subprocess.Popen[bytes]], stopping: list[int]) -> bool:
    waiting = [f"{chosen.site_url}/readyz", f"{chosen.stripe_api_base}/_sandbox/clock"]
    for _ in range(300):
        if stopping or any(child.poll() is not None for child in children.values()):
            return False
        waiting = [url for url in waiting if not _answers(url)]
        if not waiting:
            return True
        clock.pause(0.1)
    return False


def _answers(url: str) -> bool:
    try:
        with urllib.request.urlopen(url, timeout=2) as answer:  # noqa: S310  # our own loopback addresses
            return bool(answer.status == 200)
    except (urllib.error.URLError, OSError):
        return False


def _end(children: dict[str, subprocess.Popen[bytes]]) -> None:
    for child in children.values():
        if child.poll() is None:
            child.terminate()
    for child in children.values():
        try:
            child.wait(timeout=10)
        except subprocess.TimeoutExpired:
            os.killpg(child.pid, signal.SIGKILL)
            child.wait()


def _invite() -> str:
    """Give an owner of the sample newsroom, and a link that brings them to the desk."""
    with committed():
        _owner, token = add_staff(_OWNER, "owner", SYSTEM)
    return token


def _welcome(chosen: Settings, token: str) -> str:
    return f"""
The Plumb Line is open. No money moves here.

  Read and give      {chosen.site_url}/
  in Arabic, Hebrew  {chosen.site_url}/ar/  {chosen.site_url}/he/
  Mail that went out {chosen.site_url}/demo/mail
  Your gifts         {chosen.site_url}/signin   (with the address you gave with; the mail lies above)
  The desk           {chosen.site_url}/signin/link/{token}
                     (once, within a day; afterwards {chosen.site_url}/signin/staff as {_OWNER})
  Stripe's stand-in  {chosen.stripe_api_base}/   (its clock, events and test cards)

Try this: open a story, press Support us, give monthly with the card 4242, read the receipt.
In another terminal:

  .venv/bin/flask articles import FILE      a page saved as plain text becomes a story
  .venv/bin/flask sandbox advance --days 31 the next month's gifts arrive
  .venv/bin/flask export donations --out gifts.csv

Ctrl-C ends everything and keeps it; make demo-reset starts over.
"""
