"""The one client for Stripe, its pinned version, its account, and the guard that keeps calls out of transactions."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from typing import Any

import stripe

from donate.db import refuse_inside_committed
from donate.payments.errors import StripeRefused, StripeUnanswered

#: The version the SDK is generated for; our endpoint is created with it.
API_VERSION: str = stripe.api_version

_client: stripe.StripeClient | None = None
_live = False
_account_id = ""
_site = ""

# Retried by the SDK under one idempotency key; more would keep a reader waiting.
_RETRIES = 2


def connect(secret_key: str, api_base: str, *, site: str = "", http_client: Any = None) -> None:
    """Use this key and address from now on.

    Args:
        secret_key: ``sk_test_…`` or ``sk_live_…``; empty leaves Stripe unconnected.
        api_base: Stripe's address or the sandbox's.
        site: Our site's address, as the marks of our payments name it.
        http_client: A stripe ``HTTPClient`` to call through; None uses the network.
    """
    global _client, _live, _account_id, _site
    _account_id = ""
    _site = site
    _live = secret_key.startswith(("sk_live_", "rk_live_"))
    if not secret_key:
        _client = None
        return
    _client = stripe.StripeClient(
        secret_key,
        base_addresses={"api": api_base},
        http_client=http_client or stripe.RequestsClient(timeout=15),
        max_network_retries=0 if http_client else _RETRIES,
    )
    # Nobody waits at the end of a request for Stripe's usage statistics.
    stripe.enable_telemetry = False


@contextlib.contextmanager
def talking() -> Iterator[stripe.V1Services]:
    """Give Stripe's v1 services, outside any transaction, and translate its errors.

    Raises:
        NotInCommitted: Inside ``committed()``.
        StripeRefused: When Stripe answered no.
        StripeUnanswered: When nobody knows whether the request took effect.
    """
    refuse_inside_committed("a call to Stripe")
    if _client is None:
        raise StripeRefused("not_connected", "No STRIPE_SECRET_KEY is set.")
    try:
        yield _client.v1
    except (stripe.APIConnectionError, stripe.RateLimitError) as error:
        raise StripeUnanswered(str(error)) from error
    except stripe.APIError as error:
        # A 5xx may have taken effect; the same key asks again, and may get this very answer for a day:
        # https://docs.stripe.com/api/idempotent_requests
        is_kept = (error.headers or {}).get("Idempotent-Replayed") == "true"
        raise StripeUnanswered(str(error), is_kept=is_kept) from error
    except stripe.StripeError as error:
        if error.http_status == 409:
            # Another request with this key is on its way; its answer is not known here.
            raise StripeUnanswered(str(error)) from error
        raise StripeRefused(
            error.code or type(error).__name__, error.user_message or str(error), param_of(error)
        ) from error


def param_of(error: stripe.StripeError) -> str:
    """Name the parameter an error is about, or nothing."""
    return str(getattr(error, "param", None) or "")


def is_live() -> bool:
    """Tell whether the key in use moves real money."""
    return _live


def site() -> str:
    """Tell our site's address, as the marks of our payments name it."""
    return _site


def account_id() -> str:
    """Tell the id of the account whose key is in use, asked once a connection.

    https://docs.stripe.com/api/accounts/retrieve : without an id Stripe answers the key's own account.

    Raises:
        StripeRefused: When the key may not read it, or there is none.
        StripeUnanswered: When it is not known; the next look asks again.
    """
    global _account_id
    if not _account_id:
        with talking() as v1:
            _account_id = v1.accounts.retrieve_current().id
    return _account_id
