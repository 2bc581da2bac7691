"""create_app(): settings, database, doors and commands, wired once."""

from __future__ import annotations

import json
import urllib.request
from collections.abc import Callable
from typing import Any

from flask import Flask
from flask_babel import Babel
from flask_migrate import Migrate
from werkzeug.middleware.proxy_fix import ProxyFix
from whitenoise import WhiteNoise

from donate import clock, commands, logs, payments, references, settings, web
from donate.db import db, engine_options
from donate.mail import deliver, render
from donate.reach import connection
from donate.settings import ROOT, Settings
from donate.web import counting, headers, problem_words, reading, shelf, tax_words
from donate.web.hooks import HooksFirst
from donate.web.kept import KeptFirst
from donate.web.language import LanguagePrefix, current_language, lead_to_plain_addresses

_YEAR = 365 * 24 * 3600


def create_app(
    chosen: Settings | None = None,
    *,
    http_client: Any = None,
    ask_offset: Callable[[], float] | None = None,
) -> Flask:
    """Make the application.

    Args:
        chosen: The settings; None reads the environment.
        http_client: A stand-in for Stripe's HTTP client, for tests and for seeding the demo.
        ask_offset: The sandbox's clock; None asks it over HTTP where the settings name a sandbox.

    Raises:
        BadSetting: When the settings can't be started with.
    """
    kept = (chosen or settings.read()).check()
    app = Flask("donate", root_path=str(ROOT), template_folder="templates", static_folder=None)
    app.config.update(
        DONATE=kept,
        SECRET_KEY=kept.secret_key,
        SQLALCHEMY_DATABASE_URI=kept.database_url,
        SQLALCHEMY_ENGINE_OPTIONS=engine_options(kept.database_url),
        MAX_CONTENT_LENGTH=1024 * 1024,
        BABEL_TRANSLATION_DIRECTORIES=str(ROOT / "donate" / "translations"),
    )
    use(kept, http_client=http_client, ask_offset=ask_offset)
    if kept.is_sqlite:
        (ROOT / "var").mkdir(exist_ok=True)
    db.init_app(app)
    Migrate(app, db, directory=str(ROOT / "donate" / "migrations"))
    Babel(app, locale_selector=current_language)
    shelf.put_up(app)
    counting.put_up(app)
    reading.equip(app)
    render.equip(app)
    tax_words.equip(app)
    problem_words.equip(app)
    headers.add_headers(app, kept.checkout_origin, https=kept.site_url.startswith("https:"))
    lead_to_plain_addresses(app)
    web.open_doors(app)
    commands.register(app)
    app.wsgi_app = HooksFirst(KeptFirst(LanguagePrefix(app.wsgi_app), app), app)  # type: ignore[method-assign]
    app.wsgi_app = WhiteNoise(  # type: ignore[method-assign]
        app.wsgi_app, root=ROOT / "static", prefix="static/", max_age=_YEAR, autorefresh=False
    )
    if kept.trusted_proxies:
        # Exactly so many: one more would let anyone name the address they come from.
        app.wsgi_app = ProxyFix(  # type: ignore[method-assign]
            app.wsgi_app, x_for=kept.trusted_proxies, x_proto=kept.trusted_proxies, x_host=0, x_prefix=0
        )
    return app


def use(kept: Settings, *, http_client: Any = None, ask_offset: Callable[[], float] | None = None) -> None:
    """Let this process speak to Stripe, send its mail and tell the time by these settings from now on.

    Args:
        kept: The settings, checked.
        http_client: As ``create_app`` takes it.
        ask_offset: Likewise.
    """
    logs.configure(kept.log_format)
    references.use_secret(kept.secret_key)
    payments.connect(kept.stripe_secret_key, kept.stripe_api_base, site=kept.site_url, http_client=http_client)
    deliver.connect(kept.mail_url)
    connection.connect(allow_loopback=bool(kept.articles_from_loopback), post_to_loopback=bool(kept.hooks_to_loopback))
    clock.follow(ask_offset or (_sandbox_clock(kept.stripe_api_base) if kept.sandboxed else None))


def _sandbox_clock(base: str) -> Callable[[], float]:
    def ask() -> float:
        with urllib.request.urlopen(f"{base}/_sandbox/clock", timeout=2) as answer:  # noqa: S310  # loopback, by Settings.sandboxed
            return float(json.load(answer)["offset"])

    return ask
