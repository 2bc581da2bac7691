"""Stripe's script comes from Stripe, in the version of the API we speak; only the sandbox has another."""

from __future__ import annotations

import re

import stripe

from donate.payments.stripe_js import stripe_js
from donate.web.headers import pay_policy


def test_the_script_is_stripes_own_and_of_the_apis_version() -> None:
    train = stripe.api_version.partition(".")[2]
    assert train.isalpha()
    assert stripe_js("").url == f"https://js.stripe.com/{train}/stripe.js"


def test_the_sandbox_has_a_script_of_its_own() -> None:
    assert stripe_js("http://127.0.0.1:12111").url == "http://127.0.0.1:12111/js/stripe.js"


def test_a_page_with_the_script_allows_stripe_and_nobody_else() -> None:
    policy = pay_policy("https://checkout.stripe.com", stripe_js(""))["Content-Security-Policy"]
    parts = dict(part.split(" ", 1) for part in policy.split("; "))
    assert parts["default-src"] == "'none'"
    assert parts["script-src"] == "'self' https://js.stripe.com https://*.js.stripe.com"
    assert parts["frame-src"] == "https://js.stripe.com https://*.js.stripe.com https://hooks.stripe.com"
    assert parts["connect-src"] == "'self' https://api.stripe.com"
    assert parts["form-action"] == "'self' https://checkout.stripe.com"
    assert {host for host in re.findall(r"https://[*.]*([\w.]+)", policy) if not host.endswith("stripe.com")} == set()
    assert "unsafe" not in policy
