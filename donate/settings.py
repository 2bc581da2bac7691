"""Every setting of the environment: typed, defaulted, documented. What a newsroom changes itself is in newsroom/."""

from __future__ import annotations

import os
import re
from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from pathlib import Path
from typing import TypeVar
from urllib.parse import urlsplit

from donate.errors import BadSetting

ROOT = Path(__file__).resolve().parent.parent
_LOOPBACK = {"127.0.0.1", "localhost", "::1"}


Value = TypeVar("Value", str, int)


def _setting(default: Value, says: str, *, secret: bool = False) -> Value:
    return field(default=default, metadata={"says": says, "secret": secret})


@dataclass(frozen=True)
class Settings:
    """What the deployment decides."""

    database_url: str = _setting(
        f"sqlite:///{ROOT / 'var' / 'donate.db'}", "Where the rows live: SQLite or postgresql://…", secret=True
    )
    secret_key: str = _setting("", "Signs links, forms and sessions. Required outside the demo.", secret=True)
    site_url: str = _setting("http://127.0.0.1:5000", "The address readers see, without a slash at its end.")
    stripe_secret_key: str = _setting("", "Stripe's secret key, sk_test_… or sk_live_… (or rk_…).", secret=True)
    stripe_webhook_secret: str = _setting(
        "", "The signing secret of our webhook endpoint; several, by comma, while one is replaced.", secret=True
    )
    stripe_publishable_key: str = _setting("", "Stripe's publishable key; only the card form on our own page needs it.")
    pay_on_page: int = _setting(
        0,
        "1 lets every reader pay on a page of ours (the Payment Element); 0 only those in whose language "
        "Stripe’s page does not exist. Both need STRIPE_PUBLISHABLE_KEY.",
    )
    stripe_api_base: str = _setting("https://api.stripe.com", "Stripe's address, or the sandbox's on this machine.")
    mail_url: str = _setting(
        "console:", "Where mail goes: smtp://user:pass@host:587, file:DIR (.eml files) or console:", secret=True
    )
    exports_dir: str = _setting(
        str(ROOT / "var" / "exports"),
        "A folder for what the desk exports: the worker writes there and the web serves from there, so both have it.",
    )
    redis_url: str = _setting("", "Shared limits; without it they are kept in the database.", secret=True)
    trusted_proxies: int = _setting(0, "How many proxies stand before us, each adding to X-Forwarded-For.")
    country_header: str = _setting("", "A header with the reader's country, set by a trusted proxy.")
    log_format: str = _setting("console", "console or json.")
    metrics_token: str = _setting("", "Bearer token for /metrics; this machine itself needs none.", secret=True)
    articles_token: str = _setting("", "Bearer token for POST /api/articles/changed.", secret=True)
    articles_from_loopback: int = _setting(
        0, "1 lets articles be read from this machine itself too, at any port: for trying things out, never in service."
    )
    hooks_to_loopback: int = _setting(
        0,
        "1 lets hooks lead to this machine itself too, by http, at any port: for trying things out, never in service.",
    )

    @property
    def is_sqlite(self) -> bool:
        """Whether the rows live in one file."""
        return self.database_url.startswith("sqlite")

    @property
    def livemode(self) -> bool:
        """Whether the key moves real money."""
        return bool(re.match(r"(sk|rk)_live_", self.stripe_secret_key))

    @property
    def sandboxed(self) -> bool:
        """Whether Stripe is the sandbox on this machine: a test key and a loopback address."""
        return urlsplit(self.stripe_api_base).hostname in _LOOPBACK and not self.livemode

    @property
    def webhook_secrets(self) -> list[str]:
        """The signing secrets that are accepted now, newest first."""
        return [part.strip() for part in self.stripe_webhook_secret.split(",") if part.strip()]

    @property
    def checkout_origin(self) -> str:
        """The origin of the hosted payment page, which the form may lead to."""
        if self.sandboxed:
            parts = urlsplit(self.stripe_api_base)
            return f"{parts.scheme}://{parts.netloc}"
        return "https://checkout.stripe.com"

    @property
    def sandbox_origin(self) -> str:
        """The sandbox's origin; empty where Stripe is real."""
        return self.checkout_origin if self.sandboxed else ""

    def check(self) -> Settings:
        """Refuse what can't be started with.

        Raises:
            BadSetting: With the setting's name and what to do.
        """
        if not self.secret_key:
            raise BadSetting("secret_key_missing")
        if self.livemode and urlsplit(self.stripe_api_base).hostname in _LOOPBACK:
            raise BadSetting("live_key_at_sandbox")
        if self.stripe_secret_key and not re.match(r"(sk|rk)_(test|live)_", self.stripe_secret_key):
            raise BadSetting("stripe_key_shape")
        if self.stripe_publishable_key and not re.match(
            r"pk_live_" if self.livemode else r"pk_test_", self.stripe_publishable_key
        ):
            raise BadSetting("publishable_key_shape", mode="live" if self.livemode else "test")
        if not re.fullmatch(r"https?://[^/\s]+", self.site_url):
            raise BadSetting("site_url_shape", value=self.site_url)
        if self.log_format not in ("console", "json"):
            raise BadSetting("log_format", value=self.log_format)
        return self

    def check_serving(self) -> Settings:
        """Refuse what web and worker can't serve with.

        Raises:
            BadSetting: With the setting's name and what to do.
        """
        if not self.stripe_secret_key:
            raise BadSetting("stripe_key_missing")
        if not self.webhook_secrets:
            raise BadSetting("webhook_secret_missing")
        return self


SENTENCES = {
    "secret_key_missing": "Set SECRET_KEY to a long random text, for example the output of: openssl rand -hex 32",
    "live_key_at_sandbox": "STRIPE_SECRET_KEY is a live key but STRIPE_API_BASE is this machine's sandbox. "
    "Use an sk_test_ key with the sandbox, or remove STRIPE_API_BASE.",
    "stripe_key_shape": "STRIPE_SECRET_KEY should begin with sk_test_, sk_live_, rk_test_ or rk_live_.",
    "publishable_key_shape": "STRIPE_PUBLISHABLE_KEY should begin with pk_{mode}_: STRIPE_SECRET_KEY is a {mode} key.",
    "site_url_shape": "SITE_URL should be like https://news.example.org, without a path: it is {value!r}.",
    "log_format": "LOG_FORMAT is console or json: it is {value!r}.",
    "number": "{name} should be a whole number: it is {value!r}.",
    "stripe_key_missing": "Set STRIPE_SECRET_KEY: without it no gift can be taken.",
    "webhook_secret_missing": "Set STRIPE_WEBHOOK_SECRET: run `flask stripe setup` once; it prints the secret.",
    "live_and_test_mixed": "This database holds {found} gifts and the key is a {key} key. "
    "Give each its own DATABASE_URL.",
}


def explain(problem: BadSetting) -> str:
    """Put a setting's problem into the sentence an operator reads."""
    return SENTENCES[problem.message].format(**problem.values)


def read(environ: Mapping[str, str] | None = None) -> Settings:
    """Read the settings from the environment, and from ``var/demo.env`` where the environment is silent.

    The demo's file is read only when no environment is handed in and ``DONATE_NO_DEMO_ENV`` is unset.

    Args:
        environ: Names and values; None reads the process's own.

    Raises:
        BadSetting: When a number is none.
    """
    if environ is None:
        environ = os.environ
        if "DONATE_NO_DEMO_ENV" not in environ:
            environ = {**_demo_env(), **environ}
    values: dict[str, object] = {}
    for each in fields(Settings):
        text = environ.get(each.name.upper(), "")
        if not text:
            continue
        values[each.name] = _whole(each.name.upper(), text) if isinstance(each.default, int) else text
    if "database_url" in values:
        # Plain postgresql:// means one thing here: psycopg 3.
        values["database_url"] = re.sub(r"^postgres(ql)?://", "postgresql+psycopg://", str(values["database_url"]))
    if "site_url" in values:
        values["site_url"] = str(values["site_url"]).rstrip("/")
    return Settings(**values)  # type: ignore[arg-type]


def _whole(name: str, text: str) -> int:
    if not re.fullmatch(r"\d{1,6}", text):
        raise BadSetting("number", name=name, value=text)
    return int(text)


def _demo_env() -> dict[str, str]:
    path = ROOT / "var" / "demo.env"
    if not path.is_file():
        return {}
    pairs = (line.split("=", 1) for line in path.read_text().splitlines() if "=" in line and not line.startswith("#"))
    return {name.strip(): value.strip() for name, value in pairs}
