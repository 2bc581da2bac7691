"""Headers of every answer: what a page may load, where a form may lead, what may be kept."""

from __future__ import annotations

from flask import Flask, Response, current_app, request

from donate.payments.stripe_js import StripeJs


def content_policy(checkout_origin: str) -> str:
    """Write the content security policy of our pages: our own files only, no inline script or style.

    Args:
        checkout_origin: Where the donation form leads: browsers apply form-action to the redirect too.
    """
    return "; ".join(
        (
            "default-src 'none'",
            "script-src 'self'",
            "style-src 'self'",
            "img-src 'self' https: data:",
            "font-src 'self'",
            "connect-src 'self'",
            f"form-action 'self' {checkout_origin}",
            "base-uri 'none'",
            "frame-ancestors 'none'",
            "manifest-src 'self'",
        )
    )


def pay_policy(checkout_origin: str, script: StripeJs) -> dict[str, str]:
    """Write the headers of the one page that holds Stripe's script: what it needs, and nothing of anybody else's.

    Args:
        checkout_origin: Where the page's own form leads.
        script: Stripe's, with its origins.
    """
    policy = content_policy(checkout_origin)
    for ours, with_stripe in (
        ("script-src 'self'", f"script-src 'self' {script.scripts}; frame-src {script.frames}"),
        ("connect-src 'self'", f"connect-src 'self' {script.calls}"),
        ("img-src 'self' https: data:", f"img-src 'self' {script.pictures} data:"),
    ):
        policy = policy.replace(ours, with_stripe)
    return {
        "Content-Security-Policy": policy,
        # A bank may ask in a window of its own.
        "Cross-Origin-Opener-Policy": "same-origin-allow-popups",
        "Permissions-Policy": f'camera=(), microphone=(), geolocation=(), payment=(self "{script.scripts.split()[0]}")',
    }


def add_headers(app: Flask, checkout_origin: str, *, https: bool) -> None:
    """Add the security headers to every answer of the application that does not bring its own."""
    standing = {
        "Content-Security-Policy": content_policy(checkout_origin),
        "X-Content-Type-Options": "nosniff",
        "Referrer-Policy": "strict-origin-when-cross-origin",
        "Cross-Origin-Opener-Policy": "same-origin",
        "Permissions-Policy": "camera=(), microphone=(), geolocation=(), payment=()",
    }
    if https:
        standing["Strict-Transport-Security"] = "max-age=63072000; includeSubDomains"
    app.extensions["standing_headers"] = standing

    @app.after_request
    def _add(response: Response) -> Response:
        for name, value in standing.items():
            response.headers.setdefault(name, value)
        return response


def standing_headers(app: Flask) -> dict[str, str]:
    """Give the headers that every answer of the application carries."""
    standing: dict[str, str] = app.extensions["standing_headers"]
    return standing


def keep_nothing(response: Response) -> Response:
    """Mark an answer as nobody's to keep: forms and gift pages."""
    response.headers["Cache-Control"] = "no-store"
    return response


def site_url() -> str:
    """Tell the site's own address, without a slash at its end."""
    url: str = current_app.config["DONATE"].site_url
    return url


def is_this_machine() -> bool:
    """Tell whether a request was made on this machine itself, and not handed on by a proxy nobody told us of."""
    told = current_app.config["DONATE"].trusted_proxies > 0
    return request.remote_addr in ("127.0.0.1", "::1") and (told or "X-Forwarded-For" not in request.headers)
