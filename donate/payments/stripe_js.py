"""Stripe.js: where its script is, and what a page with it must allow."""

from __future__ import annotations

from dataclasses import dataclass

from donate.payments.gateway import API_VERSION

#: The script and the API speak one version: https://docs.stripe.com/sdks/stripejs-versioning
_TRAIN = API_VERSION.partition(".")[2]


@dataclass(frozen=True)
class StripeJs:
    """The script, and the origins it loads from, frames and calls.

    Args:
        url: Of the script; always Stripe's own, never a copy.
        scripts: Origins of scripts.
        frames: Of frames: the card's fields, and a bank's question.
        calls: Of what it calls.
        pictures: Of marks of payment methods.
    """

    url: str
    scripts: str
    frames: str
    calls: str
    pictures: str


#: https://docs.stripe.com/security/guide#content-security-policy
STRIPES = StripeJs(
    url=f"https://js.stripe.com/{_TRAIN}/stripe.js",
    scripts="https://js.stripe.com https://*.js.stripe.com",
    frames="https://js.stripe.com https://*.js.stripe.com https://hooks.stripe.com",
    calls="https://api.stripe.com",
    pictures="https://*.stripe.com",
)


def stripe_js(sandbox: str) -> StripeJs:
    """Give Stripe's script, or the one that stands in for it.

    Args:
        sandbox: The sandbox's origin; empty where Stripe is real.
    """
    if not sandbox:
        return STRIPES
    return StripeJs(f"{sandbox}/js/stripe.js", sandbox, sandbox, sandbox, sandbox)
